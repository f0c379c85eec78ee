"""When and at which event a quote was said: from its own sentence, else from the event of the article.

Nothing is guessed. The article's event is taken only for someone who took part in it; the remark of an
analyst on a meeting was not made at the meeting.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.document import Document, Row
from pipeline.topics.attributions import Attribution, Span, overlap
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
_RIGHT_BEHIND = re.compile(r"[\s,]*(?:on|in)?\s*")
_WORD = re.compile(r"\w+")
# The words that name the kind of an event, and how its participants met.
_KINDS = {
    "meeting": r"met|meet(?:ing|ings|s)?|talk(?:s|ed)|spoke|visit(?:s|ed)?|summit|conference|announced",
    "call": r"talk(?:s|ed)|spoke|spoken|speak|calls?|called|phoned?|telephoned?|conversation",
    "summit": r"summit|meetings?|met|forum",
    "games": r"games|olympics?|olympic|ceremony",
    "other": r"sessions?|congress|plenum|assembly|debate|ceremony|conference|anniversary",
}
_MODES = {
    "video": r"video|videoconference|virtual|virtually|online",
    "phone": r"(?:tele)?phone[ds]?",
    "in_person": r"in[- ]person|face[- ]to[- ]face|visit(?:s|ed)?",
}
_KIND_WORDS, _MODE_WORDS = (
    {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, words in words_of.items()}
    for words_of in (_KINDS, _MODES)
)
_MONTH_AND_NUMBER = re.compile(r"[A-Z]\w+\.?\s\d|\d\w*\s(?:of\s)?[A-Z]")
_TO_COME = re.compile(r"\b(?:next|coming|tomorrow|later this)\b", re.IGNORECASE)
_LONGEST_PERIOD = timedelta(days=31)
# The day on which the text was written is known only from these.
_WRITTEN = frozenset({"published", "dateline", "correction"})


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the authority file with those who took part."""

    event_id: str
    start_date: date
    participants: frozenset[str]
    event_type: str = "other"
    mode: str | None = None


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
            row["event_id"],
            row["start_date"],
            frozenset(participants.get(row["event_id"], ())),
            row["event_type"],
            row["mode"],
        )
        for row in event_rows
    }


def find_occasion(
    events: dict[str, Event], document: Document, sentences: Sentences, quote: Attribution
) -> Occasion:
    """Return when and at which event a quote was said."""
    mention = _date_of_saying(document, sentences, quote)
    article_event = events.get(document.event_id or "")
    # What a quote reports in its turn may have been said anywhere.
    at_article_event = (
        article_event is not None and quote.row["level"] == 1 and _took_part(article_event, document, quote)
    )
    if mention is None:
        if article_event is not None and at_article_event:
            return Occasion(article_event.start_date, "event", article_event.event_id, "article")
        return Occasion(None, "none", None, "none_no_date")
    if mention.first is None:
        if (
            article_event is not None
            and at_article_event
            and _names_day(mention, document.text, article_event.start_date)
        ):
            return Occasion(article_event.start_date, "event", article_event.event_id, "article")
        return Occasion(None, "none_ambiguous", None, "none_ambiguous")
    day = mention.day
    basis = "none_period" if day is None else mention.basis
    if article_event is not None and at_article_event and day == article_event.start_date:
        return Occasion(day, basis, article_event.event_id, "article")
    found = _look_up(events, mention, document, sentences, quote)
    if len(found) != 1:
        return Occasion(day, basis, None, "none_ambiguous" if found else "none_no_event")
    if day is None:
        return Occasion(found[0].start_date, "event", found[0].event_id, "date_and_speaker")
    return Occasion(day, basis, found[0].event_id, "date_and_speaker")


def _names_day(mention: DateMention, text: str, day: date) -> bool:
    """Tell whether the words name this day by its month and number, without the year: *on Dec 30*."""
    words = text[mention.char_start : mention.char_end]
    named = [found.day for found in find_dates(words, 0, len(words), day)]
    return _MONTH_AND_NUMBER.search(words) is not None and named == [day]


def _look_up(
    events: dict[str, Event],
    mention: DateMention,
    document: Document,
    sentences: Sentences,
    quote: Attribution,
) -> list[Event]:
    """Return the events at the stated time in which all speakers took part.

    A week or month is enough only where the reporter names a meeting or call of the event's kind: the
    authority file does not hold everything that somebody did in a month. Of several events at that time the
    one whose manner (by phone, by video) is named is meant.
    """
    first, last = mention.first, mention.last
    if first is None or last is None or last - first > _LONGEST_PERIOD:
        return []
    start, end = sentences.around(mention.char_start)

    def is_named(words: re.Pattern[str]) -> bool:
        named = (found.span() for found in words.finditer(document.text, start, end))
        return any(not any(overlap(here, said) for said in quote.content) for here in named)

    told = {mode for mode, words in _MODE_WORDS.items() if is_named(words)}
    found = [
        event
        for event in events.values()
        if first <= event.start_date <= last
        and _took_part(event, document, quote)
        and (first == last or is_named(_KIND_WORDS[event.event_type]))
        and (not told or event.mode is None or event.mode in told)
    ]
    in_manner = [event for event in found if event.mode in told]
    return in_manner if len(found) > 1 and in_manner else found


def _took_part(event: Event, document: Document, quote: Attribution) -> bool:
    """Tell whether all speakers took part, and the event lies not after the article (a preview)."""
    if document.analysis_date is not None and event.start_date > document.analysis_date:
        return False
    return bool(quote.speaker_ids) and quote.speaker_ids <= event.participants


def _date_of_saying(document: Document, sentences: Sentences, quote: Attribution) -> DateMention | None:
    """Return the date that stands with the reporting words of a quote, outside what is said."""
    if not quote.cue or not quote.content:
        return None
    written = document.analysis_date if document.analysis_date_basis in _WRITTEN else None
    start, end = sentences.around(quote.cue[0][0])
    anchors = [*quote.cue, *(span for span in quote.source if start <= span[0] < end)]
    nearest: tuple[int, DateMention] | None = None
    for mention in find_dates(document.text, start, end, written):
        here = (mention.char_start, mention.char_end)
        if any(overlap(here, span) for span in [*quote.content, *anchors]):
            continue
        if _TO_COME.search(document.text, *here) or (written and mention.first and mention.first > written):
            # Of a time to come something was said; nothing was said at it yet.
            continue
        distance = _distance(document.text, here, anchors, quote.content)
        if distance is not None and (nearest is None or distance < nearest[0]):
            nearest = (distance, mention)
    return nearest[1] if nearest else None


def _distance(
    text: str,
    mention: Span,
    anchors: Sequence[Span],
    content: Sequence[Span],
) -> int | None:
    """Return the words between a date and the reporting words; None when it does not belong to them."""
    # Right behind the content ("announced the renewal of the treaty in June") nothing can come between.
    distances = [
        0
        for span in content
        if span[1] <= mention[0] <= span[1] + 6 and _RIGHT_BEHIND.fullmatch(text, span[1], mention[0])
    ]
    for anchor in anchors:
        first, last = (anchor[1], mention[0]) if anchor[1] <= mention[0] else (mention[1], anchor[0])
        if any(overlap((first, last), span) for span in content):
            continue
        if last - first > 200 or _OTHER_CLAUSE.search(text, first, last):
            continue
        words = len(_WORD.findall(text, first, last))
        if words <= _NEAR:
            distances.append(words)
    return min(distances, default=None)
