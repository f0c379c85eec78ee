"""What the readers of pages know before they read: names of outlets, and labels of header fields."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.reference import Reference

_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True)
class Known:
    """Compiled look-ups. Keys are in the form that `key_of` gives."""

    names: Mapping[str, str]
    credits: Mapping[str, str]
    email_domains: Mapping[str, str]
    page_marks: Mapping[str, str]
    kinds: Mapping[str, str]
    labels: Mapping[str, str]
    name_pattern: re.Pattern[str] | None


def compile_known(reference: Reference) -> Known:
    """Build the look-ups of outlets and header labels from the authority files and codebooks."""
    kinds = {row["outlet_id"]: row["kind"] for row in reference.rows("outlets")}
    names = {key_of(row["name"]): row["outlet_id"] for row in reference.rows("outlets")}
    printed = {row["name"] for row in reference.rows("outlets")}
    by_use: dict[str, dict[str, str]] = {"name": names, "credit": {}, "email_domain": {}, "page_mark": {}}
    for row in reference.rows("outlet_aliases"):
        by_use[row["alias_use"]][key_of(row["alias"])] = row["outlet_id"]
        if row["alias_use"] == "name":
            printed.add(row["alias"])
    return Known(
        names=names,
        credits={**names, **by_use["credit"]},
        email_domains=by_use["email_domain"],
        page_marks=by_use["page_mark"],
        kinds=kinds,
        labels={label_key(row["label"]): row["field"] for row in reference.rows("header_fields")},
        name_pattern=_alternatives(printed),
    )


def outlet_named(known: Known, name: str) -> str | None:
    """Return the outlet whose name this is, whatever its capitals and with or without *The*."""
    return _look_up(known.names, name)


def agency_credited(known: Known, credit: str) -> str | None:
    """Return the outlet that a credit names; a credit may be shorter than a name."""
    return _look_up(known.credits, credit)


def outlet_of_address(known: Known, domain: str) -> str | None:
    """Return the outlet to whose writers an e-mail domain belongs, subdomains included."""
    parts = domain.casefold().rstrip(".").split(".")
    for first in range(len(parts) - 1):
        found = known.email_domains.get(".".join(parts[first:]))
        if found:
            return found
    return None


def outlet_of_page_mark(known: Known, line: str) -> str | None:
    """Return the outlet on whose pages alone such a line stands."""
    return known.page_marks.get(key_of(line)) if len(line) <= 120 else None


def outlets_named_in(known: Known, text: str) -> Iterator[tuple[str, int, int]]:
    """Give every outlet named in a text, with the span of its name (code points of this text)."""
    if known.name_pattern is None:
        return
    for match in known.name_pattern.finditer(text):
        found = outlet_named(known, match.group())
        if found:
            yield found, match.start(), match.end()


def key_of(name: str) -> str:
    """Return a name as it is compared: no case, single spaces, no outer punctuation."""
    return " ".join(name.casefold().strip(" \t.,:;()[]/\"'“”‘’").split())


def label_key(label: str) -> str:
    """Return a header label as it is compared: no case, no numbers, no punctuation."""
    words = _NUMBERS.sub(" ", label.casefold())
    return " ".join("".join(c if c.isalpha() else " " for c in words).split())


def _look_up(table: Mapping[str, str], name: str) -> str | None:
    if len(name) > 120:
        return None
    key = key_of(name)
    return table.get(key) or table.get(key.removeprefix("the "))


def _alternatives(names: Iterable[str]) -> re.Pattern[str] | None:
    # The longest first: "China Daily Global Weekly" is not "China Daily".
    ordered = sorted(names, key=lambda name: (-len(name), name))
    if not ordered:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")
