"""A damaged database of Prefect is set aside before a server starts with it; a sound one stays."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.prefect_history import set_aside_if_damaged
from pipeline.progress import Progress


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "prefect.db"
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("CREATE TABLE runs (name TEXT)")
        opened.executemany("INSERT INTO runs VALUES (?)", [(f"run {n}" * 50,) for n in range(500)])
        opened.commit()
    return path


def test_a_sound_database_stays(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = database.read_bytes()
    set_aside_if_damaged(database.parent, Progress())
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == ["prefect.db"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("start", "content"), [(0, bytes(100)), (0, b"x" * 4_000), (8_192, b"x" * 4_096)])
def test_a_damaged_database_is_set_aside(
    database: Path, capsys: pytest.CaptureFixture[str], start: int, content: bytes
) -> None:
    with database.open("r+b") as file:
        file.seek(start)
        file.write(content)
    (database.parent / "prefect.db-wal").touch()
    set_aside_if_damaged(database.parent, Progress())
    assert [path.name for path in database.parent.iterdir()] == ["prefect.db.damaged"]
    assert capsys.readouterr().err == (
        f"Prefect's history was damaged and is now {database}.damaged; a new one begins\n"
    )


def test_without_a_database_nothing_happens(tmp_path: Path) -> None:
    set_aside_if_damaged(tmp_path, Progress())
    assert not list(tmp_path.iterdir())
