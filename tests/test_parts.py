"""Parts: kept whole or not at all, and never used when damaged."""

from pathlib import Path

import polars as pl
import pytest

from pipeline import parts, storage
from pipeline.parts import Frames, find, load, others, part_folder, save, sweep

KEYS = {"ab" + 14 * "0": "key 1", "ab" + 14 * "1": "key 2"}


def frames() -> Frames:
    return {
        "blocks": pl.DataFrame(
            {"block_id": ["1", "2"], "text": ["“ça”", None], "char_start": [0, None]},
            schema={"block_id": pl.String, "text": pl.String, "char_start": pl.Int32},
        ),
        "quotes": pl.DataFrame(schema={"quote_id": pl.String, "at": pl.Datetime("us", "UTC")}),
    }


@pytest.fixture
def part(tmp_path: Path) -> parts.Part:
    return save(tmp_path, "quotes", "ab", KEYS, frames())


def same(found: Frames | None, expected: Frames) -> bool:
    return (
        found is not None
        and list(found) == list(expected)
        and all(
            found[name].equals(frame) and found[name].schema == frame.schema
            for name, frame in expected.items()
        )
    )


def test_a_part_comes_back_as_it_was_saved(part: parts.Part, tmp_path: Path) -> None:
    found = find(part_folder(tmp_path, "quotes", "ab", KEYS.values()))
    assert found == part
    assert found is not None
    assert found.keys == KEYS
    assert same(load(found), frames())


def test_some_tables_of_a_part_can_be_loaded_alone(part: parts.Part) -> None:
    assert same(load(part, ["quotes"]), {"quotes": frames()["quotes"]})


def test_the_place_of_a_part_follows_from_its_keys_in_any_order_and_from_nothing_else(tmp_path: Path) -> None:
    here = part_folder(tmp_path, "quotes", "ab", ["a", "b"])
    assert here.parent == tmp_path / "parts" / "quotes" / "ab"
    assert part_folder(tmp_path, "quotes", "ab", ["b", "a"]) == here
    for other in (["a"], ["a", "c"], ["ab"], ["a", "b", "b"], []):
        assert part_folder(tmp_path, "quotes", "ab", other) != here


def test_a_part_of_no_documents_is_a_part(tmp_path: Path) -> None:
    empty = save(tmp_path, "quotes", "ab", {}, frames())
    assert find(empty.folder) == empty


def test_saving_again_puts_the_new_part_in_the_place_of_the_old(part: parts.Part, tmp_path: Path) -> None:
    changed = {"blocks": frames()["blocks"].head(1)}
    again = save(tmp_path, "quotes", "ab", KEYS, changed)
    assert again.folder == part.folder
    assert same(load(again), changed)
    assert sorted(path.name for path in part.folder.iterdir()) == ["blocks.parquet", "part.json"]
    assert load(part) is None


def test_the_same_frames_give_the_same_bytes(part: parts.Part, tmp_path: Path) -> None:
    assert save(tmp_path / "elsewhere", "quotes", "ab", KEYS, frames()).hashes == part.hashes


def test_there_is_no_part_where_none_was_saved(tmp_path: Path) -> None:
    assert find(tmp_path / "parts" / "quotes" / "ab" / "nothing") is None
    assert others(tmp_path, "quotes", "ab") == []
    sweep(tmp_path, [])


@pytest.mark.parametrize(
    "content",
    [None, b"", b'{"keys": {', b"[]", b'{"keys": {}}', b'{"keys": {}, "hashes": {}}', b"\xff", b"null"],
)
def test_a_part_whose_note_is_missing_or_damaged_is_not_found(
    part: parts.Part, content: bytes | None
) -> None:
    storage.remove(part.folder / "part.json")
    if content is not None:
        (part.folder / "part.json").write_bytes(content)
    assert find(part.folder) is None


@pytest.mark.parametrize("noted", ["key 1", '"quotes"', 'blocks": "'])
def test_a_part_whose_note_says_something_else_than_was_written_is_not_found(
    part: parts.Part, noted: str
) -> None:
    path = part.folder / "part.json"
    assert path.read_text().count(noted) == 1
    path.write_text(path.read_text().replace(noted, noted.replace("o", "0").replace("1", "2")))
    assert find(part.folder) is None


@pytest.mark.parametrize("damage", ["missing", "truncated", "one bit", "swapped"])
def test_a_part_with_a_damaged_table_is_not_loaded(part: parts.Part, damage: str) -> None:
    path = part.folder / "blocks.parquet"
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(content[:-1])
    elif damage == "one bit":
        path.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
    else:
        path.write_bytes((part.folder / "quotes.parquet").read_bytes())
    found = find(part.folder)
    assert found is not None
    assert load(found) is None
    assert load(found, ["blocks"]) is None
    assert same(load(found, ["quotes"]), {"quotes": frames()["quotes"]})


def test_a_table_that_the_part_does_not_hold_is_not_loaded(part: parts.Part) -> None:
    assert load(part, ["speakers"]) is None
    (part.folder / "speakers.parquet").write_bytes((part.folder / "quotes.parquet").read_bytes())
    assert load(part, ["speakers"]) is None


@pytest.mark.parametrize("number", range(4))
def test_a_save_that_fails_at_any_write_leaves_the_old_part(
    part: parts.Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    done = 0

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    write = storage.write_bytes

    def write_some(path: Path, content: bytes) -> None:
        nonlocal done
        if done == number:
            fail()
        done += 1
        write(path, content)

    monkeypatch.setattr(storage, "write_bytes", write_some)
    if number == 3:
        monkeypatch.setattr(storage, "remove", lambda path: fail() if path == part.folder else None)
    with pytest.raises(OSError, match="No space left"):
        save(tmp_path, "quotes", "ab", KEYS, {name: frame.head(1) for name, frame in frames().items()})
    assert others(tmp_path, "quotes", "ab") == [part]
    assert same(load(part), frames())
    monkeypatch.undo()
    save(tmp_path, "quotes", "ab", KEYS, frames())
    assert [path.name for path in part.folder.parent.iterdir()] == [part.folder.name]


def test_other_parts_of_a_shard_are_found_in_order_of_name_without_the_damaged(
    part: parts.Part, tmp_path: Path
) -> None:
    second = save(tmp_path, "quotes", "ab", {"x": "key 3"}, frames())
    damaged = save(tmp_path, "quotes", "ab", {"x": "key 4"}, frames())
    (damaged.folder / "part.json").write_bytes(b"")
    save(tmp_path, "quotes", "cd", {"x": "key 5"}, frames())
    save(tmp_path, "topics", "ab", {"x": "key 6"}, frames())
    (part.folder.parent / ".half.partial").mkdir()
    assert others(tmp_path, "quotes", "ab") == sorted([part, second], key=lambda p: p.folder.name)


def test_only_parts_in_use_are_kept(part: parts.Part, tmp_path: Path) -> None:
    save(tmp_path, "quotes", "ab", {"x": "key 3"}, frames())
    save(tmp_path, "quotes", "cd", {"x": "key 4"}, frames())
    used = save(tmp_path, "topics", "ab", {"x": "key 5"}, frames())
    (part.folder.parent / ".half.partial").mkdir()
    (tmp_path / "scan.json").write_bytes(b"{}")
    sweep(tmp_path, [part.folder, used.folder])
    left = {path.relative_to(tmp_path / "parts").as_posix() for path in (tmp_path / "parts").glob("*/*")}
    assert left == {"quotes/ab", "topics/ab"}
    assert list(part.folder.parent.iterdir()) == [part.folder]
    assert same(load(part), frames())
    assert same(load(used), frames())
    assert (tmp_path / "scan.json").exists()
