"""The Prefect flow, run for real: quiet, no process left, the bytes of the direct engine."""

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.__main__ import main
from tests.workshop import PROJECT, Workshop


def processes_with(mark: str) -> list[str]:
    wanted = f"FLOW_TEST_MARK={mark}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                found.append(process.name)
        except OSError:
            continue
    return [pid for pid in found if pid != str(os.getpid())]


def test_the_flow_is_quiet_and_gives_the_bytes_of_a_direct_build(tmp_path: Path) -> None:
    flow, direct = Workshop(tmp_path / "flow"), Workshop(tmp_path / "direct")
    for shop in (flow, direct):
        shop.write(
            voss="Premier Ila Voss said the harbour will open in spring.\n",
            tull="“We had no choice,” said Oren Tull, head of the pilots' guild.\n",
        )
    mark = tmp_path.name
    done = flow.run(engine="prefect", FLOW_TEST_MARK=mark)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    lines = [line.split(":")[0].split(" with ")[0] for line in done.stderr.splitlines()]
    assert lines == ["2 raw files, 2 different texts", "batches", "raw files", "published 2 articles"]
    assert processes_with(mark) == []
    assert direct.build() == 0
    assert flow.bytes() == direct.bytes()
    assert (flow.cache / "prefect").is_dir()


BREAK_A_RULE = """
import sys
from pipeline import shards
from pipeline.__main__ import main

extract = shards.quotes_stage.extract

def shifted(extractor, document):
    rows = extract(extractor, document)
    for row in rows["quote_spans"]:
        row["char_start"] += 1
    return rows

shards.quotes_stage.extract = shifted
sys.exit(main(sys.argv[1:]))
"""


def test_a_broken_rule_in_a_flow_is_told_without_a_traceback(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.write(voss="Premier Ila Voss said the harbour will open in spring.\n")
    command = [sys.executable, "-c", BREAK_A_RULE, *shop.arguments(engine="prefect")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "table quote_spans, column span_text" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(shop.processed.glob("*.parquet"))


def test_dask_gives_the_bytes_of_a_direct_build_and_leaves_no_process(tmp_path: Path) -> None:
    dask, direct = Workshop(tmp_path / "dask"), Workshop(tmp_path / "direct")
    for shop in (dask, direct):
        shop.write(
            voss="Premier Ila Voss said the harbour will open in spring.\n",
            tull="“We had no choice,” said Oren Tull, head of the pilots' guild.\n",
            notice="According to the weather office, the ice will hold until March.\n",
        )
    mark = tmp_path.name
    # A batch for each of two workers, and one more.
    done = dask.run("--processes", "2", "--batch-files", "1", engine="dask", FLOW_TEST_MARK=mark)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    lines = [line.split(":")[0].split(" with ")[0] for line in done.stderr.splitlines()]
    assert lines == ["3 raw files, 3 different texts", "batches", "raw files", "published 3 articles"]
    assert processes_with(mark) == []
    assert direct.build() == 0
    assert dask.bytes() == direct.bytes()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """Run a Dask scheduler with two workers of its own, as on other machines; give its address."""
    note = tmp_path / "scheduler.json"
    common = ["--host", "127.0.0.1", "--scheduler-file", str(note), "--no-dashboard"]

    def start(*command: str) -> "subprocess.Popen[bytes]":
        silent = subprocess.DEVNULL
        whole = [sys.executable, "-m", "dask", *command, *common]
        return subprocess.Popen(whole, cwd=PROJECT, stdout=silent, stderr=silent)

    scheduler = start("scheduler", "--port", "0")
    started = [scheduler]
    try:
        folder = str(tmp_path / "workers")
        started.append(start("worker", "--nworkers", "2", "--nthreads", "1", "--local-directory", folder))
        until = time.monotonic() + 120
        while not note.exists() or not note.read_bytes():
            assert time.monotonic() < until, "the scheduler did not start"
            assert scheduler.poll() is None, "the scheduler ended"
            time.sleep(0.1)
        yield json.loads(note.read_bytes())["address"]
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(60)


def test_a_cluster_of_ones_own_gives_the_bytes_of_a_direct_build(cluster: str, tmp_path: Path) -> None:
    dask, direct = Workshop(tmp_path / "dask"), Workshop(tmp_path / "direct")
    for shop in (dask, direct):
        shop.write(
            voss="Premier Ila Voss said the harbour will open in spring.\n",
            tull="“We had no choice,” said Oren Tull, head of the pilots' guild.\n",
        )
    done = dask.run("--batch-files", "1", "--scheduler", cluster, engine="dask")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert direct.build() == 0
    assert dask.bytes() == direct.bytes()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("harbour", "--scheduler harbour is no address: name one, such as tcp://127.0.0.1:8786"),
        ("tcp://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1 (Connection refused)"),
        ("tcp://127.0.0.1:99999", "no Dask scheduler answers at tcp://127.0.0.1:99999"),
    ],
)
def test_a_scheduler_that_is_not_there_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str, told: str
) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.write(voss="Premier Ila Voss said the harbour will open in spring.\n")
    assert main(shop.arguments("--scheduler", address, engine="dask")) == 1
    assert told in capsys.readouterr().err
    assert not list(shop.processed.glob("*.parquet"))


def test_without_the_packages_for_dask_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    shop = Workshop(tmp_path / "shop")
    assert main(shop.arguments(engine="dask")) == 1
    told = capsys.readouterr().err
    assert "prefect-dask, which is not installed" in told
    assert "requirements-dask.lock" in told
    assert "Traceback" not in told
    assert not shop.processed.exists()


def test_a_scheduler_needs_dask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = Workshop(tmp_path / "shop")
    assert main(shop.arguments("--scheduler", "tcp://127.0.0.1:8786", engine="prefect")) == 1
    assert "add --engine dask" in capsys.readouterr().err
