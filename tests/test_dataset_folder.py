"""A command that reads a dataset says when there is none, or one without the texts that it needs."""

from pathlib import Path

import pytest

from pipeline.__main__ import main


@pytest.mark.parametrize(
    ("command", "wanted_for"),
    [
        (["verify", "--raw", "."], "a proof"),
        (["public"], "an edition"),
        (["sample", "--to", "SHEET"], "a sample"),
        (["export", "annotations"], "an annotation"),
        (["export", "standoff"], "a standoff annotation"),
        (["export", "dna"], "Discourse Network Analyzer"),
    ],
)
def test_a_public_edition_has_no_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], wanted_for: str
) -> None:
    edition = tmp_path / "public"
    edition.mkdir()
    for name in ("articles.parquet", "edition.json"):
        (edition / name).touch()
    words = [str(tmp_path / "sheet.csv") if word == "SHEET" else word for word in command]
    to = [] if words[0] in ("verify", "sample") else ["--to", str(tmp_path / "out")]
    assert main([*words, *to, "--processed", str(edition)]) == 1
    assert capsys.readouterr().err == (
        f"error: {edition} is a public edition, without the texts that {wanted_for} needs: fill them in with "
        "`python -m pipeline rehydrate`, and name the folder that it writes with --processed.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


@pytest.mark.parametrize("command", [["verify", "--raw", "."], ["public"], ["export", "csv"]])
def test_there_is_no_dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    to = [] if command[0] == "verify" else ["--to", str(tmp_path / "out")]
    assert main([*command, *to, "--processed", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"error: there is no dataset in {tmp_path}: build one with `make dataset`, or name its folder with "
        "--processed.\n"
    )
