"""R reads every table with arrow: types, numbers of rows, NULLs and values as polars has them."""

import os
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest

from tests.workshop import PROJECT, Workshop

SCRIPT = Path(__file__).with_name("read_tables.R")
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


def test_r_reads_every_table_with_types_nulls_and_values(tmp_path: Path) -> None:
    command = rscript()
    root = Path(os.environ.get("RSCRIPT_ROOT", tmp_path))
    shop = Workshop(root / "r_test")
    try:
        shutil.copytree(PROJECT / "raw", shop.raw, dirs_exist_ok=True)
        assert shop.build() == 0
        script = shutil.copy(SCRIPT, root / "r_test")
        inside = [
            str(Path("/", Path(path).relative_to(root))) if "RSCRIPT_ROOT" in os.environ else str(path)
            for path in (script, shop.processed)
        ]
        done = subprocess.run([*command, *inside], capture_output=True, text=True, check=True)
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        seen = set()
        for file, name, r_class, length, missing, value in rows:
            column = shop.table(file.removesuffix(".parquet"))[name]
            assert r_class == R_CLASSES[column.dtype.base_type()], (file, name)
            assert (int(length), int(missing)) == (len(column), column.null_count()), (file, name)
            assert float(value) == pytest.approx(total(column)), (file, name)
            seen.add((file, name))
        wanted = {(p.name, c) for p in shop.processed.glob("*.parquet") for c in pl.read_parquet(p).columns}
        assert seen == wanted
    finally:
        shutil.rmtree(root / "r_test")
