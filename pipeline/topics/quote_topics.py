"""Topics of a quote: of its own words, else of what stands around it."""

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.topics.assignment import (
    HEADING_SHARE,
    INHERITABLE,
    SENTENCE_SHARE,
    SHORT_QUOTE,
    TURN_SHARE,
    Assignment,
    lead,
    leave_passing,
    rank,
    support,
    weigh,
)
from pipeline.topics.attributions import Attribution, Span, overlap
from pipeline.topics.matcher import Hit
from pipeline.topics.page_topics import CodedBlock
from pipeline.topics.sentences import Sentences


class QuoteTopics:
    """Looks up the terms in and around the quotes of one document."""

    def __init__(self, coded: Sequence[CodedBlock], sentences: Sentences) -> None:
        self._coded = coded
        self._sentences = sentences
        self._block_starts = [one.block.char_start for one in coded]
        self._hits = [hit for one in coded for hit in one.hits]
        # The main evidence of the quote before, by its block and speakers: a turn ends with the next speaker.
        self._turns: dict[tuple[int, frozenset[str]], Hit] = {}
        self._hit_starts = [hit.char_start for hit in self._hits]

    def find(self, quote: Attribution) -> list[Assignment]:
        """Return the ranked topics of a quote.

        What is said is coded. Only a quote without a term of its own inherits: a short one from its sentence,
        else any from the heading above, else the main topic of what the same speaker said just before in the
        same block. Quotes have to come in reading order.
        """
        if not quote.content:
            return []
        block = self._block_at(quote.content[0][0])
        own = weigh(hit for span in quote.content for hit in self._hits_in(span))
        if own:
            own = leave_passing(own, len((quote.row["quote_text"] or "").split()))
            ranked = rank(lead(support(own, block.heading if block else ()), quote.content))
            evidence = ranked[0].evidence
            self._turns = (
                {(id(block), quote.speaker_ids): evidence} if evidence.term.weight >= INHERITABLE else {}
            )
            return ranked
        around = dict.fromkeys(self._sentences.around(start) for start, _ in quote.content)
        # Who speaks, by which word and on which occasion is not what is said.
        hits = [
            hit
            for sentence in around
            for hit in self._hits_in(sentence)
            if hit.term.weight >= INHERITABLE
            and not hit.term.is_occasion
            and not any(overlap((hit.char_start, hit.char_end), span) for span in quote.cue + quote.source)
        ]
        if hits and len((quote.row["quote_text"] or "").split()) <= SHORT_QUOTE:
            return rank(weigh(hits, "inherited", SENTENCE_SHARE))
        if block is not None and block.heading:
            return rank(weigh([one.evidence for one in block.heading], "heading", HEADING_SHARE))
        before = self._turns.get((id(block), quote.speaker_ids)) if quote.speaker_ids else None
        return rank(weigh([before], "inherited", TURN_SHARE)) if before is not None else []

    def _hits_in(self, span: Span) -> list[Hit]:
        first, last = bisect_left(self._hit_starts, span[0]), bisect_left(self._hit_starts, span[1])
        return [hit for hit in self._hits[first:last] if hit.char_end <= span[1]]

    def _block_at(self, position: int) -> CodedBlock | None:
        index = bisect_left(self._block_starts, position + 1) - 1
        if index < 0 or position >= self._coded[index].block.char_end:
            return None
        return self._coded[index]
