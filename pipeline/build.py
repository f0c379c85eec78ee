"""The build: what is new, what is stale, what to run, and what to publish. No Prefect here.

look → make_plan → build_batch (for each batch, anywhere) → finish. Names and paths go from one to the next;
frames never do.
"""

import contextlib
import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import raw_files, storage
from pipeline.faults import Fault
from pipeline.progress import Progress
from pipeline.publish import release
from pipeline.raw_files import STEERING, RawFile
from pipeline.stages import (
    STAGE_NAMES,
    code_fingerprint,
    pages_fingerprint,
    publish_fingerprint,
    stage_fingerprints,
    tables_fingerprint,
)

if TYPE_CHECKING:  # heavy; not needed to find out that there is nothing to do
    from pipeline.corrections.sheet import Sheet
    from pipeline.ingest.manifest import Manifest
    from pipeline.publish.report import Piece
    from pipeline.segments import SegmentTask
    from pipeline.shards import ShardResult, ShardTask

PROJECT = Path(__file__).parent.parent
_SHOWN_NOT_READ = 5
# What a raw folder holds that has gone away: a lost mount, or rights that were taken.
_NOTHING_TO_READ = (*STEERING, "hidden_file", "unreadable", "unreadable_folder", "vanished")
REFERENCE_FOLDERS = (PROJECT / "schemas" / "codebooks", PROJECT / "schemas" / "authority")


@dataclass(frozen=True)
class Options:
    """What the user asked for. Folders are absolute."""

    raw: Path
    processed: Path
    cache: Path
    processes: int = 0
    batch_files: int = 250
    max_bytes: int = raw_files.DEFAULT_MAX_BYTES
    check: bool = False

    @property
    def extra_authority(self) -> Path | None:
        """Return the folder with the authority rows that come with the raw files, if there is one."""
        folder = self.raw / raw_files.AUTHORITY
        return folder if folder.is_dir() else None


def default_cache(processed: Path) -> Path:
    """Return the folder in which the builds into `processed` keep their parts."""
    name = hashlib.sha256(str(processed.resolve()).encode()).hexdigest()[:12]
    return PROJECT / ".cache" / name


@dataclass
class Plan:
    """What there is to do: the files found, and the batches of shards to bring up to date."""

    options: Options
    # By the clock that is never set.
    started: float
    build_key: str
    reference_version: str
    # The fingerprint of what makes tables of parts.
    publish_version: str
    files: list[RawFile]
    manifest: "Manifest"
    corrections: "Sheet"
    n_documents: int
    # Every shard; those whose parts are there already; and batches of the others.
    tasks: dict[str, "ShardTask"]
    made_before: list["ShardResult"]
    batches: list[tuple["ShardTask", ...]]

    @property
    def n_stale(self) -> int:
        """Return how many documents the shards hold that have to be brought up to date."""
        return sum(len(task.documents) for batch in self.batches for task in batch)


@dataclass(frozen=True)
class Outcome:
    """How a build ended, for the last line that the user sees and for exit codes."""

    release_id: str
    files: Mapping[str, int]
    rows: Mapping[str, int]
    made: Mapping[str, int]
    # Path and message of the first files that no article could be made of.
    not_read: Sequence[tuple[str, str]]


def look(options: Options, progress: Progress) -> tuple[raw_files.Scan, str]:
    """Scan the raw folder and return what it holds with the key of the dataset that it should give."""
    memory = options.cache / "scan.json"
    remembered = raw_files.load_memory(memory)
    scan = raw_files.scan(
        options.raw,
        remembered=remembered,
        max_bytes=options.max_bytes,
        check=options.check,
        on_progress=lambda n: progress.step("looking at raw files", n),
    )
    if scan.memory != remembered:
        raw_files.save_memory(memory, scan)
    # Kept on the disk now; of a large corpus it is a large part of what a build holds in memory.
    scan.memory.clear()
    return scan, build_key(options, scan.files)


def build_key(options: Options, files: Sequence[RawFile]) -> str:
    """Return the hash of everything that the published dataset depends on."""
    folders = reference_folders(options)
    digest = hashlib.sha256(f"{publish_fingerprint(folders)} {pages_fingerprint()}".encode())
    digest.update(json.dumps(stage_fingerprints(folders), sort_keys=True).encode())
    for file in files:
        digest.update(file.as_json().encode())
    return digest.hexdigest()


def reference_folders(options: Options) -> tuple[Path, ...]:
    """Return the folders with codebooks and authority files that hold for this build."""
    extra = options.extra_authority
    return (*REFERENCE_FOLDERS, extra) if extra else REFERENCE_FOLDERS


def is_current(options: Options, key: str) -> bool:
    """Tell whether the published dataset is that of this key, and whole.

    Whole means that every file has the size that was written; with options.check also the same content.
    """
    try:
        noted = json.loads(storage.read_bytes(options.cache / "published.json"))
    except (OSError, ValueError):
        return False
    files = release.current_files(options.processed)
    if files is None or noted.get("build_key") != key or noted.get("files") != files:
        return False
    if not options.check:
        return True
    return bool(release.content_id(options.processed / release.CURRENT) == noted.get("release_id"))


def make_plan(options: Options, scan: raw_files.Scan, key: str) -> Plan:
    """Say which shards have to be brought up to date, in batches of about `batch_files` files.

    Raises Fault when the files that steer the build are not any more what the scan saw, and when nothing
    is left to read for a dataset that has articles.
    """
    from pipeline.combine import RawInputs
    from pipeline.corrections.sheet import Sheet, read_sheet
    from pipeline.ingest.manifest import Manifest, read_manifest
    from pipeline.reference import reference_of
    from pipeline.shards import DocumentTask, ShardTask, find_shard, shard_of

    folders = reference_folders(options)
    steering = {
        file.name: _read_steering(options, file) for file in scan.files if file.reason_code in STEERING
    }
    fingerprints = stage_fingerprints(folders)
    reference_version = tables_fingerprint(folders)
    reference = reference_of(options.extra_authority, reference_version)
    if build_key(options, scan.files) != key:
        raise Fault(
            "a codebook or authority file, or the code, changed during the build",
            "build again; the published dataset is as it was",
        )
    manifest, corrections = Manifest(), Sheet()
    for file in scan.files:
        if file.reason_code == "corrections":
            corrections = read_sheet(steering[file.name])
        if file.reason_code == "manifest":
            outlets = {row["outlet_id"]: row["outlet_id"] for row in reference.rows("outlets")}
            outlets |= {row["name"].casefold(): row["outlet_id"] for row in reference.rows("outlets")}
            manifest = read_manifest(steering[file.name], outlets, {f.raw_path for f in scan.files})
    rows = manifest_rows(scan.files, manifest)
    by_shard: dict[str, list[DocumentTask]] = {}
    by_path = {file.raw_path: file for file in scan.files}
    for sha256, path in RawInputs(scan.files, manifest, {}).first_paths().items():
        row = rows.get(sha256)
        task = DocumentTask(by_path[path].name, sha256, row)
        by_shard.setdefault(shard_of(sha256), []).append(task)
    if all(file.reason_code in _NOTHING_TO_READ for file in scan.files):
        _refuse_to_empty(options)
    tasks = {
        shard: ShardTask(
            shard,
            tuple(documents),
            fingerprints,
            options.raw,
            options.cache,
            options.extra_authority,
            reference_version,
            options.max_bytes,
        )
        for shard, documents in sorted(by_shard.items())
    }
    made_before = {shard: found for shard, task in tasks.items() if (found := find_shard(task))}
    return Plan(
        options,
        time.monotonic(),
        key,
        reference_version,
        publish_fingerprint(folders),
        scan.files,
        manifest,
        corrections,
        sum(len(documents) for documents in by_shard.values()),
        tasks,
        list(made_before.values()),
        _in_batches([t for s, t in tasks.items() if s not in made_before], options.batch_files),
    )


def _refuse_to_empty(options: Options) -> None:
    """Raise Fault when the published dataset has articles: it is rather the raw folder that went away."""
    before = release.current_release(options.processed)
    if before is None or not (before / "articles.parquet").is_file():
        return
    import pyarrow.parquet as pq

    n_articles = pq.read_metadata(before / "articles.parquet").num_rows
    if n_articles:
        raise Fault(
            f"nothing is left to read in {options.raw}, and the dataset in {options.processed} has "
            f"{n_articles:,} article{'s' * (n_articles != 1)}",
            "look whether the raw folder is the right one, mounted and readable; to publish an empty dataset "
            f"all the same, remove {options.processed} first",
        )


def _read_steering(options: Options, file: RawFile) -> bytes:
    try:
        return raw_files.read(options.raw, file.name, str(file.sha256), options.max_bytes)
    except raw_files.Changed:
        raise Fault(
            f"{file.raw_path} changed during the build", "build again; the published dataset is as it was"
        ) from None


def manifest_rows(files: Sequence[RawFile], manifest: "Manifest") -> dict[str, dict[str, object]]:
    """Return the manifest row of each content: that of the first of its paths that has one."""
    rows: dict[str, dict[str, object]] = {}
    for file in files:
        row = manifest.rows.get(file.raw_path)
        if row and file.sha256:
            # The path and the notes say nothing about the content.
            rows.setdefault(file.sha256, {k: v for k, v in row.items() if k not in ("path", "notes")})
    return rows


def _in_batches(tasks: Sequence["ShardTask"], batch_files: int) -> list[tuple["ShardTask", ...]]:
    batches: list[list[ShardTask]] = []
    size = batch_files
    for task in tasks:
        if size >= batch_files:
            batches.append([])
            size = 0
        batches[-1].append(task)
        size += len(task.documents)
    return [tuple(batch) for batch in batches]


def build_batch(batch: Sequence["ShardTask"]) -> list["ShardResult"]:
    """Bring the shards of a batch up to date. Idempotent: run again, it finds its parts made."""
    from pipeline.shards import build_shard

    return [build_shard(task) for task in batch]


def segments_of(plan: Plan, results: Sequence["ShardResult"]) -> list["SegmentTask"]:
    """Return the segments of which the dataset will be made. `results` are those of all shards."""
    from pipeline.combine import RawInputs
    from pipeline.segments import segment_tasks

    changed = {name: reason for result in results for name, reason in result.changed.items()}
    return segment_tasks(
        results,
        RawInputs(plan.files, plan.manifest, changed).first_paths(),
        cache=plan.options.cache,
        extra_authority=plan.options.extra_authority,
        reference_version=plan.reference_version,
        fingerprint=plan.publish_version,
        corrections=plan.corrections.corrections,
    )


def prepare_segment(task: "SegmentTask") -> None:
    """Make a segment ahead of `finish`, which finds it made. What is wrong with it `finish` will tell."""
    from pipeline.frames import InvalidDataset
    from pipeline.segments import DamagedPart, build_segment

    with contextlib.suppress(DamagedPart, InvalidDataset):
        build_segment(task)


def finish(plan: Plan, results: Sequence["ShardResult"], progress: Progress) -> Outcome:
    """Combine, check and publish; then write the report and remove the parts that are not in use.

    Raises InvalidDataset, with nothing published, when a rule is broken.
    """
    from pipeline import parts
    from pipeline.combine import RawInputs, combined_tables
    from pipeline.pages.report import write_report
    from pipeline.publish.report import Observer
    from pipeline.reference import reference_of
    from pipeline.segments import DamagedPart, kept_folder
    from pipeline.shards import build_shard

    options = plan.options
    reference = reference_of(options.extra_authority, plan.reference_version)
    shards = {result.shard: result for result in results}
    kept_shares = parts.Kept(options.cache, "pairs", code_fingerprint("pipeline.duplicates"))
    links_fingerprint = code_fingerprint("pipeline.statements", "pipeline.quotes.model")
    kept_links = parts.Kept(options.cache, "links", links_fingerprint)
    kept_notes = parts.Kept(options.cache, "pages", pages_fingerprint())
    before = release.current_release(options.processed)

    def write(folder: Path) -> Mapping[str, str]:
        tables = _write_dataset(folder, pieces)
        return {**tables, **write_report(folder, before, kept_notes, verify=options.check)}

    made_again: set[Path] = set()
    while True:
        changed = {name: reason for shard in shards.values() for name, reason in shard.changed.items()}
        inputs = RawInputs(plan.files, plan.manifest, changed, plan.corrections)
        segments = segments_of(plan, list(shards.values()))
        observer = Observer(progress, len(segments))
        pieces = observer.watch(combined_tables(segments, inputs, reference, kept_shares, kept_links))
        try:
            release_id = release.publish(options.processed, write)
            break
        except DamagedPart as damage:
            if damage.folder in made_again:
                raise Fault(
                    f"{damage} again, though it was just made",
                    "look at the disk or name another one with --cache; the published dataset is as it was",
                ) from None
            made_again.add(damage.folder)
            progress.say(f"{damage}; making it again")
            storage.remove(damage.folder)
            if damage.shard:
                shards[damage.shard] = build_shard(plan.tasks[damage.shard])
    made = {stage: sum(r.n_made[stage] for r in results) for stage in STAGE_NAMES}
    noted = {
        # A file that changed meanwhile has to be looked at again at the next build.
        "build_key": "" if changed else plan.build_key,
        "release_id": release_id,
        "files": release.current_files(options.processed),
    }
    outcome = Outcome(
        release_id, observer.file_counts(), dict(observer.n_rows), made, observer.not_read(_SHOWN_NOT_READ)
    )
    about = {
        "raw": str(options.raw),
        "seconds": round(time.monotonic() - plan.started, 1),
        "release": release_id,
        "made": made,
    }
    observer.write_report(options.processed / "reports", about)
    # Noted last: a build that is killed before is done again, so that the report is that of the dataset.
    storage.write_bytes(options.cache / "published.json", json.dumps(noted).encode())
    in_use = [folder for shard in shards.values() for folder in shard.folders.values()]
    in_use += [kept_folder(segment) for segment in segments]
    parts.sweep(options.cache, [*in_use, kept_shares.folder, kept_links.folder, kept_notes.folder])
    return outcome


def _write_dataset(folder: Path, pieces: Iterable["Piece"]) -> dict[str, str]:
    from pipeline.publish.companions import write_companions
    from pipeline.publish.parquet import write_tables

    written = write_tables(pieces, folder)
    return write_companions(folder, written)
