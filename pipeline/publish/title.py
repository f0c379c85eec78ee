"""What the dataset says of itself wherever it is described."""

NAME = "on-the-record"
TITLE = "On the Record"
DESCRIPTION = (
    "Who said what, about what: one row per attribution in news articles and official readouts, with its "
    "cue, source mention, speaker, topics and speech act, each at its offsets in the raw text."
)
# Of the form of the tables, as in pyproject.toml and CHANGELOG.md; of their content no date is known.
VERSION = "0.1.0"
VERSION_DATE = "2026-11-22"
LICENCE = (
    "Row by row: the columns licence and redistributable of the table articles. A text whose row says "
    "nothing there may not be passed on."
)
CITE_AS = f"{TITLE}: who said what, about what. Dataset, version {VERSION}."
