"""One Prefect server for all tests of the folder: on loopback, quiet, with a home in a temporary folder."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from pipeline.flows import quiet_settings
from tests.workshop import PROJECT, Workshop

# A cold start takes 10 to 20 s of an idle machine.
PATIENCE = 240.0
Found = TypeVar("Found")


def wait_for(what: Callable[[], Found], seconds: float = PATIENCE, pause: float = 0.3) -> Found:
    """Ask until the answer is something, and return it."""
    give_up = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(pause)
    return found


def processes_with(mark: str) -> list[int]:
    """Return the processes whose environment carries the mark."""
    wanted = f"SCHEDULE_TEST_MARK={mark}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A Prefect server, asked over its REST interface."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.api = f"{address}/api"
        # No proxy of the environment.
        self._client = httpx.Client(base_url=self.api, trust_env=False, timeout=60)

    def is_ready(self) -> bool:
        try:
            return self._client.get("/health").status_code == 200
        except httpx.TransportError:
            return False

    def ask(self, path: str, **body: Any) -> Any:
        answer = self._client.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    def page(self, path: str) -> str:
        """Return a page of the UI as text."""
        answer = self._client.get(self.address + path)
        answer.raise_for_status()
        return answer.text

    def delete(self, path: str) -> None:
        self._client.delete(path).raise_for_status()

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        """Return the runs of a deployment that are due, the oldest first."""
        found = self.ask(
            "/flow_runs/filter",
            deployments={"name": {"any_": [deployment]}},
            flow_runs={
                "expected_start_time": {"before_": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
            },
            sort="EXPECTED_START_TIME_ASC",
        )
        return list(found)

    def states(self, deployment: str) -> list[str]:
        return [run["state_type"] for run in self.runs(deployment)]

    def artifact(self, key: str) -> dict[str, Any] | None:
        """Return the latest artifact of this key."""
        found = self.ask("/artifacts/latest/filter", artifacts={"key": {"any_": [key]}})
        return found[0] if found else None


class Schedule:
    """`python -m pipeline schedule` in a process of its own, with its folders and what it says."""

    def __init__(self, folder: Path, name: str, *more: str, server: Server | None, **env: str) -> None:
        self.name = name
        self.shop = Workshop(folder)
        self.server = server
        self.said = folder / "said.txt"
        self._more = more
        self._env = env | {"SCHEDULE_TEST_MARK": name, "PREFECT_RUNNER_POLL_FREQUENCY": "1"}
        if server:
            self._env["PREFECT_API_URL"] = server.api
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, with_make: bool = False) -> "Schedule":
        shop, named = self.shop, ["--name", self.name, "--cache", str(self.shop.cache)]
        named += ["--settle", "1", "--options=--engine=direct", *self._more]
        if with_make:
            # The environment of the tests is the one that make would set up.
            command = ["make", "-s", "-o", ".venv/runtime.stamp", "schedule", f"ARGS={shlex.join(named)}"]
            command += [f"RAW={shop.raw}", f"PROCESSED={shop.processed}", "CRON=", f"PORT={free_port()}"]
        else:
            command = [sys.executable, "-m", "pipeline", "schedule", "--raw", str(shop.raw), *named]
            command += ["--processed", str(shop.processed)]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env={k: v for k, v in os.environ.items() if k != "PREFECT_API_URL"} | self._env,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        return self

    def text(self) -> str:
        return self.said.read_text()

    def own_server(self) -> Server:
        """Wait for the server that the schedule starts, and return it."""

        def address() -> str | None:
            assert self.process and self.process.poll() is None, self.text()
            found = re.search(r"; see (http://127\.0\.0\.1:\d+);", self.text())
            return found[1] if found else None

        self.server = Server(wait_for(address) or "")
        return self.server

    def settled(self, n_runs: int) -> list[dict[str, Any]]:
        """Wait until so many runs have ended, and return all runs."""
        assert self.server
        ended = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

        def look() -> list[dict[str, Any]]:
            assert self.server and self.process
            assert self.process.poll() is None, self.text()
            runs = self.server.runs(self.name)
            return runs if sum(run["state_type"] in ended for run in runs) >= n_runs else []

        return wait_for(look)

    def end(self, number: int, *, group: bool = False) -> int:
        """Send a signal, to the whole group as a terminal does or to the process, and wait for the end."""
        assert self.process
        (os.killpg if group else os.kill)(self.process.pid, number)
        return self.process.wait(60)

    def clean_up(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("prefect")
    port = free_port()
    settings = quiet_settings(home) | {
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_ENABLED": "false",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start"],
        env={k: v for k, v in os.environ.items() if k != "PREFECT_API_URL"} | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    found = Server(f"http://127.0.0.1:{port}")
    try:
        wait_for(found.is_ready)
        yield found
    finally:
        process.kill()
        process.wait()
