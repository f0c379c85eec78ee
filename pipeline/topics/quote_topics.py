"""Topics of a quote: of its own words, else of what stands around it."""

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.topics.assignment import (
    BLOCK_SHARE,
    HEADING_SHARE,
    SENTENCE_SHARE,
    Assignment,
    lead,
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
        self._hit_starts = [hit.char_start for hit in self._hits]

    def find(self, quote: Attribution) -> list[Assignment]:
        """Return the ranked topics of a quote.

        What is said is coded. Only a quote without a term of its own inherits, in this order: from its
        sentences, from the heading above, the main topic of its block.
        """
        if not quote.content:
            return []
        block = self._block_at(quote.content[0][0])
        own = weigh(hit for span in quote.content for hit in self._hits_in(span))
        if own:
            return rank(lead(support(own, block.heading if block else ()), quote.content))
        around = dict.fromkeys(self._sentences.around(start) for start, _ in quote.content)
        # Who speaks, and by which word, is not what is said.
        hits = [
            hit
            for sentence in around
            for hit in self._hits_in(sentence)
            if not any(overlap((hit.char_start, hit.char_end), span) for span in quote.cue + quote.source)
        ]
        if hits:
            return rank(weigh(hits, "inherited", SENTENCE_SHARE))
        if block is not None and block.heading:
            return rank(weigh([one.evidence for one in block.heading], "heading", HEADING_SHARE))
        if block is not None and block.topics:
            return rank(weigh([block.topics[0].evidence], "inherited", BLOCK_SHARE))
        return []

    def _hits_in(self, span: Span) -> list[Hit]:
        first, last = bisect_left(self._hit_starts, span[0]), bisect_left(self._hit_starts, span[1])
        return [hit for hit in self._hits[first:last] if hit.char_end <= span[1]]

    def _block_at(self, position: int) -> CodedBlock | None:
        index = bisect_left(self._block_starts, position + 1) - 1
        if index < 0 or position >= self._coded[index].block.char_end:
            return None
        return self._coded[index]
