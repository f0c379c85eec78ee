"""How a text without offsets is made again from the raw text: pieces of it, and what stands between them.

A recipe is JSON: `[start, end]` is a piece of the raw text, in code points; a string stands for itself. It
holds no words of the article: a string in it is a single character that the article does not have.
"""

import json

_PIECES = 400


class BadRecipe(ValueError):
    """A recipe that does not fit the text."""


def recipe_for(cell: str, text: str) -> str | None:
    """Return the recipe by which a text is made from the raw text; None when it would be too long."""
    pieces: list[list[int] | str] = []
    at = 0
    while at < len(cell):
        length = _longest(cell, at, text)
        if length:
            start = text.index(cell[at : at + length])
            pieces.append([start, start + length])
        else:
            length = 1
            pieces.append(cell[at])
        at += length
        if len(pieces) > _PIECES:
            return None
    return json.dumps(pieces, ensure_ascii=False, separators=(",", ":"))


def follow(recipe: str, text: str) -> str:
    """Return the text that a recipe makes. Raises BadRecipe; a recipe from elsewhere may be anything."""
    try:
        pieces = json.loads(recipe)
    except (ValueError, RecursionError):
        raise BadRecipe("it is no JSON") from None
    if not isinstance(pieces, list) or len(pieces) > _PIECES:
        raise BadRecipe("it is no list of pieces")
    made = []
    for piece in pieces:
        if isinstance(piece, str) and len(piece) == 1:
            made.append(piece)
            continue
        match piece:
            case [int(start), int(end)] if type(start) is type(end) is int and 0 <= start < end <= len(text):
                made.append(text[start:end])
            case _:
                raise BadRecipe("a piece is no place in the text")
    return "".join(made)


def _longest(cell: str, at: int, text: str) -> int:
    """Return the length of the longest part of a cell, from a place on, that stands in the text."""
    # If a part stands there, so do all its beginnings.
    low, high = 0, len(cell) - at
    if cell[at:] in text:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if cell[at : at + middle] in text:
            low = middle
        else:
            high = middle - 1
    return low
