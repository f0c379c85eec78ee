"""A sample drawn, coded, read back, and turned into corrections that a build applies."""

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.__main__ import main
from pipeline.audit.estimates import Observation, estimate
from pipeline.audit.schema import Audit
from pipeline.corrections.sheet import COLUMNS as CORRECTION_COLUMNS
from tests.audit.coder import Cells, all_right, code, open_sheet, save_sheet
from tests.workshop import Workshop

# Invented.
TEXTS = {
    "harvest": """Leaders met in Quellport on Monday to talk about grain and the river.

"The barns are full and the roads are open," said Orsel Vanth, the harvest minister. "We shall sell to all."

Mira Tolleden, an engineer from Norvane, said the river was too low for large barges.

The market hall stayed open until the evening.

"=Nobody counts the boats," said Tarn Ulbrick, a fisherman.
""",
    "storm": """A storm closed the bridge at Sillport for two days.

The mayor, Hanne Corvath, said the pillars were safe. She added that repairs would take a week.

"We have seen worse," said Edrin Malvane, who runs the ferry.

Crews worked through the night, and the first lorries crossed at dawn.

According to Pell Averdane, an engineer, the old cables should be replaced.
""",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    shop = Workshop(tmp_path_factory.mktemp("audit"))
    shop.write(**TEXTS)
    assert shop.build() == 0
    return shop


def draw(shop: Workshop, sheet: Path, *more: str) -> list[Cells]:
    assert main(["sample", "--processed", str(shop.processed), "--to", str(sheet), *more]) == 0
    return open_sheet(sheet, ";" if "semicolon" in more else ",")


def audit(shop: Workshop, to: Path, *arguments: str | Path) -> int:
    return main(["audit", *map(str, arguments), "--processed", str(shop.processed), "--to", str(to)])


def figures(folder: Path, coder: str, **cells: str) -> dict[str, tuple[Any, ...]]:
    table = pl.read_csv(folder / "audit.csv").filter(coder=coder, **({"grouping": "all"} | cells))
    return {row[0]: row[1:] for row in table.select("measure", "n", "n_right", "estimate").iter_rows()}


def test_a_sample_has_each_quote_with_its_context_and_how_it_was_drawn(
    built: Workshop, tmp_path: Path
) -> None:
    rows = draw(built, tmp_path / "sheet.csv", "--n", "100", "--passages", "100")
    quotes = {row["quote_id"]: row for row in built.table("quotes").to_dicts()}
    drawn = [row for row in rows if row["kind"] == "quote"]
    assert len(drawn) == len(quotes)
    (row,) = [row for row in drawn if row["text"].startswith('"The barns')]
    article = built.table("articles").filter(raw_path="harvest.txt").row(0, named=True)
    assert row["raw_sha256"] == article["raw_sha256"]
    assert row["context_before"].endswith("grain and the river.")
    assert row["context_after"].startswith("Mira Tolleden")
    assert (row["cue"], row["speaker"], row["quote_type"]) == ("said", "Orsel Vanth", "direct")
    text = built.table("article_text").filter(article_id=article["article_id"])["text"][0]
    place = text[int(row["char_start"]) : int(row["char_end"])]
    assert place.startswith('"The barns') and place.endswith('sell to all."')
    assert (row["is_quote"], row["right_speaker"], row["probability"], row["weight"]) == ("", "", "1", "1")
    passages = {row["text"]: row for row in rows if row["kind"] == "passage"}
    assert passages["The market hall stayed open until the evening."]["found"] == "0"
    (storm,) = [row for text, row in passages.items() if text.startswith("The mayor")]
    assert (storm["found"], storm["found_quotes"].count(" || ")) == ("2", 1)


def test_the_sheet_is_drawn_by_seed_and_not_by_the_order_of_rows(built: Workshop, tmp_path: Path) -> None:
    few = ("--n", "4", "--passages", "4")
    first = draw(built, tmp_path / "1.csv", *few)
    assert draw(built, tmp_path / "2.csv", *few) == first
    assert draw(built, tmp_path / "3.csv", *few, "--seed", "2") != first
    shuffled = Workshop(tmp_path / "shuffled")
    shuffled.processed.mkdir()
    for file in built.processed.glob("*.parquet"):
        (shuffled.processed / file.name).write_bytes(file.read_bytes())
    quotes = built.table("quotes")
    quotes.sort("article_id", pl.col("quote_no"), descending=[False, True]).write_parquet(
        shuffled.processed / "quotes.parquet"
    )
    assert draw(shuffled, tmp_path / "4.csv", *few) == first
    assert len(first) == 8


def test_the_sheet_is_what_excel_opens_and_runs_nothing(built: Workshop, tmp_path: Path) -> None:
    draw(built, tmp_path / "sheet.csv", "--separator", "semicolon")
    content = (tmp_path / "sheet.csv").read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"row_id";"kind";') and b"\r\n" in content
    cells = [
        cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";") for cell in row
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_sheet_that_is_there_is_not_written_over(
    built: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sheet.csv").write_text("days of work")
    arguments = ["sample", "--processed", str(built.processed), "--to", str(tmp_path / "sheet.csv")]
    assert main(arguments) == 1
    assert "is there already: name a new file" in capsys.readouterr().err
    assert (tmp_path / "sheet.csv").read_text() == "days of work"
    arguments[-1] = str(built.processed / "sheet.csv")
    assert main(arguments) == 1
    assert "lies in the dataset: name a file elsewhere" in capsys.readouterr().err


def test_estimates_are_those_of_the_answers(built: Workshop, tmp_path: Path) -> None:
    """Draw half of the quotes; the coder finds every indirect one wrong and misses one quote a passage."""

    def answer(row: Cells) -> Cells:
        if row["kind"] == "passage":
            first = " ".join(row["text"].split()[:2])
            return {"missed_quotes": f"{first} // Hanne Corvath", "found_wrong": ""}
        said = all_right(row) | {"speaker_right": "no" if row["speaker"] == "Hanne Corvath" else "1"}
        return {"is_quote": "FALSCH"} if row["quote_type"] == "indirect" else said

    rows = draw(built, tmp_path / "sheet.csv", "--n", "6", "--passages", "8", "--by", "quote_type")
    filled = code(tmp_path / "sheet.csv", tmp_path / "Kim.csv", answer)
    assert audit(built, tmp_path / "out", filled) == 0
    Audit.to_schema().validate(
        pl.read_csv(tmp_path / "out" / "audit.csv", schema_overrides={"n": pl.Int32, "n_right": pl.Int32})
    )
    quotes = [row for row in rows if row["kind"] == "quote"]
    direct = [row for row in quotes if row["quote_type"] == "direct"]
    expected = estimate(
        [
            Observation(r["stratum"], int(r["stratum_rows"]), float(r["quote_type"] == "direct"), 1)
            for r in quotes
        ]
    )
    assert expected is not None
    found = figures(tmp_path / "out", "Kim")
    assert found["quote"] == (len(quotes), len(direct), pytest.approx(expected.value, abs=1e-6))
    assert found["boundary"][:2] == (len(direct), len(direct))
    passages = [row for row in rows if row["kind"] == "passage"]
    n_found = sum(int(row["found"]) for row in passages)
    assert found["recall"][:2] == (n_found + len(passages), n_found)
    by_type = figures(tmp_path / "out", "Kim", grouping="type", grouped="indirect")
    assert by_type["quote"][1:] == (0, 0.0)
    page = (tmp_path / "out" / "audit.md").read_text()
    assert f"| are quotes | {len(direct)} of {len(quotes)} (" in page and "Wilson" in page


def test_what_the_coder_finds_becomes_corrections_that_a_build_applies(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.write(**TEXTS)
    assert shop.build() == 0

    def answer(row: Cells) -> Cells:
        if row["kind"] == "passage":
            if row["text"].startswith("The market hall"):
                return {"missed_quotes": "hall stayed open // Orsel Vanth", "comment": "=heard it"}
            return {"missed_quotes": "none"}
        wrong: dict[str, Cells] = {
            '"The barns': {"speaker_right": "no", "right_speaker": "Mira Tolleden"},
            '"We have seen': {"type_right": "", "right_type": "Indirect"},
            "an engineer, the": {"right_boundary": "the old cables should be replaced", "boundary_right": ""},
            "the river was": {"topics_right": "nein", "right_topics": "food_energy_security"},
        }
        if row["text"].startswith("the pillars"):
            return {"is_quote": "no"}
        said = next((cells for words, cells in wrong.items() if row["text"].startswith(words)), {})
        return all_right(row) | said

    draw(shop, tmp_path / "sheet.csv")
    filled = code(tmp_path / "sheet.csv", tmp_path / "Kim.csv", answer, separator=";")
    corrections = shop.raw / "corrections.csv"
    more = ("--corrections", corrections, "--date", "2026-02-03")
    shutil.copytree(shop.processed, tmp_path / "before")
    assert audit(shop, tmp_path / "out", filled, *more) == 0
    before = corrections.read_bytes()
    rows = list(csv.DictReader(io.StringIO(before.decode())))
    assert tuple(rows[0]) == CORRECTION_COLUMNS
    told = {(row["what"], row["old_value"], row["coder"], row["reason"], row["date"]) for row in rows}
    day = "2026-02-03"
    assert {one for one in told if one[0] != "boundary"} == {
        ("speaker", "Orsel Vanth", "Kim", "", day),
        ("type", "direct", "Kim", "", day),
        ("topics", "", "Kim", "", day),
        ("not_a_quote", "the pillars were safe", "Kim", "", day),
        ("new_quote", "", "Kim", "'=heard it", day),
    }
    assert shop.build() == 0
    statuses = shop.table("corrections").select("what", "status", "message").rows()
    assert {(what, status) for what, status, _ in statuses} == {
        (what, "applied") for what in ("speaker", "type", "topics", "boundary", "not_a_quote", "new_quote")
    }, statuses
    quotes = {row["quote_text"]: row for row in shop.table("quotes").to_dicts()}
    assert "the pillars were safe" not in quotes
    assert quotes["hall stayed open"]["speaker_name"] == "Orsel Vanth"
    assert quotes["the old cables should be replaced"]["speaker_name"] == "Pell Averdane"
    assert (
        next(row for text, row in quotes.items() if text.startswith('"The barns'))["speaker_name"]
        == "Mira Tolleden"
    )
    folders = (str(tmp_path / "before"), str(shop.processed))
    assert main(["diff", *folders, "--to", str(tmp_path / "differences")]) == 0
    differences = pl.read_parquet(tmp_path / "differences" / "differences.parquet")
    assert set(differences.filter(pl.col("in_table") != "sources")["cause"]) == {"correction"}
    quotes_differ = differences.filter(in_table="quotes").group_by("change").len()
    assert dict(quotes_differ.iter_rows()) == {"changed": 4, "gone": 1, "added": 1}
    # The same sheet again: what is right now, and what stands there, is not added a second time.
    assert audit(shop, tmp_path / "out", filled, *more) == 0
    assert corrections.read_bytes() == before


def test_two_coders_agree_or_nothing_is_corrected(built: Workshop, tmp_path: Path) -> None:
    def first(row: Cells) -> Cells:
        said = all_right(row) | {"coder": "Kim"}
        if row["kind"] == "passage":
            return said
        if row["text"].startswith('"We have seen'):
            return said | {"speaker_right": "no", "right_speaker": "Hanne Corvath"}
        if row["text"].startswith("an engineer, the"):
            return said | {"speaker_right": "no", "right_speaker": "Hanne Corvath"}
        return said

    def second(row: Cells) -> Cells:
        said = all_right(row) | {"coder": "Ola"}
        if row["kind"] == "passage":
            return said
        if row["text"].startswith('"We have seen'):
            return said | {"speaker_right": "no", "right_speaker": "Hanne Corvath"}
        if row["text"].startswith("an engineer, the"):
            return said | {"speaker_right": "yes"}
        if row["text"].startswith("the river was"):
            return {"is_quote": "no", "coder": "Ola"}
        return said

    rows = draw(built, tmp_path / "sheet.csv", "--passages", "3")
    sheets = [
        code(tmp_path / "sheet.csv", tmp_path / f"{name}.csv", answer)
        for name, answer in (("one", first), ("two", second))
    ]
    corrections = tmp_path / "corrections.csv"
    assert audit(built, tmp_path / "out", *sheets, "--corrections", corrections) == 0
    (row,) = list(csv.DictReader(io.StringIO(corrections.read_text())))
    assert (row["what"], row["new_value"], row["coder"]) == ("speaker", "Hanne Corvath", "Kim; Ola")
    page = (tmp_path / "out" / "audit.md").read_text()
    n = sum(row["kind"] == "quote" for row in rows)
    # All but one say yes; by hand: alpha = 1 - (2n - 1) D / (n1 n0), D disagreements, n1 and n0 of each code.
    alpha = 1 - (2 * n - 1) * 2 / (2 * (2 * n - 1) * 1)
    assert f"| is\\_quote | {n} | {n - 1} (" in page.replace("is_quote |", "is\\_quote |")
    assert f"| {alpha:.3f} |" in page
    assert "speaker: only Kim says so" in page and "not\\_a\\_quote: only Ola says so" in page
    assert set(pl.read_csv(tmp_path / "out" / "audit.csv")["coder"]) == {"Kim", "Ola"}


def faults(
    shop: Workshop, tmp_path: Path, sheet: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> str:
    capsys.readouterr()
    assert audit(shop, tmp_path / "faults", sheet, *more) == 1
    assert not (tmp_path / "faults").exists()
    return capsys.readouterr().err


def test_every_cell_that_cannot_be_understood_is_told_with_row_column_and_what_to_do(
    built: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row | all_right(row) for row in draw(built, tmp_path / "sheet.csv")]
    quotes = [number for number, row in enumerate(rows) if row["kind"] == "quote"]
    (passage, *_) = [number for number, row in enumerate(rows) if row["kind"] == "passage"]
    rows[quotes[0]]["is_quote"] = "perhaps"
    rows[quotes[1]]["right_type"] = "indirekt"
    rows[quotes[1]]["type_right"] = ""
    rows[quotes[2]]["right_topics"] = "food_energy_securty"
    rows[quotes[2]]["topics_right"] = "no"
    rows[quotes[3]]["right_speaker"] = "Hanne Corvath"
    rows[quotes[4]]["is_quote"] = ""
    rows[quotes[5]]["missed_quotes"] = "something"
    rows[passage]["found_wrong"] = "99"
    told = faults(built, tmp_path, save_sheet(rows, tmp_path / "Kim.csv"), capsys)
    for number, column, rule in (
        (quotes[0], "is_quote", "'perhaps' is neither yes nor no: write yes or no"),
        (quotes[1], "right_type", "'indirekt' is not known; indirect? Write direct, indirect, mixed"),
        (quotes[2], "right_topics", "'food_energy_securty' is not known; food_energy_security? Write one of"),
        (quotes[3], "right_speaker", "says what is right, but speaker_right says that all is right"),
        (quotes[4], "is_quote", "is empty though boundary_right is filled in"),
        (quotes[5], "missed_quotes", "is for passages, and this row is a quote: empty it"),
        (passage, "found_wrong", "99, but only"),
    ):
        assert f"Kim.csv, row {number + 2}, column {column}: {rule}" in told
    assert "Nothing was written: mend the sheet and run it again." in told


def test_words_that_do_not_stand_in_the_text_are_told(
    built: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row | all_right(row) for row in draw(built, tmp_path / "sheet.csv")]
    rows[0] |= {"boundary_right": "no", "right_boundary": "words from nowhere"}
    rows[-1]["missed_quotes"] = "words from elsewhere // Hanne Corvath"
    filled = save_sheet(rows, tmp_path / "Kim.csv")
    told = faults(built, tmp_path, filled, capsys, "--corrections", str(tmp_path / "corrections.csv"))
    assert (
        "Kim.csv, row 2, column right_boundary: these words do not stand in the text near the quote" in told
    )
    assert f"row {len(rows) + 1}, column missed_quotes: 'words from elsewhere' does not stand in" in told
    assert not (tmp_path / "corrections.csv").exists()


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("raw_sha256", "1.2E+63", "the spreadsheet took it for a number (lost zeros)"),
        ("char_start", "12,5", "'12,5' is no whole number"),
        ("char_start", "99999", "does not belong to"),
        ("stratum_rows", "1000", "does not belong to"),
        ("row_id", "", "is empty, though the row is not"),
    ],
)
def test_cells_that_no_coder_should_touch_are_guarded(
    column: str, value: str, rule: str, built: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row | all_right(row) for row in draw(built, tmp_path / "sheet.csv")]
    rows[3][column] = value
    told = faults(built, tmp_path, save_sheet(rows, tmp_path / "Kim.csv"), capsys)
    assert f"row 5, column {column if rule != 'does not belong to' else 'row_id'}: " in told and rule in told


@pytest.mark.parametrize(
    "how", [{}, {"separator": ";"}, {"separator": "\t", "encoding": "utf-16"}, {"encoding": "utf-8-sig"}]
)
def test_what_spreadsheets_do_to_a_sheet_makes_no_difference(
    how: dict[str, Any], built: Workshop, tmp_path: Path
) -> None:
    rows = [row | all_right(row) for row in draw(built, tmp_path / "sheet.csv")]
    plain = save_sheet(rows, tmp_path / "Kim.csv")
    assert audit(built, tmp_path / "plain", plain) == 0
    numbers = ("char_start", "char_end", "found", "stratum_rows", "stratum_drawn")
    changed = [
        {name: f"{cell}.0" if name in numbers else cell.removeprefix("'") for name, cell in row.items()}
        | {"": "", "my notes": "look"}
        for row in rows
    ]
    empty = dict.fromkeys(changed[0], "")
    (tmp_path / "other").mkdir()
    other = save_sheet([empty, *changed[::-1], empty], tmp_path / "other" / "Kim.csv", **how)
    assert audit(built, tmp_path / "changed", other) == 0
    assert (tmp_path / "changed" / "audit.csv").read_bytes() == (
        tmp_path / "plain" / "audit.csv"
    ).read_bytes()


def test_a_workbook_or_another_table_is_told(
    built: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book.csv"
    book.write_bytes(b"PK\x03\x04rest")
    assert "is a workbook, not CSV: save it" in faults(built, tmp_path, book, capsys)
    book.write_text("a,b\n1,2\n")
    assert "row 1: no column row_id" in faults(built, tmp_path, book, capsys)
    book.write_text("row_id,kind\nx,quote\n")
    assert "row 1: no column outlet, date" in faults(built, tmp_path, book, capsys)
    assert "cannot be read" in faults(built, tmp_path, tmp_path / "none.csv", capsys)


def test_a_correction_that_contradicts_the_file_is_told_and_not_written(
    built: Workshop, tmp_path: Path
) -> None:
    def answer(row: Cells) -> Cells:
        wrong = row["kind"] == "quote" and row["text"].startswith('"We have seen')
        return all_right(row) | ({"speaker_right": "", "right_speaker": "Hanne Corvath"} if wrong else {})

    draw(built, tmp_path / "sheet.csv")
    filled = code(tmp_path / "sheet.csv", tmp_path / "Kim.csv", answer)
    corrections = tmp_path / "corrections.csv"
    assert audit(built, tmp_path / "out", filled, "--corrections", corrections) == 0
    changed = corrections.read_text().replace("Hanne Corvath,Kim", "Pell Averdane,Ola").rstrip("\n")
    corrections.write_text(changed)
    assert audit(built, tmp_path / "out", filled, "--corrections", corrections) == 0
    assert corrections.read_text() == changed
    assert "already says 'Pell Averdane' there" in (tmp_path / "out" / "audit.md").read_text()
