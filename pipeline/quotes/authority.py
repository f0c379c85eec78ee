"""The speaker authority file, ready for look-up by name, role and membership."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.document import Row
from pipeline.quotes.countries import Countries, build_countries
from pipeline.quotes.names import is_organisation

# `Ministry of Foreign Affairs of the Republic of X` and `X's Foreign Ministry` are one office.
_NO_FIELD = frozenset(("the", "of", "for", "and", "affairs", "national", "federal", "people", "republic"))
_FIELDS: Mapping[str, str] = {"defence": "defense", "trade": "commerce", "economics": "economy"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as the tables show one."""

    speaker_id: str
    name: str
    speaker_type: str
    country: str | None
    gender: str | None
    role: str | None
    in_authority: bool


@dataclass(frozen=True)
class SpeakerAuthority:
    """The authority file, ready for look-up."""

    by_id: Mapping[str, Row]
    by_alias: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, tuple[Row, ...]]
    members: Mapping[str, tuple[Row, ...]]
    countries: Countries
    # Offices of states by country and the words of their field, however a text turns their name.
    by_office: Mapping[tuple[str, frozenset[str]], tuple[str, ...]]


def build_authority(
    speakers: Sequence[Row], aliases: Sequence[Row], roles: Sequence[Row], members: Sequence[Row]
) -> SpeakerAuthority:
    """Index the authority tables; an alias of two speakers stays ambiguous."""
    by_alias: dict[str, set[str]] = {}
    for row in speakers:
        by_alias.setdefault(alias_key(row["name"]), set()).add(row["speaker_id"])
    for row in aliases:
        by_alias.setdefault(alias_key(row["alias"]), set()).add(row["speaker_id"])
    by_roles: dict[str, list[Row]] = {}
    for row in roles:
        by_roles.setdefault(row["speaker_id"], []).append(row)
    by_group: dict[str, list[Row]] = {}
    for row in members:
        by_group.setdefault(row["group_id"], []).append(row)
    countries = build_countries(_countries_of(speakers, roles))
    by_office: dict[tuple[str, frozenset[str]], set[str]] = {}
    for row in speakers:
        office = office_key(row["name"], countries) if row["speaker_type"] == "institution" else None
        if office is not None:
            by_office.setdefault(office, set()).add(row["speaker_id"])
    return SpeakerAuthority(
        {row["speaker_id"]: row for row in speakers},
        {alias: tuple(sorted(ids)) for alias, ids in by_alias.items()},
        {speaker: tuple(rows) for speaker, rows in by_roles.items()},
        {group: tuple(rows) for group, rows in by_group.items()},
        countries,
        {key: tuple(sorted(ids)) for key, ids in by_office.items()},
    )


def _countries_of(speakers: Sequence[Row], roles: Sequence[Row]) -> list[tuple[str, str]]:
    """Return the countries of the authority file: institutions with a code in which a role is held."""
    organisations = {row["organisation"] for row in roles}
    return [
        (row["name"], row["country"])
        for row in speakers
        if row["speaker_type"] == "institution"
        and row["country"]
        and row["name"] in organisations
        and not is_organisation(row["name"].split())
    ]


def alias_key(name: str) -> str:
    """Return the form in which names are compared: no article, and case kept only in short capitals."""
    key = name.strip().replace("’", "'")
    key = re.sub(r"^[Tt]he\s+", "", key)
    return key if len(key) <= 5 and key.isupper() else key.casefold()


def office_key(name: str, countries: Countries) -> tuple[str, frozenset[str]] | None:
    """Return country and field of an office: the same for *X's Ministry of Foreign Affairs* and its turns.

    None for a name that holds no country, or no more than one word beside it.
    """
    country: str | None = None
    field: list[str] = []
    for word in name.replace("’", "'").split():
        code = countries.code(word)
        lower = word.lower().strip(".,").removesuffix("'s")
        if code is not None and country in (None, code):
            country = code
        elif lower not in _NO_FIELD:
            field.append(_FIELDS.get(lower, lower))
    return (country, frozenset(field)) if country is not None and len(field) > 1 else None


def is_valid(row: Row, day: date) -> bool:
    """Say whether a role or membership was valid on the day."""
    return (row["valid_from"] is None or row["valid_from"] <= day) and (
        row["valid_to"] is None or day <= row["valid_to"]
    )
