"""The public edition: what may not be passed on cannot be read in it, nor put together from it."""

import csv
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipeline.__main__ import main
from pipeline.frames import TABLE_BY_NAME, validate
from pipeline.public.article import Bounds, Made
from pipeline.public.edition import ShownSpans, within
from pipeline.public.edition import elsewhere as edition_of
from tests import tables
from tests.built import FREE, SPEECH, copied
from tests.workshop import Workshop

CUT = "[…]"
SHARE = 0.33


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def strings(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every text in every file of an edition, with the place where it stands."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            for name, kind in frame.schema.items():
                if kind == pl.String:
                    yield from ((f"{path.name} {name}", cell) for cell in frame[name].drop_nulls())
        elif path.is_file():
            yield path.name, path.read_text(encoding="utf-8")


def kept_back(dataset: Workshop) -> dict[str, str]:
    """Return the texts that may not be passed on, by article."""
    closed = dataset.table("articles").filter(pl.col("redistributable").ne_missing(True))
    texts = dict(dataset.table("article_text").iter_rows())
    return {article_id: texts[article_id] for article_id in closed["article_id"]}


def places(folder: Path) -> dict[str, list[tuple[int, str]]]:
    """Return, by article, every text of an edition that says where it stands."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for table, column in (
        ("quote_spans", "span_text"),
        ("quotes", "quote_text"),
        ("topic_assignments", "evidence_text"),
        ("statement_quotes", "said_text"),
    ):
        for row in pl.read_parquet(folder / f"{table}.parquet").iter_rows(named=True):
            if row["char_start"] is not None and " … " not in row[column]:
                article_id = row.get("article_id") or row["quote_id"].partition(":")[0]
                found[article_id].append((row["char_start"], row[column]))
    return found


def shown_words(text: str, found: list[tuple[int, str]]) -> list[bool]:
    seen = [False] * len(text)
    for start, cell in found:
        shown = cell.removesuffix(CUT).removesuffix(" ")
        assert text[start:].startswith(shown)
        seen[start : start + len(shown)] = [True] * len(shown)
    return [any(seen[word.start() : word.end()]) for word in re.finditer(r"[^\W_]+", text)]


def test_the_texts_under_test_are_there(dataset: Workshop) -> None:
    closed = kept_back(dataset)
    assert SPEECH in closed.values() and FREE not in closed.values()
    assert len(closed) >= 8
    longest = dataset.table("quotes").filter(pl.col("article_id").is_in(list(closed)))["quote_text"]
    assert max(len(words(text)) for text in longest) > 40


@pytest.mark.parametrize("bound", [10, 25, 60])
def test_no_longer_text_stands_in_any_file(dataset: Workshop, tmp_path: Path, bound: int) -> None:
    folder = tmp_path / "public"
    arguments = ["--processed", str(dataset.processed), "--to", str(folder), "--quote-words", str(bound)]
    assert main(["public", *arguments]) == 0
    forbidden = set()
    for text in kept_back(dataset).values():
        listed = words(text)
        forbidden |= {tuple(listed[i : i + bound + 1]) for i in range(len(listed) - bound)}
    assert forbidden
    for place, cell in strings(folder):
        listed = words(cell)
        for start in range(len(listed) - bound):
            assert tuple(listed[start : start + bound + 1]) not in forbidden, place


@pytest.mark.parametrize("bound", [10, 25, 60])
def test_no_longer_text_can_be_put_together(dataset: Workshop, tmp_path: Path, bound: int) -> None:
    folder = tmp_path / "public"
    arguments = ["--processed", str(dataset.processed), "--to", str(folder), "--quote-words", str(bound)]
    assert main(["public", *arguments]) == 0
    found = places(folder)
    longest = 0
    for article_id, text in kept_back(dataset).items():
        known = shown_words(text, found[article_id])
        runs = re.findall("1+", "".join("01"[one] for one in known))
        longest = max(longest, *map(len, runs), 0)
        assert sum(known) <= SHARE * len(known), article_id
    assert 5 < longest <= bound


def test_one_quote_shows_no_more_than_the_bound_over_its_spans(dataset: Workshop, edition: Path) -> None:
    closed = set(kept_back(dataset))
    spans = pl.read_parquet(edition / "quote_spans.parquet").filter(span_role="content")
    for (quote_id,), rows in spans.group_by("quote_id"):
        if str(quote_id).partition(":")[0] in closed:
            assert sum(len(words(text)) for text in rows["span_text"]) <= 25


def test_the_text_of_such_articles_is_not_there(dataset: Workshop, edition: Path) -> None:
    texts = dict(pl.read_parquet(edition / "article_text.parquet").iter_rows())
    articles = dataset.table("articles")
    whole = articles.filter(pl.col("redistributable") & pl.col("licence").is_not_null())
    assert set(texts) == set(whole["article_id"])


@pytest.mark.parametrize("licence", [None, "  "])
def test_without_a_licence_nothing_is_passed_on(
    dataset: Workshop, tmp_path: Path, licence: str | None
) -> None:
    copy = copied(dataset, tmp_path / "copy")
    articles = copy.table("articles").with_columns(licence=pl.lit(licence, dtype=pl.String))
    articles.write_parquet(copy.processed / "articles.parquet")
    folder = tmp_path / "public"
    assert main(["public", "--processed", str(copy.processed), "--to", str(folder)]) == 0
    assert pl.read_parquet(folder / "article_text.parquet").is_empty()


def test_what_may_be_passed_on_is_whole(dataset: Workshop, edition: Path) -> None:
    closed = kept_back(dataset)
    before = dataset.table("quotes").filter(~pl.col("article_id").is_in(list(closed)))
    after = pl.read_parquet(edition / "quotes.parquet").filter(~pl.col("article_id").is_in(list(closed)))
    assert len(before) > 50
    blotted = before["quote_text"].str.replace("oren.tasky@ferry.*", "█" * 16)
    assert after["quote_text"].to_list() == blotted.to_list()
    assert after["source_mention"].to_list() == before["source_mention"].to_list()


def test_addresses_and_numbers_are_out_everywhere_and_nothing_moves(dataset: Workshop, edition: Path) -> None:
    texts = dict(pl.read_parquet(edition / "article_text.parquet").iter_rows())
    [free] = [text for text in texts.values() if text.startswith("Ferry guide")]
    assert free == FREE.replace("oren.tasky@ferry.example", "█" * 24)
    for place, cell in strings(edition):
        assert not re.search(r"[\w.]@[\w]+\.\w|\+99", cell), place
    before = " ".join(dataset.table("article_text")["text"])
    assert "haskelby@ardeskpost.example" in before and "tarin.obell@" in before


def test_what_a_page_says_about_its_author_is_out(dataset: Workshop, edition: Path) -> None:
    assert dataset.table("article_authors")["description"].drop_nulls().len() > 0
    authors = pl.read_parquet(edition / "article_authors.parquet")
    assert authors["description"].drop_nulls().is_empty()
    assert authors["name"].to_list() == dataset.table("article_authors")["name"].to_list()


def test_paths_are_hashes_unless_they_are_asked_for(dataset: Workshop, edition: Path, tmp_path: Path) -> None:
    assert any("jonas.arvel" in path for path in dataset.table("sources")["raw_path"])
    for place, cell in strings(edition):
        assert "jonas" not in cell and "speech.txt" not in cell, place
    sources = pl.read_parquet(edition / "sources.parquet")
    assert sources["raw_path"].str.contains(r"^file-[0-9a-f]{32}$").all()
    assert sources["raw_path"].is_unique().all()
    duplicate = sources.filter(status="duplicate")["message"].item()
    assert re.fullmatch(r"same bytes as file-[0-9a-f]{32}, whose article it shares", duplicate)
    folder = tmp_path / "public"
    arguments = ["--processed", str(dataset.processed), "--to", str(folder), "--keep-paths"]
    assert main(["public", *arguments]) == 0
    assert pl.read_parquet(folder / "sources.parquet")["raw_path"].equals(
        dataset.table("sources")["raw_path"]
    )


def test_hashes_offsets_licences_and_codes_are_kept(dataset: Workshop, edition: Path) -> None:
    kept = {
        "articles": (
            "raw_sha256",
            "url",
            "licence",
            "redistributable",
            "n_words",
            "analysis_date",
            "outlet_id",
        ),
        "quotes": ("quote_id", "char_start", "char_end", "speaker_id", "topics", "illocution", "confidence"),
        "quote_spans": ("char_start", "char_end", "span_role"),
        "blocks": tuple(dataset.table("blocks").columns),
        "topic_assignments": ("topic_id", "term_id", "char_start", "char_end"),
    }
    for table, columns in kept.items():
        after = pl.read_parquet(edition / f"{table}.parquet")
        assert after.select(columns).equals(dataset.table(table).select(columns)), table


def test_the_tables_keep_their_schemas(edition: Path) -> None:
    for table in TABLE_BY_NAME:
        validate(table, pl.read_parquet(edition / f"{table}.parquet"))


def test_every_file_has_its_hash_and_the_dictionary_says_what_was_shortened(edition: Path) -> None:
    about = json.loads((edition / "edition.json").read_text())
    there = {path.name for path in edition.iterdir()} - {"edition.json", ".made_by"}
    assert set(about["files"]) == there
    assert {"README.md", "CITATION.cff", "LICENSE-DATA.md", "datasheet.md", "recipes.parquet"} <= there
    n_blotted = pl.read_parquet(edition / "article_text.parquet")["text"].str.contains("█").sum()
    assert n_blotted > 0
    assert about["shortened_cells"]["article_text.text"] == about["articles_shortened"] + n_blotted
    rows = list(csv.DictReader((edition / "data_dictionary.csv").open(encoding="utf-8")))
    notes = {
        (row["table"], row["column"]): row["definition"].partition("Public edition: ")[2] for row in rows
    }
    assert notes["quotes", "quote_text"].startswith("cut to its first words")
    assert notes["article_text", "text"] == "only of articles that may be passed on."
    assert notes["quotes", "quote_type"] == ""


def test_no_page_shows_the_text(edition: Path) -> None:
    pages = [path.name for path in edition.rglob("*") if path.suffix in (".html", ".js")]
    assert pages == ["data_dictionary.html"]
    assert not (edition / "report").exists()


def test_the_same_dataset_gives_the_same_bytes(dataset: Workshop, edition: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert main(["public", "--processed", str(dataset.processed), "--to", str(again)]) == 0
    names = sorted(path.name for path in edition.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    for name in names:
        assert (again / name).read_bytes() == (edition / name).read_bytes(), name


def test_an_article_without_its_text_is_refused(
    edition: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    partly = tmp_path / "partly"
    shutil.copytree(edition, partly)
    (partly / "edition.json").unlink()
    assert main(["public", "--processed", str(partly), "--to", str(tmp_path / "public")]) == 1
    assert "make the edition from the whole dataset, not from another edition." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [partly]


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--quote-words", "9", "--quote-words is 9: give 10 or more."),
        ("--share", "1.5", "--share is 1.5: give a number from 0 to 1."),
    ],
)
def test_bounds_out_of_bounds(
    dataset: Workshop,
    tmp_path: Path,
    option: str,
    value: str,
    complaint: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--processed", str(dataset.processed), "--to", str(tmp_path / "public"), option, value]
    assert main(["public", *arguments]) == 1
    assert f"error: {complaint}" in capsys.readouterr().err


def test_the_folder_is_neither_the_dataset_nor_the_raw_files_nor_somebody_elses(
    dataset: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    somebodys = tmp_path / "papers"
    somebodys.mkdir()
    (somebodys / "thesis.txt").write_text("ten years")
    (tmp_path / "link").symlink_to(dataset.raw)
    common = ["public", "--processed", str(dataset.processed), "--raw", str(dataset.raw), "--to"]
    for to in (dataset.processed / "public", dataset.raw, dataset.raw.parent, tmp_path / "link" / "public"):
        assert main([*common, str(to)]) == 1
        assert "lie inside each other: name a folder outside it." in capsys.readouterr().err
    assert main([*common, str(somebodys)]) == 1
    assert "holds files that `public` did not make (such as 'thesis.txt')" in capsys.readouterr().err
    assert (somebodys / "thesis.txt").read_text() == "ten years"


def test_it_replaces_what_it_made(dataset: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    for _ in range(2):
        assert main(["public", "--processed", str(dataset.processed), "--to", str(folder)]) == 0
    assert (folder / "edition.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


def test_a_part_of_a_quote_shows_what_its_quote_shows() -> None:
    spans = [(10, f"one two three {CUT}"), (50, "four five")]
    assert within(spans, 10, 17) == "one two"
    assert within(spans, 14, 40) == f"two three {CUT}"
    assert within(spans, 30, 40) == CUT
    assert within(spans, 50, 59) == "four five"
    assert within([], 50, 59) == CUT


def test_who_corrected_and_why_is_out(tmp_path: Path) -> None:
    words_of_page = " ".join(["word"] * 40)
    frame = tables.frame(
        "corrections",
        tables.row(
            "corrections",
            line_no=2,
            status="applied",
            coder="Jonas Arvel",
            reason="my own notes",
            message="no quote fits 'word word'",
            old_value=words_of_page,
            new_value="ask jonas@arvel.example",
        ),
    )
    made = Made()
    [row] = edition_of("corrections", frame, ShownSpans(tmp_path / "none"), Bounds(25, 0.33), made).to_dicts()
    assert row["coder"] is row["reason"] is row["message"] is None
    assert row["old_value"] == " ".join(["word"] * 25) + f" {CUT}"
    assert row["new_value"] == "ask " + "█" * 19
    assert made.shortened["corrections", "coder"] == 1
