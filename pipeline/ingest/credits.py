"""Credits of news agencies: who wrote the text, who gave inputs, whose picture it is.

Names count only when the authority file knows an agency of that name: a line with a name may be anything.
"""

import re

from pipeline.ingest.known import Known, agency_credited
from pipeline.ingest.page import has_at_most

# Credited without a name: "With inputs from agencies".
UNNAMED = "agencies"
_UNNAMED = re.compile(r"(?:the |news |wire |other )*(?:agenc(?:y|ies)|wire services?|agency reports?)", re.I)
_JOINED = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s+and\s+|/|&|;|\|)\s*")
_GIVE = r"(?:inputs?|reporting|reports?|contributions?|material|information|files?|details|dispatches)"
_INPUTS = re.compile(
    rf"(?:(?:with|includes?|contains|based on|using)\s+(?:\w+\s+)?{_GIVE}\s+(?:from|by|of)\s+(?P<from>.+)"
    rf"|with\s+(?P<with>.+?)\s+{_GIVE}"
    r"|(?:this|the) (?:article|story|report)\s+(?:contains|includes|uses)\s+"
    rf"{_GIVE}\s+(?:from|by)\s+(?P<uses>.+)"
    r"|(?P<gave>.+?)\s+(?:also\s+)?contributed(?:\s+(?:to\s+(?:this|the)\s+\w+|reporting|to reporting))?)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"(?:©|\(c\)\s|copyright\b)[\s©]*(?:(?:19|20)\d\d)?[\s,:]*(?P<name>[^.©]+)", re.IGNORECASE
)
_SOURCE = re.compile(r"(?:source|agency|via|from)\s*[:：]\s*(?P<name>.+)", re.IGNORECASE)
_OUTER = " \t()[]–—-*.|"

_END_CREDIT = re.compile(
    r"(?<=[.!?\"”'’)])\s*(?:[(\[](?P<marked>[^()\[\]]{2,40})[)\]]|(?:--|–|—|-)\s?(?P<dashed>[^-–—.]{2,40}))\.?$"
)
_PICTURE = re.compile(
    r"(?:^|[\s.(\[])"
    r"(?:(?:file )?(?:photo|picture|image)s?(?:\s+(?:credit|by|courtesy of|source))?\s*[:：/]\s?"
    r"(?P<labelled>[^:.]{2,60})|©\s?(?P<owned>[^:.]{2,60})"
    r"|(?P<slashed>[^\W\d_][\w.'’ -]{1,40}/[^\W\d_][\w.'’ -]{1,40}))[)\]]?\.?$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\w\s+\((?P<name>[^()]{2,40})\)$")
_TAIL = 120


def credit_in_line(known: Known, text: str) -> tuple[str, list[str]] | None:
    """Read a line below a text that credits agencies: their role (origin, inputs) and names, if it is one.

    `Source: Xinhua`, `(Xinhua)`, `© 2024 Reuters` give the origin; two names alone, or words such as *with
    inputs from*, give inputs.
    """
    if len(text) > 160 or not has_at_most(text, 20):
        return None
    line = text.strip(_OUTER)
    inputs = _INPUTS.fullmatch(line)
    if inputs:
        names = _agencies(known, next(part for part in inputs.groups() if part), some=True)
        return ("inputs", names) if names else None
    stated = _SOURCE.fullmatch(line) or _RIGHTS.match(line)
    names = _agencies(known, stated["name"] if stated else line, some=False)
    # A line with the one word "agencies" says that they gave something, not that one of them wrote it.
    return ("origin" if len(names) == 1 and names != [UNNAMED] else "inputs", names) if names else None


def end_credit(known: Known, text: str) -> tuple[str, int] | None:
    """Return the agency that signs behind the last sentence of a text, and where its mark starts."""
    tail = text[-_TAIL:]
    found = _END_CREDIT.search(tail)
    name = found["marked"] or found["dashed"] if found else None
    if found is None or name is None or not _is_agency(known, name):
        return None
    return name.strip(), len(text) - len(tail) + found.start()


def picture_credit(known: Known, text: str) -> str | None:
    """Return the agency credited at the end of a caption that has no other mark of one."""
    if not has_at_most(text, 80):
        return None
    tail = text[-_TAIL:]
    bracketed = _IN_BRACKETS.search(tail)
    if bracketed and has_at_most(text, 40) and _is_agency(known, bracketed["name"]):
        return bracketed["name"]
    found = _PICTURE.search(tail)
    if found is None:
        return None
    parts = [p for p in _JOINED.split(found["labelled"] or found["owned"] or found["slashed"]) if p]
    # A sentence may run into the name before the slash: "… on Monday REUTERS/Ann Lee".
    parts += [parts[0].split()[-1], " ".join(parts[0].split()[-2:])] if found["slashed"] else []
    return next((part for part in parts if _is_agency(known, part)), None)


def is_unnamed(name: str) -> bool:
    """Tell whether a credit says *agencies* and names none."""
    return _UNNAMED.fullmatch(name.strip(_OUTER)) is not None


def _agencies(known: Known, names: str, *, some: bool) -> list[str]:
    """Return the agencies of a list; without `some`, none unless all of the list are agencies."""
    parts = [part.strip(_OUTER) for part in _JOINED.split(names)]
    found = [UNNAMED if is_unnamed(part) else part for part in parts if part]
    agencies = [part for part in found if part == UNNAMED or _is_agency(known, part)]
    return agencies if some or len(agencies) == len(found) else []


def _is_agency(known: Known, name: str) -> bool:
    return known.kinds.get(agency_credited(known, name.strip(_OUTER)) or "") == "agency"
