"""Statements: one utterance followed across outlets."""

from schemas.table import CODE_POINTS, INTEGER, NUMBER, TEXT, Table, column


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
    """One utterance, however many articles report it."""

    statement_id: TEXT = column("The statement.", unique=True)
    speaker_id: TEXT = column("Who said it. NULL: unresolved.", nullable=True)
    event_id: TEXT = column("The event at which it was said. NULL: not settled.", nullable=True)
    gist_quote_id: TEXT = column("The quote that stands for it.")
    n_articles: INTEGER = column("Articles that report it.", unit="articles", ge=1)
    n_outlets: INTEGER = column("Known outlets that report it.", unit="outlets", ge=0)


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

    statement_id: TEXT = column("The statement.")
    quote_id: TEXT = column("The quote.")
    char_start: INTEGER = column("Where the part that says it starts.", unit=CODE_POINTS, ge=0)
    char_end: INTEGER = column("Where it ends (exclusive).", unit=CODE_POINTS, ge=1)
    relation: TEXT = column(
        "How it reports the statement.",
        levels=("same_words", "paraphrase", "partial", "translation_variant"),
    )
    method: TEXT = column("How the link was found.")
    score: NUMBER = column("Strength of the link.", unit="share, 0–1", ge=0, le=1)
