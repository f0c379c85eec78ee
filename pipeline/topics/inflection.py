"""English word forms: the endings a term may take, and British and American spelling as one."""

import re
from functools import lru_cache

_VOWELS = "aeiou"
# Both sides of a comparison are folded, so a folded word need not be a word ("rise" becomes "rize").
_IZE = re.compile(r"is(e|ed|es|er|ers|ing|ation|ations)\Z")
_OUR = re.compile(r"our(?=(?:s|ed|ing|ly|able|hood|liness|ite|al)?\Z)")
_SPELLINGS = {
    "centre": "center",
    "centres": "centers",
    "defence": "defense",
    "programme": "program",
    "programmes": "programs",
    "licence": "license",
    "fulfil": "fulfill",
}


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return the form in which a word is compared: no case, American spelling.

    It is a key only and may be longer or shorter than the word; offsets always come from the text.
    """
    word = word.casefold()
    if len(word) > 5:
        word = _OUR.sub("or", _IZE.sub(r"iz\1", word))
    return _SPELLINGS.get(word, word)


def inflections(word: str) -> set[str]:
    """Return a folded word with its regular plural and verb endings."""
    forms = {word, word + "s"}
    if len(word) < 3 or not word.isalpha():
        return forms
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        forms.add(word + "es")
    if word.endswith("y") and word[-2] not in _VOWELS:
        forms |= {word[:-1] + "ies", word[:-1] + "ied", word + "ing"}
    elif word.endswith("e"):
        forms |= {word + "d", word[:-1] + "ing"}
    else:
        forms |= {word + "ed", word + "ing"}
        if word[-1] not in _VOWELS + "wxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS:
            forms |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    return forms
