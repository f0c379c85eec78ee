"""A worker process that is killed, and a build that is killed with its workers."""

import logging
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from pipeline.faults import Fault
from pipeline.reference import reference_of
from pipeline.workers import workers
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
from tests.workshop import Workshop

log = logging.getLogger("faults")
TWO = ("--processes", "2", "--batch-files", "3")


def shop_with_work(folder: Path) -> Workshop:
    """Return a dataset of one article whose raw folder has got many more."""
    shop = Workshop(folder / "shop")
    shop.write(good=GOOD)
    assert shop.build() == 0
    shop.write(**many(60))
    return shop


def worker_at_work(shop: Workshop, mark: str) -> int:
    """Return a worker process, as soon as some of the new files have been read and not all."""
    before = set(shop.cache.glob("parts/articles/*/*/part.json"))
    wait_for(lambda: set(shop.cache.glob("parts/articles/*/*/part.json")) - before)
    return processes(mark, "spawn_main")[-1]


@pytest.mark.parametrize("engine", ["direct", pytest.param("dask", marks=pytest.mark.long_fault)])
def test_a_worker_killed_mid_batch_is_replaced_and_the_build_ends_well(tmp_path: Path, engine: str) -> None:
    shop = shop_with_work(tmp_path)
    build = start(shop, engine, *TWO, engine=engine)
    os.kill(worker_at_work(shop, engine), signal.SIGKILL)
    _, said = build.communicate(timeout=PATIENCE)
    assert build.returncode == 0, said
    assert_told(said, "published 61 articles")
    assert_no_process(engine)
    assert_whole(shop, clean_bytes(shop, tmp_path))
    assert_next_build_is_clean(shop, tmp_path)


def test_a_build_killed_with_its_workers_leaves_no_process_and_no_lock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = shop_with_work(tmp_path)
    before = shop.bytes()
    build = start(shop, "whole", *TWO)
    worker_at_work(shop, "whole")
    build.kill()
    build.wait()
    assert_no_process("whole")
    assert (shop.processed / ".lock").exists()
    assert_whole(shop, before)
    assert_next_build_is_clean(shop, tmp_path)
    assert "another build" not in capsys.readouterr().err


def test_workers_that_are_killed_again_and_again_are_a_fault_and_not_the_end_of_all_work() -> None:
    with workers(2) as run:
        with pytest.raises(Fault, match=r"killed 3 times.*--processes 1"):
            run(partial(os._exit, 9))
        assert run(partial(abs, -1)) == 1


def test_a_fault_comes_back_from_a_worker_as_it_was_raised() -> None:
    with workers(2) as run, pytest.raises(Fault) as found:
        run(partial(reference_of, None, "of another version"))
    assert found.value.what == "a codebook or authority file changed during the build"
    assert found.value.to_do == "build again; the published dataset is as it was"
