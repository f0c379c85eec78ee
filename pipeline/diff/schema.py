"""The table of differences between two datasets; it is written beside them and is not part of either."""

from schemas.table import CODE_POINTS, ID, INTEGER, SHA256, TEXT, Table, column

CHANGES = ("added", "gone", "changed")
CAUSES = (
    "raw_file_new",
    "raw_file_gone",
    "raw_file_changed",
    "correction",
    "model",
    "codebook",
    "authority",
    "code",
    "unknown",
)
BASES = ("evidence", "follows", "only_candidate", "none")


class Differences(Table, table_name="differences", key=("difference_no",), stage="diff"):
    """One row per row of a dataset that was added, is gone or changed; per cause where it has several."""

    difference_no: INTEGER = column("Number of the difference, from 1.", unique=True, ge=1)
    in_table: TEXT = column("The table.", holds="ours")
    change: TEXT = column("What happened to the row.", levels=CHANGES)
    cause: TEXT = column(
        "Why. raw_file_new, raw_file_gone, raw_file_changed: of the raw file of the row (changed: other "
        "bytes at the same path, or the same bytes elsewhere); correction: a row of corrections.csv; model: "
        "another extractor; codebook: topics, terms, word lists, cues, speech act patterns, header fields; "
        "authority: speakers, outlets or events; code: another version of the pipeline; unknown: the two "
        "datasets do not tell.",
        levels=CAUSES,
    )
    basis: TEXT = column(
        "How the cause is known. evidence: the row itself shows it; follows: from the difference of another "
        "row on which it depends; only_candidate: of what differs between the datasets, only this can have "
        "such an effect; none: unknown.",
        levels=BASES,
    )
    detail: TEXT = column(
        "What in particular (the path, term, cue, speaker, extractors; or which causes come into question). "
        "NULL: nothing to add.",
        nullable=True,
        holds="ours",
    )
    article_id: TEXT = column("The article. NULL: the row is of none.", nullable=True, str_matches=ID)
    raw_sha256: TEXT = column("The raw file. NULL: the row is of none.", nullable=True, str_matches=SHA256)
    char_start: INTEGER = column(
        "Where the row starts, in the new dataset if it is there. NULL: it has no place.",
        nullable=True,
        unit=CODE_POINTS,
        ge=0,
    )
    char_end: INTEGER = column(
        "Where the row ends (exclusive). NULL: as char_start.", nullable=True, unit=CODE_POINTS, ge=0
    )
    old_key: TEXT = column(
        "Key of the row in the old dataset, its parts joined with ' / '. NULL: it was not there.",
        nullable=True,
        holds="names",
    )
    new_key: TEXT = column(
        "Key of the row in the new dataset. NULL: it is not there.", nullable=True, holds="names"
    )
    changed_columns: TEXT = column(
        "The columns that changed for this cause, joined with '; '. NULL: the row was added or is gone.",
        nullable=True,
        holds="ours",
    )
    old_values: TEXT = column(
        "Their old values as a JSON list, long texts cut. NULL: as changed_columns.",
        nullable=True,
        holds="page",
    )
    new_values: TEXT = column(
        "Their new values as a JSON list. NULL: as changed_columns.", nullable=True, holds="page"
    )
