"""Contents of reports: which words around a cue and its subject tell what was said."""

from collections.abc import Sequence

from pipeline.quotes import grammar
from pipeline.quotes.reports import Report, governs
from pipeline.quotes.sentences import Word
from pipeline.quotes.word_sets import word_set

_SHORTEST_CONTENT = 2

# Contents that say nothing: *said nothing*, *said so*.
_EMPTY_WORDS = word_set(
    """
    nothing little so no more much it this that them him her otherwise recently anything
    """
)

_IRREGULAR_PASTS = word_set(
    """
    gave made took held met put went set led brought kept saw won lost sent left grew
    """
)

_DEEPEST = 3


def _ends_or_pauses(words: Sequence[Word], at: int, end: int) -> bool:
    at = _skip_adjuncts(words, at, end)
    return at >= end or words[at].text in (",", ":", ";", "—") or words[at].is_quoted


def mark_nested(words: Sequence[Word], end: int, reports: Sequence[Report]) -> None:
    """Tell the reports that stand inside what another one governs from those that end it."""
    open_before = False
    for report in reports:
        if report.pattern == "lead":
            at = report.begin - 1
            while at >= 0 and grammar.is_adverb(words[at].lower):
                at -= 1
            previous = words[at] if at >= 0 else None
            starts = previous is None or previous.text in (";", "—", "--") or previous.is_quoted
            if previous is not None and previous.text == ",":
                # Inside a clause that is still open, `, he proposed N` belongs to the clause.
                starts = not open_before or _ends_or_pauses(words, report.cue.last, end)
                report.begin = at if starts else report.begin
            elif previous is not None and previous.lower in (
                "and",
                "but",
                "while",
                "as",
                "though",
                "although",
                "which",
            ):
                conjunction = at
                if conjunction > 0 and words[conjunction - 1].text == ",":
                    report.begin = conjunction - 1
                    starts = True
                elif previous.lower in ("but", "while"):
                    report.begin = conjunction
                    starts = True
            report.is_nested = open_before and not starts
        if report.subject is not None and words[report.subject[0]].lower in ("i", "we"):
            # What *I* praise or pledge inside a speech is done by saying it, not reported.
            report.is_mention = report.is_mention or "clause" not in report.cue.entry.frames
        if report.pattern in ("lead", "conjoined", "participle") and not report.is_nested:
            open_before = "clause" in report.cue.entry.frames and not _ends_or_pauses(
                words, report.cue.last, end
            )


def find_contents(words: Sequence[Word], end: int, reports: list[Report]) -> None:
    """Give each report its content spans, from what stands around it and where the next report begins."""
    depth = left_limit = 0
    last: Report | None = None
    for position, report in enumerate(reports):
        if last is not None and not last.is_nested:
            left_limit = max(left_limit, _closed_at(last))
        previous, last = last, report
        if report.is_mention:
            continue
        limit = end
        for later in reports[position + 1 :]:
            if not later.is_nested and later.begin > report.cue.last - 1:
                limit = later.begin
                break
        if report.is_nested:
            depth += 1
            if depth >= _DEEPEST:
                continue
        if report.pattern == "after":
            _content_of_after(words, end, report)
        elif report.pattern == "inverted":
            _content_of_inverted(words, limit, left_limit, report)
        elif report.pattern == "lead":
            _content_of_lead(words, limit, left_limit, report, previous)
        else:
            _content_of_participle(words, limit, report)


def _closed_at(report: Report) -> int:
    """Return the place up to which an earlier report has used the sentence, when it trails its content."""
    if report.trails and report.subject is not None:
        return max(report.cue.last, report.subject[1], *(stop for _, stop in report.contents or [(0, 0)]))
    if report.pattern == "front" and report.contents:
        return report.contents[-1][1]
    return 0


def _content_of_after(words: Sequence[Word], end: int, report: Report) -> None:
    assert report.subject is not None
    stop = report.subject[1]
    right = stop + 1 if stop < end and words[stop].text == "," else stop
    left = _trim_left(words, 0, report.begin)
    if report.cue.first <= 1 and right < end:
        _add(words, report, right, end)
        return
    if report.begin - left >= _SHORTEST_CONTENT:
        _add(words, report, left, report.begin)
    report.trails = True


def _content_of_inverted(words: Sequence[Word], limit: int, left_limit: int, report: Report) -> None:
    assert report.subject is not None
    left = _trim_left(words, left_limit, report.begin)
    if report.begin > left:
        _add(words, report, left, report.begin)
    right = report.subject[1]
    _add_right_part(words, report, _skip_adjuncts(words, right, limit), limit)


def _content_of_lead(
    words: Sequence[Word], limit: int, left_limit: int, report: Report, last: Report | None
) -> None:
    assert report.subject is not None
    frames = report.cue.entry.frames
    first = _trim_left(words, left_limit, report.subject[0])
    before = report.subject[0]
    has_left = False
    start = _content_start(words, limit, report)
    if not report.is_nested and "clause" in frames and before - first >= 1:
        at = before - 1
        previous = words[at]
        closes = previous.text in (",", "—", "–", "--", "?", "!") or (
            previous.is_quoted and not previous.is_word
        )
        is_bare = (start is None or start >= limit) and before - first > 4
        has_left = closes and (is_bare or not _is_framing(words, first, before))
    if (
        has_left
        and last is not None
        and last.pattern == "participle"
        and last.contents
        and last.subject is not None
        and (start is None or start >= limit)
        and shown_words(words, last.subject) == shown_words(words, report.subject)
    ):
        # Left without content: the cue is joined to the report before it.
        return
    if has_left:
        report.trails = True
        stop = before
        while (
            stop > first and words[stop - 1].text in (",", "—", "–", "--") and not words[stop - 1].is_quoted
        ):
            stop -= 1
        rest = report.cue.last
        is_whole = start is None or start >= limit
        after_comma = start is not None and words[start - 1].text in (",", "—", "--", ":")
        if start is not None and start < limit and not is_whole and not after_comma and start < limit:
            # `If it rains, X said they will leave`: what follows the verb is the content.
            if not words[first].is_quoted:
                report.trails = False
                if words[first].lower in (
                    "as",
                    "if",
                    "given",
                    "when",
                    "because",
                    "since",
                    "although",
                    "though",
                ):
                    _add(words, report, first, stop)
                _add(words, report, start, limit)
                return
            _add(words, report, first, stop)
            _add(words, report, start, limit)
            return
        _add(words, report, first, stop)
        if not is_whole:
            _add_right_part(words, report, rest, limit)
        return
    if start is not None and start < limit:
        _add(words, report, start, _end_of_quotation(words, start, limit))


def _end_of_quotation(words: Sequence[Word], start: int, limit: int) -> int:
    """Return where content that opens with a quotation ends: at the mark, when a stop or comma closes it."""
    if not words[start].is_quoted:
        return limit
    stop = start
    while stop < limit and words[stop].is_quoted:
        stop += 1
    if stop == limit or stop - start < 3 or any(word.is_quoted for word in words[stop:limit]):
        return limit
    inner = words[stop - 1] if words[stop - 1].is_word else words[stop - 2]
    return stop if inner.text in (",", ".", "?", "!") else limit


def _content_of_participle(words: Sequence[Word], limit: int, report: Report) -> None:
    assert report.subject is not None
    if report.pattern == "front":
        comma = report.subject[0] - 1
        start = _content_start(words, comma, report)
        if start is not None and start < comma:
            _add(words, report, start, comma)
        return
    start = _content_start(words, limit, report)
    if start is not None and start < limit:
        _add(words, report, start, limit)


def _content_start(words: Sequence[Word], limit: int, report: Report) -> int | None:
    """Return where the content after the cue begins, behind addressee, occasion and `that`."""
    i = report.cue.last
    frames = report.cue.entry.frames
    if i >= limit:
        return None
    if words[i].is_quoted:
        return i
    if words[i].text == ":":
        return i + 1
    if "clause" in frames:
        if words[i].lower == "that":
            return i + 1
        ahead = _that_ahead(words, i, limit)
        if ahead is not None:
            return ahead
        if "addressee" in frames or words[i].lower == "to":
            recipient = _skip_recipient(words, i, limit, report)
            if recipient is not None:
                i = recipient
        i = _skip_adjuncts(words, i, limit)
        if i < limit and words[i].lower == "that":
            return i + 1
        if i < limit and words[i].text in (":", ","):
            return i + 1
        if i >= limit:
            return None
        if words[i].is_quoted:
            return i
        lower = words[i].lower
        if lower == "to" and "infinitive" in frames:
            return i
        number_follows = i + 1 < limit and words[i + 1].text[0].isdigit()
        if (lower in ("about", "of", "at") and number_follows) or words[i].text[0].isdigit():
            return i
        if lower in ("of", "about", "by", "to", "against", "at", "with") or (
            lower in ("in", "on", "during", "for", "as", "when", "after", "before", "while")
            and not _has_clause(words, i, limit)
        ):
            quote = next((j for j in range(i, limit) if words[j].is_quoted), None)
            return quote if quote is not None and quote - i < 12 else None
        return i
    if not governs(words, limit, report.cue):
        return None
    return i


def _has_clause(words: Sequence[Word], i: int, limit: int) -> bool:
    return any(
        words[j].lower in grammar.AUXILIARIES or words[j].text == "," for j in range(i, min(limit, i + 25))
    )


def _that_ahead(words: Sequence[Word], i: int, limit: int) -> int | None:
    """Return the place after `that` when only addressee and occasion stand before it."""
    if words[i].text == ",":
        return None
    for j in range(i, min(i + 18, limit)):
        word = words[j]
        if word.lower == "that":
            return j + 1
        if word.is_quoted or not (word.is_word or word.text == ","):
            return None
        if (
            grammar.is_verb_form(word.lower)
            or word.lower in grammar.AUXILIARIES
            or word.lower in ("he", "she", "they", "it", "we", "i", "there")
        ):
            return None
    return None


def _skip_recipient(words: Sequence[Word], i: int, limit: int, report: Report) -> int | None:
    """Return the place after the person spoken to, or None when there is none."""
    if words[i].lower == "to":
        i += 1
    start = i
    if i < limit and words[i].lower in ("him", "her", "them", "me", "us", "you", "it"):
        return i + 1
    if i < limit and words[i].lower in grammar.DETERMINERS:
        i += 1
    while i < limit and words[i].is_word and not words[i].is_quoted and i - start < 10:
        word = words[i]
        lower = word.lower
        if lower in grammar.TIME_WORDS or lower in grammar.SUBORDINATORS or lower in grammar.AUXILIARIES:
            break
        if lower in grammar.SUBJECT_PRONOUNS or (i > start and lower in grammar.DETERMINERS):
            break
        if lower in grammar.PREPOSITIONS and lower not in ("of",):
            break
        if lower == "to":
            break
        if i > start and not grammar.is_capital(word) and grammar.is_capital(words[i - 1]):
            break
        if (
            i > start
            and grammar.is_capital(word)
            and not grammar.is_capital(words[i - 1])
            and words[i - 1].lower.endswith("s")
        ):
            break
        i += 1
    if report.cue.entry.lemma in ("tell", "inform", "assure", "remind", "reassure", "notify"):
        return i if i > start else None
    # With other verbs the phrase may open the content itself (X promised the moon).
    if i < limit and (words[i].lower in grammar.SUBJECT_PRONOUNS or words[i].text == ","):
        return i
    return None


def _skip_adjuncts(words: Sequence[Word], i: int, limit: int) -> int:
    """Return the place after words of time and occasion (`on Monday`, `in a statement`)."""
    start = i
    while i < limit and i - start < 24:
        lower = words[i].lower
        if words[i].is_quoted:
            return i
        if lower in grammar.WEEKDAYS:
            i += 1
            while i < limit and words[i].lower in ("morning", "afternoon", "evening", "night"):
                i += 1
            continue
        following = words[i + 1].lower if i + 1 < limit else ""
        if lower in ("on", "late", "early", "last", "this", "earlier", "in", "since") and (
            following in grammar.WEEKDAYS
            or following in grammar.MONTHS
            or following in ("week", "month", "year", "night")
        ):
            i += 2
            while i < limit and words[i].text[:2].strip(".").isdigit():
                i += 1
            continue
        if lower in ("in", "at", "during", "on", "via", "through", "after") and i + 1 < limit:
            place = next(
                (
                    j
                    for j in range(i + 1, min(i + 8, limit))
                    if words[j].lower in grammar.OCCASIONS and not words[j].is_quoted
                ),
                None,
            )
            crossed = place is not None and any(
                not words[j].is_word or words[j].lower in grammar.AUXILIARIES for j in range(i + 1, place)
            )
            if place is not None and not crossed:
                i = place + 1
                while i < limit and words[i].lower in grammar.OCCASIONS:
                    i += 1
                if i + 1 < limit and words[i].lower in ("with", "to", "from", "in", "at"):
                    stop = i + 1
                    while stop < limit and (
                        grammar.is_capital(words[stop]) or words[stop].lower in ("the", "a", "'s")
                    ):
                        stop += 1
                    i = stop if stop > i + 1 else i
                continue
        break
    return i


def _add_right_part(words: Sequence[Word], report: Report, start: int, limit: int) -> None:
    """Add what follows an interrupting `X said`, when it goes on with the content."""
    start = _skip_adjuncts(words, start, limit)
    if start < limit and words[start].text in (",", ":", "—", "–", "--"):
        start += 1
    if start >= limit:
        return
    word = words[start]
    if word.is_quoted:
        stop = start
        while stop < limit and words[stop].is_quoted:
            stop += 1
        _add(words, report, start, limit if stop == limit else stop)
        return
    previous = words[start - 1]
    if previous.text not in (",", "—", "–", "--", ":"):
        return
    quoted_left = any(words[j].is_quoted for first, last in report.contents for j in (first, last - 1))
    lower = word.lower
    goes_on = start == report.cue.last + 1 and lower in ("and", "because", "but")
    if quoted_left or lower.endswith("ing"):
        return
    if not goes_on and (lower in grammar.SUBORDINATORS or lower in grammar.CONJUNCTIONS):
        return
    _add(words, report, start, limit)


def _is_framing(words: Sequence[Word], first: int, before: int) -> bool:
    """Say whether the words before the subject only set time, place or occasion."""
    if words[first].is_quoted:
        return False
    lower = words[first].lower
    if any(words[j].is_quoted for j in range(first, before)):
        return False
    if lower in (
        "speaking",
        "asked",
        "meanwhile",
        "however",
        "also",
        "separately",
        "still",
        "but",
        "and",
        "instead",
        "addressing",
    ):
        return True
    if lower.endswith("ing") and grammar.is_capital(words[first]):
        return not any(words[j].lower in grammar.AUXILIARIES for j in range(first, before))
    if lower.endswith("ly"):
        return before - first <= 3
    if lower in grammar.PREPOSITIONS or lower in ("when", "while", "as", "earlier", "later"):
        return not _has_main_clause(words, first, before)
    return lower in grammar.TIME_WORDS and before - first <= 5


def _has_main_clause(words: Sequence[Word], first: int, before: int) -> bool:
    """Say whether a main clause follows the fronted phrase: an auxiliary or finite verb after its comma."""
    commas = [j for j in range(first, before - 1) if words[j].text == "," and not words[j].is_quoted]
    return any(
        words[j].lower in grammar.AUXILIARIES or grammar.is_verb_form(words[j].lower)
        for comma in commas[:1]
        for j in range(comma, before)
    )


def _trim_left(words: Sequence[Word], first: int, before: int) -> int:
    while first < before and (
        words[first].text in (",", "—", "–", "--", "-", ";", ":", "•", ")", "]", ".")
        and not words[first].is_quoted
    ):
        first += 1
    return first


def _add(words: Sequence[Word], report: Report, first: int, last: int) -> None:
    """Add the words as a content span, without loose punctuation at its edges."""
    first = _trim_left(words, first, last)
    while (
        last > first
        and words[last - 1].text in (",", ";", ":", "—", "–", "--", "-", ".", "…")
        and not words[last - 1].is_quoted
    ):
        last -= 1
    frames = report.cue.entry.frames
    if (
        "object" in frames
        and words[first - 1].lower not in ("that", ",")
        and not any(word.lower in grammar.AUXILIARIES for word in words[first : min(last, first + 8)])
    ):
        last = _end_of_object(words, first, last)
    while last > first and words[last - 1].lower in ("and", "but", "while"):
        last -= 1
        while last > first and words[last - 1].text == ",":
            last -= 1
    if all(words[j].lower in _EMPTY_WORDS for j in range(first, last) if words[j].is_word):
        return
    if any(words[j].is_word for j in range(first, last)):
        report.contents.append((first, last))


def _end_of_object(words: Sequence[Word], first: int, last: int) -> int:
    """Return where the object of a reporting verb ends: before a further verb of the same subject."""
    for i in range(first + 1, last - 1):
        if words[i].is_quoted or not (words[i].text == "," or words[i].lower == "and"):
            continue
        following = i + 1
        while following < last - 1 and (
            grammar.is_adverb(words[following].lower) or words[following].lower in ("and", "but")
        ):
            following += 1
        lower = words[following].lower
        is_verb = lower in _IRREGULAR_PASTS or (grammar.is_verb_form(lower) and words[i].text == ",")
        if is_verb and not words[following].is_quoted:
            return i
    return last


def shown_words(words: Sequence[Word], subject: tuple[int, int]) -> str:
    """Return the words of a subject in lower case, to compare two."""
    return " ".join(words[j].lower for j in range(*subject))
