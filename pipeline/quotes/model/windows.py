"""Turn text into model windows: canonical marks, word pieces, flags, cuts.

Training and tagging share this module, so that the model sees at run time
exactly what it saw in training. Every step depends on the text alone.
"""

import re
import string
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

Span = tuple[int, int]

MAX_PIECES = 128  # pieces of a window of several paragraphs, [CLS] included
CHUNK_PIECES = 160  # a longer paragraph is cut at sentence ends
QUOTED_FLAG = 4  # added to the case flag (0 lower, 1 title, 2 upper) of a quoted piece

_ENTITIES = {
    "&quot;": '"', "&#34;": '"', "&#x22;": '"', "&ldquo;": "“", "&rdquo;": "”",
    "&#8220;": "“", "&#8221;": "”", "&#x201c;": "“", "&#x201d;": "”",
    "&apos;": "'", "&#39;": "'", "&#x27;": "'", "&lsquo;": "‘", "&rsquo;": "’",
    "&#8216;": "‘", "&#8217;": "’", "&nbsp;": " ", "&#160;": " ", "&amp;": "&",
}  # fmt: skip
_ENTITY = re.compile("|".join(_ENTITIES), re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_OPEN_BEFORE = frozenset(" \t\n\r([{—–-:\u00a0")
_DOUBLE_MARK = re.compile("[\"＂“”„«]|''|``")
_CLOSERS = {"curly": re.compile('[”»"]'), "straight": re.compile("[\"＂”]|''")}
_SINGLE_MARK = re.compile("['‘]")
_SENTENCE_ENDS = frozenset(".!?")
_LOWER = frozenset(string.ascii_lowercase)  # with which most pieces begin


# ---------------------------------------------------------------- quotation marks
def unescape(text: str) -> str:
    """Replace entities of marks by the mark and spaces, surrogates by `?`; keep the length."""
    if "&" in text:
        text = _ENTITY.sub(lambda m: _ENTITIES[m.group().lower()].ljust(len(m.group())), text)
    return _SURROGATE.sub("?", text)


def quoted_regions(text: str) -> list[Span]:
    """Return the ranges inside quotation marks, marks included, line by line.

    Curly double quotes pair up, straight ones alternate, single ones count where
    they open after a space and close before a non-letter. A double quotation left
    open runs to the end of its line.
    """
    regions: list[Span] = []
    start = 0
    for line in text.split("\n"):
        regions.extend((start + s, start + e) for s, e in _line_regions(line))
        start += len(line) + 1
    return regions


def _line_regions(line: str) -> Iterable[Span]:
    i, n = 0, len(line)
    while i < n:
        double = _DOUBLE_MARK.search(line, i)
        limit = double.start() if double else n
        single = _next_single(line, i, limit)
        if single:
            yield single
            i = single[1]
        elif double is None:
            return
        elif double.group() == "”" and not _opens(line, limit):
            i = limit + 1
        else:
            kind = "curly" if double.group() in "“”„«" else "straight"
            close = _CLOSERS[kind].search(line, double.end())
            i = close.end() if close else n
            yield limit, i


def _opens(line: str, i: int) -> bool:
    before_ok = i == 0 or line[i - 1] in _OPEN_BEFORE
    return before_ok and line[i + 1 : i + 2].isalnum()


def _next_single(line: str, i: int, limit: int) -> Span | None:
    for mark in _SINGLE_MARK.finditer(line, i, limit):
        at = mark.start()
        if _opens(line, at):
            close = _single_close(line, at)
            if close is not None:
                return at, close + 1
    return None


def _single_close(line: str, i: int) -> int | None:
    closer = "’" if line[i] == "‘" else "'"
    for j in range(i + 2, min(len(line), i + 400)):
        if line[j] in '"“”':
            return None
        if line[j] == closer and not line[j + 1 : j + 2].isalnum() and not line[j - 1].isspace():
            return j
    return None


def canonical(text: str, regions: Sequence[Span]) -> str:
    """Write the marks of every region as “ and ”, all others of theirs as '; keep the length."""
    chars = list(text.replace("‘", "'").replace("’", "'"))
    for s, e in regions:
        chars[s] = "“"
        if text[s : s + 2] in ("''", "``"):
            chars[s + 1] = " "
        if e - s > 1 and text[e - 1] in "\"＂”»'’":
            chars[e - 1] = "”"
            if e - s > 3 and text[e - 2 : e] == "''":
                chars[e - 2] = " "
    return "".join(chars)


# ---------------------------------------------------------------- pieces
@dataclass(frozen=True)
class Pieces:
    """The word pieces of a document, paragraphs in order, one [SEP] after each.

    `cuts` are the piece indices at which windows may begin or end, `regions` the
    character ranges inside quotation marks.
    """

    ids: np.ndarray
    starts: list[int]
    ends: list[int]
    flags: np.ndarray
    cuts: list[int]
    regions: list[Span]


@dataclass(frozen=True)
class Window:
    """Pieces [first, stop) of a document."""

    first: int
    stop: int


def load_tokenizer(path: str) -> Tokenizer:
    """Load a tokenizer file, without the truncation and padding it may ask for."""
    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def encode(
    tokenizer: Tokenizer, text: str, paragraphs: Sequence[Span], chunk_pieces: int = CHUNK_PIECES
) -> Pieces:
    """Cut the paragraphs of a text into word pieces with offsets and flags."""
    plain = unescape(text)
    regions = quoted_regions(plain)
    plain = canonical(plain, regions)
    inside = bytearray(len(plain))
    for s, e in regions:
        inside[s:e] = b"\x01" * (e - s)
    separator = int(tokenizer.token_to_id("[SEP]") or 0)
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    cuts = [0]
    for offset, end in paragraphs:
        piece = tokenizer.encode(plain[offset:end], add_special_tokens=False)
        base = len(ids)
        ids.extend(piece.ids)
        starts.extend(s + offset for s, _ in piece.offsets)
        ends.extend(e + offset for _, e in piece.offsets)
        cuts.extend(_sentence_cuts(plain, starts, base, len(ids), chunk_pieces))
        ids.append(separator)
        starts.append(end)
        ends.append(end)
        cuts.append(len(ids))
    flags = [
        QUOTED_FLAG * inside[s] if s < e and plain[s] in _LOWER else _flag(plain, inside, s, e)
        for s, e in zip(starts, ends, strict=True)
    ]
    return Pieces(
        ids=np.array(ids, dtype=np.int64),
        starts=starts,
        ends=ends,
        flags=np.array(flags, dtype=np.int64),
        cuts=cuts,
        regions=regions,
    )


def _flag(text: str, inside: bytearray, start: int, end: int) -> int:
    if start == end:
        return 0
    case = 0
    if text[start].isupper():
        case = 2 if end - start > 1 and text[start:end].isupper() else 1
    return case + QUOTED_FLAG * inside[start]


def _sentence_cuts(text: str, starts: list[int], first: int, stop: int, size: int) -> list[int]:
    """Return cuts that leave no stretch longer than `size`, at sentence ends where there are any."""
    cuts = []
    while stop - first > size:
        cut = first + size
        for i in range(cut, first + size // 3, -1):
            before = text[starts[i - 1]]
            if before in _SENTENCE_ENDS or (before == "”" and text[starts[i - 2]] in _SENTENCE_ENDS):
                cut = i
                break
        cuts.append(cut)
        first = cut
    return cuts


def windows(pieces: Pieces, max_pieces: int = MAX_PIECES) -> list[Window]:
    """Pack the stretches between cuts into windows; a longer stretch is one by itself."""
    out: list[Window] = []
    first, cuts = 0, pieces.cuts
    while first < cuts[-1]:
        at = bisect_right(cuts, first + max_pieces - 1)
        stop = cuts[max(at - 1, bisect_right(cuts, first))]
        out.append(Window(first, stop))
        first = stop
    return out


def line_paragraphs(text: str) -> list[Span]:
    """Return the spans of the lines of a text that are not blank."""
    out, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            out.append((start, start + len(line)))
        start += len(line) + 1
    return out
