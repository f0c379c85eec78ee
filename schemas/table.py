"""What every table of the dataset has in common: the base model and the way a column is declared."""

from typing import Annotated, Any, Literal

import pandera.polars as pa
import polars as pl
from pandera.api.base.model import MetaModel

TEXT = pl.String
INTEGER = pl.Int32
NUMBER = pl.Float64
FLAG = pl.Boolean
DATE = pl.Date
TIME_UTC = Annotated[pl.Datetime, "us", "UTC"]

CODE_POINTS = "code points of the raw file as decoded, 0-based"

# Whose words a text column holds; what checks the words and what may be passed on is decided by it.
# ours: ids, codes and words of this project. Words of the article: file: all of it; span: those at
# char_start:char_end of the row; content, cue, source: those of the quote's spans of this role, joined with
# ' … '; page: words found on the page, without offsets; names: of persons and bodies; person: what is said
# about a person. Of the raw folder: path; about_file: a message on a file; address: of the page.
Holds = Literal[
    "ours",
    "file",
    "span",
    "content",
    "cue",
    "source",
    "page",
    "names",
    "person",
    "path",
    "about_file",
    "address",
]

Links = tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]


class _About(MetaModel):
    """What a table says about itself; on the metaclass, since pandera takes class attributes for columns."""

    _name: str
    _key: tuple[str, ...]
    _links: Links
    _stage: str

    @property
    def table_name(cls) -> str:
        """Return the name of the table and of its file."""
        return cls._name

    @property
    def key(cls) -> tuple[str, ...]:
        """Return the columns whose values together stand once; the table is sorted by them."""
        return cls._key

    @property
    def links(cls) -> Links:
        """Return (columns here, table there, columns there): what is not NULL here stands there."""
        return cls._links

    @property
    def stage(cls) -> str:
        """Return who makes the rows: articles, quotes, topics (by document), combine or authority."""
        return cls._stage


class Table(pa.DataFrameModel, metaclass=_About):
    """The base of every table: strict columns in a declared order, a key, and links to other tables.

    A column says in `filled_by` which stage of the build writes it when that is not the stage of its
    table; so one declaration gives the published schema and the schema of every part.
    """

    class Config:
        """Unknown, missing or misplaced columns are errors, and nothing is converted silently."""

        strict = True
        ordered = True
        coerce = False

    def __init_subclass__(
        cls,
        *,
        table_name: str = "",
        key: tuple[str, ...] = (),
        links: Links = (),
        stage: str = "",
        **rest: Any,
    ) -> None:
        cls._name, cls._key, cls._links, cls._stage = table_name, key, links, stage
        super().__init_subclass__(**rest)  # type: ignore[no-untyped-call]


def column(
    description: str,
    *,
    levels: tuple[str, ...] | None = None,
    unit: str | None = None,
    filled_by: str | None = None,
    holds: Holds | None = None,
    **checks: Any,
) -> Any:
    """Declare a column.

    `description` is its one meaning; the first sentence is its label (80 characters at most); `levels`
    the closed vocabulary; `unit` what a number counts; `filled_by` the stage that writes it, when not the
    table's own; `holds` whose words a text is (see Holds), which a vocabulary, a pattern and the tables
    of the authority need not say; `checks` goes to pandera (`nullable`, `unique`, `ge`, `le`,
    `str_matches`, …).
    """
    metadata = {"levels": levels, "unit": unit, "filled_by": filled_by, "holds": holds}
    if levels is not None:
        checks["isin"] = list(levels)
    return pa.Field(description=description, metadata=metadata, **checks)


ID = r"^[0-9a-f]{16}(-[1-9][0-9]*)?$"
SHA256 = r"^[0-9a-f]{64}$"
AUTHORITY_ID = r"^[a-z][a-z0-9_]*$"
COUNTRY = r"^[A-Z]{3}$"
EDTF_DAY = r"^([0-9]{4}|XXXX)(-[0-9]{2}(-[0-9]{2})?)?$"
