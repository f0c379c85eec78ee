"""The shared scorers as rulers, and predictions to lay under them."""

import importlib.util
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.evaluate.evaluation import Result
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.measures import ALL
from pipeline.evaluate.predictions import FoundQuote, Prediction

_NAMES = {
    "exact": "content_exact",
    "iou50": "content_iou50",
    "token": "content_token",
    "e2e": "end_to_end",
}
_STATISTICS = {"p": "precision", "r": "recall", "f": "f1"}
_SPEAKERS_LINE = re.compile(
    r"speakers: (?P<right>\d+)/(?P<matched>\d+) right \([\d.]+\), (?P<unresolved>\d+) unresolved, "
    r"wrong named (?P<wrong>\d+)/(?P<found>\d+) \((?P<wrong_matched>\d+) matched, "
    r"(?P<wrong_unmatched>\d+) of no gold quote\), "
    r"continuation (?P<sentences_right>\d+)/(?P<sentences>\d+), gold quotes \d+"
)


@cache
def load_quote_scorer(shared: Path) -> ModuleType:
    path = shared / "scorer" / "score_quotes.py"
    spec = importlib.util.spec_from_file_location("score_quotes", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def quote_scores(shared: Path, gold: Path, predictions: Path, *, speech_only: bool) -> dict[str, Any]:
    out = predictions.with_suffix(".json")
    scorer = shared / "scorer" / "score_quotes.py"
    _run(scorer, "--gold", gold, "--pred", predictions, "--bootstrap", 1000, "--json", out,
         *["--speech-only"] * speech_only)  # fmt: skip
    found: dict[str, Any] = json.loads(out.read_bytes())
    return found


def speaker_scores(shared: Path, gold: Path, predictions: Path, *, speech_only: bool) -> dict[str, int]:
    scorer = shared / "scorer" / "score_speakers.py"
    line = _run(scorer, gold, predictions, *["--speech-only"] * speech_only).splitlines()[-1]
    found = _SPEAKERS_LINE.fullmatch(line)
    assert found, line
    return {name: int(count) for name, count in found.groupdict().items()}


def _run(scorer: Path, *arguments: object) -> str:
    command = [sys.executable, str(scorer), *(str(one) for one in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def differences(
    result: Result, quotes: Mapping[str, Any], speakers: Mapping[str, int]
) -> dict[str, tuple[object, object]]:
    """Return every number that is not exactly that of the scorers: ours, theirs. Never a text."""
    part = result.parts[0]
    ours: dict[str, object] = {}
    theirs: dict[str, object] = {}
    for kind in (ALL, "direct", "mixed", "indirect"):
        ours |= {f"{kind} gold": part.counts[f"{kind}.gold"], f"{kind} found": part.counts[f"{kind}.found"]}
        theirs |= {f"{kind} gold": quotes[kind]["gold"], f"{kind} found": quotes[kind]["pred"]}
        for name, measure in _NAMES.items():
            for letter, statistic in _STATISTICS.items():
                where = f"{kind} {name} {statistic}"
                # The scorers have no value for "nothing to measure".
                ours[where] = part.of(measure, statistic, kind).figure.value or 0.0
                theirs[where] = quotes[kind][name][letter]
        ours[f"{kind} source n"] = part.of("source_any", "share", kind).figure.n
        theirs[f"{kind} source n"] = quotes[kind]["src"]["n"]
        for how in ("any", "head"):
            ours[f"{kind} source {how}"] = part.of(f"source_{how}", "share", kind).figure.value or 0.0
            theirs[f"{kind} source {how}"] = quotes[kind]["src"][how]
    if part.n_documents >= 20:
        for name, measure in _NAMES.items():
            ours[f"interval {name}"] = list(part.of(measure, "f1").interval or ())
            theirs[f"interval {name}"] = quotes["ci95"][name]
    for name, count in speakers.items():
        ours[f"speakers {name}"], theirs[f"speakers {name}"] = part.counts[f"speakers.{name}"], count
    return {name: (ours[name], theirs[name]) for name in theirs if ours[name] != theirs[name]}


def write_lines(path: Path, documents: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in documents), encoding="utf-8")
    return path


def read_lines(path: Path, limit: int | None = None) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file][:limit]


def altered(documents: Sequence[GoldDocument], seed: int) -> list[Prediction]:
    """Return predictions made of the gold: some as it is, some moved, cut, doubled, lost, or from nowhere."""
    rng = random.Random(seed)
    return [Prediction(one.doc_id, "plain", tuple(_altered(one, rng)), ("dice",), None) for one in documents]


def _altered(document: GoldDocument, rng: random.Random) -> Iterable[FoundQuote]:
    length = len(document.text)
    names = ["Ola Venn", "The Ola Venn", "President Ola Venn", "Tarn", "former Tarn", ""]
    for gold in document.quotes:
        fate = rng.random()
        if fate < 0.1:
            continue
        content = gold.content
        if fate > 0.4:
            content = tuple(_moved(span, length, rng) for span in gold.content)
        source = rng.choice(
            [gold.source, gold.source, (), tuple(_moved(s, length, rng) for s in gold.source)]
        )
        speakers = tuple(sorted(gold.speakers or ())) if rng.random() < 0.6 else tuple(rng.sample(names, 2))
        quote = found_quote(content, source, speakers, confidence=round(rng.random(), 2))
        yield quote
        if rng.random() < 0.1:
            yield quote
        if rng.random() < 0.1:
            yield found_quote(content, (), speakers)
    for _ in range(rng.randrange(4)):
        start = rng.randrange(length)
        yield found_quote(((start, min(length, start + rng.randrange(200))),), (), (rng.choice(names),))


def _moved(span: tuple[int, int], length: int, rng: random.Random) -> tuple[int, int]:
    start = max(0, min(length, span[0] + rng.randint(-30, 30)))
    return start, max(start, min(length, span[1] + rng.randint(-30, 30)))


def found_quote(
    content: Sequence[tuple[int, int]],
    source: Sequence[tuple[int, int]] = (),
    speakers: Sequence[str] = (),
    confidence: float | None = None,
) -> FoundQuote:
    return FoundQuote(tuple(content), tuple(source), (), "indirect", tuple(speakers), 1, "body", confidence)


def scrambled(documents: Sequence[Mapping[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Return gold with the texts of these documents and quotes at random places, for the corner cases."""
    rng = random.Random(seed)
    made = []
    for document in documents:
        length = len(document["text"])
        quotes = []
        for _ in range(rng.randrange(12)):
            starts = sorted(rng.randrange(length) for _ in range(rng.randint(1, 3)))
            quote: dict[str, Any] = {
                "content": [[s, min(length, s + rng.choice([0, 3, 40, 160, 500]))] for s in starts],
                "source": [[s, min(length, s + 25)] for s in starts[: rng.randrange(3)]],
                "speech": rng.random() < 0.8,
                "continuation": rng.random() < 0.5,
            }
            if rng.random() < 0.7:
                quote["speakers"] = rng.choice([["Ola Venn"], ["the Tarn", "Ola Venn"], []])
            if rng.random() < 0.5:
                quote["kind"] = rng.choice(["direct", "mixed", "indirect"])
            quotes.append(quote)
        made.append({"doc_id": document["doc_id"], "text": document["text"], "attributions": quotes})
    return made
