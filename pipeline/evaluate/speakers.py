"""Whether the right speakers are named, and whether speech that is reported further is followed."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.evaluate.gold import GoldDocument, GoldQuote
from pipeline.evaluate.measures import ALL, Counts, Measure, share
from pipeline.evaluate.predictions import FoundQuote
from pipeline.evaluate.scores import ENOUGH
from pipeline.evaluate.speaker_names import name_set
from pipeline.evaluate.words import overlap, word_starts

# A sentence starts at a capital or an opening mark after an end mark and a space or closing mark.
_NEXT_SENTENCE = re.compile(r"[.!?][\"”’'\s]\s*(?=[\"“‘A-Z])")
# A shorter piece is no sentence that one could miss.
_MIN_WORDS = 3


def count_speakers(document: GoldDocument, quotes: Sequence[FoundQuote], *, speech_only: bool) -> Counts:
    """Count right, wrong and missing speakers of a document, and sentences of continued speech.

    Right: the names of a found quote that matches a gold one (half of the words in common, best first) are
    all of the gold names and no others. Wrong named: a matched quote with other names, or a quote that
    matches no gold one and yet names somebody. Unresolved: a matched quote without names.
    """
    found = [word_starts(quote.content, document.text) for quote in quotes]
    names = [name_set(quote.speakers) for quote in quotes]
    pairs = _pair_up([word_starts(gold.content, document.text) for gold in document.quotes], found)
    counts = dict.fromkeys(
        ("right", "wrong_matched", "unresolved", "matched", "sentences", "sentences_right"), 0.0
    )
    for i, j in pairs.items():
        gold = document.quotes[i]
        if gold.speakers is None or (speech_only and not gold.is_speech):
            continue
        counts["matched"] += 1
        if names[j] == gold.speakers:
            counts["right"] += 1
        else:
            counts["wrong_matched" if names[j] else "unresolved"] += 1
    matched = set(pairs.values())
    counts["wrong_unmatched"] = sum(bool(named) for j, named in enumerate(names) if j not in matched)
    counts["wrong"] = counts["wrong_matched"] + counts["wrong_unmatched"]
    counts["found"] = len(quotes)
    for gold in document.quotes:
        for sentence in _continued(gold, document.text):
            counts["sentences"] += 1
            counts["sentences_right"] += any(
                2 * len(sentence & content) >= len(sentence) and named == (gold.speakers or frozenset())
                for content, named in zip(found, names, strict=True)
            )
    return {f"speakers.{name}": count for name, count in counts.items()}


def _pair_up(gold: Sequence[frozenset[int]], found: Sequence[frozenset[int]]) -> dict[int, int]:
    """Pair contents one to one, the best overlap first; among equals the last in order."""
    candidates = [
        (share_of, i, j)
        for i, one in enumerate(gold)
        for j, other in enumerate(found)
        if (share_of := overlap(one, other)) >= ENOUGH
    ]
    pairs: dict[int, int] = {}
    for _, i, j in sorted(candidates, reverse=True):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _continued(gold: GoldQuote, text: str) -> Iterator[frozenset[int]]:
    """Yield the words of each sentence after the first of a content that goes on without a cue."""
    if not gold.has_continuation or not gold.content:
        return
    start, end = gold.content[0][0], gold.content[-1][1]
    content = text[start:end]
    cuts = [*(start + found.end() for found in _NEXT_SENTENCE.finditer(content)), end]
    for sentence in pairwise(cuts):
        words = word_starts([sentence], text)
        if len(words) >= _MIN_WORDS:
            yield words


MEASURES: tuple[Measure, ...] = (
    share("speaker_right", "share", ALL, "speakers.right", "speakers.matched"),
    share("speaker_wrong_named", "share", ALL, "speakers.wrong", "speakers.found"),
    share("speaker_unresolved", "share", ALL, "speakers.unresolved", "speakers.matched"),
    share("continuation", "share", ALL, "speakers.sentences_right", "speakers.sentences"),
)
