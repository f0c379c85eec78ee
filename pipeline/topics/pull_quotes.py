"""Find the body quote that a pull quote repeats."""

import re
from collections import Counter
from collections.abc import Iterable

from pipeline.document import Row

# A pull quote is shortened and may leave words out, but it does not reword.
SHARE_REPEATED = 0.8
# A display quote is short; a longer one is a page read wrongly, and comparing it would take long.
LONGEST = 400
_WORD = re.compile(r"\w+")


def find_duplicates(quotes: Iterable[Row]) -> dict[str, str]:
    """Return, for each pull quote that repeats a body quote of the article, the id of that quote.

    At least 0.8 of its words have to stand there in the same order. Of several the one with the largest
    share counts, then the first. Two quotes of different known speakers are never the same.
    """
    rows = list(quotes)
    body = [(row, _words(row)) for row in rows if row["region"] == "body"]
    duplicates: dict[str, str] = {}
    for pulled in rows:
        if pulled["region"] != "pull_quote":
            continue
        words = _words(pulled)
        if not 0 < len(words) <= LONGEST:
            continue
        best_share = 0.0
        for row, other in body:
            if _differ(pulled["speaker_id"], row["speaker_id"]):
                continue
            # Cheap first: words in any order are never fewer than words in order.
            if (Counter(words) & Counter(other)).total() < SHARE_REPEATED * len(words):
                continue
            share = _in_order(words, other) / len(words)
            if share >= SHARE_REPEATED and share > best_share:
                best_share = share
                duplicates[pulled["quote_id"]] = row["quote_id"]
    return duplicates


def _words(quote: Row) -> list[str]:
    return [word.casefold() for word in _WORD.findall(quote["quote_text"])]


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _in_order(words: list[str], other: list[str]) -> int:
    """Return how many words of one list stand in the other in the same order.

    The longest common subsequence, with the table's columns as bits of one number (Hyyrö 2004): long
    quotes cost little.
    """
    places: dict[str, int] = {}
    for number, word in enumerate(words):
        places[word] = places.get(word, 0) | 1 << number
    full = (1 << len(words)) - 1
    column = full
    for word in other:
        matched = column & places.get(word, 0)
        column = ((column + matched) | (column - matched)) & full
    return len(words) - column.bit_count()
