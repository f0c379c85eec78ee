"""Where words that a coder wrote stand in a raw text."""

import re

from pipeline.pages.safe_text import visible

Span = tuple[int, int]

# Spreadsheets and people write one of these for another.
_ALIKE = (
    '"“”„‟«»＂',
    "'’‘‚‛`´",
    "-–—‑−",
)
_CLASS = {char: f"[{re.escape(chars)}]" for chars in _ALIKE for char in chars}
_LEFT_OUT = re.compile(r"\s*(?:…|\.\.\.)\s+")


def find(words: str, text: str, near: int, window: Span) -> tuple[Span, ...]:
    """Return the spans of the words in a window of the text, those nearest to `near`; () when not there.

    White space, kinds of quotation marks and dashes make no difference. Words with … between them are
    several spans where they do not stand so in the text. Offsets in code points of the text.
    """
    shown = visible(text)
    whole = _nearest(words, shown, near, window)
    if whole:
        return (whole,)
    parts = [part for part in _LEFT_OUT.split(words) if part.strip()]
    if len(parts) < 2:
        return ()
    found: list[Span] = []
    begin, end = window
    for part in parts:
        span = _nearest(part, shown, near, (begin, end))
        if span is None:
            return ()
        found.append(span)
        near = begin = span[1]
    return tuple(found)


def written(spans: tuple[Span, ...]) -> str:
    """Return spans as corrections.csv has them."""
    return "; ".join(f"{start}-{end}" for start, end in spans)


def _nearest(words: str, text: str, near: int, window: Span) -> Span | None:
    tokens = words.split()
    if not tokens:
        return None
    pattern = r"\s+".join("".join(_CLASS.get(char, re.escape(char)) for char in token) for token in tokens)
    spans = [found.span() for found in re.compile(pattern).finditer(text, *window)]
    return min(spans, key=lambda span: (abs(span[0] - near), span), default=None)
