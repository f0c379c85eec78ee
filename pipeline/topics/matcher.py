"""Find the terms of the topic codebook in a text, with their offsets, in one pass over its words.

Words and phrases stand in a tree that is walked from every word of the text, so the cost grows with the
text and not with the codebook; only terms that are regular expressions are searched one by one, those of
which the text holds a needed string.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from pipeline.document import Row
from pipeline.faults import Fault
from pipeline.topics.codebook_lines import place_of
from pipeline.topics.inflection import fold, inflections
from pipeline.topics.literals import literals_of
from pipeline.topics.sentences import Sentences

_WORD = re.compile(r"[^\W_]+")
# Words that make what follows, up to the end of the clause, a circumstance or a pretext of the matter.
_ASIDE = re.compile(
    r"\b(?:(?P<circumstance>despite|in spite of|notwithstanding|regardless of|amid|amidst|withstood|withstand"
    r"|against the back(?:drop|ground) of|in the (?:face|wake|context|aftermath) of)"
    r"|(?P<pretext>(?:under|on|with|in) (?:the )?(?:guise|pretext|banner|cover|cloak|excuse|name) of))\b"
    r"[^,;:.!?\n]{0,120}",
    re.IGNORECASE,
)
# In topics.csv: gives way to any other topic.
ANY = "*"
# What a circumstance or pretext keeps of its weight.
ASIDE_SHARE = 0.5
# What stands between the members of an enumeration ("in trade, oil and gas, and in finance").
_LISTED = re.compile(
    r"(?:\s*,)?\s*(?:(?:and|or|as well as|&)\s+)?(?:(?:in|on|of|the)\s+)?(?:\w+\s+)?", re.IGNORECASE
)
_FEWEST_LISTED = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the codebook, ready to be matched."""

    term_id: str
    topic_id: str
    weight: float
    needs: re.Pattern[str] | None
    excluded: re.Pattern[str] | None
    # What the codebook says of its topic: beside which others it is not coded (* for any), and whether it is
    # the occasion of speaking.
    gives_way_to: frozenset[str] = frozenset()
    is_occasion: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found in the text. Offsets in code points."""

    term: Term
    char_start: int
    char_end: int
    # What of the term's weight counts here; "circumstance" or "pretext" where it is not the matter itself.
    strength: float
    aside: str | None = None


@dataclass(slots=True)
class _Node:
    # By what stands before the word ("" for the first, " ", ".", "&") and the word; an inflected word is
    # marked with "~", so that a phrase keeps to its exact form beside it.
    children: dict[tuple[str, str], "_Node"] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A term that is a regular expression, with strings one of which each match holds."""

    regex: re.Pattern[str]
    literals: tuple[str, ...]
    term: Term

    def may_match(self, text: str) -> bool:
        return not self.literals or any(one in text for one in self.literals)


@dataclass(frozen=True, slots=True)
class TermMatcher:
    """The compiled term codebook. `starts`: by the folded word of a text, where terms that begin so go on."""

    starts: dict[str, tuple[_Node, ...]]
    bases: dict[str, tuple[str, ...]]
    patterns: tuple[_Pattern, ...]


def compile_terms(rows: Iterable[Row], topics: Iterable[Row], word_lists: Iterable[Row] = ()) -> TermMatcher:
    """Compile the rows of topic_terms, topics and word_lists. Raises Fault for a row that cannot be used."""
    lists = {row["list_id"]: row["words"] for row in word_lists}
    by_id = {topic["topic_id"]: topic for topic in topics}
    gives_way = {topic_id: _gives_way_to(topic, by_id) for topic_id, topic in by_id.items()}
    root = _Node()
    bases: dict[str, set[str]] = {}
    patterns: list[_Pattern] = []
    for row in rows:
        term = Term(
            row["term_id"],
            row["topic_id"],
            row["weight"],
            _context(_written_out(row, "needs_context", lists)),
            _context(_written_out(row, "excluded_by", lists)),
            gives_way[row["topic_id"]],
            by_id[row["topic_id"]]["is_occasion"],
        )
        if row["pattern_type"] == "regex":
            regex = _regex(row)
            patterns.append(_Pattern(regex, literals_of(regex), term))
        else:
            _plant(root, bases, row, term)
    sorted_bases = {form: tuple(sorted(found)) for form, found in bases.items()}
    return TermMatcher(_starts(root, sorted_bases), sorted_bases, tuple(patterns))


def _written_out(row: Row, column: str, lists: Mapping[str, str]) -> str | None:
    """Return context words with the words of each list in place of its name."""
    if "@" not in (row[column] or ""):
        return cast("str | None", row[column])
    written = []
    for part in row[column].split("|"):
        name = part.strip().removeprefix("@")
        if part.strip().startswith("@") and name not in lists:
            raise Fault(
                f"{place_of('topic_terms', 'term', row['term_id'])}: {column} names the list @{name}, which "
                "stands nowhere in word_lists.csv",
                "mend the name or add the list",
            )
        written.append(lists[name] if part.strip().startswith("@") else part)
    return "|".join(written)


def _gives_way_to(topic: Row, known: Mapping[str, Row]) -> frozenset[str]:
    named = frozenset(part.strip() for part in (topic["gives_way_to"] or "").split("|") if part.strip())
    for other in sorted(named - {ANY} - set(known)):
        raise Fault(
            f"{place_of('topics', 'topic', topic['topic_id'])}: it gives way to {other!r}, which is no topic",
            f"name topics of topics.csv divided by |, or {ANY} for any",
        )
    return named


def _starts(root: _Node, bases: dict[str, tuple[str, ...]]) -> dict[str, tuple[_Node, ...]]:
    forms = dict.fromkeys([word for _, word in root.children if not word.startswith("~")] + list(bases))
    nodes = {form: [root.children.get(("", key)) for key in (form, *bases.get(form, ()))] for form in forms}
    return {form: kept for form, found in nodes.items() if (kept := tuple(node for node in found if node))}


def find_patterns(matcher: TermMatcher, text: str) -> list[Hit]:
    """Return what the regular expressions match in a whole text, in text order.

    One search of the text for each of them costs a third of a search block by block.
    """
    hits = [
        Hit(pattern.term, m.start(), m.end(), pattern.term.weight)
        for pattern in matcher.patterns
        if pattern.may_match(text)
        for m in pattern.regex.finditer(text)
        if m.end() > m.start()
    ]
    return sorted(hits, key=lambda hit: hit.char_start)


def find_terms(
    matcher: TermMatcher, text: str, start: int, end: int, sentences: Sentences, patterns: Sequence[Hit]
) -> list[Hit]:
    """Return every term between two offsets whose context allows it, in text order.

    `patterns` is what `find_patterns` found in the text.
    """
    hits = list(_find_phrases(matcher, text, start, end))
    first = bisect_left(patterns, start, key=lambda hit: hit.char_start)
    for hit in patterns[first:]:
        if hit.char_start >= end:
            break
        if hit.char_end <= end:
            hits.append(hit)
    # Per sentence and term, so that a term that comes back in a sentence costs one look.
    looked_up: dict[tuple[int, str], bool] = {}
    hits = [hit for hit in hits if _allowed(hit, text, sentences, looked_up)]
    hits = sorted(hits, key=lambda hit: (hit.char_start, hit.char_end, hit.term.term_id))
    return _even_out_lists(_set_aside(hits, text, start, end), text)


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
            f"{place_of('topic_terms', 'term', row['term_id'])}: {row['pattern']!r} cannot be matched "
            "word by word",
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
    before = start
    for word in _WORD.finditer(text, start, end):
        word_start, word_end = word.span()
        folded = fold(word.group())
        walks = [(node, word_start) for node in matcher.starts.get(folded, ())]
        if open_walks:
            gap = _gap(text, before, word_start)
            if gap is not None:
                for key in (folded, *matcher.bases.get(folded, ())):
                    for walk, walk_start in open_walks:
                        node = walk.children.get((gap, key))
                        if node is not None:
                            walks.append((node, walk_start))
        for node, walk_start in walks:
            for term in node.terms:
                yield Hit(term, walk_start, word_end, term.weight)
        open_walks = [walk for walk in walks if walk[0].children]
        before = word_end


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


def _set_aside(hits: list[Hit], text: str, start: int, end: int) -> list[Hit]:
    """Mark and weaken what stands in a circumstance or a pretext."""
    if not hits:
        return hits
    asides = [(found.start(), found.end(), found.lastgroup) for found in _ASIDE.finditer(text, start, end)]
    for first, last, kind in asides:
        hits = [
            replace(hit, strength=hit.strength * ASIDE_SHARE, aside=kind)
            if first <= hit.char_start < last and hit.aside is None
            else hit
            for hit in hits
        ]
    return hits


def _even_out_lists(hits: list[Hit], text: str) -> list[Hit]:
    """Give the members of an enumeration the strength of its strongest: its order tells, not its words.

    A topic that an enumeration names twice counts once there.
    """
    if len(hits) < _FEWEST_LISTED:
        return hits
    evened: list[Hit] = []
    run: list[Hit] = []
    for hit in [*hits, None]:
        reach = max((one.char_end for one in run), default=0)
        if (
            hit is not None
            and run
            and (
                hit.char_start < reach
                or (hit.char_start - reach <= 40 and _LISTED.fullmatch(text, reach, hit.char_start))
            )
        ):
            run.append(hit)
            continue
        evened += _evened(run)
        run = [] if hit is None else [hit]
    return evened


def _evened(run: list[Hit]) -> list[Hit]:
    topics = dict.fromkeys(hit.term.topic_id for hit in run)
    if len(topics) < _FEWEST_LISTED:
        return run
    strongest = max(hit.strength for hit in run)
    kept: list[Hit] = []
    for topic in topics:
        first, *more = longest_per_topic(hit for hit in run if hit.term.topic_id == topic)
        kept.append(replace(first, strength=strongest))
        kept += [hit for hit in more if hit.char_start < first.char_end]
    return sorted(kept, key=lambda hit: (hit.char_start, hit.char_end, hit.term.term_id))


def _regex(row: Row) -> re.Pattern[str]:
    try:
        return re.compile(row["pattern"])
    except re.error as error:
        raise Fault(
            f"{place_of('topic_terms', 'term', row['term_id'])}: the regular expression "
            f"{row['pattern']!r} has an error ({error})",
            "mend the pattern",
        ) from None
