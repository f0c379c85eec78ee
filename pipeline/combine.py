"""From the parts of all shards to the tables of the dataset, shard by shard, checked on the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline import parts
from pipeline.checks import check_documents, check_shard_of_ids, check_sources
from pipeline.frames import TABLE_BY_NAME, column_types, schema_of, validate
from pipeline.ingest.manifest import Manifest
from pipeline.parts import Frames
from pipeline.raw_files import RawFile
from pipeline.reference import Reference
from pipeline.shards import READINGS, ShardResult
from pipeline.stages import STAGES

# Files under the raw folder that steer the build: listed in sources, and no articles.
_STEERING = ("manifest", "authority_file")


# Small shards are checked together; what is in memory at a time is about this many articles.
_GROUP_ARTICLES = 500


class DamagedPart(Exception):
    """A part has other bytes than were written; its shard has to be made again."""

    def __init__(self, shard: str, folder: Path) -> None:
        super().__init__(f"the part {folder} is damaged")
        self.shard = shard
        self.folder = folder


@dataclass(frozen=True)
class RawInputs:
    """What the build found under the raw folder, apart from the content of the articles."""

    files: Sequence[RawFile]
    manifest: Manifest
    # Files that changed or vanished after the scan: reason code and message by name.
    changed: Mapping[str, tuple[str, str]]

    def first_paths(self) -> dict[str, str]:
        """Return the path that carries the article of each hash: the first in code-point order."""
        first: dict[str, str] = {}
        for file in self.files:
            if file.sha256 and file.reason_code is None and file.name not in self.changed:
                first.setdefault(file.sha256, file.raw_path)
        return first


def combined_tables(
    shards: Sequence[ShardResult], inputs: RawInputs, reference: Reference
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield every table of the dataset in pieces that follow each other in the table's order.

    Raises InvalidDataset when a rule across tables is broken, DamagedPart when a part cannot be used.
    """
    for table, frame in reference.frames.items():
        if table != "speakers":
            yield table, frame.sort(schema_key(table))
    speakers = reference.frames["speakers"].sort("speaker_id")
    yield "speakers", speakers
    first_paths = inputs.first_paths()
    paths = pl.DataFrame(
        {"raw_sha256": list(first_paths), "raw_path": list(first_paths.values())},
        schema={"raw_sha256": pl.String, "raw_path": pl.String},
    )
    readings: list[pl.DataFrame] = []
    ids: list[pl.DataFrame] = []
    for group in _groups(shards):
        readings.append(group.pop(READINGS))
        frames = _join(group, paths)
        for table, frame in frames.items():
            validate(table, frame)
        check_documents(frames, reference)
        ids.append(frames["articles"].select("article_id", "raw_path"))
        yield from frames.items()
    for table in ("article_pairs", "statements", "statement_quotes"):
        yield table, pl.DataFrame(schema=column_types(table))
    sources = _sources(inputs, readings)
    validate("sources", sources)
    check_sources(sources, ids, len(inputs.files))
    yield "sources", sources


def schema_key(table: str) -> list[str]:
    """Return the columns by which a table is sorted: its key."""
    return list(TABLE_BY_NAME[table].key)


def _groups(shards: Sequence[ShardResult]) -> Iterator[Frames]:
    """Yield the parts of the shards in their order, several small shards together.

    A column that two stages fill stands in one frame each: `quotes` and `quotes.topics`.
    """
    waiting: list[Frames] = []
    for shard in sorted(shards, key=lambda s: s.shard):
        loaded = _load(shard)
        for table, frame in loaded.items():
            check_shard_of_ids(table, frame, shard.shard)
        waiting.append(loaded)
        if sum(len(frames["articles"]) for frames in waiting) >= _GROUP_ARTICLES:
            yield {table: pl.concat([frames[table] for frames in waiting]) for table in waiting[0]}
            waiting = []
    if waiting:
        yield {table: pl.concat([frames[table] for frames in waiting]) for table in waiting[0]}


def _load(shard: ShardResult) -> Frames:
    loaded: Frames = {}
    readings = []
    for stage in STAGES:
        folder = shard.folders[stage.name]
        part = parts.find(folder)
        frames = parts.load(part) if part else None
        if frames is None:
            raise DamagedPart(shard.shard, folder)
        readings.append(frames.pop(READINGS))
        for table, frame in frames.items():
            loaded[table if table not in loaded else f"{table}.{stage.name}"] = frame
    loaded[READINGS] = pl.concat(readings)
    return loaded


def _join(loaded: Frames, paths: pl.DataFrame) -> Frames:
    """Put the columns that different stages wrote together, and add those of this stage."""
    frames = {name: frame for name, frame in loaded.items() if "." not in name}
    counts = frames["quotes"].group_by("article_id").len("n_quotes")
    frames["articles"] = (
        frames["articles"]
        .join(paths, on="raw_sha256", how="left", maintain_order="left")
        .join(counts, on="article_id", how="left", maintain_order="left")
        .with_columns(pl.col("n_quotes").fill_null(0).cast(pl.Int32))
    )
    coded = loaded["quotes.topics"].drop("article_id", "quote_no", strict=False)
    frames["quotes"] = frames["quotes"].join(coded, on="quote_id", how="left", maintain_order="left")
    return {table: frame.select(list(schema_of(table).columns)) for table, frame in frames.items()}


def _sources(inputs: RawInputs, readings: Sequence[pl.DataFrame]) -> pl.DataFrame:
    read = _by_content(readings)
    first = inputs.first_paths()
    rows = []
    for file in inputs.files:
        row = dict.fromkeys(schema_of("sources").columns) | {
            "raw_path": file.raw_path,
            "raw_sha256": file.sha256,
            "raw_bytes": file.size if file.size is not None and file.size < 2**31 else None,
            "n_articles": 0,
        }
        if file.reason_code in _STEERING:
            problems = inputs.manifest.problems if file.reason_code == "manifest" else []
            codes = dict.fromkeys([str(file.reason_code), *(p.code for p in problems)])
            row |= {
                "status": "warning" if problems else "ok",
                "reason_code": "; ".join(codes),
                "message": "; ".join(str(p) for p in problems) or "it steers the build and is no article",
            }
        elif file.reason_code or file.name in inputs.changed:
            code, message = inputs.changed.get(file.name) or (file.reason_code, file.message)
            row |= {"status": "quarantined", "reason_code": code, "message": message}
        else:
            found = read[str(file.sha256)]
            row |= {
                name: found[name] for name in ("status", "n_articles", "article_id", "reason_code", "message")
            }
            _cite_manifest(row, inputs.manifest)
            if first[str(file.sha256)] != file.raw_path and row["status"] != "quarantined":
                message = f"same bytes as {first[str(file.sha256)]}, whose article it shares"
                row |= {
                    "status": "duplicate",
                    "reason_code": "same_bytes",
                    "message": message,
                    "n_articles": 0,
                }
        rows.append(row)
    return pl.DataFrame(rows, schema=column_types("sources"), orient="row").sort("raw_path")


def _by_content(readings: Sequence[pl.DataFrame]) -> dict[str, dict[str, object]]:
    """Return what became of each content: what the articles stage notes, with the faults of later stages."""
    found: dict[str, dict[str, object]] = {}
    for row in (row for frame in readings for row in frame.iter_rows(named=True)):
        earlier = found.setdefault(row["raw_sha256"], row)
        if earlier is not row:
            earlier["status"] = "warning"
            for name in ("reason_code", "message"):
                earlier[name] = "; ".join(str(part) for part in (earlier[name], row[name]) if part)
    return found


def _cite_manifest(row: dict[str, object], manifest: Manifest) -> None:
    # The line is looked up here and not kept in the parts: it moves when rows are added above it.
    if "manifest_contradiction" in str(row["reason_code"]):
        line = manifest.lines.get(str(row["raw_path"]))
        if line:
            row["message"] = f"manifest.csv, line {line}: {row['message']}"
