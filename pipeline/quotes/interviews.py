"""Interviews: who answers under the bare label `A:`, by what page and questions say."""

import re
from collections.abc import Callable, Sequence

from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.authority import Speaker
from pipeline.quotes.known_speakers import KnownSpeakers, Resolution

QUESTION_LABELS = frozenset(("q", "question", "reporter"))
ANSWER_LABELS = frozenset(("a", "answer"))
_NAME = r"(?:[^\W\d_a-z][\w.’'\-]*)(?: (?:of |the |de |van |von |bin )?[^\W\d_a-z][\w.’'\-]*){0,6}"
# `Interview with President Mira Sol`, `Remarks by Ada Orr`.
_INTRODUCED = re.compile(
    r"(?:[Ii]nterview (?:with|of|by)|[Rr]emarks (?:by|of)|[Cc]onference (?:with|by|of)"
    r"|[Bb]riefing (?:with|by)|[Cc]onversation with|[Qq]uestions (?:to|for)|[Ss]peech by|[Aa]ddress by)"
    rf" (?:the )?({_NAME})"
)
# `Chancellor, will you …`, `Thank you, Mr. President.`
_ADDRESSED = re.compile(
    r"(?:^|[.?!,:] )(?:Madam |Madame |Mr\.? |Mister |Mrs\.? |Ms\.? )?"
    r"((?:Prime |Foreign |Vice )?(?:President|Minister|Premier|Chancellor|Ambassador|Secretary|Senator"
    r"|Governor|Mayor|Commissioner|General|Professor|Director|Leader)(?: [^\W\d_a-z][\w\-]+){0,2})(?=[,?.!])"
)
_LONGEST_PAGE_HEAD = 1500


def label_of(text: str, attribution: Attribution) -> str:
    """Return the label of a displayed attribution in lower case, without its colon; else an empty text."""
    span = attribution.source_mention
    if span is None or not attribution.is_display:
        return ""
    return text[span.start : span.end].strip().lower().strip(".:")


def find_interviewee(
    known: KnownSpeakers,
    attributions: Sequence[Attribution],
    resolve: Callable[[str, Span], Resolution],
) -> Resolution:
    """Return who answers the questions of a transcript: addressed in them, or announced before them.

    `resolve` resolves a name as it stands in a span. Nobody when two persons fit.
    """
    text = known.text
    labelled = [one for one in attributions if label_of(text, one) in QUESTION_LABELS | ANSWER_LABELS]
    if not labelled:
        return Resolution((), "display", "unresolved_no_antecedent")
    begin = min(one.source_mention.start for one in labelled if one.source_mention is not None)
    head = max(0, begin - _LONGEST_PAGE_HEAD)
    people: dict[str, Speaker] = {}
    for match in _INTRODUCED.finditer(text, head, begin):
        _add_person(people, resolve(match.group(1), Span(*match.span(1))))
    for one in labelled:
        if label_of(text, one) in QUESTION_LABELS:
            for span in one.content:
                for match in _ADDRESSED.finditer(text[span.start : span.end]):
                    at = Span(span.start + match.start(1), span.start + match.end(1))
                    titled = known.titled(match.group(1).split())
                    _add_person(people, titled if titled is not None else resolve(match.group(1), at))
    if not people:
        for mention in known.names.between(head, begin):
            _add_person(people, known.full_name(mention.name, (), None))
    if len(people) == 1:
        return Resolution(tuple(people.values()), "display", "title")
    return Resolution((), "display", "unresolved_ambiguous" if people else "unresolved_no_antecedent")


def _add_person(people: dict[str, Speaker], found: Resolution) -> None:
    if len(found.speakers) == 1 and found.speakers[0].speaker_type == "person":
        people.setdefault(found.speakers[0].speaker_id, found.speakers[0])
