"""The PolNeAR files, and how train is divided."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict

from pipeline.faults import Fault

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
TRAIN, DEV = "polnear_train.jsonl", "polnear_dev.jsonl"


class GoldAttribution(TypedDict):
    """An attribution as it was marked; spans are [start, end) in code points, a role may have none."""

    content: list[list[int]]
    source: list[list[int]]
    cue: list[list[int]]
    lemma: str | None
    speech: bool


class CorpusDocument(TypedDict):
    """A text with its attributions. A file has further fields, which are not read."""

    doc_id: str
    text: str
    attributions: list[GoldAttribution]


class Parts(NamedTuple):
    """Train in three: to fit the network, to watch its errors, to calibrate on. No document is in two."""

    fit: list[CorpusDocument]
    watch: list[CorpusDocument]
    calibrate: list[CorpusDocument]


def corpus_file(name: str, folder: Path = CORPORA) -> Path:
    """Return the path of a corpus file; raise Fault when it is not there."""
    path = folder / name
    if not path.is_file():
        raise Fault(
            f"{path} is not here",
            "put PolNeAR as ../shared/corpora/ beside the project; it may not be passed on with it",
        )
    return path


def read_documents(path: Path) -> list[CorpusDocument]:
    """Read a corpus file, one document a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def divide(documents: Sequence[CorpusDocument]) -> Parts:
    """Return the parts of train: 90, 5 and 5 percent of the documents, the same whatever their order."""
    order = sorted(documents, key=lambda document: document["doc_id"])
    random.Random(7).shuffle(order)
    part = len(order) // 20
    return Parts(fit=order[2 * part :], watch=order[:part], calibrate=order[part : 2 * part])
