"""A raw folder, a processed folder and a cache of their own, for tests that build."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.__main__ import main

PROJECT = Path(__file__).parent.parent


class Workshop:
    """The three folders of a build under one folder."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.processed, self.cache = (folder / name for name in ("raw", "processed", "cache"))
        self.raw.mkdir(parents=True)

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.raw / f"{name}.txt").write_text(text, encoding="utf-8")

    def arguments(self, *more: str, engine: str = "direct") -> list[str]:
        folders = ["--raw", str(self.raw), "--processed", str(self.processed), "--cache", str(self.cache)]
        return ["build", *folders, "--engine", engine, *more]

    def build(self, *more: str) -> int:
        """Build in this process and return the exit code."""
        return main(self.arguments(*more))

    def run(self, *more: str, engine: str = "direct", **env: str) -> "subprocess.CompletedProcess[str]":
        """Build in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "pipeline", *self.arguments(*more, engine=engine)],
            cwd=PROJECT,
            env=os.environ | env,
            capture_output=True,
            text=True,
        )

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.processed / "reports" / "run_report.json").read_bytes())
        return found

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.processed / f"{name}.parquet")

    def sources(self) -> dict[str, dict[str, Any]]:
        """Return the rows of the sources table by path."""
        return {row["raw_path"]: row for row in self.table("sources").to_dicts()}

    def bytes(self) -> dict[str, str]:
        return published_bytes(self.processed)


def published_bytes(processed: Path) -> dict[str, str]:
    """Return the hash of every published file by path, read through the names that users read."""
    named = {path.name: path for path in processed.iterdir() if not path.name.startswith(".")}
    files = {name: path for name, path in named.items() if path.is_file() and name != "README.md"}
    # A folder of a release is a link; the reports of the runs are none.
    for name, path in named.items():
        if path.is_symlink() and path.is_dir():
            inside = (one for one in path.resolve().rglob("*") if one.is_file())
            files |= {f"{name}/{one.relative_to(path.resolve()).as_posix()}": one for one in inside}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(files.items())}
