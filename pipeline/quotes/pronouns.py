"""Pronouns and pairs: whom *he*, *she*, *who*, *they*, *the two leaders*, *the two sides* take up."""

import re
from collections.abc import Mapping, Sequence

from pipeline.quotes.attributions import Span
from pipeline.quotes.authority import Speaker, alias_key
from pipeline.quotes.earlier_sources import EarlierSources
from pipeline.quotes.grammar import SPEAKER_NOUNS, singular
from pipeline.quotes.known_speakers import KnownSpeakers, Resolution
from pipeline.quotes.names import TITLES, NameMention
from pipeline.quotes.pairs import Pairs
from pipeline.quotes.phrases import DOCUMENTS, INSTITUTIONS, head_words
from pipeline.quotes.word_sets import word_set

_PRONOUN_GENDERS: Mapping[str, str | None] = {"he": "male", "she": "female", "i": None}
_OTHER_GENDER: Mapping[str, re.Pattern[str]] = {
    "he": re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE),
    "she": re.compile(r"\b(?:he|his|him|himself)\b", re.IGNORECASE),
}
_REPLY = re.compile(
    r" (?:has |had |also )?(?:den(?:y|ied|ies)|reject|disput|refus|repl(?:y|ied)|respond|answer|declin"
    r"|disagree)"
)
_LEADER_OPENER = re.compile(
    r"\s*(?:The|Both)(?: two)?(?: top| state)?(?: leaders| presidents| heads of state)\b"
)
# A sentence that opens with a surname and a verb (`Orr nodded`).
_OPENING_SURNAME = re.compile(
    r"(?:(?<=[.!?”\"’'] )|(?<=\n))([^\W\d_a-z][\w\-]+)(?= [a-z]+ed\b| did\b| was\b| had\b)"
)
# Nothing but another relative clause stands between the name and this *who*.
_OTHER_WHO = re.compile(r",? who\b[^.;\n]{1,150}?(?:,| and| but),? ")
_SURNAME_BEFORE = re.compile(r"([^\W\d_a-z][\w\-]+),? $")
_OPENING_ONE = re.compile(r"\s*(?:An?|One) ((?:[a-z\-]+ ){0,2}?[a-z\-]+) (?=[a-z]+(?:s|ed)\b)")
_AGENTS = ("er", "or", "ist", "man", "woman")
_COLLECTIVES = word_set("opposition police government military army press")
_KIN = word_set("his her their its the a an cousin uncle aunt nephew niece grandfather grandmother twin")
_NAME_WORD = re.compile(r"[^\W\d_a-z][\w\-]+")
_LONGEST_FOCUS = 12
# How far back another person is looked for, in code points.
_NEAR = 1500


class Pronouns:
    """Resolves pronouns and pairs of one document by the sources before them."""

    def __init__(self, known: KnownSpeakers, earlier: EarlierSources) -> None:
        self.known = known
        self.earlier = earlier
        self.names = known.names
        self.text = known.text
        # Genders that pronouns told.
        self.learned: dict[str, str] = {}
        self._pairs: Pairs | None = None

    def antecedent(self, span: Span) -> Resolution:
        """Resolve *who*: the name that stands just before it, or before another *who* of the sentence."""
        before = self.names.between(self.sentence_start(span.start), span.start)
        if before:
            between = self.text[before[-1].end : span.start]
            if between.strip(" ,") == "" or _OTHER_WHO.fullmatch(between):
                found = self.known.full_name(before[-1].name, (), None)
                return Resolution(found.speakers, "pronoun", "pronoun" if found.speakers else found.reason)
        surname = _SURNAME_BEFORE.search(self.text, max(0, span.start - 60), span.start)
        if surname is not None and (
            self.names.full_names(surname.group(1))
            or alias_key(surname.group(1)) in self.known.authority.by_alias
        ):
            found = self.known.short_name(surname.group(1), None)
            return Resolution(found.speakers, "pronoun", "pronoun" if found.speakers else found.reason)
        return Resolution((), "pronoun", "unresolved_no_antecedent")

    def person(self, lower: str, span: Span) -> Resolution:
        """Resolve *he* and *she*: the person last in focus, unless the text between offers others."""
        gender = _PRONOUN_GENDERS[lower]
        begin = self.earlier.block_start(span.start)
        # Somebody unnamed is taken up within the paragraph only.
        focus = [
            (end, one)
            for end, one in self.earlier.focus[-_LONGEST_FOCUS:]
            if end <= span.start and (one is None or one.speaker_type == "person" or end >= begin)
        ]
        is_first = not focus or focus[-1][0] < begin
        nearby = self.people_between(begin, span.start, gender) if is_first else []
        if is_first and not nearby:
            unnamed = self._opening_one(begin, span)
            if unnamed is not None:
                return unnamed
        if not focus:
            return self._of_paragraph(nearby, begin, span, gender)
        at, speaker = focus[-1]
        if speaker is None:
            return Resolution((), "pronoun", "unresolved_ambiguous")
        if speaker.speaker_type == "unnamed":
            before = focus[-2] if len(focus) > 1 else (-1, None)
            if before[0] >= begin and (before[1] is None or before[1].speaker_type == "person"):
                return Resolution((), "pronoun", "unresolved_ambiguous")
            return Resolution((speaker,), "pronoun", "pronoun")
        known = self._gender(speaker)
        if known is not None and known != gender:
            here = self.people_between(begin, span.start, gender)
            if here:
                return self._of_paragraph(here, begin, span, gender)
            matching = {
                one.speaker_id: one for _, one in focus[-4:] if one is not None and one.gender == gender
            }
            if len(matching) == 1 and not self._subjects_between(at, span.start, gender):
                return Resolution(tuple(matching.values()), "pronoun", "pronoun")
            return Resolution((), "pronoun", "unresolved_ambiguous")
        # Whoever was named in between as the subject of a sentence may be meant instead; and when the
        # gender of the one in focus is not known, anybody named in between may be.
        others = {
            one.speaker_id: one
            for one in self.people_between(at, span.start, gender)
            if one.speaker_id != speaker.speaker_id
        }
        subjects = [one for one in self._subjects_between(at, span.start, gender) if one.speaker_id in others]
        if subjects and len(others) == 1:
            return self._referred(subjects[-1], gender)
        if subjects or (others and known is None and not self._goes_on(at, span, lower, gender)):
            return Resolution((), "pronoun", "unresolved_ambiguous")
        return self._referred(speaker, gender)

    def _goes_on(self, at: int, span: Span, lower: str, gender: str | None) -> bool:
        """Say whether the one in focus, of unknown gender, goes on speaking though others were named.

        So it is when nobody else became a subject, no pronoun of the other gender stands between, the verb
        is not one of reply, and a new paragraph has named nobody.
        """
        begin = self.earlier.block_start(span.start)
        if _REPLY.match(self.text, span.end) or at < self.earlier.block_start(span.start, back=1):
            return False
        if at < begin and self.people_between(begin, span.start, gender):
            return False
        return _OTHER_GENDER[lower].search(self.text, at, span.start) is None

    def _of_paragraph(
        self, nearby: Sequence[Speaker], begin: int, span: Span, gender: str | None
    ) -> Resolution:
        """Return the only person of the paragraph who can be meant: as a subject, or by a known gender."""
        if len(nearby) == 1:
            (only,) = nearby
            subjects = {one.speaker_id for one in self._subjects_between(begin, span.start, gender)}
            if only.speaker_id in subjects or self._gender(only) == gender:
                return self._referred(only, gender)
        return Resolution((), "pronoun", "unresolved_ambiguous" if nearby else "unresolved_no_antecedent")

    def _opening_one(self, begin: int, span: Span) -> Resolution | None:
        """Resolve *he* in a paragraph that opens with somebody unnamed: `A drummer tunes his drum.`"""
        opening = _OPENING_ONE.match(self.text, begin, span.start)
        if opening is None:
            return None
        words = opening.group(1).split()
        if singular(words[-1]) not in SPEAKER_NOUNS and not words[-1].endswith(_AGENTS):
            return None
        one = self.known.local_speaker(" ".join(words), "unnamed", None, None, None)
        return Resolution((one,), "pronoun", "pronoun")

    def thing(self, span: Span) -> Resolution:
        """Resolve *it*: the institution that was the last source, when no other is named in between."""
        begin = self.earlier.block_start(span.start)
        before = self.earlier.before(span.start)
        last = before[0] if before else None
        if last is not None and last.span.start >= self.earlier.block_start(span.start, back=1):
            single = last.resolution.speakers[0] if len(last.resolution.speakers) == 1 else None
            if single is not None and self._is_one_institution(single):
                if self._institutions_between(last.span.end, span.start) - {single.speaker_id}:
                    return Resolution((), "pronoun", "unresolved_ambiguous")
                return Resolution((single,), "pronoun", "pronoun")
            if last.span.start >= begin:
                return Resolution((), "pronoun", "unresolved_ambiguous")
        mentions = self.names.organisations_between(begin, span.start)
        if mentions and len(self._institutions_between(begin, span.start)) == 1:
            lead = self.text[self.sentence_start(mentions[0].start) : mentions[0].start].strip()
            if lead in ("", "The"):
                found = self.known.institution(mentions[0].name, None)
                return Resolution(found.speakers, "pronoun", "pronoun" if found.speakers else found.reason)
        return Resolution((), "pronoun", "unresolved_ambiguous" if mentions else "unresolved_no_antecedent")

    def _is_one_institution(self, speaker: Speaker) -> bool:
        if speaker.speaker_type == "unnamed":
            words = head_words(speaker.name)
            return bool(words) and words[-1] in INSTITUTIONS | DOCUMENTS | _COLLECTIVES
        return speaker.speaker_type == "institution"

    def _institutions_between(self, start: int, end: int) -> set[str]:
        """Return the ids of the institutions and countries named between the offsets."""
        found: set[str] = set()
        for mention in self.names.organisations_between(start, end):
            found.update(one.speaker_id for one in self.known.institution(mention.name, None).speakers)
        for token in _NAME_WORD.finditer(self.text, max(start, end - _NEAR), end):
            ids = self.known.authority.by_alias.get(alias_key(token.group()), ())
            is_owner = self.text[token.end() : token.end() + 2] in ("'s", "’s")
            if not is_owner:
                found.update(ids)
        return {
            one
            for one in found
            if one not in self.known.authority.by_id
            or self.known.authority.by_id[one]["speaker_type"] == "institution"
        }

    def _gender(self, speaker: Speaker) -> str | None:
        return speaker.gender or self.learned.get(speaker.speaker_id)

    def _referred(self, speaker: Speaker, gender: str | None) -> Resolution:
        """Return the person a pronoun stands for, and remember the gender it tells."""
        known = self._gender(speaker)
        if known is not None and known != gender:
            return Resolution((), "pronoun", "unresolved_ambiguous")
        if gender is not None:
            self.learned.setdefault(speaker.speaker_id, gender)
        return Resolution((speaker,), "pronoun", "pronoun")

    def _subjects_between(self, start: int, end: int, gender: str | None) -> list[Speaker]:
        """Return persons whose name opens a sentence between the offsets."""
        found: list[Speaker] = []
        for mention in self.names.between(start, end):
            lead = self.text[self.sentence_start(mention.start) : mention.start]
            if not self._is_no_person(mention) and all(map(_opens_subject, lead.split())):
                found.extend(
                    one
                    for one in self.known.full_name(mention.name, (), None).speakers
                    if one.gender in (None, gender)
                )
        for opener in _OPENING_SURNAME.finditer(self.text, max(start, end - _NEAR), end):
            names = [
                name for name in self.names.full_names(opener.group(1)) if name.endswith(opener.group(1))
            ]
            ids = self.known.authority.by_alias.get(alias_key(opener.group(1)), ())
            people = [self.known.authority_speaker(one) for one in ids] if len(ids) == 1 else []
            if not ids and len(names) == 1:
                people = list(self.known.full_name(names[0], (), None).speakers)
            found.extend(
                one for one in people if one.speaker_type == "person" and one.gender in (None, gender)
            )
        return found

    def people_between(self, start: int, end: int, gender: str | None) -> list[Speaker]:
        """Return the persons named between the offsets, by full name or surname, whom the gender allows."""
        people: dict[str, Speaker] = {}
        for token in _NAME_WORD.finditer(self.text, max(start, end - _NEAR), end):
            part = token.group()
            if self.text[token.end() : token.end() + 3] == " / ":
                continue
            ids = self.known.authority.by_alias.get(alias_key(part), ())
            names = [
                name
                for name in self.names.full_names(part)
                if name.endswith(part) and not self._is_place(name)
            ]
            found = [self.known.authority_speaker(one) for one in ids] or [
                one for name in names for one in self.known.full_name(name, (), None).speakers
            ]
            for one in found:
                if one.speaker_type == "person" and self._gender(one) in (None, gender):
                    people[one.speaker_id] = one
        for mention in self.names.between(max(start, end - _NEAR), end):
            if self._is_no_person(mention):
                continue
            for one in self.known.full_name(mention.name, (), None).speakers:
                if self._gender(one) in (None, gender):
                    people[one.speaker_id] = one
        return list(people.values())

    def _is_place(self, name: str) -> bool:
        is_place = name in self.names.places or name.split()[-1] in self.names.places
        return is_place and name not in self.known.persons

    def _is_no_person(self, mention: NameMention) -> bool:
        return _is_credit(self.text, mention) or self._is_place(mention.name)

    def sentence_start(self, at: int) -> int:
        """Return about where the sentence at the offset begins."""
        window = self.text[max(0, at - 600) : at]
        cut = max(window.rfind(mark) for mark in (". ", "\n", ".” ", '." ', "? ", "! "))
        return at - len(window) + cut + 1 if cut >= 0 else max(0, at - 600)

    def addressee(self, outer: Resolution | None) -> Resolution:
        """Resolve *you* in a readout of two leaders: the other one."""
        leaders = self.known.leaders()
        if outer is not None and len(outer.speakers) == 1 and len(leaders) == 2:
            other = [one for one in leaders if one.speaker_id != outer.speakers[0].speaker_id]
            if len(other) == 1:
                return Resolution((other[0],), "pronoun", "pronoun")
        return Resolution((), "pronoun", "unresolved_ambiguous")

    def leader_pair(self, span: Span, form: str) -> Resolution:
        """Resolve *they*, *the two leaders*: the two leaders last named in one sentence."""
        if form == "pronoun":
            taken_up = self._taken_up(span)
            if taken_up is not None:
                return Resolution(self.leader_pair(taken_up, "group").speakers, form, "members")
        at, people = self._pairs_of_document().leaders_before(span.start)
        group = self.earlier.last_group
        shown = self.text[span.start : span.end].lower()
        if shown != "we" and form == "pronoun" and group is not None and at < group[0] <= span.start:
            return Resolution(group[1].speakers, form, "pronoun")
        if len(people) != 2:
            return Resolution((), form, "unresolved_ambiguous" if people else "unresolved_no_antecedent")
        if form == "pronoun" and self._has_plural_between(at, span.start):
            return Resolution((), form, "unresolved_ambiguous")
        return Resolution(tuple(people), form, "members")

    def _taken_up(self, span: Span) -> Span | None:
        """Return the `two leaders` that open the same sentence or the one before it, if they do."""
        sentence = self.sentence_start(span.start)
        opener = _LEADER_OPENER.match(self.text, sentence, span.start)
        if opener is None:
            opener = _LEADER_OPENER.match(self.text, self.sentence_start(sentence - 1), sentence)
            opens_sentence = span.start - sentence < 4
            if (
                opener is not None
                and not opens_sentence
                and self._has_plural_between(opener.end(), span.start)
            ):
                return None
        return Span(*opener.span()) if opener is not None else None

    def _has_plural_between(self, start: int, end: int) -> bool:
        """Say whether a plural subject stands between, which *they* could mean instead."""
        shown = self.text[max(start, end - 600) : end]
        return re.search(r"\b[a-z]{3,}s (?:have|are|were|had|will|say|said|told)\b", shown) is not None

    def country_pair(self, span: Span) -> Resolution:
        """Resolve *the two sides*: the two countries last named in one sentence."""
        codes = self._pairs_of_document().countries_before(span.start)
        if len(codes) != 2:
            return Resolution((), "group", "unresolved_ambiguous" if codes else "unresolved_no_antecedent")
        speakers = [
            one
            for code in codes
            for one in self.known.institution(self.known.countries.names[code], code).speakers
        ]
        return Resolution(tuple(speakers), "group", "members")

    def _pairs_of_document(self) -> Pairs:
        if self._pairs is None:
            self._pairs = Pairs(self.text, self.known.leader_named, self.known.countries)
        return self._pairs


def _opens_subject(word: str) -> bool:
    """Say whether the word may stand between the beginning of a sentence and the name of its subject."""
    lower = word.lower()
    return (
        word[0].isupper()
        or not word[0].isalnum()
        or lower in TITLES
        or lower in _KIN
        or lower in SPEAKER_NOUNS
    )


def _is_credit(text: str, mention: NameMention) -> bool:
    """Say whether the name is that of a photographer: `ADA ORR / TIDEWIRE`, `(Tidewire/Ada Orr)`."""
    return text[mention.end : mention.end + 3] == " / " or text[mention.start - 1 : mention.start] == "/"
