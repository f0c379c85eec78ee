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


def test_the_switch_is_set_before_the_library_is_loaded() -> None:
    # It is read once, on import. (Whether the library would report at all differs from machine to machine.)
    look = (
        "import builtins, os, sys\n"
        "plain = builtins.__import__\n"
        "seen = []\n"
        "def watch(name, *rest, **more):\n"
        "    if name == 'onnxruntime':\n"
        "        seen.append(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        "    return plain(name, *rest, **more)\n"
        "builtins.__import__ = watch\n"
        "import pipeline.quotes.model.tagger\n"
        "print(seen[0])\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    command = [sys.executable, "-c", look]
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout == "1\n"
