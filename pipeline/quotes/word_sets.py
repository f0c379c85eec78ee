"""Closed sets of words, written as they are read: in one text, divided by white space."""


def word_set(words: str) -> frozenset[str]:
    """Return the set of the words in the text."""
    return frozenset(words.split())
