"""Tell the speech act of a quote (Searle 1976) from its cue and its content together.

A cue that is itself an act (urged, pledged, praised, announced) decides. Under a cue that only reports
(said, pointed out), the content decides: each of its sentences is read by the patterns of
illocution_patterns.csv, and the act of most of its sentences is the act of the quote.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.document import Row
from pipeline.faults import Fault
from pipeline.topics.attributions import Attribution, Span
from pipeline.topics.codebook_lines import place_of
from pipeline.topics.literals import literals_of
from pipeline.topics.sentences import Sentences

# What a cue class reports when the cue's own row says nothing.
_BY_CUE_CLASS = {
    "declarative": "declaration",
    "commissive": "commissive",
    "directive": "directive",
    "expressive_positive": "expressive",
    "expressive_negative": "expressive",
    "rejection": "expressive",
    "volitive": "expressive",
}
_PREFERENCE = ("directive", "commissive", "expressive", "declaration")
# Announcing an act (the renewal of a treaty) does it; announcing that something happens tells it.
_TELLS = re.compile(r"\b(?:will|would|is|are|was|were|has|have|had|can|could|may|might)\b", re.IGNORECASE)
# Of themselves people promise; of others they predict.
_OBSERVER = re.compile(
    r"\b(?:analysts?|experts?|observers?|scholars?|researchers?|research fellow|fellow|professors?|lecturers?"
    r"|economists?|commentators?|pundits?|academics?|historians?|strategists?|columnists?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class IllocutionPattern:
    """A pattern in the content that tells the speech act; the lowest priority that matches decides."""

    regex: re.Pattern[str]
    literals: tuple[str, ...]
    illocution: str

    def find(self, sentence: str, folded: str) -> re.Match[str] | None:
        """Return the first match in a sentence, which is given case-folded too."""
        if self.literals and not any(one in folded for one in self.literals):
            return None
        return self.regex.search(sentence)


@dataclass(frozen=True, slots=True)
class IllocutionCoder:
    """The compiled patterns, by priority, and the speech acts of the cues by lemma."""

    patterns: tuple[IllocutionPattern, ...]
    cues: dict[str, str]


@dataclass(frozen=True, slots=True)
class Illocution:
    """A speech act with the words it was read from; None: the default, assertive."""

    illocution: str
    evidence: str | None


def compile_illocution(pattern_rows: Iterable[Row], cue_rows: Iterable[Row]) -> IllocutionCoder:
    """Compile illocution_patterns and cues. Raises Fault for a pattern with an error."""
    patterns = []
    for row in sorted(pattern_rows, key=lambda row: (row["priority"], row["pattern_id"])):
        try:
            regex = re.compile(row["pattern"], re.IGNORECASE | re.DOTALL)
        except re.error as error:
            raise Fault(
                f"{place_of('illocution_patterns', 'pattern', row['pattern_id'])}: the regular expression "
                f"{row['pattern']!r} has an error ({error})",
                "mend the pattern",
            ) from None
        patterns.append(IllocutionPattern(regex, literals_of(regex), row["illocution"]))
    return IllocutionCoder(
        tuple(patterns), {row["lemma"]: row["illocution"] for row in cue_rows if row["illocution"]}
    )


def tell_illocution(
    coder: IllocutionCoder, text: str, sentences: Sentences, quote: Attribution
) -> Illocution:
    """Return the speech act of a quote."""
    said = _own_sentences(text, sentences, quote)
    act = coder.cues.get(quote.row["cue_lemma"] or "") or _BY_CUE_CLASS.get(quote.row["cue_class"] or "")
    if act == "declaration" and said and _TELLS.search(said[0].split(",")[0]):
        act = "assertive"
    if act is not None and act != "assertive":
        return Illocution(act, quote.row["cue"])
    who = f"{quote.row['source_mention'] or ''} {quote.row['speaker_role'] or ''}"
    observer = _OBSERVER.search(who) is not None
    read = [_read(coder, sentence.strip(), observer) for sentence in said]
    votes = Counter(found.illocution for found in read)
    asserted = votes.pop("assertive", 0)
    if not votes:
        return next((found for found in read if found.evidence), Illocution("assertive", None))
    winner = min(votes, key=lambda one: (-votes[one], _PREFERENCE.index(one)))
    # Every long turn is told on a ground of assertions: they decide only where they clearly prevail.
    if asserted >= 2 * votes[winner]:
        winner = "assertive"
    return next(found for found in read if found.illocution == winner)


def _own_sentences(text: str, sentences: Sentences, quote: Attribution) -> list[str]:
    """Return the sentences of a quote without what it reports of others: that is their speech act."""
    own: list[Span] = []
    for start, end in quote.content:
        for inner_start, inner_end in quote.nested:
            if start <= inner_start < end:
                own.append((start, inner_start))
                start = min(max(inner_end, inner_start), end)
        own.append((start, end))
    return [text[first:last] for start, end in own for first, last in sentences.within(start, end)]


def _read(coder: IllocutionCoder, sentence: str, observer: bool) -> Illocution:
    folded = sentence.casefold()
    for pattern in coder.patterns:
        found = pattern.find(sentence, folded)
        if found is not None and not (observer and pattern.illocution == "commissive"):
            return Illocution(pattern.illocution, found.group())
    return Illocution("assertive", None)
