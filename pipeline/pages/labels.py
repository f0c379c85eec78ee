"""Names for the ids on the pages, and where the pages of speakers and topics are."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline.pages.release_tables import ReleaseTables
from pipeline.pages.safe_text import file_name, on_one_line

# Small tables of people's hands, read whole. What they say may show on any page.
SMALL_TABLES = ("outlets", "topics", "events", "speaker_roles")


@dataclass
class Labels:
    """What ids are called, and which speakers have a page of their own."""

    outlets: Mapping[str, str] = field(default_factory=dict)
    outlet_about: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    # The group of each topic that is in one.
    topic_groups: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, list[str]] = field(default_factory=dict)
    paged_speakers: frozenset[str] = frozenset()
    fingerprint: str = ""

    def speaker_page(self, key: str) -> str | None:
        """Return the page of a speaker by key, from the folder `report`, or None when there is none."""
        return f"speakers/{self.speaker_file(key)}.html" if key in self.paged_speakers else None

    def topic_page(self, topic_id: str) -> str:
        """Return the page of a topic, from the folder `report`."""
        return f"topics/{self.topic_file(topic_id)}.html"

    def topics_of(self, group: str) -> list[str]:
        """Return the topics of a group in order of their labels; none for a topic that is no group."""
        found = [topic for topic, parent in self.topic_groups.items() if parent == group]
        return sorted(found, key=lambda topic: (self.topics.get(topic, topic), topic))

    @staticmethod
    def topic_file(topic_id: str) -> str:
        """Return the name of a topic's page without its ending."""
        return file_name(topic_id)

    @staticmethod
    def speaker_file(key: str) -> str:
        """Return the name of a speaker's page without its ending: `name-…` where only the name is shared."""
        # No id of the authority file has a hyphen.
        return "name-" + file_name(key[1:]) if key.startswith(":") else file_name(key)

    def outlet(self, outlet_id: str | None) -> str:
        """Return the name of an outlet."""
        return self.outlets.get(outlet_id, outlet_id) if outlet_id else "outlet not known"


def read_labels(tables: ReleaseTables, paged_speakers: frozenset[str]) -> Labels:
    """Return the labels that the small tables of a release give."""
    frames = {name: tables.whole(name) for name in SMALL_TABLES}
    content = json.dumps({name: frame.to_dicts() for name, frame in frames.items()}, default=str)
    roles: dict[str, list[str]] = {}
    for row in frames["speaker_roles"].to_dicts():
        roles.setdefault(row["speaker_id"], []).append(_role(row))
    return Labels(
        _column(frames["outlets"], "outlet_id", "name"),
        {row["outlet_id"]: _about_outlet(row) for row in frames["outlets"].to_dicts()},
        _column(frames["topics"], "topic_id", "label"),
        _column(frames["topics"], "topic_id", "definition"),
        dict(frames["topics"].select("topic_id", "parent_id").drop_nulls("parent_id").iter_rows()),
        _column(frames["events"], "event_id", "label"),
        roles,
        paged_speakers,
        hashlib.sha256(content.encode()).hexdigest(),
    )


def _column(frame: pl.DataFrame, key: str, value: str) -> dict[str, str]:
    return {one: on_one_line(other) for one, other in frame.select(key, value).iter_rows()}


def _about_outlet(row: Mapping[str, Any]) -> str:
    known = [row["kind"], row["country"], None if row["ownership"] == "unknown" else row["ownership"]]
    return ", ".join(str(one) for one in known if one)


def _role(row: Mapping[str, Any]) -> str:
    held = " ".join(on_one_line(one) for one in (row["role"], row["organisation"]) if one)
    days = [str(row[name]) if row[name] else "" for name in ("valid_from", "valid_to")]
    return f"{held} ({days[0]}–{days[1]})" if any(days) else held
