"""Articles, their authors, their text, and the blocks that a page is made of."""

from schemas.sources import RAW_PATH
from schemas.table import (
    AUTHORITY_ID,
    CODE_POINTS,
    DATE,
    EDTF_DAY,
    FLAG,
    ID,
    INTEGER,
    NUMBER,
    SHA256,
    TEXT,
    TIME_UTC,
    Table,
    column,
)

ENCODINGS = ("utf-8", "utf-8-bom", "utf-16-le", "utf-16-be", "cp1252")
HEADLINE_BASES = ("header", "first_line", "none")
DATE_PRECISIONS = ("day", "month", "year", "none")
PUBLISHED_BASES = ("header", "footer", "dateline", "caption", "manifest", "correction", "none")
ANALYSIS_BASES = ("published", "dateline", "event", "correction", "none")
OUTLET_BASES = ("header", "byline", "author_description", "agency", "footer", "manifest", "none")
LANGUAGE_BASES = ("text", "too_short", "uncertain")
AGENCY_ROLES = ("origin", "inputs", "photo", "none")
DOCUMENT_TYPES = (
    "news_report",
    "news_preview",
    "official_readout",
    "transcript",
    "commentary",
    "unknown",
)
BLOCK_TYPES = (
    "header_field",
    "headline",
    "deck",
    "byline",
    "dateline",
    "heading",
    "paragraph",
    "caption",
    "pull_quote",
    "boilerplate",
    "blank",
)


class Articles(
    Table,
    table_name="articles",
    key=("article_id",),
    links=(
        (("raw_path",), "sources", ("raw_path",)),
        (("outlet_id",), "outlets", ("outlet_id",)),
        (("republisher_id",), "outlets", ("outlet_id",)),
        (("agency_id",), "outlets", ("outlet_id",)),
        (("event_id",), "events", ("event_id",)),
    ),
    stage="articles",
):
    """One row per document."""

    article_id: TEXT = column(
        "Id of the article. The first 16 hex digits of the SHA-256 of the raw bytes; -2, -3 … for further "
        "articles of one file.",
        unique=True,
        str_matches=ID,
    )
    raw_path: TEXT = column(
        RAW_PATH + " Of files with the same bytes, the first path in code-point order.",
        filled_by="combine",
        holds="path",
    )
    raw_sha256: TEXT = column("SHA-256 of the raw bytes, in hex.", str_matches=SHA256)
    article_no: INTEGER = column("Number of the article in its file, from 1.", ge=1)
    encoding: TEXT = column("How the bytes were decoded.", levels=ENCODINGS)
    layout: TEXT = column(
        "Layout by which the page was read. The name of a module of pipeline/ingest/layouts/.", holds="ours"
    )
    headline: TEXT = column(
        "Headline as printed. NULL: the page has none that can be told.", nullable=True, holds="page"
    )
    headline_basis: TEXT = column("Where the headline stood.", levels=HEADLINE_BASES)
    deck: TEXT = column("Deck (standfirst, subheadline) as printed. NULL: none.", nullable=True, holds="page")
    published_date: DATE = column(
        "Day of publication. NULL: not stated to the day with its year.", nullable=True
    )
    published_time: TEXT = column(
        "Time of day of publication as printed. It is on the clock of the page; a time zone beside it is left"
        " out (the header block holds the words). NULL: not stated.",
        nullable=True,
        holds="page",
    )
    published_edtf: TEXT = column(
        "What is stated of the date of publication, in EDTF (ISO 8601-2). XXXX stands for a year that is not "
        "stated: XXXX-12-30. NULL: nothing stated.",
        nullable=True,
        str_matches=EDTF_DAY,
    )
    published_precision: TEXT = column(
        "How exactly the date of publication is known. none: no year, or no date at all.",
        levels=DATE_PRECISIONS,
    )
    published_basis: TEXT = column("Where the date of publication stood.", levels=PUBLISHED_BASES)
    published_evidence: TEXT = column(
        "The words that state the date of publication. Joined with ' … ' when they stand in two places. NULL:"
        " none.",
        nullable=True,
        holds="page",
    )
    analysis_date: DATE = column(
        "The date to use for time series. It is published_date where that is known, else what "
        "analysis_date_basis says. NULL: nothing settles it.",
        nullable=True,
    )
    analysis_date_basis: TEXT = column("Where analysis_date comes from.", levels=ANALYSIS_BASES)
    analysis_date_imputed: FLAG = column(
        "Whether analysis_date was inferred and is not a stated date of publication."
    )
    outlet_id: TEXT = column(
        "The outlet that wrote and published the article. NULL: the page and the manifest do not say (see "
        "outlet_basis).",
        nullable=True,
        str_matches=AUTHORITY_ID,
    )
    outlet_basis: TEXT = column("Where the outlet was named.", levels=OUTLET_BASES)
    republisher_id: TEXT = column(
        "The outlet on whose page the copy stood, when not the article's own. NULL: not stated.",
        nullable=True,
        str_matches=AUTHORITY_ID,
    )
    agency_id: TEXT = column(
        "News agency that is credited. Of several, the one with the strongest agency_role. NULL: none, or not"
        " by name (see agency_role).",
        nullable=True,
        str_matches=AUTHORITY_ID,
    )
    agency_role: TEXT = column(
        "What the news agency gave. origin: the whole text (dateline, byline, source line, rights, or a mark "
        "behind the last sentence); inputs: material for another's text (without agency_id: 'with inputs from"
        " agencies'); photo: a picture only; none: no agency.",
        levels=AGENCY_ROLES,
    )
    document_type: TEXT = column("Kind of document, told by its form.", levels=DOCUMENT_TYPES)
    language: TEXT = column(
        "Language of the text (ISO 639-1). A text in another language than English has no quotes. NULL: see "
        "language_basis.",
        nullable=True,
        str_matches=r"^[a-z]{2}$",
    )
    language_basis: TEXT = column(
        "How the language was told, or why it was not. text: from the text; too_short: too few letters; "
        "uncertain: no language is likely enough (names, numbers, several languages).",
        levels=LANGUAGE_BASES,
    )
    is_translation: FLAG = column(
        "Whether the text is stated to be a translation. The page or the manifest says so; a direct quote in "
        "a translation is not verbatim. NULL: not stated.",
        nullable=True,
    )
    byline: TEXT = column("Byline as printed. NULL: none.", nullable=True, holds="names")
    authors: TEXT = column(
        "Names of the authors joined with '; '. NULL: none named.", nullable=True, holds="names"
    )
    dateline_place: TEXT = column(
        "Place named in the dateline (the words before the first sentence). NULL: no dateline.",
        nullable=True,
        holds="page",
    )
    dateline_date: DATE = column(
        "Date of the dateline. A year that it leaves out is that of the publication or of a caption of the "
        "same day. NULL: no dateline, or its year is not stated.",
        nullable=True,
    )
    section: TEXT = column(
        "Section labels of the page joined with '; '. NULL: none.", nullable=True, holds="page"
    )
    url: TEXT = column(
        "Address of the page, from the manifest. NULL: not given.", nullable=True, holds="address"
    )
    retrieved_at: TIME_UTC = column(
        "When the page was retrieved (UTC), from the manifest. NULL: not given.", nullable=True
    )
    licence: TEXT = column(
        "Licence of the text, from the manifest. NULL: not given.", nullable=True, holds="ours"
    )
    redistributable: FLAG = column(
        "Whether the text may be passed on, from the manifest. NULL: not given, so treat it as no.",
        nullable=True,
    )
    n_words: INTEGER = column("Words of the article itself (without boilerplate).", unit="words", ge=0)
    n_quotes: INTEGER = column(
        "How many quotes the article has (its rows in quotes).", unit="quotes", ge=0, filled_by="combine"
    )
    event_id: TEXT = column(
        "The event that the article reports. NULL: none in the authority file could be settled.",
        nullable=True,
        str_matches=AUTHORITY_ID,
    )


class ArticleAuthors(
    Table,
    table_name="article_authors",
    key=("article_id", "author_no"),
    links=((("article_id",), "articles", ("article_id",)),),
    stage="articles",
):
    """One row per author of an article, in the order of the byline."""

    article_id: TEXT = column("The article.", str_matches=ID)
    author_no: INTEGER = column("Place in the byline, from 1.", ge=1)
    name: TEXT = column("Name; a name printed in capitals is written with initial capitals.", holds="names")
    title: TEXT = column("Title as printed. NULL: none.", nullable=True, holds="page")
    place: TEXT = column(
        "Place from which the author reports. NULL: not stated.", nullable=True, holds="page"
    )
    description: TEXT = column(
        "What the page says about the author. NULL: nothing.", nullable=True, holds="person"
    )
    has_email: FLAG = column("Whether the page gives an e-mail address for the authors (not kept).")


class ArticleText(
    Table,
    table_name="article_text",
    key=("article_id",),
    links=((("article_id",), "articles", ("article_id",)),),
    stage="articles",
):
    """The decoded raw text, apart from every other table so that the rest can be published without it."""

    article_id: TEXT = column("The article.", unique=True, str_matches=ID)
    text: TEXT = column(
        "The raw file as decoded, nothing stripped, a byte-order mark kept and counted.", holds="file"
    )


class ArticlePairs(
    Table,
    table_name="article_pairs",
    key=("article_id", "other_article_id"),
    links=(
        (("article_id",), "articles", ("article_id",)),
        (("other_article_id",), "articles", ("article_id",)),
    ),
    stage="combine",
):
    """Pairs of articles that share their text. Nothing is left out of the other tables for it."""

    article_id: TEXT = column("The article that stands first in order of id.", str_matches=ID)
    other_article_id: TEXT = column("The other article.", str_matches=ID)
    relation: TEXT = column(
        "How the two articles are alike. near_duplicate: three tenths of the text or more in common (see "
        "share). same_bytes: of two articles whose files have the same bytes; as such files share one article"
        " (status duplicate in sources), there is none between two articles.",
        levels=("same_bytes", "near_duplicate"),
    )
    share: NUMBER = column(
        "Share of the shorter article's text that stands in the other too. Counted are all its different runs"
        " of five words in paragraphs, without case, punctuation, and what stands in quotation marks (two "
        "reports of one speech share that). 1: also where all words of the paragraphs are the same. Pairs "
        "below 0.3 are not listed.",
        unit="share, 0–1",
        ge=0,
        le=1,
    )


class Blocks(
    Table,
    table_name="blocks",
    key=("article_id", "block_no"),
    links=((("article_id",), "articles", ("article_id",)),),
    stage="articles",
):
    """The layout of each file. Blocks tile it: each starts where the last ended, from 0 to the end."""

    block_id: TEXT = column(
        "Id of the block. The article's id, ':', and the block's number.", unique=True, holds="ours"
    )
    article_id: TEXT = column("The article.", str_matches=ID)
    block_no: INTEGER = column("Number of the block in the article, from 1.", ge=1)
    block_type: TEXT = column("What the block is on the page.", levels=BLOCK_TYPES)
    char_start: INTEGER = column("Where the block starts.", unit=CODE_POINTS, ge=0)
    char_end: INTEGER = column("Where the block ends (exclusive).", unit=CODE_POINTS, ge=1)
    layout_rule: TEXT = column("The rule of the layout by which the block was told.", holds="ours")
