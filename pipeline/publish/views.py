"""DuckDB views over the Parquet files, with the joins that most questions need: `views.sql`."""

from collections.abc import Sequence

from pipeline.frames import TABLE_BY_NAME
from pipeline.publish import title
from pipeline.publish.dictionary import Entry, about

_HEAD = f"""-- {title.TITLE}: DuckDB views over the Parquet files of this folder. Run it in the folder:
--
--     duckdb -init views.sql
--
-- or, in Python: duckdb.sql(open("views.sql").read()) with this folder as the working directory.
-- A view per table; quotes_full has a row per quote with its article, outlet, speaker and main topic,
-- quote_topics_full a row per quote and topic, quote_speakers_full a row per quote and speaker.
-- DESCRIBE quotes_full shows the columns; the comments come from the data dictionary:
-- SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'quotes_full'.
"""
# A view: what it is, its first table, the tables joined to it with the columns that refer to them, and which
# rows. A column of a joined table is named after its table, as `join` of the loaders does it.
_JOINS = (
    (
        "quotes_full",
        "One row per quote, with its article, outlet, speaker (one row of speakers or none) and main topic.",
        "quotes",
        (
            ("articles", "quotes.article_id", "article_id"),
            ("outlets", "articles.outlet_id", "outlet_id"),
            ("speakers", "quotes.speaker_id", "speaker_id"),
            ("topics", "quotes.topic_primary", "topic_id"),
        ),
        "",
    ),
    (
        "quote_topics_full",
        "One row per quote and topic, with the quote, its article and outlet, and the topic.",
        "topic_assignments",
        (
            ("quotes", "topic_assignments.quote_id", "quote_id"),
            ("articles", "topic_assignments.article_id", "article_id"),
            ("outlets", "articles.outlet_id", "outlet_id"),
            ("topics", "topic_assignments.topic_id", "topic_id"),
        ),
        "topic_assignments.unit = 'quote'",
    ),
    (
        "quote_speakers_full",
        "One row per quote and speaker, with the quote, its article and outlet, and the speaker.",
        "quote_speakers",
        (
            ("quotes", "quote_speakers.quote_id", "quote_id"),
            ("articles", "quotes.article_id", "article_id"),
            ("outlets", "articles.outlet_id", "outlet_id"),
            ("speakers", "quote_speakers.speaker_id", "speaker_id"),
        ),
        "",
    ),
)


def as_sql(entries: Sequence[Entry]) -> str:
    """Return `views.sql`: a view per table, then the joined ones, with comments on all columns."""
    by_table: dict[str, list[Entry]] = {table: [] for table in TABLE_BY_NAME}
    for entry in entries:
        by_table[entry.table].append(entry)
    lines = [_HEAD]
    for table, model in TABLE_BY_NAME.items():
        lines.append(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet('{table}.parquet');")
        lines.append(f"COMMENT ON VIEW {table} IS {_text(about(model))};")
        lines += [_comment(table, e.column, e) for e in by_table[table]]
        lines.append("")
    for view, what, first, joins, rows in _JOINS:
        shown = [(f"{first}.{e.column}", e.column, e) for e in by_table[first]]
        shown += [
            (f"{table}.{e.column}", f"{table}_{e.column}", e)
            for table, _, key in joins
            for e in by_table[table]
            if e.column != key
        ]
        columns = ",\n".join(
            f"  {place}" if place.endswith(f".{name}") else f"  {place} AS {name}" for place, name, _ in shown
        )
        lines.append(f"CREATE OR REPLACE VIEW {view} AS SELECT\n{columns}\nFROM {first}")
        lines += [f"LEFT JOIN {table} ON {table}.{key} = {here}" for table, here, key in joins]
        if rows:
            lines.append(f"WHERE {rows}")
        lines[-1] += ";"
        lines.append(f"COMMENT ON VIEW {view} IS {_text(what)};")
        lines += [_comment(view, name, e) for _, name, e in shown]
        lines.append("")
    return "\n".join(lines)


def _comment(view: str, column: str, entry: Entry) -> str:
    unit = f" Unit: {entry.unit}." if entry.unit else ""
    return f'COMMENT ON COLUMN {view}."{column}" IS {_text(entry.definition + unit)};'


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
