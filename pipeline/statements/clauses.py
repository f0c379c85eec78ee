"""Clauses: the parts of a quote that say one thing each, so that reports which pick from it can be
compared. A small grammar of verb forms; no parser.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.quotes.marks import Marks
from pipeline.quotes.sentences import split_sentences
from pipeline.quotes.word_sets import word_set
from pipeline.statements.words import AUXILIARIES, FUNCTION_WORDS, Vocabulary

Span = tuple[int, int]

_CUT = re.compile(r"[;:,!?—–]|\b(?:and|while|but|which|as well as|so that|because|when|if)\b", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_][\w'’-]*|\d[\d.,]*")
# What joins a clause to the one before it is no part of it.
_OPENING = re.compile(r"[\s,;:–—]*(?:(?:and|but|while)\s+)?", re.IGNORECASE)
_CONNECTIVES = word_set("and but while which that also who when if because since so as well")
_DETERMINERS = word_set(
    "the a an their its his her our your my this these those each more all any both such no further"
)
_PREPOSITIONS = word_set("to in on at by for from with into over about against toward towards as of")
# What begins an addition to the clause before it.
_ADDITIONS = _PREPOSITIONS | word_set("especially including particularly notably namely than like under")
_PRONOUNS = word_set("he she it they we i you who which this")
_NOT_PARTICIPLES = word_set(
    """
    during according including regarding following thing things something nothing everything anything meeting
    meetings building king ring spring morning evening being interesting funding housing training planning
    bearing ceiling feeling hearing opening beginning need speed indeed seed bed red limited advanced
    so-called    increased developed related concerned shared united
    """
)
_BEFORE_VERBS = word_set("then further not never jointly")
_LEAST_WORDS = 3


def clauses(text: str, vocabulary: Vocabulary) -> list[Span]:
    """Return the clauses of a text in order: spans in code points that do not overlap.

    A clause ends where a sentence does, or before a part of it that has a predicate of its own. Verbs are
    told by their form and place alone; what has none belongs to the clause before it.
    """
    found: list[Span] = []
    # Without the quotation marks: a speech in marks has sentences too.
    for sentence in split_sentences(text, 0, len(text), Marks(())):
        found += _of_sentence(text, sentence.start, sentence.end, vocabulary)
    return found


def _of_sentence(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[Span]:
    cuts = [start, *(cut for cut in _cuts(text, start, end) if start < cut < end), end]
    found: list[Span] = []
    waiting = None
    for first, last in pairwise(cuts):
        begin = first if waiting is None else waiting
        waiting = None
        if has_predicate(text[first:last], vocabulary):
            found.append((begin, last))
        elif found:
            found[-1] = (found[-1][0], last)
        else:
            waiting = begin
    if waiting is not None:
        found.append((waiting, end))
    return [_trimmed(text, *span) for span in found]


def _cuts(text: str, start: int, end: int) -> list[int]:
    cuts = []
    for match in _CUT.finditer(text, start, end):
        if match.group()[0].isalpha():
            if not (_joins_names(text, match) or _joins_gerunds(text, match)):
                cuts.append(match.start())
        elif not text[match.end() : match.end() + 1].isdigit():
            cuts.append(match.end())
    return cuts


def _joins_names(text: str, match: re.Match[str]) -> bool:
    """Say whether this `and` stands between two words with capitals."""
    before = re.search(r"([^\W\d_])[\w.'’-]*\s+$", text[max(0, match.start() - 40) : match.start()])
    after = re.match(r"\s+([^\W\d_])", text[match.end() : match.end() + 5])
    return bool(before and after and before[1].isupper() and after[1].isupper())


def _joins_gerunds(text: str, match: re.Match[str]) -> bool:
    """Say whether what follows hangs on the verb before: `visiting the harbour and opening the games`."""
    follows = re.match(r"\s+[a-z]+ing\b", text[match.end() : match.end() + 40])
    return (
        match.group().lower() == "and" and bool(follows) and not text[: match.start()].rstrip().endswith(",")
    )


def has_predicate(part: str, vocabulary: Vocabulary) -> bool:
    """Say whether a part of a sentence has a verb of its own, finite or not, with something beside it."""
    words = [word.lower() for word in _TOKEN.findall(part)]
    body = [word for word in words if word not in _CONNECTIVES]
    if len(body) < _LEAST_WORDS:
        return False
    if any(word in AUXILIARIES for word in body):
        return True
    if sum(word not in FUNCTION_WORDS for word in body) < 2 or body[0] in _ADDITIONS:
        return False
    return _begins_with_verb(body, vocabulary) or any(
        _is_verb_at(body, place, vocabulary) for place in range(len(body))
    )


def _begins_with_verb(body: Sequence[str], vocabulary: Vocabulary) -> bool:
    place = 0
    while place < len(body) and (body[place].endswith("ly") or body[place] in _BEFORE_VERBS):
        place += 1
    if place >= len(body) - 1 or body[place] in FUNCTION_WORDS:
        return False
    if body[place].endswith("ed") and place > 0:
        # `widely known rules` or `widely cut the rules`.
        return body[place + 1] in _DETERMINERS or body[place + 1] in _PREPOSITIONS
    return place > 0 or vocabulary.is_verb(body[0]) or body[1] in _DETERMINERS


def _is_verb_at(body: Sequence[str], place: int, vocabulary: Vocabulary) -> bool:
    word = body[place]
    before = body[place - 1] if place else ""
    after = body[place + 1] if place + 1 < len(body) else ""
    if word == "to" and place < 3 and after:
        return vocabulary.is_verb(after)
    if word in _NOT_PARTICIPLES:
        return False
    if word.endswith("ing") and len(word) > 5:
        return place == 0 or (place == 1 and before.endswith("ly"))
    if word.endswith("ed") and len(word) > 4:
        begins = place == 0 or before in _PRONOUNS
        return begins or not after or after in _DETERMINERS or after in _PREPOSITIONS
    return before in _PRONOUNS and vocabulary.is_verb(word)


def _trimmed(text: str, start: int, end: int) -> Span:
    opening = _OPENING.match(text, start, end)
    start = opening.end() if opening else start
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
        end -= 1
    return start, end
