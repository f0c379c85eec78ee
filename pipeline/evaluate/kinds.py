"""Direct, mixed or indirect, read off the quotation marks of the text.

This is the ruler's reading, and on purpose not that of the extractor which it measures.
"""

import re
from collections.abc import Iterable

from pipeline.evaluate.gold import Span
from pipeline.evaluate.words import Words

DIRECT, MIXED, INDIRECT = "direct", "mixed", "indirect"
KINDS = (DIRECT, MIXED, INDIRECT)

# A mark opens after nothing, a space, a bracket, a dash or a colon.
_OPENS = r"(?<![^ \t\r(\[{—–\-:\u00a0])"
_LETTER = r"[^\W_]"
# The first that fits at the leftmost place. Double quotations that stay open run to the end of the line (in
# news style the next paragraph reopens them); single ones have to close, before a non-letter, with no double
# mark between, so that apostrophes are none.
_QUOTED = re.compile(
    "|".join(
        (
            rf"(?:[“„«]|{_OPENS}”(?={_LETTER}))[^”»\"]*[”»\"]?",
            r"(?:[\"＂]|''|``).*?(?:[\"＂”]|''|\Z)",
            rf"{_OPENS}‘(?={_LETTER})[^\"“”]{{1,398}}?(?<!\s)’(?!{_LETTER})",
            rf"{_OPENS}'(?={_LETTER})[^\"“”]{{1,398}}?(?<!\s)'(?!{_LETTER})",
        )
    ),
    re.DOTALL,
)


def quoted_words(words: Words) -> frozenset[int]:
    """Return the numbers of the words that stand in quotation marks, paragraph (line) by paragraph."""
    spans: list[Span] = []
    start = 0
    for line in words.text.split("\n"):
        spans += [(start + found.start(), start + found.end()) for found in _QUOTED.finditer(line)]
        start += len(line) + 1
    return words.touched(spans)


def kind_of(content: Iterable[int], quoted: frozenset[int]) -> str:
    """Return direct: all words of the content stand in quotation marks; indirect: none; mixed: some."""
    inside = [number in quoted for number in content]
    if not any(inside):
        return INDIRECT
    return DIRECT if all(inside) else MIXED
