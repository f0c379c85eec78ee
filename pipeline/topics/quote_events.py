"""When and at which event a quote was said: from its own sentence, else from the event of the article.

Nothing is guessed. The article's event is taken only for someone who took part in it; the remark of an
analyst on a meeting was not made at the meeting.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.document import Document, Row
from pipeline.topics.said_dates import DateMention, find_dates
from pipeline.topics.sentences import Sentences

# A date belongs to the reporting words when no more than this stands between them …
_NEAR = 10
# … and nothing in between opens another clause. "during which they said" still belongs to its date.
_OTHER_CLAUSE = re.compile(
    r"[;:]|\b(?:that|who|whom|whose|citing|after|before|since|until|because|although|though)\b"
    r"|(?<!\bduring )(?<!\bat )(?<!\bin )\bwhich\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
# The days on which the text was written are known only from these.
_WRITTEN = frozenset({"published", "dateline"})


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the authority file with those who took part."""

    event_id: str
    start_date: date
    participants: frozenset[str]


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and where a quote was said, with the basis of both."""

    said_date: date | None
    said_date_basis: str
    event_id: str | None
    event_basis: str


def read_events(event_rows: Iterable[Row], participant_rows: Iterable[Row]) -> dict[str, Event]:
    """Return the events of the authority file by id."""
    participants: dict[str, set[str]] = {}
    for row in participant_rows:
        participants.setdefault(row["event_id"], set()).add(row["speaker_id"])
    return {
        row["event_id"]: Event(
            row["event_id"], row["start_date"], frozenset(participants.get(row["event_id"], ()))
        )
        for row in event_rows
    }


def find_occasion(
    events: dict[str, Event],
    document: Document,
    sentences: Sentences,
    quote: Row,
    spans: Sequence[Row],
    speakers: frozenset[str],
) -> Occasion:
    """Return when and at which event a quote was said; `spans` are its content, cue and source."""
    mention = _date_of_saying(document, sentences, spans)
    article_event = events.get(document.event_id or "")
    if mention is None:
        if (
            quote["level"] == 1
            and article_event is not None
            and _took_part(article_event, document, speakers)
        ):
            return Occasion(article_event.start_date, "event", article_event.event_id, "article")
        return Occasion(None, "none", None, "none_no_date")
    day, basis = mention.day, mention.basis if mention.day is not None else "none"
    if mention.first is None or mention.last is None:
        return Occasion(None, "none", None, "none_ambiguous")
    if (
        article_event is not None
        and day == article_event.start_date
        and quote["level"] == 1
        and _took_part(article_event, document, speakers)
    ):
        return Occasion(day, basis, article_event.event_id, "article")
    found = [
        event
        for event in events.values()
        if mention.first <= event.start_date <= mention.last and speakers and speakers <= event.participants
    ]
    if len(found) == 1:
        if day is None:
            return Occasion(found[0].start_date, "event", found[0].event_id, "date_and_speaker")
        return Occasion(day, basis, found[0].event_id, "date_and_speaker")
    return Occasion(day, basis, None, "none_ambiguous" if found else "none_no_event")


def _took_part(event: Event, document: Document, speakers: frozenset[str]) -> bool:
    """Tell whether all speakers took part, and the event lies not after the article (a preview)."""
    if document.analysis_date is not None and event.start_date > document.analysis_date:
        return False
    return bool(speakers) and speakers <= event.participants


def _date_of_saying(document: Document, sentences: Sentences, spans: Sequence[Row]) -> DateMention | None:
    """Return the date that stands with the reporting words of a quote, outside what is said."""
    content = [(s["char_start"], s["char_end"]) for s in spans if s["span_role"] == "content"]
    cues = [(s["char_start"], s["char_end"]) for s in spans if s["span_role"] == "cue"]
    if not cues or not content:
        return None
    sources = [(s["char_start"], s["char_end"]) for s in spans if s["span_role"] == "source"]
    written = document.analysis_date if document.analysis_date_basis in _WRITTEN else None
    start, end = sentences.around(cues[0][0])
    anchors = cues + [span for span in sources if start <= span[0] < end]
    nearest: tuple[int, DateMention] | None = None
    for mention in find_dates(document.text, start, end, written):
        here = (mention.char_start, mention.char_end)
        if any(_overlap(here, span) for span in content + anchors):
            continue
        distance = _distance(document.text, here, anchors, content)
        if distance is not None and (nearest is None or distance < nearest[0]):
            nearest = (distance, mention)
    return nearest[1] if nearest else None


def _distance(
    text: str,
    mention: tuple[int, int],
    anchors: Sequence[tuple[int, int]],
    content: Sequence[tuple[int, int]],
) -> int | None:
    """Return the words between a date and the reporting words; None when it does not belong to them."""
    # Right behind the content ("announced the renewal of the treaty in June") nothing can come between.
    distances = [0 for span in content if 0 <= mention[0] - span[1] <= 2]
    for anchor in anchors:
        first, last = (anchor[1], mention[0]) if anchor[1] <= mention[0] else (mention[1], anchor[0])
        if any(_overlap((first, last), span) for span in content):
            continue
        if last - first > 200 or _OTHER_CLAUSE.search(text, first, last):
            continue
        words = len(_WORD.findall(text, first, last))
        if words <= _NEAR:
            distances.append(words)
    return min(distances, default=None)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
