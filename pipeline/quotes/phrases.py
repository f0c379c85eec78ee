"""Source mentions as phrases: head words, owners, descriptions of the unnamed, told by closed word lists."""

import re

from pipeline.quotes.names import is_organisation
from pipeline.quotes.word_sets import word_set

LONGEST_DESCRIPTION = 80
# What speaks for its author: *her letter*, *a report by X*, *the clerk's notes*.
DOCUMENTS = word_set(
    """
    letter report statement note email e-mail message book paper article study memo speech notes tweet
    post poll survey readout communique communiqué blog column editorial
    """
)
# Institutions that a text takes up by their kind alone: *the ministry*, *the newspaper*.
INSTITUTIONS = word_set(
    """
    ministry agency newspaper department company party institute council committee network paper
    organization organisation group campaign university union embassy office bank court commission
    board firm bureau association magazine broadcaster outlet daily channel institution institute
    foundation parliament federation club society team academy college consulate chamber fund trust
    league centre center service authority museum hospital school church cabinet secretariat exchange
    """
)
# Names of media do not say `newspaper`.
KINDS_IN_NAMES = {
    "newspaper": word_set(
        """
        times post gazette courier news daily journal tribune herald guardian telegraph observer globe
        mail star chronicle echo mirror independent standard sun press review
        """
    ),
    "agency": word_set("agency press news wire"),
    "company": word_set("company corp inc ltd corporation airlines industries"),
}
_SEVERAL = word_set("group couple pair family crew crowd dozen staff")
_SAME_KIND = {
    "paper": "newspaper",
    "daily": "newspaper",
    "magazine": "newspaper",
    "firm": "company",
    "institution": "institute",
}
_ARTICLE = re.compile(
    r"^(?:the|a|an|another|these|those|some|several|many|other|most|my|our|his|her|their|its|one)\s+(?!of\b)",
    re.IGNORECASE,
)
_PREPOSITIONS = word_set("of for at from in with who on to by near close")
_PARTICLES = word_set("de van von der bin al of the for and du da di")


def kind_of(noun: str) -> str:
    """Return the kind of institution that a noun stands for: *paper* is *newspaper*."""
    return _SAME_KIND.get(noun, noun)


def plain_words(phrase: str) -> list[str]:
    """Return the words in lower case, with straight apostrophes and no possessive endings."""
    return [
        word.strip(".,()").removesuffix("'s").removesuffix("'")
        for word in phrase.lower().replace("’", "'").split()
    ]


def description(phrase: str) -> str:
    """Return how an unnamed speaker is described: lower case, no article, no relative clause."""
    plain = re.split(r" (?:who|which|that|whose)\b", phrase, maxsplit=1)[0].strip().rstrip(",")
    while True:
        shorter = _ARTICLE.sub("", plain, count=1)
        if shorter == plain or not shorter:
            break
        plain = shorter
    return " ".join(plain.replace("’", "'").lower().split())[:LONGEST_DESCRIPTION].strip()


def head_words(phrase: str) -> list[str]:
    """Return the words of a phrase up to a preposition that does not belong to a name."""
    words = phrase.replace("’", "'").strip().rstrip(",").split()
    for i, word in enumerate(words):
        if i and word.lower() in _PREPOSITIONS:
            is_name = word.lower() in ("of", "for") and any(
                is_organisation([before]) for before in words[:i] if before[:1].isupper()
            )
            if not is_name:
                return words[:i]
    return words


def starts_name(word: str) -> bool:
    """Say whether the word may stand in a name: a capital, or a particle like *van*."""
    return word[:1].isupper() or word.lower() in _PARTICLES


def is_one_person(shown: str) -> bool:
    """Say whether the description is of one person (`a senior official`)."""
    words = head_words(shown.split(",")[0])
    return bool(words) and words[0].lower() in ("a", "an", "one", "the", "another")


def is_of_many(shown: str) -> bool:
    """Say whether the head of the phrase means several: `residents of the valley`, `a group of plumbers`."""
    words = head_words(shown.split(",")[0])
    if not words:
        return False
    noun = words[-1].lower()
    return noun in INSTITUTIONS | _SEVERAL or (noun.endswith("s") and not noun.endswith("'s"))
