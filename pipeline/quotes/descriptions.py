"""Descriptions: *the ministry*, *the spokesman*, *the email*, and the speakers who stay unnamed."""

import re
from collections.abc import Iterable, Sequence

from pipeline.quotes.attributions import Span
from pipeline.quotes.authority import Speaker
from pipeline.quotes.earlier_sources import EarlierSource, EarlierSources
from pipeline.quotes.grammar import singular
from pipeline.quotes.known_speakers import KnownSpeakers, Resolution
from pipeline.quotes.names import TITLES, NameMention, is_organisation
from pipeline.quotes.phrases import (
    DOCUMENTS,
    INSTITUTIONS,
    KINDS_IN_NAMES,
    description,
    head_words,
    kind_of,
    plain_words,
)
from pipeline.quotes.word_sets import word_set
from pipeline.reference import name_key

_COLLECTIVES = word_set("opposition police government public military media army press crowd audience")
# What is left of a source that was no noun phrase.
_NO_DESCRIPTIONS = word_set(
    """
    the a an his her their its my our your this that these those and or but of in on at to for from by with as
    who which what whose not is are was were be been has have had
    """
)
_DEFINITE = ("the", "this", "that")
_LONGEST_DEFINITE = 4
# In code points: how far an apposition reaches, and how far back a description looks for a person.
_APPOSITION = 80
_NEAR = 1500
# Nouns that the kinds of institutions without a telling name share (*Pellapress*: an agency).
_OPEN_KINDS = word_set("newspaper agency company network broadcaster outlet channel group")
_NAMED_LATER = re.compile(
    r"[^\n]{0,80}?[.!?]\W{1,3}(?:S?[Hh]e (?:is|was) (?:called|named)|(?:His|Her) name (?:is|was)) "
    r"([^\W\d_a-z][\w\-]+(?: [^\W\d_a-z][\w\-]+){1,2})"
)


class Descriptions:
    """Resolves the descriptions of one document that hold no name."""

    def __init__(self, known: KnownSpeakers, earlier: EarlierSources) -> None:
        self.known = known
        self.earlier = earlier
        self.names = known.names
        self.text = known.text

    def resolve(self, head: str, span: Span, *, is_nested: bool = False) -> Resolution:
        """Resolve a noun phrase without a name: by what it takes up, or as an unnamed speaker."""
        words = re.split(r" (?:who|which|that|whose) ", head, maxsplit=1)[0].strip().rstrip(",").split()
        if not words:
            return Resolution((), "none", "unresolved_no_source")
        noun = words[-1].lower()
        is_short = len(words) <= _LONGEST_DEFINITE or noun in TITLES
        is_definite = words[0].lower() in _DEFINITE and is_short
        if noun in DOCUMENTS:
            written = self._document(words, span, is_definite=is_definite)
            if written is not None:
                return written
        if is_definite and noun in INSTITUTIONS:
            return self._institution(words, span)
        if is_definite and noun not in _COLLECTIVES and not _is_plural_noun(noun):
            return self._person(words, span, is_nested=is_nested)
        return self.unnamed(head)

    def unnamed(self, head: str) -> Resolution:
        """Keep the description of an unnamed speaker."""
        plain = description(head)
        if not name_key(plain) or plain in _NO_DESCRIPTIONS:
            return Resolution((), "none", "unresolved_no_source")
        return Resolution(
            (self.known.local_speaker(plain, "unnamed", None, None, None),), "group", "unnamed_group"
        )

    def _document(self, words: Sequence[str], span: Span, *, is_definite: bool) -> Resolution | None:
        """Resolve *a Veltapress report* by its publisher, *the email* by who wrote one just before."""
        noun = words[-1].lower()
        inner = words[1:-1] if words[0].lower() in (*_DEFINITE, "a", "an") else words[:-1]
        if inner:
            publisher = self.known.by_alias(" ".join(inner))
            if publisher is not None and {one.speaker_type for one in publisher.speakers} == {"institution"}:
                is_adjective = self.known.countries.code(" ".join(inner)) is not None
                return None if is_adjective else publisher
            return None
        if not is_definite:
            return None
        begin = self.earlier.block_start(span.start)
        for source in self.earlier.before(span.start):
            if source.span.start < begin:
                break
            around = self.text[max(begin, source.span.start - 60) : min(span.start, source.span.end + 150)]
            if re.search(rf"\b{re.escape(noun)}\b", around):
                return Resolution(source.resolution.speakers, "title", "title")
        return Resolution((), "title", "unresolved_no_antecedent")

    def _institution(self, words: Sequence[str], span: Span) -> Resolution:
        """Resolve *the ministry*, *the newspaper*, *the union* by the one institution of the kind."""
        noun = words[-1].lower()
        modifiers = set(plain_words(" ".join(words[1:-1])))
        named = {
            found.speakers[0].speaker_id: found
            for name in self._named_so(noun, modifiers, span)
            if (found := self.known.institution(name, None)).speakers
        }
        if len(named) == 1:
            return next(iter(named.values()))
        before = self.earlier.before(span.start)
        if named:
            begin = self.earlier.block_start(span.start, back=1)
            for source in before:
                one = source.resolution.speakers[0]
                if source.span.start < begin or len(source.resolution.speakers) > 1:
                    break
                if one.speaker_id in named and not self._others_between(source, span, named):
                    return Resolution(source.resolution.speakers, "title", "title")
            return Resolution((), "title", "unresolved_ambiguous")
        taken_up = self._same_noun(before, noun, modifiers)
        if len(taken_up) == 1:
            return Resolution((taken_up[0],), "title", "title")
        if taken_up:
            return Resolution((), "title", "unresolved_ambiguous")
        if any(word[:1].isupper() for word in words[1:-1]):
            # `the Tidewire news agency`: the name has its kind in lower case.
            return self.known.institution(" ".join(words[1:]), None)
        if modifiers and kind_of(noun) not in _OPEN_KINDS:
            return self.unnamed(" ".join(words))
        apposed = self._apposed_institution(noun, span)
        of_kind = [apposed] if apposed is not None else self._of_kind(noun, span)
        if len(of_kind) == 1:
            return Resolution((of_kind[0],), "title", "title")
        return Resolution((), "title", "unresolved_ambiguous" if of_kind else "unresolved_no_antecedent")

    def _named_so(self, noun: str, modifiers: set[str], span: Span) -> list[str]:
        """Return the names of institutions whose head is the noun, and which hold all modifiers."""
        found = [
            name
            for name in dict.fromkeys(self.names.organisations)
            if name.lower().endswith(f" {noun}") and modifiers.issubset(plain_words(name))
        ]
        found.extend(
            name
            for end, name in self.names.offices
            if end <= span.start
            and f" {noun} " in f" {name.lower()}"
            and modifiers.issubset(plain_words(name))
        )
        found.extend(
            one.name
            for source in self.earlier.before(span.start)
            for one in source.resolution.speakers
            if one.speaker_type == "institution"
            and f" {noun} " in f" {one.name.lower()} "
            and modifiers.issubset(plain_words(one.name))
        )
        # `Tarn Chamber` is the beginning of *Tarn Chamber of Commerce*.
        return [one for one in found if not any(other.startswith(f"{one} ") for other in found)]

    def _others_between(self, source: EarlierSource, span: Span, named: Iterable[str]) -> bool:
        """Say whether another of the institutions is named between the source and the span."""
        own = source.resolution.speakers[0].speaker_id
        for mention in self.names.organisations_between(source.span.end, span.start):
            for one in self.known.institution(mention.name, None).speakers:
                if one.speaker_id in set(named) - {own}:
                    return True
        return False

    def _same_noun(self, before: Sequence[EarlierSource], noun: str, modifiers: set[str]) -> list[Speaker]:
        """Return the unnamed earlier sources that the noun can take up."""
        found: dict[str, Speaker] = {}
        for source in before:
            one = source.resolution.speakers[0]
            if len(source.resolution.speakers) == 1 and one.speaker_type == "unnamed":
                words = head_words(one.name)
                if words and words[-1] == noun and modifiers.issubset(plain_words(one.name)):
                    found[one.speaker_id] = one
        return list(found.values())

    def _of_kind(self, noun: str, span: Span) -> list[Speaker]:
        """Return the institutions among the earlier sources that can be of the kind, by their names."""
        kind = kind_of(noun)
        telling = KINDS_IN_NAMES.get(kind, frozenset())
        fitting: dict[str, Speaker] = {}
        possible: dict[str, Speaker] = {}
        for source in self.earlier.before(span.start):
            for one in source.resolution.speakers:
                words = plain_words(one.name)
                if one.speaker_type != "institution" or self.known.countries.code(one.name):
                    continue
                if telling.intersection(words):
                    fitting[one.speaker_id] = one
                elif kind in _OPEN_KINDS and not is_organisation(words):
                    possible[one.speaker_id] = one
        return list((fitting or possible).values())

    def _apposed_institution(self, noun: str, span: Span) -> Speaker | None:
        """Return the institution of *the company, Ostrey Hydro,* when the document has this before."""
        begin = max(0, span.start - _NEAR)
        shown = re.compile(
            rf"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir) (?:[a-z]+ ){{0,2}}{re.escape(noun)}, "
            r"((?:[^\W\d_a-z][\w’'\-]*)(?: [^\W\d_a-z][\w’'\-]*){0,3}),"
        )
        names = {match.group(1) for match in shown.finditer(self.text, begin, span.start)}
        if len(names) != 1:
            return None
        found = self.known.institution(names.pop(), None)
        return found.speakers[0] if found.speakers else None

    def _person(self, words: Sequence[str], span: Span, *, is_nested: bool) -> Resolution:
        """Resolve *the spokesman*, *the official*, *the bride*."""
        noun = words[-1].lower()
        modifiers = words[1:-1]
        if noun.endswith("-year-old"):
            return self._last_person(span)
        candidates: dict[str, Speaker] = {}
        begin = self.earlier.block_start(span.start, back=2)
        near = [one for one in self.earlier.before(span.start) if one.span.start >= begin]
        for one in self._same_noun(near, noun, set(plain_words(" ".join(modifiers)))):
            candidates[one.speaker_id] = one
        for one in self.people_called(noun, [word for word in modifiers if word[:1].isupper()], span):
            candidates[one.speaker_id] = one
        if len(candidates) == 1:
            return Resolution(tuple(candidates.values()), "title", "title")
        if candidates:
            last = self.earlier.focus[-1][1] if self.earlier.focus else None
            if last is not None and last.speaker_id in candidates:
                return Resolution((last,), "title", "title")
            return Resolution((), "title", "unresolved_ambiguous")
        named_later = _NAMED_LATER.match(self.text, span.end)
        if named_later is not None:
            found = self.known.full_name(named_later.group(1), (), None)
            return Resolution(found.speakers, "title", "title" if found.speakers else found.reason)
        if noun in TITLES or not self._is_introduced(noun, span, is_nested=is_nested):
            return Resolution((), "title", "unresolved_no_antecedent")
        return self.unnamed(" ".join(words))

    def _last_person(self, span: Span) -> Resolution:
        """Resolve *the 61-year-old*: the person named last, as a source and at all."""
        end, last = self.earlier.focus[-1] if self.earlier.focus else (-1, None)
        if (
            last is None
            or last.speaker_type != "person"
            or end < self.earlier.block_start(span.start, back=1)
        ):
            return Resolution((), "title", "unresolved_no_antecedent")
        if self.names.between(end, span.start):
            return Resolution((), "title", "unresolved_ambiguous")
        return Resolution((last,), "title", "title")

    def people_called(self, noun: str, modifiers: Sequence[str], span: Span) -> list[Speaker]:
        """Return the persons to whom the document gives the noun, with the modifiers near their name."""
        names = set(self.names.titles.get((None, noun), ()))
        shown = re.compile(rf"\b{re.escape(noun)}\b")
        names.update(name for name, role in self.known.roles.items() if shown.search(_own_part(role)))
        people: dict[str, Speaker] = {}
        for _, one in self.earlier.focus[-4:]:
            if (
                one is not None
                and one.speaker_type == "person"
                and shown.search(_own_part((one.role or "").lower()))
            ):
                names.add(one.name)
        for mention in self.names.between(max(0, span.start - _NEAR), span.start):
            if self._is_called(mention, noun):
                names.add(mention.name)
        for name in sorted(names):
            if self._fits(name, modifiers):
                for one in self.known.full_name(name, (), None).speakers:
                    people[one.speaker_id] = one
        return list(people.values())

    def _is_called(self, mention: NameMention, noun: str) -> bool:
        """Say whether the noun stands beside the name: *the baker Ben Ilk*, *Ben Ilk, a young baker*."""
        before = self.text[max(0, mention.start - _APPOSITION) : mention.start]
        if re.search(rf"\b{re.escape(noun)},? $", before):
            return True
        after = self.text[mention.end : mention.end + _APPOSITION]
        return (
            re.match(
                rf",? (?:who (?:is|was) )?(?:an?|the|his|her|their) (?:[\w’'\-]+ ){{0,4}}{re.escape(noun)}\b",
                after,
            )
            is not None
        )

    def _fits(self, name: str, modifiers: Sequence[str]) -> bool:
        """Say whether the modifiers that are names stand near the person's name somewhere."""
        if not modifiers:
            return True
        for mention in self.names.mentions[:200]:
            if mention.name == name:
                around = self.text[max(0, mention.start - _APPOSITION) : mention.end + _APPOSITION]
                if all(word.lower() in around.lower() for word in modifiers):
                    return True
        role = self.known.roles.get(name, "").lower()
        return all(word.lower() in role for word in modifiers)

    def _is_introduced(self, noun: str, span: Span, *, is_nested: bool) -> bool:
        """Say whether the noun is of somebody who stays unnamed, not another word for a person just named."""
        opening = self.text[self.earlier.block_start(span.start) : span.start].lstrip()
        is_quoted = opening[:1] in ('"', "“") and not re.search(r"[^\s][\"”](?:\s|$)", opening)
        if is_nested or is_quoted:
            return True
        before = self.text[max(0, span.start - _NEAR) : span.start]
        if re.search(rf"\b(?:the|a|an|one) (?:[a-z]+ )?{re.escape(noun)}\b", before, re.IGNORECASE):
            return True
        begin = self.earlier.block_start(span.start, back=1)
        spoke = any(
            end >= begin and (one is None or one.speaker_type == "person")
            for end, one in self.earlier.focus[-4:]
        )
        return not spoke and not self.names.between(begin, span.start)


def _own_part(role: str) -> str:
    """Return the part of a role that tells what the person is: *spokesman* of `spokesman for the mayor`."""
    return re.split(r" (?:for|to|of|in|at|from|who|and) ", role.lower(), maxsplit=1)[0]


def _is_plural_noun(noun: str) -> bool:
    return singular(noun) != noun or (noun.endswith("s") and not noun.endswith(("ss", "us", "is", "'s")))
