"""Words that the page itself attributes, without a verb: pull quotes, speaker labels, a name below."""

import re
from collections.abc import Sequence

from pipeline.document import Block
from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.marks import Marks
from pipeline.quotes.word_sets import word_set

# `MINISTER LEE:`, `Ann Lee (Reporter):`, `Q:` at the start of a line.
_LABEL = re.compile(
    r"(?:(?:[A-Z][\w.'’\-]*|of|the|de|van|von|bin)[ \t]){0,6}[A-Z][\w.'’\-]*"
    r"(?:[ \t]\([^()\n]{1,60}\))?(?=[ \t]?:\s)"
)
_SHORT_LABEL = re.compile(r"[A-Z](?=[ \t]?[:.]\s)")
_NAME_BELOW = re.compile(
    r"\s*(?:[-–—―]|--)\s?(?P<name>(?:[A-Z][\w.'’\-]*)(?:[ ](?:[A-Z][\w.'’\-]*|of|the|de|van|von|bin)){0,6})"
    r"(?P<title>,\s[^\n]{1,120})?\s*$"
)
_SIGNED = re.compile(r"(?:[-–—―]|--)\s?[A-Z]")
_SHORTEST_BELOW = 3
_NOT_LABELS = word_set(
    """
    note update editor's related source photo video watch read more correction caption
    """
)


def pull_quote(text: str, blocks: Sequence[Block], at: int) -> Attribution | None:
    """Return the attribution of the pull quote in the block at this place, or None when no name follows."""
    block = blocks[at]
    content = trimmed(text, block.char_start, block.char_end)
    if content is None:
        return None
    name: Span | None = None
    title: Span | None = None
    for following in blocks[at + 1 : at + 8]:
        if following.block_type == "blank":
            continue
        if not following.layout_rule.startswith("pull_quote_"):
            break
        if following.layout_rule == "pull_quote_name" and name is None:
            name = trimmed(text, following.char_start, following.char_end)
        elif following.layout_rule == "pull_quote_title" and title is None:
            title = trimmed(text, following.char_start, following.char_end)
    if name is None:
        return None
    last = content.end
    # The full stop of a pull quote without marks stays out.
    while last > content.start and text[last - 1] == ".":
        last -= 1
    if last == content.start:
        return None
    return Attribution(
        (Span(content.start, last),),
        (),
        name,
        None,
        is_display=True,
        display_title=text[title.start : title.end] if title else None,
    )


def speaker_label(text: str, start: int, end: int) -> Span | None:
    """Return the label of the speaker at the start of a line of a transcript, if there is one."""
    stop = min(end, start + 160)
    label = _LABEL.match(text, start, stop) or _SHORT_LABEL.match(text, start, stop)
    if label is None or label.group().lower() in _NOT_LABELS:
        return None
    return Span(label.start(), label.end())


def labelled_quote(text: str, start: int, end: int, marks: Marks) -> Attribution | None:
    """Return the attribution of `Name: "…"`, whose content is the quoted words, if the sentence is one."""
    label = speaker_label(text, start, end)
    if label is None or text[label.start : label.end].split()[0].lower() in _NOT_LABELS:
        return None
    at = label.end
    while at < end and (text[at].isspace() or text[at] == ":"):
        at += 1
    quoted = marks.at(at)
    if quoted is None or quoted.start != at or quoted.end > end:
        return None
    return Attribution((Span(quoted.start, quoted.end),), (), label, None, is_display=True)


def name_below(text: str, start: int, end: int, marks: Marks) -> Attribution | None:
    """Return the attribution of a paragraph made up of a quotation, a dash and a name."""
    quoted = marks.at(start)
    if quoted is None or quoted.start != start or quoted.is_open:
        return None
    signed = _NAME_BELOW.match(text, quoted.end, min(end, quoted.end + 300))
    if signed is None or len(text[quoted.start : quoted.end].split()) < _SHORTEST_BELOW or signed.end() < end:
        return None
    title = signed.group("title")
    return Attribution(
        (Span(quoted.start, quoted.end),),
        (),
        Span(*signed.span("name")),
        None,
        is_display=True,
        display_title=title[1:].strip() if title else None,
    )


def signature_end(text: str, blocks: Sequence[Block], at: int) -> int:
    """Return the end of the line below the block if it begins with a dash, else the end of the block."""
    end = blocks[at].char_end
    following = next((block for block in blocks[at + 1 : at + 3] if block.block_type != "blank"), None)
    if following is None or following.block_type != "paragraph":
        return end
    return following.char_end if _SIGNED.match(text, following.char_start) else end


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the span without the white space around it, or None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
