"""R reads every table: with arrow alone, and with `load.R` typed, labelled and joined."""

import csv
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish.dictionary import label_of
from tests.workshop import PROJECT, Workshop

SCRIPTS = Path(__file__).parent
R_CLASSES = {
    pl.String: "character",
    pl.Int32: "integer",
    pl.Float64: "numeric",
    pl.Boolean: "logical",
    pl.Date: "Date",
    pl.Datetime: "POSIXct",
}


def rscript() -> list[str]:
    """Return the command that runs R; RSCRIPT may name one elsewhere, e.g. in a chroot."""
    command = os.environ.get("RSCRIPT", "Rscript").split()
    if shutil.which(command[0]):
        found = subprocess.run([*command, "-e", "library(arrow)"], capture_output=True)
        if found.returncode == 0:
            return command
    pytest.skip("needs R with the arrow package, which is not here")


def total(column: pl.Series) -> float:
    known = column.drop_nulls()
    if column.dtype == pl.String:
        return float(known.str.len_chars().sum())
    if column.dtype == pl.Date:
        return float(known.to_physical().sum())
    if isinstance(column.dtype, pl.Datetime):
        return float((known.dt.timestamp("ms") // 1000).sum())
    return float(known.sum())


@dataclass(frozen=True)
class InR:
    """The sample dataset where R can read it, and the command that runs R there."""

    processed: Path
    command: list[str]
    # The root of the chroot in which R runs, or /.
    root: Path

    def lines(self, script: str) -> list[list[str]]:
        """Run a script of this folder on the dataset and return the cells of what it prints."""
        copy = self.processed.parent / script
        shutil.copy(SCRIPTS / script, copy)
        inside = [str(Path("/", path.relative_to(self.root))) for path in (copy, self.processed)]
        done = subprocess.run([*self.command, *inside], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def in_r(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InR]:
    command = rscript()
    root = Path(os.environ.get("RSCRIPT_ROOT", "/"))
    place = root / "r_test" if "RSCRIPT_ROOT" in os.environ else tmp_path_factory.mktemp("r")
    shutil.rmtree(place, ignore_errors=True)
    try:
        shop = Workshop(place)
        shutil.copytree(PROJECT / "raw", shop.raw, dirs_exist_ok=True)
        assert shop.build() == 0
        yield InR(shop.processed, command, root)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def table(in_r: InR, name: str) -> pl.DataFrame:
    return pl.read_parquet(in_r.processed / f"{name}.parquet")


def test_r_reads_every_table_with_types_nulls_and_values(in_r: InR) -> None:
    seen = set()
    for file, name, r_class, length, missing, value in in_r.lines("read_tables.R"):
        column = table(in_r, file.removesuffix(".parquet"))[name]
        assert r_class == R_CLASSES[column.dtype.base_type()], (file, name)
        assert (int(length), int(missing)) == (len(column), column.null_count()), (file, name)
        assert float(value) == pytest.approx(total(column)), (file, name)
        seen.add((file, name))
    wanted = {(p.name, c) for p in in_r.processed.glob("*.parquet") for c in pl.read_parquet(p).columns}
    assert seen == wanted


def test_load_r_gives_types_labels_levels_nulls_and_values(in_r: InR) -> None:
    seen = set()
    for name, column_name, r_class, length, missing, value, label, levels in in_r.lines("load_tables.R"):
        where = (name, column_name)
        column = table(in_r, name)[column_name]
        declared = schema_of(name).columns[column_name]
        known = (declared.metadata or {}).get("levels")
        assert r_class == ("factor" if known else R_CLASSES[column.dtype.base_type()]), where
        assert (int(length), int(missing)) == (len(column), column.null_count()), where
        assert float(value) == pytest.approx(total(column)), where
        assert label == label_of(str(declared.description)), where
        assert levels == "|".join(known or ()), where
        seen.add(where)
    assert seen == {(name, column) for name in TABLE_BY_NAME for column in schema_of(name).columns}


def test_load_r_joins_pages_and_refusals_are_those_of_the_python_module(in_r: InR) -> None:
    from tests.readers.test_pandas import loaded

    otr = loaded(in_r.processed)
    joined = otr.join("quotes", "articles", "outlets", "speakers", "topics")
    with pytest.warns(UserWarning, match="several rows") as warned:
        several = otr.join("quotes", "quote_speakers")
    told = {cells[0]: cells[1:] for cells in in_r.lines("join_tables.R")}
    assert told["columns"] == list(joined.columns)
    assert told["labels"] == list(joined.attrs["labels"].values())
    rows = joined[["quote_id", "outlets_name", "topics_label"]].astype(object)
    rows = rows.where(rows.notna(), "NA")
    assert told["rows"] == ["/".join(row) for row in rows.itertuples(index=False, name=None)]
    pairs = several[["quote_id", "quote_speakers_speaker_id"]].astype(object)
    pairs = pairs.where(pairs.notna(), "NA")
    assert told["several"] == ["/".join(row) for row in pairs.itertuples(index=False, name=None)]
    assert told["warning"] == [str(warned[0].message)]
    assert told["factor"] == ["factor", "newspaper"]
    assert told["time"] == ["UTC", "2026-01-05 08:30:00"]
    inside = Path("/", in_r.processed.relative_to(in_r.root))
    pages = [otr.page_of(quote_id) for quote_id in joined["quote_id"]]
    assert told["page"] == [page.replace(str(in_r.processed), str(inside)) for page in pages]
    assert told["no quote"] == ["no quote 15b3-2:a5; the column quote_id of quotes has them"]
    assert told["no page"] == ["no reading page in FOLDER: `make dataset` writes one"]
    assert told["columns alone"] == ["cue", "quote_type"]
    assert told["no table"] == [f"no table quote; there are {', '.join(TABLE_BY_NAME)}"]
    assert told["which"][0].startswith(
        "speaker_members refers to speakers by group_id and member_id: say which"
    )
    assert told["nowhere"] == ["no reference of the dictionary leads from quotes to cues"]
    assert told["level"] == ["2", "indirect", "Indirect speech"]
    with (in_r.processed / "data_dictionary.csv").open(encoding="utf-8", newline="") as file:
        [cue] = [row for row in csv.DictReader(file) if (row["table"], row["column"]) == ("quotes", "cue")]
    assert told["definition"] == [cue["definition"]]
