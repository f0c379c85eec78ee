"""What the coders say of the dataset, for people (audit.md) and for programs (audit.csv)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.audit.agreement import Agreement, Disagreement
from pipeline.audit.answers import Answer, Coded
from pipeline.audit.estimates import Estimate, Observation, estimate
from pipeline.audit.findings import Findings
from pipeline.audit.markdown import markdown
from pipeline.audit.schema import GROUPINGS, MEASURES, Audit
from pipeline.pages.safe_text import shortened
from pipeline.publish.dictionary import defused

PAGE, TABLE = "audit.md", "audit.csv"
_GROUP_COLUMNS = {"outlet": "outlet", "type": "quote_type", "speaker": "speaker_group"}
_SHOWN_LINES = 200

_MEASURE_WORDS = {
    "quote": "are quotes",
    "boundary": "boundary right",
    "speaker": "speaker right",
    "type": "type right",
    "topics": "topics right",
    "illocution": "speech act right",
    "all_right": "quote, boundary and speaker right",
    "recall": "found, of all quotes in the text (recall)",
}

_HOW = Path(__file__).with_name("how_to_read.md")


def audit_rows(sheets: Sequence[Coded]) -> list[dict[str, Any]]:
    """Return the rows of the table in order of its key."""
    rows = [row for coded in sheets for row in _coder_rows(coded)]
    return sorted(rows, key=lambda row: [row[name] for name in Audit.key])


def _coder_rows(coded: Coded) -> Iterator[dict[str, Any]]:
    for measure in MEASURES:
        answers = [answer for answer in coded.answers if answer.is_passage == (measure == "recall")]
        for grouping in GROUPINGS:
            column = _GROUP_COLUMNS.get(grouping)
            if measure == "recall" and grouping in ("type", "speaker"):
                continue
            groups = sorted({answer.row[column] for answer in answers}) if column else ["all"]
            for group in groups:
                found = estimate(_observations(answers, measure, _in_group(column, group)))
                if found is not None:
                    yield _row(coded.coder, measure, grouping, group, found)


def _in_group(column: str | None, group: str) -> Callable[[Answer], bool]:
    return lambda answer: column is None or answer.row[column] == group


def _observations(
    answers: Iterable[Answer], measure: str, belongs: Callable[[Answer], bool]
) -> list[Observation]:
    found = []
    for answer in answers:
        right, of = _score(answer, measure) if belongs(answer) else (0, 0)
        found.append(Observation(answer.row["stratum"], answer.row.integer("stratum_rows"), right, of))
    return found


def _score(answer: Answer, measure: str) -> tuple[int, int]:
    """Return how many of how many are right in a row; 0 of 0 where it was not judged."""
    if measure == "recall":
        true = answer.row.integer("found") - answer.n_wrong
        return true, true + len(answer.missed)
    if measure == "quote":
        return int(answer.is_quote), 1
    if measure == "all_right":
        if not answer.is_quote:
            return 0, 1
        parts = [answer.judged.get(what) for what in ("boundary", "speaker")]
        return (0, 0) if None in parts else (int(all(parts)), 1)
    if measure not in answer.judged:
        return 0, 0
    return int(answer.judged[measure]), 1


def _row(coder: str, measure: str, grouping: str, group: str, found: Estimate) -> dict[str, Any]:
    return {
        "coder": coder,
        "measure": measure,
        "grouping": grouping,
        "grouped": group,
        "n": found.n,
        "n_right": found.n_right,
        "share": found.share,
        "share_low": found.share_interval[0],
        "share_high": found.share_interval[1],
        "estimate": found.value,
        "low": found.interval[0],
        "high": found.interval[1],
        "n_effective": None if found.n_effective == float("inf") else found.n_effective,
        "population": found.population,
    }


def write(
    folder: Path,
    sheets: Sequence[Coded],
    agreed: Sequence[Agreement],
    differ: Sequence[Disagreement],
    findings: Findings | None,
) -> None:
    """Write page and table into a folder. They hold no clock: the same sheets give the same bytes."""
    rows = audit_rows(sheets)
    schema = Audit.to_schema()
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    frame = pl.DataFrame(rows, schema=types, orient="row")
    schema.validate(frame)
    harmless = [pl.col(name).map_elements(defused, return_dtype=pl.String) for name in ("coder", "grouped")]
    content = frame.with_columns(harmless).write_csv(float_precision=6)
    (folder / TABLE).write_text(content, encoding="utf-8")
    (folder / PAGE).write_text(_page(sheets, rows, agreed, differ, findings), encoding="utf-8")


def _page(
    sheets: Sequence[Coded],
    rows: Sequence[dict[str, Any]],
    agreed: Sequence[Agreement],
    differ: Sequence[Disagreement],
    findings: Findings | None,
) -> str:
    lines = ["# Audit", ""]
    for coded in sheets:
        quotes = sum(not answer.is_passage for answer in coded.answers)
        passages = len(coded.answers) - quotes
        lines.append(
            f"- **{markdown(coded.coder)}** coded {quotes:,} quotes and {passages:,} passages of "
            f"{coded.n_rows:,} rows ({markdown(coded.sheet.name)})."
        )
    lines.append("")
    for coded in sheets:
        lines += [f"## What {markdown(coded.coder)} says", ""]
        for grouping in GROUPINGS:
            here = [row for row in rows if row["coder"] == coded.coder and row["grouping"] == grouping]
            if here:
                lines += _table(here, grouping)
    if len(sheets) > 1:
        lines += _agreement(agreed, differ)
    if findings is not None:
        lines += _left_out(findings)
    return "\n".join([*lines, _HOW.read_text(encoding="utf-8")])


def _table(rows: Sequence[dict[str, Any]], grouping: str) -> list[str]:
    shown = sorted(rows, key=lambda row: (row["grouped"], MEASURES.index(row["measure"])))
    first = "" if grouping == "all" else f"{grouping} | "
    lines = [f"| {first}what | in the sample | interval | in the dataset | interval |"]
    lines.append("|" + "---|" * (5 if grouping == "all" else 6))
    for row in shown:
        group = "" if grouping == "all" else f"{markdown(row['grouped'])} | "
        lines.append(
            f"| {group}{_MEASURE_WORDS[row['measure']]} | {row['n_right']:,} of {row['n']:,} "
            f"({_percent(row['share'])}) | {_percent(row['share_low'])}–{_percent(row['share_high'])} | "
            f"{_percent(row['estimate'])} | {_percent(row['low'])}–{_percent(row['high'])} |"
        )
    return [*lines, ""]


def _agreement(agreed: Sequence[Agreement], differ: Sequence[Disagreement]) -> list[str]:
    lines = [
        "## Agreement",
        "",
        "| what | rows that both coded | same code | Krippendorff's alpha |",
        "|---|---|---|---|",
    ]
    for one in agreed:
        alpha = "– (one code only)" if one.alpha is None else f"{one.alpha:.3f}"
        lines.append(
            f"| {one.what} | {one.n:,} | {one.n_same:,} ({_percent(one.n_same / one.n)}) | {alpha} |"
        )
    lines += [
        "",
        "Krippendorff (2004), nominal: 1 is full agreement, 0 is what chance gives. A yes counts as the code",
        "of the dataset, a no as what is right instead.",
        "",
    ]
    if differ:
        lines += ["### Where they differ", "", "Nothing of this became a correction.", ""]
        lines += ["| row | what | first | second | words |", "|---|---|---|---|---|"]
        for row in differ[:_SHOWN_LINES]:
            words = markdown(shortened(row.row.row["text"], 80))
            codes = " | ".join(markdown(shortened(code, 80)) for code in row.codes)
            lines.append(f"| {markdown(row.row.row['row_id'])} | {row.what} | {codes} | {words} |")
        if len(differ) > _SHOWN_LINES:
            lines.append(f"\n{len(differ) - _SHOWN_LINES:,} more are not shown.")
        lines.append("")
    return lines


def _left_out(findings: Findings) -> list[str]:
    lines = ["## Corrections", "", f"{len(findings.wanted):,} corrections follow from the sheets."]
    if findings.left_out:
        lines += ["", "Not made into corrections:", ""]
        lines += [
            f"- {markdown(where)}: {markdown(shortened(why, 200))}"
            for where, why in findings.left_out[:_SHOWN_LINES]
        ]
        if len(findings.left_out) > _SHOWN_LINES:
            lines.append(f"- {len(findings.left_out) - _SHOWN_LINES:,} more")
    return [*lines, ""]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
