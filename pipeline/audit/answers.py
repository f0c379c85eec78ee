"""What a coder said in the rows of a sheet."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.audit.cells import NotAnAnswer, whole_number, yes_or_no
from pipeline.audit.drawing import BETWEEN
from pipeline.audit.population import PASSAGE
from pipeline.audit.sheet import JUDGED, Complaints, Row, coder_of, read
from schemas.quotes import ILLOCUTIONS, QUOTE_TYPES

# What a coder writes for: no speaker can be named, no topic fits, nothing was missed.
NONE_WORDS = ("none", "-", "0", "no", "nein", "keine", "keiner")
_SPEAKER_AFTER = "//"


@dataclass(frozen=True)
class Missed:
    """A quote that the dataset lacks: its words as the coder wrote them, and who speaks ('' not said)."""

    words: str
    speaker: str


@dataclass(frozen=True)
class Answer:
    """A row that was coded.

    Of a quote: `is_quote`; `judged` says of each of JUDGED that was looked at whether it is right, `right`
    what it should be, where the coder says so. Of a passage: how many quotes the dataset has there, how many
    of them are none, and those that it lacks.
    """

    row: Row
    is_quote: bool = True
    judged: Mapping[str, bool] = field(default_factory=dict)
    right: Mapping[str, str] = field(default_factory=dict)
    n_wrong: int = 0
    missed: tuple[Missed, ...] = ()

    @property
    def is_passage(self) -> bool:
        """Tell whether the row is a passage, and not a quote."""
        return self.row["kind"] == PASSAGE


@dataclass(frozen=True)
class Coded:
    """The sheet of one coder. `n_rows` counts the rows that were not coded, too."""

    coder: str
    sheet: Path
    answers: tuple[Answer, ...]
    n_rows: int


def read_answers(sheet: Path, topic_ids: Sequence[str]) -> Coded:
    """Read a filled sheet. Raises Fault with every cell that cannot be understood."""
    rows = read(sheet)
    complaints = Complaints(sheet)
    found = [
        _passage(row, complaints) if row["kind"] == PASSAGE else _quote(row, complaints, topic_ids)
        for row in rows
    ]
    coder = coder_of(rows, sheet)
    complaints.raise_any()
    return Coded(coder, sheet, tuple(answer for answer in found if answer is not None), len(rows))


def _quote(row: Row, complaints: Complaints, topic_ids: Sequence[str]) -> Answer | None:
    is_quote = _answer(row, "is_quote", complaints)
    said = {what: _answer(row, f"{what}_right", complaints) for what in JUDGED}
    right = {what: row[f"right_{what}"].strip() for what in JUDGED}
    filled = [f"right_{what}" for what in JUDGED if right[what]]
    filled += [f"{what}_right" for what in JUDGED if said[what] is not None]
    for name in ("missed_quotes", "found_wrong"):
        if row[name].strip():
            complaints.add(row.number, name, "is for passages, and this row is a quote: empty it")
    if is_quote is None:
        if filled:
            rule = f"is empty though {filled[0]} is filled in: write yes or no (or empty the row)"
            complaints.add(row.number, "is_quote", rule)
        return None
    if not is_quote:
        if any(right.values()):
            rule = "says what is right, but is_quote says that it is no quote: empty one of the two"
            complaints.add(row.number, next(f"right_{what}" for what in JUDGED if right[what]), rule)
        return Answer(row, is_quote=False)
    judged: dict[str, bool] = {}
    corrected: dict[str, str] = {}
    for what in JUDGED:
        if right[what] and said[what]:
            rule = f"says what is right, but {what}_right says that all is right: empty one of the two"
            complaints.add(row.number, f"right_{what}", rule)
        elif right[what]:
            judged[what] = False
            corrected[what] = _value(row, what, right[what], complaints, topic_ids)
        elif (answer := said[what]) is not None:
            judged[what] = answer
    return Answer(row, judged=judged, right=corrected)


def _value(row: Row, what: str, cell: str, complaints: Complaints, topic_ids: Sequence[str]) -> str:
    """Return what a coder says is right in the words of the dataset; '' for none."""
    column = f"right_{what}"
    if what in ("speaker", "topics") and cell.casefold() in NONE_WORDS:
        return ""
    if what == "type":
        return _one_of(cell, QUOTE_TYPES, row, column, complaints)
    if what == "illocution":
        return _one_of(cell, ILLOCUTIONS, row, column, complaints)
    if what == "topics":
        parts = [part for part in cell.replace(",", ";").split(";") if part.strip()]
        return "; ".join(dict.fromkeys(_one_of(p, topic_ids, row, column, complaints) for p in parts))
    return " ".join(cell.split())


def _one_of(cell: str, levels: Sequence[str], row: Row, column: str, complaints: Complaints) -> str:
    level = cell.strip().casefold().replace(" ", "_")
    if level not in levels:
        near = difflib.get_close_matches(level, levels, n=1)
        hint = f"; {near[0]}?" if near else ""
        shown = ", ".join(levels) if len(levels) <= 8 else "one of the topic_id in the table topics"
        complaints.add(row.number, column, f"{cell.strip()!r} is not known{hint} Write {shown}")
    return level


def _passage(row: Row, complaints: Complaints) -> Answer | None:
    for name in ("is_quote", *(f"right_{what}" for what in JUDGED)):
        if row[name].strip():
            rule = "is for quotes, and this row is a passage: write missed quotes into missed_quotes"
            complaints.add(row.number, name, rule)
    cell = row["missed_quotes"].strip()
    n_wrong = 0
    if row["found_wrong"].strip():
        try:
            n_wrong = whole_number(row["found_wrong"])
        except ValueError:
            complaints.add(row.number, "found_wrong", f"{row['found_wrong']!r} is no number: write how many")
        if n_wrong > row.integer("found"):
            rule = f"{n_wrong}, but only {row.integer('found')} were found: how many of these are none?"
            complaints.add(row.number, "found_wrong", rule)
    if not cell:
        if row["found_wrong"].strip():
            complaints.add(row.number, "missed_quotes", "is empty: write none when nothing was missed")
        return None
    if cell.casefold() in NONE_WORDS:
        return Answer(row, n_wrong=n_wrong)
    return Answer(row, n_wrong=n_wrong, missed=tuple(_missed(part) for part in _parts(cell)))


def _parts(cell: str) -> list[str]:
    """Return the quotes that a coder wrote into one cell: a line each, or with || between them."""
    lines = [part for line in cell.splitlines() for part in line.split(BETWEEN.strip())]
    return [part.strip() for part in lines if part.strip()]


def _missed(part: str) -> Missed:
    words, _, speaker = part.partition(_SPEAKER_AFTER)
    return Missed(words.strip(), speaker.strip())


def _answer(row: Row, column: str, complaints: Complaints) -> bool | None:
    try:
        return yes_or_no(row[column])
    except NotAnAnswer:
        complaints.add(row.number, column, f"{row[column]!r} is neither yes nor no: write yes or no")
        return None


def by_row(answers: Iterable[Answer]) -> dict[str, Answer]:
    """Return the answers by the id of their row."""
    return {answer.row["row_id"].strip(): answer for answer in answers}
