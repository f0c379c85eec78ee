"""Find the terms of the topic codebook in a text, with their offsets, in one pass over its words.

Words and phrases stand in a tree that is walked from every word of the text, so the cost grows with the
text and not with the codebook; only terms that are regular expressions are searched one by one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.document import Row
from pipeline.faults import Fault
from pipeline.topics.inflection import fold, inflections
from pipeline.topics.sentences import Sentences

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the codebook, ready to be matched."""

    term_id: str
    topic_id: str
    weight: float
    needs: re.Pattern[str] | None
    excluded: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found in the text. Offsets in code points."""

    term: Term
    char_start: int
    char_end: int


@dataclass(slots=True)
class _Node:
    # By what stands before the word ("" for the first, " ", ".", "&") and the word; an inflected word is
    # marked with "~", so that a phrase keeps to its exact form beside it.
    children: dict[tuple[str, str], "_Node"] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TermMatcher:
    """The compiled term codebook."""

    root: _Node
    bases: dict[str, tuple[str, ...]]
    regexes: tuple[tuple[re.Pattern[str], Term], ...]


def compile_terms(rows: Iterable[Row]) -> TermMatcher:
    """Compile the rows of topic_terms. Raises Fault for a pattern that cannot be used."""
    root = _Node()
    bases: dict[str, set[str]] = {}
    regexes: list[tuple[re.Pattern[str], Term]] = []
    for row in rows:
        term = Term(
            row["term_id"],
            row["topic_id"],
            row["weight"],
            _context(row["needs_context"]),
            _context(row["excluded_by"]),
        )
        if row["pattern_type"] == "regex":
            regexes.append((_regex(row), term))
        else:
            _plant(root, bases, row, term)
    return TermMatcher(root, {form: tuple(sorted(found)) for form, found in bases.items()}, tuple(regexes))


def find_terms(matcher: TermMatcher, text: str, start: int, end: int, sentences: Sentences) -> list[Hit]:
    """Return every term between two offsets whose context allows it, in text order."""
    hits = list(_find_phrases(matcher, text, start, end))
    for regex, term in matcher.regexes:
        hits += [
            Hit(term, m.start(), m.end()) for m in regex.finditer(text, start, end) if m.end() > m.start()
        ]
    # Per sentence and term, so that a term that comes back in a sentence costs one look.
    looked_up: dict[tuple[int, str], bool] = {}
    hits = [hit for hit in hits if _allowed(hit, text, sentences, looked_up)]
    return sorted(hits, key=lambda hit: (hit.char_start, hit.char_end, hit.term.term_id))


def longest_per_topic(hits: Iterable[Hit]) -> list[Hit]:
    """Drop hits that overlap a longer hit (or an earlier one as long) of the same topic; keep text order."""
    last: dict[str, Hit] = {}
    dropped: set[int] = set()
    ordered = sorted(hits, key=lambda hit: (hit.char_start, -hit.char_end, hit.term.term_id))
    for hit in ordered:
        rival = last.get(hit.term.topic_id)
        if rival is not None and hit.char_start < rival.char_end:
            if hit.char_end - hit.char_start <= rival.char_end - rival.char_start:
                dropped.add(id(hit))
                continue
            dropped.add(id(rival))
        last[hit.term.topic_id] = hit
    return [hit for hit in ordered if id(hit) not in dropped]


def _plant(root: _Node, bases: dict[str, set[str]], row: Row, term: Term) -> None:
    words = list(_words(row["pattern"], 0, len(row["pattern"])))
    if not words or any(gap is None for gap, _, _, _ in words[1:]):
        raise Fault(
            f"topic_terms.csv, term {row['term_id']}: {row['pattern']!r} cannot be matched word by word",
            "use words divided by spaces or hyphens, or the pattern type regex",
        )
    node = root
    for number, (gap, word, _, _) in enumerate(words):
        key = word
        if row["pattern_type"] == "inflected":
            key = "~" + word
            for form in inflections(word):
                bases.setdefault(form, set()).add(key)
        node = node.children.setdefault((gap or "" if number else "", key), _Node())
    node.terms.append(term)


def _find_phrases(matcher: TermMatcher, text: str, start: int, end: int) -> Iterable[Hit]:
    open_walks: list[tuple[_Node, int]] = []
    for gap, word, word_start, word_end in _words(text, start, end):
        keys = (word, *matcher.bases.get(word, ()))
        walks: list[tuple[_Node, int]] = []
        for key in keys:
            node = matcher.root.children.get(("", key))
            if node is not None:
                walks.append((node, word_start))
            if gap is not None:
                for walk, walk_start in open_walks:
                    node = walk.children.get((gap, key))
                    if node is not None:
                        walks.append((node, walk_start))
        for node, walk_start in walks:
            for term in node.terms:
                yield Hit(term, walk_start, word_end)
        open_walks = [walk for walk in walks if walk[0].children]


def _words(text: str, start: int, end: int) -> Iterable[tuple[str | None, str, int, int]]:
    """Give each word with the kind of gap before it; None: a gap that no term crosses."""
    before = start
    for word in _WORD.finditer(text, start, end):
        yield _gap(text, before, word.start()), fold(word.group()), word.start(), word.end()
        before = word.end()


def _gap(text: str, start: int, end: int) -> str | None:
    # A longer gap is never part of a term, and looking at it in full could cost time.
    if end - start > 4:
        return None
    gap = text[start:end].strip()
    if gap in ("", "-", "‐", "‑", "–", "'", "’"):
        return " "
    if gap == "." and end - start == 1:
        return "."
    return "&" if gap == "&" else None


def _context(words: str | None) -> re.Pattern[str] | None:
    """Compile context words: any case with a plural ending, but words in capitals ("US") as they stand."""
    if not words:
        return None
    parts = [part.strip() for part in words.split("|") if part.strip()]
    exact = [re.escape(part) for part in parts if part.isupper()]
    folded = [re.escape(part).replace(r"\ ", r"\s+") for part in parts if not part.isupper()]
    choices = exact + ([rf"(?i:(?:{'|'.join(folded)})(?:e?s)?)"] if folded else [])
    return re.compile(rf"(?<!\w)(?:{'|'.join(choices)})(?!\w)")


def _allowed(hit: Hit, text: str, sentences: Sentences, looked_up: dict[tuple[int, str], bool]) -> bool:
    term = hit.term
    if term.needs is None and term.excluded is None:
        return True
    start, end = sentences.around(hit.char_start)
    key = (start, term.term_id)
    if key not in looked_up:
        looked_up[key] = (term.needs is None or term.needs.search(text, start, end) is not None) and (
            term.excluded is None or term.excluded.search(text, start, end) is None
        )
    return looked_up[key]


def _regex(row: Row) -> re.Pattern[str]:
    try:
        return re.compile(row["pattern"])
    except re.error as error:
        raise Fault(
            f"topic_terms.csv, term {row['term_id']}: the regular expression {row['pattern']!r} has an error "
            f"({error})",
            "mend the pattern",
        ) from None
