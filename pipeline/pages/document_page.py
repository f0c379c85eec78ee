"""The page of one document: its text with every quote marked, and a card for each quote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.pages.labels import Labels
from pipeline.pages.marked_text import Block, Mark, Span, marked_text
from pipeline.pages.safe_text import on_one_line, shortened, visible, web_address
from pipeline.pages.wording import (
    DATE_BASIS,
    EVENT,
    LANGUAGE_BASIS,
    OUTLET_BASIS,
    RESOLUTION,
    SAID_DATE,
    doubts,
    words,
)

Row = Mapping[str, Any]

# Hues; with five styles of line, forty speakers of a document look different.
_HUES = 8
_LINES = 5
_TEXT_ON_CARD = 160
_LABEL = 22
# Topics beside the date; all of them stand with the facts.
_MAIN_TOPICS = 4


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of a quote shows."""

    no: int
    anchor: str
    quote_id: str
    name: str
    named: Sequence[tuple[str, str | None]]
    short: str
    role: str
    classes: str
    kind: str
    region: str
    text: str
    continued: bool
    doubts: Sequence[str]
    rows: Sequence[tuple[str, str]]
    topics: Sequence[tuple[str, str]]
    # What it is to another quote, that quote's anchor and number.
    relations: Sequence[tuple[str, str, int]]


def document_page(
    article: Row,
    text: str,
    blocks: Sequence[Row],
    quotes: Sequence[Row],
    spans: Sequence[Row],
    speakers: Mapping[str, Sequence[Row]],
    topics: Sequence[str],
    pairs: Sequence[tuple[str, float]],
    labels: Labels,
) -> dict[str, Any]:
    """Return what the template of a document's page shows.

    `speakers` holds the rows of quote_speakers by quote, `topics` the ids of the article's topics, `pairs`
    the ids of articles with much text in common and the share.
    """
    who = _speakers(quotes, speakers, labels)
    numbers = {quote["quote_id"]: quote["quote_no"] for quote in quotes}
    cards = [_card(quote, who[_voice(quote)], article, numbers, labels) for quote in quotes]
    marks = {
        card.no: Mark(
            card.anchor,
            f"{card.no} {card.short}",
            f"Quote {card.no}: {card.name}, {card.kind}",
            quote["level"],
            card.classes,
        )
        for card, quote in zip(cards, quotes, strict=True)
    }
    shown = marked_text(
        text,
        [Block(row["block_type"], row["char_start"], row["char_end"]) for row in blocks],
        [
            Span(
                numbers[row["quote_id"]],
                row["span_role"],
                row["char_start"],
                row["char_end"],
                row["is_continuation"],
            )
            for row in spans
        ],
        marks,
    )
    return {
        "title": headline(article),
        "article_id": article["article_id"],
        "text": shown,
        "cards": cards,
        "voices": sorted(who.values(), key=lambda voice: -int(voice["n"])),
        "facts": facts(article, labels),
        "rights": rights(article, labels),
        "main_topics": _topic_links(topics[:_MAIN_TOPICS], labels),
        "topics": _topic_links(topics, labels) if len(topics) > _MAIN_TOPICS else [],
        "pairs": [(other, f"{share:.0%}") for other, share in pairs],
        "outlet": labels.outlet(article["outlet_id"]),
        "day": article["analysis_date"],
        "imputed": words(article["analysis_date_basis"], DATE_BASIS)
        if article["analysis_date_imputed"]
        else None,
        "is_translation": article["is_translation"],
        "lang": article["language"] or "",
    }


def headline(article: Row) -> str:
    """Return the headline of an article on one line, or the name of its file for an article without one."""
    name = on_one_line(article["raw_path"].rpartition("/")[2])
    return on_one_line(article["headline"] or "") or f"{name} (no headline)"


def _voice(quote: Row) -> str:
    if not quote["n_speakers"]:
        return ""
    return str(quote["speaker_id"] or quote["speaker_name"])


def _speakers(
    quotes: Sequence[Row], speakers: Mapping[str, Sequence[Row]], labels: Labels
) -> dict[str, dict[str, Any]]:
    """Return the voices of a document in order of appearance, each with its look."""
    who: dict[str, dict[str, Any]] = {}
    number = 0
    for quote in quotes:
        key = _voice(quote)
        if key not in who:
            rows = speakers.get(quote["quote_id"], ())
            named = [(on_one_line(r["speaker_name"]), _page_of(r["speaker_id"], labels)) for r in rows]
            look = f"v{number % _HUES} l{number % _LINES}" if key else "open"
            number += 1 if key else 0
            who[key] = {
                "named": named,
                "name": "; ".join(name for name, _ in named) or "speaker not resolved",
                "short": _short(named),
                "look": look,
                "role": on_one_line(quote["speaker_role"] or ""),
                "n": 0,
                "first": quote["quote_id"].rsplit(":", 1)[1],
            }
        who[key]["n"] += 1
    return who


def _page_of(speaker_id: str, labels: Labels) -> str | None:
    before, colon, name_key = speaker_id.partition(":")
    return labels.speaker_page(colon + name_key if colon else before)


def _short(named: Sequence[tuple[str, str | None]]) -> str:
    if not named:
        return "?"
    first = named[0][0]
    # The whole name: which part is the family name differs from country to country.
    short = first if len(first) <= _LABEL else first[: _LABEL - 1].rstrip() + "…"
    return short + (f" +{len(named) - 1}" if len(named) > 1 else "")


def _card(
    quote: Row, voice: Mapping[str, Any], article: Row, numbers: Mapping[str, int], labels: Labels
) -> Card:
    confidence = quote["confidence"]
    unsure = confidence is None or confidence < 0.5
    classes = [voice["look"], quote["quote_type"]]
    classes += [name for name, holds in (("unsure", unsure), ("negated", quote["is_negated"])) if holds]
    topics = [one for one in (quote["topics"] or "").split("; ") if one]
    rows: list[tuple[str, str]] = []
    if quote["source_mention"]:
        rows.append(("Source mention", on_one_line(quote["source_mention"])))
    rows.append(("Found by", words(quote["resolution"], RESOLUTION)))
    if quote["cue"]:
        about = ", ".join(words(quote[name]) for name in ("cue_class", "cue_class_2") if quote[name])
        rows.append(("Cue", on_one_line(quote["cue"]) + (f" ({about})" if about else "")))
    if quote["illocution"]:
        evidence = quote["illocution_evidence"]
        because = f" (“{shortened(evidence, 60)}”)" if evidence else ""
        rows.append(("Speech act", quote["illocution"] + because))
    if quote["said_date"]:
        rows.append(("Said on", f"{quote['said_date']} ({words(quote['said_date_basis'], SAID_DATE)})"))
    if quote["event_id"]:
        label = labels.events.get(quote["event_id"], quote["event_id"])
        rows.append(("Event", f"{label} ({words(quote['event_basis'], EVENT)})"))
    rows.append(("Confidence", "not measured" if confidence is None else f"{confidence:.2f}"))
    relations = []
    if quote["parent_quote_id"] in numbers:
        relations.append(("reported inside quote", *_place(quote["parent_quote_id"], numbers)))
    if quote["duplicate_of"] in numbers:
        relations.append(("repeats quote", *_place(quote["duplicate_of"], numbers)))
    return Card(
        no=quote["quote_no"],
        anchor=quote["quote_id"].rsplit(":", 1)[1],
        quote_id=quote["quote_id"],
        name=voice["name"],
        named=voice["named"],
        short=voice["short"],
        role=on_one_line(quote["speaker_role"] or ""),
        classes=" ".join(classes),
        kind=quote["quote_type"],
        region="" if quote["region"] == "body" else words(quote["region"]),
        text=shortened(quote["quote_text"], _TEXT_ON_CARD),
        continued=quote["has_continuation"],
        doubts=doubts(quote, article["is_translation"]),
        rows=rows,
        topics=_topic_links(topics, labels),
        relations=relations,
    )


def _place(quote_id: str, numbers: Mapping[str, int]) -> tuple[str, int]:
    return quote_id.rsplit(":", 1)[1], numbers[quote_id]


def _topic_links(topics: Sequence[str], labels: Labels) -> list[tuple[str, str]]:
    return [(labels.topics.get(one, one), labels.topic_page(one)) for one in topics]


def facts(article: Row, labels: Labels) -> list[tuple[str, str]]:
    """Return what is known of an article and where each fact comes from, for a list."""
    outlet = article["outlet_id"]
    day = article["analysis_date"]
    imputed = ", imputed: not the stated date of publication" if article["analysis_date_imputed"] else ""
    found = [
        (
            "Outlet",
            f"{labels.outlet(outlet)} ({words(article['outlet_basis'], OUTLET_BASIS)})"
            if outlet
            else f"not known ({words(article['outlet_basis'], OUTLET_BASIS)})",
        ),
        ("Kind of document", words(article["document_type"])),
        (
            "Date used for time series",
            f"{day} (from {words(article['analysis_date_basis'], DATE_BASIS)}{imputed})"
            if day
            else "none: no date is stated",
        ),
    ]
    published = article["published_edtf"]
    if published:
        evidence = article["published_evidence"]
        because = f", “{shortened(evidence, 80)}”" if evidence else ""
        found.append(
            ("Published", f"{published} (from {words(article['published_basis'], DATE_BASIS)}{because})")
        )
    for name, value in (
        ("Republished by", labels.outlet(article["republisher_id"]) if article["republisher_id"] else None),
        (
            "Agency",
            f"{labels.outlet(article['agency_id'])} ({words(article['agency_role'])})"
            if article["agency_id"]
            else None,
        ),
        ("Byline", article["byline"]),
        ("Dateline", article["dateline_place"]),
        ("Section", article["section"]),
        ("Event", labels.events.get(article["event_id"], article["event_id"])),
        (
            "Language",
            article["language"] or f"not told ({words(article['language_basis'], LANGUAGE_BASIS)})",
        ),
        ("Translation", "yes: direct quotes are not verbatim" if article["is_translation"] else None),
        ("Words", f"{article['n_words']:,}"),
        ("Raw file", article["raw_path"]),
        ("Read as", f"{article['encoding']}, layout {article['layout']}"),
        ("article_id", article["article_id"]),
    ):
        if value:
            found.append((name, shortened(str(value), 400)))
    return found


def rights(article: Row, labels: Labels) -> dict[str, Any]:
    """Return whose text an article is and what may be done with it."""
    may = article["redistributable"]
    return {
        "owner": labels.outlet(article["outlet_id"])
        if article["outlet_id"]
        else "an outlet that is not known",
        "licence": on_one_line(article["licence"]) if article["licence"] else None,
        "may": "The text may be passed on."
        if may
        else "The text may not be passed on."
        if may is False
        else "Whether the text may be passed on is not stated; treat it as no.",
        "url": web_address(article["url"]),
        "printed_url": visible(article["url"])
        if article["url"] and not web_address(article["url"])
        else None,
        "retrieved": str(article["retrieved_at"])[:10] if article["retrieved_at"] else None,
    }
