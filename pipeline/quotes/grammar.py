"""Closed word classes, and the noun phrases that can name a speaker, told without a parser."""

from collections.abc import Sequence

from pipeline.quotes.sentences import Word
from pipeline.quotes.word_sets import word_set

DETERMINERS = word_set(
    """
    the a an this that these those his her their its our my your some many several most all both
    each another other no any few two three four five six seven eight nine ten dozens
    """
)
# After these a word like *claims* is a noun.
ARTICLES = word_set("the a an his her their its our my your no any every")
SUBJECT_PRONOUNS = word_set("he she they it i we you who")
PREPOSITIONS = word_set(
    """
    at in on during after before following amid with under for from by of to since through
    throughout against about over between among toward towards without within upon despite regarding
    concerning into along besides beyond per via like unlike ahead earlier later
    """
)
SUBORDINATORS = word_set(
    """
    that which whom whose because since as when while if but whether where although though so than
    after before until unless how why what once yet nor or
    """
)
AUXILIARIES = word_set(
    """
    is are was were be been being am has have had having will would can could may might shall should
    must do does did isn't aren't wasn't weren't hasn't haven't hadn't won't wouldn't can't couldn't
    don't doesn't didn't shouldn't cannot he's she's it's they're we're i'm you're there's i've
    we've they've he'd she'd they'd i'd we'd he'll she'll they'll i'll we'll it'll
    """
)
NEGATIONS = word_set(
    """
    not never didn't doesn't don't won't wouldn't hasn't haven't hadn't cannot can't couldn't
    """
)
MODALS = word_set(
    """
    will would can could may might shall should must cannot won't wouldn't
    """
)
BE_FORMS = word_set("is are was were be been being isn't aren't wasn't weren't")
# Adverbs that may stand between subject and verb and do not end in -ly.
ADVERBS = word_set(
    """
    also then later further again often once still now already even never not just today always has
    have had did does do ever soon thus therefore too long since first
    """
)
NOT_ADVERBS = word_set(
    """
    family ally rally supply assembly reply july italy only early anomaly
    """
)
CONJUNCTIONS = word_set("and but or then")
WEEKDAYS = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday today yesterday tonight tomorrow
    """
)
MONTHS = word_set(
    """
    january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec jan. feb. mar. apr. aug. sept. sep. oct. nov. dec.
    """
)
TIME_WORDS = WEEKDAYS | word_set(
    """
    last this next earlier later recently week month year morning afternoon evening
    """
)
# Where words are said or written: *said in a statement*.
OCCASIONS = word_set(
    """
    statement interview interviews speech tweet letter report conference briefing email e-mail memo
    article post phone call meeting release testimony address message remarks note column editorial
    video statements podcast filing hearing debate rally event press newspaper paper book essay blog
    appearance broadcast telegram cable readout communique communiqué commentary document
    declaration summit forum
    """
)
SPEAKER_NOUNS = word_set(
    """
    analyst expert official officer spokesman spokeswoman spokesperson spokespeople leader president
    premier minister secretary chancellor king queen prince ambassador envoy diplomat senator
    congressman congresswoman representative lawmaker legislator governor mayor judge justice lawyer
    attorney prosecutor police investigator scholar researcher professor scientist economist
    historian author writer reporter journalist correspondent editor columnist critic supporter
    opponent advocate activist campaigner observer insider source aide adviser advisor strategist
    chairman chairwoman chair chairperson director head chief executive manager founder owner
    commander general colonel soldier veteran student teacher parent mother father brother sister
    son daughter wife husband friend neighbor neighbour resident villager farmer worker witness
    victim voter candidate nominee delegate member participant candidates democrat republican
    conservative liberal pundit commentator moderator host anchor guest user ministry government
    administration department agency bureau office council commission committee court parliament
    congress senate house embassy campaign party company firm group organization organisation
    association union institute institution university center centre newspaper paper magazine
    network channel outlet media report statement letter article document filing lawsuit complaint
    study survey poll readout communique side man woman people person doctor nurse pastor priest
    bishop pope team delegation board coalition opposition alliance bloc country nation state
    capital counterpart colleague deputy successor predecessor pair duo men women staffer operative
    consultant fighter boss trader investor buyer dealer broker pilot captain engineer architect
    artist actor actress singer coach player athlete one others many some both head-of-state heads
    two three
    """
)
_NOUN_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""))
_LONGEST_PHRASE = 24
_LONGEST_MINIMAL = 8
_LONGEST_APPOSITION = 60


def is_adverb(lower: str) -> bool:
    """Say whether the word is an adverb that may stand between a subject and its verb."""
    return lower in ADVERBS or (lower.endswith("ly") and len(lower) > 4 and lower not in NOT_ADVERBS)


def is_verb_form(lower: str) -> bool:
    """Say whether the word looks like a verb in the past."""
    return lower.endswith("ed") and len(lower) > 4


def is_capital(word: Word) -> bool:
    """Say whether the word begins with a capital letter."""
    return word.text[0].isupper()


def singular(lower: str) -> str:
    """Return the speaker noun of which this is the singular or plural, or the word as it is."""
    if lower in SPEAKER_NOUNS:
        return lower
    for ending, instead in _NOUN_ENDINGS:
        if lower.endswith(ending) and lower[: -len(ending)] + instead in SPEAKER_NOUNS:
            return lower[: -len(ending)] + instead
    return lower


def head_of_phrase(words: Sequence[Word], first: int, last: int) -> int:
    """Return the place of the head noun: the last word before a comma, preposition or relative clause."""
    head = first
    for i in range(first, last):
        lower = words[i].lower
        if i > first and (not words[i].is_word or lower in PREPOSITIONS or lower in ("who", "which", "that")):
            break
        head = i
    return head


def can_speak(words: Sequence[Word], first: int, last: int) -> bool:
    """Say whether the noun phrase can name a speaker: a name, a person's pronoun, a speaking noun."""
    head = words[head_of_phrase(words, first, last)]
    if head.lower in SUBJECT_PRONOUNS:
        return head.lower != "it"
    if head.lower in WEEKDAYS or head.lower in MONTHS:
        return False
    return (is_capital(head) and head.lower not in DETERMINERS) or singular(head.lower) in SPEAKER_NOUNS


def phrase_before(words: Sequence[Word], end: int, lowest: int) -> tuple[int, int] | None:
    """Return the noun phrase whose last word stands just before the place `end`, as (first, last).

    With an apposition (`Ann Lee, a farmer, said`) it begins at the name. The phrase begins at a pronoun, or
    after a comma, conjunction or verb; where that would take in a preposition or too much, the shortest
    plausible phrase is taken.
    """
    while end > lowest and words[end - 1].lower in WEEKDAYS:
        end -= 1
        if end > lowest and words[end - 1].lower in ("on", "late", "early"):
            end -= 1
    last = end - 1
    if last < lowest:
        return None
    if words[last].text in (",", "—", "–", "--"):
        return _with_apposition(words, last, lowest)
    if words[last].lower in SUBJECT_PRONOUNS:
        return last, end
    if not (words[last].is_word or words[last].text == ")") or words[last].is_quoted:
        return None
    if words[last].lower.endswith("ed") and not is_capital(words[last]):
        return _with_relative(words, end, lowest)
    first = _left_edge(words, last, lowest)
    while first <= last and (is_adverb(words[first].lower) or words[first].lower in CONJUNCTIONS):
        first += 1
    if first > last:
        return None
    if words[first].lower in PREPOSITIONS or not _is_phrase_start(words[first]) or last - first > 16:
        first = _minimal_edge(words, last, first)
    if words[first].lower in PREPOSITIONS:
        return None
    if not _is_phrase_start(words[first]) and singular(words[last].lower) not in SPEAKER_NOUNS:
        return None
    if words[first].lower in ("a", "an", "the") and first - 1 > lowest and words[first - 1].text == ",":
        # `Ann Lee, a farmer said`: the comma after the apposition is missing.
        named = _left_edge(words, first - 2, lowest)
        if 0 < first - 1 - named <= 5 and all(is_capital(word) for word in words[named : first - 1]):
            return named, end
    return first, end


def _with_relative(words: Sequence[Word], end: int, lowest: int) -> tuple[int, int] | None:
    """Return the phrase of `an official who asked not to be named` that ends at this place."""
    for at in range(end - 2, max(lowest, end - 16), -1):
        if words[at].lower in ("that", "which") or words[at].is_quoted:
            return None
        if words[at].lower == "who":
            before = phrase_before(words, at, lowest)
            return (before[0], end) if before is not None else None
    return None


def phrase_after(words: Sequence[Word], first: int, end: int, *, one_apposition: bool = False) -> int:
    """Return the end of the noun phrase that begins at `first` (after an inverted verb), or `first` if none.

    With `one_apposition` the phrase ends at the comma that closes its first apposition.
    """
    if first >= end or words[first].is_quoted or not words[first].is_word:
        return first
    if words[first].lower in ("he", "she", "they", "i", "we", "it"):
        return first + 1
    if not _is_phrase_start(words[first]) or words[first].lower in TIME_WORDS:
        return first
    i = first
    while i < end and i - first < _LONGEST_PHRASE:
        word = words[i]
        lower = word.lower
        if word.is_quoted or word.text in ('"', "“", ";", ":"):
            return i
        if word.text in (",", "(") or not word.is_word:
            if word.text == "(":
                close = _closing(words, i, end)
                if close > i:
                    i = close + 1
                    continue
            break
        if i > first and _starts_adjunct(words, i, end):
            return i
        if lower in AUXILIARIES or (lower in SUBORDINATORS and lower != "or"):
            return i
        i += 1
    if i < end and words[i].text == "," and _is_apposition(words, i + 1, end):
        stop = _apposition_end(words, i + 1, end)
        if one_apposition:
            commas = [j for j in range(i + 1, stop) if words[j].text == ","]
            return commas[0] if commas else i
        return stop
    return i


def _starts_adjunct(words: Sequence[Word], i: int, end: int) -> bool:
    lower = words[i].lower
    following = words[i + 1].lower if i + 1 < end else ""
    if lower in WEEKDAYS or lower in ("last", "earlier", "later"):
        return True
    if lower in ("on", "in", "at", "during", "by", "to", "after"):
        return (
            following in WEEKDAYS
            or following in MONTHS
            or following in ("a", "an", "his", "her", "their", "response", "reference")
            or following[:2].isdigit()
            or any(
                words[j].lower in OCCASIONS for j in range(i + 1, min(i + 5, end)) if not is_capital(words[j])
            )
        )
    return False


def _is_apposition(words: Sequence[Word], i: int, end: int) -> bool:
    if i >= end or words[i].is_quoted:
        return False
    lower = words[i].lower
    if lower in (
        "a",
        "an",
        "the",
        "who",
        "whose",
        "one",
        "former",
        "now",
        "then",
        "himself",
        "herself",
        "which",
    ):
        return True
    if lower.isdigit():
        return True
    if lower in PREPOSITIONS or lower in SUBORDINATORS or lower in CONJUNCTIONS or lower.endswith("ing"):
        return False
    if lower in SUBJECT_PRONOUNS or lower in AUXILIARIES:
        return False
    return is_capital(words[i]) or any(
        singular(words[j].lower) in SPEAKER_NOUNS for j in range(i, min(i + 6, end)) if words[j].is_word
    )


def _apposition_end(words: Sequence[Word], i: int, end: int) -> int:
    begin = i
    while i < end and i - begin < _LONGEST_APPOSITION:
        if words[i].is_quoted or words[i].text in (";", ":", "—", "--"):
            return i - 1 if words[i - 1].text == "," else i
        if words[i].text == "," and i + 1 < end:
            lower = words[i + 1].lower
            if lower.endswith("ing") or lower in (
                "but",
                "while",
                "as",
                "when",
                "after",
                "adding",
                "because",
                "he",
                "she",
                "they",
            ):
                return i
        i += 1
    while i > begin and words[i - 1].text in (".", ",", "!", "?"):
        i -= 1
    return i


def _left_edge(words: Sequence[Word], last: int, lowest: int) -> int:
    first = last
    if words[first].text == ")":
        while first > lowest and words[first].text != "(" and last - first < 8:
            first -= 1
        first = max(first - 1, lowest)
    while first > lowest and last - first < _LONGEST_PHRASE:
        word = words[first - 1]
        if not word.is_word or word.is_quoted:
            break
        if word.lower in SUBORDINATORS or word.lower in AUXILIARIES or word.lower in ("said", "says", "told"):
            break
        if word.lower == "and" and not _joins_names(words, first - 1, lowest):
            break
        first -= 1
    return first


def _joins_names(words: Sequence[Word], at: int, lowest: int) -> bool:
    if at - 1 < lowest:
        return False
    left, right = words[at - 1], words[at + 1]
    both_names = is_capital(left) and (is_capital(right) or right.lower in DETERMINERS)
    return both_names or (left.lower.endswith("s") and right.lower.endswith("s") and not is_capital(right))


def _is_phrase_start(word: Word) -> bool:
    lower = word.lower
    if not word.is_word or lower in AUXILIARIES or lower in SUBORDINATORS - {"that"}:
        return False
    return (
        is_capital(word)
        or word.text[0] in '“"'
        or lower in DETERMINERS
        or lower in SUBJECT_PRONOUNS
        or singular(lower) in SPEAKER_NOUNS
        or lower.endswith(("al", "an", "ese", "ish", "ior", "ing", "ed", "er", "ive", "ry", "ic"))
        or lower.isdigit()
    )


def _minimal_edge(words: Sequence[Word], last: int, lowest: int) -> int:
    first = last
    while first > lowest and last - first < _LONGEST_MINIMAL:
        word = words[first - 1]
        if words[first].lower in DETERMINERS:
            break
        if is_capital(words[first]) and not is_capital(word) and word.lower not in DETERMINERS:
            break
        if not word.is_word or word.lower in PREPOSITIONS or word.lower in AUXILIARIES:
            break
        first -= 1
    return first


def _with_apposition(words: Sequence[Word], comma: int, lowest: int) -> tuple[int, int] | None:
    """Return the phrase of `Name, apposition,` that ends before the comma at this place."""
    lowest = max(lowest, comma - _LONGEST_APPOSITION)
    starts = [lowest]
    for i in range(lowest, comma):
        if words[i].text in (";", ":") or words[i].is_quoted:
            starts = [i + 1]
        elif words[i].text in (",", "—", "–", "--") or (words[i].lower == "that" and starts[-1] != i + 1):
            starts.append(i + 1)
    for position, start in enumerate(starts[:-1]):
        stop = starts[position + 1] - 1
        while start < stop and (is_adverb(words[start].lower) or words[start].lower in CONJUNCTIONS):
            start += 1
        if not start < stop <= start + 12 or words[start].lower in PREPOSITIONS:
            continue
        inside = words[start:stop]
        if any(word.lower in AUXILIARIES or word.lower in SUBORDINATORS for word in inside):
            continue
        if not _is_phrase_start(inside[0]) or inside[0].lower.endswith("ing"):
            continue
        if not can_speak(words, start, stop) and not (stop + 1 < comma and is_capital(words[stop + 1])):
            continue
        following = stop + 1
        if words[stop].lower == "that" or following >= comma:
            continue
        if words[following].lower in ("however", "too", "meanwhile", "also", "though", "therefore") or (
            words[following].lower in PREPOSITIONS
        ):
            return start, stop
        if _is_apposition(words, following, comma):
            return start, comma
    return None


def _closing(words: Sequence[Word], at: int, end: int) -> int:
    for i in range(at + 1, min(end, at + 12)):
        if words[i].text == ")":
            return i
    return at
