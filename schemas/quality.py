"""Quality: what `make evaluate` measures. Written beside the run report, not among the published tables."""

from schemas.quotes import QUOTE_TYPES
from schemas.table import INTEGER, NUMBER, TEXT, Table, column
from schemas.topics import METHODS

MEASURES = (
    "content_exact",
    "content_iou50",
    "content_token",
    "source_any",
    "source_head",
    "end_to_end",
    "speaker_right",
    "speaker_wrong_named",
    "speaker_unresolved",
    "continuation",
    "confidence_calibration_error",
    "confidence_brier_skill",
    "confidence_coverage_90",
    "confidence_precision_90",
)
# Topics, speech acts and events, by what is measured and on which quotes.
TOPIC_BASES = ("gold_quotes", "gold_quotes_unseen", "whole_path", "whole_path_unseen")
TOPIC_MEASURES = tuple(
    f"{name}_{basis}"
    for basis in TOPIC_BASES
    for name in (
        "topic_primary",
        "topic_set",
        "topic_set_macro",
        *(f"topic_by_{method}" for method in METHODS),
        "illocution",
        "event",
    )
)
AGREEMENT_MEASURES = ("topic_primary_alpha", "illocution_alpha")
STATISTICS = ("precision", "recall", "f1", "share", "score")
_GOLD = "The gold file: its two folders and its name without ending."
_LAYOUT = "Articles of this layout, or all; none: articles that could not be read."


class Quality(
    Table,
    table_name="quality",
    key=("gold", "layout", "kind", "measure", "statistic"),
    stage="evaluate",
):
    """How good quotes and their topics are, measured against hand-made answers."""

    gold: TEXT = column(_GOLD)
    gold_sha256: TEXT = column("SHA-256 of the gold file.", str_matches=r"^[0-9a-f]{64}$")
    extractor: TEXT = column("Name and version of the extractor. NULL: it found no quote.", nullable=True)
    scope: TEXT = column(
        "speech: beliefs and intentions without speech are neither wanted nor wrong; everything: they are "
        "wanted too.",
        levels=("speech", "everything"),
    )
    layout: TEXT = column(_LAYOUT)
    kind: TEXT = column(
        "Quotes of this kind, or all. Recall is over gold of the kind, precision over found quotes that are "
        "of the kind by the quotation marks of the text.",
        levels=("all", *QUOTE_TYPES),
    )
    measure: TEXT = column(
        "content_exact: the same words; content_iou50: intersection of words over their union at least 0.5; "
        "content_token: the words of all contents; source_any, source_head: of pairs with iou50 whose gold "
        "has a source, those whose sources share a word, or have one head; end_to_end: iou50 and the right "
        "source (or none on both sides); speaker_right, speaker_unresolved: of matched quotes, those with "
        "just the gold names, or with no name; speaker_wrong_named: of all found quotes, those that name "
        "others than gold, or match no gold and name somebody; continuation: sentences after the first of "
        "continued gold that lie in a found quote with the right speaker; confidence_calibration_error: "
        "distance of confidence and share right over ten bins; confidence_brier_skill: gain over the base "
        "rate; confidence_coverage_90: found quotes with confidence 0.9 or more; confidence_precision_90: "
        "those of them that are right. Topics, on the quotes as people marked them (gold_quotes: the coder "
        "alone) or on found quotes that match one with IoU 0.5 (whole_path), and without the terms that were "
        "seen in a gold text (…_unseen): topic_primary: the main topic; topic_set: all topics of all quotes "
        "together; topic_set_macro: mean over the topics of the gold; topic_by_…: topics assigned by that "
        "method that stand in the gold; illocution: the speech act; event: the event, or that there is none; "
        "…_alpha: agreement of the people who coded the gold (Krippendorff's alpha, nominal).",
        levels=(*MEASURES, *TOPIC_MEASURES, *AGREEMENT_MEASURES),
    )
    statistic: TEXT = column("Which number of the measure.", levels=STATISTICS)
    value: NUMBER = column(
        "The value. NULL: there was nothing to measure.",
        nullable=True,
        unit="share, 0–1 (confidence_brier_skill: at most 1)",
        le=1,
    )
    low: NUMBER = column(
        "Lower end of the 95 % interval over documents. NULL: fewer than 20 documents, or no value.",
        nullable=True,
        unit="as value",
    )
    high: NUMBER = column(
        "Upper end of the 95 % interval. NULL: as low.",
        nullable=True,
        unit="as value",
    )
    n: INTEGER = column(
        "What the value is a share of; of f1 what is wanted and what is found together.",
        unit="quotes, words (content_token), sentences (continuation) or topics (topic_set, topic_by)",
        ge=0,
    )
    n_right: INTEGER = column(
        "How many of n are so. NULL: the value is not a plain share.",
        nullable=True,
        unit="as n",
        ge=0,
    )
    n_documents: INTEGER = column("Documents measured.", unit="documents", ge=1)


class ConfidenceBins(
    Table,
    table_name="confidence_bins",
    key=("gold", "layout", "confidence_low"),
    stage="evaluate",
):
    """How many of the quotes with a certain confidence are right (content, source and speaker)."""

    gold: TEXT = column(_GOLD)
    layout: TEXT = column(_LAYOUT)
    confidence_low: NUMBER = column("Lower end of the bin.", unit="probability", ge=0, le=1)
    confidence_high: NUMBER = column(
        "Upper end of the bin; it belongs to the last bin only.", unit="probability", ge=0, le=1
    )
    n: INTEGER = column("Found quotes in the bin.", unit="quotes", ge=0)
    mean_confidence: NUMBER = column(
        "Mean confidence. NULL: no quote.", nullable=True, unit="probability", ge=0, le=1
    )
    share_right: NUMBER = column(
        "How many of them are right. NULL: no quote.", nullable=True, unit="share, 0–1", ge=0, le=1
    )


class TopicConfusion(
    Table,
    table_name="topic_confusion",
    key=("gold", "basis", "code", "wanted", "found"),
    stage="evaluate",
):
    """What main topics and speech acts of the gold were coded as; what is right stands here too."""

    gold: TEXT = column(_GOLD)
    basis: TEXT = column("Which quotes, by which terms: see measure in quality.", levels=TOPIC_BASES)
    code: TEXT = column("Which code.", levels=("topic_primary", "illocution"))
    wanted: TEXT = column("The code in the gold.")
    found: TEXT = column("The code given; (none): no topic was found.")
    n: INTEGER = column("Quotes.", unit="quotes", ge=1)
