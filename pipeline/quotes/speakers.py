"""Speakers: who stands behind a source mention, by rules that rather leave it open than guess.

The order is that of the sieves of Muzny et al. (2017) for quotes: exact names first, then short names,
titles, pronouns and groups; whatever two candidates fit stays NULL with the reason.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from pipeline.document import Document
from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.authority import Speaker, SpeakerAuthority, alias_key, is_valid
from pipeline.quotes.grammar import SPEAKER_NOUNS, singular
from pipeline.quotes.names import (
    TITLES,
    DocumentNames,
    gender_of_titles,
    genders_by_surname,
    in_initial_capitals,
    is_organisation,
    read_names,
    take_apart,
)
from pipeline.quotes.pairs import Pairs
from pipeline.quotes.turns import TEXT_BLOCKS
from pipeline.quotes.word_sets import word_set
from pipeline.reference import name_key

_PRONOUN_GENDERS: Mapping[str, str | None] = {"he": "male", "she": "female", "i": None}
_GROUP_PRONOUNS = frozenset(("they", "we", "both", "the two"))
_LEADER_GROUP = re.compile(
    r"(?:the|both|these)(?: two)?(?: top| state)?(?: leaders| presidents| heads of state| men| statesmen)$"
    r"|(?:the )?two (?:top )?(?:leaders|presidents|heads of state)$"
)
_LEADER_OPENER = re.compile(
    r"\s*(?:The|Both)(?: two)?(?: top| state)?(?: leaders| presidents| heads of state)\b"
)
_COUNTRY_GROUP = re.compile(
    r"(?:the two|both|the) (?:sides|countries|nations|parties|governments)$|two (?:sides|countries)$"
)
_COLLECTIVES = word_set("opposition police government public military media army press")
_QUESTIONERS = frozenset(("q", "question", "reporter", "a", "answer", "moderator", "host"))
_LEADING_ROLES = frozenset(("president", "prime minister", "chancellor", "premier"))
_LEADING = word_set("president premier chancellor king queen prime leader")
_NUMBERS: Mapping[str, int] = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTED = re.compile(r"(?:the|these|all|both|all the) (two|three|four|five|six) ([a-z]+ )?([a-z]+s)$")
_OF_PLACE = re.compile(r"^([^,]+?) (?:of|from) (?:the )?[^\W\d_a-z][^,]*$")
_CLAUSE_OPENERS = word_set("because although though since while if when whereas as unless until")
_POSSESSIVES: Mapping[str, str] = {"his": "he", "her": "she", "their": "they"}
_DOCUMENTS = word_set("letter report statement note email message book paper article study memo speech")
_PERSON_TITLES = word_set(
    """
    judge senator ambassador commissioner bishop sheriff captain colonel professor councillor
    """
)
_OFFICE_BEFORE = re.compile(
    r"(?:[^\W\d_a-z][\w’'\-]* ){1,3}(?:of|for) (?:[^\W\d_a-z][\w\-]* ){1,2}&(?:amp;)? $"
)
# A sentence that opens with a surname and a verb (`Orr nodded`).
_OPENING_SURNAME = re.compile(
    r"(?:(?<=[.!?”\"’'] )|(?<=\n))([^\W\d_a-z][\w\-]+)(?= [a-z]+ed\b| did\b| was\b| had\b)"
)
_AFTER_BY = re.compile(r"\s{1,2}((?:the )?[^\W\d_a-z][\w’'\-]*(?: [^\W\d_a-z][\w’'\-]*){0,5})")
_ARTICLE = re.compile(r"^(?:the|a|an|some|several|many|other|most|his|her|their|its|one)\s+", re.IGNORECASE)
_LONGEST_DESCRIPTION = 80
_LONGEST_FOCUS = 12
_NAME_WORD = re.compile(r"[^\W\d_a-z][\w\-]+")
# How far back another person is looked for, in code points.
_NEAR = 1500
_OPENING = 20000


@dataclass(frozen=True, slots=True)
class Resolution:
    """The speakers of one attribution, and how they were found or why not."""

    speakers: tuple[Speaker, ...]
    source_form: str
    reason: str


def resolve_speakers(
    document: Document,
    attributions: Sequence[Attribution],
    parents: Sequence[int | None],
    authority: SpeakerAuthority,
) -> list[Resolution]:
    """Resolve the speakers of the attributions, given in reading order.

    `parents` are places in the same list: what each attribution stands inside.
    """
    resolver = _Resolver(document, authority)
    resolver.read_apposed_roles(attributions)
    found: list[Resolution] = []
    for attribution, parent in zip(attributions, parents, strict=True):
        outer = found[parent] if parent is not None and parent < len(found) else None
        found.append(resolver.resolve(attribution, outer))
    return found


class _Resolver:
    """Resolves the mentions of one document from first to last, keeping who was last in focus."""

    def __init__(self, document: Document, authority: SpeakerAuthority) -> None:
        self.document = document
        self.text = document.text
        self.authority = authority
        spans = [
            (block.char_start, block.char_end) for block in document.blocks if block.block_type in TEXT_BLOCKS
        ]
        self.countries = authority.countries
        self.names: DocumentNames = read_names(document.text, spans, authority.countries)
        self.block_starts = [start for start, _ in spans]
        self.roles: dict[str, str] = {}
        self.local: dict[str, Speaker] = {}
        # (end of the mention, speaker): the persons named as sources so far.
        self.focus: list[tuple[int, Speaker]] = []
        self.spoken: set[str] = set()
        # Names that the document uses for a person beyond doubt: as a source, or with a title.
        self.persons: set[str] = set(self.names.genders)
        for names in self.names.titles.values():
            self.persons.update(names)
        # Genders that pronouns told.
        self.learned: dict[str, str] = {}
        # (end of the mention, its resolution): the last source that *they* could take up.
        self.last_group: tuple[int, Resolution] | None = None
        self.full_names = {mention.name for mention in self.names.mentions}
        self.pairs: Pairs | None = None
        self.named: dict[str, bool] = {}
        self.leaders: list[Speaker] | None = None
        self.bearers: dict[str, list[tuple[int, str]]] = {}
        self.office_names: frozenset[str] | None = None

    def read_apposed_roles(self, attributions: Sequence[Attribution]) -> None:
        """Note the roles that appositions state: `Ann Lee, a farmer from Arlonia`."""
        for attribution in attributions:
            if attribution.source_mention is None:
                continue
            shown = self._shown(attribution.source_mention)
            name, _, apposition = shown.partition(",")
            self.persons.add(" ".join(take_apart(name, self.names.countries, self.names.common).name))
            apposition = re.sub(r"^(?:a|an|the)\s+", "", apposition.strip().rstrip(","))
            if apposition and not apposition.startswith(("who ", "which ", "whose ")):
                phrase = take_apart(" ".join(_head_words(name)), self.names.countries, self.names.common)
                if phrase.name and not apposition[:1].isdigit():
                    self.roles.setdefault(" ".join(phrase.name), apposition)
            if attribution.display_title and shown:
                self.roles.setdefault(shown.title() if shown.isupper() else shown, attribution.display_title)

    def resolve(self, attribution: Attribution, outer: Resolution | None) -> Resolution:
        span = attribution.source_mention
        if span is None:
            return Resolution((), "none", "unresolved_no_source")
        label = self._shown(span).lower().strip(".:")
        if attribution.is_display and label in ("moderator", "host"):
            return Resolution((self._local(label, "unnamed", None, None, None),), "display", "unnamed_group")
        if attribution.is_display and label in _QUESTIONERS:
            return Resolution((), "display", "unresolved_no_antecedent")
        shown = self._shown(span).strip()
        resolution = self._resolve_mention(shown, span, outer)
        if attribution.is_display and resolution.source_form == "name":
            resolution = Resolution(resolution.speakers, "display", resolution.reason)
        single = resolution.speakers[0] if len(resolution.speakers) == 1 else None
        if single is not None and single.speaker_type == "person":
            self.focus.append((span.end, single))
            self.spoken.add(single.speaker_id)
        elif single is not None and single.speaker_type == "unnamed" and _is_one_person(shown):
            # A later *he* means this one, whose name is not known.
            self.focus.append((span.end, single))
        elif resolution.source_form != "pronoun" and _is_plural(resolution, shown):
            self.last_group = (span.end, resolution)
        return resolution

    def _resolve_mention(self, shown: str, span: Span, outer: Resolution | None) -> Resolution:
        lower = shown.lower()
        if lower in ("he", "she"):
            return self._pronoun(lower, span)
        if lower in ("i", "me", "my") or (lower == "we" and outer is not None):
            if outer is not None and outer.speakers and (lower != "we" or len(outer.speakers) == 1):
                return Resolution(outer.speakers, "pronoun", "pronoun")
            return Resolution((), "pronoun", "unresolved_no_antecedent")
        if lower == "you":
            return self._addressee(outer)
        if lower == "it":
            return Resolution((), "pronoun", "unresolved_ambiguous")
        if lower in _GROUP_PRONOUNS or _LEADER_GROUP.match(lower):
            form = "pronoun" if lower in ("they", "we") else "group"
            return self._leader_pair(span, form)
        if _COUNTRY_GROUP.match(lower):
            return self._country_pair(span)
        if lower == "who":
            return self._antecedent(span)
        counted = self._counted(lower, span)
        if counted is not None:
            return counted
        if lower.split(" ", 1)[0] in _CLAUSE_OPENERS and " " in lower and not shown[0].isupper():
            return Resolution((), "none", "unresolved_no_source")
        listed = self._listed(shown)
        if listed is not None:
            return listed
        owned = self._owned(shown, span, outer)
        if owned is not None:
            return owned
        joined = self._joined(shown, span)
        if joined is not None:
            return joined
        return self._single(shown, span)

    def _antecedent(self, span: Span) -> Resolution:
        """Resolve *who*: the full name that stands just before it."""
        before = self.names.between(max(0, span.start - 100), span.start)
        if before and self.text[before[-1].end : span.start].strip(" ,") == "":
            found = self._full_name(before[-1].name, (), None)
            return Resolution(found.speakers, "pronoun", "pronoun" if found.speakers else found.reason)
        return Resolution((), "pronoun", "unresolved_no_antecedent")

    def _counted(self, lower: str, span: Span) -> Resolution | None:
        """Resolve `the three ministers`: the group just named, or all who bear the title before."""
        match = _COUNTED.match(lower)
        if match is None:
            return None
        number = _NUMBERS[match.group(1)]
        noun = singular(match.group(3))
        if noun not in TITLES:
            return None
        people: dict[str, Speaker] = {}
        for start, name in self._bearers(noun):
            if start < span.start:
                for one in self._full_name(name, (), None).speakers:
                    people.setdefault(one.speaker_id, one)
        group = self.last_group[1].speakers if self.last_group is not None else ()
        if len(people) != number and len(group) == number:
            people = {one.speaker_id: one for one in group if one.speaker_type == "person"}
        return Resolution(tuple(people.values()), "group", "members") if len(people) == number else None

    def _bearers(self, title: str) -> list[tuple[int, str]]:
        """Return the persons whom the document gives the title, where first named."""
        if title not in self.bearers:
            titled = set(self.names.titles.get((None, title), ()))
            first: dict[str, int] = {}
            for mention in self.names.mentions:
                if mention.name in titled:
                    first.setdefault(mention.name, mention.start)
            self.bearers[title] = [(start, name) for name, start in first.items()][
                : max(_NUMBERS.values()) + 1
            ]
        return self.bearers[title]

    def _listed(self, shown: str) -> Resolution | None:
        """Resolve `A of X, B of Y and C of Z`: full names, each with its place or without."""
        if " and " not in shown or len(shown) > 400:
            return None
        speakers: list[Speaker] = []
        for part in re.split(r",? and |, ", shown.rstrip(" ,")):
            match = _OF_PLACE.match(part.strip())
            name = match.group(1) if match is not None else part.strip()
            phrase = take_apart(name, self.names.countries, self.names.common)
            plain = " ".join(phrase.name)
            if len(phrase.name) < 2 or plain not in self.full_names:
                return None
            speakers.extend(self._full_name(plain, phrase.titles, phrase.country).speakers)
        if len(speakers) < 2:
            return None
        return Resolution(tuple(dict.fromkeys(speakers)), "name", "members")

    def _owned(self, shown: str, span: Span, outer: Resolution | None) -> Resolution | None:
        """Resolve what is no speaker itself by its owner: *their claim*, *her letter*, *a report by X*."""
        words = shown.lower().replace("’", "'").split()
        pronoun = _POSSESSIVES.get(words[0]) if words else None
        if pronoun is not None and (
            len(words) == 1 or (len(words) == 2 and singular(words[1]) in _DOCUMENTS)
        ):
            if pronoun != "they":
                return self._resolve_mention(pronoun, span, outer)
            group = self.last_group
            if group is not None and self._block_start(span.start) <= group[0] <= span.start:
                return Resolution(group[1].speakers, "pronoun", "pronoun")
            return Resolution((), "pronoun", "unresolved_no_antecedent")
        if len(words) > 1 and words[-1] == "by":
            name = _AFTER_BY.match(self.text, span.end, min(len(self.text), span.end + 120))
            if name is None:
                return Resolution((), "none", "unresolved_no_source")
            return self._single(name.group(1), Span(name.start(1), name.end(1)))
        if len(words) > 2 and singular(words[-1]) in _DOCUMENTS and words[-2].endswith(("'s", "s'")):
            owner = shown.replace("’", "'").rsplit(" ", 1)[0]
            return self._single(owner, span)
        return None

    def _single(self, shown: str, span: Span) -> Resolution:
        if shown.replace("’", "'").endswith("'s") and " " in shown:
            shown = shown[:-2]
        office = self._office(shown, span)
        if office is not None:
            return office
        head, _, rest = re.sub(r"\s*\([^()]*\)", "", shown).partition(",")
        for candidate in (shown, head):
            exact = self._by_alias(candidate)
            if exact is not None:
                return exact
        words = _head_words(head)
        if not words:
            return Resolution((), "none", "unresolved_no_source")
        owner = max((i for i, word in enumerate(words[:-1]) if word.endswith("'s")), default=-1)
        if owner >= 0 and not is_organisation(words[owner + 1 :]):
            # `Arlonia's envoy Ada Orr`: the owner is not the speaker.
            words = words[owner + 1 :]
        first = next((i for i in range(len(words)) if all(_starts_name(word) for word in words[i:])), None)
        if first is not None and not self._is_lower_head(words[first:]):
            before = tuple(word.lower().strip(".") for word in words[:first])
            return self._named(" ".join(words[first:]), before, head)
        apposition = self._apposed(rest)
        if apposition is not None:
            return apposition
        beyond = re.search(r" (?:of|for) (?:the )?([^\W\d_a-z][^,]*)$", head)
        titled = self._titled(words)
        if titled is not None:
            if beyond is not None and not self.countries.code(beyond.group(1)) and titled.speakers:
                # `Leader of the Quayside Party`: not the leader of the country.
                return Resolution((), "title", "unresolved_ambiguous")
            return titled
        return self._unnamed(head, span.start)

    def _apposed(self, rest: str) -> Resolution | None:
        """Resolve `The winner, Ada Orr, ...` and `his brother, the baker Ben Orr` by the full name."""
        first = rest.strip().split(",")[0]
        inner = _head_words(first) if first else []
        if inner and inner[0].lower() in ("a", "an", "the"):
            inner = inner[1:]
        while inner and inner[0][:1].islower():
            inner = inner[1:]
        if len(inner) < 2 or not all(word[:1].isupper() for word in (inner[0], inner[-1])):
            return None
        shown = " ".join(inner)
        if not all(_starts_name(word) for word in inner):
            return None
        apposed = take_apart(shown, self.names.countries, self.names.common)
        if len(apposed.name) < 2:
            return None
        named = self._named(shown, (), shown)
        if named.speakers and named.reason in ("authority_name", "document_name"):
            return Resolution(named.speakers, "title", "apposition")
        return None

    def _office(self, shown: str, span: Span) -> Resolution | None:
        """Resolve `the Ministry of Roads and Bridges` as one institution, where the document names it."""
        plain = re.sub(r"^[Tt]he\s+", "", unescape(shown).replace("’", "'"))
        window = self.text[max(0, span.start - 120) : span.start].replace("\n", " ")
        if "&" in window[-6:]:
            # Only the last word of `Ministry of Roads & Bridges` was taken for the source.
            before = _OFFICE_BEFORE.search(window)
            if before is not None:
                plain = re.sub(r"^The\s+", "", unescape(before.group()).replace("’", "'")) + plain
        known = self._office_names()
        if plain.casefold() not in known:
            return None
        return self._institution(plain, None)

    def _office_names(self) -> frozenset[str]:
        if self.office_names is None:
            self.office_names = frozenset(name.casefold() for _, name in self.names.offices)
        return self.office_names

    def _is_lower_head(self, words: Sequence[str]) -> bool:
        """Say whether the capital is only that of a sentence's first word (`Analysts said`)."""
        if len(words) != 1:
            return False
        lower = words[0].lower()
        return (singular(lower) in SPEAKER_NOUNS or lower in self.names.common) and not self.names.full_names(
            words[0]
        )

    def _by_alias(self, shown: str) -> Resolution | None:
        ids = self.authority.by_alias.get(alias_key(shown))
        if not ids:
            return None
        if len(ids) > 1:
            return Resolution((), "name", "unresolved_ambiguous")
        row = self.authority.by_id[ids[0]]
        if row["speaker_type"] == "person" and " " not in shown.strip():
            return self._short_name(shown.strip(), None)
        if row["speaker_type"] == "group":
            return Resolution(self._members(ids[0]) or (self._authority_speaker(ids[0]),), "group", "members")
        return Resolution((self._authority_speaker(ids[0]),), "name", "authority_name")

    def _members(self, group: str) -> tuple[Speaker, ...]:
        day = self.document.analysis_date
        rows = self.authority.members.get(group, ())
        valid = [row for row in rows if day is not None and is_valid(row, day)]
        return tuple(self._authority_speaker(row["member_id"]) for row in valid)

    def _named(self, shown: str, before: tuple[str, ...], head: str) -> Resolution:
        exact = self._by_alias(shown)
        if exact is not None:
            return exact
        phrase = take_apart(shown, self.names.countries, self.names.common)
        titles = phrase.titles + tuple(word for word in before if word in TITLES)
        country = phrase.country or next(
            (code for word in before if (code := self.countries.code(word)) is not None), None
        )
        if not phrase.name:
            titled = self._titled(shown.split())
            return titled if titled is not None else self._institution_or_unnamed(shown, head)
        name = " ".join(phrase.name)
        whole = shown.replace("’", "'")
        last = whole.split()[-1:]
        if last[0].isupper() and in_initial_capitals(last[0]) == phrase.name[-1] != last[0]:
            last = list(phrase.name[-1:])
        elif whole == last[0] and whole.isupper() and self.names.full_names(in_initial_capitals(whole)):
            # `DRUMM`, where the document names an Ilka Drumm.
            return self._short_name(in_initial_capitals(whole), None, titles, country)
        is_shouted = whole.isupper() and len(whole.split()) > 1
        if is_organisation(phrase.name) or (is_organisation(last) and not is_shouted and last != [whole]):
            return self._institution(re.sub(r"^[Tt]he\s+", "", shown), phrase.country)
        if titles or country:
            exact = self._by_alias(name)
            if exact is not None:
                return exact
        if self.countries.code(name) and not titles:
            return self._institution(name, self.countries.code(name))
        if len(phrase.name) == 1:
            return self._short_name(
                name, gender_of_titles(titles), titles, country, has_article="the " in head.lower()
            )
        return self._full_name(name, titles, country)

    def _full_name(self, name: str, titles: tuple[str, ...], country: str | None) -> Resolution:
        ids = self.authority.by_alias.get(alias_key(name))
        if ids:
            if len(ids) > 1:
                return Resolution((), "name", "unresolved_ambiguous")
            return Resolution((self._authority_speaker(ids[0]),), "name", "authority_name")
        if name.isupper():
            name = " ".join(word.capitalize() for word in name.split())
            ids = self.authority.by_alias.get(alias_key(name))
            if ids and len(ids) == 1:
                return Resolution((self._authority_speaker(ids[0]),), "name", "authority_name")
        return Resolution((self._local_person(name, titles, country),), "name", "document_name")

    def _short_name(
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
            if not full.endswith(name) and full not in self.persons:
                # A first part alone may be no name at all (*Lyra Regatta*).
                continue
            known = self.authority.by_alias.get(alias_key(full), ())
            if len(known) == 1:
                speaker = self._authority_speaker(known[0])
            elif known:
                return Resolution((), "name", "unresolved_ambiguous")
            else:
                speaker = self._local_person(full, titles, country)
            if gender is None or speaker.gender in (None, gender):
                people[speaker.speaker_id] = speaker
        for speaker_id in ids:
            if not people or speaker_id in people:
                people[speaker_id] = self._authority_speaker(speaker_id)
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
            return self._institution(name, None)
        return Resolution((self._local_person(name, titles, country),), "name", "document_name")

    def _titled(self, words: Sequence[str]) -> Resolution | None:
        """Resolve `the Russian president`, `the foreign minister`: a title with no name."""
        lowered = [word.lower().strip(".").replace("’", "'") for word in words]
        while lowered and lowered[0] in ("the", "then"):
            lowered = lowered[1:]
        country = None
        if len(lowered) > 2 and (code := self.countries.code(" ".join(lowered[:2]))):
            country, lowered = code, lowered[2:]
        elif len(lowered) > 1 and (code := self.countries.code(lowered[0])):
            country, lowered = code, lowered[1:]
        if lowered and lowered[0] in ("a", "an", "former", "one"):
            return None
        if not lowered or not all(word in TITLES for word in lowered):
            return None
        role = " ".join(lowered)
        if lowered[-1] not in (
            "president",
            "premier",
            "minister",
            "chancellor",
            "leader",
            "secretary",
            "king",
            "queen",
            "pope",
            "mayor",
            "governor",
            *_PERSON_TITLES,
        ):
            return None
        found: dict[str, Speaker] = {}
        for speaker_id in self._holders(role, country):
            speaker = self._authority_speaker(speaker_id)
            if self._is_named(speaker.name):
                found[speaker_id] = speaker
        title_words = _LEADING - {"prime"} if role == "leader" else {lowered[-1]}
        local: dict[str, Speaker] = {}
        for title in sorted(title_words):
            for name in self.names.titles.get((country, title), []):
                resolution = self._full_name(name, (), country)
                for speaker in resolution.speakers:
                    local[speaker.speaker_id] = speaker
        candidates = found or local
        if country is None and len(found) == 1 and set(local) - set(found):
            candidates = found | local
        if len(candidates) == 1:
            return Resolution(tuple(candidates.values()), "title", "title")
        if not candidates and lowered[-1] in _PERSON_TITLES:
            return None
        return Resolution((), "title", "unresolved_ambiguous" if candidates else "unresolved_no_antecedent")

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
        if name not in self.named:
            parts = (name.split()[0], name.split()[-1])
            self.named[name] = any(
                self.names.full_names(part) or re.search(rf"\b{re.escape(part)}\b", self.text[:_OPENING])
                for part in parts
            )
        return self.named[name]

    def _pronoun(self, lower: str, span: Span) -> Resolution:
        """Resolve *he* and *she*: the person last in focus, unless the text between offers others."""
        gender = _PRONOUN_GENDERS[lower]
        begin = self._block_start(span.start)
        # Somebody unnamed is taken up within the paragraph only.
        focus = [
            one
            for one in self.focus[-_LONGEST_FOCUS:]
            if one[0] <= span.start and (one[1].speaker_type == "person" or one[0] >= begin)
        ]
        if not focus:
            nearby = self._people_between(begin, span.start, gender)
            subjects = self._subjects_between(begin, span.start, gender)
            if len(nearby) == 1 and subjects:
                return self._referred(nearby[0], gender)
            return Resolution((), "pronoun", "unresolved_ambiguous" if nearby else "unresolved_no_antecedent")
        at, speaker = focus[-1]
        if speaker.speaker_type == "unnamed":
            if len(focus) > 1 and focus[-2][0] >= begin and focus[-2][1].speaker_type == "person":
                return Resolution((), "pronoun", "unresolved_ambiguous")
            return Resolution((speaker,), "pronoun", "pronoun")
        known = speaker.gender or self.learned.get(speaker.speaker_id)
        if known is not None and known != gender:
            matching = {one.speaker_id: one for _, one in focus[-4:] if one.gender == gender}
            if len(matching) == 1 and not self._subjects_between(at, span.start, gender):
                return Resolution(tuple(matching.values()), "pronoun", "pronoun")
            return Resolution((), "pronoun", "unresolved_ambiguous")
        # Whoever was named in between as the subject of a sentence may be meant instead; and when the
        # gender of the one in focus is not known, anybody named in between may be.
        others = {
            one.speaker_id: one
            for one in self._people_between(at, span.start, gender)
            if one.speaker_id != speaker.speaker_id
        }
        subjects = [one for one in self._subjects_between(at, span.start, gender) if one.speaker_id in others]
        if subjects and len(others) == 1:
            return self._referred(subjects[-1], gender)
        if subjects or (others and known is None):
            return Resolution((), "pronoun", "unresolved_ambiguous")
        return self._referred(speaker, gender)

    def _referred(self, speaker: Speaker, gender: str | None) -> Resolution:
        """Return the person a pronoun stands for, and remember the gender it tells."""
        known = speaker.gender or self.learned.get(speaker.speaker_id)
        if known is not None and known != gender:
            return Resolution((), "pronoun", "unresolved_ambiguous")
        if gender is not None:
            self.learned.setdefault(speaker.speaker_id, gender)
        return Resolution((speaker,), "pronoun", "pronoun")

    def _subjects_between(self, start: int, end: int, gender: str | None) -> list[Speaker]:
        """Return persons whose name opens a sentence between the offsets."""
        found: list[Speaker] = []
        for mention in self.names.between(start, end):
            lead = self.text[self._sentence_start(mention.start) : mention.start]
            if all(word[0].isupper() or word in TITLES for word in lead.split()):
                found.extend(
                    one
                    for one in self._full_name(mention.name, (), None).speakers
                    if one.gender in (None, gender)
                )
        for opener in _OPENING_SURNAME.finditer(self.text, max(start, end - _NEAR), end):
            names = [
                name for name in self.names.full_names(opener.group(1)) if name.endswith(opener.group(1))
            ]
            ids = self.authority.by_alias.get(alias_key(opener.group(1)), ())
            people = [self._authority_speaker(one) for one in ids] if len(ids) == 1 else []
            if not ids and len(names) == 1:
                people = list(self._full_name(names[0], (), None).speakers)
            found.extend(
                one for one in people if one.speaker_type == "person" and one.gender in (None, gender)
            )
        return found

    def _people_between(self, start: int, end: int, gender: str | None) -> list[Speaker]:
        """Return the persons named between the offsets, by full name or surname, whom the gender allows."""
        people: dict[str, Speaker] = {}
        for token in _NAME_WORD.finditer(self.text, max(start, end - _NEAR), end):
            part = token.group()
            ids = self.authority.by_alias.get(alias_key(part), ())
            names = [name for name in self.names.full_names(part) if name.endswith(part)]
            found = [self._authority_speaker(one) for one in ids] or [
                one for name in names for one in self._full_name(name, (), None).speakers
            ]
            for one in found:
                known = one.gender or self.learned.get(one.speaker_id)
                if one.speaker_type == "person" and known in (None, gender):
                    people[one.speaker_id] = one
        for mention in self.names.between(max(start, end - _NEAR), end):
            for one in self._full_name(mention.name, (), None).speakers:
                if (one.gender or self.learned.get(one.speaker_id)) in (None, gender):
                    people[one.speaker_id] = one
        return list(people.values())

    def _sentence_start(self, at: int) -> int:
        window = self.text[max(0, at - 600) : at]
        cut = max(window.rfind(mark) for mark in (". ", "\n", ".” ", '." ', "? ", "! "))
        return at - len(window) + cut + 1 if cut >= 0 else max(0, at - 600)

    def _block_start(self, at: int) -> int:
        i = bisect_left(self.block_starts, at + 1) - 1
        return self.block_starts[i] if i >= 0 else 0

    def _addressee(self, outer: Resolution | None) -> Resolution:
        """Resolve *you* in a readout of two leaders: the other one."""
        leaders = self._leaders_of_document()
        if outer is not None and len(outer.speakers) == 1 and len(leaders) == 2:
            other = [one for one in leaders if one.speaker_id != outer.speakers[0].speaker_id]
            if len(other) == 1:
                return Resolution((other[0],), "pronoun", "pronoun")
        return Resolution((), "pronoun", "unresolved_ambiguous")

    def _leaders_of_document(self) -> list[Speaker]:
        if self.leaders is None:
            leaders: dict[str, Speaker] = {}
            for mention in self.names.mentions:
                if mention.name in self.names.leaders:
                    for one in self._full_name(mention.name, (), None).speakers:
                        leaders.setdefault(one.speaker_id, one)
                    if len(leaders) > 2:
                        break
            self.leaders = list(leaders.values())
        return self.leaders

    def _leader_pair(self, span: Span, form: str) -> Resolution:
        """Resolve *they*, *the two leaders*: the two leaders last named in one sentence."""
        if form == "pronoun":
            taken_up = self._taken_up(span)
            if taken_up is not None:
                return Resolution(self._leader_pair(taken_up, "group").speakers, form, "members")
        at, people = self._pairs_of_document().leaders_before(span.start)
        group = self.last_group
        if form == "pronoun" and group is not None and at < group[0] <= span.start:
            return Resolution(group[1].speakers, form, "pronoun")
        if len(people) != 2:
            return Resolution((), form, "unresolved_ambiguous" if people else "unresolved_no_antecedent")
        if form == "pronoun" and self._has_plural_between(at, span.start):
            return Resolution((), form, "unresolved_ambiguous")
        return Resolution(tuple(people), form, "members")

    def _taken_up(self, span: Span) -> Span | None:
        """Return the `two leaders` that open the same sentence or the one before it, if they do."""
        sentence = self._sentence_start(span.start)
        begin = self._sentence_start(sentence - 1) if span.start - sentence < 4 else sentence
        opener = _LEADER_OPENER.match(self.text, begin, span.start)
        return Span(*opener.span()) if opener is not None else None

    def _has_plural_between(self, start: int, end: int) -> bool:
        """Say whether a plural subject stands between, which *they* could mean instead."""
        shown = self.text[max(start, end - 600) : end]
        return re.search(r"\b[a-z]{3,}s (?:have|are|were|had|will|say|said|told)\b", shown) is not None

    def _country_pair(self, span: Span) -> Resolution:
        """Resolve *the two sides*: the two countries last named in one sentence."""
        codes = self._pairs_of_document().countries_before(span.start)
        if len(codes) != 2:
            return Resolution((), "group", "unresolved_ambiguous" if codes else "unresolved_no_antecedent")
        speakers = [
            one for code in codes for one in self._institution(self.countries.names[code], code).speakers
        ]
        return Resolution(tuple(speakers), "group", "members")

    def _pairs_of_document(self) -> Pairs:
        if self.pairs is None:
            self.pairs = Pairs(self.text, self._leader_named, self.countries)
        return self.pairs

    def _leader_named(self, part: str) -> Speaker | None:
        """Return the leader that one word names, if it is one and only one."""
        people = {
            one.speaker_id: one
            for name in self.names.full_names(part)
            if name in self.names.leaders
            for one in self._full_name(name, (), None).speakers
        }
        if not people:
            ids = self.authority.by_alias.get(alias_key(part), ())
            if len(ids) == 1 and any(
                row["role"].lower() in _LEADING_ROLES for row in self.authority.roles.get(ids[0], ())
            ):
                people[ids[0]] = self._authority_speaker(ids[0])
        return next(iter(people.values())) if len(people) == 1 else None

    def _joined(self, shown: str, span: Span) -> Resolution | None:
        """Resolve `A and B` when both are known persons or countries."""
        if " and " not in shown or "," in shown.split(" and ")[0].rstrip(","):
            return None
        parts = [part for part in re.split(r",? and |, ", shown) if part.strip()]
        if not 2 <= len(parts) <= 4:
            return None
        speakers: list[Speaker] = []
        for part in parts:
            plain = re.sub(r"^(?:[Tt]he |[Bb]oth )?(?:[Pp]residents |[Ll]eaders )?", "", part.strip())
            phrase = take_apart(plain, self.names.countries, self.names.common)
            name = " ".join(phrase.name) or plain
            known = self.authority.by_alias.get(alias_key(name)) or self.names.full_names(name)
            if not known and name not in self.full_names and not self.countries.code(name):
                return None
            resolution = self._single(plain, span)
            if len(resolution.speakers) != 1:
                return None
            speakers.extend(resolution.speakers)
        return Resolution(
            tuple(dict.fromkeys(speakers)), "name", "members" if len(speakers) > 1 else "authority_name"
        )

    def _institution_or_unnamed(self, shown: str, head: str) -> Resolution:
        if is_organisation(shown.split()) and shown[:1].isupper():
            return self._institution(re.sub(r"^[Tt]he\s+", "", shown), None)
        return self._unnamed(head)

    def _institution(self, name: str, country: str | None) -> Resolution:
        name = name.strip().rstrip(",").replace("’", "'")
        ids = self.authority.by_alias.get(alias_key(name))
        if ids and len(ids) == 1:
            return Resolution((self._authority_speaker(ids[0]),), "name", "authority_name")
        return Resolution((self._local(name, "institution", country, None, None),), "name", "institution")

    def _unnamed(self, head: str, at: int | None = None) -> Resolution:
        """Keep the description of an unnamed speaker, in lower case and without its article."""
        head = re.split(r" (?:who|which|that|whose) ", head, maxsplit=1)[0]
        words = head.strip().rstrip(",").split()
        singular_noun = words[0].lower() in ("the", "this", "that") and len(words) == 2
        noun = words[-1].lower()
        if singular_noun and noun in (
            "ministry",
            "agency",
            "newspaper",
            "department",
            "company",
            "party",
            "institute",
            "council",
            "committee",
            "network",
            "paper",
            "organization",
            "organisation",
            "group",
            "campaign",
            "university",
        ):
            full = list(
                dict.fromkeys(
                    [one for one in self.names.organisations if one.lower().endswith(" " + noun)]
                    + [
                        one
                        for end, one in self.names.offices
                        if (at is None or end <= at) and f" {noun} " in f" {one.lower()}"
                    ]
                )
            )
            if len(full) == 1:
                return self._institution(full[0], None)
            return Resolution((), "title", "unresolved_ambiguous" if full else "unresolved_no_antecedent")
        is_definite = words[0].lower() in ("the", "this") and singular(noun) == noun and len(words) <= 3
        if is_definite and noun not in _COLLECTIVES:
            # A definite person who was named before (*the spokesman*): not known which.
            last = self.focus[-1][1] if self.focus else None
            role = self.roles.get(last.name, "") if last is not None else ""
            if last is not None and re.search(rf"\b{re.escape(noun)}\b", f"{role} {last.role or ''}".lower()):
                return Resolution((last,), "title", "title")
            return Resolution((), "title", "unresolved_no_antecedent")
        plain = head.strip().rstrip(",")
        while True:
            shorter = _ARTICLE.sub("", plain, count=1)
            if shorter == plain or not shorter:
                break
            plain = shorter
        plain = " ".join(plain.lower().split())[:_LONGEST_DESCRIPTION].strip()
        if not name_key(plain):
            return Resolution((), "none", "unresolved_no_source")
        return Resolution((self._local(plain, "unnamed", None, None, None),), "group", "unnamed_group")

    def _local_person(self, name: str, titles: tuple[str, ...], country: str | None) -> Speaker:
        role = self.roles.get(name)
        if role is None and titles:
            kept = [title for title in titles if title not in ("mr", "mrs", "ms", "miss", "dr")]
            role = " ".join(kept) or None
        gender = genders_by_surname(self.names.genders, name)
        return self._local(name, "person", country, gender, role)

    def _local(
        self, name: str, speaker_type: str, country: str | None, gender: str | None, role: str | None
    ) -> Speaker:
        key = name_key(name) or "unknown"
        speaker_id = f"{self.document.article_id}:{key}"
        known = self.local.get(speaker_id)
        if known is None:
            known = Speaker(speaker_id, name, speaker_type, country, gender, role, False)
            self.local[speaker_id] = known
        return known

    def _authority_speaker(self, speaker_id: str) -> Speaker:
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

    def _shown(self, span: Span) -> str:
        return " ".join(self.text[span.start : span.end].split())


def _is_plural(resolution: Resolution, shown: str) -> bool:
    """Say whether *they* can take up the source: several speakers, an institution, a plural description."""
    kinds = {speaker.speaker_type for speaker in resolution.speakers}
    words = _head_words(shown.split(",")[0])
    return (
        len(resolution.speakers) > 1
        or kinds == {"institution"}
        or (kinds == {"unnamed"} and bool(words) and words[-1].lower().endswith("s"))
    )


def _is_one_person(shown: str) -> bool:
    """Say whether the description is of one person (`a senior official`)."""
    words = _head_words(shown.split(",")[0])
    return bool(words) and words[0].lower() in ("a", "an", "one", "the", "another")


def _head_words(phrase: str) -> list[str]:
    """Return the words of a phrase up to a preposition that does not belong to a name."""
    words = phrase.replace("’", "'").strip().rstrip(",").split()
    for i, word in enumerate(words):
        if i and word.lower() in (
            "of",
            "for",
            "at",
            "from",
            "in",
            "with",
            "who",
            "on",
            "to",
            "by",
            "near",
            "close",
        ):
            is_name = word.lower() in ("of", "for") and any(
                is_organisation([before]) for before in words[:i] if before[:1].isupper()
            )
            if not is_name:
                return words[:i]
    return words


def _starts_name(word: str) -> bool:
    return word[:1].isupper() or word.lower() in (
        "de",
        "van",
        "von",
        "der",
        "bin",
        "al",
        "of",
        "the",
        "for",
        "and",
        "du",
        "da",
        "di",
    )
