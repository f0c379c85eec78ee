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

# The tagger's confidence from which on its finding stands without the rules, chosen on PolNeAR dev so that
# precision and recall are alike.
LEAST_CONFIDENCE = 0.1
# The same where nobody is found who speaks,
LEAST_CONFIDENCE_UNSOURCED = 0.15
# where besides no clause can follow the cue (*what is called N*),
LEAST_CONFIDENCE_UNSOURCED_OBJECT = 0.35
# where the cue names or points (*citing*, *referring to*),
LEAST_CONFIDENCE_MENTION = 0.3
# and where a participle stands behind its object (*the plan proposed by Voss*).
LEAST_CONFIDENCE_PARTICIPLE = 0.5
# As likely as this to be a cue, of speech or of anything else, and what the rules find around it stands.
LEAST_SUPPORT = 0.1
# Contents that share this much of their union are the same attribution.
_SAME = 0.5
# Contents that share this much are cut alike.
_ALIKE = 0.8
# A content of the rules that shares this much of the shorter one with a tagged one adds nothing.
_OVERLAPS = 0.3
# Talking about a topic is no quote.
_MENTIONS = ("joint_topic_only",)
_LEADING = re.compile(r"(?:[\s,;:.–—-]|(?:that|That)\b(?=\s))+")
_NEGATION = re.compile(r"\b(?:not(?! only)|never|nor|neither)\b|n['’]t\b", re.IGNORECASE)
_NEGATION_BEFORE = re.compile(r"(?:\b(?:not|never|nor|neither)|n['’]t)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_BY = re.compile(r"\s+by\b|(?<=\bby)\s")
_NEGATION_REACH = 24
_NOTHING = frozenset(("nothing", "nothing more", "nothing else", "so", "no more"))
# What the tagger may leave at the end of a source: the verb group or the time after it.
_AFTER_SOURCE = re.compile(
    r"(?:\s+(?:also|then|later|today|yesterday|has|have|had|is|are|was|were|will|would|did))+$"
)
# `said the price rose, citing a clip`: what the report rests on is the reporter's to tell.
_EVIDENCE = re.compile(r",? citing\b")
_OPENING_MARKS = frozenset("\"“„«‘'`＂")
_TRAILING = " \t\r\n,;:–—-"


class TaggedDocument:
    """The tagger's attributions of a document, looked up by the sentence in which each is anchored."""

    def __init__(
        self, text: str, tagged: Iterable[Tagged], blocks: Sequence[Block], lexicon: CueLexicon
    ) -> None:
        starts = [block.char_start for block in blocks]
        found = []
        for one in tagged:
            if not one.is_speech and one.anchor_score + one.other_score < LEAST_SUPPORT:
                continue
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
    parts = [part for span in one.content for part in _by_block(span, blocks, starts)]
    content = tuple(
        cut
        for part in _of_paragraph(text, parts, one.anchor[0], blocks, starts)
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
    if one.confidence < LEAST_CONFIDENCE_PARTICIPLE and _is_naming(text, content, cue):
        return None
    is_negated = bool(cue) and _is_negated(text, cue)
    if len(content) == 1 and text[content[0].start : content[0].end].lower() in _NOTHING:
        return None
    cue, entry = _reporting_words(text, cue, lexicon)
    source = [
        cut
        for span in one.source[:1]
        for part in _by_block(span, blocks, starts)
        if (cut := _trimmed(text, part))
    ]
    return Attribution(
        content,
        cue,
        _cut_source(text, source[0]) if source else None,
        entry,
        confidence=one.confidence if one.is_speech else None,
        is_negated=is_negated,
        is_speech=one.is_speech,
    )


def _is_naming(text: str, content: Sequence[Span], cue: Sequence[Span]) -> bool:
    """Say whether a participle names what somebody said or made: *the plan proposed by Voss*."""
    if len(content) != 1 or not cue or not text[content[0].end : cue[0].start].isspace():
        return False
    return _BY.match(text, cue[0].end) is not None


def _is_negated(text: str, cue: Sequence[Span]) -> bool:
    before = max(0, cue[0].start - _NEGATION_REACH)
    return bool(_NEGATION_BEFORE.search(text, before, cue[0].start)) or any(
        _NEGATION.search(text, span.start, span.end) for span in cue
    )


def _by_block(span: tuple[int, int], blocks: Sequence[Block], starts: Sequence[int]) -> list[Span]:
    parts = []
    start, end = span
    for block in blocks[max(0, bisect_right(starts, start) - 1) : bisect_left(starts, end)]:
        part = Span(max(start, block.char_start), min(end, block.char_end))
        if part.start < part.end and block.block_type != "blank":
            parts.append(part)
    return parts


def _of_paragraph(
    text: str, parts: Sequence[Span], anchor: int, blocks: Sequence[Block], starts: Sequence[int]
) -> Sequence[Span]:
    """Leave out what stands in another paragraph than the cue, unless that paragraph opens with a mark."""
    own = blocks[max(0, bisect_right(starts, anchor) - 1)]
    inside = [part for part in parts if own.char_start <= part.start < own.char_end]
    if not inside:
        return parts
    return [part for part in parts if part in inside or _opens_with_a_mark(text, part, blocks, starts)]


def _opens_with_a_mark(text: str, part: Span, blocks: Sequence[Block], starts: Sequence[int]) -> bool:
    block = blocks[bisect_right(starts, part.start) - 1]
    return text[block.char_start : block.char_end].lstrip()[:1] in _OPENING_MARKS


def _trimmed(text: str, span: Span) -> Span | None:
    """Leave out the complementiser and the commas around the content."""
    start, end = span
    leading = _LEADING.match(text, start, end)
    start = leading.end() if leading else start
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    return Span(start, end) if any(c.isalnum() for c in text[start:end]) else None


def _cut_source(text: str, source: Span) -> Span:
    after = _AFTER_SOURCE.search(text, source.start, source.end)
    return Span(source.start, after.start()) if after else source


def _reporting_words(
    text: str, cue: Sequence[Span], lexicon: CueLexicon
) -> tuple[tuple[Span, ...], CueEntry | None]:
    """Cut the cue down to its words in the codebook (no adverbs, no addressee), if it has any."""
    entry = None
    known = []
    for span in cue:
        words = words_of(text, Sentence(span.start, span.end), Marks(()))
        matched = next((one for at in range(len(words)) if (one := lexicon.match(words, at))), None)
        if matched is not None:
            entry = entry or matched.entry
            known.append(Span(words[matched.first].start, words[matched.last - 1].end))
    shown = known or [cut for span in cue if (cut := _trimmed(text, span))]
    return tuple(shown), entry


def fitted(attribution: Attribution, text: str, sentence: Sentence, marks: Marks) -> Attribution | None:
    """Cut off, outside quotation marks, what stands before the sentence, its evidence and last full stop.

    Whether an earlier sentence belongs to the speech is for the turn to say.
    """
    content = []
    for start, end in attribution.content:
        if start < sentence.start < end and marks.at(start) is None:
            start = sentence.start
        evidence = _EVIDENCE.search(text, start, end)
        if evidence is not None and marks.at(evidence.start()) is None:
            end = evidence.start()
        if end > start and text[end - 1] == "." and marks.at(end - 1) is None:
            end -= 1
        if start < end:
            content.append(Span(start, end))
    source = attribution.source_mention
    if source is not None and source.start < sentence.start < source.end:
        source = Span(sentence.start, source.end)
    return replace(attribution, content=tuple(content), source_mention=source) if content else None


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
    """Return the attributions of a sentence from what the rules and what the tagger found in it.

    The tagger's words stand, but for a clause of which it found the end alone. What the rules alone find
    stands where the tagger at least takes its cue for one.
    """
    found: list[Attribution] = []
    agreed: set[int] = set()
    for one in tagged:
        if not _is_usable(one):
            continue
        one = _without_words_of([rule for rule in by_rules if not _shares_a_cue(rule, one)], one)
        against = [number for number, rule in enumerate(by_rules) if _conflict(one, rule)]
        share, number = max(
            ((_share(one.content, rule.content), number) for number, rule in enumerate(by_rules)),
            default=(0.0, -1),
        )
        if share >= _SAME and number not in agreed:
            agreed.add(number)
            found.append(_agreed(by_rules[number], one))
        elif share < _SAME and not any(_is_rest_of(one, by_rules[other]) for other in against):
            found.append(one)
    for number, rule in enumerate(by_rules):
        is_cue = any(_shares_a_cue(rule, one) for one in tagged)
        if (
            number not in agreed
            and (is_cue or any(_is_told_inside(rule, one) for one in found))
            and not any(_conflict(rule, one) for one in found)
        ):
            found.append(rule)
    return sorted(found, key=lambda one: one.content)


def _shares_a_cue(a: Attribution, b: Attribution) -> bool:
    return any(_common(x, y) for x in a.cue for y in b.cue)


def _without_words_of(others: Sequence[Attribution], tagged: Attribution) -> Attribution:
    """Leave out a part of the content that another cue of the sentence reports."""
    own = tuple(
        part
        for part in tagged.content
        if not any(
            _shorter_share((part,), other.content) >= _ALIKE and not _is_inside(other, tagged)
            for other in others
        )
    )
    return replace(tagged, content=own) if own and len(own) < len(tagged.content) else tagged


def is_same(a: Attribution, b: Attribution) -> bool:
    """Say whether two attributions report the same words."""
    return _share(a.content, b.content) >= _SAME


def _conflict(a: Attribution, b: Attribution) -> bool:
    """Say whether two attributions claim the same words, and neither reports inside the other."""
    return _shorter_share(a.content, b.content) >= _OVERLAPS and not (_is_inside(a, b) or _is_inside(b, a))


def _is_inside(inner: Attribution, outer: Attribution) -> bool:
    """Say whether all of an attribution, its source and cue too, stands inside the other's content."""
    if not inner.cue or inner.source_mention is None:
        return False
    parts = (*inner.content, *inner.cue, inner.source_mention)
    return all(any(o.start <= p.start and p.end <= o.end for o in outer.content) for p in parts)


def _is_commitment(rule: Attribution) -> bool:
    """Say whether a side agrees or promises to act: speech in diplomacy, whatever the tagger holds."""
    entry = rule.cue_entry
    if entry is None or entry.cue_class != "commissive" or "infinitive" not in entry.frames:
        return False
    return rule.source_mention is not None and rule.content[0].start - rule.cue[-1].end <= 1


def _is_told_inside(rule: Attribution, outer: Attribution) -> bool:
    """Say whether a speaker reports a clause inside the content: *the paper wrote that Voss said S*.

    The tagger seldom sees such a cue; a noun phrase after it (*that Voss rejected N*) may tell an act.
    """
    frames = rule.cue_entry.frames if rule.cue_entry is not None else frozenset[str]()
    return "clause" in frames and "object" not in frames and _is_inside(rule, outer)


def _is_usable(tagged: Attribution) -> bool:
    entry = tagged.cue_entry
    confidence = tagged.confidence or 0.0
    if entry is not None and entry.frames == {"mention"}:
        is_talk = entry.cue_class in _MENTIONS or tagged.source_mention is None
        return tagged.is_speech and not is_talk and confidence >= LEAST_CONFIDENCE_MENTION
    least = LEAST_CONFIDENCE
    if tagged.source_mention is None:
        is_name = entry is not None and "clause" not in entry.frames
        least = LEAST_CONFIDENCE_UNSOURCED_OBJECT if is_name else LEAST_CONFIDENCE_UNSOURCED
    return tagged.is_speech and confidence >= least


def _is_rest_of(tagged: Attribution, rule: Attribution) -> bool:
    """Say whether the tagger found only the last part of a clause that ends before its cue."""
    before_cue = bool(rule.cue) and rule.content[0].end <= rule.cue[0].start
    same_end = abs(tagged.content[-1].end - rule.content[-1].end) <= 3
    return before_cue and same_end and rule.content[0].start < tagged.content[0].start


def _agreed(rule: Attribution, tagged: Attribution) -> Attribution:
    """Join two findings of one attribution: the tagger's content and source, the rules' cue."""
    holds_a_cue = any(_common(cue, part) for cue in rule.cue for part in tagged.content)
    if (holds_a_cue and len(rule.cue) > 1) or _is_rest_of(tagged, rule):
        return replace(rule, confidence=tagged.confidence)
    first, *more = tagged.content
    if any(cue.start <= first.start < cue.end for cue in rule.cue) and rule.content[0].start < first.end:
        # `voiced hope that N`: the noun belongs to the cue.
        first = Span(rule.content[0].start, first.end)
    return replace(
        tagged,
        content=(first, *more),
        cue=rule.cue or tagged.cue,
        source_mention=_whole_source(rule.source_mention, tagged.source_mention),
        cue_entry=rule.cue_entry or tagged.cue_entry,
    )


def _whole_source(by_rules: Span | None, tagged: Span | None) -> Span | None:
    """Prefer the tagger's source, unless the rules see more of the same noun phrase."""
    if by_rules is None or tagged is None:
        return tagged or by_rules
    return by_rules if by_rules.start <= tagged.start and tagged.end <= by_rules.end else tagged


def _share(a: Sequence[Span], b: Sequence[Span]) -> float:
    both = sum(_common(x, y) for x in a for y in b)
    return both / (_length(a) + _length(b) - both)


def _shorter_share(a: Sequence[Span], b: Sequence[Span]) -> float:
    return sum(_common(x, y) for x in a for y in b) / min(_length(a), _length(b))


def _length(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _common(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))
