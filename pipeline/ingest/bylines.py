"""Bylines: who wrote an article, from where, and for whom."""

import re
from dataclasses import dataclass, replace

from pipeline.ingest.known import Known, outlet_named, outlets_named_in
from pipeline.ingest.page import has_at_most

_OPENER = re.compile(
    r"^[\s\-–—•*|]{0,5}(?:(?:Text|Story|Written|Reported|Words|Report)\s+)?by\b\s{0,3}:?\s{0,3}(?=\S)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:\bContact (?:the )?(?:writers?|reporters?|authors?)\b|\bE-?mail(?: the \w+)?\s{0,3}:"
    r"|[\w.+\-]{1,60}@[\w\-]{1,60}\.)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+\-]{1,60}@((?:[\w\-]{1,60}\.){1,4}[A-Za-z]{2,12})")
_ROLE = re.compile(
    r"\b(?:reporters?|correspondents?|editors?|writers?|columnists?|contributors?|journalists?|analysts?"
    r"|commentators?|staff|bureau|chief|fellow|professor|researchers?|director|intern|freelancers?"
    r"|producers?|anchor|special to)\b",
    re.IGNORECASE,
)
_FORMERLY = re.compile(
    r"\b(?:former(?:ly)?|ex|previous(?:ly)?|once|used to|worked|was|retired)\b", re.IGNORECASE
)
_NOT_A_PERSON = frozenset(
    {
        "agency", "agencies", "bureau", "correspondents", "daily", "desk", "global", "herald", "journal",
        "magazine", "media", "ministry", "news", "newsroom", "office", "online", "post", "press", "radio",
        "report", "reuters", "review", "service", "staff", "team", "television", "times", "today", "tribune",
        "tv", "weekly", "wire", "world", "xinhua",
    }
)  # fmt: skip
_PARTICLES = frozenset(
    {
        "al", "bin", "bint", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn", "la",
        "le", "ten", "ter", "van", "von", "y",
    }
)  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:;|,?\s+and\s+|\s+&\s+|\s+und\s+|\s+et\s+)\s*", re.IGNORECASE)
_FOR_OUTLET = re.compile(
    r"^(?P<who>[^()]{2,80}?)\s*(?:\sfor\s+(?P<for>(?:the\s)?[A-Z][^()]{1,60})|\((?P<in>[A-Z][^()]{1,60})\))$"
)
_IN_PLACE = re.compile(r"^(?P<who>.{2,80}?)\s+(?:in|from)\s+(?P<place>[A-Z].{1,60})$")


@dataclass(frozen=True, slots=True)
class Author:
    """An author as the page presents them."""

    name: str
    title: str | None = None
    place: str | None = None
    description: str | None = None
    has_email: bool = False


@dataclass(frozen=True, slots=True)
class Byline:
    """A byline: the words without the address, where they end, the people and the outlet they name."""

    printed: str
    printed_end: int
    authors: tuple[Author, ...]
    outlet_id: str | None
    email_domains: tuple[str, ...]
    unread: str | None


def read_byline(text: str, known: Known) -> Byline | None:
    """Read a line that opens with *By*; None when it is not a byline."""
    opener = _OPENER.match(text[:60])
    if opener is None or len(text) > 400:
        return None
    contact = _CONTACT.search(text, opener.end())
    end = contact.start() if contact else len(text)
    printed_end = len(text[:end].rstrip(" -–—|•(<[,;:"))
    names = text[opener.end() : printed_end]
    if not names:
        return None
    authors, outlet_id, unread = read_names(names, known)
    if not authors and outlet_id is None and not _could_be_credit(names):
        return None
    domains = email_domains(text)
    if domains:
        authors = tuple(replace(author, has_email=True) for author in authors)
    printed = text[:printed_end].lstrip(" \t-–—•*|")
    return Byline(printed, printed_end, authors, outlet_id, domains, unread)


def read_unmarked_byline(text: str, known: Known) -> Byline | None:
    """Read a byline that does not open with *By*: each name has a place, a role or an outlet with it."""
    if not has_at_most(text, 14) or _OPENER.match(text[:60]):
        return None
    authors, outlet_id, unread = read_names(text, known)
    told = bool(outlet_id) or all(author.place or author.title for author in authors)
    if not authors or unread or not told:
        return None
    return Byline(text, len(text), authors, outlet_id, (), None)


def read_affiliation(text: str, known: Known) -> tuple[str, str | None] | None:
    """Read the line under a byline that names the outlet, and perhaps the place: *Quay Times, Tavenholm*."""
    if not has_at_most(text, 8):
        return None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    named = [outlet_id for part in parts if (outlet_id := outlet_named(known, part))]
    others = [part for part in parts if not outlet_named(known, part) and not _ROLE.search(part)]
    if len(named) != 1 or len(others) > 1 or not all(_is_place(part) for part in others):
        return None
    return named[0], others[0] if others else None


def read_names(text: str, known: Known) -> tuple[tuple[Author, ...], str | None, str | None]:
    """Read a list of authors; return them, the outlet named among them, and words that were not read."""
    authors: list[Author] = []
    outlet_id: str | None = None
    unread: list[str] = []
    text = " ".join(text.split())
    whole = outlet_named(known, text)
    if whole:
        return (), whole, None
    for part in re.split(r"\s*[|/•–—]\s*|\s+-\s+", text):
        for piece in _pieces(part):
            named = outlet_named(known, piece)
            affiliated = None if named else _affiliated(piece, known)
            in_place = _IN_PLACE.match(piece)
            if named:
                outlet_id = outlet_id or named
            elif affiliated:
                who, employer = affiliated
                authors.append(Author(initial_capitals(who)))
                employer_id = outlet_named(known, employer)
                outlet_id = outlet_id or employer_id
                if employer_id is None:
                    unread.append(employer)
            elif in_place and is_person(in_place["who"]):
                place = in_place["place"].strip(" .,")
                authors.append(Author(initial_capitals(in_place["who"].strip()), place=place))
            elif _ROLE.search(piece):
                outlet_id = outlet_id or next((found for found, _, _ in outlets_named_in(known, piece)), None)
                if authors and authors[-1].title is None:
                    authors[-1] = replace(authors[-1], title=piece)
                else:
                    unread.append(piece)
            elif is_person(piece):
                authors.append(Author(initial_capitals(piece.strip(" ."))))
            else:
                unread.append(piece)
    return tuple(authors), outlet_id, "; ".join(unread) or None


def _affiliated(piece: str, known: Known) -> tuple[str, str] | None:
    """Divide a name from the outlet with it: *Ann Lee for Quay Post*, *Ann Lee (Wire)*, *Ann Lee Wire*."""
    match = _FOR_OUTLET.match(piece)
    if match:
        return (match["who"].strip(), match["for"] or match["in"]) if is_person(match["who"]) else None
    words = piece.split()
    for first in range(2, min(len(words), 6)):
        who, rest = " ".join(words[:first]), " ".join(words[first:])
        if outlet_named(known, rest) and is_person(who):
            return who, rest
    return None


def is_person(text: str) -> bool:
    """Tell whether words have the form of a person's name, and none of them belongs to an organisation."""
    words = text.strip(" .,").split()
    if not 1 < len(words) <= 5:
        return len(words) == 1 and _is_unspaced_name(words[0])
    for word in words:
        plain = word.strip(".,'’").casefold()
        if plain in _PARTICLES:
            continue
        if (
            plain in _NOT_A_PERSON
            or plain == "the"
            or any(c.isdigit() for c in word)
            or not word[0].isupper()
        ):
            return False
    return not _ROLE.search(text)


def read_title(text: str) -> tuple[str | None, str | None]:
    """Divide an author's title from the place that may follow it: *Reporter, Quay Town*."""
    text = " ".join(text.split())
    title, comma, place = text.rpartition(",")
    place = place.strip(" .")
    if comma and title.strip() and _is_place(place):
        return title.strip(), place
    in_place = _IN_PLACE.match(text)
    if in_place and _is_place(in_place["place"].strip(" .")) and _ROLE.search(in_place["who"]):
        return in_place["who"].strip(), in_place["place"].strip(" .")
    return text.strip() or None, None


def outlet_in_description(text: str, known: Known) -> str | None:
    """Return the outlet for which a description says that somebody works: *Quay Times reporter*."""
    found = set()
    for outlet_id, start, end in outlets_named_in(known, text[:2000]):
        # A government is what is reported on: "White House correspondent".
        if known.kinds.get(outlet_id) == "government":
            continue
        after, before = text[end : end + 60], text[max(0, start - 60) : start]
        if _FORMERLY.search(before.rpartition(". ")[2]):
            continue
        # "reporter following the Quay Times" is no employment; "reporter with the Quay Times" is.
        if re.match(r"(?:['’]s?)?\s+(?:\w+\s+){0,2}?" + _ROLE.pattern, after, re.IGNORECASE) or re.search(
            _ROLE.pattern + r"\s+(?:\w+\s+)?(?:with|at|for|of)\s+(?:the\s+)?$", before, re.IGNORECASE
        ):
            found.add(outlet_id)
    return found.pop() if len(found) == 1 else None


def email_domains(text: str) -> tuple[str, ...]:
    """Return the domains of the e-mail addresses in a short text."""
    return tuple(dict.fromkeys(domain.casefold() for domain in _ADDRESS.findall(text[:2000])))


def without_addresses(text: str) -> str:
    """Return a text without the e-mail addresses in it: personal data, which is not kept."""
    if "@" not in text:
        return text
    return " ".join(
        re.sub(r"[(<\[]?[\w.+\-]{1,60}@[\w\-]{1,60}(?:\.[\w\-]{1,60}){1,4}[)>\]]?", " ", text).split()
    )


def is_contact(text: str) -> bool:
    """Tell whether a line does no more than say how to reach the writers."""
    return len(text) <= 300 and re.match(r"^[\s\-–—(]*" + _CONTACT.pattern, text, re.IGNORECASE) is not None


def initial_capitals(name: str) -> str:
    """Write a name printed in capitals with initial capitals; others stay as they are."""
    if not name.isupper():
        return name
    return re.sub(r"[^\W\d_]+", lambda m: m.group()[0] + m.group()[1:].lower(), name)


def _pieces(part: str) -> list[str]:
    pieces: list[str] = []
    for piece in _BETWEEN.split(part):
        halves = [half.strip() for half in piece.split(",") if half.strip()]
        # "Reporter, Quay Town" is one person's; "Ann Lee, Bo Dahl" are two: each half is read by itself.
        pieces += halves
    return pieces


def _is_place(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= 4
        and all(word[0].isupper() for word in words)
        and not _ROLE.search(text)
        and not any(word.casefold() in _NOT_A_PERSON for word in words)
    )


def _is_unspaced_name(word: str) -> bool:
    """Tell whether a word is a name in a script that puts no space between family and given name."""
    return 2 <= len(word) <= 5 and all("\u3400" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in word)


def _could_be_credit(names: str) -> bool:
    """Tell whether the words after *By* are capitalised like a name: *By Quay Desk*, not *By noon on*."""
    words = names.split()
    return len(words) <= 6 and all(word[0].isupper() or word[0] in "(&|/" for word in words)
