"""The text as a reader takes it in: no entities, no invisible characters, no broken lines, nothing between.

Rules and tagger read this text; every span that they find is told in offsets of the raw text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import NamedTuple

from pipeline.document import Block, Document
from pipeline.quotes.attributions import Span
from pipeline.quotes.word_sets import word_set
from pipeline.running_text import is_sequel

TEXT_BLOCKS = frozenset(("paragraph", "caption", "pull_quote", "headline", "deck"))
# What may stand inside a sentence of the text and is no part of it.
_SKIPPED = frozenset(("blank", "boilerplate", "caption", "pull_quote", "heading"))
# So many blocks that are not blank may stand there.
_MOST_SKIPPED = 8
# In code points: so far on it is looked whether the rest of a word stands alone too.
_NEARBY = 3000
# So much of two blocks is read to tell whether one sentence goes on.
_AT_BREAK = 200
_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_SPACES = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BREAKS = "\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_ENTITY = (
    r"&(?:amp;){0,5}(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};"
    r"|(?:quot|nbsp|amp|rsquo|lsquo|rdquo|ldquo)(?![\w=;]))"
)
_NOISE = re.compile(rf"{_ENTITY}|[{_INVISIBLE}]+|[{_SPACES}]+")
_NOISE_IN_TEXT = re.compile(rf"{_ENTITY}|[{_INVISIBLE}]+|\s*[{_BREAKS}][\s{_INVISIBLE}]*|[{_SPACES}]+")
_FIRST_BREAK = re.compile(f"[{_BREAKS}]")
_DROP_CAP = re.compile(
    rf"(?:[\"'“‘«]|&(?:amp;){{0,5}}(?:#?\w{{1,8}});)?([^\W\d_a-z])(?P<gap>[\s{_INVISIBLE}]+)(?=([^\W\d_]+))"
)
# A large first letter that is a word by itself belongs to the next word only in these.
_OPENERS = word_set(
    """
    about above according across after again against ahead all almost along already also although always
    amid among an and another any are around as at away
    if important in indeed inside instead into investigators is it its
    of off officials often old on once one only opposition or organisers other our out outside over own
    """
)
_FRAGMENTS = word_set(
    """
    he his hey hat here hose hree wo oday o ow hen hile e ith hat ho hy here hich ill hink ot ust any
    ut y oth efore or rom ew irst our ive ix even ight
    """
)


class _Piece(NamedTuple):
    """A stretch of the reading text and the stretch of the raw text, in one block, that it stands for."""

    start: int
    end: int
    raw_start: int
    raw_end: int
    block: int


@dataclass(frozen=True, slots=True)
class ReadSpan:
    """A span of the raw text, and the same in the reading text."""

    raw: Span
    read: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """A document to read: `document` has the reading text and blocks that tile it.

    A sentence that other blocks interrupt is one block there; a caption that stood inside it comes after it.
    """

    document: Document
    _pieces: tuple[_Piece, ...] | None
    _starts: tuple[int, ...]

    def raw_spans(self, span: Span) -> list[ReadSpan]:
        """Return where a span of the reading text stands in the raw text: several spans if interrupted."""
        if self._pieces is None:
            return [ReadSpan(span, span)]
        found: list[ReadSpan] = []
        block = -1
        for number in range(max(0, bisect_right(self._starts, span.start) - 1), len(self._pieces)):
            piece = self._pieces[number]
            if piece.start >= span.end:
                break
            if piece.end <= span.start:
                continue
            start, end = piece.raw_start, piece.raw_end
            first, last = max(span.start, piece.start), min(span.end, piece.end)
            if end - start == piece.end - piece.start:
                start, end = start + first - piece.start, end - (piece.end - last)
            if piece.block == block:
                before = found[-1]
                found[-1] = ReadSpan(Span(before.raw.start, end), Span(before.read.start, last))
            else:
                found.append(ReadSpan(Span(start, end), Span(first, last)))
            block = piece.block
        return [cut for one in found if (cut := self._trimmed(one)) is not None]

    def read_span(self, span: Span) -> Span:
        """Return where a span of the raw text, in one block, stands in the reading text; empty if nowhere."""
        if self._pieces is None:
            return span
        found: list[int] = []
        for piece in self._pieces:
            first, last = max(span.start, piece.raw_start), min(span.end, piece.raw_end)
            if first >= last:
                continue
            if piece.raw_end - piece.raw_start == piece.end - piece.start:
                shift = piece.start - piece.raw_start
                found += [first + shift, last + shift]
            else:
                found += [piece.start, piece.end]
        return Span(min(found), max(found)) if found else Span(0, 0)

    def _trimmed(self, span: ReadSpan) -> ReadSpan | None:
        """Leave out the spaces at the two ends of a part."""
        text = self.document.text[span.read.start : span.read.end]
        if not text.strip():
            return None
        if not (text[0].isspace() or text[-1].isspace()):
            return span
        first = span.read.start + len(text) - len(text.lstrip())
        last = span.read.end - (len(text) - len(text.rstrip()))
        (part,) = self.raw_spans(Span(first, last))
        return part


def read(document: Document) -> Reading:
    """Return the reading of a document; of a clean one it is the document itself."""
    text = document.text
    passages = _passages(text, document.blocks)
    if not passages and not _NOISE.search(text) and not any(_is_broken(text, b) for b in document.blocks):
        return Reading(document, None, ())
    writer = _Writer(text)
    blocks = document.blocks
    at = 0
    while at < len(blocks):
        passage = passages.get(at)
        if passage is None:
            writer.write(blocks[at])
            at += 1
            continue
        writer.write_passage([blocks[number] for number in passage])
        for skipped in range(at + 1, passage[-1]):
            if skipped not in passage and blocks[skipped].block_type != "blank":
                writer.write_apart(blocks[skipped])
        at = passage[-1] + 1
    read_document = replace(document, text="".join(writer.written), blocks=tuple(writer.blocks))
    return Reading(read_document, tuple(writer.pieces), tuple(piece.start for piece in writer.pieces))


class _Writer:
    """Writes the reading text block by block."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.written: list[str] = []
        self.length = 0
        self.pieces: list[_Piece] = []
        self.blocks: list[Block] = []

    def write(self, block: Block) -> None:
        """Write a block as a block of the reading."""
        self.write_passage([block])

    def write_passage(self, blocks: Sequence[Block]) -> None:
        """Write the blocks of one sentence as one block."""
        begin = self.length
        for number, block in enumerate(blocks):
            if number and not self._ends_blank() and not _opens_closing(self.text, block):
                self._put(" ")
            self._write_content(block)
        first = blocks[0]
        self.blocks.append(replace(first, char_start=begin, char_end=self.length))

    def write_apart(self, block: Block) -> None:
        """Write a block that the raw text has inside a sentence, after a line end."""
        begin = self.length
        self._put("\n")
        self.blocks.append(Block(block.block_no, "blank", begin, self.length, "blank"))
        self.write(block)

    def _put(self, shown: str) -> None:
        self.written.append(shown)
        self.length += len(shown)

    def _ends_blank(self) -> bool:
        return not self.written or self.written[-1][-1:].isspace()

    def _write_content(self, block: Block) -> None:
        text, start, end = self.text, block.char_start, block.char_end
        if block.block_type not in TEXT_BLOCKS:
            self._copy(block.block_no, start, end, _NOISE)
            return
        core_start, core_end = _core(text, start, end)
        self._copy(block.block_no, start, core_start, _NOISE)
        gap = _drop_cap_gap(text, core_start, core_end) if block.block_type == "paragraph" else None
        if gap is not None:
            self._copy(block.block_no, core_start, gap[0], _NOISE_IN_TEXT)
            core_start = gap[1]
        self._copy(block.block_no, core_start, core_end, _NOISE_IN_TEXT)
        self._copy(block.block_no, core_end, end, _NOISE)

    def _copy(self, block: int, start: int, end: int, noise: re.Pattern[str]) -> None:
        for found in noise.finditer(self.text, start, end):
            shown = _shown(found.group())
            if shown is None:
                continue
            self._keep(block, start, found.start())
            first, start = max(start, found.start()), found.end()
            if shown == " ":
                while start < end and self.text[start] == " ":
                    start += 1
                if self._ends_blank():
                    continue
            if shown:
                self.pieces.append(_Piece(self.length, self.length + len(shown), first, start, block))
                self._put(shown)
        self._keep(block, start, end)

    def _keep(self, block: int, start: int, end: int) -> None:
        if start < end:
            self.pieces.append(_Piece(self.length, self.length + end - start, start, end, block))
            self._put(self.text[start:end])


def _shown(noise: str) -> str | None:
    """Return what a reader sees of an entity or special character; None when it is no entity at all."""
    if noise[0] == "&":
        seen = noise
        while (plain := unescape(seen)) != seen:
            seen = plain
        if seen == noise:
            return None
        if seen.isspace():
            return " "
        return re.sub(f"[{_INVISIBLE}]+", "", seen)
    return " " if any(c.isspace() for c in noise) else ""


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the white space around it."""
    content = text[start:end]
    kept = content.lstrip()
    if not kept:
        return start, start
    start += len(content) - len(kept)
    return start, start + len(kept.rstrip())


def _is_broken(text: str, block: Block) -> bool:
    """Tell whether a text block holds a line end or a large first letter that stands apart."""
    if block.block_type not in TEXT_BLOCKS:
        return False
    start, end = _core(text, block.char_start, block.char_end)
    if _FIRST_BREAK.search(text, start, end):
        return True
    return block.block_type == "paragraph" and _drop_cap_gap(text, start, end) is not None


def _drop_cap_gap(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the gap between a large first letter and the rest of its word, if the text opens so."""
    found = _DROP_CAP.match(text, start, end)
    if found is None:
        return None
    letter, rest = found.group(1), found.group(3)
    if not (rest.islower() or (rest.isupper() and len(rest) > 1)):
        return None
    whole = (letter + rest).lower()
    on_own_line = _FIRST_BREAK.search(found.group("gap")) is not None
    if letter in "AIO":
        joins = whole in _OPENERS
    elif on_own_line:
        joins = True
    else:
        nearby = text[found.end() : found.end() + _NEARBY]
        joins = rest.islower() and (rest in _FRAGMENTS or not re.search(rf"\s{rest}\b", nearby))
    return found.span("gap") if joins else None


def _opens_closing(text: str, block: Block) -> bool:
    start, _ = _core(text, block.char_start, block.char_end)
    return text[start : start + 1] in ",.;:!?)”’"


def _passages(text: str, blocks: Sequence[Block]) -> dict[int, tuple[int, ...]]:
    """Return the places of the blocks of each interrupted sentence, by the place of the first."""
    found: dict[int, tuple[int, ...]] = {}
    if not any(block.block_type in _SKIPPED and block.block_type != "blank" for block in blocks):
        return found
    at = 0
    while at < len(blocks):
        passage = [at]
        if blocks[at].block_type == "paragraph":
            while (sequel := _sequel(text, blocks, passage[-1])) is not None:
                passage.append(sequel)
        if len(passage) > 1:
            found[at] = tuple(passage)
        at = passage[-1] + 1
    return found


def _sequel(text: str, blocks: Sequence[Block], at: int) -> int | None:
    """Return the place of the paragraph that goes on with the sentence that this one leaves open."""
    interrupted = 0
    for number, block in _following(blocks, at):
        if block.block_type == "paragraph":
            if not interrupted:
                return None
            end = blocks[at].char_end
            before = text[max(blocks[at].char_start, end - _AT_BREAK) : end].rstrip()
            after = text[block.char_start : min(block.char_end, block.char_start + _AT_BREAK)].lstrip()
            return number if is_sequel(before, after) else None
        is_of_pull_quote = block.layout_rule.startswith("pull_quote_")
        if block.block_type not in _SKIPPED and not is_of_pull_quote:
            return None
        interrupted += block.block_type != "blank"
        if interrupted > _MOST_SKIPPED:
            return None
    return None


def _following(blocks: Sequence[Block], at: int) -> Iterator[tuple[int, Block]]:
    for number in range(at + 1, len(blocks)):
        yield number, blocks[number]
