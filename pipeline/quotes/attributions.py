"""Attributions in one sentence: rules from cue, subject and clause to content, cue and source spans.

The rules follow the patterns of reported speech that Krestel, Bergler and Witte (2008) describe (reported
clause before, after or around the reporting verb), extended by the object, infinitive and addressee verbs
of official language. A trained tagger can take the place of `find_attributions`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.quotes import grammar
from pipeline.quotes.cues import Cue, CueEntry, CueLexicon
from pipeline.quotes.sentences import Sentence, Word
from pipeline.quotes.word_sets import word_set

_SHORTEST_CONTENT = 2
# Verbs whose present forms are nouns as well: *member states*, *the report*.
_ALSO_NOUNS = word_set(
    """
    state claim comment report note call challenge charge question order estimate project request
    answer reply demand offer promise pledge post stress voice attack object protest praise label
    remark welcome address blame slam dispute fault rule read highlight forecast warrant appeal
    command
    """
)
# Contents that say nothing: *said nothing*, *said so*.
_EMPTY_WORDS = word_set(
    """
    nothing little so no more much it this that them him her otherwise recently anything
    """
)
_DOCUMENTS = word_set(
    """
    data figures records documents reports estimates transcript profile website tally analysis
    research findings numbers poll polls survey surveys results statistics excerpts sources accounts
    media
    """
)
_IRREGULAR_PASTS = word_set(
    """
    gave made took held met put went set led brought kept saw won lost sent left grew
    """
)
_DEEPEST = 3


class Span(NamedTuple):
    """A stretch of text. Offsets in code points of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who speaks, by which words, what is said.

    `continued` are the stretches of `content` that have no cue of their own. `is_display` marks words that
    the page itself attributes (pull quote, speaker label, name below).
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source_mention: Span | None
    cue_entry: CueEntry | None
    is_display: bool = False
    is_inherited: bool = False
    continued: tuple[Span, ...] = ()
    # Title printed beside a displayed name.
    display_title: str | None = None


@dataclass(slots=True)
class _Report:
    """A cue with its subject, on the way to an attribution. Places are indices of words."""

    cue: Cue
    # lead (X said S), inverted (said X), after (according to X), front (Praising N, …), participle
    # (…, adding that S), conjoined (… and pledged to V)
    pattern: str
    subject: tuple[int, int] | None
    begin: int
    contents: list[tuple[int, int]] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    is_mention: bool = False
    is_nested: bool = False
    trails: bool = False


def find_attributions(sentence: Sentence, words: Sequence[Word], lexicon: CueLexicon) -> list[Attribution]:
    """Return the attributions that the sentence itself makes, in the order of their cues."""
    end = len(words)
    while end and words[end - 1].text in (".", "!", "?", "…", ";") and not words[end - 1].is_quoted:
        end -= 1
    reports = _find_reports(words, end, lexicon)
    if not reports:
        return []
    _mark_nested(words, end, reports)
    _find_contents(words, end, reports)
    merged = _merge_repeated(words, reports)
    return [_to_attribution(words, report) for report in merged if report.contents and not report.is_mention]


def _find_reports(words: Sequence[Word], end: int, lexicon: CueLexicon) -> list[_Report]:
    reports: list[_Report] = []
    i = 0
    while i < end:
        cue = None if words[i].is_quoted else lexicon.match(words, i)
        if cue is None or cue.last > end:
            i += 1
            continue
        report = _classify(words, end, cue, reports)
        if report is not None:
            report.cues = [cue]
            report.is_mention = "mention" in cue.entry.frames
            reports.append(report)
            i = max(cue.last, report.subject[1] if report.pattern == "inverted" and report.subject else 0)
        else:
            i += 1
    return reports


def _classify(words: Sequence[Word], end: int, cue: Cue, earlier: Sequence[_Report]) -> _Report | None:
    if cue.form == "fixed":
        return _after(words, end, cue)
    if cue.form == "ing":
        return _participle(words, end, cue, earlier)
    return _finite(words, end, cue, earlier)


def _after(words: Sequence[Word], end: int, cue: Cue) -> _Report | None:
    stop = grammar.phrase_after(words, cue.last, end, one_apposition=cue.first <= 1)
    if stop == cue.last:
        return None
    while words[stop - 1].text in (",", "."):
        stop -= 1
    subject = (cue.last, stop)
    is_named = any(grammar.is_capital(word) for word in words[cue.last : stop])
    head = words[grammar.head_of_phrase(words, cue.last, stop)].lower
    if not (grammar.can_speak(words, *subject) or is_named or head in _DOCUMENTS):
        return None
    begin = cue.first
    if begin and words[begin - 1].text in (",", "—", "--"):
        begin -= 1
    return _Report(cue, "after", subject, begin)


def _participle(words: Sequence[Word], end: int, cue: Cue, earlier: Sequence[_Report]) -> _Report | None:
    before = cue.first
    while before > 0 and grammar.is_adverb(words[before - 1].lower):
        before -= 1
    previous = words[before - 1] if before else None
    if previous is not None and previous.lower in grammar.BE_FORMS:
        return _finite(words, end, cue, earlier)
    if not _governs(words, end, cue):
        return None
    starts = previous is None or previous.text in ("—", "-", "–", "•")
    if starts:
        subject = _main_subject(words, cue.last, end)
        return _Report(cue, "front", subject, before) if subject else None
    assert previous is not None
    if previous.text == "," or previous.lower in ("by", "while"):
        subject = _inherited_subject(words, before, earlier)
        begin = before - 1
        if begin and words[begin].lower == "while" and words[begin - 1].text == ",":
            begin -= 1
        return _Report(cue, "participle", subject, begin) if subject else None
    return None


def _finite(words: Sequence[Word], end: int, cue: Cue, earlier: Sequence[_Report]) -> _Report | None:
    before = cue.first
    is_passive = is_modal = is_negated = is_infinitive = False
    has_auxiliary = False
    while before > 0:
        lower = words[before - 1].lower
        if lower in grammar.NEGATIONS:
            is_negated = True
        elif lower in grammar.BE_FORMS:
            is_passive = True
        elif lower in grammar.MODALS:
            is_modal = True
        elif lower == "to" and cue.form == "base":
            is_infinitive = True
        elif lower in ("has", "have", "had"):
            has_auxiliary = True
        elif not grammar.is_adverb(lower):
            break
        before -= 1
    quoted_as = cue.entry.lemma.endswith("as saying")
    if is_negated or is_infinitive or is_modal or (is_passive and cue.form == "past" and not quoted_as):
        return None
    if quoted_as and not is_passive:
        return None
    is_clause = "clause" in cue.entry.frames
    following = words[cue.last].lower if cue.last < end else ""
    if cue.entry.lemma in ("ask", "request") and following in ("not", "anonymity", "for", "about"):
        return None
    if cue.entry.lemma == "state" and cue.form != "past" and following not in ("that", ":", ","):
        return None
    if following == "by" and cue.form == "past":
        return None
    previous = words[before - 1] if before else None
    if cue.form in ("past", "third") and is_clause and not has_auxiliary and before == cue.first:
        inverted = _inverted(words, end, cue, previous)
        if inverted is not None:
            return inverted
    if previous is None or (grammar.is_capital(words[cue.first]) and not words[cue.first].text.isupper()):
        return None
    if previous.lower in grammar.CONJUNCTIONS or (
        previous.text == "," and cue.form != "base" and earlier and _governs(words, end, cue)
    ):
        conjoined = _conjoined(words, end, cue, before, earlier)
        if conjoined is not None:
            return conjoined
        if previous.lower in grammar.CONJUNCTIONS:
            return None
    if previous.lower in ("who", "which", "that"):
        return _relative(words, cue, before)
    if previous.lower.endswith("'s") or previous.lower in grammar.DETERMINERS - {
        "this",
        "that",
        "both",
        "all",
        "many",
        "some",
        "several",
        "others",
    }:
        return None
    subject = grammar.phrase_before(words, before, 0)
    if subject is None or words[subject[1] - 1].lower in grammar.PREPOSITIONS:
        return None
    if (
        cue.form in ("base", "third")
        and cue.entry.lemma in _ALSO_NOUNS
        and not (
            all(grammar.is_capital(word) for word in words[subject[0] : subject[1]])
            or words[subject[1] - 1].lower in grammar.SUBJECT_PRONOUNS
            or following == "that"
        )
    ):
        return None
    if cue.form == "base" and (
        not _is_plural(words, *subject) or (subject[0] and words[subject[0] - 1].lower in grammar.AUXILIARIES)
    ):
        return None
    if not _may_report(words, end, cue, subject):
        return None
    return _Report(cue, "lead", subject, subject[0])


def _may_report(words: Sequence[Word], end: int, cue: Cue, subject: tuple[int, int]) -> bool:
    """Say whether this subject with this verb reports speech (and is not a thing that shows something)."""
    if grammar.can_speak(words, *subject):
        return True
    if words[subject[0]].lower == "it":
        return "clause" in cue.entry.frames
    return cue.entry.lemma in ("say", "state", "read")


def _inverted(words: Sequence[Word], end: int, cue: Cue, previous: Word | None) -> _Report | None:
    if "addressee" in cue.entry.frames:
        return None
    if previous is None:
        # `Said one farmer: "…"`
        stop = grammar.phrase_after(words, cue.last, end)
        if not cue.last < stop < end or words[stop].text not in (":", ","):
            return None
        return _Report(cue, "inverted", (cue.last, stop), cue.first, trails=True)
    if not (previous.text in (",", "—", "–", "--", "?", "!") or previous.is_quoted):
        return None
    if previous.text == "," and not previous.is_quoted:
        named = grammar.phrase_before(words, cue.first, 0)
        if named is not None and named[0] == 0 and not _is_clause(words, 0, cue.first):
            # `Ann Lee, a farmer, said her brother left`: the subject stands before.
            return None
    stop = grammar.phrase_after(words, cue.last, end)
    if stop == cue.last or not grammar.can_speak(words, cue.last, stop):
        return None
    if stop < end:
        following = words[stop]
        is_clause = (
            following.is_word
            and not following.is_quoted
            and not (
                following.lower in grammar.PREPOSITIONS
                or following.lower in grammar.TIME_WORDS
                or following.lower in ("who", "as", "when", "while", "and")
            )
        )
        # `, said the plan is bad`: the words after the verb are a clause, not its subject.
        if is_clause or following.lower == "that":
            return None
    begin = cue.first - 1 if previous.text in (",", "—", "–", "--") and not previous.is_quoted else cue.first
    return _Report(cue, "inverted", (cue.last, stop), begin, trails=True)


def _is_clause(words: Sequence[Word], first: int, last: int) -> bool:
    """Say whether an auxiliary stands among the words outside a relative clause."""
    relative = False
    for word in words[first:last]:
        if word.text == ",":
            relative = False
        elif word.lower in ("who", "which", "whose"):
            relative = True
        elif word.lower in grammar.AUXILIARIES and not relative:
            return True
    return False


def _conjoined(
    words: Sequence[Word], end: int, cue: Cue, before: int, earlier: Sequence[_Report]
) -> _Report | None:
    if not _governs(words, end, cue) or cue.form == "base":
        return None
    begin = before - 1
    has_comma = begin > 0 and words[begin - 1].text == ","
    if has_comma:
        begin -= 1
    last = next((report for report in reversed(earlier) if not report.trails), None)
    if last is not None:
        same_form = last.cue.form == cue.form or last.pattern in ("participle", "front")
        if last.pattern == "participle" and cue.form != "ing":
            return None
        is_open_clause = "clause" in last.cue.entry.frames and not has_comma and words[before - 1].text != ","
        is_act = cue.entry.cue_class in (
            "directive",
            "commissive",
            "expressive_positive",
            "expressive_negative",
        )
        if is_open_clause and (not is_act or _has_verb_like(words, last, cue)):
            return None
        if same_form and last.subject is not None:
            return _Report(cue, "conjoined", last.subject, begin)
        return None
    subject = _leading_name(words, cue.first)
    return _Report(cue, "conjoined", subject, begin) if subject else None


def _has_verb_like(words: Sequence[Word], last: _Report, cue: Cue) -> bool:
    return any(
        words[i].lower in ("has", "have", "had", "will", "should", "would", "must", "need", "to")
        for i in range(last.cue.last, cue.first)
    )


def _relative(words: Sequence[Word], cue: Cue, before: int) -> _Report | None:
    """Take `X, who said S`: the subject is the phrase before the relative pronoun."""
    if words[before - 1].lower != "who" or before < 2:
        return None
    place = before - 1
    if words[place - 1].text == ",":
        place -= 1
    subject = grammar.phrase_before(words, place, 0)
    if subject is None or not grammar.can_speak(words, *subject):
        return None
    return _Report(cue, "lead", subject, before - 1)


def _governs(words: Sequence[Word], end: int, cue: Cue) -> bool:
    """Say whether what stands after the cue can be what it governs."""
    frames = cue.entry.frames
    if "mention" in frames:
        return True
    if cue.last >= end:
        return False
    following = words[cue.last]
    if following.text == "," or following.text == ":":
        return "clause" in frames
    if (
        not following.is_word
        and not following.is_quoted
        and following.text not in ("$", "€", "£", "“", '"', "‘", "(")
    ):
        return False
    if frames == {"infinitive"}:
        return following.lower == "to"
    if following.lower in grammar.PREPOSITIONS and frames <= {"object", "infinitive", "addressee"}:
        return following.lower == "to" and "infinitive" in frames
    return True


def _main_subject(words: Sequence[Word], first: int, end: int) -> tuple[int, int] | None:
    """Return the subject of the main clause after a fronted participle: the first phrase after a comma."""
    for i in range(first, end):
        if words[i].text != "," or words[i].is_quoted or i + 1 >= end:
            continue
        stop = i + 1
        while stop < end and stop - i < 12 and words[stop].is_word and not words[stop].is_quoted:
            lower = words[stop].lower
            if stop > i + 1 and (
                lower in grammar.AUXILIARIES or lower in _COMMON_VERBS or is_verb_form(lower)
            ):
                break
            stop += 1
        is_verb = (stop < end and words[stop].is_word) or (stop < end and words[stop].text == ",")
        if (
            is_verb
            and stop > i + 1
            and _is_subject_start(words[i + 1])
            and grammar.can_speak(words, i + 1, stop)
        ):
            subject = (i + 1, stop)
            while subject[1] - 1 > subject[0] and grammar.is_adverb(words[subject[1] - 1].lower):
                subject = (subject[0], subject[1] - 1)
            return subject
    return None


_COMMON_VERBS = word_set(
    """
    said says told met made gave took went came held spoke wrote put led
    """
)


def is_verb_form(lower: str) -> bool:
    """Say whether the word looks like a verb in the past."""
    return lower.endswith("ed") and len(lower) > 4


def _is_subject_start(word: Word) -> bool:
    lower = word.lower
    return (
        grammar.is_capital(word) or lower in grammar.DETERMINERS or lower in grammar.SUBJECT_PRONOUNS
    ) and (lower not in grammar.PREPOSITIONS)


def _inherited_subject(
    words: Sequence[Word], before: int, earlier: Sequence[_Report]
) -> tuple[int, int] | None:
    for report in reversed(earlier):
        if report.subject is not None and report.pattern != "after":
            return report.subject
    return _leading_name(words, before)


def _leading_name(words: Sequence[Word], end: int) -> tuple[int, int] | None:
    """Return the subject that opens the sentence: a pronoun, a name, or `the` with a speaking noun."""
    if not words or words[0].is_quoted:
        return None
    if words[0].lower in ("he", "she", "they", "we", "i"):
        return 0, 1
    stop = 0
    while stop < min(end, 14) and words[stop].is_word and not words[stop].is_quoted:
        lower = words[stop].lower
        if stop and not grammar.is_capital(words[stop]) and lower not in ("and", "of", "the"):
            break
        stop += 1
    if words[0].lower in grammar.DETERMINERS:
        while stop < min(end, 8) and words[stop].is_word and not is_verb_form(words[stop].lower):
            if words[stop].lower in grammar.AUXILIARIES or words[stop].lower in grammar.PREPOSITIONS:
                break
            stop += 1
            if grammar.singular(words[stop - 1].lower) in grammar.SPEAKER_NOUNS:
                break
    while stop > 0 and words[stop - 1].lower in ("and", "of", "the"):
        stop -= 1
    if stop == 0 or words[0].lower in grammar.PREPOSITIONS or words[0].lower in grammar.SUBORDINATORS:
        return None
    return (0, stop) if grammar.can_speak(words, 0, stop) else None


def _is_plural(words: Sequence[Word], first: int, last: int) -> bool:
    head = words[grammar.head_of_phrase(words, first, last)].lower
    if head in (
        "they",
        "we",
        "i",
        "you",
        "who",
        "police",
        "people",
        "men",
        "women",
        "many",
        "some",
        "others",
        "both",
        "media",
    ):
        return True
    return (head.endswith("s") and not head.endswith(("ss", "us"))) or any(
        words[i].lower == "and" for i in range(first, last)
    )


def _ends_or_pauses(words: Sequence[Word], at: int, end: int) -> bool:
    at = _skip_adjuncts(words, at, end)
    return at >= end or words[at].text in (",", ":", ";", "—") or words[at].is_quoted


def _mark_nested(words: Sequence[Word], end: int, reports: Sequence[_Report]) -> None:
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


def _find_contents(words: Sequence[Word], end: int, reports: list[_Report]) -> None:
    depth = left_limit = 0
    last: _Report | None = None
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


def _closed_at(report: _Report) -> int:
    """Return the place up to which an earlier report has used the sentence, when it trails its content."""
    if report.trails and report.subject is not None:
        return max(report.cue.last, report.subject[1], *(stop for _, stop in report.contents or [(0, 0)]))
    if report.pattern == "front" and report.contents:
        return report.contents[-1][1]
    return 0


def _content_of_after(words: Sequence[Word], end: int, report: _Report) -> None:
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


def _content_of_inverted(words: Sequence[Word], limit: int, left_limit: int, report: _Report) -> None:
    assert report.subject is not None
    left = _trim_left(words, left_limit, report.begin)
    if report.begin > left:
        _add(words, report, left, report.begin)
    right = report.subject[1]
    _add_right_part(words, report, _skip_adjuncts(words, right, limit), limit)


def _content_of_lead(
    words: Sequence[Word], limit: int, left_limit: int, report: _Report, last: _Report | None
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
    ):
        if _shown(words, last.subject) == _shown(words, report.subject) and (start is None or start >= limit):
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


def _content_of_participle(words: Sequence[Word], limit: int, report: _Report) -> None:
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


def _content_start(words: Sequence[Word], limit: int, report: _Report) -> int | None:
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
    if not _governs(words, limit, Cue(report.cue.first, report.cue.last, report.cue.entry, report.cue.form)):
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
            is_verb_form(word.lower)
            or word.lower in grammar.AUXILIARIES
            or word.lower in ("he", "she", "they", "it", "we", "i", "there")
        ):
            return None
    return None


def _skip_recipient(words: Sequence[Word], i: int, limit: int, report: _Report) -> int | None:
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


def _add_right_part(words: Sequence[Word], report: _Report, start: int, limit: int) -> None:
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
        words[j].lower in grammar.AUXILIARIES or is_verb_form(words[j].lower)
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


def _add(words: Sequence[Word], report: _Report, first: int, last: int) -> None:
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
        is_verb = lower in _IRREGULAR_PASTS or (is_verb_form(lower) and words[i].text == ",")
        if is_verb and not words[following].is_quoted:
            return i
    return last


def _merge_repeated(words: Sequence[Word], reports: list[_Report]) -> list[_Report]:
    """Join two cues around one content (`X said, noting that S, X said`) into one report."""
    kept: list[_Report] = []
    for report in reports:
        if (
            kept
            and not report.contents
            and report.pattern == "lead"
            and report.subject is not None
            and kept[-1].subject is not None
            and kept[-1].contents
            and _shown(words, kept[-1].subject) == _shown(words, report.subject)
        ):
            kept[-1].cues.append(report.cue)
            continue
        kept.append(report)
    return kept


def _shown(words: Sequence[Word], subject: tuple[int, int]) -> str:
    return " ".join(words[j].lower for j in range(*subject))


def _to_attribution(words: Sequence[Word], report: _Report) -> Attribution:
    contents = tuple(Span(words[first].start, words[last - 1].end) for first, last in sorted(report.contents))
    cues = tuple(Span(words[cue.first].start, words[cue.last - 1].end) for cue in report.cues)
    source = None
    if report.subject is not None:
        source = Span(words[report.subject[0]].start, words[report.subject[1] - 1].end)
    return Attribution(contents, cues, source, report.cue.entry)
