"""Codebooks (topics, their terms, cues, illocution patterns) and the topics assigned by them."""

from schemas.quotes import CUE_CLASSES, ILLOCUTIONS
from schemas.table import AUTHORITY_ID, CODE_POINTS, FLAG, ID, INTEGER, NUMBER, TEXT, Table, column

PATTERN_TYPES = ("phrase", "inflected", "regex")
ORIGINS = ("codebook", "general_knowledge", "seen_in_text")
UNITS = ("article", "block", "quote")
METHODS = ("section", "heading", "term", "inherited", "model", "correction")
MATCHES = ("exact", "close", "broad", "none")


class Topics(
    Table,
    table_name="topics",
    key=("topic_id",),
    links=((("parent_id",), "topics", ("topic_id",)),),
    stage="authority",
):
    """The topic codebook."""

    topic_id: TEXT = column("Id of the topic.", unique=True, str_matches=AUTHORITY_ID)
    parent_id: TEXT = column("The broader topic it can be collapsed into. NULL: top level.", nullable=True)
    label: TEXT = column("Label for tables and figures.")
    definition: TEXT = column("What the topic is.")
    include: TEXT = column("What to code with it where one may doubt. NULL: nothing to add.", nullable=True)
    exclude: TEXT = column("What not to code with it, and where that goes. NULL: nothing.", nullable=True)
    iptc_id: TEXT = column(
        "Code of the topic in IPTC Media Topics (2023-03-31). NULL: none.",
        nullable=True,
        str_matches=r"^20[0-9]{6}$",
    )
    iptc_match: TEXT = column("How well the IPTC code fits the topic.", levels=MATCHES)
    cap_code: TEXT = column(
        "Code of the topic in the Comparative Agendas Project (2019). NULL: none.",
        nullable=True,
        str_matches=r"^[0-9]{3,4}$",
    )
    cap_match: TEXT = column(
        "How well the code of the Comparative Agendas Project fits the topic.", levels=MATCHES
    )
    gives_way_to: TEXT = column(
        "Topics beside which it is not coded, divided by |. *: any. NULL: none.", nullable=True
    )
    is_occasion: FLAG = column(
        "Whether the topic is the occasion of speaking (leaders meet). A quote does not take such a topic "
        "from its sentence."
    )


class TopicTerms(
    Table,
    table_name="topic_terms",
    key=("term_id",),
    links=((("topic_id",), "topics", ("topic_id",)),),
    stage="authority",
):
    """The terms by which topics are recognised."""

    term_id: TEXT = column("Id of the term.", unique=True, str_matches=AUTHORITY_ID)
    topic_id: TEXT = column("The topic it speaks for.")
    pattern: TEXT = column("The words to look for, or a regular expression.")
    pattern_type: TEXT = column(
        "How the pattern is matched. phrase: these words, any case; inflected: these words with plural, "
        "possessive and verb endings; regex: a regular expression, case kept.",
        levels=PATTERN_TYPES,
    )
    needs_context: TEXT = column(
        "Words of which one must stand in the same sentence. Divided by |; @list_id: those of a list. NULL: "
        "none needed.",
        nullable=True,
    )
    excluded_by: TEXT = column(
        "Words of which none may stand in the same sentence. Divided by |; @list_id: those of a list. NULL: "
        "none.",
        nullable=True,
    )
    weight: NUMBER = column("How strongly the term speaks for the topic.", unit="share, 0–1", gt=0, le=1)
    origin: TEXT = column("Where the term came from.", levels=ORIGINS)


class WordLists(
    Table,
    table_name="word_lists",
    key=("list_id",),
    stage="authority",
):
    """Words that many terms need or are excluded by, named so that they are written once."""

    list_id: TEXT = column(
        "Id of the list. @list_id in needs_context or excluded_by of a term stands for its words.",
        unique=True,
        str_matches=AUTHORITY_ID,
    )
    words: TEXT = column("The words, divided by |.")
    note: TEXT = column("What the words tell. NULL: plain.", nullable=True)


class Cues(
    Table,
    table_name="cues",
    key=("lemma",),
    stage="authority",
):
    """The cue codebook: reporting verbs and phrases with their class and polarity."""

    lemma: TEXT = column("Base form of the cue. A phrase starts with its verb in the base form.", unique=True)
    cue_class: TEXT = column("What kind of reporting it is.", levels=CUE_CLASSES)
    cue_class_2: TEXT = column("Second class of the cue. NULL: none.", nullable=True, levels=CUE_CLASSES)
    illocution: TEXT = column(
        "Speech act that the cue reports (Searle 1976). NULL: open.", nullable=True, levels=ILLOCUTIONS
    )
    polarity: INTEGER = column(
        "Attitude that the cue expresses. -1: against; 0: none; 1: in favour.", isin=[-1, 0, 1]
    )
    frame: TEXT = column(
        "What the cue governs; several divided by |. clause: X said S; object: X praised N; infinitive: X "
        "agreed to V; addressee: X urged N to V; after: according to X; mention: no quote by itself, X "
        "discussed N.",
    )
    forms: TEXT = column("Irregular forms divided by |. NULL: regular.", nullable=True)


class IllocutionPatterns(
    Table,
    table_name="illocution_patterns",
    key=("pattern_id",),
    stage="authority",
):
    """Patterns in the content that tell the speech act."""

    pattern_id: TEXT = column("Id of the pattern.", unique=True, str_matches=AUTHORITY_ID)
    pattern: TEXT = column("Regular expression over the content, any case.")
    illocution: TEXT = column("The speech act it tells.", levels=ILLOCUTIONS)
    priority: INTEGER = column("Rank of the pattern: the lowest number that matches decides.", ge=1)
    note: TEXT = column("Why it is there. NULL: plain.", nullable=True)


class TopicAssignments(
    Table,
    table_name="topic_assignments",
    key=("article_id", "assignment_no"),
    links=(
        (("article_id",), "articles", ("article_id",)),
        (("block_id",), "blocks", ("block_id",)),
        (("quote_id",), "quotes", ("quote_id",)),
        (("topic_id",), "topics", ("topic_id",)),
        (("term_id",), "topic_terms", ("term_id",)),
    ),
    stage="topics",
):
    """Topics of articles, blocks and quotes, each with the evidence that a reader can check."""

    article_id: TEXT = column("The article.", str_matches=ID)
    assignment_no: INTEGER = column("Number of the assignment in the article, from 1.", ge=1)
    unit: TEXT = column("What the topic is assigned to.", levels=UNITS)
    block_id: TEXT = column(
        "The block, when the unit is a block. NULL: another unit.", nullable=True, holds="ours"
    )
    quote_id: TEXT = column(
        "The quote, when the unit is a quote. NULL: another unit.", nullable=True, holds="ours"
    )
    topic_id: TEXT = column("The topic.", holds="ours")
    rank: INTEGER = column("Place among the topics of the unit; 1 is the main one.", ge=1)
    score: NUMBER = column("Strength of the evidence.", unit="share, 0–1", ge=0, le=1)
    method: TEXT = column(
        "How the topic was found. section: a section label; heading: a heading above; term: a term of the "
        "codebook in the unit; inherited: from the sentence, block or heading around it; model: a "
        "classifier; correction: a coder, who leaves no evidence.",
        levels=METHODS,
    )
    term_id: TEXT = column(
        "The term that matched. NULL: method model or correction.", nullable=True, holds="ours"
    )
    evidence_text: TEXT = column(
        "The words that matched. NULL: method model or correction.", nullable=True, holds="span"
    )
    char_start: INTEGER = column(
        "Where the words that matched start. NULL: method model or correction.",
        nullable=True,
        unit=CODE_POINTS,
        ge=0,
    )
    char_end: INTEGER = column(
        "Where the words that matched end (exclusive). NULL: method model or correction.",
        nullable=True,
        unit=CODE_POINTS,
        ge=1,
    )
