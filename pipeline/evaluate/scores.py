"""How well contents and sources are found: the measures of PolNeAR and of Citron, compared word by word.

Whole contents are compared, also when they are interrupted. Each gold quote is paired with at most one found
quote and the other way round, the best overlap first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.evaluate.gold import GoldDocument, GoldQuote
from pipeline.evaluate.kinds import KINDS, kind_of, quoted_words
from pipeline.evaluate.measures import ALL, Counts, Measure, f1, share
from pipeline.evaluate.predictions import FoundQuote
from pipeline.evaluate.words import Words, overlap

# From this overlap on a found content counts as the gold one.
ENOUGH = 0.5
# Words that end the part of a source in which its head stands.
_AFTER_HEAD = frozenset({
    "about", "after", "against", "as", "at", "before", "by", "for", "from", "in",
    "of", "on", "that", "to", "when", "which", "while", "who", "whose", "with",
})  # fmt: skip
_BREAKS = frozenset(",;:()—–")
_PAIRED = ("exact", "iou50", "e2e")


@dataclass(frozen=True, slots=True)
class GoldItem:
    """A gold quote as sets of words."""

    content: frozenset[int]
    source: frozenset[int]
    kind: str
    quote: GoldQuote


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A found quote as sets of words."""

    content: frozenset[int]
    source: frozenset[int]
    kind: str
    quote: FoundQuote


Pairs = list[tuple[GoldItem, FoundItem]]


@dataclass(frozen=True)
class Comparison:
    """What was wanted of a document and what was found in it.

    With `speech_only`, gold without speech is neither wanted nor wrong: found quotes that match it are left
    out, and so are its words (`ignored`).
    """

    words: Words
    wanted: list[GoldItem]
    found: list[FoundItem]
    ignored: frozenset[int]


def compare(document: GoldDocument, quotes: Sequence[FoundQuote], *, speech_only: bool) -> Comparison:
    """Turn gold and found quotes into sets of words; of doubles of one content and source the first stays."""
    words = Words(document.text)
    quoted = quoted_words(words)
    wanted: list[GoldItem] = []
    others: list[GoldItem] = []
    for gold in document.quotes:
        content = words.touched(gold.content)
        if content:
            kind = gold.kind or kind_of(content, quoted)
            item = GoldItem(content, words.touched(gold.source), kind, gold)
            (wanted if gold.is_speech or not speech_only else others).append(item)
    by_words: dict[tuple[frozenset[int], frozenset[int]], FoundItem] = {}
    for quote in quotes:
        content, source = words.touched(quote.content), words.touched(quote.source)
        if content:
            by_words.setdefault(
                (content, source), FoundItem(content, source, kind_of(content, quoted), quote)
            )
    found = list(by_words.values())
    taken = {id(item) for _, item in pair_up(wanted, found, _same_place)}
    found = [
        item
        for item in found
        if id(item) in taken or not any(overlap(item.content, other.content) >= ENOUGH for other in others)
    ]
    return Comparison(words, wanted, found, _all_words(others) - _all_words(wanted))


def pair_up(
    wanted: Sequence[GoldItem],
    found: Sequence[FoundItem],
    accept: Callable[[float, GoldItem, FoundItem], bool],
) -> Pairs:
    """Return one-to-one pairs that are accepted, the best overlap first; among equals the first in order."""
    candidates = [
        (-share_of, i, j)
        for i, gold in enumerate(wanted)
        for j, item in enumerate(found)
        if (share_of := overlap(gold.content, item.content)) and accept(share_of, gold, item)
    ]
    pairs: Pairs = []
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    for _, i, j in sorted(candidates):
        if i not in taken_gold and j not in taken_found:
            taken_gold.add(i)
            taken_found.add(j)
            pairs.append((wanted[i], found[j]))
    return pairs


def source_is_right(gold: GoldItem, found: FoundItem) -> bool:
    """Tell whether the sources share a word, or neither has one."""
    return bool(gold.source & found.source) if gold.source else not found.source


def _same_place(share_of: float, gold: GoldItem, found: FoundItem) -> bool:
    return share_of >= ENOUGH


def _same_words(share_of: float, gold: GoldItem, found: FoundItem) -> bool:
    return share_of == 1.0


def same_place_and_source(share_of: float, gold: GoldItem, found: FoundItem) -> bool:
    """Tell whether a found quote is the gold one end to end: enough overlap and the right source."""
    return share_of >= ENOUGH and source_is_right(gold, found)


def count_scores(comparison: Comparison) -> Counts:
    """Count what is wanted, found and right in a document, for all quotes and for each kind.

    Of a kind, what is wanted is gold of that kind, and what is found is found quotes of that kind as the
    text's quotation marks tell it.
    """
    wanted, found = comparison.wanted, comparison.found
    pairs = {
        "exact": pair_up(wanted, found, _same_words),
        "iou50": pair_up(wanted, found, _same_place),
        "e2e": pair_up(wanted, found, same_place_and_source),
    }
    wanted_words = _all_words(wanted)
    found_words = _all_words(found) - comparison.ignored
    counts: dict[str, float] = {}
    for kind in (ALL, *KINDS):
        kinds = KINDS if kind == ALL else (kind,)
        wanted_here = [item for item in wanted if item.kind in kinds]
        found_here = [item for item in found if item.kind in kinds]
        counts[f"{kind}.gold"] = len(wanted_here)
        counts[f"{kind}.found"] = len(found_here)
        for name, those in pairs.items():
            counts[f"{kind}.{name}.gold"] = sum(gold.kind in kinds for gold, _ in those)
            counts[f"{kind}.{name}.found"] = sum(item.kind in kinds for _, item in those)
        words_wanted, words_found = _all_words(wanted_here), _all_words(found_here) - comparison.ignored
        counts[f"{kind}.words.gold"] = len(words_wanted)
        counts[f"{kind}.words.found"] = len(words_found)
        counts[f"{kind}.words.gold_right"] = len(words_wanted & found_words)
        counts[f"{kind}.words.found_right"] = len(words_found & wanted_words)
        sourced = [(gold, item) for gold, item in pairs["iou50"] if gold.kind in kinds and gold.source]
        counts[f"{kind}.source"] = len(sourced)
        counts[f"{kind}.source.any"] = sum(bool(gold.source & item.source) for gold, item in sourced)
        counts[f"{kind}.source.head"] = sum(
            bool(item.source)
            and head_word(gold.source, comparison.words) == head_word(item.source, comparison.words)
            for gold, item in sourced
        )
    return counts


def head_word(source: frozenset[int], words: Words) -> int | None:
    """Return the head of a source by its place, as the number of a word.

    It is the last word before the first comma, dash, bracket, preposition or relative pronoun; a possessive
    *s* is passed over.
    """
    head: int | None = None
    last: int | None = None
    for number in sorted(source):
        start, end = words.spans[number]
        word = words.text[start:end].lower()
        if last is not None:
            between = words.text[words.spans[last][1] : start]
            if word in _AFTER_HEAD or not _BREAKS.isdisjoint(between):
                break
            if word == "s" and between in ("'", "’"):
                last = number
                continue
        head = last = number
    return head


def _all_words(items: Sequence[GoldItem] | Sequence[FoundItem]) -> frozenset[int]:
    return frozenset().union(*(item.content for item in items))


def _measures_of(kind: str) -> list[Measure]:
    made: list[Measure] = []
    for name, key in zip(("content_exact", "content_iou50", "end_to_end"), _PAIRED, strict=True):
        precision = share(name, "precision", kind, f"{kind}.{key}.found", f"{kind}.found")
        recall = share(name, "recall", kind, f"{kind}.{key}.gold", f"{kind}.gold")
        made += [precision, recall, f1(name, kind, precision, recall)]
    name = "content_token"
    precision = share(name, "precision", kind, f"{kind}.words.found_right", f"{kind}.words.found")
    recall = share(name, "recall", kind, f"{kind}.words.gold_right", f"{kind}.words.gold")
    made += [precision, recall, f1(name, kind, precision, recall)]
    made += [
        share(f"source_{how}", "share", kind, f"{kind}.source.{how}", f"{kind}.source")
        for how in ("any", "head")
    ]
    return made


MEASURES: tuple[Measure, ...] = tuple(measure for kind in (ALL, *KINDS) for measure in _measures_of(kind))
