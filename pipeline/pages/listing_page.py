"""Pages of speakers and topics: their quotes by occasion, the outlets side by side."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.pages.document_page import headline
from pipeline.pages.labels import Labels
from pipeline.pages.listings import Place
from pipeline.pages.lists import pager
from pipeline.pages.safe_text import on_one_line, shortened
from pipeline.pages.wording import counted, doubts

Row = Mapping[str, Any]

_TEXT = 400
_DAYS = "By the day on which it was said; where that is not known, by the date of the document."


class Said(NamedTuple):
    """A quote on a listing: its place (day, event_id), its row and that of its article."""

    place: Row
    quote: Row
    article: Row


class Item(NamedTuple):
    """What a listing shows of a quote."""

    article_id: str
    anchor: str
    text: str
    who: str
    kind: str
    act: str
    cue: str
    headline: str
    doubts: Sequence[str]
    classes: str


def speaker_page(key: str, name: str, found: Sequence[Said], place: Place, labels: Labels) -> dict[str, Any]:
    """Return what a page of a speaker shows."""
    only_named = key.startswith(":")
    about = [*labels.roles.get(key, ()), f"name_key: {key[1:]}" if only_named else f"speaker_id: {key}"]
    note = (
        "The documents share this name and nothing more is known: it may stand for several people or groups. "
        "Each document has a speaker of its own in the tables."
    )
    title = on_one_line(name)
    return {
        **_listing(found, about, place.n, labels, with_speaker=False),
        "note": note if only_named else "",
        "members": [],
        **pager(title, labels.speaker_file(key), place),
    }


def topic_page(topic_id: str, found: Sequence[Said], place: Place, labels: Labels) -> dict[str, Any]:
    """Return what a page of a topic shows."""
    definition, members = labels.definitions.get(topic_id), labels.topics_of(topic_id)
    about = [*([definition] if definition else []), f"topic_id: {topic_id}"]
    return {
        **_listing(found, about, place.n, labels, with_speaker=True),
        "note": "" if found or members else "No quote has this topic.",
        "members": [(labels.topics.get(one, one), labels.topic_page(one)) for one in members],
        **pager(labels.topics.get(topic_id, topic_id), labels.topic_file(topic_id), place),
    }


def _listing(
    found: Sequence[Said], about: Sequence[str], n: int | None, labels: Labels, *, with_speaker: bool
) -> dict[str, Any]:
    groups: dict[tuple[object, object], dict[str, list[Item]]] = {}
    for said in found:
        outlets = groups.setdefault((said.place["day"], said.place["event_id"]), {})
        outlet = labels.outlet(said.article["outlet_id"])
        outlets.setdefault(outlet, []).append(_shown(said, with_speaker=with_speaker))
    lines = [*about, f"{counted(n, 'quote')} in all. {_DAYS}"] if n else list(about)
    return {
        "about": lines,
        "groups": [
            {"label": _occasion(day, event_id, labels), "outlets": sorted(outlets.items())}
            for (day, event_id), outlets in groups.items()
        ],
    }


def _occasion(day: object, event_id: object, labels: Labels) -> str:
    shown = str(day) if day else "Day not known"
    return f"{shown}: {labels.events.get(str(event_id), str(event_id))}" if event_id else shown


def _shown(said: Said, *, with_speaker: bool) -> Item:
    quote, article = said.quote, said.article
    unsure = quote["confidence"] is None or quote["confidence"] < 0.5
    name = quote["speaker_name"] or f"{quote['source_mention'] or 'nobody named'} (not resolved)"
    uncertain = [one for one in doubts(quote, article["is_translation"]) if not one.startswith("speaker")]
    if article["analysis_date_imputed"] and said.place["day"] == article["analysis_date"]:
        uncertain.append("date imputed")
    return Item(
        article_id=quote["article_id"],
        anchor=quote["quote_id"].rsplit(":", 1)[1],
        text=shortened(quote["quote_text"], _TEXT),
        who=on_one_line(name) if with_speaker else "",
        kind=quote["quote_type"],
        act=quote["illocution"] or "",
        cue=on_one_line(quote["cue"]) if quote["cue"] else "",
        headline=shortened(headline(article), 90),
        doubts=uncertain,
        classes=" ".join([quote["quote_type"], *(["unsure"] if unsure else [])]),
    )
