"""What the tagger alone finds in texts of the corpus, under the project's own measures."""

from collections.abc import Sequence

from pipeline.evaluate import calibration, scores
from pipeline.evaluate.calibration import count_calibration
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.measures import add_up
from pipeline.evaluate.predictions import FoundQuote
from pipeline.evaluate.scores import Comparison, compare, count_scores
from pipeline.quotes.model.decoding import Attribution
from pipeline.quotes.model.tagger import Tagger
from pipeline.quotes.model.windows import line_paragraphs

# Figures by measure, and by `kind statistic` in each ("all f1"); None where there is nothing to measure.
Figures = dict[str, dict[str, float | None]]

_SHOWN = ("content_exact", "content_iou50", "content_token", "end_to_end")


def tagged(tagger: Tagger, documents: Sequence[GoldDocument]) -> list[list[Attribution]]:
    """Tag the documents, a line a paragraph."""
    return [tagger.tag(document.text, line_paragraphs(document.text)) for document in documents]


def compared(document: GoldDocument, found: Sequence[Attribution]) -> Comparison:
    """Return what was wanted of a document, speech only, beside what the tagger found in it."""
    return compare(document, [_quote(one) for one in found], speech_only=True)


def figures(documents: Sequence[GoldDocument], found: Sequence[Sequence[Attribution]]) -> Figures:
    """Measure contents, sources and confidences, rounded to four decimals."""
    comparisons = [compared(one, quotes) for one, quotes in zip(documents, found, strict=True)]
    counts = add_up(
        [count_scores(one) for one in comparisons] + [count_calibration(one) for one in comparisons]
    )
    out: Figures = {}
    for measure in (*scores.MEASURES, *calibration.MEASURES):
        value = measure.compute(counts).value
        rounded = None if value is None else round(value, 4)
        out.setdefault(measure.name, {})[f"{measure.kind} {measure.statistic}"] = rounded
    return out


def as_line(found: Figures) -> str:
    """Return precision, recall and F1 of each measure of contents, in percent, in one line."""
    parts = []
    for name in _SHOWN:
        values = [found[name][f"all {statistic}"] for statistic in ("precision", "recall", "f1")]
        parts.append(f"{name} " + "/".join(f"{100 * (value or 0):.1f}" for value in values))
    return ", ".join(parts)


def _quote(found: Attribution) -> FoundQuote:
    return FoundQuote(
        content=tuple(found.content),
        source=tuple(found.source),
        cue=tuple(found.cue),
        kind="",  # read off the text
        speakers=(),
        level=1,
        region="body",
        confidence=found.confidence,
    )
