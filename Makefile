# Everything a user needs. On a fresh machine with Python 3.11: `make dataset`, `make test`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
RAW ?= raw
PROCESSED ?= processed
# Further options of the command, e.g. ARGS="--engine direct"; `make help` lists them.
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
CODE := pipeline schemas tests benchmarks
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

.DEFAULT_GOAL := help
.PHONY: help dataset evaluate test lint fixture benchmark clean

help:  ## say what can be done
	@echo "make dataset [RAW=raw] [PROCESSED=processed]   build or update the dataset"
	@echo "make evaluate [ARGS=\"--gold FILE\"]             measure how good the quotes are, against gold files"
	@echo "make test                                      run the tests"
	@echo "make lint                                      check format, style and types"
	@echo "make fixture FILE=page.txt                     print what the layouts read from a page"
	@echo "make benchmark                                 measure the build (benchmarks/)"
	@echo "make clean                                     remove the dataset, caches and environment"
	@echo "python -m pipeline build --help                all options (inside $(VENV))"

dataset: $(VENV)/runtime.stamp
	@$(BIN)/python -m pipeline build --raw "$(RAW)" --processed "$(PROCESSED)" $(ARGS)

evaluate: $(VENV)/runtime.stamp
	@$(BIN)/python -m pipeline evaluate --processed "$(PROCESSED)" $(ARGS)

test: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy

fixture: $(VENV)/runtime.stamp
	@$(BIN)/python -m pipeline fixture "$(FILE)"

benchmark: $(VENV)/dev.stamp
	@$(BIN)/python benchmarks/build.py $(ARGS)

clean:
	rm -rf .cache $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf processed/.releases processed/.current processed/.lock processed/reports
	find processed -maxdepth 1 -type l -delete

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "error: Python 3.11 is not on this machine: install it"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "error: $(PYTHON) is not Python 3.11: name one with PYTHON=/path/to/python3.11"; exit 1; }
	@echo "setting up $(VENV) (once; about a minute)"
	@"$(PYTHON)" -m venv $(VENV) \
	  || { echo "error: python -m venv failed: install the venv module of Python 3.11"; exit 1; }

$(VENV)/runtime.stamp: requirements.lock | $(BIN)/python
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	@$(PIP) -r requirements-dev.lock
	@touch $@
