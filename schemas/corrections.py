"""Corrections: what coders wrote into corrections.csv, and what became of every row of it."""

from schemas.table import CODE_POINTS, DATE, ID, INTEGER, NUMBER, SHA256, TEXT, Table, column

WHATS = (
    "speaker",
    "boundary",
    "type",
    "topics",
    "cue",
    "illocution",
    "not_a_quote",
    "new_quote",
    "article_date",
)
STATUSES = ("applied", "already_right", "stale", "unbound", "conflict", "invalid")


class Corrections(
    Table,
    table_name="corrections",
    key=("line_no",),
    links=(
        (("article_id",), "articles", ("article_id",)),
        (("quote_id",), "quotes", ("quote_id",)),
    ),
    stage="combine",
):
    """Every row of corrections.csv, with what became of it."""

    line_no: INTEGER = column("Line of corrections.csv on which the row starts.", unique=True, ge=1)
    status: TEXT = column(
        "What became of the correction. applied: the dataset has the new value because of it; already_right: "
        "the dataset has the new value without it; stale: the dataset has neither the old value nor the new "
        "one; unbound: no quote fits, or no raw file; conflict: it contradicts another correction; invalid: "
        "it cannot be read. Only applied changes the dataset.",
        levels=STATUSES,
    )
    message: TEXT = column(
        "The reason in words, with what to do. NULL: nothing to report.", nullable=True, holds="about_file"
    )
    what: TEXT = column("What is corrected. NULL: it cannot be read.", nullable=True, levels=WHATS)
    raw_sha256: TEXT = column(
        "The raw file, as the correction names it: SHA-256 of its bytes. NULL: it cannot be read.",
        nullable=True,
        str_matches=SHA256,
    )
    char_start: INTEGER = column(
        "Where the quote starts, as the correction has it. NULL: not given, or it cannot be read.",
        nullable=True,
        unit=CODE_POINTS,
        ge=0,
    )
    char_end: INTEGER = column(
        "Where the quote ends (exclusive), as the correction has it. NULL: not given, or it cannot be read.",
        nullable=True,
        unit=CODE_POINTS,
        ge=1,
    )
    old_value: TEXT = column(
        "The value that the coder found, as typed. NULL: empty.", nullable=True, holds="names"
    )
    new_value: TEXT = column("The value to have, as typed. NULL: empty.", nullable=True, holds="names")
    found_value: TEXT = column(
        "The value that the dataset had before any correction. NULL: none, or nothing was looked up.",
        nullable=True,
        holds="names",
    )
    article_id: TEXT = column("The article. NULL: none was found.", nullable=True, str_matches=ID)
    quote_id: TEXT = column(
        "The quote to which the correction was bound, as it now stands. NULL: none, or it was taken out.",
        nullable=True,
        holds="ours",
    )
    found_quote_id: TEXT = column(
        "The id that this quote had before any correction. NULL: none, or it is a quote that was added.",
        nullable=True,
        holds="ours",
    )
    overlap: NUMBER = column(
        "How well the quote fits the offsets: shared characters by characters of both. NULL: no quote was "
        "found.",
        nullable=True,
        unit="share, 0–1",
        ge=0,
        le=1,
    )
    coder: TEXT = column("Who wrote the correction. NULL: not given.", nullable=True, holds="person")
    reason: TEXT = column("Why, in the coder's words. NULL: not given.", nullable=True, holds="person")
    coded_date: DATE = column(
        "Day on which it was written. NULL: not given, or it cannot be read.", nullable=True
    )
