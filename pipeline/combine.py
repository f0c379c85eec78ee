"""From the segments of all articles to the tables of the dataset; what looks across articles is here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import polars as pl

from pipeline import parts
from pipeline.checks import check_sources
from pipeline.corrections.sheet import Sheet
from pipeline.corrections.status_table import file_warning, status_frame
from pipeline.document import Row
from pipeline.duplicates import Compared, Signatures, compare, pair_rows
from pipeline.frames import TABLE_BY_NAME, column_types, schema_of, validate
from pipeline.ingest.manifest import Manifest
from pipeline.ingest.signatures import SIGNATURES
from pipeline.parts import Kept
from pipeline.publish.report import Piece
from pipeline.raw_files import STEERING, RawFile
from pipeline.reference import AUTHORITY, Reference
from pipeline.segments import CORRECTED, DamagedPart, SegmentTask, build_segment, read_pieces, read_table
from pipeline.shards import READINGS, ShardResult, shard_of
from pipeline.statements.linking import Piece as ContentPiece
from pipeline.statements.stage import STATEMENT_TABLES, find_links, statement_tables
from pipeline.statements.utterances import EVENT_CLAUSES, REPORTS, UTTERANCES, content_pieces

_SOURCES_AT_ONCE = 10_000


@dataclass(frozen=True)
class RawInputs:
    """What the build found under the raw folder, apart from the content of the articles."""

    files: Sequence[RawFile]
    manifest: Manifest
    # Files that changed or vanished after the scan: reason code and message by name.
    changed: Mapping[str, tuple[str, str]]
    corrections: Sheet = field(default_factory=Sheet)

    def first_paths(self) -> dict[str, str]:
        """Return the path that carries the article of each hash: the first in code-point order."""
        first: dict[str, str] = {}
        for file in self.files:
            if file.sha256 and file.reason_code is None and file.name not in self.changed:
                first.setdefault(file.sha256, file.raw_path)
        return first


def combined_tables(
    segments: Sequence[SegmentTask],
    inputs: RawInputs,
    reference: Reference,
    kept_shares: Kept,
    kept_links: Kept,
) -> Iterator[Piece]:
    """Yield every table of the dataset in pieces that follow each other in the table's order.

    Raises InvalidDataset when a rule across tables is broken, DamagedPart when a part cannot be used.
    """
    for table, frame in reference.frames.items():
        if table != "speakers":
            yield table, frame.sort(schema_key(table))
    yield "speakers", reference.frames["speakers"].sort("speaker_id")
    readings: list[pl.DataFrame] = []
    ids: list[pl.DataFrame] = []
    corrected: list[pl.DataFrame] = []
    said: dict[str, list[pl.DataFrame]] = {name: [] for name in (UTTERANCES, REPORTS, EVENT_CLAUSES)}
    signatures = Signatures()
    for task in segments:
        segment = build_segment(task)
        yield from read_pieces(segment)
        readings.append(read_table(segment, READINGS))
        signatures.add(read_table(segment, SIGNATURES))
        for name, frames in said.items():
            frames.append(read_table(segment, name))
        ids.append(read_table(segment, "articles", ("article_id", "raw_path")))
        if task.corrections:
            corrected.append(read_table(segment, CORRECTED))
    shards = [shard for task in segments for shard in task.shards]
    compared = compare(signatures, lambda wanted: _paragraphs(shards, wanted), _known_shares(kept_shares))
    kept_shares.save({"shares": _shares(compared)})
    pairs = pl.DataFrame(pair_rows(compared), schema=column_types("article_pairs"), orient="row")
    validate("article_pairs", pairs)
    yield "article_pairs", pairs
    yield from _statements(segments, said, kept_links)
    corrections = status_frame(inputs.corrections, corrected)
    validate("corrections", corrections)
    yield "corrections", corrections
    sources: list[pl.DataFrame] = []
    for piece in _sources(inputs, readings, file_warning(inputs.corrections, corrections)):
        validate("sources", piece)
        sources.append(piece.select("raw_path", "article_id", "n_articles"))
        yield "sources", piece
    check_sources(
        pl.concat(sources) if sources else pl.DataFrame(schema=column_types("sources")),
        ids,
        len(inputs.files),
    )


def schema_key(table: str) -> list[str]:
    """Return the columns by which a table is sorted: its key."""
    return list(TABLE_BY_NAME[table].key)


def _known_shares(kept: Kept) -> dict[str, float]:
    """Return what pairs of articles have in common, as counted at the last build, by the key of the pair."""
    frames = kept.load()
    return dict(frames["shares"].iter_rows()) if frames else {}


def _shares(compared: Sequence[Compared]) -> pl.DataFrame:
    cells = {"pair": [pair.key for pair in compared], "share": [pair.share for pair in compared]}
    return pl.DataFrame(cells, schema={"pair": pl.String, "share": pl.Float64})


def _statements(
    segments: Sequence[SegmentTask], said: Mapping[str, Sequence[pl.DataFrame]], kept: Kept
) -> Iterator[Piece]:
    if not segments:
        yield from ((table, pl.DataFrame(schema=column_types(table))) for table in STATEMENT_TABLES)
        return
    together = {name: pl.concat(frames) for name, frames in said.items()}
    links = find_links(together[UTTERANCES], lambda wanted: _pieces(segments, wanted), kept)
    tables = statement_tables(together[UTTERANCES], together[REPORTS], together[EVENT_CLAUSES], links)
    for table, frame in tables.items():
        validate(table, frame)
        yield table, frame


def _pieces(segments: Sequence[SegmentTask], wanted: set[str]) -> dict[str, list[ContentPiece]]:
    """Read the content spans of some quotes from their segments."""
    found: dict[str, list[ContentPiece]] = {}
    for task in segments:
        shards = {shard.shard for shard in task.shards}
        here = {quote_id for quote_id in wanted if shard_of(quote_id) in shards}
        if here:
            columns = ("quote_id", "span_role", "char_start", "span_text")
            found |= content_pieces(read_table(build_segment(task), "quote_spans", columns), here)
    return found


def _paragraphs(shards: Sequence[ShardResult], wanted: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Read the paragraphs of some articles again from their parts, shard by shard."""
    by_shard: dict[str, list[str]] = {}
    for article_id in sorted(wanted):
        by_shard.setdefault(shard_of(article_id), []).append(article_id)
    for shard in sorted(shards, key=lambda s: s.shard):
        here = by_shard.get(shard.shard)
        if not here:
            continue
        folder = shard.folders["articles"]
        part = parts.find(folder)
        frames = parts.load(part, ("article_text", "blocks")) if part else None
        if frames is None:
            raise DamagedPart(shard.shard, folder)
        texts = dict(frames["article_text"].filter(pl.col("article_id").is_in(here)).iter_rows())
        paragraphs: dict[str, list[str]] = {article_id: [] for article_id in sorted(texts)}
        blocks = frames["blocks"].filter(pl.col("article_id").is_in(here), block_type="paragraph")
        for article_id, start, end in blocks.select("article_id", "char_start", "char_end").iter_rows():
            paragraphs[article_id].append(texts[article_id][start:end])
        yield from paragraphs.items()


def _sources(
    inputs: RawInputs, readings: Sequence[pl.DataFrame], wrong: str | None
) -> Iterator[pl.DataFrame]:
    """Yield a row for every raw file, some thousand at a time, in order of the path.

    `wrong` is what is wrong with the corrections.
    """
    everything = pl.concat(readings) if readings else None
    first = inputs.first_paths()
    for start in range(0, len(inputs.files), _SOURCES_AT_ONCE):
        files = inputs.files[start : start + _SOURCES_AT_ONCE]
        hashes = {file.sha256 for file in files if file.sha256}
        here = everything.filter(pl.col("raw_sha256").is_in(hashes)) if everything is not None else None
        read = _by_content(here) if here is not None else {}
        rows = [_source(file, inputs, first, read, wrong) for file in files]
        yield pl.DataFrame(rows, schema=column_types("sources"), orient="row")


def _source(
    file: RawFile, inputs: RawInputs, first: Mapping[str, str], read: Mapping[str, Row], wrong: str | None
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(schema_of("sources").columns) | {
        "raw_path": file.raw_path,
        "raw_sha256": file.sha256,
        "raw_bytes": file.size if file.size is not None and file.size < 2**31 else None,
        "n_articles": 0,
    }
    if file.reason_code in STEERING:
        problems = inputs.manifest.problems if file.reason_code == "manifest" else []
        wrong = wrong if file.reason_code == "corrections" else None
        unknown = _unknown_authority(file.name) if file.reason_code == "authority_file" else None
        codes = dict.fromkeys([str(file.reason_code), *(p.code for p in problems)])
        codes |= {"invalid_corrections": None} if wrong else {}
        codes |= {"unknown_authority_file": None} if unknown else {}
        told = [*map(str, problems), *([wrong] if wrong else []), *([unknown] if unknown else [])]
        return row | {
            "status": "warning" if told else "ok",
            "reason_code": "; ".join(codes),
            "message": "; ".join(told) or "it steers the build and is no article",
        }
    if file.reason_code or file.name in inputs.changed:
        code, message = inputs.changed.get(file.name) or (file.reason_code, file.message)
        return row | {"status": "quarantined", "reason_code": code, "message": message}
    found = read.get(str(file.sha256))
    if found is None:
        message = "the file of the same bytes that was read for it changed during the build: build again"
        return row | {"status": "quarantined", "reason_code": "changed", "message": message}
    row |= {name: found[name] for name in ("status", "n_articles", "article_id", "reason_code", "message")}
    _cite_manifest(row, inputs.manifest)
    if first[str(file.sha256)] != file.raw_path and row["status"] != "quarantined":
        message = f"same bytes as {first[str(file.sha256)]}, whose article it shares"
        row |= {"status": "duplicate", "reason_code": "same_bytes", "message": message, "n_articles": 0}
    return row


def _unknown_authority(name: str) -> str | None:
    """Return what is wrong with the name of a file among the authority files, if anything is."""
    known = [f"{model.table_name}.csv" for model in AUTHORITY]
    if PurePosixPath(name).name in known and name.count("/") == 1:
        return None
    return f"it is not used: the files in authority/ are {', '.join(known)}; rename it or take it out"


def _by_content(readings: pl.DataFrame) -> dict[str, Row]:
    """Return what became of each content: what the articles stage notes, with the faults of later stages."""
    found: dict[str, Row] = {}
    for row in readings.iter_rows(named=True):
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
