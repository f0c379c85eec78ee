"""The manifest of every raw file, good or bad."""

from schemas.table import ID, INTEGER, SHA256, TEXT, Table, column

STATUSES = ("ok", "warning", "duplicate", "quarantined")

RAW_PATH = (
    "Path of the raw file relative to the raw folder, parts joined with /. A backslash is doubled and a "
    "byte that is not UTF-8 is written \\xNN, so that every name is a valid and unique string."
)


class Sources(
    Table,
    table_name="sources",
    key=("raw_path",),
    links=((("article_id",), "articles", ("article_id",)),),
    stage="combine",
):
    """Every file under the raw folder, with what became of it."""

    raw_path: TEXT = column(RAW_PATH, unique=True, holds="path")
    raw_sha256: TEXT = column(
        "SHA-256 of the raw bytes, in hex. NULL: the file could not be read (see reason_code).",
        nullable=True,
        str_matches=SHA256,
    )
    raw_bytes: INTEGER = column(
        "Size of the file. NULL: not a regular file, could not be looked at, or over 2 GiB.",
        nullable=True,
        unit="bytes",
        ge=0,
    )
    status: TEXT = column(
        "What became of the file. ok: read; warning: read, with something to look at; duplicate: same bytes "
        "as an earlier path, whose article it shares; quarantined: no article could be made of it.",
        levels=STATUSES,
    )
    n_articles: INTEGER = column("How many articles the file gave.", unit="articles", ge=0)
    article_id: TEXT = column(
        "The first article of the file. NULL: the file gave none.", nullable=True, str_matches=ID
    )
    reason_code: TEXT = column(
        "Why the status is not a plain ok: short codes joined with '; '. NULL: nothing to report.",
        nullable=True,
        holds="ours",
    )
    message: TEXT = column(
        "The reason in words, with what to do. NULL: nothing to report.", nullable=True, holds="about_file"
    )
