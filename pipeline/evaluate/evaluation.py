"""Gold files through the pipeline and under the rulers, whole and by layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.evaluate import calibration, scores, speakers, topics
from pipeline.evaluate.bootstrap import intervals
from pipeline.evaluate.calibration import Bin, bins, count_calibration
from pipeline.evaluate.gold import Gold, GoldDocument
from pipeline.evaluate.measures import ALL, Counts, Figure, Measure, add_up
from pipeline.evaluate.predictions import FoundQuote, Prediction, Predictor
from pipeline.evaluate.scores import ENOUGH, compare, count_scores, pair_up
from pipeline.evaluate.speakers import count_speakers
from pipeline.faults import Fault
from pipeline.progress import Progress

_ALWAYS: tuple[Measure, ...] = (*scores.MEASURES, *speakers.MEASURES)


@dataclass(frozen=True)
class Measured:
    """A measure with its figure and, where there are enough documents, its interval."""

    measure: Measure
    figure: Figure
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Part:
    """The documents of one layout, or all of them. `bins` is empty where no quote has a confidence."""

    layout: str
    n_documents: int
    counts: Counts
    measured: tuple[Measured, ...]
    bins: tuple[Bin, ...]

    def of(self, name: str, statistic: str, kind: str = ALL) -> Measured:
        """Return a measure by name."""
        for one in self.measured:
            if (one.measure.name, one.measure.statistic, one.measure.kind) == (name, statistic, kind):
                return one
        raise KeyError(name, statistic, kind)


@dataclass(frozen=True)
class Result:
    """What was measured on a gold file: all documents first, then layout by layout."""

    gold: Gold
    speech_only: bool
    extractors: tuple[str, ...]
    failures: Mapping[str, str]
    parts: tuple[Part, ...]
    # Krippendorff's alpha of main topic and speech act with the quotes it is over; empty with one coder.
    agreement: Mapping[str, tuple[float | None, int]]


def evaluate(
    golds: Sequence[tuple[Gold, Path | None]], *, speech_only: bool, progress: Progress
) -> tuple[list[Result], list[Prediction]]:
    """Predict and measure every document of gold files, each with a folder of further authority rows."""
    predictors = {folder: Predictor(folder) for folder in dict.fromkeys(folder for _, folder in golds)}
    predictions: list[Prediction] = []
    results: list[Result] = []
    total = sum(len(gold.documents) for gold, _ in golds)
    for gold, folder in golds:
        made = []
        for document in gold.documents:
            made.append(predictors[folder].predict(document.doc_id, document.text, document))
            progress.step("reading gold documents", len(predictions) + len(made), total)
        results.append(measure(gold, made, speech_only=speech_only))
        predictions += made
    return results, predictions


def measure(gold: Gold, predictions: Sequence[Prediction], *, speech_only: bool) -> Result:
    """Measure predictions, which stand in the order of the gold documents."""
    if not predictions:
        raise Fault(f"{gold.path} holds no document", "name a gold file that does")
    by_layout: dict[str, list[Counts]] = {}
    documents: list[Counts] = []
    for document, prediction in zip(gold.documents, predictions, strict=True):
        counts = count_document(document, prediction.quotes, speech_only=speech_only)
        counts = {**counts, **_count_topics(document, prediction)}
        documents.append(counts)
        by_layout.setdefault(prediction.layout, []).append(counts)
    return Result(
        gold=gold,
        speech_only=speech_only,
        extractors=tuple(sorted({name for one in predictions for name in one.extractors})),
        failures={one.doc_id: one.failure for one in predictions if one.failure},
        parts=(_part(ALL, documents), *(_part(name, found) for name, found in sorted(by_layout.items()))),
        agreement=topics.agreement(gold.coders) if len(gold.coders) > 1 else {},
    )


def count_document(document: GoldDocument, quotes: Sequence[FoundQuote], *, speech_only: bool) -> Counts:
    """Return everything that is counted in one document; documents add up."""
    comparison = compare(document, quotes, speech_only=speech_only)
    return {
        **count_scores(comparison),
        **count_speakers(document, quotes, speech_only=speech_only),
        **count_calibration(comparison),
    }


def _count_topics(document: GoldDocument, prediction: Prediction) -> Counts:
    """Count what is said of gold quotes, and of found quotes that match one (half of the words)."""
    if not any(quote.topics for quote in document.quotes):
        return {}
    # Topics are measured of all gold quotes, so none is left out as a belief here.
    comparison = compare(document, prediction.quotes, speech_only=False)
    numbers = {id(quote): number for number, quote in enumerate(document.quotes)}
    pairs = pair_up(comparison.wanted, comparison.found, lambda share, _, __: share >= ENOUGH)
    return topics.count_topics(
        document,
        {
            **prediction.gold_coded,
            "whole_path": {numbers[id(g.quote)]: f.quote.coded for g, f in pairs if f.quote.coded},
            "whole_path_unseen": {
                numbers[id(g.quote)]: f.quote.coded_unseen for g, f in pairs if f.quote.coded_unseen
            },
        },
    )


def _part(layout: str, documents: Sequence[Counts]) -> Part:
    counts = add_up(documents)
    has_confidence = bool(counts.get("confidence.n"))
    measures = (*_ALWAYS, *calibration.MEASURES) if has_confidence else _ALWAYS
    if topics.has_topics(counts):
        measures = (*measures, *topics.MEASURES)
    return Part(
        layout=layout,
        n_documents=len(documents),
        counts=counts,
        measured=tuple(
            Measured(one, one.compute(counts), interval)
            for one, interval in zip(measures, intervals(documents, measures), strict=True)
        ),
        bins=tuple(bins(counts)) if has_confidence else (),
    )
