# Everything a user needs. On a fresh machine with Python 3.11: `make dataset`, `make test`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
RAW ?= raw
PROCESSED ?= processed
# Folder into which `make public` writes.
PUBLIC ?= public
# Further options of the command, e.g. ARGS="--engine direct"; `make help` lists them.
ARGS ?=
# When `make schedule` builds (in the machine's time; empty: only when files arrive), and where its pages are.
CRON ?= 0 6 * * *
PORT ?= 4200
# Folder into which `make model` writes the weights.
MODEL ?= pipeline/quotes/model/weights

VENV := .venv
BIN := $(VENV)/bin
TRAINING := .venv-training
CODE := pipeline schemas tests benchmarks training
INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
PIP := $(BIN)/python $(INSTALL)
# What benchmarks/quotes.py compares with, in an environment of its own.
PEERS := .venv-peers

.DEFAULT_GOAL := help
.PHONY: help dataset verify public schedule evaluate test lint fixture benchmark benchmark-build benchmark-quotes benchmark-topics
.PHONY: benchmark-growth faults model clean

help:  ## say what can be done
	@echo "make dataset [RAW=raw] [PROCESSED=processed]   build or update the dataset"
	@echo "make verify [RAW=raw] [PROCESSED=processed]    prove every hash and offset of the dataset from the raw files"
	@echo "make public [PUBLIC=public]                    write an edition without text that may not be passed on"
	@echo "make schedule [CRON=\"0 6 * * *\"] [PORT=4200]   build on a schedule and whenever raw files arrive"
	@echo "make evaluate [ARGS=\"--gold FILE\"]             measure how good the quotes are, against gold files"
	@echo "make test                                      run the tests"
	@echo "make faults                                    run all fault tests, of which make test runs some"
	@echo "make lint                                      check format, style and types"
	@echo "make fixture FILE=page.txt                     print what the layouts read from a page"
	@echo "make benchmark                                 measure build, quote extractor and topics (benchmarks/)"
	@echo "make benchmark-build, make benchmark-quotes, make benchmark-topics: one of these alone"
	@echo "make benchmark-growth [ARGS=\"--articles 1000\"] measure what a build costs as the corpus grows"
	@echo "make model [MODEL=folder]                      train the quote tagger again (training/; an hour or two)"
	@echo "make clean                                     remove what was made: dataset, public edition, caches, environment"
	@echo "$(BIN)/python -m pipeline --help             all commands; --help behind one: its options"

dataset: $(VENV)/runtime.stamp
	@$(BIN)/python -m pipeline build --raw "$(RAW)" --processed "$(PROCESSED)" $(ARGS)

verify: $(VENV)/runtime.stamp
	@$(BIN)/python -m pipeline verify --raw "$(RAW)" --processed "$(PROCESSED)" $(ARGS)

public: $(VENV)/runtime.stamp
	@$(BIN)/python -m pipeline public --raw "$(RAW)" --processed "$(PROCESSED)" --to "$(PUBLIC)" $(ARGS)

schedule: $(VENV)/runtime.stamp
	@$(BIN)/python -m pipeline schedule --raw "$(RAW)" --processed "$(PROCESSED)" --cron "$(CRON)" --port "$(PORT)" \
	  $(ARGS)

evaluate: $(VENV)/runtime.stamp
	@$(BIN)/python -m pipeline evaluate --processed "$(PROCESSED)" $(ARGS)

test: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest $(ARGS)

faults: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest tests/crash tests/faults tests/test_faults.py -v --all-faults \
	  -o log_cli=true -o log_cli_level=INFO -o log_cli_format="%(message)s" $(ARGS)

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy

fixture: $(VENV)/runtime.stamp
	@test -n "$(FILE)" || { echo "error: no page is named: make fixture FILE=page.txt"; exit 1; }
	@$(BIN)/python -m pipeline fixture "$(FILE)"

benchmark: benchmark-build benchmark-quotes benchmark-topics

benchmark-build: $(VENV)/dev.stamp
	@$(BIN)/python benchmarks/build.py $(ARGS)

benchmark-quotes: $(VENV)/runtime.stamp $(PEERS)/peers.stamp
	@$(BIN)/python benchmarks/quotes.py --peers-python $(PEERS)/bin/python $(ARGS)

benchmark-topics: $(VENV)/runtime.stamp
	@$(BIN)/python benchmarks/topics.py $(ARGS)

# An hour for ten thousand articles: docs/scale.md says what to ask for.
benchmark-growth: $(VENV)/dev.stamp
	@$(BIN)/python benchmarks/growth.py --work .cache/growth $(ARGS)

model: $(TRAINING)/training.stamp
	@$(TRAINING)/bin/python -m training --model "$(MODEL)" $(ARGS)

clean:
	rm -rf .cache $(VENV) $(TRAINING) $(PEERS) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf processed/.releases processed/.lock processed/reports
	find processed -maxdepth 1 -type l \( -lname ".current/*" -o -name .current \) -delete
	@for folder in public processed-full; do if [ -f $$folder/.made_by ]; then echo "rm -rf $$folder"; rm -rf $$folder; fi; done

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

$(PEERS)/peers.stamp: benchmarks/requirements-peers.lock | $(BIN)/python
	@echo "setting up $(PEERS) (once; about a minute)"
	@$(BIN)/python -m venv --clear $(PEERS)
	@$(PEERS)/bin/python $(INSTALL) -r benchmarks/requirements-peers.lock
	@touch $@

# The run-time packages too, in the same versions: training and tagging share code.
$(TRAINING)/training.stamp: requirements.lock requirements-training.lock | $(BIN)/python
	@echo "setting up $(TRAINING) (once; some minutes)"
	@$(BIN)/python -m venv --clear $(TRAINING)
	@$(TRAINING)/bin/python $(INSTALL) -r requirements.lock
	@$(TRAINING)/bin/python $(INSTALL) -r requirements-training.lock \
	  || { echo "error: is it torch? Name the folder with the wheel of its CPU build in PIP_FIND_LINKS"; exit 1; }
	@touch $@
