"""The PolNeAR files and how train is divided."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Document = dict[str, Any]

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"


def read_documents(path: Path) -> list[Document]:
    """Read a corpus file, one document a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def split_train(documents: Sequence[Document]) -> tuple[list[Document], list[Document], list[Document]]:
    """Return the documents to fit, to read errors on, and to calibrate on (90 / 5 / 5 percent)."""
    order = sorted(documents, key=lambda d: d["doc_id"])
    random.Random(7).shuffle(order)
    part = len(order) // 20
    return order[2 * part :], order[:part], order[part : 2 * part]


def part_of_corpus(part: str) -> list[Document]:
    """Return the documents of a part: dev, or one of train (fit, val, calib)."""
    if part == "dev":
        return read_documents(CORPORA / "polnear_dev.jsonl")
    parts = split_train(read_documents(CORPORA / "polnear_train.jsonl"))
    return parts[("fit", "val", "calib").index(part)]
