"""The topics stage: topics of articles, blocks and quotes; speech act, date and event of every quote."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Document, Row, Rows
from pipeline.reference import Reference
from pipeline.topics.assignment import Assignment
from pipeline.topics.attributions import Attribution, read_attributions
from pipeline.topics.illocution import IllocutionCoder, compile_illocution, tell_illocution
from pipeline.topics.matcher import TermMatcher, compile_terms
from pipeline.topics.page_topics import BLOCK_WEIGHTS, code_article, code_blocks
from pipeline.topics.pull_quotes import find_duplicates
from pipeline.topics.quote_events import Event, find_occasion, read_events
from pipeline.topics.quote_topics import QuoteTopics
from pipeline.topics.sentences import Sentences, split_sentences


@dataclass(frozen=True, slots=True)
class TopicCoder:
    """The compiled codebooks and events."""

    matcher: TermMatcher
    illocution: IllocutionCoder
    events: dict[str, Event]


def prepare(reference: Reference) -> TopicCoder:
    """Compile the codebooks, once per process. Raises Fault for a pattern that cannot be used."""
    return TopicCoder(
        compile_terms(reference.rows("topic_terms"), reference.rows("topics"), reference.rows("word_lists")),
        compile_illocution(reference.rows("illocution_patterns"), reference.rows("cues")),
        read_events(reference.rows("events"), reference.rows("event_participants")),
    )


def code(coder: TopicCoder, document: Document, quote_rows: Rows) -> Rows:
    """Return the tables `quotes` (ids and the columns that this stage fills) and `topic_assignments`.

    `quote_rows` holds the tables quotes, quote_spans and quote_speakers of the document.
    """
    blocks = [block for block in document.blocks if block.block_type in BLOCK_WEIGHTS]
    sentences = split_sentences(document.text, [(block.char_start, block.char_end) for block in blocks])
    coded = code_blocks(coder.matcher, document.text, blocks, sentences)
    assignments = _assignment_rows(document, code_article(coder.matcher, document, coded), "article")
    for one in coded:
        assignments += _assignment_rows(document, one.topics, "block", block_id=document.block_id(one.block))
    duplicates = find_duplicates(quote_rows["quotes"])
    quote_topics = QuoteTopics(coded, sentences)
    quotes = []
    for quote in read_attributions(quote_rows):
        topics = quote_topics.find(quote)
        assignments += _assignment_rows(document, topics, "quote", quote_id=quote.row["quote_id"])
        quotes.append(_quote_row(coder, document, sentences, quote, topics, duplicates))
    for number, row in enumerate(assignments, 1):
        row["assignment_no"] = number
    return {"quotes": quotes, "topic_assignments": assignments}


def _quote_row(
    coder: TopicCoder,
    document: Document,
    sentences: Sentences,
    quote: Attribution,
    topics: Sequence[Assignment],
    duplicates: dict[str, str],
) -> Row:
    occasion = find_occasion(coder.events, document, sentences, quote)
    act = tell_illocution(coder.illocution, document.text, sentences, quote)
    return {
        "quote_id": quote.row["quote_id"],
        "article_id": quote.row["article_id"],
        "quote_no": quote.row["quote_no"],
        "said_date": occasion.said_date,
        "said_date_basis": occasion.said_date_basis,
        "event_id": occasion.event_id,
        "event_basis": occasion.event_basis,
        "illocution": act.illocution,
        "illocution_evidence": act.evidence,
        "topic_primary": topics[0].topic_id if topics else None,
        "topics": "; ".join(one.topic_id for one in topics) or None,
        "duplicate_of": duplicates.get(quote.row["quote_id"]),
    }


def _assignment_rows(
    document: Document,
    topics: Sequence[Assignment],
    unit: str,
    *,
    block_id: str | None = None,
    quote_id: str | None = None,
) -> list[Row]:
    """Return the rows of a unit's ranked topics; their number in the article is given at the end."""
    return [
        {
            "article_id": document.article_id,
            "assignment_no": 0,
            "unit": unit,
            "block_id": block_id,
            "quote_id": quote_id,
            "topic_id": one.topic_id,
            "rank": place,
            "score": one.score,
            "method": one.method,
            "term_id": one.evidence.term.term_id,
            "evidence_text": document.text[one.evidence.char_start : one.evidence.char_end],
            "char_start": one.evidence.char_start,
            "char_end": one.evidence.char_end,
        }
        for place, one in enumerate(topics, 1)
    ]
