"""What the later stages see of an article: its text, its blocks, and the fields that they need."""

from dataclasses import dataclass
from datetime import date
from typing import Any

# One row of a table of the dataset, by column name.
Row = dict[str, Any]
# Rows by table name: what a stage gives for one document.
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the file that is one thing on the page. Offsets in code points of the raw text."""

    block_no: int
    block_type: str
    char_start: int
    char_end: int
    layout_rule: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the quote and topic stages read it.

    `text` is the whole decoded file; `blocks` are the article's own, in order, without gaps.
    """

    article_id: str
    text: str
    blocks: tuple[Block, ...]
    headline: str | None
    section: str | None
    document_type: str
    language: str | None
    analysis_date: date | None
    analysis_date_basis: str
    event_id: str | None
    outlet_id: str | None

    def block_id(self, block: Block) -> str:
        """Return the id under which the block stands in the blocks table."""
        return block_id(self.article_id, block.block_no)


def block_id(article_id: str, block_no: int) -> str:
    """Return the id of a block: the article's id, ':', and the number of the block."""
    return f"{article_id}:{block_no}"
