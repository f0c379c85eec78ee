"""Rehydration: with the raw files the whole dataset comes back; without them nothing is made up."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.__main__ import main
from pipeline.frames import TABLE_BY_NAME
from pipeline.public.edition import hashes
from tests.built import SPEECH, change
from tests.workshop import Workshop


def rehydrate(public: Path, raw: Path, to: Path) -> int:
    return main(["rehydrate", "--public", str(public), "--raw", str(raw), "--to", str(to)])


def forged(edition: Path, folder: Path) -> Path:
    """Return a copy of an edition that can be changed; see `sealed`."""
    return Path(shutil.copytree(edition, folder))


def sealed(public: Path) -> Path:
    """Make the hashes right again, as somebody would who forges an edition."""
    about = json.loads((public / "edition.json").read_text())
    (public / "edition.json").write_text(json.dumps(about | {"files": hashes(public)}))
    return public


@pytest.fixture
def raw(dataset: Workshop, tmp_path: Path) -> Path:
    return Path(shutil.copytree(dataset.raw, tmp_path / "raw"))


def reasons(folder: Path) -> list[str]:
    return pl.read_csv(folder / "not_restored.csv")["reason"].to_list()


def test_all_tables_come_back_and_are_proved(
    dataset: Workshop, edition: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full = tmp_path / "full"
    assert rehydrate(edition, dataset.raw, full) == 0
    n_articles = len(dataset.table("articles"))
    assert f"{n_articles} articles have their text again" in capsys.readouterr().err
    for table in TABLE_BY_NAME:
        assert_frame_equal(pl.read_parquet(full / f"{table}.parquet"), dataset.table(table))
    assert reasons(full) == []
    assert main(["verify", "--raw", str(dataset.raw), "--processed", str(full)]) == 0


def closed_article(dataset: Workshop) -> dict[str, str]:
    texts = dict(dataset.table("article_text").iter_rows())
    rows = dataset.table("articles").to_dicts()
    return next(row for row in rows if texts[row["article_id"]] == SPEECH)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_text("changed"), "changed: a file of this path has other bytes"),
    ],
)
def test_one_file_that_is_not_there_or_not_the_same(
    dataset: Workshop,
    edition: Path,
    raw: Path,
    tmp_path: Path,
    spoil: Callable[[Path], object],
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    article = closed_article(dataset)
    spoil(raw / article["raw_path"])
    full = tmp_path / "full"
    assert rehydrate(edition, raw, full) == 0
    said = capsys.readouterr().err
    assert f"{len(dataset.table('articles')) - 1} articles have their text again" in said
    assert "1 articles stay as the edition has them, for want of their raw files; see " in said
    assert str(full / "not_restored.csv") in said
    assert pl.read_csv(full / "not_restored.csv").rows() == [
        (article["article_id"], article["raw_sha256"], reason)
    ]
    for table, column in (("quotes", "quote_text"), ("topic_assignments", "evidence_text")):
        after = pl.read_parquet(full / f"{table}.parquet")
        others = pl.col("article_id") != article["article_id"]
        assert_frame_equal(after.filter(others), dataset.table(table).filter(others))
        public = pl.read_parquet(edition / f"{table}.parquet")
        assert after.filter(~others)[column].equals(public.filter(~others)[column])
    assert article["article_id"] not in pl.read_parquet(full / "article_text.parquet")["article_id"]


def test_a_file_is_found_by_its_bytes_whatever_it_is_called(
    dataset: Workshop, edition: Path, raw: Path, tmp_path: Path
) -> None:
    article = closed_article(dataset)
    (raw / article["raw_path"]).rename(raw / "renamed.txt")
    full = tmp_path / "full"
    assert rehydrate(edition, raw, full) == 0
    assert reasons(full) == []
    row = pl.read_parquet(full / "articles.parquet").filter(article_id=article["article_id"])
    assert row["raw_path"].item().startswith("file-")
    assert_frame_equal(pl.read_parquet(full / "quotes.parquet"), dataset.table("quotes"))


def test_a_path_in_an_edition_is_never_opened(
    dataset: Workshop, edition: Path, raw: Path, tmp_path: Path
) -> None:
    public = forged(edition, tmp_path / "forged")
    article = closed_article(dataset)
    number = dataset.table("articles")["article_id"].to_list().index(article["article_id"])
    outside = tmp_path / "outside.txt"
    (raw / article["raw_path"]).rename(outside)
    for path in ("../outside.txt", str(outside), "sample/../../outside.txt"):
        change(public / "articles.parquet", "raw_path", number, path)
        assert rehydrate(sealed(public), raw, tmp_path / "full") == 0
        assert reasons(tmp_path / "full") == ["missing"]


def test_links_out_of_the_raw_folder_are_not_followed(
    dataset: Workshop, edition: Path, raw: Path, tmp_path: Path
) -> None:
    path = raw / closed_article(dataset)["raw_path"]
    path.rename(tmp_path / "outside.txt")
    path.symlink_to(tmp_path / "outside.txt")
    assert rehydrate(edition, raw, tmp_path / "full") == 0
    assert reasons(tmp_path / "full") == ["changed: a file of this path has other bytes"]


def test_offsets_and_recipes_that_do_not_fit_are_left(
    dataset: Workshop, edition: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    public = forged(edition, tmp_path / "forged")
    change(public / "quote_spans.parquet", "char_end", 0, 2_000_000_000)
    change(public / "recipes.parquet", "recipe", 0, "[[0,2000000000]]")
    assert rehydrate(sealed(public), dataset.raw, tmp_path / "full") == 0
    assert "2 cells could not be made again and stay shortened" in capsys.readouterr().err


def test_a_recipe_writes_words_of_the_article_only_and_only_where_they_belong(
    dataset: Workshop, edition: Path, tmp_path: Path
) -> None:
    public = forged(edition, tmp_path / "forged")
    recipes = pl.read_parquet(public / "recipes.parquet")
    article = closed_article(dataset)["article_id"]
    forgery = pl.DataFrame(
        [
            (article, "articles", article, column, "[[0,5]]")
            for column in ("raw_sha256", "licence", "headline")
        ],
        schema=recipes.schema,
        orient="row",
    )
    pl.concat([recipes, forgery]).sort("article_id").write_parquet(public / "recipes.parquet")
    assert rehydrate(sealed(public), dataset.raw, tmp_path / "full") == 0
    row = pl.read_parquet(tmp_path / "full" / "articles.parquet").filter(article_id=article)
    before = dataset.table("articles").filter(article_id=article)
    assert row["raw_sha256"].equals(before["raw_sha256"]) and row["licence"].equals(before["licence"])
    assert row["headline"].item() == SPEECH[:5]


@pytest.mark.parametrize("name", ["quotes.parquet", "recipes.parquet"])
def test_an_edition_that_was_changed_is_refused(
    dataset: Workshop, edition: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    public = forged(edition, tmp_path / "forged")
    content = bytearray((public / name).read_bytes())
    content[len(content) // 2] ^= 1
    (public / name).write_bytes(content)
    assert rehydrate(public, dataset.raw, tmp_path / "full") == 1
    assert f"{public / name} is not what edition.json says it is: fetch the edition again." in (
        capsys.readouterr().err
    )
    assert not (tmp_path / "full").exists()


@pytest.mark.parametrize("about", ["", "[]", '{"form": 99, "files": {}}', "[" * 9999])
def test_what_is_no_edition_is_refused(
    dataset: Workshop, tmp_path: Path, about: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "edition.json").write_text(about)
    assert rehydrate(tmp_path / "public", dataset.raw, tmp_path / "full") == 1
    assert capsys.readouterr().err.startswith(f"error: {tmp_path / 'public' / 'edition.json'} ")


def test_another_schema_is_refused(
    dataset: Workshop, edition: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    public = forged(edition, tmp_path / "forged")
    pl.read_parquet(public / "quotes.parquet").drop("cue").write_parquet(public / "quotes.parquet")
    assert rehydrate(sealed(public), dataset.raw, tmp_path / "full") == 1
    assert "column cue is missing" in capsys.readouterr().err


def test_the_folder_is_neither_the_edition_nor_the_raw_files(
    dataset: Workshop, edition: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for to in (edition, edition / "full", dataset.raw / "full"):
        assert rehydrate(edition, dataset.raw, to) == 1
        assert "lie inside each other" in capsys.readouterr().err
