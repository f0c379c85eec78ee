"""The data dictionary: every column, and nothing in it that a spreadsheet or a browser would run."""

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish.dictionary import COLUMNS, Entry, as_csv, as_markdown, defused, dictionary, label_of
from pipeline.publish.parquet import Written

HOSTILE = "<script>x()</script> | `code` **bold** [a](http://evil.example) & \\| \r\n# title\u2028- item"


def built(**examples: object) -> dict[str, Written]:
    """Return what was written when the articles table has these first values."""
    written = {table: Written() for table in TABLE_BY_NAME}
    written["articles"] = Written(12, dict(examples))
    return written


def entry(name: str, **examples: object) -> Entry:
    [found] = [e for e in dictionary(built(**examples)) if (e.table, e.column) == ("articles", name)]
    return found


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def cells(line: str) -> list[str]:
    """Split a row of a Markdown table as GitHub does: at every '|' that no backslash makes plain."""
    found = re.findall(r"(?:\\.|[^|\\])+", line.strip().strip("|"))
    return [re.sub(r"\\(.)", r"\1", cell).strip() for cell in found]


def test_every_column_of_every_table_stands_in_it_once_in_order() -> None:
    expected = [(table, column) for table in TABLE_BY_NAME for column in schema_of(table).columns]
    entries = dictionary(built())
    assert [(e.table, e.column) for e in entries] == expected
    assert [(r["table"], r["column"]) for r in rows(as_csv(entries))] == expected
    assert all(e.definition for e in entries)


def test_an_entry_says_all_that_the_schema_knows() -> None:
    found = {(e.table, e.column): e for e in dictionary(built(headline_basis="header"))}
    assert found["articles", "headline_basis"] == Entry(
        table="articles",
        column="headline_basis",
        label="Where the headline stood",
        type="string",
        nullable="no",
        key="",
        allowed_values="header | first_line | none",
        unit="",
        definition="Where the headline stood.",
        references="",
        example="header",
    )
    span = found["quote_spans", "char_start"]
    assert (span.type, span.unit) == ("int32", "code points of the raw file as decoded, 0-based")
    assert found["articles", "event_id"].references == "events.event_id"
    assert found["articles", "retrieved_at"].type == "timestamp[us, tz=UTC]"
    assert (found["quotes", "speaker_id"].nullable, found["quotes", "n_speakers"].nullable) == ("yes", "no")
    assert found["statements", "gist_quote_id"].references == "quotes.quote_id"


def test_keys_and_columns_without_repetition_are_told() -> None:
    found = {(e.table, e.column): e.key for e in dictionary(built())}
    assert (found["quotes", "article_id"], found["quotes", "quote_no"]) == ("1", "2")
    assert (found["quotes", "quote_id"], found["quotes", "cue"]) == ("unique", "")


def test_a_label_is_the_first_sentence_of_the_definition() -> None:
    assert label_of("Where it starts. NULL: nowhere.") == "Where it starts"
    assert label_of("A name, a title …") == "A name, a title …"
    assert label_of("In ISO 639-1.5 only") == "In ISO 639-1.5 only"


def test_every_label_is_short_enough_for_a_statistics_package_and_tells_something() -> None:
    for e in dictionary(built()):
        # 80 characters are what Stata keeps.
        assert 5 < len(e.label) <= 80, (e.table, e.column)
        assert ": " not in e.label[:12], (e.table, e.column)
        assert e.definition.startswith(e.label), (e.table, e.column)


def test_examples_are_short_and_of_one_line() -> None:
    assert entry("headline", headline="The river\r\n\t rose").example == "The river rose"
    assert entry("headline", headline=48 * "x").example == 48 * "x"
    assert entry("headline", headline=49 * "x").example == 47 * "x" + "…"
    assert entry("headline").example == ""
    assert entry("analysis_date_imputed", analysis_date_imputed=False).example == "False"
    assert entry("article_no", article_no=0).example == "0"


def test_the_csv_has_the_declared_columns_and_comes_back_as_it_was() -> None:
    entries = dictionary(built(headline='“So,” he said, "or not", 是'))
    text = as_csv(entries)
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert "\r" not in text
    for read, made in zip(rows(text), entries, strict=True):
        assert read == {name: defused(getattr(made, name)) for name in COLUMNS}


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")']
)
def test_no_cell_of_the_csv_is_a_formula(cell: str) -> None:
    assert defused(cell) == "'" + cell
    made = entry("headline", headline=cell)
    [read] = rows(as_csv([made]))
    assert not read["example"].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("cell", ["", "a=1", "“-1”", "1-2", "'=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell


def test_the_page_has_a_section_for_every_table_and_a_row_for_every_column() -> None:
    written = built()
    page = as_markdown(dictionary(written), written)
    sections = re.split(r"^## ", page, flags=re.M)[1:]
    assert [section.split("\n")[0] for section in sections] == list(TABLE_BY_NAME)
    for section, (table, model) in zip(sections, TABLE_BY_NAME.items(), strict=True):
        lines = [line for line in section.split("\n") if line.startswith("| `")]
        assert [cells(line)[0] for line in lines] == [f"`{name}`" for name in schema_of(table).columns]
        assert f"rows; key: {', '.join(f'`{name}`' for name in model.key)}." in section
    assert "One row per document. 12 rows; key: `article_id`." in page
    assert page.endswith("\n")


def test_a_row_of_the_page_holds_what_the_entry_says() -> None:
    written = built(headline_basis="header")
    [line] = [
        x for x in as_markdown(dictionary(written), written).split("\n") if x.startswith("| `headline_basis`")
    ]
    assert line == (
        "| `headline_basis` | string | no | Where the headline stood. | header \\| first_line \\| none |  |  "
        "| header |"
    )


def test_hostile_text_is_shown_and_does_nothing() -> None:
    clean = built()
    written = built(headline=HOSTILE[:40], deck=HOSTILE[22:62], byline=HOSTILE[60:])
    page = as_markdown(dictionary(written), written)
    assert len(page.split("\n")) == len(as_markdown(dictionary(clean), clean).split("\n"))
    assert "<script" not in page
    assert "[a](" not in page.replace("\\[a](", "")
    shown = {}
    for line in page.split("## article_authors")[0].split("\n"):
        if line.startswith("| `"):
            shown[cells(line)[0].strip("`")] = line
    for name in ("headline", "deck", "byline"):
        # Eight cells, so nine bars that count.
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", shown[name])) == 9
    assert "&lt;script>x()&lt;/script> \\| \\`code\\`" in shown["headline"]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_example_breaks_the_table(example: str) -> None:
    written = built(headline=example)
    page = as_markdown([entry("headline", headline=example)], written)
    [line] = [x for x in page.split("\n") if x.startswith("| `headline`")]
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 9
    assert len(line.splitlines()) == 1


def test_the_same_build_gives_the_same_dictionary() -> None:
    one, other = built(headline="x"), dict(reversed(built(headline="x").items()))
    assert as_csv(dictionary(one)) == as_csv(dictionary(other))
    assert as_markdown(dictionary(one), one) == as_markdown(dictionary(other), other)
