"""The part of the quality page on topics, speech acts and events."""

from collections.abc import Sequence

from pipeline.evaluate.evaluation import Measured, Part, Result
from pipeline.evaluate.topics import BASES, METHODS, Confusion, confusions, has_topics

_BASIS = {
    "gold_quotes": "quotes as marked by hand",
    "gold_quotes_unseen": "… without terms seen in a gold text",
    "whole_path": "found quotes that match",
    "whole_path_unseen": "… without terms seen in a gold text",
}
_ROWS = (
    ("main topic", "topic_primary", "share"),
    ("topic set, micro F1", "topic_set", "f1"),
    ("topic set, precision", "topic_set", "precision"),
    ("topic set, recall", "topic_set", "recall"),
    ("topic set, macro F1", "topic_set_macro", "f1"),
    *((f"by {method}, right", f"topic_by_{method}", "precision") for method in METHODS),
    ("speech act", "illocution", "share"),
    ("event", "event", "share"),
)


def topic_section(result: Result) -> list[str]:
    """Return the lines on topics; none where no quote of the gold has topics."""
    part = result.parts[0]
    if not has_topics(part.counts):
        return []
    lines = ["Topics, speech acts and events (%):", ""]
    rows = []
    for label, name, statistic in _ROWS:
        found = [part.of(f"{name}_{basis}", statistic) for basis in BASES]
        if any(one.figure.n for one in found):
            rows.append((label, *(_cell(one) for one in found)))
        elif name == "event":
            rows.append((label, *("no gold" for _ in found)))
    lines += _table(("", *_BASIS.values()), rows)
    for what, (alpha, n) in result.agreement.items():
        told = "–" if alpha is None else f"{alpha:.3f}"
        lines += [f"Agreement of the coders on {what} (Krippendorff's alpha, {n:,} quotes): {told}.", ""]
    return [*lines, *_confusion_table(part)]


def _confusion_table(part: Part) -> list[str]:
    wrong: list[Confusion] = [
        one for one in confusions(part.counts) if one.basis == "gold_quotes" and one.wanted != one.found
    ]
    if not wrong:
        return []
    head = ("code", "wanted", "found", "quotes")
    rows = [(one.what, one.wanted, one.found, f"{one.n:,}") for one in wrong]
    return ["Coded as another, on quotes as marked by hand:", "", *_table(head, rows)]


def _cell(one: Measured) -> str:
    if one.figure.value is None:
        return "–"
    shown = f"{100 * one.figure.value:.1f}"
    if one.interval:
        return f"{shown} ({100 * one.interval[0]:.1f} to {100 * one.interval[1]:.1f})"
    return shown if one.figure.n_right is None else f"{shown} ({one.figure.n_right:,} of {one.figure.n:,})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]
