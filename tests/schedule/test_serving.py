"""The schedule, run for real against a Prefect server on loopback."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import storage
from tests.schedule.conftest import Schedule, Server, processes_with, wait_for
from tests.workshop import PROJECT, Workshop

Begin = Callable[..., Schedule]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Start schedules of which nothing is left when the test is over."""
    begun: list[Schedule] = []

    def start(name: str, *more: str, server: Server | None) -> Schedule:
        schedule = Schedule(tmp_path / name, name, *more, server=server)
        schedule.shop.write(voss="Premier Ila Voss said the harbour will open in spring.\n")
        begun.append(schedule)
        return schedule.start()

    yield start
    for schedule in begun:
        schedule.clean_up()


def articles(schedule: Schedule) -> int:
    return len(schedule.shop.table("articles"))


def hold(folder: Path) -> Any:
    """Hold the lock of a dataset, so that a build waits."""
    return storage.locked(folder, on_wait="", tell=print)


def nothing_left(mark: str) -> None:
    """Require that no process of a schedule is left; the guard needs a moment."""
    wait_for(lambda: not processes_with(mark), seconds=10)


def test_files_that_arrive_become_rows(server: Server, begin: Begin) -> None:
    schedule = begin("arrive", "--cron", "", server=server)
    shop = schedule.shop

    # What was there before is built at the start, and shown.
    (first,) = schedule.settled(1)
    assert first["state"]["message"].startswith("published 1 articles with 1 quotes")
    assert articles(schedule) == 1
    table = server.artifact("arrive-raw-files")
    report = server.artifact("arrive-run-report")
    assert table and report
    assert table["type"] == "table"
    assert '"raw_path": "voss.txt"' in table["data"]
    assert report["type"] == "markdown"
    assert report["data"] == (shop.processed / "reports" / "run_report.md").read_text()

    # A burst of five: one run, with their rows.
    shop.write(**{f"page{n}": f"Oren Tull said there were {n} boats in the harbour.\n" for n in range(2, 7)})
    runs = schedule.settled(2)
    assert [run["state_type"] for run in runs] == ["COMPLETED", "COMPLETED"]
    assert articles(schedule) == 6

    # While a run is under way, two more arrivals: one more run, which waits, and sees both.
    with hold(shop.processed):
        shop.write(one="Ila Voss said the bridge was safe.\n")
        wait_for(lambda: server.states("arrive")[2:] == ["RUNNING"])
        shop.write(two="Ila Voss said the bridge was closed.\n")
        wait_for(lambda: server.states("arrive")[2:] == ["RUNNING", "SCHEDULED"])
        shop.write(three="Ila Voss said the bridge was gone.\n")
        with pytest.raises(AssertionError, match="in vain"):
            wait_for(lambda: server.states("arrive")[2:] != ["RUNNING", "SCHEDULED"], seconds=4)
        assert articles(schedule) == 6
    runs = schedule.settled(4)
    assert [run["state_type"] for run in runs] == ["COMPLETED"] * 4
    assert articles(schedule) == 9
    assert runs[2]["end_time"] <= runs[3]["start_time"]

    # A run that fails says why; when the cause is gone the next one is well.
    (shop.raw / "authority").mkdir()
    (shop.raw / "authority" / "speakers.csv").write_text("no,such,columns\n1,2,3\n")
    failed = schedule.settled(5)[4]
    assert failed["state_type"] == "FAILED"
    assert "speakers.csv" in failed["state"]["message"]
    assert "Traceback" not in schedule.text()
    assert f"error: {failed['state']['message']}" in schedule.text()
    assert articles(schedule) == 9
    (shop.raw / "authority" / "speakers.csv").unlink()
    assert schedule.settled(6)[5]["state_type"] == "COMPLETED"

    assert schedule.end(signal.SIGTERM) == 0
    assert schedule.text().splitlines()[-2:] == ["stopping", "stopped"]
    nothing_left("arrive")


def test_a_schedule_fires_and_a_run_under_way_ends_with_it(server: Server, begin: Begin) -> None:
    schedule = begin("fires", "--cron", "* * * * * */5", server=server)

    def done() -> list[dict[str, Any]]:
        runs = server.runs("fires")
        return [run for run in runs if run["auto_scheduled"] and run["state_type"] == "COMPLETED"]

    planned = wait_for(done)
    assert planned[-1]["state"]["message"].startswith(("nothing new", "published 1 articles"))
    before = schedule.shop.bytes()
    with hold(schedule.shop.processed):
        under_way = wait_for(lambda: [r for r in server.runs("fires") if r["state_type"] == "RUNNING"])
        assert schedule.end(signal.SIGTERM) == 0
    nothing_left("fires")
    assert "Traceback" not in schedule.text()
    after = {run["id"]: run for run in server.runs("fires")}
    assert after[under_way[0]["id"]]["state_type"] in ("CANCELLED", "CRASHED")
    assert schedule.shop.bytes() == before
    # Nobody is there to run what the server would go on planning.
    (deployment,) = server.ask("/deployments/filter", deployments={"name": {"any_": ["fires"]}})
    assert deployment["paused"]


def test_a_schedule_brings_its_own_server_and_is_well_again_after_a_kill(begin: Begin) -> None:
    schedule = begin("own", "--port", "0", server=None)
    with hold(schedule.shop.processed):
        server = schedule.own_server()
        wait_for(lambda: server.states("own") == ["RUNNING"])
        assert schedule.end(signal.SIGKILL) == -signal.SIGKILL
        nothing_left("own")

    # As a user starts it, and ends it in the terminal. The run that was killed holds nothing up.
    schedule.start(with_make=True)
    server = schedule.own_server()
    runs = schedule.settled(2)
    assert [run["state_type"] for run in runs] == ["CRASHED", "COMPLETED"]
    assert articles(schedule) == 1
    assert "<html" in server.page("/")
    assert server.api in server.page("/ui-settings")
    schedule.end(signal.SIGINT, group=True)
    assert "Traceback" not in schedule.text()
    assert "stopped" in schedule.text().splitlines()
    nothing_left("own")


def test_on_a_server_of_ones_own_too_it_is_well_again_after_a_kill(server: Server, begin: Begin) -> None:
    schedule = begin("again", "--cron", "", server=server)
    with hold(schedule.shop.processed):
        (run,) = wait_for(lambda: [r for r in server.runs("again") if r["state_type"] == "RUNNING"])
        assert schedule.end(signal.SIGKILL) == -signal.SIGKILL
        nothing_left("again")
    # As if it had been killed a moment earlier, while the run was being started.
    pending = {"type": "PENDING", "name": "Submitting"}
    server.ask(f"/flow_runs/{run['id']}/set_state", state=pending, force=True)
    schedule.start()
    assert [run["state_type"] for run in schedule.settled(2)] == ["CRASHED", "COMPLETED"]
    assert articles(schedule) == 1
    assert schedule.end(signal.SIGTERM) == 0


def test_the_server_is_gone(begin: Begin) -> None:
    schedule = begin("nobody", server=Server("http://127.0.0.1:9"))
    assert schedule.process
    assert schedule.process.wait(120) == 1
    assert "error: the Prefect server at http://127.0.0.1:9/api does not answer" in schedule.text()
    assert "Traceback" not in schedule.text()


def test_a_worker_of_ones_own_runs_the_deployment_of_prefect_yaml(server: Server, tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.write(voss="Premier Ila Voss said the harbour will open in spring.\n")
    env = os.environ | {
        "PREFECT_API_URL": server.api,
        "PREFECT_HOME": str(tmp_path / "home"),
        "DO_NOT_TRACK": "1",
    }
    env |= {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "SCHEDULE_TEST_MARK": "worker"}
    env["PWD"] = str(PROJECT)

    def prefect(*arguments: str) -> None:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    prefect("work-pool", "create", "on-the-record", "--type", "process")
    prefect("deploy", "--all")
    (deployment,) = server.ask("/deployments/filter", deployments={"name": {"any_": ["processed"]}})
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"

    # The watcher starts a run of it.
    command = [sys.executable, "-m", "pipeline", "watch", "--raw", str(shop.raw), "--cache", str(shop.cache)]
    watcher = subprocess.Popen(command, cwd=PROJECT, env=env, stderr=subprocess.PIPE, text=True)
    (run,) = wait_for(lambda: server.runs("processed"))
    assert run["created_by"]["type"] == "AUTOMATION"
    watcher.terminate()
    assert watcher.stderr
    assert watcher.stderr.read().splitlines()[-2:] == ["stopping", "stopped"]
    assert watcher.wait() == 0

    # That one would build raw/ of this checkout; the worker gets one for the folders of this test.
    server.delete(f"/flow_runs/{run['id']}")
    folders = {"raw": str(shop.raw), "processed": str(shop.processed)}
    options = ["--cache", str(shop.cache), "--engine", "direct"]
    server.ask(f"/deployments/{deployment['id']}/create_flow_run", parameters=folders | {"options": options})
    prefect("worker", "start", "--pool", "on-the-record", "--run-once")
    (run,) = server.runs("processed")
    assert run["state_type"] == "COMPLETED", run["state"]
    assert len(shop.table("articles")) == 1
    assert server.artifact("processed-raw-files")
    nothing_left("worker")
