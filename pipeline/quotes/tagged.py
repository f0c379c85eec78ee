"""What the trained tagger finds, in the terms of the guidelines, and how it is joined with the rules.

The tagger (pipeline.quotes.model) was trained on news; the rules know the fixed forms of official language.
Where both find an attribution, the words that the rules cut out stand, since they follow the guidelines to
the letter; the tagger decides between two sources that have nothing in common.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.document import Block
from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.cues import CueEntry, CueLexicon
from pipeline.quotes.marks import Marks
from pipeline.quotes.model.decoding import Attribution as Tagged
from pipeline.quotes.sentences import Sentence, words_of

# Less sure than this, and the tagger's finding is not used unless the rules find it too.
LEAST_CONFIDENCE = 0.3
# As sure as this, and the tagger's words stand where the rules cut the same attribution quite otherwise.
CONFIDENCE_IN_WORDS = 0.7
# As sure as this, and the tagger's source stands against that of the rules.
CONFIDENCE_IN_SOURCE = 0.9
# Contents that share this much of their union are the same attribution.
_SAME = 0.5
# Contents that share less than this are cut quite otherwise.
_ALIKE = 0.8
# A content of the rules that shares this much of the shorter one with a tagged one adds nothing.
_OVERLAPS = 0.3
# Talking about a topic is no quote.
_MENTIONS = ("joint_topic_only",)
_LEADING = re.compile(r"(?:[\s,;:.–—-]|(?:that|That)\b(?=\s))+")
# What was not said is no quote.
_NEGATION = re.compile(r"(?:\b(?:not|never|nor|neither)|n['’]t)\s+$", re.IGNORECASE)
_NOTHING = frozenset(("nothing", "nothing more", "nothing else", "so", "no more"))
_TRAILING = " \t\r\n,;:–—-"


class TaggedDocument:
    """The tagger's attributions of a document, looked up by the sentence in which each is anchored."""

    def __init__(
        self, text: str, tagged: Iterable[Tagged], blocks: Sequence[Block], lexicon: CueLexicon
    ) -> None:
        starts = [block.char_start for block in blocks]
        found = []
        for one in tagged:
            attribution = _to_attribution(text, one, blocks, starts, lexicon)
            if attribution is not None:
                found.append((one.anchor[0], attribution))
        found.sort(key=lambda pair: (pair[0], pair[1].content))
        self._anchors = [anchor for anchor, _ in found]
        self._attributions = [attribution for _, attribution in found]

    def in_sentence(self, sentence: Sentence) -> list[Attribution]:
        """Return the attributions whose cue (or first word, without a cue) stands in the sentence."""
        first = bisect_left(self._anchors, sentence.start)
        last = bisect_left(self._anchors, sentence.end)
        return self._attributions[first:last]


def _to_attribution(
    text: str, one: Tagged, blocks: Sequence[Block], starts: Sequence[int], lexicon: CueLexicon
) -> Attribution | None:
    content = tuple(
        cut
        for span in one.content
        for part in _by_block(span, blocks, starts)
        if (cut := _trimmed(text, part))
    )
    if not content:
        return None
    is_cued = not any(start <= one.anchor[0] < end for start, end in one.content)
    cue = tuple(
        part
        for span in (one.cue if is_cued else ())
        for part in _by_block(span, blocks, starts)
        if any(c.isalnum() for c in text[part.start : part.end])
    )
    if cue and (_NEGATION.search(text, max(0, cue[0].start - 12), cue[0].start) or _is_negated(text, cue)):
        return None
    if len(content) == 1 and text[content[0].start : content[0].end].lower() in _NOTHING:
        return None
    source = [part for span in one.source[:1] for part in _by_block(span, blocks, starts)]
    return Attribution(
        content,
        cue,
        source[0] if source else None,
        _entry_of(text, cue, lexicon),
        confidence=one.confidence,
    )


def _is_negated(text: str, cue: Sequence[Span]) -> bool:
    return any(re.search(r"\b(?:not|never)\b|n['’]t\b", text[span.start : span.end]) for span in cue)


def _by_block(span: tuple[int, int], blocks: Sequence[Block], starts: Sequence[int]) -> list[Span]:
    parts = []
    start, end = span
    for block in blocks[max(0, bisect_right(starts, start) - 1) : bisect_left(starts, end)]:
        part = Span(max(start, block.char_start), min(end, block.char_end))
        if part.start < part.end and block.block_type != "blank":
            parts.append(part)
    return parts


def _trimmed(text: str, span: Span) -> Span | None:
    """Leave out the complementiser and the commas around the content."""
    start, end = span
    leading = _LEADING.match(text, start, end)
    start = leading.end() if leading else start
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    return Span(start, end) if any(c.isalnum() for c in text[start:end]) else None


def _entry_of(text: str, cue: Sequence[Span], lexicon: CueLexicon) -> CueEntry | None:
    for span in cue:
        words = words_of(text, Sentence(span.start, span.end), Marks(()))
        for at in range(len(words)):
            matched = lexicon.match(words, at)
            if matched is not None:
                return matched.entry
    return None


def fitted(attribution: Attribution, text: str, sentence: Sentence, marks: Marks) -> Attribution | None:
    """Cut off, outside quotation marks, what stands before the sentence, and the last full stop.

    Whether an earlier sentence belongs to the speech is for the turn to say.
    """
    content = []
    for start, end in attribution.content:
        if start < sentence.start < end and marks.at(start) is None:
            start = sentence.start
        if end > start and text[end - 1] == "." and marks.at(end - 1) is None:
            end -= 1
        if start < end:
            content.append(Span(start, end))
    return replace(attribution, content=tuple(content)) if content else None


def confirmed(by_rules: Sequence[Attribution], tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return what the rules found in a sentence, with the tagger's confidence where it agrees.

    For official readouts, which the tagger never saw in training.
    """
    found = []
    for rule in by_rules:
        same = [one for one in tagged if _share(one.content, rule.content) >= _SAME]
        found.append(replace(rule, confidence=same[0].confidence) if same else rule)
    return found


def joined(by_rules: Sequence[Attribution], tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return the attributions of a sentence from what the rules and what the tagger found in it."""
    found: list[Attribution] = []
    agreed: set[int] = set()
    for one in tagged:
        shares = [(_share(one.content, rule.content), number) for number, rule in enumerate(by_rules)]
        share, number = max(shares, default=(0.0, -1))
        against = [rule for rule in by_rules if _conflict(one, rule)]
        if share >= _SAME:
            if number not in agreed:
                agreed.add(number)
                found.append(_agreed(by_rules[number], one, is_alone=len(against) <= 1))
        elif _is_usable(one) and not any(_is_rest_of(one, rule) for rule in against):
            found.append(one)
    for number, rule in enumerate(by_rules):
        if number not in agreed and not any(_conflict(rule, one) for one in found):
            found.append(rule)
    return sorted(found, key=lambda one: one.content)


def _conflict(a: Attribution, b: Attribution) -> bool:
    """Say whether two attributions claim the same words, and neither reports inside the other."""
    return _shorter_share(a.content, b.content) >= _OVERLAPS and not (_is_inside(a, b) or _is_inside(b, a))


def _is_inside(inner: Attribution, outer: Attribution) -> bool:
    """Say whether all of an attribution, its source and cue too, stands inside the other's content."""
    if not inner.cue or inner.source_mention is None:
        return False
    parts = (*inner.content, *inner.cue, inner.source_mention)
    return all(any(o.start <= p.start and p.end <= o.end for o in outer.content) for p in parts)


def _is_usable(tagged: Attribution) -> bool:
    entry = tagged.cue_entry
    is_mention = (
        entry is not None
        and entry.frames == {"mention"}
        and (entry.cue_class in _MENTIONS or tagged.source_mention is None)
    )
    return not is_mention and (tagged.confidence or 0.0) >= LEAST_CONFIDENCE


def _is_rest_of(tagged: Attribution, rule: Attribution) -> bool:
    """Say whether the tagger found only the last part of a clause that begins before its cue."""
    before_cue = bool(rule.cue) and rule.content[0].end <= rule.cue[0].start
    same_end = abs(tagged.content[-1].end - rule.content[-1].end) <= 3
    return before_cue and same_end and rule.content[0].start < tagged.content[0].start


def _agreed(rule: Attribution, tagged: Attribution, *, is_alone: bool) -> Attribution:
    confidence = tagged.confidence or 0.0
    if (
        _share(rule.content, tagged.content) < _ALIKE
        and confidence >= CONFIDENCE_IN_WORDS
        and is_alone
        and not _is_rest_of(tagged, rule)
    ):
        return replace(tagged, source_mention=tagged.source_mention or rule.source_mention)
    source = rule.source_mention
    other = tagged.source_mention
    if other is not None and (
        source is None or (not _common(source, other) and confidence >= CONFIDENCE_IN_SOURCE)
    ):
        source = other
    return replace(rule, source_mention=source, confidence=tagged.confidence)


def _share(a: Sequence[Span], b: Sequence[Span]) -> float:
    both = sum(_common(x, y) for x in a for y in b)
    return both / (_length(a) + _length(b) - both)


def _shorter_share(a: Sequence[Span], b: Sequence[Span]) -> float:
    return sum(_common(x, y) for x in a for y in b) / min(_length(a), _length(b))


def _length(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _common(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))
