"""A Prefect server that is killed or does not answer: the build ends, well or with a reason, and soon."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.flows import quiet_settings
from tests.faults.survival import (
    GOOD,
    PATIENCE,
    assert_next_build_is_clean,
    assert_no_process,
    assert_told,
    assert_whole,
    clean_bytes,
    many,
    processes,
    start,
    wait_for,
)
from tests.schedule.conftest import Server, free_port
from tests.workshop import PROJECT, Workshop


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A dataset of one article whose raw folder has got many more."""
    shop = Workshop(tmp_path / "shop")
    shop.write(good=GOOD)
    assert shop.build() == 0
    shop.write(**many(30))
    return shop


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[Server, "subprocess.Popen[bytes]"]]:
    port = free_port()
    process = start_server(tmp_path, port)
    server = Server(f"http://127.0.0.1:{port}")
    try:
        wait_for(server.is_ready)
        yield server, process
    finally:
        process.kill()
        process.wait()


def start_server(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    settings = quiet_settings(folder / "prefect") | {
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_ENABLED": "false",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start"],
        cwd=PROJECT,
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for_work(shop: Workshop, before: int) -> None:
    """Wait until a batch has been done, of many."""
    wait_for(lambda: len(list(shop.cache.glob("parts/topics/*/*/part.json"))) > before)


def assert_ends_well(
    build: "subprocess.Popen[str]", mark: str, shop: Workshop, tmp_path: Path, *told: str
) -> str:
    """The build ends with the new dataset, whole, and says this; return all that it said."""
    # Prefect alone asks for a lost server for minutes.
    _, said = build.communicate(timeout=2 * PATIENCE)
    assert build.returncode == 0, said
    assert_told(said, *told)
    assert_no_process(mark)
    assert_whole(shop, clean_bytes(shop, tmp_path))
    assert_next_build_is_clean(shop, tmp_path)
    return said


def parts_before(shop: Workshop) -> int:
    return len(list(shop.cache.glob("parts/topics/*/*/part.json")))


def test_the_embedded_server_killed_mid_run_is_not_needed_to_end_well(shop: Workshop, tmp_path: Path) -> None:
    before = parts_before(shop)
    build = start(shop, "embedded", "--batch-files", "1", engine="prefect")
    wait_for_work(shop, before)
    (server,) = processes("embedded", "uvicorn")
    os.kill(server, signal.SIGKILL)
    assert_ends_well(build, "embedded", shop, tmp_path, "Prefect's server is gone", "published 31 articles")


@pytest.mark.long_fault
def test_a_server_of_ones_own_killed_mid_run_is_not_needed_to_end_well(
    shop: Workshop, tmp_path: Path, own_server: tuple[Server, "subprocess.Popen[bytes]"]
) -> None:
    server, process = own_server
    before = parts_before(shop)
    # How often it is asked again is the user's choice; a restarted server is found again.
    settings = {"PREFECT_API_URL": server.api, "PREFECT_CLIENT_MAX_RETRIES": "1"}
    build = start(shop, "own", "--batch-files", "1", engine="prefect", **settings)
    wait_for_work(shop, before)
    process.kill()
    assert_ends_well(build, "own", shop, tmp_path, "Prefect's server is gone", "published 31 articles")


@pytest.mark.long_fault
def test_a_server_of_ones_own_that_is_restarted_mid_run_is_found_again(
    shop: Workshop, tmp_path: Path, own_server: tuple[Server, "subprocess.Popen[bytes]"]
) -> None:
    server, process = own_server
    before = parts_before(shop)
    build = start(shop, "again", "--batch-files", "1", engine="prefect", PREFECT_API_URL=server.api)
    wait_for_work(shop, before)
    process.kill()
    process.wait()
    second = start_server(tmp_path, int(server.address.rpartition(":")[2]))
    try:
        said = assert_ends_well(build, "again", shop, tmp_path, "published 31 articles")
        assert "Prefect's server is gone" not in said
        assert [run["state_type"] for run in server.ask("/flow_runs/filter")] == ["COMPLETED"]
    finally:
        second.kill()
        second.wait()


@pytest.mark.long_fault
def test_the_embedded_server_killed_under_dask_is_not_needed_to_end_well(
    shop: Workshop, tmp_path: Path
) -> None:
    before = parts_before(shop)
    build = start(shop, "dask", "--batch-files", "1", "--processes", "2", engine="dask")
    wait_for_work(shop, before)
    (server,) = processes("dask", "uvicorn")
    os.kill(server, signal.SIGKILL)
    assert_ends_well(build, "dask", shop, tmp_path, "Prefect's server is gone", "published 31 articles")


@pytest.mark.long_fault
def test_a_damaged_history_of_prefect_is_set_aside(shop: Workshop, tmp_path: Path) -> None:
    database = shop.cache / "prefect" / "prefect.db"
    database.parent.mkdir(parents=True, exist_ok=True)
    database.write_bytes(b"no database" * 1_000)
    build = start(shop, "damaged", engine="prefect")
    told = f"Prefect's history was damaged and is now {database}.damaged; a new one begins"
    assert_ends_well(build, "damaged", shop, tmp_path, told)


@pytest.mark.long_fault
def test_an_embedded_server_that_ends_at_once_is_not_needed(shop: Workshop, tmp_path: Path) -> None:
    build = start(shop, "early", engine="prefect")
    (server,) = wait_for(lambda: processes("early", "uvicorn"))
    os.kill(server, signal.SIGKILL)
    assert_ends_well(build, "early", shop, tmp_path, "Prefect's server is gone", "published 31 articles")


def test_a_server_of_ones_own_that_does_not_answer_is_told(shop: Workshop, tmp_path: Path) -> None:
    before, address = shop.bytes(), f"http://127.0.0.1:{free_port()}/api"
    build = start(shop, "nobody", engine="prefect", PREFECT_API_URL=address)
    _, said = build.communicate(timeout=PATIENCE)
    assert build.returncode == 1
    assert_told(said, f"the Prefect server at {address} does not answer", "unset PREFECT_API_URL")
    assert_no_process("nobody")
    assert_whole(shop, before)
    assert_next_build_is_clean(shop, tmp_path)
