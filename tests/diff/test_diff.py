"""What differs between two datasets: every row, once for each of its causes."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.__main__ import main
from pipeline.diff.schema import Differences
from tests.diff.datasets import Dataset, article_id, quote_id, sha
from tests.tables import row
from tests.workshop import published_bytes

Compared = Callable[[Dataset, Dataset], pl.DataFrame]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def compared(tmp_path: Path, out: Path) -> Compared:
    def compare(old: Dataset, new: Dataset) -> pl.DataFrame:
        folders = [str(one.write(tmp_path / name)) for one, name in ((old, "old"), (new, "new"))]
        assert main(["diff", *folders, "--to", str(out)]) == 0
        return pl.read_parquet(out / "differences.parquet")

    return compare


def counts(found: pl.DataFrame) -> dict[tuple[Any, ...], int]:
    return dict(Counter(found.select("in_table", "change", "cause").iter_rows()))


def test_the_same_dataset_does_not_differ(compared: Compared, out: Path) -> None:
    assert compared(Dataset("harvest"), Dataset("harvest")).is_empty()
    assert (out / "changelog.md").read_text() == "- No differences.\n"


def test_all_rows_of_a_new_file_are_added_by_it(compared: Compared) -> None:
    found = compared(Dataset("harvest"), Dataset("harvest", "storm"))
    assert counts(found) == {
        ("sources", "added", "raw_file_new"): 1,
        ("articles", "added", "raw_file_new"): 1,
        ("article_text", "added", "raw_file_new"): 1,
        ("quotes", "added", "raw_file_new"): 2,
        ("quote_spans", "added", "raw_file_new"): 2,
        ("quote_speakers", "added", "raw_file_new"): 2,
        ("topic_assignments", "added", "raw_file_new"): 1,
    }
    assert set(found["basis"]) == {"evidence"}
    assert set(found["raw_sha256"]) == {sha("storm")}
    assert set(found.filter(in_table="quotes")["detail"]) == {"storm.txt"}
    (first, _) = found.filter(in_table="quotes").sort("char_start").to_dicts()
    assert (first["old_key"], first["new_key"]) == (None, quote_id("storm", 1))
    assert (first["char_start"], first["char_end"], first["changed_columns"]) == (10, 50, None)


def test_all_rows_of_a_file_that_is_gone_are_gone_by_it(compared: Compared, out: Path) -> None:
    new = Dataset("harvest", "storm")
    new.drop_article("storm")
    found = compared(Dataset("harvest", "storm"), new)
    assert set(found.select("change", "cause").iter_rows()) == {("gone", "raw_file_gone")}
    assert len(found) == 10
    assert (out / "changelog.md").read_text().startswith("- Raw files: 1 gone.\n")


def test_other_bytes_at_the_same_path_are_a_changed_file(compared: Compared) -> None:
    new = Dataset("harvest", "storm2")
    for table in ("sources", "articles"):
        new.find(table, raw_sha256=sha("storm2"))["raw_path"] = "storm.txt"
    found = compared(Dataset("harvest", "storm"), new)
    assert set(found["cause"]) == {"raw_file_changed"}
    assert counts(found.filter(in_table="quotes")) == {
        ("quotes", "gone", "raw_file_changed"): 2,
        ("quotes", "added", "raw_file_changed"): 2,
    }
    (source,) = found.filter(in_table="sources").to_dicts()
    assert (source["change"], source["old_key"], source["new_key"]) == ("changed", "storm.txt", "storm.txt")


def test_a_moved_file_changes_its_path_only(compared: Compared) -> None:
    new = Dataset("harvest")
    for table in ("sources", "articles"):
        new.find(table, raw_sha256=sha("harvest"))["raw_path"] = "2024/harvest.txt"
    assert counts(compared(Dataset("harvest"), new)) == {
        ("sources", "gone", "raw_file_changed"): 1,
        ("sources", "added", "raw_file_changed"): 1,
        ("articles", "changed", "raw_file_changed"): 1,
    }


def test_a_changed_term_of_the_codebook_is_the_cause_of_the_topics_that_follow(compared: Compared) -> None:
    new = Dataset("harvest")
    new.find("topic_terms", term_id="grain_1")["pattern"] = "barley"
    new.rows["topic_assignments"].clear()
    quote = new.find("quotes", quote_id=quote_id("harvest", 1))
    quote["topics"] = quote["topic_primary"] = None
    found = compared(Dataset("harvest"), new)
    assert counts(found) == {
        ("topic_terms", "changed", "codebook"): 1,
        ("quotes", "changed", "codebook"): 1,
        ("topic_assignments", "gone", "codebook"): 1,
    }
    (changed,) = found.filter(in_table="quotes").to_dicts()
    assert (changed["changed_columns"], changed["detail"]) == ("topic_primary; topics", "grain")
    assert (json.loads(changed["old_values"]), json.loads(changed["new_values"])) == (
        ["grain"] * 2,
        [None] * 2,
    )


def test_a_boundary_that_another_extractor_draws_is_a_changed_quote(compared: Compared, out: Path) -> None:
    new = Dataset()
    new.add_article("harvest")
    for table in ("quotes", "quote_spans", "quote_speakers", "topic_assignments"):
        new.rows[table].clear()
    new.add_quote("harvest", 7, 12, 55, "grain", extractor="tagger 4")
    new.add_quote("harvest", 2, 60, 90, None, extractor="tagger 4", confidence=0.8, quote_no=2)
    new.add_quote("harvest", 8, 95, 99, None, extractor="tagger 4", quote_no=3)
    new.find("articles", article_id=article_id("harvest"))["n_quotes"] = 3
    found = compared(Dataset("harvest"), new)
    assert set(found["cause"]) == {"model"}
    assert counts(found) == {
        ("quotes", "changed", "model"): 2,
        ("quotes", "added", "model"): 1,
        ("quote_spans", "changed", "model"): 1,
        ("quote_spans", "added", "model"): 1,
        ("quote_speakers", "added", "model"): 1,
        ("topic_assignments", "gone", "model"): 1,
        ("topic_assignments", "added", "model"): 1,
        ("articles", "changed", "model"): 1,
    }
    (moved,) = found.filter(pl.col("changed_columns") == "quote_text; char_start; char_end").to_dicts()
    assert (moved["old_key"], moved["new_key"]) == (quote_id("harvest", 1), quote_id("harvest", 7))
    assert (moved["basis"], moved["detail"]) == ("evidence", "tagger 3 → tagger 4")
    assert "- Extractor: tagger 3 → tagger 4.\n" in (out / "changelog.md").read_text()


def test_a_correction_is_the_cause_of_what_it_changes_and_of_nothing_else(compared: Compared) -> None:
    new = Dataset("harvest", "storm")
    new.rows["corrections"] = [
        row(
            "corrections",
            line_no=2,
            status="applied",
            what="speaker",
            raw_sha256=sha("harvest"),
            char_start=10,
            char_end=50,
            old_value="Ilsa Brannick",
            new_value="Velmar Ostin",
            article_id=article_id("harvest"),
            quote_id=quote_id("harvest", 1),
            found_quote_id=quote_id("harvest", 1),
        )
    ]
    for name in ("harvest", "storm"):
        quote = new.find("quotes", quote_id=quote_id(name, 1))
        quote["speaker_id"], quote["speaker_name"] = "velmar_ostin", "Velmar Ostin"
    speaker = new.find("quote_speakers", quote_id=quote_id("harvest", 1))
    speaker["speaker_id"], speaker["speaker_name"] = "velmar_ostin", "Velmar Ostin"
    found = compared(Dataset("harvest", "storm"), new)
    told = set(found.select("in_table", "old_key", "cause", "basis", "detail").iter_rows())
    assert told == {
        ("corrections", None, "correction", "evidence", None),
        ("quotes", quote_id("harvest", 1), "correction", "evidence", "speaker"),
        ("quotes", quote_id("storm", 1), "unknown", "none", None),
        ("quote_speakers", f"{quote_id('harvest', 1)} / 1", "correction", "follows", "speaker"),
    }


def test_a_statement_changes_for_what_its_quotes_change_for(compared: Compared) -> None:
    old, new = Dataset("harvest", "storm"), Dataset("harvest", "storm")
    for one, names in ((old, ("harvest", "storm")), (new, ("harvest",))):
        gist = quote_id("harvest", 1)
        one.rows["statements"] = [
            row("statements", statement_id="5" * 16, gist_quote_id=gist, n_articles=len(names))
        ]
        one.rows["statement_quotes"] = [
            row("statement_quotes", statement_id="5" * 16, quote_id=quote_id(name, 1), char_start=10)
            for name in names
        ]
    new.drop_article("storm")
    found = compared(old, new).filter(pl.col("in_table").str.starts_with("statement"))
    assert found.select("in_table", "change", "cause", "basis").rows() == [
        ("statement_quotes", "gone", "raw_file_gone", "evidence"),
        ("statements", "changed", "raw_file_gone", "follows"),
    ]


def test_a_row_that_changed_for_two_causes_stands_once_for_each(compared: Compared, out: Path) -> None:
    new = Dataset("harvest")
    new.find("speakers", speaker_id="ilsa_brannick")["name"] = "Ilsa M. Brannick"
    new.find("cues", lemma="say")["cue_class"] = "declarative"
    quote = new.find("quotes", quote_id=quote_id("harvest", 1))
    quote["speaker_name"], quote["cue_class"] = "Ilsa M. Brannick", "declarative"
    found = compared(Dataset("harvest"), new).filter(in_table="quotes")
    assert set(found.select("cause", "detail", "changed_columns").iter_rows()) == {
        ("authority", "ilsa_brannick", "speaker_name"),
        ("codebook", "cue say", "cue_class"),
    }
    assert "- quotes: 1 changed (codebook 1, authority 1); 2 → 2 rows." in (out / "changelog.md").read_text()


def test_where_two_inputs_come_into_question_the_cause_is_unknown(compared: Compared) -> None:
    new = Dataset("harvest")
    new.rows["word_lists"] = [row("word_lists", list_id="sports")]
    for one in new.rows["quotes"]:
        one["extractor"] = "tagger 4"
    quote = new.find("quotes", quote_id=quote_id("harvest", 1))
    quote["topics"] = quote["topic_primary"] = None
    found = compared(Dataset("harvest"), new).filter(in_table="quotes")
    assert found.select("cause", "basis", "detail").rows() == [
        ("unknown", "none", "may be model or codebook")
    ]


def test_what_only_one_input_can_have_done_says_so(compared: Compared) -> None:
    new = Dataset("harvest")
    new.rows["word_lists"] = [row("word_lists", list_id="sports")]
    quote = new.find("quotes", quote_id=quote_id("harvest", 1))
    quote["topics"] = quote["topic_primary"] = None
    found = compared(Dataset("harvest"), new).filter(in_table="quotes")
    assert found.select("cause", "basis", "detail").rows() == [("codebook", "only_candidate", "word_lists")]


def test_a_version_that_both_data_packages_note_makes_code_a_cause(tmp_path: Path, out: Path) -> None:
    new = Dataset("harvest")
    new.find("quotes", quote_id=quote_id("harvest", 2))["quote_type"] = "direct"
    for dataset, name, version in ((Dataset("harvest"), "old", "1.0.0"), (new, "new", "1.1.0")):
        dataset.write(tmp_path / name)
        (tmp_path / name / "datapackage.json").write_text(json.dumps({"version": version}))
    assert main(["diff", str(tmp_path / "old"), str(tmp_path / "new"), "--to", str(out)]) == 0
    found = pl.read_parquet(out / "differences.parquet")
    assert found.select("cause", "detail").rows() == [("code", "1.0.0 → 1.1.0")]


def test_the_table_keeps_its_schema_and_the_csv_is_harmless(compared: Compared, out: Path) -> None:
    new = Dataset("harvest")
    quote = new.find("quotes", quote_id=quote_id("harvest", 1))
    quote["speaker_id"], quote["speaker_name"] = f"{article_id('harvest')}:x", "=HYPERLINK(1)"
    new.rows["speakers"].append(row("speakers", speaker_id="=cmd", name="=cmd", in_authority=True))
    found = compared(Dataset("harvest"), new)
    Differences.to_schema().validate(found)
    sheet = pl.read_csv(out / "differences.csv", infer_schema=False)
    assert sheet.columns == found.columns
    assert "'=cmd" in sheet["new_key"].to_list()
    named = {line.split(",")[1] for line in (out / "differences_dictionary.csv").read_text().splitlines()[1:]}
    assert named >= set(found.columns) - {"x"}


def test_pages_show_hostile_words_as_words(compared: Compared, out: Path) -> None:
    new = Dataset("harvest")
    evil = '<script>alert(1)</script> [x](http://e.example) | "q"'
    new.find("quotes", quote_id=quote_id("harvest", 1))["speaker_name"] = evil
    compared(Dataset("harvest"), new)
    web = (out / "differences.html").read_text()
    assert "<script" not in web and "&lt;script&gt;alert(1)" in web
    assert re.search(r'Content-Security-Policy" content="default-src &#39;none&#39;', web)
    page = (out / "differences.md").read_text()
    assert (
        "<script" not in page
        and "&lt;script&gt;alert(1)&lt;/script&gt; \\[x\\](http://e.example) \\|" in page
    )


def test_the_same_two_datasets_give_the_same_bytes(tmp_path: Path) -> None:
    folders = [
        str(d.write(tmp_path / n)) for d, n in ((Dataset("harvest"), "old"), (Dataset("storm"), "new"))
    ]
    for name in ("one", "two"):
        assert main(["diff", *folders, "--to", str(tmp_path / name)]) == 0
    assert published_bytes(tmp_path / "one") == published_bytes(tmp_path / "two")


def test_a_dataset_of_older_tables_is_compared_in_what_both_have(tmp_path: Path, out: Path) -> None:
    old, new = Dataset("harvest").write(tmp_path / "old"), Dataset("harvest").write(tmp_path / "new")
    quotes = pl.read_parquet(old / "quotes.parquet")
    quotes.drop("is_negated").write_parquet(old / "quotes.parquet")
    (old / "word_lists.parquet").unlink()
    assert main(["diff", str(old), str(new), "--to", str(out)]) == 0
    assert pl.read_parquet(out / "differences.parquet").is_empty()
    told = (out / "changelog.md").read_text()
    assert "- Schema: quotes.is_negated is new.\n" in told and "the table word_lists is new" in told


def test_what_is_no_dataset_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = Dataset("harvest").write(tmp_path / "new")
    assert main(["diff", str(tmp_path / "none"), str(new), "--to", str(tmp_path / "out")]) == 1
    assert "there is no dataset in" in capsys.readouterr().err
    (new / "quotes.parquet").write_bytes(b"PAR1 damaged")
    old = Dataset("harvest").write(tmp_path / "old")
    assert main(["diff", str(old), str(new), "--to", str(tmp_path / "out")]) == 1
    assert "a dataset is damaged: quotes.parquet" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
