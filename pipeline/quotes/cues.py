"""The cue lexicon: which words report speech, in all their forms, and what they govern."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Row
from pipeline.quotes.sentences import Word
from pipeline.quotes.word_sets import word_set

# Words that may stand inside a cue of several words: *expressed [his strong] hope*.
_FILLERS = word_set(
    """
    his her their its our my your the a an great deep strong sincere firm serious full
    """
)
_MOST_FILLERS = 3
# Prepositions that a noun in a cue governs, and that belong to the cue: *expressed hope for*.
_GOVERNED = word_set("of for over about at on in with")


@dataclass(frozen=True, slots=True)
class CueEntry:
    """A row of the cue codebook."""

    lemma: str
    cue_class: str
    cue_class_2: str | None
    polarity: int
    frames: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue found in a sentence: words `first` to `last` (exclusive), and the form of its verb."""

    first: int
    last: int
    entry: CueEntry
    # base, third (says), past (said), ing (saying), fixed (according to)
    form: str


@dataclass(frozen=True)
class CueLexicon:
    """Cues by the first word of each of their forms; the longest is tried first."""

    by_first_word: Mapping[str, tuple[tuple[tuple[str, ...], str, CueEntry], ...]]

    def match(self, words: Sequence[Word], at: int) -> Cue | None:
        """Return the longest cue that begins with the word at this place, if any."""
        for rest, form, entry in self.by_first_word.get(words[at].lower, ()):
            last = _match_rest(words, at + 1, rest)
            if last > 0:
                return Cue(at, last, entry, form)
        return None


def build_lexicon(rows: Iterable[Row]) -> CueLexicon:
    """Build the lexicon from the rows of the cue codebook: inflected forms are generated."""
    found: dict[str, list[tuple[tuple[str, ...], str, CueEntry]]] = {}
    for row in rows:
        entry = CueEntry(
            row["lemma"],
            row["cue_class"],
            row["cue_class_2"],
            row["polarity"],
            frozenset(row["frame"].split("|")),
        )
        first, *rest = row["lemma"].lower().split()
        irregular = (row["forms"] or "").lower().split("|") if row["forms"] else []
        for shown, form in forms_of(first, irregular, is_fixed="after" in entry.frames):
            found.setdefault(shown, []).append((tuple(rest), form, entry))
    return CueLexicon(
        {word: tuple(sorted(hits, key=lambda hit: -len(hit[0]))) for word, hits in found.items()}
    )


def forms_of(verb: str, irregular: Sequence[str], *, is_fixed: bool = False) -> list[tuple[str, str]]:
    """Return the forms of a verb, each with its kind: base, third, past or ing.

    Irregular forms replace the regular one of their kind, which is told by the ending.
    """
    if is_fixed:
        return [(verb, "fixed")]
    forms: dict[str, list[str]] = {"base": [verb], "third": [], "past": [], "ing": []}
    for shown in irregular:
        kind = "ing" if shown.endswith("ing") else "third" if shown.endswith("s") else "past"
        forms[kind].append(shown)
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) else verb
    consonant_y = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    if not forms["third"]:
        sibilant = verb.endswith(("s", "x", "z", "o", "ch", "sh"))
        forms["third"].append(verb[:-1] + "ies" if consonant_y else verb + ("es" if sibilant else "s"))
    if not forms["past"]:
        forms["past"].append(
            verb[:-1] + "ied" if consonant_y else verb + "d" if verb.endswith("e") else verb + "ed"
        )
    if not forms["ing"]:
        forms["ing"].append(stem + "ing")
    return [(shown, kind) for kind, all_shown in forms.items() for shown in all_shown]


def _match_rest(words: Sequence[Word], at: int, rest: Sequence[str]) -> int:
    """Return the place after the further words of a cue, or 0 when they do not stand there."""
    is_nominal = bool(rest) and rest[-1] not in _GOVERNED and rest[-1] not in ("to", "out", "that", "it")
    for wanted in rest:
        filled = 0
        while (
            is_nominal
            and at < len(words)
            and not _is_same(words[at].lower, wanted)
            and filled < _MOST_FILLERS
            and (words[at].lower in _FILLERS or words[at].lower.endswith("'s"))
        ):
            at += 1
            filled += 1
        if at >= len(words) or words[at].is_quoted or not _is_same(words[at].lower, wanted):
            return 0
        at += 1
    if is_nominal and at + 1 < len(words) and words[at].lower in _GOVERNED and len(rest) == 1:
        at += 1
    return at


def _is_same(word: str, wanted: str) -> bool:
    return word == wanted or (len(wanted) > 3 and word == wanted + "s")
