"""What was measured, for people (a page) and for programs (tables with a dictionary)."""

import io
from collections.abc import Sequence
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pyarrow.parquet as pq

from pipeline import storage
from pipeline.document import Row
from pipeline.evaluate.bootstrap import DRAWS, MIN_DOCUMENTS, SEED
from pipeline.evaluate.calibration import Bin
from pipeline.evaluate.evaluation import Measured, Part, Result
from pipeline.evaluate.kinds import KINDS
from pipeline.evaluate.measures import ALL
from pipeline.evaluate.topic_page import topic_section
from pipeline.evaluate.topics import confusions
from pipeline.publish.dictionary import as_csv, table_entries
from pipeline.publish.parquet import Written, as_arrow
from schemas.quality import ConfidenceBins, Quality, TopicConfusion
from schemas.table import Table

PAGE = "quality.md"
DICTIONARY = "quality_dictionary.csv"

_CONTENT = {
    "content_exact": "content, the same words",
    "content_iou50": "content, IoU ≥ 0.5",
    "content_token": "content, word by word",
    "end_to_end": "end to end",
}
_SOURCE = {
    "source_any": "source shares a word",
    "source_head": "source has the same head",
}
_SPEAKERS = {
    "speaker_right": "speaker right, of matched quotes",
    "speaker_unresolved": "speaker unresolved, of matched quotes",
    "speaker_wrong_named": "speaker named wrongly, of all found quotes",
    "continuation": "continued sentences found with their speaker",
}
_CONFIDENCE = {
    ("confidence_calibration_error", "score"): "expected calibration error",
    ("confidence_brier_skill", "score"): "Brier skill over the base rate",
    ("confidence_coverage_90", "share"): "found quotes with confidence ≥ 0.9",
    ("confidence_precision_90", "precision"): "of these right",
}


def write_reports(folder: Path, results: Sequence[Result]) -> None:
    """Write the page, the tables and their dictionary. They hold no clock: the same gives the same bytes."""
    tables = (
        (Quality, quality_rows(results)),
        (ConfidenceBins, bin_rows(results)),
        (TopicConfusion, confusion_rows(results)),
    )
    entries = []
    for model, rows in tables:
        frame = _frame(model, rows)
        _write_parquet(folder / f"{model.table_name}.parquet", model.to_schema(), frame)
        examples = {name: value for name in frame.columns for value in frame[name].drop_nulls().head(1)}
        entries += table_entries(model, Written(len(frame), examples))
    storage.write_bytes(folder / DICTIONARY, as_csv(entries).encode())
    storage.write_bytes(folder / PAGE, as_page(results).encode("utf-8", "backslashreplace"))


def quality_rows(results: Sequence[Result]) -> list[Row]:
    """Return the rows of the quality table."""
    return [row for result in results for row in (*_measured_rows(result), *_agreement_rows(result))]


def _measured_rows(result: Result) -> list[Row]:
    return [
        {
            "gold": result.gold.name,
            "gold_sha256": result.gold.sha256,
            "extractor": "; ".join(result.extractors) or None,
            "scope": "speech" if result.speech_only else "everything",
            "layout": part.layout,
            "kind": one.measure.kind,
            "measure": one.measure.name,
            "statistic": one.measure.statistic,
            "value": one.figure.value,
            "low": one.interval[0] if one.interval else None,
            "high": one.interval[1] if one.interval else None,
            "n": one.figure.n,
            "n_right": one.figure.n_right,
            "n_documents": part.n_documents,
        }
        for part in result.parts
        for one in part.measured
    ]


def _agreement_rows(result: Result) -> list[Row]:
    return [
        {
            "gold": result.gold.name,
            "gold_sha256": result.gold.sha256,
            "extractor": None,
            "scope": "speech" if result.speech_only else "everything",
            "layout": ALL,
            "kind": ALL,
            "measure": f"{what}_alpha",
            "statistic": "score",
            "value": alpha,
            "low": None,
            "high": None,
            "n": n,
            "n_right": None,
            "n_documents": result.parts[0].n_documents,
        }
        for what, (alpha, n) in result.agreement.items()
    ]


def confusion_rows(results: Sequence[Result]) -> list[Row]:
    """Return the rows of the topic_confusion table."""
    return [
        {
            "gold": result.gold.name,
            "basis": one.basis,
            "code": one.what,
            "wanted": one.wanted,
            "found": one.found,
            "n": one.n,
        }
        for result in results
        for one in confusions(result.parts[0].counts)
    ]


def bin_rows(results: Sequence[Result]) -> list[Row]:
    """Return the rows of the confidence_bins table."""
    return [
        {
            "gold": result.gold.name,
            "layout": part.layout,
            "confidence_low": one.low,
            "confidence_high": one.high,
            "n": one.n,
            "mean_confidence": one.mean_confidence,
            "share_right": one.share_right,
        }
        for result in results
        for part in result.parts
        for one in part.bins
    ]


def _frame(model: type[Table], rows: Sequence[Row]) -> pl.DataFrame:
    schema = model.to_schema()
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    cells = {name: [row[name] for row in rows] for name in types}
    frame = pl.DataFrame(cells, schema=types, strict=True).sort(model.key)
    return schema.validate(frame, lazy=True)


def _write_parquet(path: Path, schema: pa.DataFrameSchema, frame: pl.DataFrame) -> None:
    out = io.BytesIO()
    pq.write_table(frame.to_arrow().cast(as_arrow(schema)), out, compression="zstd")
    storage.write_bytes(path, out.getvalue())


def as_page(results: Sequence[Result]) -> str:
    """Return the results as a Markdown page: a section for each gold file."""
    lines = [
        "# Quality",
        "",
        "The pipeline read the texts of gold files, and its quotes were compared with the answers that",
        f"people made. All numbers stand in `{Quality.table_name}.parquet`; `{DICTIONARY}` says what they",
        "mean. Contents are compared as sets of words, without punctuation; IoU is the intersection over",
        "the union. End to end: IoU ≥ 0.5 and the right source. In brackets: the 95 % interval over",
        f"documents (bootstrap, {DRAWS:,} draws, seed {SEED}), or, with fewer than {MIN_DOCUMENTS}",
        "documents, the counts.",
        "",
    ]
    for result in results:
        lines += _section(result)
    return "\n".join(lines)


def _section(result: Result) -> list[str]:
    part = result.parts[0]
    beliefs = "not counted" if result.speech_only else "counted"
    lines = [
        f"## {_plain(result.gold.name)}",
        "",
        f"{part.n_documents:,} documents, {_count(part, 'gold')} gold quotes, {_count(part, 'found')} found "
        f"by {_plain('; '.join(result.extractors) or 'the extractor')}; beliefs without speech {beliefs}. "
        f"SHA-256 of the file {result.gold.sha256[:16]}.",
        "",
    ]
    if result.failures:
        failed = ", ".join(f"{doc_id} ({fault})" for doc_id, fault in result.failures.items())
        lines += [f"**Failed, and counted as without quotes:** {_plain(failed)}.", ""]
    # Without gold speakers only names on quotes that match no gold could be counted, which misleads.
    shares = _SOURCE | (_SPEAKERS if part.of("speaker_right", "share").figure.n else {})
    lines += [
        *_table(
            ("quotes", "precision %", "recall %", "F1 %"),
            [
                (label, *(_cell(part.of(name, statistic)) for statistic in ("precision", "recall", "f1")))
                for name, label in _CONTENT.items()
            ],
        ),
        *_table(("share", "%"), [(label, _cell(part.of(name, "share"))) for name, label in shares.items()]),
        *_table(
            ("kind", "gold", "found", "IoU50 recall %", "end to end precision %", "end to end recall %"),
            [
                (
                    kind,
                    _count(part, "gold", kind),
                    _count(part, "found", kind),
                    _cell(part.of("content_iou50", "recall", kind)),
                    _cell(part.of("end_to_end", "precision", kind)),
                    _cell(part.of("end_to_end", "recall", kind)),
                )
                for kind in KINDS
            ],
        ),
    ]
    if len(result.parts) > 2:
        lines += _table(
            (
                "layout",
                "documents",
                "gold",
                "found",
                "IoU50 F1 %",
                "word F1 %",
                "end to end F1 %",
                "speaker %",
            ),
            [
                (
                    one.layout,
                    f"{one.n_documents:,}",
                    _count(one, "gold"),
                    _count(one, "found"),
                    *(_cell(one.of(name, "f1")) for name in ("content_iou50", "content_token", "end_to_end")),
                    _cell(one.of("speaker_right", "share")),
                )
                for one in result.parts[1:]
            ],
        )
    return lines + _confidence(part) + topic_section(result)


def _confidence(part: Part) -> list[str]:
    if not part.bins:
        return ["The extractor gives no confidence, so there is no calibration.", ""]
    return [
        "Confidence; right means content, source and, where gold has speakers, speaker:",
        "",
        *_table(
            ("confidence", "value"),
            [
                (label, _cell(part.of(*name), scale=1 if name[1] == "score" else 100))
                for name, label in _CONFIDENCE.items()
            ],
        ),
        *_table(
            ("confidence", "quotes", "mean confidence", "share right"),
            [
                (_range(one), f"{one.n:,}", _number(one.mean_confidence), _number(one.share_right))
                for one in part.bins
            ],
        ),
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(_plain(cell) for cell in row) + " |" for row in rows), ""]


def _cell(one: Measured, scale: int = 100) -> str:
    value, digits = one.figure.value, 1 if scale == 100 else 3
    if value is None:
        return "–"
    shown = f"{scale * value:.{digits}f}"
    if one.interval:
        return f"{shown} ({scale * one.interval[0]:.{digits}f} to {scale * one.interval[1]:.{digits}f})"
    return shown if one.figure.n_right is None else f"{shown} ({one.figure.n_right:,} of {one.figure.n:,})"


def _count(part: Part, what: str, kind: str = ALL) -> str:
    return f"{int(part.counts[f'{kind}.{what}']):,}"


def _range(one: Bin) -> str:
    return f"{one.low:.1f} to {one.high:.1f}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _plain(text: str) -> str:
    for old, new in (("\\", "\\\\"), ("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("*", "\\*"), ("[", "\\[")):
        text = text.replace(old, new)
    return text
