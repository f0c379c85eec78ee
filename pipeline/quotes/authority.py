"""The speaker authority file, ready for look-up by name, role and membership."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.document import Row
from pipeline.quotes.countries import Countries, build_countries
from pipeline.quotes.names import is_organisation


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
    return SpeakerAuthority(
        {row["speaker_id"]: row for row in speakers},
        {alias: tuple(sorted(ids)) for alias, ids in by_alias.items()},
        {speaker: tuple(rows) for speaker, rows in by_roles.items()},
        {group: tuple(rows) for group, rows in by_group.items()},
        build_countries(_countries_of(speakers, roles)),
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


def is_valid(row: Row, day: date) -> bool:
    """Say whether a role or membership was valid on the day."""
    return (row["valid_from"] is None or row["valid_from"] <= day) and (
        row["valid_to"] is None or day <= row["valid_to"]
    )
