"""What the commands `schedule` and `watch` say before anything is started."""

import os
import re
import socket
from pathlib import Path

import pytest

from pipeline.__main__ import main
from tests.workshop import PROJECT


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # What the commands set stays in the environment of these tests.
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def said(capsys: pytest.CaptureFixture[str], tmp_path: Path, *arguments: str, raw: str = "raw") -> str:
    (tmp_path / "raw").mkdir(exist_ok=True)
    command, *more = arguments
    folders = ["--raw", str(tmp_path / raw), "--processed", str(tmp_path / "processed")]
    assert main([command, *folders, "--cache", str(tmp_path / "cache"), *more]) == 1
    return capsys.readouterr().err


def test_a_raw_folder_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "does not exist or is no folder: name the folder with --raw" in said(
        capsys, tmp_path, "schedule", raw="none"
    )


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--settle=0", "--settle is 0: give a positive number of seconds"),
        ("--patience=-1", "--patience is -1: give a positive number of seconds"),
        ("--cron=at six", "--cron 'at six' is no schedule: write it like"),
        ("--name=a/b", "'a/b' cannot be the name of a deployment"),
    ],
)
def test_options_that_make_no_sense(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, option: str, words: str
) -> None:
    assert words in said(capsys, tmp_path, "schedule", option)


def test_an_option_that_the_build_does_not_know(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(SystemExit, match="2"):
        main(["schedule", "--raw", str(tmp_path / "raw"), "--options=--no-such-thing"])
    assert "--no-such-thing" in capsys.readouterr().err


def test_a_port_that_is_in_use(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} of this machine is in use" in said(
            capsys, tmp_path, "schedule", f"--port={port}"
        )


def test_watching_for_a_server_that_nobody_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "no Prefect server is named: set PREFECT_API_URL" in said(capsys, tmp_path, "watch")


def test_the_readme_shows_both_ways_in_four_lines_each() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## On a schedule")[1].split("\n## ")[0]
    own, others = re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)
    assert len(own.splitlines()) == len(others.splitlines()) == 4
    assert all(line.startswith("make schedule") for line in own.splitlines())
    assert "prefect --no-prompt deploy --all" in others
    assert "python -m pipeline watch" in others
