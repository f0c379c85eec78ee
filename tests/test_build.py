"""The build as its users see it: what is worked on anew, what is left alone, and equal bytes out."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.document import Document, Rows
from pipeline.quotes import stage as quotes_stage
from tests.workshop import PROJECT, Workshop, published_bytes

VOSS = "Premier Ila Voss said the harbour will open in spring. She called for talks on energy cooperation.\n"
TULL = "“We had no choice,” said Oren Tull, head of the pilots' guild. Tull added that fees will rise.\n"
NOTICE = "According to the weather office, the ice will hold until March.\n"
ALL_ZERO = {"articles": 0, "quotes": 0, "topics": 0}
ALL_ONE = {"articles": 1, "quotes": 1, "topics": 1}


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    shop = Workshop(tmp_path / "shop")
    shop.write(voss=VOSS, tull=TULL)
    assert shop.build() == 0
    return shop


def clean_build(shop: Workshop, folder: Path, *more: str) -> dict[str, str]:
    other = Workshop(folder)
    shutil.copytree(shop.raw, other.raw, dirs_exist_ok=True)
    assert other.build(*more) == 0
    return other.bytes()


def test_a_first_build_publishes_every_table_and_the_dictionary(shop: Workshop) -> None:
    from schemas import TABLES

    published = set(shop.bytes())
    assert "report/index.html" in published
    assert {name for name in published if not name.startswith("report/")} == {
        *(f"{model.table_name}.parquet" for model in TABLES),
        "data_dictionary.csv",
        "data_dictionary.html",
        "data_dictionary.md",
        "value_labels.csv",
        "datapackage.json",
        "croissant.json",
        "views.sql",
        "load.R",
        "on_the_record.py",
    }
    assert shop.table("sources")["status"].to_list() == ["ok", "ok"]
    assert shop.table("articles")["raw_path"].sort().to_list() == ["tull.txt", "voss.txt"]
    assert len(shop.table("quotes")) >= 3


def test_nothing_new_is_told_and_changes_nothing(shop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    before = shop.bytes()
    assert shop.build() == 0
    assert "nothing new" in capsys.readouterr().err
    assert shop.bytes() == before


def test_nothing_new_is_found_out_before_anything_heavy_is_imported(shop: Workshop) -> None:
    code = (
        "import sys; from pipeline.__main__ import main; code = main(sys.argv[1:]);"
        "heavy = {'prefect', 'polars', 'pandera', 'pyarrow'} & set(sys.modules);"
        "sys.exit(code or str(heavy or '') or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *shop.arguments()], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "nothing new" in done.stderr


def test_an_added_file_is_the_only_one_that_is_extracted(shop: Workshop, tmp_path: Path) -> None:
    shop.write(notice=NOTICE)
    assert shop.build() == 0
    assert shop.report()["made"] == ALL_ONE
    assert len(shop.table("articles")) == 3
    assert shop.bytes() == clean_build(shop, tmp_path / "clean")


def test_a_removed_file_takes_its_rows_along(shop: Workshop, tmp_path: Path) -> None:
    (shop.raw / "tull.txt").unlink()
    assert shop.build() == 0
    assert shop.report()["made"] == ALL_ZERO
    assert shop.table("articles")["raw_path"].to_list() == ["voss.txt"]
    assert shop.bytes() == clean_build(shop, tmp_path / "clean")


def test_a_touched_file_is_not_worked_on(shop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    os.utime(shop.raw / "tull.txt", (1, 1))
    assert shop.build() == 0
    assert "nothing new" in capsys.readouterr().err


def test_a_changed_file_is_worked_on_alone(shop: Workshop, tmp_path: Path) -> None:
    shop.write(tull=TULL + "Tull denied that the guild had met.\n")
    assert shop.build() == 0
    assert shop.report()["made"] == ALL_ONE
    assert shop.bytes() == clean_build(shop, tmp_path / "clean")


def test_a_renamed_file_changes_its_path_and_nothing_is_extracted(shop: Workshop, tmp_path: Path) -> None:
    (shop.raw / "old").mkdir()
    (shop.raw / "tull.txt").rename(shop.raw / "old" / "tull.txt")
    assert shop.build() == 0
    assert shop.report()["made"] == ALL_ZERO
    assert "old/tull.txt" in shop.table("articles")["raw_path"].to_list()
    assert shop.bytes() == clean_build(shop, tmp_path / "clean")


def test_a_copy_is_a_duplicate_and_shares_the_article(shop: Workshop) -> None:
    shop.write(zz_copy=TULL)
    assert shop.build() == 0
    assert shop.report()["made"] == ALL_ZERO
    sources = shop.sources()
    assert sources["zz_copy.txt"]["status"] == "duplicate"
    assert sources["zz_copy.txt"]["article_id"] == sources["tull.txt"]["article_id"]
    assert sources["zz_copy.txt"]["n_articles"] == 0
    assert "tull.txt" in sources["zz_copy.txt"]["message"]


def test_of_two_copies_the_first_path_carries_the_article_whichever_came_first(
    shop: Workshop, tmp_path: Path
) -> None:
    shop.write(aa_copy=TULL)
    assert shop.build() == 0
    assert "aa_copy.txt" in shop.table("articles")["raw_path"].to_list()
    assert shop.bytes() == clean_build(shop, tmp_path / "clean")


def test_a_manifest_row_makes_its_file_stale_alone(shop: Workshop, tmp_path: Path) -> None:
    (shop.raw / "manifest.csv").write_text("path,licence\ntull.txt,CC0-1.0\n")
    assert shop.build() == 0
    assert shop.report()["made"] == ALL_ONE
    licences = dict(shop.table("articles").select("raw_path", "licence").iter_rows())
    assert licences == {"tull.txt": "CC0-1.0", "voss.txt": None}
    # A row added above moves the line of the first, which makes nothing stale but its own file.
    (shop.raw / "manifest.csv").write_text("path,licence\nvoss.txt,CC0-1.0\ntull.txt,CC0-1.0\n")
    assert shop.build() == 0
    assert shop.report()["made"] == ALL_ONE
    assert shop.bytes() == clean_build(shop, tmp_path / "clean")


def test_a_contradiction_of_manifest_and_page_is_told_with_file_and_line(shop: Workshop) -> None:
    shop.write(dated="Talks in Ardesk\n2024-03-05 10:00\n\nPremier Ila Voss said the harbour will open.\n")
    (shop.raw / "manifest.csv").write_text("path,published_date\ndated.txt,2024-03-09\n")
    assert shop.build() == 0
    sources = shop.sources()
    assert sources["dated.txt"]["status"] == "warning"
    assert sources["dated.txt"]["reason_code"] == "manifest_contradiction"
    assert sources["dated.txt"]["message"].startswith("manifest.csv, line 2: ")
    assert "2024-03-09" in sources["dated.txt"]["message"]
    assert "2024-03-05" in sources["dated.txt"]["message"]
    dates = dict(shop.table("articles").select("raw_path", "published_date").iter_rows())
    assert str(dates["dated.txt"]) == "2024-03-05"


def test_an_empty_raw_folder_gives_an_empty_dataset(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "empty")
    assert shop.build() == 0
    assert shop.table("articles").is_empty()
    assert shop.table("quotes").is_empty()
    assert shop.table("sources").is_empty()
    assert not shop.table("topics").is_empty()


@pytest.mark.parametrize("left", [(), (".gitkeep",), ("manifest.csv", ".DS_Store")])
def test_a_raw_folder_that_went_away_does_not_empty_the_dataset(
    shop: Workshop, capsys: pytest.CaptureFixture[str], left: tuple[str, ...]
) -> None:
    before = shop.bytes()
    for path in shop.raw.iterdir():
        path.unlink()
    for name in left:
        (shop.raw / name).write_text("path,licence\n")
    capsys.readouterr()
    assert shop.build() == 1
    assert capsys.readouterr().err == (
        f"error: nothing is left to read in {shop.raw}, and the dataset in {shop.processed} has 2 articles: "
        "look whether the raw folder is the right one, mounted and readable; to publish an empty dataset all "
        f"the same, remove {shop.processed} first.\n"
    )
    assert shop.bytes() == before


def test_files_without_an_article_are_told_with_their_reason(
    shop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write(**{f"blank{n}": " " for n in range(7)})
    assert shop.build() == 0
    said = capsys.readouterr().err.splitlines()
    told = "the file holds white space only: put the article into it or remove it"
    assert [line for line in said if line.startswith("not read")] == [
        *(f"not read: blank{n}.txt: {told}" for n in range(5)),
        "not read: 2 more, which the report lists",
    ]


def test_an_authority_file_of_a_wrong_name_is_told(shop: Workshop) -> None:
    folder = shop.raw / "authority"
    folder.mkdir()
    (folder / "peoples.csv").write_text("speaker_id,name\n")
    assert shop.build() == 0
    row = shop.sources()["authority/peoples.csv"]
    assert (row["status"], row["reason_code"]) == ("warning", "authority_file; unknown_authority_file")
    assert row["message"].startswith("it is not used: the files in authority/ are ")
    assert "speakers.csv" in row["message"]


def test_a_published_file_that_was_lost_is_published_again(shop: Workshop) -> None:
    before = shop.bytes()
    (shop.processed / ".current" / "quotes.parquet").unlink()
    assert shop.build() == 0
    assert shop.bytes() == before


def test_check_finds_a_published_file_with_other_bytes_of_the_same_size(shop: Workshop) -> None:
    before = shop.bytes()
    path = shop.processed / ".current" / "quotes.parquet"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    assert shop.build("--check") == 0
    assert shop.bytes() == before


def test_a_damaged_part_is_made_again(shop: Workshop, tmp_path: Path) -> None:
    for path in shop.cache.glob("parts/quotes/*/*/quotes.parquet"):
        path.write_bytes(path.read_bytes()[:-20])
    shop.write(notice=NOTICE)
    assert shop.build() == 0
    assert shop.bytes() == clean_build(shop, tmp_path / "clean")


def test_what_breaks_a_rule_is_not_published(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shop.bytes()
    extract = quotes_stage.extract

    def shifted(extractor: Any, document: Document) -> Rows:
        rows: Rows = extract(extractor, document)
        for row in rows["quote_spans"]:
            row["char_start"] += 1
        return rows

    monkeypatch.setattr(quotes_stage, "extract", shifted)
    shop.write(voss=VOSS + "Voss denied it.\n")
    assert shop.build() == 1
    told = capsys.readouterr().err
    assert "table quote_spans, column span_text" in told
    assert "not what stands at its offsets" in told
    assert "Traceback" not in told
    assert shop.bytes() == before


@pytest.mark.parametrize("column", ["verbatim_share", "n_speakers"])
def test_a_value_out_of_range_is_told_by_table_column_rule_and_row(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], column: str
) -> None:
    extract = quotes_stage.extract

    def broken(extractor: Any, document: Document) -> Rows:
        rows: Rows = extract(extractor, document)
        for row in rows["quotes"]:
            row[column] = -1
        return rows

    monkeypatch.setattr(quotes_stage, "extract", broken)
    shop.write(voss=VOSS + "Voss denied it.\n")
    assert shop.build() == 1
    told = capsys.readouterr().err
    assert f"table quotes, column {column}: " in told
    assert "greater_than_or_equal_to(0)" in told
    assert "quote_id=" in told


# --- the same bytes, whatever surrounds the build


@pytest.fixture(scope="module")
def sample_bytes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("reference")
    run_build(PROJECT / "raw", folder)
    yield published_bytes(folder / "processed")


def run_build(
    raw: Path, folder: Path, *more: str, cwd: Path = PROJECT, env: dict[str, str] | None = None
) -> str:
    command = [sys.executable, "-m", "pipeline", "build", "--engine", "direct", "--raw", str(raw), *more]
    command += ["--processed", str(folder / "processed"), "--cache", str(folder / "cache")]
    done = subprocess.run(command, cwd=cwd, env=os.environ | (env or {}), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("more", "env"),
    [
        (["--batch-files", "1"], {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland"}),
        (["--batch-files", "3"], {"PYTHONHASHSEED": "2", "LC_ALL": "C", "TZ": "America/St_Johns"}),
        (["--processes", "2", "--batch-files", "4"], {"LC_ALL": "C.UTF-8", "POLARS_MAX_THREADS": "1"}),
        (["--check"], {"PYTHONHASHSEED": "3", "LANG": "tr_TR.UTF-8"}),
    ],
)
def test_the_bytes_do_not_depend_on_how_it_is_built(
    sample_bytes: dict[str, str], tmp_path: Path, more: list[str], env: dict[str, str]
) -> None:
    run_build(PROJECT / "raw", tmp_path, *more, env=env)
    assert published_bytes(tmp_path / "processed") == sample_bytes


def test_the_bytes_do_not_depend_on_the_path_or_the_order_of_the_files(
    sample_bytes: dict[str, str], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere ünd 'odd'"
    for path in sorted((PROJECT / "raw").rglob("*"), reverse=True):
        if path.is_file():
            target = elsewhere / path.relative_to(PROJECT / "raw")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    run_build(elsewhere, tmp_path)
    assert published_bytes(tmp_path / "processed") == sample_bytes


def test_files_that_arrive_one_by_one_give_the_bytes_of_a_clean_build(
    sample_bytes: dict[str, str], tmp_path: Path
) -> None:
    shop = Workshop(tmp_path)
    files = [path for path in sorted((PROJECT / "raw").rglob("*")) if path.is_file()]
    for number, path in enumerate(files):
        target = shop.raw / path.relative_to(PROJECT / "raw")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        if number % 4 == 0:
            shop.build()
    assert shop.build() == 0
    assert shop.bytes() == sample_bytes


# --- codebooks and code as part of what a stage depends on


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    copy = tmp_path / "project"
    for name in ("pipeline", "schemas"):
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def made(folder: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((folder / "processed/reports/run_report.json").read_bytes())["made"]
    return found


def test_a_new_topic_is_two_rows_and_reruns_topics_and_not_quotes(project_copy: Path, tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.write(voss=VOSS, tull=TULL)
    run_build(shop.raw, tmp_path, cwd=project_copy)
    rows = {
        "topics.csv": "harbours,,Harbours,Ports and what happens in them.,,,,none,,none,,false\n",
        "topic_terms.csv": "test_harbour,harbours,harbour,phrase,,,1.0,codebook\n",
    }
    for name, row in rows.items():
        with (project_copy / "schemas" / "codebooks" / name).open("a", encoding="utf-8") as file:
            file.write(row)
    run_build(shop.raw, tmp_path, cwd=project_copy)
    assert made(tmp_path) == {"articles": 0, "quotes": 0, "topics": 2}
    coded = pl.read_parquet(tmp_path / "processed/topic_assignments.parquet")
    assert ("harbours", "test_harbour") in coded.select("topic_id", "term_id").rows()
    fresh = tmp_path / "fresh"
    run_build(shop.raw, fresh, cwd=project_copy)
    assert published_bytes(tmp_path / "processed") == published_bytes(fresh / "processed")


def test_a_changed_module_of_the_quotes_stage_reruns_quotes_and_what_reads_them(
    project_copy: Path, tmp_path: Path
) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.write(voss=VOSS)
    run_build(shop.raw, tmp_path, cwd=project_copy)
    module = project_copy / "pipeline" / "quotes" / "marks.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    run_build(shop.raw, tmp_path, cwd=project_copy)
    assert made(tmp_path) == {"articles": 0, "quotes": 1, "topics": 1}
