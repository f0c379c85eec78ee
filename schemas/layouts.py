"""The codebook of header fields: labels that pages print before a value."""

from schemas.table import TEXT, Table, column

FIELDS = (
    "title",
    "deck",
    "published",
    "time",
    "section",
    "author",
    "author_title",
    "author_place",
    "author_description",
    "author_email",
    "outlet",
    "agency",
    "translator",
    "url",
    "body",
    "other",
)


class HeaderFields(
    Table,
    table_name="header_fields",
    key=("label",),
    stage="authority",
):
    """Labels of header lines and what they mean; other: known, and of no use to the dataset."""

    label: TEXT = column(
        "The label as printed before its colon. In small letters, without numbers and punctuation.",
        unique=True,
        str_matches=r"^[^\W\d_]+( [^\W\d_]+)*$",
    )
    field: TEXT = column("What the value behind the label is.", levels=FIELDS)
