"""Hand-coded topics and speech acts of gold quotes.

They stand in the gold file itself, with the attribution:

    {"topic_primary": "trade", "topics": ["trade", …], "illocution": "assertive", "event_id": "…"}

or beside it in `topics.jsonl`, one quote a line, bound by `doc_id` and the `id` of the attribution; further
coders of the same quotes in `topics_*.jsonl`, of the same form:

    {"doc_id": "…", "quote": 3, "primary": "trade", "topics": ["trade", …], "illocution": "assertive"}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.faults import Fault

FIRST = "topics.jsonl"
FURTHER = "topics_*.jsonl"


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """How a person coded a quote. `event_id` None: nobody settled the event; "": it belongs to none."""

    primary: str
    topics: frozenset[str]
    illocution: str | None
    event_id: str | None = None


# By document and number of the quote.
Answers = Mapping[tuple[str, int], TopicAnswer]


def read_beside(gold_file: Path) -> tuple[Answers, tuple[Answers, ...]]:
    """Return the answers of the first and of the further coders beside a gold file.

    Raises Fault with file and line for what does not have the form.
    """
    first = gold_file.parent / FIRST
    further = sorted(path for path in gold_file.parent.glob(FURTHER) if path != gold_file)
    answers = _read(first) if first.is_file() and first != gold_file else {}
    return answers, tuple(_read(path) for path in further)


def read_inline(found: Mapping[str, Any]) -> TopicAnswer | None:
    """Return the answer that stands with an attribution, if one does."""
    return _answer(found, "topic_primary") if found.get("topic_primary") else None


def _read(path: Path) -> dict[tuple[str, int], TopicAnswer]:
    answers: dict[tuple[str, int], TopicAnswer] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            key = (str(row["doc_id"]), int(row["quote"]))
            answer = _answer(row, "primary")
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise Fault(
                f"{path.name}, line {number}: not a coded quote ({what})",
                "the first lines of pipeline/evaluate/topic_gold.py say what a line holds",
            ) from None
        if key in answers:
            raise Fault(f"{path.name}, line {number}: {key[0]}, quote {key[1]} stands twice", "keep one")
        answers[key] = answer
    return answers


def _answer(row: Mapping[str, Any], primary: str) -> TopicAnswer:
    topics = frozenset(row["topics"]) | {row[primary]}
    return TopicAnswer(row[primary], topics, row.get("illocution"), row.get("event_id"))
