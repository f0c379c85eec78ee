"""How well topics, speech acts and events are coded: on gold quotes, and through the whole path.

The same is measured again without the terms that were seen in a gold text (`origin` seen_in_text), which is
nearer to what one may expect of other texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.document import Row, Rows
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.measures import ALL, Counts, Figure, Measure, f1, share
from pipeline.evaluate.topic_gold import TopicAnswer

# gold_quotes: the coder alone, on the quotes as people marked them; whole_path: on the quotes that were found
# and match them; each with all terms, and without those seen in a gold text.
BASES = ("gold_quotes", "gold_quotes_unseen", "whole_path", "whole_path_unseen")
METHODS = ("section", "heading", "term", "inherited", "model")
NONE = "(none)"


@dataclass(frozen=True, slots=True)
class Coded:
    """What the topics stage said of a quote: its topics in order with their methods."""

    topics: tuple[str, ...]
    methods: tuple[str, ...]
    illocution: str
    event_id: str | None


def read_coded(rows: Rows) -> dict[str, Coded]:
    """Return what the topics stage said, by quote."""
    found: dict[str, list[Row]] = {}
    for row in rows["topic_assignments"]:
        if row["unit"] == "quote":
            found.setdefault(row["quote_id"], []).append(row)
    coded = {}
    for row in rows["quotes"]:
        ranked = sorted(found.get(row["quote_id"], ()), key=lambda one: int(one["rank"]))
        coded[row["quote_id"]] = Coded(
            tuple(one["topic_id"] for one in ranked),
            tuple(one["method"] for one in ranked),
            row["illocution"],
            row["event_id"],
        )
    return coded


def count_topics(document: GoldDocument, by_basis: Mapping[str, Mapping[int, Coded]]) -> dict[str, float]:
    """Count right and wrong codes of a document.

    `by_basis` holds, for each basis, what was said of the gold quotes by their number; a gold quote without
    an answer is left out, one that was not found is left out too (finding quotes is measured elsewhere).
    """
    counts: dict[str, float] = {}

    def add(name: str, count: float = 1) -> None:
        counts[f"topics.{name}"] = counts.get(f"topics.{name}", 0) + count

    for basis, coded in by_basis.items():
        for number, quote in enumerate(document.quotes):
            if quote.topics is not None and number in coded:
                _count(basis, quote.topics, coded[number], add)
    return counts


def _count(basis: str, gold: TopicAnswer, found: Coded, add: "_Adder") -> None:
    primary = found.topics[0] if found.topics else NONE
    add(f"{basis}.n")
    add(f"{basis}.primary", primary == gold.primary)
    add(f"{basis}.confusion.topic_primary>{gold.primary}>{primary}")
    for topic in gold.topics | set(found.topics):
        wanted, given = topic in gold.topics, topic in found.topics
        for name, holds in (("both", wanted and given), ("wanted", wanted), ("given", given)):
            add(f"{basis}.{name}", holds)
            add(f"{basis}.topic.{topic}.{name}", holds)
    for topic, method in zip(found.topics, found.methods, strict=True):
        add(f"{basis}.method.{method}")
        add(f"{basis}.method.{method}.right", topic in gold.topics)
    if gold.illocution is not None:
        add(f"{basis}.acts")
        add(f"{basis}.acts.right", found.illocution == gold.illocution)
        add(f"{basis}.confusion.illocution>{gold.illocution}>{found.illocution}")
    if gold.event_id is not None:
        add(f"{basis}.events")
        add(f"{basis}.events.right", (found.event_id or "") == gold.event_id)


class _Adder(Protocol):
    def __call__(self, name: str, count: float = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a code of the gold was given as another."""

    basis: str
    what: str
    wanted: str
    found: str
    n: int


def confusions(counts: Counts) -> list[Confusion]:
    """Return the confusion tables of main topic and speech act, what is right included."""
    made = []
    for name, count in counts.items():
        if name.startswith("topics.") and ".confusion." in name:
            basis, _, pair = name.removeprefix("topics.").partition(".confusion.")
            what, wanted, found = pair.split(">")
            made.append(Confusion(basis, what, wanted, found, int(count)))
    return sorted(made, key=lambda one: (BASES.index(one.basis), one.what, one.wanted, -one.n, one.found))


def macro_f1(counts: Counts, basis: str) -> Figure:
    """Return the mean F1 of the topics that stand in the gold, each counting the same."""
    start = f"topics.{basis}.topic."
    topics = sorted({name.removeprefix(start).split(".")[0] for name in counts if name.startswith(start)})
    scores = []
    for topic in topics:
        both, wanted, given = (
            counts.get(f"{start}{topic}.{name}", 0) for name in ("both", "wanted", "given")
        )
        if wanted:
            scores.append(2 * both / (wanted + given))
    return Figure(sum(scores) / len(scores) if scores else None, len(scores), None)


def has_topics(counts: Counts) -> bool:
    """Tell whether any quote had a hand-coded topic."""
    return any(counts.get(f"topics.{basis}.n") for basis in BASES)


def agreement(coders: Sequence[Mapping[tuple[str, int], TopicAnswer]]) -> dict[str, tuple[float | None, int]]:
    """Return Krippendorff's alpha (2004; nominal) of main topic and speech act, with the quotes it is over.

    Only quotes that at least two coders coded count. None: there is nothing to compare, or no variation.
    """
    import krippendorff
    import numpy as np

    units = sorted({key for coder in coders for key in coder})
    units = [key for key in units if sum(key in coder for coder in coders) >= 2]
    found: dict[str, tuple[float | None, int]] = {}
    for what in ("topic_primary", "illocution"):
        codes = [[_code(coder[key], what) if key in coder else None for key in units] for coder in coders]
        names = sorted({code for row in codes for code in row if code is not None})
        if len(names) < 2:
            found[what] = (None, len(units))
            continue
        numbers = np.array(
            [[names.index(c) if c is not None else np.nan for c in row] for row in codes], float
        )
        alpha = krippendorff.alpha(reliability_data=numbers, level_of_measurement="nominal")
        found[what] = (float(alpha), len(units))
    return found


def _code(answer: TopicAnswer, what: str) -> str | None:
    return answer.primary if what == "topic_primary" else answer.illocution


def _measures_of(basis: str) -> list[Measure]:
    at = f"topics.{basis}"
    precision = share(f"topic_set_{basis}", "precision", ALL, f"{at}.both", f"{at}.given")
    recall = share(f"topic_set_{basis}", "recall", ALL, f"{at}.both", f"{at}.wanted")
    return [
        share(f"topic_primary_{basis}", "share", ALL, f"{at}.primary", f"{at}.n"),
        precision,
        recall,
        f1(f"topic_set_{basis}", ALL, precision, recall),
        Measure(f"topic_set_macro_{basis}", "f1", ALL, lambda counts: macro_f1(counts, basis)),
        *(
            share(
                f"topic_by_{method}_{basis}",
                "precision",
                ALL,
                f"{at}.method.{method}.right",
                f"{at}.method.{method}",
            )
            for method in METHODS
        ),
        share(f"illocution_{basis}", "share", ALL, f"{at}.acts.right", f"{at}.acts"),
        share(f"event_{basis}", "share", ALL, f"{at}.events.right", f"{at}.events"),
    ]


MEASURES: tuple[Measure, ...] = tuple(measure for basis in BASES for measure in _measures_of(basis))
