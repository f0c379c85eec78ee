"""Quotes: one row per attribution (who speaks, by which words, what is said)."""

from schemas.table import (
    AUTHORITY_ID,
    CODE_POINTS,
    COUNTRY,
    DATE,
    FLAG,
    ID,
    INTEGER,
    NUMBER,
    TEXT,
    Table,
    column,
)

REGIONS = ("headline", "body", "caption", "pull_quote")
QUOTE_TYPES = ("direct", "indirect", "mixed")
CUE_CLASSES = (
    "neutral_report",
    "assertive_emphatic",
    "assertive_factive",
    "assertive_doubtful",
    "epistemic",
    "declarative",
    "commissive",
    "directive",
    "expressive_positive",
    "expressive_negative",
    "rejection",
    "volitive",
    "evidential",
    "joint_topic_only",
)
SOURCE_FORMS = ("name", "title", "pronoun", "group", "inherited", "display", "none")
SPEAKER_TYPES = ("person", "institution", "group", "unnamed")
RESOLUTIONS = (
    "authority_name",
    "document_name",
    "title",
    "pronoun",
    "apposition",
    "institution",
    "unnamed_group",
    "members",
    "correction",
    "unresolved_ambiguous",
    "unresolved_no_antecedent",
    "unresolved_no_source",
)
SAID_DATE_BASES = ("stated", "relative", "event", "none", "none_period", "none_ambiguous")
EVENT_BASES = (
    "article",
    "date_and_speaker",
    "none_no_date",
    "none_no_event",
    "none_ambiguous",
    "not_coded",
)
ILLOCUTIONS = ("assertive", "directive", "commissive", "expressive", "declaration")
SPAN_ROLES = ("content", "cue", "source")
QUOTE_ID = r"^[0-9a-f]{16}(-[1-9][0-9]*)?:[0-9a-f]{12}$"


class Quotes(
    Table,
    table_name="quotes",
    key=("article_id", "quote_no"),
    links=(
        (("article_id",), "articles", ("article_id",)),
        (("block_id",), "blocks", ("block_id",)),
        (("parent_quote_id",), "quotes", ("quote_id",)),
        (("duplicate_of",), "quotes", ("quote_id",)),
        (("speaker_id",), "speakers", ("speaker_id",)),
        (("event_id",), "events", ("event_id",)),
        (("topic_primary",), "topics", ("topic_id",)),
    ),
    stage="quotes",
):
    """One row per attribution, in reading order."""

    quote_id: TEXT = column(
        "Id of the quote. The article's id, ':', and a hash of the content spans. Stable for one extractor: "
        "what has to outlive the extractor binds by raw_sha256 and offsets.",
        unique=True,
        str_matches=QUOTE_ID,
    )
    article_id: TEXT = column("The article.", str_matches=ID)
    block_id: TEXT = column("The block in which the content starts.", holds="ours")
    region: TEXT = column("Where on the page the content stands.", levels=REGIONS)
    quote_no: INTEGER = column("Number of the quote in the article in reading order, from 1.", ge=1)
    quote_type: TEXT = column(
        "Direct, indirect or mixed speech. direct: all of the content stands in quotation marks; indirect: "
        "none of it; mixed: part of it.",
        levels=QUOTE_TYPES,
    )
    quote_text: TEXT = column(
        "The content: what is said. ' … ' stands where other words lie between its spans.", holds="content"
    )
    char_start: INTEGER = column("Where the content starts.", unit=CODE_POINTS, ge=0)
    char_end: INTEGER = column("Where the last span of the content ends (exclusive).", unit=CODE_POINTS, ge=1)
    n_spans: INTEGER = column("How many spans of text the content has.", unit="spans", ge=1)
    has_continuation: FLAG = column(
        "Whether sentences without a cue of their own continue the quote. Such sentences report the speech "
        "further (see is_continuation in quote_spans)."
    )
    level: INTEGER = column(
        "How deep the quote is nested. 1: said in the text; 2: reported inside another quote; and so on.",
        ge=1,
    )
    parent_quote_id: TEXT = column(
        "The quote inside which it stands. NULL: level 1.", nullable=True, holds="ours"
    )
    verbatim_share: NUMBER = column(
        "Share of the content's words inside quotation marks.", unit="share, 0–1", ge=0, le=1
    )
    cue: TEXT = column(
        "The reporting words as printed (said, called on). ' … ' stands between parts. NULL: none.",
        nullable=True,
        holds="cue",
    )
    cue_lemma: TEXT = column(
        "Base form of the cue, as in the codebook of cues. NULL: no cue, or not in the codebook.",
        nullable=True,
        holds="ours",
    )
    cue_class: TEXT = column(
        "Class of the cue in the codebook. NULL: no cue, or not in the codebook.",
        nullable=True,
        levels=CUE_CLASSES,
    )
    cue_class_2: TEXT = column("Second class of the cue. NULL: none.", nullable=True, levels=CUE_CLASSES)
    cue_polarity: INTEGER = column(
        "Attitude that the cue expresses. -1: against; 0: none; 1: in favour. NULL: no cue, or not in the "
        "codebook.",
        nullable=True,
        isin=[-1, 0, 1],
    )
    is_negated: FLAG = column("Whether the text says that this was not said (did not confirm that …).")
    source_mention: TEXT = column(
        "The words that name the source, as printed. NULL: nobody is named.", nullable=True, holds="source"
    )
    source_form: TEXT = column(
        "Form of the source mention (a name, a title, a pronoun).", levels=SOURCE_FORMS
    )
    speaker_id: TEXT = column(
        "The speaker. NULL: several (see quote_speakers) or unresolved (see resolution).",
        nullable=True,
        holds="names",
    )
    speaker_name: TEXT = column(
        "Name of the speaker; several joined with '; ' in text order. NULL: unresolved.",
        nullable=True,
        holds="names",
    )
    speaker_type: TEXT = column(
        "What the speaker is. NULL: unresolved, or several of different types.",
        nullable=True,
        levels=SPEAKER_TYPES,
    )
    speaker_role: TEXT = column(
        "Role of the speaker at analysis_date. From the authority file or else as the document states it. "
        "NULL: none known or several speakers.",
        nullable=True,
        holds="page",
    )
    speaker_country: TEXT = column(
        "Country of the speaker (ISO 3166-1 alpha-3). NULL: not known or several speakers.",
        nullable=True,
        str_matches=COUNTRY,
    )
    n_speakers: INTEGER = column("How many speakers are named. 0: unresolved.", unit="speakers", ge=0)
    resolution: TEXT = column("How the speaker was found, or why not.", levels=RESOLUTIONS)
    said_date: DATE = column(
        "Day on which it was said. NULL: not stated (see said_date_basis).", nullable=True, filled_by="topics"
    )
    said_date_basis: TEXT = column(
        "Where said_date comes from, or why there is none. stated: a day with its year; relative: words read "
        "by the day of writing ('on Monday', 'a day earlier'); event: the day of event_id; none: the "
        "reporting words state no time; none_period: they state a week, month or year; none_ambiguous: "
        "nothing settles which day is meant, or when the text was written.",
        levels=SAID_DATE_BASES,
        filled_by="topics",
    )
    event_id: TEXT = column(
        "The event at which it was said. NULL: see event_basis.",
        nullable=True,
        str_matches=AUTHORITY_ID,
        filled_by="topics",
    )
    event_basis: TEXT = column("How the event was found, or why not.", levels=EVENT_BASES, filled_by="topics")
    illocution: TEXT = column(
        "Speech act (Searle 1976), read from cue and content. NULL: not coded (see the row of the file in "
        "sources).",
        nullable=True,
        levels=ILLOCUTIONS,
        filled_by="topics",
    )
    illocution_evidence: TEXT = column(
        "The words from which the speech act was read. NULL: none; it is the default, assertive.",
        nullable=True,
        filled_by="topics",
        holds="page",
    )
    topic_primary: TEXT = column(
        "The main topic. NULL: none found.", nullable=True, filled_by="topics", holds="ours"
    )
    topics: TEXT = column(
        "All topics joined with '; ', the main one first. NULL: none found.",
        nullable=True,
        filled_by="topics",
        holds="ours",
    )
    duplicate_of: TEXT = column(
        "The quote in the running text that a pull quote repeats. NULL: not a repetition.",
        nullable=True,
        filled_by="topics",
        holds="ours",
    )
    confidence: NUMBER = column(
        "Probability that content and source are right. Calibrated on news. NULL: found by rules alone.",
        nullable=True,
        unit="probability, two decimals",
        ge=0,
        le=1,
    )
    extractor: TEXT = column("Name and version of the extractor that found the quote.", holds="ours")


class QuoteSpans(
    Table,
    table_name="quote_spans",
    key=("quote_id", "span_role", "span_no"),
    links=(
        (("quote_id",), "quotes", ("quote_id",)),
        (("block_id",), "blocks", ("block_id",)),
    ),
    stage="quotes",
):
    """The spans of text that make up an attribution: content, cue and source."""

    quote_id: TEXT = column("The quote.", str_matches=QUOTE_ID)
    span_role: TEXT = column("What the span is: content, cue or source.", levels=SPAN_ROLES)
    span_no: INTEGER = column("Number of the span within its role in text order, from 1.", ge=1)
    block_id: TEXT = column("The block in which the span starts.", holds="ours")
    char_start: INTEGER = column("Where the span starts.", unit=CODE_POINTS, ge=0)
    char_end: INTEGER = column("Where the span ends (exclusive).", unit=CODE_POINTS, ge=1)
    span_text: TEXT = column("The words, as they stand in the raw file.", holds="span")
    in_quotation_marks: FLAG = column("Whether all words of the span stand in quotation marks.")
    is_continuation: FLAG = column(
        "Whether the span continues the quote without a cue of its own. So for a span of which only a part "
        "does."
    )


class QuoteSpeakers(
    Table,
    table_name="quote_speakers",
    key=("quote_id", "speaker_no"),
    links=(
        (("quote_id",), "quotes", ("quote_id",)),
        (("speaker_id",), "speakers", ("speaker_id",)),
    ),
    stage="quotes",
):
    """The speakers of a quote in text order; a joint statement has several."""

    quote_id: TEXT = column("The quote.", str_matches=QUOTE_ID)
    speaker_no: INTEGER = column("Number of the speaker in text order, from 1.", ge=1)
    speaker_id: TEXT = column("The speaker.", holds="names")
    speaker_name: TEXT = column("Name of the speaker.", holds="names")
