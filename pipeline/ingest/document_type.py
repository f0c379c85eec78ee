"""The kind of document, by its form: never by its title or by who published it. English only.

Each rule looks for what a reader would name as the reason; where none holds, a text with enough words is a
news report, and one with too few, or in another language, is unknown.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_PARAGRAPHS = 200
_PARAGRAPH_LENGTH = 4_000
_FEWEST_WORDS = 20

_QUOTED = re.compile(r"[\"“][^\"“”]{0,2000}[\"”]|(?:''|``)(?=\S).{0,2000}?(?:''|$)", re.DOTALL)
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|us)\b(?!\.)(?:['’](?:m|ve|d|ll|re))?")
_SINGULAR = re.compile(r"\b(?:I|[Mm]y|I['’](?:m|ve|d|ll))\b(?!\.)")

_SPEAKER_LABEL = re.compile(
    r"^(?P<label>(?:(?:Q|A|Question|Answer|Moderator|Reporter|Interviewer|Host)"
    r"|(?:[A-Z][\w.'’-]{0,20})(?:\s(?:[A-Z(][\w.'’)-]{0,20}|of|the|de|van|von|al)){0,6}))\s?:(?=\s|$)"
)
_SPOKEN_WORDS = re.compile(r"[^\W\d_]{2,}")
_FEWEST_SPOKEN_WORDS = 4
_INTRODUCING = re.compile(r"\b(?:said|says|asked|told|added|reads|follows|following)$", re.IGNORECASE)

_OCCASION = r"(?:(?:On|In|At|Regarding|Concerning|Turning to|Speaking of|As for)\s[^,.]{2,80},\s)?"
_PERSON = (
    r"(?:(?:The\s)?(?:[A-Z][\w-]+\s){0,3}(?:President|Minister|Secretary|Chancellor|King|Premier|Chairman|Leader|Envoy"
    r"|Commissioner|Representative)\s)?(?P<who>[A-Z][\w'’.-]+(?:\s[A-Z][\w'’.-]+){0,3})"
)
_TURN = re.compile(
    rf"^{_OCCASION}{_PERSON}\s(?:also\s|further\s|then\s)?"
    r"(?:pointed out|emphasi[sz]ed|stressed|noted|stated|said|underlined|underscored|expressed|reiterated"
    r"|reaffirmed|affirmed|recalled|thanked|welcomed|congratulated|briefed|introduced|shared|elaborated|proposed|appreciated"
    r"|added|conveyed|commended|praised)\b"
)
_EXCHANGED = re.compile(
    r"\b(?:[Tt]he )?(?:two |both )?"
    r"(?:sides|leaders|presidents|ministers|parties|heads of (?:state|government)|They)\b"
    r"[^.]{0,40}\bexchanged (?:\w+ ){0,2}views\b"
)
_ATTENDED = re.compile(
    r"\b(?:attended|were present at|was present at|participated in|took part in) the (?:above|meeting|activit"
    r"|talks|event|call|conversation|conference|session)"
)
_READOUT_OPENING = re.compile(
    r"\b(?:spoke|met|held|had|hosted|conducted|convened)\b[^.]{0,60}?\b(?:today|by (?:tele)?phone|via"
    r"|(?:tele)?phone (?:call|conversation|talks)|telephone (?:call|conversation)|video (?:call|talks|meeting"
    r"|conference|link)|videoconference|(?:bilateral )?(?:meeting|talks|consultations|conversation))\b"
    r"[^.]{0,60}\bwith\b"
    r"|\b(?:spoke|met|talked)\b (?:today |separately |by (?:tele)?phone |virtually |on \w+ )*with\b"
)
_OFFICE = r"(?:[Vv]ice )?(?:[Pp]rime )?(?:[Pp]resident|[Mm]inister|[Ss]ecretary|[Cc]hancellor)"
_COLLECTIVE = re.compile(
    r"(?:^|[.]\s)(?:The (?:two )?(?:[Ll]eaders|[Ss]ides|interlocutors|parties|officials"
    rf"|(?:[A-Z][a-z]+ )?{_OFFICE}s?(?: of State)?)"
    rf"|{_OFFICE}(?: [A-Z][\w'’-]+){{1,2}}|They|Both(?: sides| leaders)?|It was agreed)\s"
    r"(?:also\s|further\s|jointly\s)?(?:discussed|exchanged|reaffirmed|underscored|underlined|agreed|noted"
    r"|expressed|welcomed|condemned|emphasi[sz]ed|stressed|thanked|reviewed|reiterated|affirmed|pledged|shared"
    r"|voiced|congratulated|decided|touched|considered|resolved|committed|tasked|raised|conveyed|commended)\b"
)
_ATTRIBUTABLE = re.compile(
    r"\bthe (?:below|following) is attributable to\b|\breadout of\b.{0,80}\b(?:call|meeting)\b", re.IGNORECASE
)
_OUTSIDE = re.compile(
    r"\b(?:told (?:the )?[A-Z]\w+|analysts?|experts?|researchers?|observers?|critics|according to"
    r"|research fellow|reporters|sources? (?:said|familiar)|witness(?:es)?)\b"
)

_EVENT_NOUN = (
    r"(?:meetings?|talks|summits?|conferences?|calls?|ceremony|session|consultations|visits?|conversation"
    r"|negotiations|dialogue|games|forum|elections?|hearing|exercises?)"
)
_EVENT_VERB = (
    rf"(?:meet\b|visit\b|travel to\b|attend\b|convene\b|speak (?:by|with|via)\b"
    r"|(?:hold|have|host|take part in|participate in|join|begin|open|start|conduct|chair|pay)\s"
    rf"(?:[\w'’-]+\s){{0,7}}?{_EVENT_NOUN}\b)"
)
_UPCOMING = re.compile(
    r"\b(?:will|would|plans? to|is to|are to"
    r"|(?:is|are|was|were) (?:set|due|scheduled|expected|slated|poised|likely)(?: to| for)?)"
    rf"\s(?:[\w'’-]+\s){{0,2}}?{_EVENT_VERB}"
    rf"|\b(?:upcoming|forthcoming|scheduled|planned)\s(?:[\w'’-]+\s){{0,4}}?{_EVENT_NOUN}\b",
)
_UPCOMING_TITLE = re.compile(
    rf"\bto\s(?:[\w'’-]+\s){{0,1}}?{_EVENT_VERB}"
    rf"|\b{_EVENT_NOUN}\s(?:is |are )?(?:expected|set|due|slated|likely)?\s?to\b"
    rf"|\bahead of\b|\bupcoming\b|\bwill\s(?:[\w'’-]+\s){{0,2}}?{_EVENT_VERB}",
)
_HAPPENED = re.compile(
    r"\b(?:held|met|visited|spoke|signed|attended|convened|hosted|concluded|opened|agreed|pledged"
    r"|wrapped up)\b"
)

_COMMENTARY_LABEL = re.compile(
    r"^(?:opinions?|op-?ed|commentar(?:y|ies)|editorials?|column(?:ist)?s?|viewpoints?|comment|letters?|perspectives?"
    r"|voices)\b",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\b(?:the (?:views?|opinions?) expressed\b|views (?:are|expressed) (?:the author|his|her|their|those)"
    r"|the (?:author|writer) is (?:an?|the)\b"
    r"|this (?:article|column|commentary|op-ed) (?:reflects|represents)"
    r"|opinions? (?:are|is) (?:the author|his|her|their) own)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Form:
    """What the kind of a document is told from; all texts as printed."""

    headline: str | None
    sections: Sequence[str]
    paragraphs: Sequence[str]
    notes: Sequence[str]
    has_agency_origin: bool
    has_byline: bool
    has_captions: bool
    language: str | None


def document_type_of(form: Form) -> str:
    """Return the kind of a document."""
    paragraphs = [text[:_PARAGRAPH_LENGTH] for text in form.paragraphs[:_PARAGRAPHS]]
    if form.language not in (None, "en"):
        return "unknown"
    if sum(len(text.split()) for text in paragraphs) < _FEWEST_WORDS:
        return "news_report" if form.has_agency_origin else "unknown"
    if _is_transcript(paragraphs):
        return "transcript"
    plain = [_QUOTED.sub(" ", text) for text in paragraphs]
    if _is_labelled_commentary(form, paragraphs):
        return "commentary"
    if _is_readout(form, paragraphs, plain):
        return "official_readout"
    if _is_preview(form.headline, plain):
        return "news_preview"
    if _is_first_person(form, plain):
        return "commentary"
    return "news_report"


def _is_transcript(paragraphs: Sequence[str]) -> bool:
    """Speaker labels open many paragraphs, labels come back, and more than figures follow them."""
    labels: Counter[str] = Counter()
    spoken = 0
    for text in paragraphs:
        match = _SPEAKER_LABEL.match(text[:160])
        if match and not _INTRODUCING.search(match["label"]):
            labels[match["label"].casefold()] += 1
            spoken += len(_SPOKEN_WORDS.findall(text, match.end())) >= _FEWEST_SPOKEN_WORDS
    turns = sum(labels.values())
    return (
        turns >= 4
        and turns >= 0.3 * len(paragraphs)
        and spoken >= 0.5 * turns
        and len(labels) >= 2
        and max(labels.values()) >= 2
    )


def _is_labelled_commentary(form: Form, paragraphs: Sequence[str]) -> bool:
    if any(_COMMENTARY_LABEL.match(label.strip()) for label in form.sections):
        return True
    if form.headline and re.match(
        r"(?:Opinion|Editorial|Commentary|Op-?Ed|Comment)\s*[:|]", form.headline, re.I
    ):
        return True
    return any(_DISCLAIMER.search(text[-400:]) for text in [*paragraphs[-2:], *form.notes])


def _is_readout(form: Form, paragraphs: Sequence[str], plain: Sequence[str]) -> bool:
    """Turns of the same named people, the first person outside quotation marks, set phrases."""
    turns = [match["who"].split()[-1] for text in plain if (match := _TURN.match(text[:300]))]
    returning = [who for who in turns if turns.count(who) > 1]
    first_person = sum(bool(_FIRST_PERSON.search(text)) for text in plain)
    sample = " ".join(plain)
    collective = sum(len(_COLLECTIVE.findall(text)) for text in plain)
    spoken = sum(len(_QUOTED.findall(text)) for text in paragraphs)
    points = 0
    points += bool(len(returning) >= 2 and len(turns) >= 0.3 * len(plain))
    points += 2 * bool(first_person >= 2 and len(turns) >= 2 and first_person >= 0.2 * len(plain))
    points += bool(_EXCHANGED.search(sample))
    points += bool(_ATTENDED.search(sample[-1500:]))
    points += 3 * any(_ATTRIBUTABLE.search(text[:300]) for text in plain[:2])
    # A short note by one side: an opening that names the occasion, then what the two did together.
    points += bool(plain and _READOUT_OPENING.search(plain[0][:400]) and not spoken)
    points += bool(collective >= 2 and collective >= 0.25 * len(plain)) + bool(collective >= 4 and not spoken)
    points -= form.has_agency_origin + form.has_byline + form.has_captions
    points -= sum(bool(_OUTSIDE.search(text)) for text in plain) >= max(2, 0.1 * len(plain))
    return points >= 2


def _is_preview(headline: str | None, plain: Sequence[str]) -> bool:
    """The opening tells of something still to come, and of nothing of the kind that has happened."""
    opening = re.split(r"(?<=[a-z]{2}[.])\s*(?=[A-Z])", plain[0][:1500], maxsplit=1)[0] if plain else ""
    upcoming = _UPCOMING.search(opening)
    if upcoming and not _HAPPENED.search(opening[: upcoming.start()]):
        return True
    if headline and _UPCOMING_TITLE.search(headline):
        return bool(_UPCOMING.search(" ".join(plain[:3])[:3000])) and not _HAPPENED.search(opening[:200])
    return False


def _is_first_person(form: Form, plain: Sequence[str]) -> bool:
    """The writer speaks as *I* outside quotation marks in a good part of the text."""
    speaking = sum(bool(_SINGULAR.search(text)) for text in plain)
    return not form.has_agency_origin and speaking >= 3 and speaking >= 0.3 * len(plain)
