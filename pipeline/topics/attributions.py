"""The rows of the quotes stage, gathered into one object per quote."""

from dataclasses import dataclass

from pipeline.document import Row, Rows

# Start and end in code points of the raw text.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A quote with its spans in text order, its speakers, and the quotes reported inside it."""

    row: Row
    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    nested: tuple[Span, ...]
    speaker_ids: frozenset[str]


def read_attributions(quote_rows: Rows) -> list[Attribution]:
    """Return the quotes of a document in reading order."""
    spans: dict[tuple[str, str], list[Span]] = {}
    for row in quote_rows["quote_spans"]:
        spans.setdefault((row["quote_id"], row["span_role"]), []).append((row["char_start"], row["char_end"]))
    nested: dict[str, list[Span]] = {}
    for row in quote_rows["quotes"]:
        if row["parent_quote_id"] is not None:
            nested.setdefault(row["parent_quote_id"], []).extend(spans.get((row["quote_id"], "content"), ()))
    speakers: dict[str, set[str]] = {}
    for row in quote_rows["quote_speakers"]:
        speakers.setdefault(row["quote_id"], set()).add(row["speaker_id"])

    def in_order(quote_id: str, role: str) -> tuple[Span, ...]:
        return tuple(sorted(spans.get((quote_id, role), ())))

    return [
        Attribution(
            row,
            in_order(row["quote_id"], "content"),
            in_order(row["quote_id"], "cue"),
            in_order(row["quote_id"], "source"),
            tuple(sorted(nested.get(row["quote_id"], ()))),
            frozenset(speakers.get(row["quote_id"], ())),
        )
        for row in sorted(quote_rows["quotes"], key=lambda row: row["quote_no"])
    ]


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]
