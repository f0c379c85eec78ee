"""Statements: one utterance followed across outlets."""

from schemas.quotes import CUE_CLASSES
from schemas.table import CODE_POINTS, INTEGER, NUMBER, TEXT, Table, column

RELATIONS = ("same_words", "paraphrase", "partial", "translation_variant")
COVERAGES = ("direct", "mixed", "indirect", "left_out")


class Statements(
    Table,
    table_name="statements",
    key=("statement_id",),
    links=(
        (("speaker_id",), "speakers", ("speaker_id",)),
        (("event_id",), "events", ("event_id",)),
        (("gist_quote_id",), "quotes", ("quote_id",)),
    ),
    stage="combine",
):
    """One thing said at one time, however many articles report it.

    Those that one article alone reports are listed when they were said at an event that others report too.
    """

    statement_id: TEXT = column("Id of the statement.", unique=True, holds="ours")
    speaker_id: TEXT = column("Who said it. NULL: unresolved.", nullable=True, holds="names")
    event_id: TEXT = column("The event at which it was said. NULL: not settled.", nullable=True, holds="ours")
    gist_quote_id: TEXT = column("The quote that stands for it.", holds="ours")
    n_articles: INTEGER = column("How many articles report it.", unit="articles", ge=1)
    n_outlets: INTEGER = column("How many known outlets report it.", unit="outlets", ge=0)


class StatementQuotes(
    Table,
    table_name="statement_quotes",
    key=("statement_id", "quote_id", "char_start"),
    links=(
        (("statement_id",), "statements", ("statement_id",)),
        (("quote_id",), "quotes", ("quote_id",)),
    ),
    stage="combine",
):
    """The quotes, or parts of quotes, that report a statement."""

    statement_id: TEXT = column("The statement.", holds="ours")
    quote_id: TEXT = column("The quote.", holds="ours")
    char_start: INTEGER = column("Where the part that says it starts.", unit=CODE_POINTS, ge=0)
    char_end: INTEGER = column("Where the part that says it ends (exclusive).", unit=CODE_POINTS, ge=1)
    said_text: TEXT = column("The words of the part that says it.", holds="span")
    relation: TEXT = column(
        "How it reports the statement, compared with the part of the gist quote.",
        levels=RELATIONS,
    )
    method: TEXT = column("How the link was found.", holds="ours")
    score: NUMBER = column(
        "Share of what this part and that of the gist quote say that stands in both. 1: the gist itself.",
        unit="share, 0–1",
        ge=0,
        le=1,
    )


class StatementCoverage(
    Table,
    table_name="statement_coverage",
    key=("event_id", "statement_id", "article_id"),
    links=(
        (("event_id",), "events", ("event_id",)),
        (("statement_id",), "statements", ("statement_id",)),
        (("article_id",), "articles", ("article_id",)),
        (("outlet_id",), "outlets", ("outlet_id",)),
        (("quote_id",), "quotes", ("quote_id",)),
    ),
    stage="combine",
):
    """Which article on an event reports which statement made at it, how, and which leaves it out."""

    event_id: TEXT = column("The event.", holds="ours")
    statement_id: TEXT = column("A statement made at the event.", holds="ours")
    article_id: TEXT = column("An article that reports the event.", holds="ours")
    outlet_id: TEXT = column("The outlet of the article. NULL: not known.", nullable=True, holds="ours")
    coverage: TEXT = column(
        "How the article reports the statement. As its most literal quote does, or not at all.",
        levels=COVERAGES,
    )
    quote_id: TEXT = column(
        "The most literal quote that reports it. NULL: left out.", nullable=True, holds="ours"
    )
    cue_class: TEXT = column(
        "Class of the cue of that quote. NULL: left out, no cue, or not in the codebook.",
        nullable=True,
        levels=CUE_CLASSES,
    )
    cue_polarity: INTEGER = column(
        "Attitude that the cue of that quote expresses: -1, 0 or 1. NULL: left out, no cue, or not in the "
        "codebook.",
        nullable=True,
        isin=[-1, 0, 1],
    )
