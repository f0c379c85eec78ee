"""The optional manifest: every value that can be used is used, everything else is reported with its line."""

from datetime import UTC, date, datetime

import pytest

from pipeline.ingest.manifest import COLUMNS, Manifest, Problem, read_manifest

OUTLETS = {
    "ardesk_post": "ardesk_post",
    "the ardesk post": "ardesk_post",
    "basin_feed": "basin_feed",
    "élan": "elan",
}
PATHS = {"a.txt", "sub/b.txt", "c, d.txt", "line\nbreak.txt", "caf\\xe9.txt"}


def read(text: str | bytes) -> Manifest:
    return read_manifest(text if isinstance(text, bytes) else text.encode(), OUTLETS, PATHS)


def problems(text: str | bytes) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in read(text).problems]


def test_every_cell_is_converted_to_its_type() -> None:
    manifest = read(
        "path,url,outlet,republisher,published_date,retrieved_at,licence,redistributable,is_translation,notes\n"
        "a.txt,https://post.example/a,The Ardesk Post,basin_feed,2024-03-12,2024-03-13T08:05:00Z,CC0-1.0,"
        "yes,No,invented\n"
    )
    assert manifest.problems == []
    assert manifest.rows == {
        "a.txt": {
            "path": "a.txt",
            "url": "https://post.example/a",
            "outlet": "ardesk_post",
            "republisher": "basin_feed",
            "published_date": date(2024, 3, 12),
            "retrieved_at": datetime(2024, 3, 13, 8, 5, tzinfo=UTC),
            "licence": "CC0-1.0",
            "redistributable": True,
            "is_translation": False,
            "notes": "invented",
        }
    }
    assert manifest.lines == {"a.txt": 2}


def test_columns_may_be_left_out_and_come_in_any_order() -> None:
    manifest = read("licence , path\nCC0-1.0,a.txt\n,sub/b.txt\n")
    assert manifest.problems == []
    assert manifest.rows == {
        "a.txt": dict.fromkeys(COLUMNS) | {"path": "a.txt", "licence": "CC0-1.0"},
        "sub/b.txt": dict.fromkeys(COLUMNS) | {"path": "sub/b.txt"},
    }
    assert manifest.lines == {"a.txt": 2, "sub/b.txt": 3}


def test_a_row_may_end_before_the_last_column() -> None:
    assert read("path,licence,notes\na.txt\n").rows["a.txt"]["licence"] is None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2024-03-13T08:05:00Z", datetime(2024, 3, 13, 8, 5, tzinfo=UTC)),
        ("2024-03-13T08:05:00+08:00", datetime(2024, 3, 13, 0, 5, tzinfo=UTC)),
        ("2024-03-13 08:05", datetime(2024, 3, 13, 8, 5, tzinfo=UTC)),
        ("2024-03-13", datetime(2024, 3, 13, tzinfo=UTC)),
    ],
)
def test_times_are_put_into_utc_and_are_utc_when_no_zone_is_given(printed: str, expected: datetime) -> None:
    found = read(f"path,retrieved_at\na.txt,{printed}\n").rows["a.txt"]["retrieved_at"]
    assert found == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("true", True), ("YES", True), ("1", True), ("False", False), ("no", False), ("0", False), ("", None)],
)
def test_flags_are_written_in_several_ways(printed: str, expected: bool | None) -> None:
    assert read(f"path,redistributable\na.txt,{printed}\n").rows["a.txt"]["redistributable"] is expected


@pytest.mark.parametrize("printed", ["basin_feed", " Basin_Feed "])
def test_outlets_are_known_by_id_and_name_whatever_the_capitals(printed: str) -> None:
    assert read(f"path,outlet\na.txt,{printed}\n").rows["a.txt"]["outlet"] == "basin_feed"
    assert read("path,outlet\na.txt,ÉLAN\n").rows["a.txt"]["outlet"] == "elan"


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("outlet", "Nobody Times", "it stands nowhere in the outlets authority file; add a row there"),
        ("republisher", "Nobody Times", "it stands nowhere in the outlets authority file; add a row there"),
        ("published_date", "12.3.2024", "a date is written YYYY-MM-DD"),
        ("published_date", "2024-02-30", "a date is written YYYY-MM-DD"),
        ("retrieved_at", "yesterday", "a time is written YYYY-MM-DDTHH:MM:SSZ"),
        ("retrieved_at", "0001-01-01T00:00:00+14:00", "a time is written YYYY-MM-DDTHH:MM:SSZ"),
        ("redistributable", "maybe", "it has to be true or false"),
        ("is_translation", "ja", "it has to be true or false"),
    ],
)
def test_a_bad_value_is_left_out_and_reported_and_the_rest_of_its_row_counts(
    column: str, cell: str, told: str
) -> None:
    manifest = read(f"path,{column},licence\na.txt,{cell},CC0-1.0\n")
    assert manifest.problems == [Problem(2, "bad_value", f"{column} is {cell!r}: {told}")]
    assert manifest.rows["a.txt"] == dict.fromkeys(COLUMNS) | {"path": "a.txt", "licence": "CC0-1.0"}


def test_every_bad_value_of_a_row_is_reported() -> None:
    assert problems("path,outlet,published_date\na.txt,x,y\n") == [(2, "bad_value"), (2, "bad_value")]


def test_a_path_that_is_not_there_is_reported() -> None:
    manifest = read("path,licence\nnothing.txt,x\na.txt,y\n")
    assert [str(problem) for problem in manifest.problems] == [
        "manifest.csv, line 2: there is no raw file 'nothing.txt': mend the path or remove the row"
    ]
    assert list(manifest.rows) == ["a.txt"]


def test_of_two_rows_for_one_file_the_first_counts() -> None:
    manifest = read("path,licence\na.txt,first\nsub/b.txt,x\na.txt,second\n")
    assert manifest.problems == [
        Problem(4, "doubled_row", "'a.txt' stands in line 2 too: keep one of the rows")
    ]
    assert manifest.rows["a.txt"]["licence"] == "first"


def test_an_unknown_column_is_reported_and_the_others_count() -> None:
    manifest = read("path,colour,licence\na.txt,red,CC0-1.0\n")
    assert [(p.line, p.code) for p in manifest.problems] == [(1, "unknown_column")]
    assert manifest.problems[0].message.startswith(
        "unknown column 'colour': the columns are path, url, outlet,"
    )
    assert manifest.rows["a.txt"]["licence"] == "CC0-1.0"


def test_a_manifest_without_paths_is_reported_and_gives_nothing() -> None:
    manifest = read("url,licence\nhttps://post.example,CC0-1.0\n")
    assert manifest == Manifest(problems=[Problem(1, "no_path_column", "there is no column path: add it")])
    assert problems("file;licence\na.txt;CC0-1.0\n") == [(1, "unknown_column"), (1, "no_path_column")]


@pytest.mark.parametrize(
    "raw", [b"", b" \n", b"path\n\xff\x00\x01\x02\x03", b"PK\x03\x04", "path\né\n".encode() + b"\xff"]
)
def test_a_manifest_that_is_no_text_is_reported(raw: bytes) -> None:
    manifest = read(raw)
    assert manifest.rows == {}
    assert [(p.line, p.code) for p in manifest.problems] == [(1, "manifest_unreadable")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # The quotation mark is never closed: without the error the rest would be one long note.
        ('path,notes\na.txt,"one\nsub/b.txt,two\n', 3),
        ('path,notes\na.txt,"one"two\nsub/b.txt,two\n', 2),
        ("path,notes\na.txt," + 200_000 * "x" + "\n", 2),
    ],
)  # fmt: skip
def test_a_manifest_that_is_no_csv_is_reported(text: str, line: int) -> None:
    assert problems(text) == [(line, "not_csv")]


def test_rows_before_broken_csv_count() -> None:
    assert list(read('path,notes\na.txt,x\nsub/b.txt,"y').rows) == ["a.txt"]


def test_a_byte_order_mark_and_windows_newlines_are_no_part_of_the_values() -> None:
    manifest = read("\ufeffpath,licence\r\na.txt,CC0-1.0\r\n\r\nsub/b.txt,CC0-1.0\r\n")
    assert manifest.problems == []
    assert {path: row["licence"] for path, row in manifest.rows.items()} == {
        "a.txt": "CC0-1.0",
        "sub/b.txt": "CC0-1.0",
    }
    assert manifest.lines == {"a.txt": 2, "sub/b.txt": 4}


def test_utf16_and_cp1252_as_spreadsheets_save_them_are_read() -> None:
    text = "path,licence\na.txt,Élan’s own\n"
    for raw in (text.encode("utf-16"), text.encode("cp1252")):
        assert read(raw).rows["a.txt"]["licence"] == "Élan’s own"


def test_a_quoted_newline_shifts_the_line_numbers_as_an_editor_counts_them() -> None:
    text = 'path,notes,licence\na.txt,"two\nlines",x\nnothing.txt,,\n"line\nbreak.txt",,y\nnothing.txt,,\n'
    manifest = read(text)
    assert [(p.line, p.code) for p in manifest.problems] == [(4, "missing_file"), (7, "missing_file")]
    # A row that takes several lines goes by the last of them.
    assert manifest.lines == {"a.txt": 3, "line\nbreak.txt": 6}
    assert manifest.rows["a.txt"]["notes"] == "two\nlines"


def test_paths_are_compared_as_the_tables_show_them() -> None:
    manifest = read('path,licence\n"c, d.txt",x\ncaf\\xe9.txt,y\n')
    assert manifest.problems == []
    assert list(manifest.rows) == ["c, d.txt", "caf\\xe9.txt"]
    assert problems("path\ncaf\\\\xe9.txt\n") == [(2, "missing_file")]


def test_blank_lines_and_rows_of_empty_cells_are_passed_over() -> None:
    assert problems("path,licence\n\n , \n,\na.txt,x\n") == []


def test_an_unquoted_comma_that_shifts_the_cells_is_reported() -> None:
    assert problems("path,licence\na.txt,CC0, no claim\n") == [
        (2, "too_many_cells"),
    ]
