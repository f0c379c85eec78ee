"""Weigh the terms found in a unit (article, block, quote) and rank its topics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.topics.matcher import ANY, Hit, longest_per_topic

# What a heading says of the text under it, the sentence of the quote in it, and the quote before of the
# same speaker of this one, is weaker evidence than the unit's own words.
HEADING_SHARE = 0.5
SENTENCE_SHARE = 0.5
TURN_SHARE = 0.3
# A sentence, or the quote before, hands on only what it names by a term of this weight, and a sentence not
# the occasion on which something was said ("told reporters after the meeting").
INHERITABLE = 0.8
# Only a quote of no more words than this takes the topic of its sentence ("it is a disgrace"): a longer one
# that names no topic speaks of something else.
SHORT_QUOTE = 6
# How much of its strength the last word of a quote loses against the first.
LATE_LOSS = 0.6
# A term that weighs less is a general phrase ("deepen cooperation"): it tells the topic only where nothing
# more definite is said.
DEFINITE = 0.4
# In a turn of more words than this, what is named once is named in passing.
LONG_TURN = 250


@dataclass(frozen=True, slots=True)
class Assignment:
    """A topic of a unit with its strongest evidence."""

    topic_id: str
    score: float
    method: str
    evidence: Hit
    # Where the first evidence stands.
    first: int
    # How often the topic is named.
    times: int


def weigh(hits: Iterable[Hit], method: str = "term", share: float = 1.0) -> list[Assignment]:
    """Give each topic among the hits a score.

    The hits of a topic add up like independent witnesses (1 - product of 1 - weight); a term that comes
    back counts half each further time, because repeating a word is weaker evidence than another word.
    """
    by_topic: dict[str, list[Hit]] = {}
    for hit in longest_per_topic(hits):
        by_topic.setdefault(hit.term.topic_id, []).append(hit)
    return [
        Assignment(
            topic, round(_strength(found) * share, 4), method, _best(found), found[0].char_start, len(found)
        )
        for topic, found in by_topic.items()
    ]


def rank(assignments: Iterable[Assignment]) -> list[Assignment]:
    """Order the topics of a unit: by score, then by where their evidence stands, then by topic id.

    Of several assignments of one topic the strongest stays. A topic that gives way, as topics.csv has it, is
    left out beside those that it gives way to.
    """
    strongest: dict[str, Assignment] = {}
    for one in sorted(assignments, key=_order):
        strongest.setdefault(one.topic_id, one)
    dropped = {topic for topic, one in strongest.items() if _gives_way(one, set(strongest) - {topic})}
    definite = {topic for topic, one in strongest.items() if one.evidence.term.weight >= DEFINITE}
    if definite - dropped:
        dropped |= set(strongest) - definite
    return [one for topic, one in strongest.items() if topic not in dropped]


def _gives_way(one: Assignment, others: set[str]) -> bool:
    stronger = one.evidence.term.gives_way_to
    return bool(others & stronger) or (ANY in stronger and bool(others))


def support(own: Sequence[Assignment], heading: Sequence[Assignment]) -> list[Assignment]:
    """Strengthen the topics that the heading above names too; the evidence stays the unit's own."""
    named = {one.topic_id: one.score for one in heading}
    return [
        replace(one, score=round(1 - (1 - one.score) * (1 - named.get(one.topic_id, 0.0) * HEADING_SHARE), 4))
        for one in own
    ]


def lead(assignments: Iterable[Assignment], spans: Sequence[tuple[int, int]]) -> list[Assignment]:
    """Weaken what comes late in a quote: a speaker names the main matter first.

    The last word keeps 1 - LATE_LOSS of its strength.
    """
    length = sum(end - start for start, end in spans) or 1
    led = []
    for one in assignments:
        before = sum(min(max(one.first - start, 0), end - start) for start, end in spans)
        led.append(replace(one, score=round(one.score * (1 - LATE_LOSS * before / length), 4)))
    return led


def leave_passing(assignments: Sequence[Assignment], n_words: int) -> list[Assignment]:
    """Drop what is not said of the matter itself, unless nothing else is said.

    That is what stands only in a circumstance ("despite the pandemic"), and in a long turn what is named
    once.
    """
    kept = [one for one in assignments if one.evidence.aside != "circumstance"] or list(assignments)
    if n_words > LONG_TURN:
        kept = [one for one in kept if one.times > 1] or kept
    return kept


def gather(blocks: Iterable[tuple[float, Sequence[Assignment]]]) -> list[Assignment]:
    """Add up the topics of the parts of an article, each part with the weight of its place on the page.

    The sum s becomes a share as s / (s + 1): a topic of many paragraphs comes near 1.
    """
    sums: dict[str, float] = {}
    best: dict[str, tuple[float, Assignment]] = {}
    for weight, assignments in blocks:
        for one in assignments:
            strength = weight * one.score
            sums[one.topic_id] = sums.get(one.topic_id, 0.0) + strength
            if one.topic_id not in best or strength > best[one.topic_id][0]:
                best[one.topic_id] = (strength, one)
    return [replace(best[topic][1], score=round(total / (total + 1), 4)) for topic, total in sums.items()]


def _strength(hits: Sequence[Hit]) -> float:
    doubt = 1.0
    seen: dict[str, int] = {}
    for hit in hits:
        times = seen.get(hit.term.term_id, 0)
        seen[hit.term.term_id] = times + 1
        # 0.9: no number of words makes certainty; and 1.0 would make any further evidence worthless.
        doubt *= 1 - 0.9 * hit.strength * 0.5 ** min(times, 30)
    return 1 - doubt


def _best(hits: Sequence[Hit]) -> Hit:
    return min(
        hits,
        key=lambda hit: (-hit.strength, hit.char_start - hit.char_end, hit.char_start, hit.term.term_id),
    )


def _order(one: Assignment) -> tuple[float, int, str]:
    return (-one.score, one.first, one.topic_id)
