"""Where a sentence was broken over lines or blocks of a page, told by the words at the break."""

import re
from html import unescape

# In code points: as much of a line as is looked at.
_END = 40
_START = 60
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_STOPPED = re.compile(r"[.!?…。:]['\"’”»)\]]*$")
_ABBREVIATED = re.compile(r"(?:^|\s)(?:Mr|Mrs|Ms|Dr|Gen|Sen|Prof|Gov|Rep|Rev|St)\.$")
# Words after which no sentence, title or heading ends.
_HANGING = re.compile(
    r"(?:[,–—(“‘]|(?:^|\s)(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|but|that|which|whose|as|than|into"
    r"|between|among|against|about|said|says|told|tells|asked|according|its|his|her|their|our|this|these|those"
    r"|is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should))$"
)
# Words before the name of the one who bears them.
_TITLE = re.compile(
    r"(?:^|\s)(?:minister|president|premier|chancellor|mayor|leader|secretary|spokes(?:man|woman|person)"
    r"|governor|senator|ambassador|king|queen|prince|princess|professor|doctor|director|chief|chair(?:man|woman)?"
    r"|commissioner|councillor|envoy|judge|general|captain|secretary-general|head|master|by)$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    # A small letter; but not an address, byline, date, numbered item or a name that opens so.
    r"(?!https?:|www\.|\S+@|by\s+[^\W\d_a-z]|(?:date|dated|posted|published|updated|time)\b[\s:]*\d|[a-z][.)]\s"
    r"|[ivx]{1,4}[.)]\s|h/t|via\b|[a-z]{1,2}[A-Z]|(?:al|el|ben|bin|de|di|da|la|le|van|von|der)[- ][A-Z]"
    r"|\w+(?:\.\w+)+(?:/|$))[^\W\d_]"
    # A mark that closes something or stands behind a word, or that opens on a small letter.
    r"|[,;.!?)\]”»](?![.?\d])|[“‘«]\s?[a-z]|[’'](?:s\b|\s|,|$)|\"(?:[.,;]|\s?[a-z]|$)|[—–]\s?[a-z]"
)


def is_open(text: str) -> bool:
    """Tell whether a text ends where a sentence cannot: with no full stop, mark or colon."""
    end = _end(text)
    return bool(end) and (_STOPPED.search(end) is None or _ABBREVIATED.search(end) is not None)


def is_hanging(text: str) -> bool:
    """Tell whether a text ends with a word or comma that something has to follow."""
    end = _end(text)
    return _HANGING.search(end) is not None or _ABBREVIATED.search(end) is not None


def ends_with_title(text: str) -> bool:
    """Tell whether a text ends with a title that a name may follow."""
    return _TITLE.search(_end(text)) is not None


def goes_on(text: str) -> bool:
    """Tell whether a text opens as only the rest of a sentence does: a small letter, a closing mark."""
    start = _plain(text[:_START]).lstrip()
    found = _GOES_ON.match(start)
    return found is not None and not start[0].isupper() and not start[0].isdigit()


def is_sequel(before: str, after: str) -> bool:
    """Tell whether a text goes on with the sentence that another one leaves open."""
    return is_open(before) and (goes_on(after) or is_hanging(before))


def _end(text: str) -> str:
    return _plain(text[-_END:]).rstrip()


def _plain(text: str) -> str:
    if "&" in text:
        text = unescape(unescape(text))
    return _INVISIBLE.sub("", text)
