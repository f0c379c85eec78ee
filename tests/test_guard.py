"""No process survives a build, and no other process is touched."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import guard

# A stand-in for a build: it guards itself, starts a process that starts another, and tells the ids of both.
BUILD = """
import subprocess, sys, time
from pipeline import guard
guard.start()
guard.start(anew=sys.argv[1] == "anew")
inner = "import subprocess, sys; p = subprocess.Popen(['sleep', '120']); print(p.pid, flush=True); p.wait()"
command = [sys.executable, "-c", inner]
child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
print(guard._watcher.pid, child.pid, child.stdout.readline().strip(), flush=True)
if sys.argv[1] == "wait":
    time.sleep(120)
"""


def alive(number: int) -> bool:
    try:
        # What nobody has waited for yet is dead all the same.
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone_within(seconds: float, numbers: list[int]) -> bool:
    deadline = time.monotonic() + seconds
    while any(alive(number) for number in numbers):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def build(mode: str) -> tuple[subprocess.Popen[str], list[int]]:
    environment = {name: value for name, value in os.environ.items() if name != guard._MARK}
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, mode],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(guard.__file__).parents[1],
        env=environment,
    )
    assert process.stdout
    return process, [int(number) for number in process.stdout.readline().split()]


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "120"], env={**os.environ, guard._MARK: "another build"}) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_build_leaves_no_process(end: signal.Signals, bystander: subprocess.Popen[bytes]) -> None:
    process, started = build("wait")
    assert len(started) == 3
    assert all(alive(number) for number in started)
    process.send_signal(end)
    process.wait(timeout=10)
    assert gone_within(5, started)
    assert bystander.poll() is None


def test_a_build_that_ends_by_itself_leaves_no_process_and_touches_no_other(
    bystander: subprocess.Popen[bytes],
) -> None:
    other, others = build("wait")
    process, started = build("end")
    assert process.wait(timeout=10) == 0
    assert gone_within(5, started)
    assert bystander.poll() is None
    assert all(alive(number) for number in [other.pid, *others])
    other.kill()
    other.wait(timeout=10)
    assert gone_within(5, others)


def test_a_process_of_a_build_starts_no_watcher_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guard._MARK, "of the build that started it")
    monkeypatch.setattr(guard, "_watcher", None)
    guard.start()
    assert guard._watcher is None
    assert os.environ[guard._MARK] == "of the build that started it"


def test_a_guard_of_ones_own_ends_what_was_started_under_it_and_no_more() -> None:
    # As a run of a schedule: it ends, the schedule goes on.
    environment = os.environ | {guard._MARK: "schedule"}
    other = subprocess.Popen(["sleep", "120"], env=environment)
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, "anew"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(guard.__file__).parents[1],
        env=environment,
    )
    try:
        assert process.stdout
        numbers = [int(number) for number in process.stdout.readline().split()]
        assert process.wait(10) == 0
        assert gone_within(10, numbers)
        assert alive(other.pid)
    finally:
        other.kill()
        other.wait()
