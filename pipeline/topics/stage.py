"""The topics stage: topics of articles, blocks and quotes; speech act, date and event of every quote."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Block, Document, Row, Rows
from pipeline.reference import Reference
from pipeline.topics.assignment import (
    BLOCK_SHARE,
    HEADING_SHARE,
    SENTENCE_SHARE,
    Assignment,
    gather,
    lead,
    rank,
    support,
    weigh,
)
from pipeline.topics.illocution import IllocutionCoder, compile_illocution, tell_illocution
from pipeline.topics.matcher import Hit, TermMatcher, compile_terms, find_terms
from pipeline.topics.pull_quotes import find_duplicates
from pipeline.topics.quote_events import Event, find_occasion, read_events
from pipeline.topics.sentences import Sentences, split_sentences

# Places on the page that say what the article is about, with their weight for the whole article.
BLOCK_WEIGHTS = {
    "headline": 3.0,
    "deck": 2.0,
    "heading": 2.0,
    "paragraph": 1.0,
    "pull_quote": 0.5,
    "caption": 0.5,
}
SECTION_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class TopicCoder:
    """The compiled codebooks and events."""

    matcher: TermMatcher
    illocution: IllocutionCoder
    events: dict[str, Event]


@dataclass(frozen=True, slots=True)
class _CodedBlock:
    """A block with its terms, the terms of the heading above it, and its ranked topics."""

    block: Block
    hits: list[Hit]
    heading: list[Assignment]
    topics: list[Assignment]


def prepare(reference: Reference) -> TopicCoder:
    """Compile the codebooks, once per process. Raises Fault for a pattern that cannot be used."""
    return TopicCoder(
        compile_terms(reference.rows("topic_terms")),
        compile_illocution(reference.rows("illocution_patterns"), reference.rows("cues")),
        read_events(reference.rows("events"), reference.rows("event_participants")),
    )


def code(coder: TopicCoder, document: Document, quote_rows: Rows) -> Rows:
    """Return the tables `quotes` (ids and the columns that this stage fills) and `topic_assignments`.

    `quote_rows` holds the tables quotes, quote_spans and quote_speakers of the document.
    """
    blocks = [block for block in document.blocks if block.block_type in BLOCK_WEIGHTS]
    sentences = split_sentences(document.text, ((b.char_start, b.char_end) for b in blocks))
    coded = _code_blocks(coder.matcher, document.text, blocks, sentences)
    assignments = _AssignmentRows(document)
    assignments.add(_code_article(coder.matcher, document, coded), unit="article")
    for one in coded:
        assignments.add(one.topics, unit="block", block_id=document.block_id(one.block))
    quotes = sorted(quote_rows["quotes"], key=lambda row: row["quote_no"])
    spans: dict[str, list[Row]] = {}
    for span in quote_rows["quote_spans"]:
        spans.setdefault(span["quote_id"], []).append(span)
    speakers: dict[str, set[str]] = {}
    for row in quote_rows["quote_speakers"]:
        speakers.setdefault(row["quote_id"], set()).add(row["speaker_id"])
    duplicates = find_duplicates(quotes)
    finder = _QuoteTopics(document.text, coded, sentences)
    rows = []
    for quote in quotes:
        quote_id = quote["quote_id"]
        own_spans = sorted(spans.get(quote_id, ()), key=lambda span: (span["char_start"], span["char_end"]))
        topics = finder.topics(own_spans)
        assignments.add(topics, unit="quote", quote_id=quote_id)
        occasion = find_occasion(
            coder.events, document, sentences, quote, own_spans, frozenset(speakers.get(quote_id, ()))
        )
        act = tell_illocution(
            coder.illocution, quote, _content_sentences(document.text, own_spans, sentences)
        )
        rows.append(
            {
                "quote_id": quote_id,
                "article_id": quote["article_id"],
                "quote_no": quote["quote_no"],
                "said_date": occasion.said_date,
                "said_date_basis": occasion.said_date_basis,
                "event_id": occasion.event_id,
                "event_basis": occasion.event_basis,
                "illocution": act.illocution,
                "illocution_evidence": act.evidence,
                "topic_primary": topics[0].topic_id if topics else None,
                "topics": "; ".join(one.topic_id for one in topics) or None,
                "duplicate_of": duplicates.get(quote_id),
            }
        )
    return {"quotes": rows, "topic_assignments": assignments.rows}


class _AssignmentRows:
    """The rows of topic_assignments of one document, numbered as they come."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.rows: list[Row] = []

    def add(
        self,
        topics: Sequence[Assignment],
        *,
        unit: str,
        block_id: str | None = None,
        quote_id: str | None = None,
    ) -> None:
        """Add the ranked topics of a unit."""
        for place, one in enumerate(topics, 1):
            start, end = one.evidence.char_start, one.evidence.char_end
            self.rows.append(
                {
                    "article_id": self._document.article_id,
                    "assignment_no": len(self.rows) + 1,
                    "unit": unit,
                    "block_id": block_id,
                    "quote_id": quote_id,
                    "topic_id": one.topic_id,
                    "rank": place,
                    "score": one.score,
                    "method": one.method,
                    "term_id": one.evidence.term.term_id,
                    "evidence_text": self._document.text[start:end],
                    "char_start": start,
                    "char_end": end,
                }
            )


class _QuoteTopics:
    """Looks up the terms in and around the quotes of one document."""

    def __init__(self, text: str, coded: Sequence[_CodedBlock], sentences: Sentences) -> None:
        self._text = text
        self._coded = coded
        self._sentences = sentences
        self._block_starts = [one.block.char_start for one in coded]
        self._hits = [hit for one in coded for hit in one.hits]
        self._hit_starts = [hit.char_start for hit in self._hits]

    def topics(self, spans: Sequence[Row]) -> list[Assignment]:
        """Return the ranked topics of a quote: of its own words, else of what stands around it."""
        content = [(s["char_start"], s["char_end"]) for s in spans if s["span_role"] == "content"]
        if not content:
            return []
        block = self._block_at(content[0][0])
        own = weigh(hit for start, end in content for hit in self._between(start, end))
        if own:
            return rank(lead(support(own, block.heading if block else ()), content))
        # Who speaks, and by which word, is not what is said.
        others = [(s["char_start"], s["char_end"]) for s in spans if s["span_role"] != "content"]
        sentence_hits = [
            hit
            for bounds in dict.fromkeys(self._sentences.around(start) for start, _ in content)
            for hit in self._between(*bounds)
            if not any(hit.char_start < end and start < hit.char_end for start, end in others)
        ]
        if sentence_hits:
            return rank(weigh(sentence_hits, "inherited", SENTENCE_SHARE))
        if block is None:
            return []
        if block.heading:
            return rank(weigh([one.evidence for one in block.heading], "heading", HEADING_SHARE))
        return rank(weigh([block.topics[0].evidence], "inherited", BLOCK_SHARE) if block.topics else ())

    def _between(self, start: int, end: int) -> list[Hit]:
        first, last = bisect_left(self._hit_starts, start), bisect_left(self._hit_starts, end)
        return [hit for hit in self._hits[first:last] if hit.char_end <= end]

    def _block_at(self, position: int) -> _CodedBlock | None:
        index = bisect_left(self._block_starts, position + 1) - 1
        if index < 0 or position >= self._coded[index].block.char_end:
            return None
        return self._coded[index]


def _code_blocks(
    matcher: TermMatcher, text: str, blocks: Sequence[Block], sentences: Sentences
) -> list[_CodedBlock]:
    coded = []
    above: list[Assignment] = []
    for block in blocks:
        hits = find_terms(matcher, text, block.char_start, block.char_end, sentences)
        own = weigh(hits)
        if block.block_type == "heading":
            above = own
        # Captions and pull quotes are set anywhere on the page: what stands above them says nothing.
        heading = above if block.block_type == "paragraph" else []
        from_heading = weigh([one.evidence for one in heading], "heading", HEADING_SHARE)
        named = {one.topic_id for one in own}
        inherited = [one for one in from_heading if one.topic_id not in named]
        coded.append(_CodedBlock(block, hits, heading, rank([*support(own, heading), *inherited])))
    return coded


def _code_article(matcher: TermMatcher, document: Document, coded: Sequence[_CodedBlock]) -> list[Assignment]:
    parts: list[tuple[float, Sequence[Assignment]]] = [
        (
            BLOCK_WEIGHTS[one.block.block_type],
            # A heading counts once, not again with every paragraph under it.
            [topic for topic in one.topics if topic.method == "term"],
        )
        for one in coded
    ]
    parts.append((SECTION_WEIGHT, _code_section(matcher, document)))
    return rank(gather(parts))


def _code_section(matcher: TermMatcher, document: Document) -> list[Assignment]:
    """Return the topics of the section labels, where the label can be found among the header fields."""
    fields = [block for block in document.blocks if block.block_type == "header_field"]
    hits: list[Hit] = []
    for label in dict.fromkeys((document.section or "").split("; ")):
        if not label:
            continue
        for block in fields:
            start = document.text.find(label, block.char_start, block.char_end)
            if start >= 0:
                bounds = ((start, start + len(label)),)
                hits += find_terms(matcher, document.text, *bounds[0], split_sentences(document.text, bounds))
                break
    return weigh(hits, "section")


def _content_sentences(text: str, spans: Sequence[Row], sentences: Sentences) -> list[str]:
    return [
        text[start:end]
        for span in spans
        if span["span_role"] == "content"
        for start, end in sentences.within(span["char_start"], span["char_end"])
    ]
