"""A page as lines, and the blocks that tile it. Offsets are code points of the raw text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.document import Block
from pipeline.ingest.broken_lines import find_broken
from pipeline.ingest.furniture import furniture
from pipeline.running_text import goes_on, is_open

# What is trimmed from content: white space, and the byte-order mark wherever it stands.
_BLANK = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\ufeff"
_FINAL = (
    ".",
    "!",
    "?",
    "…",
    "。",
    "！",
    "？",
    '."',
    ".”",
    '!"',
    "!”",
    '?"',
    "?”",
    ".'",
    ".’",
    '"',
    "”",
    ".)",
)
_CLOSING = "\"'”’»)"
_LABEL_LENGTH = 40
# Nobody breaks lines by hand at fewer or more characters.
_NARROWEST, _WIDEST = 45, 120


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds something, trimmed; a paragraph that was wrapped by hand counts as one line,
    and so does a sentence that links on lines of their own break.

    `text` has the length of the span: line ends inside it are replaced by single spaces.
    """

    number: int
    start: int
    end: int
    text: str
    after_blank: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The whole text, and its lines without the blank ones.

    `furniture` are lines that are no part of the article, each with the rule that told it.
    """

    text: str
    lines: tuple[Line, ...]
    furniture: tuple[tuple[Line, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text that a layout has given a type, before the blanks are filled in."""

    block_type: str
    start: int
    end: int
    rule: str


def read_page(text: str) -> Page:
    """Divide a text into lines, at every kind of line end, and join lines that were wrapped by hand."""
    lines: list[Line] = []
    position, after_blank = 0, True
    for number, raw in enumerate(text.splitlines(keepends=True), start=1):
        start, end = trimmed(text, position, position + len(raw))
        position += len(raw)
        if start < end:
            lines.append(Line(number, start, end, text[start:end], after_blank))
        after_blank = start == end
    lines = _with_drop_caps(text, lines)
    told = furniture(lines)
    around = [(lines[number], rule) for number, rule in sorted(told.items())]
    if told:
        lines = [line for number, line in enumerate(lines) if number not in told]
    lines = _unwrapped(text, lines) if _is_wrapped(lines) else _partly_unwrapped(text, lines)
    lines, cards = _without_breaks(text, lines)
    return Page(text, tuple(lines), (*around, *((card, "name_card") for card in cards)))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the blank characters at its two ends; an empty span when nothing is left."""
    content = text[start:end]
    kept = content.lstrip(_BLANK)
    if not kept:
        return start, start
    start += len(content) - len(kept)
    return start, start + len(kept.rstrip(_BLANK))


def tile(text: str, pieces: Iterable[Piece]) -> tuple[Block, ...]:
    """Turn pieces into blocks that tile the text: trimmed, in order, with blank blocks between them.

    Text that no piece claims becomes a paragraph with the rule `unclaimed`, so that nothing is lost.
    """
    spans: list[Piece] = []
    position = 0
    for piece in sorted(pieces, key=lambda p: (p.start, p.end)):
        start, end = trimmed(text, max(piece.start, position), piece.end)
        if start >= end:
            continue
        _fill(text, position, start, spans)
        spans.append(Piece(piece.block_type, start, end, piece.rule))
        position = end
    _fill(text, position, len(text), spans)
    return tuple(
        Block(number, span.block_type, span.start, span.end, span.rule)
        for number, span in enumerate(spans, start=1)
    )


def whole(line: Line, block_type: str, rule: str) -> Piece:
    """Return the piece that is a whole line."""
    return Piece(block_type, line.start, line.end, rule)


def has_at_most(text: str, words: int) -> bool:
    """Tell whether a text has at most so many words, without reading a long one to its end."""
    return len(text) <= words * 25 and len(text.split()) <= words


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does."""
    return text.endswith(_FINAL)


def is_paragraph(text: str) -> bool:
    """Tell whether a line reads like running text: long, or a sentence of some length."""
    if not has_at_most(text, 30):
        return True
    return ends_sentence(text) and not has_at_most(text, 7)


def is_short(text: str, words: int = 10) -> bool:
    """Tell whether a line reads like a title or label: few words, and no end of a sentence."""
    return (
        has_at_most(text, words)
        and len(text) <= 90
        and text[-1] not in ".!,;:…。"
        and not (text[-1] in _CLOSING and text[-2:-1] in (".", "!", ",", "…"))
        and any(c.isalpha() for c in text)
    )


def in_capitals(text: str) -> bool:
    """Tell whether a text has letters with case, two at least, and all of them are capitals."""
    head = text[:400]
    return head.isupper() and sum(c.isupper() for c in head) >= 2 and text.isupper()


def _fill(text: str, start: int, end: int, spans: list[Piece]) -> None:
    if start == end:
        return
    left, right = trimmed(text, start, end)
    if left == right:
        spans.append(Piece("blank", start, end, "blank"))
        return
    if start < left:
        spans.append(Piece("blank", start, left, "blank"))
    spans.append(Piece("paragraph", left, right, "unclaimed"))
    if right < end:
        spans.append(Piece("blank", right, end, "blank"))


def _with_drop_caps(text: str, lines: Sequence[Line]) -> list[Line]:
    """Join a large first letter that stands on a line of its own to the line that goes on with its word."""
    joined: list[Line] = []
    for line in lines:
        first = joined[-1] if joined else None
        letter = first.text.lstrip("\"'“‘«") if first and len(first.text) <= 2 else ""
        if first and len(letter) == 1 and letter.isupper() and _is_rest_of_word(line.text):
            joined[-1] = _joined(text, first, line)
        else:
            joined.append(line)
    return joined


def _is_rest_of_word(text: str) -> bool:
    """Tell whether a line may go on with the word of a large first letter: *he minister*, *HE minister*."""
    word = text.split(maxsplit=1)[0]
    return word[0].islower() or (word.isalpha() and word.isupper() and len(word) >= 2)


def _without_breaks(text: str, lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Join the lines of each sentence that links break; return the lines, and those of name cards."""
    broken = find_broken([line.text for line in lines])
    if not broken.sentences:
        return list(lines), []
    first_of = {number: sentence[0] for sentence in broken.sentences for number in sentence}
    joined: list[Line] = []
    last = -1
    for number, line in enumerate(lines):
        if number in broken.cards:
            continue
        first = first_of.get(number)
        if first is not None and first == last and _is_next(text, joined[-1], line):
            joined[-1] = _joined(text, joined[-1], line)
        else:
            joined.append(line)
        last = first if first is not None else -1
    return joined, [lines[number] for number in sorted(broken.cards)]


def _is_next(text: str, line: Line, following: Line) -> bool:
    """Tell whether nothing stands between two lines."""
    return not text[line.end : following.start].strip(_BLANK)


def _joined(text: str, first: Line, last: Line) -> Line:
    words = "".join(" " if c.isspace() else c for c in text[first.start : last.end])
    return Line(first.number, first.start, last.end, words, first.after_blank)


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Tell whether blank lines divide paragraphs whose lines were broken at a fixed width.

    At a fixed width a line was broken because the next word did not fit: that is what is counted.
    """
    within = [(a, b) for a, b in pairwise(lines) if not b.after_blank]
    if len(within) < 3 or len(within) > len(lines) - 2:
        return False
    width = max(len(line.text) for line in lines)
    if not _NARROWEST <= width <= _WIDEST:
        return False
    full = sum(_is_full(a, b, width) for a, b in within)
    return full >= 0.7 * len(within)


def _is_full(line: Line, following: Line, width: int) -> bool:
    first_word = following.text.split(maxsplit=1)[0]
    return len(line.text) >= 0.6 * width and len(line.text) + 1 + len(first_word) > width - 8


def _unwrapped(text: str, lines: Sequence[Line]) -> list[Line]:
    width = max(len(line.text) for line in lines)
    groups: list[list[Line]] = []
    for line in lines:
        joins = (
            groups
            and not line.after_blank
            and _is_next(text, groups[-1][-1], line)
            and _is_full(groups[-1][-1], line, width)
            # A new `Label: value` starts a line of its own however full the last one was.
            and ":" not in line.text[:_LABEL_LENGTH].split(" ")[0]
        )
        if joins:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_joined(text, group[0], group[-1]) for group in groups]


def _partly_unwrapped(text: str, lines: Sequence[Line]) -> list[Line]:
    """Join the lines of single paragraphs that were wrapped by hand on a page where others were not."""
    joined: list[Line] = []
    group: list[Line] = []
    for line in lines:
        if group and (line.after_blank or not _is_next(text, group[-1], line)):
            joined.extend(_unwrapped_group(text, group))
            group = []
        group.append(line)
    joined.extend(_unwrapped_group(text, group))
    return joined


def _unwrapped_group(text: str, group: Sequence[Line]) -> Sequence[Line]:
    """Join lines with no blank line between them if all are full and most break a sentence."""
    if len(group) < 3:
        return group
    width = max(len(line.text) for line in group)
    if not _NARROWEST <= width <= _WIDEST or not ends_sentence(group[-1].text):
        return group
    pairs = list(pairwise(group))
    if not all(_is_full(a, b, width) for a, b in pairs):
        return group
    broken = sum(is_open(a.text) for a, _ in pairs)
    if broken * 2 <= len(pairs) or not any(goes_on(b.text) for _, b in pairs):
        return group
    return [_joined(text, group[0], group[-1])]
