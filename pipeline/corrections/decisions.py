"""Decide what becomes of each correction of a raw file, before anything is changed.

All are compared with what the extractor gave, so that neither their order nor their number matters: one that
contradicts another is not applied, and neither is the other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.corrections.binding import LEAST_OVERLAP, Fit, find_best, share
from pipeline.corrections.page import Page, Quote, shown_spans
from pipeline.corrections.sheet import (
    Correction,
    NewQuote,
    Span,
    Unusable,
    day_of,
    read_new_quote,
    read_spans,
)
from pipeline.document import Row
from pipeline.quotes.authority import Speaker

# More corrections of one file are not applied: each is compared with the others and with every quote.
MOST_OF_A_FILE = 2_000
# What is set beside the others for a quote; of the rest, a quote is there or it is not.
CELLS = ("speaker", "boundary", "type", "topics", "cue", "illocution")


@dataclass
class Decision:
    """What becomes of a correction.

    `quote` is the key of the quote it is bound to; `value` the value to set, ready for use; `status` one of
    the table's. `applied` and `already_right` hold: their value is in the dataset in the end.
    """

    correction: Correction
    status: str = "applied"
    message: str | None = None
    article_id: str | None = None
    quote: str | None = None
    overlap: float | None = None
    found_value: str | None = None
    value: Any = None

    @property
    def holds(self) -> bool:
        """Tell whether the dataset says in the end what the correction says."""
        return self.status in ("applied", "already_right")

    def end(self, status: str, message: str | None) -> None:
        """Settle the status with its reason."""
        self.status, self.message = status, message


@dataclass(frozen=True)
class Missed:
    """A missed quote as it will be made."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    speakers: tuple[Speaker, ...]
    quote_type: str | None


@dataclass
class Decisions:
    """Every correction of a file with what becomes of it; the articles that they are about."""

    pages: Mapping[str, Page]
    articles: Mapping[str, Row]
    decisions: list[Decision] = field(default_factory=list)

    def holding(self, *whats: str) -> list[Decision]:
        """Return those of some kinds whose value is in the dataset in the end."""
        return [one for one in self.decisions if one.holds and one.correction.what in whats]


def decide(
    corrections: Sequence[Correction], pages: Mapping[str, Page], articles: Mapping[str, Row]
) -> Decisions:
    """Return what becomes of each correction of a file; `articles` are its articles by id."""
    made = Decisions(pages, articles, [Decision(one) for one in corrections])
    if len(corrections) > MOST_OF_A_FILE:
        for one in made.decisions:
            one.end("invalid", f"more than {MOST_OF_A_FILE:,} corrections of one file: none is applied")
        return made
    for one in made.decisions:
        if not pages:
            one.end("unbound", "no article could be made of this raw file: see the table sources")
        else:
            _check_place(one, next(iter(pages.values())).document.text)
    _bind(made, "not_a_quote")
    _decide_missed(made)
    _bind(made, "boundary")
    _bind(made, "speaker", "type", "topics", "cue", "illocution")
    _bind_dates(made)
    for one in made.decisions:
        if one.status == "applied" and one.correction.what in CELLS:
            _guarded(one, lambda one: _compare(made, one))
    _settle_conflicts(made)
    _settle_doubles(made)
    return made


def _check_place(one: Decision, text: str) -> None:
    end = one.correction.char_end
    if end is not None and end > len(text):
        one.end("invalid", f"char_end is {end}: the raw file has {len(text)} characters")


def _guarded(one: Decision, check: Callable[[Decision], None]) -> None:
    try:
        check(one)
    except Unusable as error:
        one.end("invalid", str(error))


def _waiting(made: Decisions, *whats: str) -> list[Decision]:
    return [one for one in made.decisions if one.status == "applied" and one.correction.what in whats]


def _places(made: Decisions, *, with_missed: bool) -> dict[str, list[tuple[Span, ...]]]:
    """Return the content of every quote: the extractor's, the corrected one, and that of missed quotes."""
    places = {
        key: [quote.offsets("content")] for page in made.pages.values() for key, quote in page.quotes.items()
    }
    if with_missed:
        for one in _waiting(made, "new_quote"):
            places[str(one.quote)] = [one.value.content]
        for one in _waiting(made, "boundary"):
            if one.quote in places:
                try:
                    places[one.quote].append(read_spans(one.correction.new_value, "new_value"))
                except Unusable:
                    continue
    return places


def _bind(made: Decisions, *whats: str) -> None:
    """Bind corrections to quotes; a false quote to one that the extractor gave."""
    waiting = _waiting(made, *whats)
    if not waiting:
        return
    places = _places(made, with_missed="not_a_quote" not in whats)
    article_of = {key: page.document.article_id for page in made.pages.values() for key in page.quotes}
    article_of |= {str(one.quote): str(one.article_id) for one in _waiting(made, "new_quote")}
    for one in waiting:
        fit = find_best(one.correction.span, _near(one.correction.span, places))
        one.article_id = _article_at(made.pages, one.correction.span[0])
        if fit is not None and fit.overlap >= LEAST_OVERLAP and not fit.is_tie:
            one.quote, one.overlap, one.article_id = fit.key, fit.overlap, article_of[fit.key]
            if one.correction.what == "not_a_quote":
                _check_words(made, one)
        elif fit is None and one.correction.what == "not_a_quote":
            one.end("already_right", "no quote stands there")
        else:
            one.end("unbound", _why_unbound(fit))


def _near(span: Span, places: Mapping[str, list[tuple[Span, ...]]]) -> dict[str, list[tuple[Span, ...]]]:
    return {
        key: contents
        for key, contents in places.items()
        if any(content[0][0] < span[1] and span[0] < content[-1][1] for content in contents)
    }


def _why_unbound(fit: Fit | None) -> str:
    if fit is None:
        return "no quote stands there: look whether it is missed now (what: new_quote)"
    if fit.overlap >= LEAST_OVERLAP:
        return "two quotes fit the offsets alike: write the offsets of one of them"
    return f"the quote there has too little in common ({fit.overlap:.2f}, {LEAST_OVERLAP} is needed)"


def _article_at(pages: Mapping[str, Page], offset: int) -> str | None:
    return next((article_id for article_id, page in pages.items() if page.holds(offset)), None)


def _quote(made: Decisions, one: Decision) -> Quote | None:
    """Return the quote of the extractor to which a correction is bound, None for a missed one."""
    return made.pages[str(one.article_id)].quotes.get(str(one.quote))


def _check_words(made: Decisions, one: Decision) -> None:
    """Check that the words of a false quote, where they are given, are those at its offsets."""
    quote = _quote(made, one)
    assert quote is not None
    one.found_value = str(quote.row["quote_text"])
    text = made.pages[quote.article_id].document.text
    start, end = one.correction.span
    old = _words(one.correction.old_value)
    if old and old not in (_words(text[start:end]), _words(one.found_value)):
        one.end("stale", "the words there are others than old_value: look at the quote again")


def _words(value: str) -> str:
    return " ".join(value.split())


def _decide_missed(made: Decisions) -> None:
    """Decide which missed quotes are added, which are there, and which contradict others."""
    for one in _waiting(made, "new_quote"):
        _guarded(one, lambda one: _read_missed(made, one))
    missed = _waiting(made, "new_quote")
    false_quotes = [
        one
        for one in made.decisions
        if one.correction.what == "not_a_quote" and one.quote is None and one.status != "invalid"
    ]
    clashes: dict[int, str] = {}
    for number, one in enumerate(missed):
        for other in missed[:number]:
            if _are_one_place(one.value.content, other.value.content) and one.value != other.value:
                clashes[id(one)] = clashes[id(other)] = "another missed quote at this place says other things"
        for false in false_quotes:
            if share([false.correction.span], one.value.content) >= LEAST_OVERLAP:
                clashes[id(one)] = clashes[id(false)] = "one says that a quote is missed, one that it is none"
    for one in made.decisions:
        if id(one) in clashes:
            one.end("conflict", clashes[id(one)] + ": keep one of them")
    gone = {one.quote for one in _waiting(made, "not_a_quote")}
    for one in _waiting(made, "new_quote"):
        _look_up_missed(made, one, gone)


def _are_one_place(one: Sequence[Span], other: Sequence[Span]) -> bool:
    near = one[0][0] < other[-1][1] and other[0][0] < one[-1][1]
    return near and share(one, other) >= LEAST_OVERLAP


def _read_missed(made: Decisions, one: Decision) -> None:
    told: NewQuote = read_new_quote(one.correction.new_value)
    page = made.pages.get(_article_at(made.pages, one.correction.span[0]) or "")
    if page is None:
        raise Unusable("its offsets stand in no article")
    one.article_id = page.document.article_id
    one.quote = f"new {one.correction.correction_id}"
    content = page.fitted(told.content or [one.correction.span])
    cue = page.fitted(told.cue) if told.cue else ()
    one.value = Missed(content, cue, page.speakers_named(told.speaker), told.quote_type or None)


def _look_up_missed(made: Decisions, one: Decision, gone: set[str | None]) -> None:
    """Find out whether a quote that stays has the place of a missed one."""
    page = made.pages[str(one.article_id)]
    fits = [
        (share(one.value.content, quote.offsets("content")), quote)
        for quote in page.quotes.values()
        if quote.key not in gone and _are_one_place(one.value.content, quote.offsets("content"))
    ]
    if not fits:
        # The extractor has no row to compare with; rows for the same words are one quote.
        twins = (o for o in _waiting(made, "new_quote") if o.value == one.value)
        one.quote = min(f"new {o.correction.correction_id}" for o in twins)
        return
    overlap, quote = max(fits, key=lambda fit: (fit[0], -fit[1].row["quote_no"]))
    one.quote, one.overlap = quote.key, round(overlap, 4)
    one.found_value = " | ".join(
        (quote.row["speaker_name"] or "", quote.row["quote_type"], shown_spans(quote.offsets("cue")))
    )
    told: Missed = one.value
    ids = tuple(speaker.speaker_id for speaker in told.speakers)
    differs = [
        name
        for name, is_other in (
            ("speaker", bool(ids) and ids != quote.speaker_ids),
            ("type", told.quote_type not in (None, quote.row["quote_type"])),
            ("cue", bool(told.cue) and share(told.cue, quote.offsets("cue")) == 0),
        )
        if is_other
    ]
    if differs:
        one.end("stale", f"the quote is found now, with another {' and '.join(differs)}: correct that")
    else:
        one.end("already_right", "the quote is found now")


def _bind_dates(made: Decisions) -> None:
    for one in _waiting(made, "article_date"):
        first = next(iter(made.pages))
        start = one.correction.char_start
        article_id = first if start is None else _article_at(made.pages, start)
        if article_id is None:
            one.end("unbound", "its offsets stand in no article")
            continue
        one.article_id = article_id
        found = made.articles[article_id]["published_date"]
        one.value = day_of(one.correction.new_value)
        one.found_value = found.isoformat() if found else None
        _judge(one, found == one.value, found == day_of(one.correction.old_value))


def _judge(one: Decision, is_new: bool, is_old: bool) -> None:
    if is_new:
        one.end("already_right", "the dataset says so by itself: the correction can be taken out")
    elif not is_old:
        shown = one.found_value[:200] if one.found_value else "nothing"
        one.end("stale", f"the dataset says {shown}, not old_value: look at it again")


def _compare(made: Decisions, one: Decision) -> None:
    """Compare a cell with the old and the new value. Raises Unusable for a value that cannot be set."""
    page = made.pages[str(one.article_id)]
    quote = _quote(made, one)
    what, old, new = one.correction.what, one.correction.old_value, one.correction.new_value
    if what == "boundary":
        one.value = page.fitted(read_spans(new, "new_value"))
    elif what == "speaker":
        one.value = page.speakers_named(new)
    elif what == "topics":
        one.value = _topics(new)
        for topic in one.value:
            if topic not in page.tools.topics:
                raise Unusable(f"topic {topic[:60]!r} stands nowhere in topics.csv")
    elif what == "cue":
        one.value = page.fitted(read_spans(new, "new_value")) if new else ()
    else:
        one.value = new
    if quote is None:
        # A missed quote that a correction adds: it is what that says, and this corrects it further.
        one.message = "it corrects a quote that another correction adds"
        return
    one.found_value = value_of(what, quote)
    if what == "speaker":
        ids = tuple(speaker.speaker_id for speaker in one.value)
        _judge(one, ids == quote.speaker_ids, _names_speakers(page, old, quote))
    elif what == "topics":
        found = _topics(one.found_value or "")
        _judge(one, _same_topics(one.value, found), _same_topics(_topics(old), found))
    elif what == "boundary":
        content = quote.offsets("content")
        _judge(one, one.value == content, _stand_at(page, old or shown_spans([one.correction.span]), content))
    elif what == "cue":
        cue = quote.offsets("cue")
        is_old = _words(old) == _words(quote.row["cue"] or "") or _stand_at(page, old, cue)
        _judge(one, one.value == cue, is_old)
    else:
        _judge(one, new == one.found_value, old == (one.found_value or ""))


def value_of(what: str, quote: Quote) -> str | None:
    """Return what a quote says of what is corrected, as corrections.csv has it."""
    if what == "boundary":
        return shown_spans(quote.offsets("content"))
    if what == "speaker":
        return "; ".join(quote.speaker_ids) or None
    column = {"type": "quote_type", "topics": "topics", "cue": "cue", "illocution": "illocution"}[what]
    found: str | None = quote.row[column]
    return found


def _names_speakers(page: Page, old: str, quote: Quote) -> bool:
    """Tell whether the old value names the speakers of a quote: by id, or by name as the table has it."""
    if _words(old) in ("; ".join(quote.speaker_ids), _words(quote.row["speaker_name"] or "")):
        return True
    try:
        return tuple(one.speaker_id for one in page.speakers_named(old)) == quote.speaker_ids
    except Unusable:
        return False


def _topics(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(topic.strip() for topic in value.split(";") if topic.strip()))


def _same_topics(one: Sequence[str], other: Sequence[str]) -> bool:
    """The first is the main one; the order of the others says nothing."""
    return tuple(one[:1]) == tuple(other[:1]) and set(one) == set(other)


def _stand_at(page: Page, old: str, found: tuple[Span, ...]) -> bool:
    """Tell whether the old value is these offsets."""
    try:
        spans = read_spans(old, "old_value")
        return spans == found or page.fitted(spans) == found
    except Unusable:
        return False


def _settle_conflicts(made: Decisions) -> None:
    """Let none of those hold that say different things of one cell, or of a quote that is said to be none."""
    cells: dict[tuple[str, str], list[Decision]] = {}
    of_quote: dict[str, list[Decision]] = {}
    for one in made.decisions:
        what = one.correction.what
        if not one.holds:
            continue
        if what == "article_date":
            cells.setdefault((str(one.article_id), what), []).append(one)
        elif what in CELLS:
            cells.setdefault((str(one.quote), what), []).append(one)
        if one.quote is not None:
            of_quote.setdefault(one.quote, []).append(one)
    clashing: list[Decision] = []
    for together in cells.values():
        if len({_comparable(one) for one in together}) > 1:
            clashing += together
    for together in of_quote.values():
        if len({one.correction.what == "not_a_quote" for one in together}) > 1:
            clashing += together
    for one in clashing:
        one.end("conflict", "another correction of the same says something else: keep one of them")


def _comparable(one: Decision) -> object:
    if one.correction.what == "speaker":
        return tuple(speaker.speaker_id for speaker in one.value)
    return (one.value[:1], frozenset(one.value)) if one.correction.what == "topics" else one.value


def _settle_doubles(made: Decisions) -> None:
    """Let no correction hold that would give two quotes of an article the same words."""
    while True:
        contents: dict[tuple[str, tuple[Span, ...]], list[str]] = {}
        gone = {one.quote for one in made.holding("not_a_quote")}
        corrected = {one.quote: one.value for one in made.holding("boundary")}
        for page in made.pages.values():
            for key, quote in page.quotes.items():
                if key not in gone:
                    content = corrected.get(key, quote.offsets("content"))
                    contents.setdefault((quote.article_id, content), []).append(key)
        for key, one in missed_quotes(made).items():
            content = corrected.get(key, one.value.content)
            contents.setdefault((str(one.article_id), content), []).append(key)
        doubled = {key for keys in contents.values() if len(keys) > 1 for key in keys}
        wrong = [one for one in made.holding("boundary", "new_quote") if one.quote in doubled]
        wrong = [one for one in wrong if one.status == "applied"]
        if not wrong:
            return
        for one in wrong:
            one.end("conflict", "another quote would have the same words: take one of them out")
        added = missed_quotes(made)
        for one in made.decisions:
            if one.holds and str(one.quote).startswith("new ") and one.quote not in added:
                one.end("unbound", "the quote that another correction would add is not added")


def missed_quotes(made: Decisions) -> dict[str, Decision]:
    """Return the missed quotes that are added, each once, by key."""
    found: dict[str, Decision] = {}
    for one in made.holding("new_quote"):
        if one.status == "applied":
            found.setdefault(str(one.quote), one)
    return found


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Return decisions in an order that is not that of the file."""
    return sorted(decisions, key=lambda one: one.correction.correction_id)
