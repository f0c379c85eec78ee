"""Topics of the blocks of a page and of the article as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Block, Document
from pipeline.topics.assignment import HEADING_SHARE, Assignment, gather, rank, support, weigh
from pipeline.topics.matcher import Hit, TermMatcher, find_patterns, find_terms
from pipeline.topics.sentences import Sentences, split_sentences

# The places on a page that tell what the article is about, with their weight for the whole article.
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
class CodedBlock:
    """A block with its terms, the topics of the heading above it, and its own ranked topics."""

    block: Block
    hits: list[Hit]
    heading: list[Assignment]
    topics: list[Assignment]


def code_blocks(
    matcher: TermMatcher, text: str, blocks: Sequence[Block], sentences: Sentences
) -> list[CodedBlock]:
    """Code blocks in page order; a heading speaks for the paragraphs under it until the next one."""
    coded = []
    above: list[Assignment] = []
    patterns = find_patterns(matcher, text)
    for block in blocks:
        hits = find_terms(matcher, text, block.char_start, block.char_end, sentences, patterns)
        own = weigh(hits)
        if block.block_type == "heading":
            above = own
        # Captions and pull quotes are set anywhere on the page: what stands above them says nothing.
        heading = above if block.block_type == "paragraph" else []
        named = {one.topic_id for one in own}
        from_heading = weigh([one.evidence for one in heading], "heading", HEADING_SHARE)
        inherited = [one for one in from_heading if one.topic_id not in named]
        coded.append(CodedBlock(block, hits, heading, rank([*support(own, heading), *inherited])))
    return coded


def code_article(matcher: TermMatcher, document: Document, coded: Sequence[CodedBlock]) -> list[Assignment]:
    """Return the ranked topics of an article from all its blocks and its section labels."""
    parts: list[tuple[float, Sequence[Assignment]]] = [
        # A heading counts once, not again with every paragraph under it.
        (BLOCK_WEIGHTS[one.block.block_type], [topic for topic in one.topics if topic.method == "term"])
        for one in coded
    ]
    parts.append((SECTION_WEIGHT, _code_section(matcher, document)))
    return rank(gather(parts))


def _code_section(matcher: TermMatcher, document: Document) -> list[Assignment]:
    """Return the topics of the section labels that can be found among the header fields."""
    fields = [block for block in document.blocks if block.block_type == "header_field"]
    hits: list[Hit] = []
    for label in dict.fromkeys((document.section or "").split("; ")):
        places = (document.text.find(label, block.char_start, block.char_end) for block in fields)
        start = next((place for place in places if place >= 0), None)
        if label and start is not None:
            # Terms anchored with ^ and $ mean a whole label, so the label is read as a text of its own.
            sentences = split_sentences(label, [(0, len(label))])
            found = find_terms(matcher, label, 0, len(label), sentences, find_patterns(matcher, label))
            hits += [
                replace(hit, char_start=start + hit.char_start, char_end=start + hit.char_end)
                for hit in found
            ]
    return weigh(hits, "section")
