"""Cells of a sheet that goes through a spreadsheet and comes back."""

import re
import unicodedata

from pipeline.publish.dictionary import defused

_APOSTROPHE = "'"

_YES = frozenset(
    (
        *("yes", "y", "true", "1", "x", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sí", "s", "vero"),
        *("verdadero", "verdadeiro", "sim", "да", "д", "是", "对"),
    )
)
_NO = frozenset(
    ("no", "n", "false", "0", "nein", "falsch", "non", "faux", "falso", "não", "нет", "н", "否", "不", "错")
)


class NotAnAnswer(ValueError):
    """A cell that is neither yes nor no."""


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, so that `restored` gives the text back."""
    if text.startswith((_APOSTROPHE, "\n")):
        return _APOSTROPHE + text
    return defused(text)


def restored(cell: str) -> str:
    """Return the text of a guarded cell; one whose guard the spreadsheet took off is as it was, too."""
    inner = cell[1:]
    if cell.startswith(_APOSTROPHE) and inner and guarded(inner) == cell:
        return inner
    return cell


def yes_or_no(cell: str) -> bool | None:
    """Return the answer in a cell as people and spreadsheets write it; None: empty. Raises NotAnAnswer."""
    word = unicodedata.normalize("NFC", restored(cell).strip().strip(".!").casefold())
    if not word:
        return None
    # A spreadsheet may show a 1 as 1.0 or 1,00.
    if re.fullmatch(r"[01][.,]0+", word):
        word = word[0]
    if word in _YES or word in _NO:
        return word in _YES
    raise NotAnAnswer(word)


def whole_number(cell: str) -> int:
    """Return a number as spreadsheets show it (1204, 1204.0, 1 204). Raises ValueError."""
    text = restored(cell).strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    for mark in (".", ","):
        head, found, tail = text.partition(mark)
        if found and head.isdigit() and not tail.strip("0"):
            text = head
    if not text.isascii() or not text.isdigit():
        raise ValueError(text)
    return int(text)
