"""Gold files, all that is measured on them, and the reports of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import storage
from pipeline.evaluate.evaluation import Result, evaluate
from pipeline.evaluate.gold import PROJECT, Gold, default_gold, read_gold
from pipeline.evaluate.predictions import as_json_lines
from pipeline.evaluate.report import PAGE, write_reports
from pipeline.faults import Fault
from pipeline.progress import Progress
from pipeline.raw_files import AUTHORITY


@dataclass(frozen=True)
class Options:
    """What the user asked for. No gold: the files that are here; no authority: what lies beside each."""

    gold: tuple[Path, ...]
    processed: Path
    authority: Path | None
    speech_only: bool
    limit: int | None
    predictions: Path | None


def run(options: Options, progress: Progress) -> int:
    """Measure, write the reports, say one line for each gold file, and return the exit code."""
    if options.limit is not None and options.limit < 1:
        raise Fault(f"--limit is {options.limit}", "give a positive number")
    if options.authority is not None and not options.authority.is_dir():
        raise Fault(
            f"{options.authority} is no folder", "name with --authority a folder with authority files"
        )
    golds = read_gold(options.gold or default_gold(), speech_only=options.speech_only, limit=options.limit)
    if not golds:
        raise Fault("there is no gold file here", "name one with --gold")
    if options.predictions is not None:
        _check_ids(golds)
    results, predictions = evaluate(
        [(gold, _authority(gold, options)) for gold in golds],
        speech_only=options.speech_only,
        progress=progress,
    )
    folder = options.processed / "reports"
    try:
        if options.predictions is not None:
            content = as_json_lines(predictions).encode("utf-8", "surrogatepass")
            storage.write_bytes(options.predictions, content)
        write_reports(folder, results)
    except OSError as error:
        raise storage.explain(error, f"writing to {folder}") from None
    for result in results:
        progress.say(_line(result))
    progress.say(f"see {folder / PAGE}")
    return 0


def _authority(gold: Gold, options: Options) -> Path | None:
    if options.authority is not None:
        return options.authority
    for folder in (gold.path.parent / AUTHORITY, PROJECT / "raw" / AUTHORITY):
        if folder.is_dir():
            return folder
    return None


def _check_ids(golds: Sequence[Gold]) -> None:
    """The scorers know a document by its id alone."""
    times = Counter(document.doc_id for gold in golds for document in gold.documents)
    twice = [doc_id for doc_id, count in times.items() if count > 1]
    if twice:
        raise Fault(
            f"document {twice[0]} stands in several gold files",
            "with --predictions, name gold files with different documents",
        )


def _line(result: Result) -> str:
    part = result.parts[0]
    told = [
        f"{label} {100 * value:.1f}"
        for label, name, statistic in (
            ("IoU50 F1", "content_iou50", "f1"),
            ("word F1", "content_token", "f1"),
            ("end to end F1", "end_to_end", "f1"),
            ("speakers right", "speaker_right", "share"),
        )
        if (value := part.of(name, statistic).figure.value) is not None
    ]
    failed = f"; {len(result.failures)} documents FAILED" if result.failures else ""
    return f"{result.gold.name}: {part.n_documents:,} documents, {', '.join(told) or 'no quotes'}{failed}"
