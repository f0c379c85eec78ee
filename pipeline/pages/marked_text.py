"""The text of a document with its quotes marked, for any nesting and overlap of spans.

Marks cannot overlap in HTML, spans can. So the text is cut at every border of a span, and each piece says
which quotes it belongs to.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from pipeline.pages.safe_text import escaped, on_one_line

_ELEMENTS = {
    "headline": ("p", "headline"),
    "deck": ("p", "deck"),
    "byline": ("p", "byline"),
    "dateline": ("p", "dateline"),
    "heading": ("h3", ""),
    "paragraph": ("p", ""),
    "caption": ("p", "caption"),
    "pull_quote": ("p", "pull"),
    "header_field": ("p", "dim"),
    "boilerplate": ("p", "dim"),
}


class Block(NamedTuple):
    """A block of the layout; offsets in code points of the text, the end exclusive."""

    block_type: str
    start: int
    end: int


class Span(NamedTuple):
    """A span of a quote: its role (content, cue, source) and whether it continues the quote."""

    quote_no: int
    role: str
    start: int
    end: int
    continues: bool = False


class Mark(NamedTuple):
    """How a quote is shown: its anchor, the words of its label, its level and its style classes."""

    anchor: str
    label: str
    spoken_label: str
    level: int = 1
    classes: str = ""


def marked_text(
    text: str, blocks: Iterable[Block], spans: Iterable[Span], marks: Mapping[int, Mark]
) -> Markup:
    """Return the blocks as HTML whose text content is exactly that of the blocks (see `visible`).

    `marks` has an entry for every quote of `spans`. A label stands where the content of a quote starts; its
    words are an attribute, so that copied text stays clean.
    """
    waiting = sorted(spans, key=lambda s: (s.start, -s.end, marks[s.quote_no].level, s.quote_no))
    starts = _first_starts(waiting)
    labelled: set[int] = set()
    out: list[str] = []
    active: list[Span] = []
    for block in blocks:
        element, name = _ELEMENTS.get(block.block_type, ("", ""))
        if element:
            out.append(f'<{element} class="{name}">' if name else f"<{element}>")
        at = block.start
        while at < block.end:
            active = [span for span in active if span.end > at]
            while waiting and waiting[0].start <= at:
                span = waiting.pop(0)
                if span.end > at:
                    active.append(span)
                if span.role == "content" and span.quote_no not in labelled and starts[span.quote_no] <= at:
                    labelled.add(span.quote_no)
                    out.append(_label(marks[span.quote_no]))
            borders = [span.end for span in active]
            if waiting:
                borders.append(waiting[0].start)
            to = min([border for border in borders if border > at] + [block.end])
            out.append(_piece(text[at:to], active, marks))
            at = to
        if element:
            out.append(f"</{element}>")
    return Markup("".join(out))


def _first_starts(spans: Iterable[Span]) -> dict[int, int]:
    starts: dict[int, int] = {}
    for span in spans:
        if span.role == "content":
            starts[span.quote_no] = min(span.start, starts.get(span.quote_no, span.start))
    return starts


def _label(mark: Mark) -> str:
    return (
        f'<a class="label {mark.classes}" id="q-{mark.anchor}" href="#c-{mark.anchor}" '
        f'aria-label="{escaped(on_one_line(mark.spoken_label))}" '
        f'data-label="{escaped(on_one_line(mark.label))}"></a>'
    )


def _piece(text: str, active: Sequence[Span], marks: Mapping[int, Mark]) -> str:
    shown = escaped(text)
    if not active:
        return shown
    if len(active) == 1:
        [span] = active
        if span.role == "content":
            name = marks[span.quote_no].classes + (" continued" if span.continues else "")
            return f'<mark class="{name}" data-q="{span.quote_no}">{shown}</mark>'
        return f'<span class="{span.role}" data-q="{span.quote_no}">{shown}</span>'
    contents = [span for span in active if span.role == "content"]
    numbers = " ".join(str(number) for number in dict.fromkeys(_by_level(active, marks)))
    classes = []
    if contents:
        inner = max(contents, key=lambda s: (marks[s.quote_no].level, s.start, s.quote_no))
        classes.append(marks[inner.quote_no].classes)
        depth = len({span.quote_no for span in contents})
        if depth > 1:
            classes.append(f"deep{min(depth, 3)}")
        if inner.continues:
            classes.append("continued")
    classes += [role for role in ("cue", "source") if any(span.role == role for span in active)]
    element = "mark" if contents else "span"
    return f'<{element} class="{" ".join(classes)}" data-q="{numbers}">{shown}</{element}>'


def _by_level(active: Sequence[Span], marks: Mapping[int, Mark]) -> list[int]:
    ordered = sorted(
        active, key=lambda s: (s.role == "content", marks[s.quote_no].level, s.start, s.quote_no)
    )
    return [span.quote_no for span in ordered]
