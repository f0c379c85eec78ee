"""What the README says works: its commands run, its code blocks run, its sample is of this build."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.workshop import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
COLUMNS = ("speaker_name", "cue", "quote_type", "quote_text", "topic_primary", "illocution")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the files that git knows or would add, with this environment, built as the README says."""
    folder = tmp_path_factory.mktemp("clone") / "on-the-record"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (PROJECT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name, follow_symlinks=False)
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    done = subprocess.run(["make", "dataset"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    yield folder


def test_the_two_commands_are_targets_and_ci_runs_the_second() -> None:
    assert blocks("sh")[0].split("\n") == ["make dataset", "make test", ""]
    makefile = (PROJECT / "Makefile").read_text()
    for target in ("dataset", "test"):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)
    assert "make test" in (PROJECT / ".ci" / "run").read_text()


def test_make_dataset_takes_other_folders(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text("Ila Voss said the harbour will open.\n")
    command = re.search(r"`(make dataset RAW=[^`]*)`", README)
    assert command
    words = command[1].replace("/my/", f"{tmp_path}/").split()
    subprocess.run([*words, "ARGS=--engine direct"], cwd=clone, check=True, capture_output=True)
    assert len(pl.read_parquet(tmp_path / "dataset" / "quotes.parquet")) == 1
    command = re.search(r"`(python -m pipeline build [^`]*)`", README)
    assert command
    words = command[1].replace("/my/", f"{tmp_path}/").split()
    python = [str(clone / ".venv" / "bin" / "python"), *words[1:]]
    done = subprocess.run(python, cwd=clone, check=True, capture_output=True, text=True)
    assert "nothing new" in done.stderr


def test_the_build_leaves_the_checkout_clean(clone: Path) -> None:
    tracked = {line for line in (PROJECT / ".gitignore").read_text().splitlines() if line}
    assert {"/processed/*", "!/processed/README.md", "/.cache/", "/.venv/"} <= tracked
    assert (clone / "processed" / "README.md").read_bytes() == (
        PROJECT / "processed" / "README.md"
    ).read_bytes()


def counts(printed: str) -> list[int]:
    """Return the numbers of quotes by group that the examples print at the end of their lines, sorted."""
    return sorted(int(n) for n in re.findall(r" (\d+)$", printed, flags=re.MULTILINE))


def n_calls(folder: Path) -> int:
    """Return how many quotes are calls, whether or not outlet, speaker and topic are known."""
    quotes = pl.read_parquet(folder / "processed" / "quotes.parquet")
    return len(quotes.filter(pl.col("illocution").is_in(["directive", "commissive"])))


def test_the_python_code_answers_the_question_for_every_call(clone: Path) -> None:
    for code in blocks("python"):
        done = subprocess.run(
            [str(clone / ".venv" / "bin" / "python"), "-c", code], cwd=clone, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert "Ilsa Brannick" in done.stdout
        assert sum(counts(done.stdout)) == n_calls(clone) >= 10


def test_the_r_code_answers_it_with_the_same_numbers(clone: Path) -> None:
    command = os.environ.get("RSCRIPT", "Rscript").split()
    if not shutil.which(command[0]):
        pytest.skip("needs R with the arrow package, which is not here")
    if subprocess.run([*command, "-e", "library(arrow)"], capture_output=True).returncode:
        pytest.skip("needs R with the arrow package, which is not here")
    folder, inside = clone, str(clone)
    if root := os.environ.get("RSCRIPT_ROOT"):
        # R runs in a chroot and sees what lies there only.
        folder, inside = Path(root, "readme_test"), "/readme_test"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(clone / "processed" / ".current", folder / "processed")
    try:
        [code] = blocks("r")
        wide = f"setwd({inside!r}); options(width = 250)\n{code}"
        done = subprocess.run([*command, "-e", wide], cwd=folder, capture_output=True, text=True)
    finally:
        if folder != clone:
            shutil.rmtree(folder)
    assert done.returncode == 0, done.stderr
    [python] = blocks("python")
    wanted = subprocess.run(
        [str(clone / ".venv" / "bin" / "python"), "-c", python], cwd=clone, capture_output=True, text=True
    )
    assert counts(done.stdout) == counts(wanted.stdout)
    assert sum(counts(done.stdout)) == n_calls(clone)
    assert "Ilsa Brannick" in done.stdout


def test_duckdb_runs_in_python_as_it_says(clone: Path) -> None:
    [code] = re.findall(r"`(import duckdb; [^`]*)`", README)
    done = subprocess.run(
        [str(PROJECT / ".venv" / "bin" / "python"), "-c", code],
        cwd=clone / "processed",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    n_quotes = len(pl.read_parquet(clone / "processed" / "quotes.parquet"))
    assert f"{n_quotes} rows" in done.stdout


def test_the_corrections_example_finds_hash_and_offsets_where_it_says(clone: Path) -> None:
    [_, row] = blocks("csv")[0].splitlines()
    start_of_hash, start, end, _, old_speaker = row.split(",")[:5]
    articles = pl.read_parquet(clone / "processed" / "articles.parquet")
    of = articles.filter(pl.col("raw_sha256").str.starts_with(start_of_hash.removesuffix("…")))
    quotes = pl.read_parquet(clone / "processed" / "quotes.parquet").join(of, on="article_id", how="semi")
    [found] = quotes.filter(char_start=int(start), char_end=int(end)).to_dicts()
    assert found["speaker_name"] == old_speaker


def sample(processed: Path) -> str:
    """Return the picture of the quotes table that stands in the README."""
    quotes = pl.read_parquet(processed / "quotes.parquet")
    articles = pl.read_parquet(processed / "articles.parquet").select("article_id", "raw_path")
    wanted = quotes.join(articles, on="article_id").filter(raw_path="sample/wire_year_in_caption.txt")
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for row in wanted.sort("quote_no").head(6).select(COLUMNS).rows():
        cells = [" ".join(str(cell or "").split()) for cell in row]
        lines.append("| " + " | ".join(c if len(c) <= 70 else c[:69] + "…" for c in cells) + " |")
    return "\n".join(lines)


def test_the_picture_is_of_this_build(clone: Path) -> None:
    shown = README.split("<!-- sample:start -->")[1].split("<!-- sample:end -->")[0].strip()
    assert shown == sample(clone / "processed")


def test_every_folder_it_names_is_there() -> None:
    named = re.findall(r"^\| (`[^|]+`) \|", README, flags=re.MULTILINE)
    paths = [path for cell in named for path in re.findall(r"`([^`]+)`", cell)]
    assert len(paths) > 8
    for path in paths:
        assert (PROJECT / path).exists() or (PROJECT / "pipeline" / path).exists(), path
