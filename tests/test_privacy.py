"""Nothing is told to anybody: no library may keep a diary of its use, or a name for this machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workshop import PROJECT, Workshop


def at_home(home: Path) -> dict[str, str]:
    """Return the environment in which everything of a user's stands below this folder."""
    return {"HOME": str(home)} | {
        f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA", "STATE")
    }


def written_at_home(home: Path) -> list[str]:
    return sorted(path.relative_to(home).as_posix() for path in home.rglob("*"))


@pytest.mark.parametrize("engine", ["direct", "prefect"])
def test_a_build_leaves_nothing_at_home(tmp_path: Path, engine: str) -> None:
    # The reports of onnxruntime wait in a database below the user's cache folder until they are sent.
    home = tmp_path / "home"
    home.mkdir()
    shop = Workshop(tmp_path / "shop")
    shop.write(voss="Premier Ila Voss said the harbour will open in spring.\n")
    done = shop.run(engine=engine, **at_home(home))
    assert done.returncode == 0, done.stderr
    assert written_at_home(home) == []


def test_the_switch_is_needed(tmp_path: Path) -> None:
    # When this fails the library has changed its ways: look again at what it tells, and whom.
    command = [sys.executable, "-c", "import onnxruntime"]
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run(command, cwd=PROJECT, env=environment | at_home(tmp_path), check=True)
    assert any("onnxruntime" in name for name in written_at_home(tmp_path))
