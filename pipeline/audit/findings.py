"""From what coders found wrong to rows of corrections.csv."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import storage
from pipeline.audit.answers import Answer, Coded, by_row
from pipeline.audit.places import Span, find, written
from pipeline.audit.sheet import JUDGED, Complaints
from pipeline.corrections.sheet import COLUMNS, LONGEST_CELL
from pipeline.faults import Fault
from pipeline.publish.dictionary import defused
from pipeline.verify.reading import by_articles

# A quote that changed since the sample was drawn is the same one when it shares this much of its characters.
_SAME = 0.5
# So far from the quote its right words may stand.
_REACH = 4_000


@dataclass(frozen=True)
class Finding:
    """Something that a coder would have otherwise, at its place; values as in corrections.csv."""

    raw_sha256: str
    char_start: int
    char_end: int
    what: str
    old_value: str
    new_value: str
    coder: str
    reason: str

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Return what the finding is about."""
        return self.raw_sha256, self.char_start, self.char_end, self.what

    def cells(self, day: str) -> list[str]:
        """Return the row of corrections.csv."""
        start, end = str(self.char_start), str(self.char_end)
        values = (self.what, self.old_value, self.new_value, defused(self.coder), defused(self.reason), day)
        return [self.raw_sha256, start, end, *values]


@dataclass
class Findings:
    """What is to be corrected, and what is not with the reason why."""

    wanted: list[Finding] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


class _Quote(NamedTuple):
    """A quote of the dataset with its content spans."""

    row: dict[str, Any]
    spans: tuple[Span, ...]


@dataclass
class _Page:
    """A raw file in the dataset: its text and its quotes with their content spans."""

    text: str
    quotes: list[_Quote]

    def quote_at(self, start: int, end: int) -> _Quote | None:
        """Return the quote that stands there, or the one that overlaps best."""
        best, share = None, 0.0
        for quote in self.quotes:
            row = quote.row
            both = min(end, row["char_end"]) - max(start, row["char_start"])
            either = max(end, row["char_end"]) - min(start, row["char_start"])
            if both > 0 and both / either > share:
                best, share = quote, both / either
        return best if share >= _SAME else None


def find_corrections(processed: Path, sheets: Sequence[Coded]) -> Findings:
    """Return the corrections that the sheets ask for. Raises Fault where right words are not in the text.

    Of two coders, what both say counts, and what one says of a row that the other left out.
    """
    wanted = {
        answer.row["raw_sha256"] for coded in sheets for answer in coded.answers if _says_anything(answer)
    }
    pages = _pages(processed, wanted)
    found = Findings()
    by_coder = []
    for coded in sheets:
        complaints = Complaints(coded.sheet)
        by_coder.append(
            {
                row_id: _of_answer(answer, coded.coder, pages, complaints, found)
                for row_id, answer in by_row(coded.answers).items()
            }
        )
        complaints.raise_any()
    answers = [by_row(coded.answers) for coded in sheets]
    for row_id in dict.fromkeys(row_id for one in by_coder for row_id in one):
        if all(row_id in one for one in by_coder) and len(sheets) == 2:
            found.wanted += _agreed(row_id, by_coder, answers, found)
        else:
            found.wanted += [finding for one in by_coder for finding in one.get(row_id, [])]
    found.wanted = list({(finding.place, finding.new_value): finding for finding in found.wanted}.values())
    return found


def _says_anything(answer: Answer) -> bool:
    return bool(answer.missed) or not answer.is_quote or not all(answer.judged.values())


def _pages(processed: Path, wanted: set[str]) -> dict[str, list[_Page]]:
    """Return the articles of the wanted raw files; a file may hold several."""
    pages: dict[str, list[_Page]] = {}
    for chunk in by_articles(processed, ("article_text", "quotes", "quote_spans")):
        here = [row for row in chunk["articles"].iter_rows(named=True) if row["raw_sha256"] in wanted]
        if not here:
            continue
        texts = dict(chunk["article_text"].select("article_id", "text").iter_rows())
        spans: dict[str, list[Span]] = {}
        for span in chunk["quote_spans"].filter(span_role="content").iter_rows(named=True):
            spans.setdefault(span["quote_id"], []).append((span["char_start"], span["char_end"]))
        for article in here:
            rows = chunk["quotes"].filter(article_id=article["article_id"]).to_dicts()
            page = _Page(
                texts.get(article["article_id"], ""),
                [_Quote(row, tuple(spans[row["quote_id"]])) for row in rows],
            )
            pages.setdefault(article["raw_sha256"], []).append(page)
    return pages


def _of_answer(
    answer: Answer,
    coder: str,
    pages: Mapping[str, list[_Page]],
    complaints: Complaints,
    found: Findings,
) -> list[Finding]:
    if not _says_anything(answer):
        return []
    row = answer.row
    where = f"{row['row_id'].strip()} ({coder})"
    here = pages.get(row["raw_sha256"].strip())
    if not here:
        found.left_out.append((where, "its raw file is not in the dataset any more"))
        return []
    if answer.is_passage:
        return _new_quotes(answer, coder, here, complaints, found)
    at = next(((page, quote) for page in here if (quote := page.quote_at(*_place(answer)))), None)
    if at is None:
        found.left_out.append((where, "the dataset has no quote there any more"))
        return []
    page, (quoted, spans) = at
    made: list[Finding] = []

    def correct(what: str, old: str, new: str) -> None:
        if old == new:
            found.left_out.append((where, f"{what}: the dataset says {new!r} already"))
        elif defused(old) != old or defused(new) != new:
            found.left_out.append(
                (where, f"{what}: a spreadsheet would run it as a formula; write it by hand")
            )
        else:
            start, end = quoted["char_start"], quoted["char_end"]
            place = row["raw_sha256"].strip(), start, end
            made.append(Finding(*place, what, old, new, coder, " ".join(row["comment"].split())))

    if not answer.is_quote:
        words = " ".join(quoted["quote_text"].split())
        # The words are for the reader, and checked where they are given: they may be left out.
        correct("not_a_quote", words if len(words) < LONGEST_CELL and defused(words) == words else "", "")
        return made
    old = {
        "speaker": quoted["speaker_name"] or "",
        "type": quoted["quote_type"],
        "topics": quoted["topics"] or "",
        "illocution": quoted["illocution"] or "",
    }
    for what in JUDGED:
        if answer.judged.get(what, True):
            continue
        if what not in answer.right:
            found.left_out.append((where, f"{what} is wrong, but right_{what} does not say what is right"))
        elif what == "boundary":
            window = max(0, quoted["char_start"] - _REACH), quoted["char_end"] + _REACH
            right = find(answer.right[what], page.text, quoted["char_start"], window)
            if not right:
                rule = "these words do not stand in the text near the quote: copy them from the sheet"
                complaints.add(row.number, "right_boundary", rule)
            else:
                correct(what, written(spans), written(right))
        else:
            correct(what, old[what], answer.right[what])
    return made


def _new_quotes(
    answer: Answer, coder: str, pages: Sequence[_Page], complaints: Complaints, found: Findings
) -> list[Finding]:
    start, end = _place(answer)
    made = []
    for missed in answer.missed:
        where = f"{answer.row['row_id'].strip()} ({coder})"
        for page in pages:
            spans = find(missed.words, page.text, start, (start, end + _REACH))
            if spans and spans[0][0] < end:
                break
        else:
            rule = f"{missed.words[:60]!r} does not stand in the passage: copy the words from it"
            complaints.add(answer.row.number, "missed_quotes", rule)
            continue
        outer = spans[0][0], spans[-1][1]
        if any((row["char_start"], row["char_end"]) == outer for row, _ in page.quotes):
            found.left_out.append((where, "missed_quotes: the dataset has this quote already"))
        elif "|" in missed.speaker or defused(missed.speaker) != missed.speaker:
            found.left_out.append((where, "missed_quotes: a speaker cannot be written so; write it by hand"))
        else:
            value = f"{missed.speaker} |  |  | {written(spans)}".strip()
            reason = " ".join(answer.row["comment"].split())
            made.append(
                Finding(answer.row["raw_sha256"].strip(), *outer, "new_quote", "", value, coder, reason)
            )
    return made


def _agreed(
    row_id: str,
    by_coder: Sequence[Mapping[str, list[Finding]]],
    answers: Sequence[Mapping[str, Answer]],
    found: Findings,
) -> list[Finding]:
    """Return what both coders found in a row, and what one found where the other did not answer."""
    first, second = (one[row_id] for one in by_coder)
    agreed: list[Finding] = []
    for finding, others, other in (
        *((finding, second, answers[1][row_id]) for finding in first),
        *((finding, first, answers[0][row_id]) for finding in second),
    ):
        same = [one for one in others if (one.place, one.new_value) == (finding.place, finding.new_value)]
        if same:
            if others is second:
                coders = f"{finding.coder}; {same[0].coder}"
                reasons = "; ".join(dict.fromkeys(filter(None, (finding.reason, same[0].reason))))
                agreed.append(Finding(*finding.place, finding.old_value, finding.new_value, coders, reasons))
        elif other.is_quote and finding.what in JUDGED and finding.what not in other.judged:
            agreed.append(finding)
        else:
            why = f"{finding.what}: only {finding.coder} says so; settle it, and write it by hand"
            found.left_out.append((f"{row_id} ({finding.coder})", why))
    return agreed


def _place(answer: Answer) -> tuple[int, int]:
    return answer.row.integer("char_start"), answer.row.integer("char_end")


def append(corrections: Path, findings: Iterable[Finding], day: str, found: Findings) -> int:
    """Add findings to a corrections.csv (made when it is not there); return how many were new.

    What stands there already is not added again; what contradicts a row is told in `found` instead.
    """
    before = b""
    if corrections.exists():
        try:
            before = corrections.read_bytes()
            rows = list(csv.reader(io.StringIO(before.decode("utf-8-sig"), newline="")))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise Fault(f"{corrections} cannot be read ({error})", "save it as CSV in UTF-8") from None
        if rows and tuple(cell.strip() for cell in rows[0]) != COLUMNS:
            raise Fault(
                f"{corrections}, line 1: the columns have to be {','.join(COLUMNS)}", "mend the first line"
            )
    else:
        rows = []
    known = {tuple(row[:4]): row[5] for row in rows[1:] if len(row) >= 6}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if not rows:
        writer.writerow(COLUMNS)
    n = 0
    for finding in findings:
        cells = finding.cells(day)
        earlier = known.get(tuple(cells[:4]))
        if earlier is not None and earlier != finding.new_value:
            why = f"{finding.what}: {corrections.name} already says {earlier!r} there; settle it by hand"
            found.left_out.append((f"{finding.char_start}–{finding.char_end} ({finding.coder})", why))
        elif earlier is None:
            known[tuple(cells[:4])] = finding.new_value
            writer.writerow(cells)
            n += 1
    if n:
        joint = b"\n" if before and not before.endswith(b"\n") else b""
        try:
            storage.write_bytes(corrections, before + joint + out.getvalue().encode())
        except OSError as error:
            raise storage.explain(error, f"writing {corrections}") from None
    return n
