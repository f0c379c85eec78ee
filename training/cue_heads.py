"""The head of a cue: the one word on which an attribution is anchored."""

import re
from itertools import takewhile

from pipeline.quotes.model.windows import Span

LIGHT_WORDS = frozenset((
    "a", "an", "the", "'s", "’s", "s", "t", "to", "of", "in", "on", "at", "for", "with", "by", "as", "is",
    "are", "was", "were", "be", "been", "being", "am", "has", "have", "had", "having", "do", "does", "did",
    "will", "would", "can", "could", "may", "might", "shall", "should", "must", "not", "n’t", "n't", "don",
    "also", "often", "still", "never", "ever", "once", "again", "who", "that", "which", "and", "or", "but",
    "it", "its", "his", "her", "their", "he", "she", "they", "i", "we", "you", "very", "just", "already",
    "later", "even", "only",
))  # fmt: skip


def cue_head(text: str, cue: Span, lemma: str | None) -> Span:
    """Return the word of a cue that its lemma names, or else its first word of weight."""
    start, end = cue
    words = [(m.start() + start, m.end() + start) for m in re.finditer(r"\w+|[^\w\s]", text[start:end])]
    if not words:
        return cue
    common = [_common_prefix(text[a:b].lower(), lemma or "") for a, b in words]
    if max(common):
        return words[common.index(max(common))]
    heavy = (w for w in words if text[slice(*w)].lower() not in LIGHT_WORDS and text[w[0]].isalnum())
    return next(heavy, words[0])


def _common_prefix(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
