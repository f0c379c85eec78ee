"""Segments: the tables of neighbouring shards, joined, checked and in published form, kept between builds.

A published table is the rows of its segments one after the other. A segment is made again only when a part
of it, a path in it or the code changed; the others are copied as they are. So one new file costs one segment,
and memory holds one segment, whatever the size of the corpus.
"""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import parts
from pipeline.checks import check_documents, check_shard_of_ids
from pipeline.corrections.sheet import Correction
from pipeline.frames import schema_of, stage_tables, validate
from pipeline.ingest.signatures import SIGNATURES
from pipeline.parts import Frames, Part
from pipeline.publish.parquet import Encoded, Written, encode
from pipeline.publish.report import noted
from pipeline.publish.row_groups import Footer
from pipeline.reference import Reference, reference_of
from pipeline.shards import READINGS, SHARD_DIGITS, ShardResult, shard_of
from pipeline.stages import STAGES
from pipeline.statements.utterances import (
    EVENT_CLAUSES,
    REPORTS,
    UTTERANCES,
    event_clauses,
    reports,
    utterances,
)

# The tables of segments, in the order of their stages.
TABLES = tuple(dict.fromkeys(table for stage in STAGES for table in stage_tables(stage.name)))

_ARTICLES = 512
_N_SHARDS = 16**SHARD_DIGITS
# What is noted of the rows of a segment: a table of one row and one cell, JSON.
_NOTED = "noted"
# What became of each correction: a table of the segments that have some.
CORRECTED = "corrected"


class DamagedPart(Exception):
    """A part has other bytes than were written; it has to be made again. `shard` is None for a segment."""

    def __init__(self, shard: str | None, folder: Path) -> None:
        super().__init__(f"what was kept in {folder} for the next build is damaged")
        self.shard = shard
        self.folder = folder


@dataclass(frozen=True)
class SegmentTask:
    """A segment to bring up to date, in names and paths. It can be done in any process."""

    name: str
    shards: tuple[ShardResult, ...]
    # The path that carries the article of each content of these shards.
    paths: Mapping[str, str]
    cache: Path
    extra_authority: Path | None
    reference_version: str
    # The hash of the code and codebooks that make tables of parts.
    fingerprint: str
    # Those of the articles of these shards.
    corrections: tuple[Correction, ...] = ()

    @property
    def keys(self) -> dict[str, str]:
        """Return the key of the segment: of all that its tables depend on."""
        folders = [folder.name for shard in self.shards for folder in shard.folders.values()]
        corrections = sorted(one.correction_id for one in self.corrections)
        content = json.dumps([self.fingerprint, folders, sorted(self.paths.items()), corrections])
        return {self.name: hashlib.sha256(content.encode()).hexdigest()}


def segment_tasks(
    shards: Sequence[ShardResult],
    paths: Mapping[str, str],
    *,
    cache: Path,
    extra_authority: Path | None,
    reference_version: str,
    fingerprint: str,
    corrections: Sequence[Correction] = (),
) -> list[SegmentTask]:
    """Divide the shards into segments of about 256 to 512 articles, in their order.

    There are 2, 4, 8 … of them, so that their bounds stay where they are until the corpus has doubled; at
    most as many as shards.
    """
    count = 1
    while count < _N_SHARDS and count * _ARTICLES < len(paths):
        count *= 2
    width = _N_SHARDS // count
    of_shards: dict[int, list[ShardResult]] = {}
    for shard in sorted(shards, key=lambda s: s.shard):
        of_shards.setdefault(int(shard.shard, 16) // width, []).append(shard)
    of_paths: dict[int, dict[str, str]] = {number: {} for number in of_shards}
    for sha256, path in paths.items():
        of_paths[int(shard_of(sha256), 16) // width][sha256] = path
    of_corrections: dict[int, list[Correction]] = {}
    for one in corrections:
        if one.raw_sha256 in paths:
            of_corrections.setdefault(int(shard_of(one.raw_sha256), 16) // width, []).append(one)
    return [
        SegmentTask(
            f"{number * width:0{SHARD_DIGITS}x}-{(number + 1) * width - 1:0{SHARD_DIGITS}x}",
            tuple(found),
            of_paths[number],
            cache,
            extra_authority,
            reference_version,
            fingerprint,
            tuple(of_corrections.get(number, ())),
        )
        for number, found in of_shards.items()
    ]


def kept_folder(task: SegmentTask) -> Path:
    """Return where a segment is kept, made or not."""
    return parts.part_folder(task.cache, "segments", task.name, task.keys.values())


def build_segment(task: SegmentTask) -> Part:
    """Return the segment as it is kept, made now if it is not there.

    Raises InvalidDataset when a rule across tables is broken, DamagedPart when a part cannot be used.
    """
    part = parts.find(kept_folder(task))
    if part:
        return part
    loaded = _load_shards(task.shards)
    kept = {name: parts.as_file(loaded.pop(name)) for name in (READINGS, SIGNATURES)}
    frames = _join(loaded, task.paths)
    if task.corrections:
        # Only now: a corpus without corrections does not pay for what they need.
        from pipeline.corrections.apply import apply_corrections

        frames, outcomes = apply_corrections(
            frames, task.corrections, task.extra_authority, task.reference_version
        )
        kept[CORRECTED] = parts.as_file(outcomes)
    for table, frame in frames.items():
        validate(table, frame)
    reference = _reference(task)
    check_documents(frames, reference)
    kept[UTTERANCES] = parts.as_file(utterances(frames, reference.frames["speakers"]))
    kept[REPORTS] = parts.as_file(reports(frames, reference.frames["events"]))
    kept[EVENT_CLAUSES] = parts.as_file(event_clauses(frames))
    return parts.save_files(task.cache, "segments", task.name, task.keys, _files(frames, kept))


def _reference(task: SegmentTask) -> Reference:
    return reference_of(task.extra_authority, task.reference_version)


def _files(frames: Frames, kept: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    notes: dict[str, Any] = {}
    for table in TABLES:
        encoded = encode(table, frames[table])
        yield table, encoded.content
        examples = {name: " ".join(str(one).split())[:100] for name, one in encoded.written.examples.items()}
        # The footer is cut once: at every build, the Parquet files of all segments would take a second.
        footer = encoded.footer.as_json()
        notes[table] = [encoded.written.n_rows, examples, noted(table, frames[table]), footer]
    yield from kept.items()
    yield _NOTED, parts.as_file(pl.DataFrame({_NOTED: [json.dumps(notes)]}))


def read_pieces(segment: Part) -> Iterator[tuple[str, Encoded]]:
    """Yield the published tables of a segment. Raises DamagedPart when a file is not what was written."""
    notes = json.loads(read_table(segment, _NOTED).item())
    for table in TABLES:
        n_rows, examples, found, footer = notes[table]
        content = _read(segment, table)
        yield table, Encoded(content, Footer.of_json(footer), Written(n_rows, examples), found)


def read_table(segment: Part, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return a table of a segment, one of the published or one that only parts have."""
    content = io.BytesIO(_read(segment, table))
    return pl.read_parquet(content, columns=list(columns) if columns else None)


def _read(segment: Part, table: str) -> bytes:
    content = parts.read(segment, table)
    if content is None:
        raise DamagedPart(None, segment.folder)
    return content


def _load_shards(shards: Sequence[ShardResult]) -> Frames:
    """Return the parts of shards together.

    A column that two stages fill stands in one frame each: `quotes` and `quotes.topics`.
    """
    loaded = []
    for shard in shards:
        loaded.append(_load(shard))
        for table, frame in loaded[-1].items():
            check_shard_of_ids(table, frame, shard.shard)
    return {table: pl.concat([frames[table] for frames in loaded]) for table in loaded[0]}


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


def _join(loaded: Frames, paths: Mapping[str, str]) -> Frames:
    """Put the columns that different stages wrote together, and add those that follow from all of them."""
    frames = {name: frame for name, frame in loaded.items() if "." not in name}
    carriers = pl.DataFrame(
        {"raw_sha256": list(paths), "raw_path": list(paths.values())},
        schema={"raw_sha256": pl.String, "raw_path": pl.String},
    )
    counts = frames["quotes"].group_by("article_id").len("n_quotes")
    frames["articles"] = (
        frames["articles"]
        .join(carriers, on="raw_sha256", how="left", maintain_order="left")
        .join(counts, on="article_id", how="left", maintain_order="left")
        .with_columns(pl.col("n_quotes").fill_null(0).cast(pl.Int32))
    )
    coded = loaded["quotes.topics"].drop("article_id", "quote_no", strict=False)
    frames["quotes"] = frames["quotes"].join(coded, on="quote_id", how="left", maintain_order="left")
    return {table: frame.select(list(schema_of(table).columns)) for table, frame in frames.items()}
