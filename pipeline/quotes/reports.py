"""Cues with their subjects: which verbs of a sentence report speech, and who their subject is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.quotes import grammar
from pipeline.quotes.cues import Cue, CueLexicon
from pipeline.quotes.sentences import Word
from pipeline.quotes.word_sets import word_set

# Verbs whose present forms are nouns as well: *member states*, *the report*.
_ALSO_NOUNS = word_set(
    """
    state claim comment report note call challenge charge question order estimate project request
    answer reply demand offer promise pledge post stress voice attack object protest praise label
    remark welcome address blame slam dispute fault rule read highlight forecast warrant appeal
    command
    """
)

_DOCUMENTS = word_set(
    """
    data figures records documents reports estimates transcript profile website tally analysis
    research findings numbers poll polls survey surveys results statistics excerpts sources accounts
    media
    """
)

_COMMON_VERBS = word_set(
    """
    said says told met made gave took went came held spoke wrote put led
    """
)


@dataclass(slots=True)
class Report:
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


def find_reports(words: Sequence[Word], end: int, lexicon: CueLexicon) -> list[Report]:
    """Return the cues before the place `end` that have a subject and report speech, in their order."""
    reports: list[Report] = []
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


def _classify(words: Sequence[Word], end: int, cue: Cue, earlier: Sequence[Report]) -> Report | None:
    if cue.form == "fixed":
        return _after(words, end, cue)
    if cue.form == "ing":
        return _participle(words, end, cue, earlier)
    return _finite(words, end, cue, earlier)


def _after(words: Sequence[Word], end: int, cue: Cue) -> Report | None:
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
    return Report(cue, "after", subject, begin)


def _participle(words: Sequence[Word], end: int, cue: Cue, earlier: Sequence[Report]) -> Report | None:
    before = cue.first
    while before > 0 and grammar.is_adverb(words[before - 1].lower):
        before -= 1
    previous = words[before - 1] if before else None
    if previous is not None and previous.lower in grammar.BE_FORMS:
        return _finite(words, end, cue, earlier)
    if not governs(words, end, cue):
        return None
    starts = previous is None or previous.text in ("—", "-", "–", "•")
    if starts:
        subject = _main_subject(words, cue.last, end)
        return Report(cue, "front", subject, before) if subject else None
    assert previous is not None
    if previous.text == "," or previous.lower in ("by", "while"):
        subject = _inherited_subject(words, before, earlier)
        begin = before - 1
        if begin and words[begin].lower == "while" and words[begin - 1].text == ",":
            begin -= 1
        return Report(cue, "participle", subject, begin) if subject else None
    return None


def _finite(words: Sequence[Word], end: int, cue: Cue, earlier: Sequence[Report]) -> Report | None:
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
        previous.text == "," and cue.form != "base" and earlier and governs(words, end, cue)
    ):
        conjoined = _conjoined(words, end, cue, before, earlier)
        if conjoined is not None:
            return conjoined
        if previous.lower in grammar.CONJUNCTIONS:
            return None
    if previous.lower in ("who", "which", "that"):
        return _relative(words, cue, before)
    if previous.lower.endswith("'s") or previous.lower in grammar.ARTICLES:
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
    return Report(cue, "lead", subject, subject[0])


def _may_report(words: Sequence[Word], end: int, cue: Cue, subject: tuple[int, int]) -> bool:
    """Say whether this subject with this verb reports speech (and is not a thing that shows something)."""
    if grammar.can_speak(words, *subject):
        return True
    if words[subject[0]].lower == "it":
        return "clause" in cue.entry.frames
    return cue.entry.lemma in ("say", "state", "read")


def _inverted(words: Sequence[Word], end: int, cue: Cue, previous: Word | None) -> Report | None:
    if "addressee" in cue.entry.frames:
        return None
    if previous is None:
        # `Said one farmer: "…"`
        stop = grammar.phrase_after(words, cue.last, end)
        if not cue.last < stop < end or words[stop].text not in (":", ","):
            return None
        return Report(cue, "inverted", (cue.last, stop), cue.first, trails=True)
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
    return Report(cue, "inverted", (cue.last, stop), begin, trails=True)


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
    words: Sequence[Word], end: int, cue: Cue, before: int, earlier: Sequence[Report]
) -> Report | None:
    if not governs(words, end, cue) or cue.form == "base":
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
            return Report(cue, "conjoined", last.subject, begin)
        return None
    subject = _leading_name(words, cue.first)
    return Report(cue, "conjoined", subject, begin) if subject else None


def _has_verb_like(words: Sequence[Word], last: Report, cue: Cue) -> bool:
    return any(
        words[i].lower in ("has", "have", "had", "will", "should", "would", "must", "need", "to")
        for i in range(last.cue.last, cue.first)
    )


def _relative(words: Sequence[Word], cue: Cue, before: int) -> Report | None:
    """Take `X, who said S`: the subject is the phrase before the relative pronoun."""
    if words[before - 1].lower != "who" or before < 2:
        return None
    place = before - 1
    if words[place - 1].text == ",":
        place -= 1
    subject = grammar.phrase_before(words, place, 0)
    if subject is None or not grammar.can_speak(words, *subject):
        return None
    return Report(cue, "lead", subject, before - 1)


def governs(words: Sequence[Word], end: int, cue: Cue) -> bool:
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
                lower in grammar.AUXILIARIES or lower in _COMMON_VERBS or grammar.is_verb_form(lower)
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


def _is_subject_start(word: Word) -> bool:
    lower = word.lower
    return (
        grammar.is_capital(word) or lower in grammar.DETERMINERS or lower in grammar.SUBJECT_PRONOUNS
    ) and (lower not in grammar.PREPOSITIONS)


def _inherited_subject(
    words: Sequence[Word], before: int, earlier: Sequence[Report]
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
        while stop < min(end, 8) and words[stop].is_word and not grammar.is_verb_form(words[stop].lower):
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
