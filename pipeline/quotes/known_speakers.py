"""Who is known by a name or title: the authority file and the full names of the document together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Document
from pipeline.quotes.authority import Speaker, SpeakerAuthority, alias_key, is_valid, office_key
from pipeline.quotes.grammar import SPEAKER_NOUNS
from pipeline.quotes.names import TITLES, DocumentNames, genders_by_surname, is_organisation
from pipeline.quotes.phrases import plain_words
from pipeline.quotes.word_sets import word_set
from pipeline.reference import name_key

_LEADING_ROLES = frozenset(("president", "prime minister", "chancellor", "premier"))
_LEADING = word_set("president premier chancellor king queen prime leader")
PERSON_TITLES = word_set(
    """
    judge senator ambassador commissioner bishop sheriff captain colonel professor councillor
    """
)
# Titles of one person each, which name their holder by themselves.
_OFFICES = PERSON_TITLES | word_set(
    "president premier minister chancellor leader secretary king queen pope mayor governor"
)
_LESSER = word_set("vice deputy former then late acting")
# `Ada Orr is a young nurse`, `Ada Orr, her lawyer`
_BEING = re.compile(r"(?:,| is| was) (?:an?|the|his|her|their) ((?:[\w\-]+ ?){1,4})")
_MOST_MENTIONS = 500
_MOST_BEARERS = 7
_OPENING = 20000


@dataclass(frozen=True, slots=True)
class Resolution:
    """The speakers of one attribution, and how they were found or why not."""

    speakers: tuple[Speaker, ...]
    source_form: str
    reason: str


class KnownSpeakers:
    """Speakers of one document by name, short name and title. Nobody is named by guess."""

    def __init__(self, document: Document, names: DocumentNames, authority: SpeakerAuthority) -> None:
        self.document = document
        self.text = document.text
        self.authority = authority
        self.countries = authority.countries
        self.names = names
        self.roles: dict[str, str] = {}
        # Names that the document uses for a person beyond doubt: as a source, or with a title.
        self.persons: set[str] = set(names.genders)
        for listed in names.titles.values():
            self.persons.update(listed)
        # Ids of the persons named as sources so far.
        self.spoken: set[str] = set()
        self.full_names = {mention.name for mention in names.mentions}
        self._local: dict[str, Speaker] = {}
        self._named: dict[str, bool] = {}
        self._leaders: list[Speaker] | None = None
        self._fuller: Mapping[str, Sequence[str]] | None = None
        self._bearers: dict[str, list[tuple[int, str]]] = {}

    def by_alias(self, shown: str) -> Resolution | None:
        """Resolve a name that the authority file has just so, or None."""
        ids = self.authority.by_alias.get(alias_key(shown))
        if not ids:
            return None
        if len(ids) > 1:
            return Resolution((), "name", "unresolved_ambiguous")
        row = self.authority.by_id[ids[0]]
        if row["speaker_type"] == "person" and " " not in shown.strip():
            return self.short_name(shown.strip(), None)
        if row["speaker_type"] == "group":
            return Resolution(self.members(ids[0]) or (self.authority_speaker(ids[0]),), "group", "members")
        return Resolution((self.authority_speaker(ids[0]),), "name", "authority_name")

    def members(self, group: str) -> tuple[Speaker, ...]:
        """Return who belonged to the group on the day of the document."""
        day = self.document.analysis_date
        rows = self.authority.members.get(group, ())
        valid = [row for row in rows if day is not None and is_valid(row, day)]
        return tuple(self.authority_speaker(row["member_id"]) for row in valid)

    def full_name(self, name: str, titles: tuple[str, ...], country: str | None) -> Resolution:
        """Resolve a name of two words or more: of the authority file, or of the document alone."""
        name = self.names.variants.get(name, name)
        ids = self.authority.by_alias.get(alias_key(name))
        if ids:
            if len(ids) > 1:
                return Resolution((), "name", "unresolved_ambiguous")
            return Resolution((self.authority_speaker(ids[0]),), "name", "authority_name")
        if name.isupper():
            name = " ".join(word.capitalize() for word in name.split())
            ids = self.authority.by_alias.get(alias_key(name))
            if ids and len(ids) == 1:
                return Resolution((self.authority_speaker(ids[0]),), "name", "authority_name")
        if name not in self.full_names:
            # `Van der Meel`, where the document names a Hanna van der Meel.
            longer = [
                one
                for one in self.names.full_names(name.split()[-1])
                if one.casefold().endswith(f" {name.casefold()}")
            ]
            if len(longer) == 1:
                return self.full_name(longer[0], titles, country)
            if longer:
                return Resolution((), "name", "unresolved_ambiguous")
        return Resolution((self.local_person(name, titles, country),), "name", "document_name")

    def short_name(
        self,
        name: str,
        gender: str | None,
        titles: tuple[str, ...] = (),
        country: str | None = None,
        *,
        has_article: bool = False,
    ) -> Resolution:
        """Resolve one word: an alias, or the only full name of the document that it is part of."""
        if name.isupper() and len(name) > 3:
            name = name.capitalize()
        people: dict[str, Speaker] = {}
        ids = self.authority.by_alias.get(alias_key(name), ())
        for full in self.names.full_names(name):
            known = self.authority.by_alias.get(alias_key(full), ())
            if not full.endswith(name) and not known and not self._is_person(full):
                # A first part alone may be no name at all (*Lyra Regatta*).
                continue
            if len(known) == 1:
                speaker = self.authority_speaker(known[0])
            elif known:
                return Resolution((), "name", "unresolved_ambiguous")
            else:
                speaker = self.local_person(full, titles, country)
            if gender is None or speaker.gender in (None, gender):
                people[speaker.speaker_id] = speaker
        for speaker_id in ids:
            if not people or speaker_id in people:
                people[speaker_id] = self.authority_speaker(speaker_id)
        if len(people) > 1:
            # The one who has spoken under the full name, if there is only one such.
            spoken = self.spoken.intersection(people)
            if len(spoken) == 1:
                people = {key: people[key] for key in spoken}
        if len(people) == 1:
            (speaker,) = people.values()
            reason = "authority_name" if speaker.in_authority else "document_name"
            return Resolution((speaker,), "name", reason)
        if people:
            return Resolution((), "name", "unresolved_ambiguous")
        if has_article and not titles:
            return self.institution(name, None)
        return Resolution((self.local_person(name, titles, country),), "name", "document_name")

    def _is_person(self, name: str) -> bool:
        """Say whether the document uses the name for a person: with a title, as a source, *is a nurse*."""
        if name not in self.persons:
            for mention in self.names.mentions[:_MOST_MENTIONS]:
                said = _BEING.match(self.text, mention.end) if mention.name == name else None
                if said is not None and SPEAKER_NOUNS.intersection(said.group(1).lower().split()):
                    self.persons.add(name)
                    break
        return name in self.persons

    def titled(self, words: Sequence[str], country: str | None = None) -> Resolution | None:
        """Resolve a title with no name, of a country or any: `the foreign minister`; None if it is none."""
        lowered = [word.lower().strip(".").replace("’", "'") for word in words]
        while lowered and lowered[0] in ("the", "then"):
            lowered = lowered[1:]
        if len(lowered) > 2 and (code := self.countries.code(" ".join(lowered[:2]))):
            country, lowered = code, lowered[2:]
        elif len(lowered) > 1 and (code := self.countries.code(lowered[0])):
            country, lowered = code, lowered[1:]
        if lowered and lowered[0] in ("a", "an", "one"):
            return None
        if not lowered or not all(word in TITLES for word in lowered):
            return None
        role = " ".join(lowered)
        if lowered[-1] not in _OFFICES:
            return None
        holders = [self.authority_speaker(one) for one in self._holders(role, country)]
        found = {one.speaker_id: one for one in holders if self._is_named(one.name)}
        local = {one.speaker_id: one for one in self._titled_here(lowered, country)}
        candidates = found or local
        if not candidates and country is not None and len(holders) == 1:
            # Of a country, on a known day, there is but one.
            candidates = {holders[0].speaker_id: holders[0]} if self.document.analysis_date else {}
        if country is None and len(found) == 1 and set(local) - set(found):
            candidates = found | local
        if len(candidates) == 1:
            return Resolution(tuple(candidates.values()), "title", "title")
        if not candidates and lowered[-1] in PERSON_TITLES:
            return None
        return Resolution((), "title", "unresolved_ambiguous" if candidates else "unresolved_no_antecedent")

    def _titled_here(self, role: Sequence[str], country: str | None) -> list[Speaker]:
        """Return the persons to whom the document itself gives the title, before the name or after it."""
        titles = self.names.titles
        if role == ["leader"]:
            names = {name for word in _LEADING - {"prime"} for name in titles.get((country, word), ())}
        else:
            names = set(titles.get((country, role[-1]), ()))
            names.intersection_update(*(titles.get((None, word), ()) for word in role))
            lesser = {name for word in _LESSER - set(role) for name in titles.get((None, word), ())}
            names = names - lesser or names
        for name, apposition in self.roles.items():
            words = plain_words(apposition)
            home = self.countries.code(words[0]) if words else None
            words = words[1:] if home is not None else words
            if words[: len(role)] == list(role) and (
                country is None
                or country == home
                or any(self.countries.code(one) == country for one in words)
            ):
                names.add(name)
        return [one for name in sorted(names) for one in self.full_name(name, (), country).speakers]

    def _holders(self, role: str, country: str | None) -> list[str]:
        day = self.document.analysis_date
        found = []
        for speaker_id, rows in self.authority.roles.items():
            for row in rows:
                title = row["role"].lower()
                fits = title == role or (
                    role == "leader" and title in ("president", "prime minister", "chancellor")
                )
                if not fits or (day is not None and not is_valid(row, day)):
                    continue
                home = self.countries.code(row["organisation"] or "")
                if country is None or home == country:
                    found.append(speaker_id)
                    break
        return found

    def _is_named(self, name: str) -> bool:
        """Say whether the document names the person, by full name or surname."""
        if name not in self._named:
            parts = (name.split()[0], name.split()[-1])
            self._named[name] = any(
                self.names.full_names(part) or re.search(rf"\b{re.escape(part)}\b", self.text[:_OPENING])
                for part in parts
            )
        return self._named[name]

    def institution(self, name: str, country: str | None) -> Resolution:
        """Resolve the name of an institution: of the authority file, of the document in full, or as it is."""
        name = re.sub(r"^[Tt]he\s+", "", name.strip().rstrip(",").replace("’", "'"))
        ids = self.authority.by_alias.get(alias_key(name))
        office = office_key(name, self.countries) if not ids else None
        if office is not None:
            ids = self.authority.by_office.get(office)
        if ids and len(ids) == 1:
            return Resolution((self.authority_speaker(ids[0]),), "name", "authority_name")
        if office is None and " " in name and is_organisation(name.split()[-1:]):
            # `the Foreign Ministry`, where the document names but one, with its country.
            whole = {
                found.speakers[0].speaker_id: found
                for full in self._fuller_names().get(name.casefold(), ())
                if (found := self.institution(full, None)).speakers
            }
            if len(whole) == 1:
                return next(iter(whole.values()))
            if whole:
                return Resolution((), "name", "unresolved_ambiguous")
        return Resolution(
            (self.local_speaker(name, "institution", country, None, None),), "name", "institution"
        )

    def _fuller_names(self) -> Mapping[str, Sequence[str]]:
        """Return the names of offices that begin with a country, by what follows it."""
        if self._fuller is None:
            fuller: dict[str, list[str]] = {}
            for full in dict.fromkeys(self.names.organisations):
                first, _, rest = full.replace("’", "'").partition(" ")
                if " " in rest and self.countries.code(first):
                    fuller.setdefault(rest.casefold(), []).append(full)
            self._fuller = fuller
        return self._fuller

    def local_person(self, name: str, titles: tuple[str, ...], country: str | None) -> Speaker:
        """Return the person of this document, with role and gender as the document tells them."""
        role = self.roles.get(name)
        if role is None and titles:
            kept = [title for title in titles if title not in ("mr", "mrs", "ms", "miss", "dr")]
            role = " ".join(kept) or None
        gender = genders_by_surname(self.names.genders, name)
        return self.local_speaker(name, "person", country, gender, role)

    def local_speaker(
        self, name: str, speaker_type: str, country: str | None, gender: str | None, role: str | None
    ) -> Speaker:
        """Return the speaker who is known within this document only."""
        key = name_key(name) or "unknown"
        speaker_id = f"{self.document.article_id}:{key}"
        known = self._local.get(speaker_id)
        if known is None:
            known = Speaker(speaker_id, name, speaker_type, country, gender, role, False)
            self._local[speaker_id] = known
        return known

    def authority_speaker(self, speaker_id: str) -> Speaker:
        """Return a speaker of the authority file, with the role of the day."""
        row = self.authority.by_id[speaker_id]
        day = self.document.analysis_date
        roles = [
            role
            for role in self.authority.roles.get(speaker_id, ())
            if day is not None and is_valid(role, day)
        ]
        role = roles[0]["role"] if roles else self.roles.get(row["name"])
        return Speaker(
            speaker_id, row["name"], row["speaker_type"], row["country"], row["gender"], role, True
        )

    def leaders(self) -> list[Speaker]:
        """Return the heads of states and governments that the document names, no more than three."""
        if self._leaders is None:
            leaders: dict[str, Speaker] = {}
            for mention in self.names.mentions:
                if mention.name in self.names.leaders:
                    for one in self.full_name(mention.name, (), None).speakers:
                        leaders.setdefault(one.speaker_id, one)
                    if len(leaders) > 2:
                        break
            self._leaders = list(leaders.values())
        return self._leaders

    def leader_named(self, part: str) -> Speaker | None:
        """Return the leader that one word names, if it is one and only one."""
        people = {
            one.speaker_id: one
            for name in self.names.full_names(part)
            if name in self.names.leaders
            for one in self.full_name(name, (), None).speakers
        }
        if not people:
            ids = self.authority.by_alias.get(alias_key(part), ())
            if len(ids) == 1 and any(
                row["role"].lower() in _LEADING_ROLES for row in self.authority.roles.get(ids[0], ())
            ):
                people[ids[0]] = self.authority_speaker(ids[0])
        return next(iter(people.values())) if len(people) == 1 else None

    def bearers(self, title: str) -> list[tuple[int, str]]:
        """Return the persons whom the document gives the title, where first named."""
        if title not in self._bearers:
            titled = set(self.names.titles.get((None, title), ()))
            first: dict[str, int] = {}
            for mention in self.names.mentions:
                if mention.name in titled:
                    first.setdefault(mention.name, mention.start)
            self._bearers[title] = [(start, name) for name, start in first.items()][:_MOST_BEARERS]
        return self._bearers[title]
