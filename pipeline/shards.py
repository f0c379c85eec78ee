"""One shard of documents through the stages: what is known is kept, what is new or stale is made.

A shard is all documents whose article id starts with the same two hex digits, so that one new file
rewrites one small shard. Everything here works from names and paths, so that it runs in any process.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl

from pipeline import parts, raw_files
from pipeline.document import Document, Row, Rows
from pipeline.frames import TABLE_BY_NAME, stage_columns, stage_frame, stage_tables
from pipeline.ingest import stage as articles_stage
from pipeline.ingest.decode import Undecodable, decode
from pipeline.ingest.signatures import SIGNATURE_TYPES, SIGNATURES
from pipeline.parts import Frames, Part
from pipeline.quotes import stage as quotes_stage
from pipeline.reference import reference_of
from pipeline.stages import STAGES
from pipeline.topics import stage as topics_stage

SHARD_DIGITS = 2

# What became of each raw file at a stage, by content: a table of the parts only, not of the dataset. The
# articles stage notes every file, the later ones those on which they failed.
READINGS = "readings"
_READING_TYPES = {
    "raw_sha256": pl.String,
    "status": pl.String,
    "n_articles": pl.Int32,
    "article_id": pl.String,
    "reason_code": pl.String,
    "message": pl.String,
}
# Tables of the parts only: what `combine` needs of every document.
_PART_TABLES: Mapping[str, Mapping[str, Any]] = {READINGS: _READING_TYPES, SIGNATURES: SIGNATURE_TYPES}
# What the topics stage says of a quote when it fails on the document.
_NOT_CODED: Row = dict.fromkeys(stage_columns("quotes", "topics")) | {
    "said_date_basis": "none",
    "event_basis": "not_coded",
}
_MODULES: Mapping[str, ModuleType] = {
    "articles": articles_stage,
    "quotes": quotes_stage,
    "topics": topics_stage,
}


@dataclass(frozen=True, slots=True)
class DocumentTask:
    """A raw file to take in: where it lies, what it has to hash to, and its row in the manifest."""

    name: str
    sha256: str
    manifest_row: Row | None

    @property
    def article_id(self) -> str:
        """Return the id of the (first) article of the file."""
        return self.sha256[:16]


@dataclass(frozen=True)
class ShardTask:
    """A shard to bring up to date, in names and paths."""

    shard: str
    documents: tuple[DocumentTask, ...]
    # The fingerprint of each stage.
    fingerprints: Mapping[str, str]
    raw: Path
    cache: Path
    extra_authority: Path | None
    reference_version: str
    max_bytes: int


@dataclass
class ShardResult:
    """What came of a shard: its parts by stage, what was made anew, and the files that had changed."""

    shard: str
    folders: dict[str, Path] = field(default_factory=dict)
    n_made: dict[str, int] = field(default_factory=dict)
    changed: dict[str, tuple[str, str]] = field(default_factory=dict)


def document_keys(document: DocumentTask, fingerprints: Mapping[str, str]) -> dict[str, str]:
    """Return the key of each stage for a document: its input, and all that was and is done to it.

    The key of a stage covers that of the stage before, so a changed topic term makes the topics stale and
    not the quotes.
    """
    key = document.sha256 + json.dumps(document.manifest_row, sort_keys=True, default=str)
    keys = {}
    for stage in STAGES:
        key = hashlib.sha256(f"{key} {fingerprints[stage.name]}".encode()).hexdigest()
        keys[stage.name] = key
    return keys


def shard_of(sha256: str) -> str:
    """Return the shard of a file with this hash."""
    return sha256[:SHARD_DIGITS]


def build_shard(task: ShardTask) -> ShardResult:
    """Bring the parts of a shard up to date and return where they lie."""
    result = ShardResult(task.shard)
    documents = list(task.documents)
    keys = _keys(task)
    upstream: dict[str, Frames] = {}
    for stage in STAGES:
        own = {document.article_id: keys[document.article_id][stage.name] for document in documents}
        part = _update(stage.name, task, documents, own, upstream, result)
        result.folders[stage.name] = part.folder
        documents = [d for d in documents if d.name not in result.changed]
    return result


def _keys(task: ShardTask) -> dict[str, dict[str, str]]:
    return {document.article_id: document_keys(document, task.fingerprints) for document in task.documents}


def find_shard(task: ShardTask) -> ShardResult | None:
    """Return the result when all parts are there; whether they are whole shows when they are read."""
    keys = _keys(task)
    result = ShardResult(task.shard)
    for stage in STAGES:
        own = [of_stages[stage.name] for of_stages in keys.values()]
        folder = parts.part_folder(task.cache, stage.name, task.shard, own)
        if parts.find(folder) is None:
            return None
        result.folders[stage.name] = folder
        result.n_made[stage.name] = 0
    return result


def _update(
    stage: str,
    task: ShardTask,
    documents: Sequence[DocumentTask],
    keys: dict[str, str],
    upstream: dict[str, Frames],
    result: ShardResult,
) -> Part:
    folder = parts.part_folder(task.cache, stage, task.shard, keys.values())
    part = parts.find(folder)
    if part and (frames := parts.load(part)) is not None:
        upstream[stage] = frames
        result.n_made[stage] = 0
        return part
    kept, known = _reusable(task, stage, keys)
    new = [d for d in documents if d.article_id not in known]
    made = _make(stage, task, new, upstream, result)
    for document in new:
        if document.name in result.changed:
            del keys[document.article_id]
    frames = {}
    for table, frame in made.items():
        # The values are checked when shards are joined to segments: here, for a few rows at a time, the
        # checks would cost as much as a third of a small build.
        frames[table] = pl.concat([*(k[table] for k in kept), frame]).sort(_order(table, frame))
    upstream[stage] = frames
    result.n_made[stage] = len(new)
    return parts.save(task.cache, stage, task.shard, keys, frames)


def _reusable(task: ShardTask, stage: str, keys: Mapping[str, str]) -> tuple[list[Frames], set[str]]:
    """Return the rows of earlier parts that are still right, and the article ids that they cover."""
    kept: list[Frames] = []
    known: set[str] = set()
    for part in parts.others(task.cache, stage, task.shard):
        usable = [i for i, key in part.keys.items() if keys.get(i) == key and i not in known]
        if not usable or (frames := parts.load(part)) is None:
            continue
        if set(frames) != set(_tables(stage)):
            continue
        known.update(usable)
        kept.append({table: frame.filter(_document(table).is_in(usable)) for table, frame in frames.items()})
    return kept, known


def _tables(stage: str) -> tuple[str, ...]:
    own = (READINGS, SIGNATURES) if stage == "articles" else (READINGS,)
    return (*own, *stage_tables(stage))


def _document(table: str) -> pl.Expr:
    # Every id starts with the sixteen digits of its file.
    first = {READINGS: "raw_sha256", "quotes": "quote_id", "speakers": "speaker_id"}.get(table)
    if first is None:
        first = "quote_id" if table.startswith("quote_") else "article_id"
    return pl.col(first).str.slice(0, 16)


def _order(table: str, frame: pl.DataFrame) -> list[str]:
    if table in _PART_TABLES:
        return [frame.columns[0]]
    key = [name for name in TABLE_BY_NAME[table].key if name in frame.columns]
    return key or [frame.columns[0]]


def _make(
    stage: str,
    task: ShardTask,
    new: Sequence[DocumentTask],
    upstream: Mapping[str, Frames],
    result: ShardResult,
) -> Frames:
    rows: Rows = {table: [] for table in _tables(stage)}
    if new:
        tool = _tool(stage, task.extra_authority, task.reference_version)
        if stage == "articles":
            _make_articles(tool, task, new, rows, result)
        else:
            _make_further(stage, tool, new, upstream, rows)
    return {
        table: pl.DataFrame(found, schema=_PART_TABLES[table], orient="row")
        if table in _PART_TABLES
        else stage_frame(table, stage, found)
        for table, found in rows.items()
    }


def _make_articles(
    tool: Any, task: ShardTask, new: Sequence[DocumentTask], rows: Rows, result: ShardResult
) -> None:
    for document in new:
        try:
            content = raw_files.read(task.raw, document.name, document.sha256, task.max_bytes)
        except raw_files.Changed as change:
            result.changed[document.name] = (change.code, change.message)
            continue
        reading: Row = dict.fromkeys(_READING_TYPES)
        reading |= {"raw_sha256": document.sha256, "n_articles": 0}
        rows[READINGS].append(reading)
        try:
            decoded = decode(content)
            made = articles_stage.read_articles(
                tool,
                text=decoded.text,
                encoding=decoded.encoding,
                raw_sha256=document.sha256,
                manifest_row=document.manifest_row,
            )
        except Undecodable as error:
            reading |= {"status": "quarantined", "reason_code": error.code, "message": error.message}
            continue
        except Exception as error:  # one file never stops a run
            reading |= {"status": "quarantined", "reason_code": "articles_failed", "message": _fault(error)}
            continue
        warnings = [*decoded.warnings, *((w.code, w.advice) for w in made.warnings)]
        reading |= {
            "status": "warning" if warnings else "ok",
            "n_articles": len(made.rows["articles"]),
            "article_id": document.article_id,
            "reason_code": "; ".join(dict.fromkeys(code for code, _ in warnings)) or None,
            "message": "; ".join(message for _, message in warnings) or None,
        }
        _add(rows, made.rows)


def _make_further(
    stage: str, tool: Any, new: Sequence[DocumentTask], upstream: Mapping[str, Frames], rows: Rows
) -> None:
    """Make quotes or topics. A document that fails keeps what the stages before made, with a warning."""
    sha256_of = {document.article_id: document.sha256 for document in new}
    for document in _documents(new, upstream):
        try:
            if stage == "quotes":
                made = quotes_stage.extract(tool, document)
            else:
                made = topics_stage.code(tool, document, _rows_of([document.article_id], upstream["quotes"]))
        except Exception as error:  # one file never stops a run
            reading = {"status": "warning", "reason_code": f"{stage}_failed", "message": _fault(error)}
            sha256 = sha256_of[document.article_id[:16]]
            rows[READINGS].append(dict.fromkeys(_READING_TYPES) | reading | {"raw_sha256": sha256})
            if stage == "topics":
                quotes = _rows_of([document.article_id], upstream["quotes"])["quotes"]
                rows["quotes"] += [_NOT_CODED | {"quote_id": quote["quote_id"]} for quote in quotes]
        else:
            _add(rows, made)


def _fault(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else "unknown"
    return f"the pipeline failed on this file ({type(error).__name__} in {where}): please report it"


def _add(rows: Rows, made: Rows) -> None:
    for table, found in made.items():
        rows[table] += found


def _documents(new: Sequence[DocumentTask], upstream: Mapping[str, Frames]) -> list[Document]:
    found: list[Document] = articles_stage.documents(
        _rows_of([d.article_id for d in new], upstream["articles"])
    )
    return found


def _rows_of(articles: Sequence[str], frames: Frames) -> Rows:
    """Return the rows of these files' articles, for the next stage."""
    return {
        table: frame.filter(_document(table).is_in(list(articles))).to_dicts()
        for table, frame in frames.items()
        if table not in _PART_TABLES
    }


@cache
def _tool(stage: str, extra_authority: Path | None, version: str) -> Any:
    """Set a stage up, once per process and version of the codebooks; it sees what it declared to read."""
    declared = next(s for s in STAGES if s.name == stage).reference
    return _MODULES[stage].prepare(reference_of(extra_authority, version).only(declared))
