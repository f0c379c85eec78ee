"""Small published datasets about invented countries, written as a build writes them."""

import hashlib
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.document import Row
from pipeline.frames import TABLE_BY_NAME
from pipeline.publish.parquet import write_tables
from tests.tables import frame, row


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def article_id(name: str) -> str:
    return sha(name)[:16]


def quote_id(name: str, number: int) -> str:
    return f"{article_id(name)}:{number:012x}"


class Dataset:
    """Rows by table, to be changed and written."""

    def __init__(self, *names: str) -> None:
        self.rows: dict[str, list[Row]] = {table: [] for table in TABLE_BY_NAME}
        self.rows["topics"] = [row("topics", topic_id=name, parent_id=None) for name in ("grain", "river")]
        self.rows["topic_terms"] = [
            row("topic_terms", term_id=f"{name}_1", topic_id=name, pattern=name, weight=0.9)
            for name in ("grain", "river")
        ]
        self.rows["cues"] = [row("cues", lemma="say", cue_class="neutral_report", polarity=0)]
        self.rows["speakers"] = [
            row("speakers", speaker_id="ilsa_brannick", name="Ilsa Brannick", in_authority=True)
        ]
        for name in names:
            self.add_article(name)

    def add_article(self, name: str) -> None:
        """Add a raw file <name>.txt with two quotes, of which the first speaks of grain."""
        of = article_id(name)
        self.rows["sources"].append(
            row(
                "sources",
                raw_path=f"{name}.txt",
                raw_sha256=sha(name),
                status="ok",
                n_articles=1,
                article_id=of,
            )
        )
        self.rows["articles"].append(
            row(
                "articles",
                article_id=of,
                raw_path=f"{name}.txt",
                raw_sha256=sha(name),
                n_quotes=2,
                outlet_id=None,
            )
        )
        self.rows["article_text"].append(row("article_text", article_id=of, text=f"The words of {name}."))
        for number, (start, end, topic) in enumerate(((10, 50, "grain"), (60, 90, None)), start=1):
            self.add_quote(name, number, start, end, topic)

    def add_quote(
        self, name: str, number: int, start: int, end: int, topic: str | None, **cells: Any
    ) -> None:
        of, key = article_id(name), quote_id(name, number)
        told: dict[str, Any] = {
            "quote_id": key,
            "article_id": of,
            "quote_no": number,
            "char_start": start,
            "char_end": end,
            "quote_text": f"words {start} to {end}",
            "cue": "said",
            "cue_lemma": "say",
            "cue_class": "neutral_report",
            "cue_polarity": 0,
            "speaker_id": "ilsa_brannick",
            "speaker_name": "Ilsa Brannick",
            "topics": topic,
            "topic_primary": topic,
            "extractor": "tagger 3",
            "confidence": 0.9,
        } | cells
        self.rows["quotes"].append(row("quotes", **told))
        span: dict[str, Any] = {"quote_id": key, "span_role": "content", "span_no": 1}
        span |= {"char_start": start, "char_end": end}
        self.rows["quote_spans"].append(row("quote_spans", **span))
        speaker: dict[str, Any] = {"quote_id": key, "speaker_no": 1, "speaker_id": "ilsa_brannick"}
        self.rows["quote_speakers"].append(row("quote_speakers", **speaker))
        if topic:
            self.rows["topic_assignments"].append(
                row(
                    "topic_assignments",
                    article_id=of,
                    assignment_no=number,
                    unit="quote",
                    quote_id=key,
                    topic_id=topic,
                    term_id=f"{topic}_1",
                    method="term",
                    rank=1,
                    score=0.9,
                    evidence_text="grain",
                    char_start=start,
                    char_end=start + 5,
                )
            )

    def drop_article(self, name: str) -> None:
        """Take a raw file out with all that hangs on it."""
        for table, rows in self.rows.items():
            key = TABLE_BY_NAME[table].key[0]
            named = f"{name}.txt" if table == "sources" else article_id(name)
            if table == "sources" or key in ("article_id", "quote_id"):
                self.rows[table] = [one for one in rows if not str(one[key]).startswith(named)]

    def find(self, table: str, **cells: Any) -> Row:
        """Return the one row with these cells."""
        (found,) = [one for one in self.rows[table] if all(one[name] == cells[name] for name in cells)]
        return found

    def write(self, folder: Path) -> Path:
        folder.mkdir()
        pieces: list[tuple[str, pl.DataFrame]] = []
        for table, rows in self.rows.items():
            key = TABLE_BY_NAME[table].key
            pieces.append((table, frame(table, *rows).sort(key) if rows else frame(table)))
        write_tables(pieces, folder)
        return folder
