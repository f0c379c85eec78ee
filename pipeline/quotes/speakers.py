"""Speakers: who stands behind a source mention, by rules that rather leave it open than guess.

The order is that of the sieves of Muzny et al. (2017) for quotes: exact names first, then short names,
titles, pronouns and groups; whatever two candidates fit stays NULL with the reason.
"""

import re
from collections.abc import Mapping, Sequence
from html import unescape

from pipeline.document import Document
from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.authority import Speaker, SpeakerAuthority, alias_key
from pipeline.quotes.descriptions import Descriptions
from pipeline.quotes.earlier_sources import EarlierSource, EarlierSources
from pipeline.quotes.grammar import SPEAKER_NOUNS, singular
from pipeline.quotes.interviews import ANSWER_LABELS, QUESTION_LABELS, find_interviewee, label_of
from pipeline.quotes.known_speakers import KnownSpeakers, Resolution
from pipeline.quotes.names import (
    TITLES,
    gender_of_titles,
    in_initial_capitals,
    is_in_title_case,
    is_organisation,
    read_names,
)
from pipeline.quotes.phrases import DOCUMENTS, INSTITUTIONS, head_words, plain_words, starts_name
from pipeline.quotes.pronouns import Pronouns
from pipeline.quotes.turns import TEXT_BLOCKS
from pipeline.quotes.word_sets import word_set

__all__ = ["Resolution", "resolve_speakers"]

_GROUP_PRONOUNS = frozenset(("they", "we", "both", "the two"))
_LEADER_GROUP = re.compile(
    r"(?:the|both|these)(?: two)?(?: top| state)?(?: leaders| presidents| heads of state| men| statesmen)$"
    r"|(?:the )?two (?:top )?(?:leaders|presidents|heads of state)$"
)
_COUNTRY_GROUP = re.compile(
    r"(?:the two|both|the) (?:sides|countries|nations|parties|governments)$|two (?:sides|countries)$"
)
_NUMBERS: Mapping[str, int] = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTED = re.compile(r"(?:the|these|all|both|all the) (two|three|four|five|six) ([a-z]+ )?([a-z]+s)$")
_COUNTED_ALONE = re.compile(r"(?:the|all) (three|four|five|six)$")
_OF_TWO_COUNTRIES = re.compile(r"(?:[Tt]he |[Bb]oth )?([^\W\d_a-z]\w+) and ([^\W\d_a-z]\w+) ([a-z ]+s)$")
_SIDE = re.compile(r"(?:[Tt]he )?(.{3,30}) side$")
_OF_PLACE = re.compile(r"^([^,]+?) (?:of|from) (?:the )?[^\W\d_a-z][^,]*$")
_CLAUSE_OPENERS = word_set("because although though since while if when whereas as unless until")
_POSSESSIVES: Mapping[str, str] = {"his": "he", "her": "she", "their": "they"}
# Papers that an owner writes; a *party* or an *office* speaks for itself.
_WRITTEN = DOCUMENTS | word_set("diary memoir memoirs account lawyer's")
_WRITTEN_BY = re.compile(
    r"(?:[Aa]n?|[Tt]he|[Ii]ts|[Oo]ne) (?:[\w\-]+ ){0,3}?([a-z]+) (?:issued |released |published |written )?"
    r"(?:by|from) (?:the )?([^\W\d_a-z].*)$"
)
_OFFICE_BEFORE = re.compile(
    r"(?:[^\W\d_a-z][\w’'\-]* ){1,3}(?:of|for) (?:[^\W\d_a-z][\w\-]* ){1,2}&(?:amp;)? $"
)
_AFTER_BY = re.compile(r"\s{1,2}((?:the )?[^\W\d_a-z][\w’'\-]*(?: [^\W\d_a-z][\w’'\-]*){0,5})")
_OWNER = re.compile(r"(?:^|[\s(“\"])((?:[Tt]he |[Aa]n? )?(?:[\w\-]+ )?[\w\-]+(?:['’]s|s['’]))$")
_NOT_OWNED = word_set("he she it they we i you who that which the a an")
_PART = r"[^\W\d_a-z][\w’'\-]*"
# A list of names that opens the sentence, up to its last member.
_LIST_BEFORE = re.compile(
    rf"(?:Both )?(?:{_PART}(?: {_PART}){{0,3}}(?: (?:of|from) (?:the )?{_PART}(?: {_PART})?)?(?:, |,? and ))*"
    rf"{_PART}(?: {_PART}){{0,3}}(?: (?:of|from) (?:the )?{_PART}(?: {_PART})?)?(,|,? and)"
)
_NAME_LIST = re.compile(
    rf"{_PART}(?: {_PART}){{0,3}}(?:, {_PART}(?: {_PART}){{0,3}})+,? and {_PART}(?: {_PART}){{0,3}}"
)
_SEVERAL_KINDS = re.compile(r"[A-Z]?[a-z][a-z \-]*s(?:, [a-z][a-z \-]*s)*,? and [a-z][a-z \-]*s")
_NAME_BEFORE = re.compile(
    rf"(?:^|\s)((?:[Tt]he )?{_PART}(?: (?:(?:of|for|and) )?(?:the )?{_PART}){{0,6}}),?$"
)
_DESCRIBED = re.compile(r"((?:An?|One|The) [a-z][^,.]{2,60}?) who ")
_DESCRIBED_FIRST = re.compile(r"(?:The|the|Its|its|Their|their) ([a-z][^,]+)")
_SMALL_WORDS = word_set("the a an of for and in at to its his her their from no on")
_SINGLE_OFFICES = word_set("leader president premier chancellor king queen pope chairman chairwoman")
# A rank whose name the source has lost: `President` of `President Teld`.
_PLAIN_NAME = re.compile(r"[^\W\d_a-z][a-z’'\-]{2,}")
_RANKS_ALONE = frozenset(("President", "Chancellor", "Premier", "Minister", "Mr", "Mr.", "Ms", "Ms.", "Mrs."))
_NAME_AFTER = re.compile(r" ([^\W\d_a-z][\w’'\-]+(?: [^\W\d_a-z][\w’'\-]+){0,2})")
_LONGEST_GAP = 60
_LONGEST_LIST = 200


def resolve_speakers(
    document: Document,
    attributions: Sequence[Attribution],
    parents: Sequence[int | None],
    authority: SpeakerAuthority,
) -> list[Resolution]:
    """Resolve the speakers of the attributions, given in reading order.

    `parents` are places in the same list: what each attribution stands inside.
    """
    resolver = _Resolver(document, attributions, authority)
    resolver.read_apposed_roles()
    found: list[Resolution] = []
    for attribution, parent in zip(attributions, parents, strict=True):
        outer = found[parent] if parent is not None and parent < len(found) else None
        found.append(resolver.resolve(attribution, outer))
    return found


class _Resolver:
    """Resolves the mentions of one document from first to last."""

    def __init__(
        self, document: Document, attributions: Sequence[Attribution], authority: SpeakerAuthority
    ) -> None:
        self.text = document.text
        self.attributions = attributions
        spans = [
            (block.char_start, block.char_end) for block in document.blocks if block.block_type in TEXT_BLOCKS
        ]
        self.names = read_names(document.text, spans, authority.countries)
        self.known = KnownSpeakers(document, self.names, authority)
        self.earlier = EarlierSources([start for start, _ in spans])
        self.pronouns = Pronouns(self.known, self.earlier)
        self.descriptions = Descriptions(self.known, self.earlier)
        # Whether the mention being resolved stands in what somebody else said.
        self.is_nested = False
        self._known_offices: frozenset[str] | None = None
        self._interviewee: Resolution | None = None

    def read_apposed_roles(self) -> None:
        """Note the roles that appositions state: `Ann Lee, a farmer`, `The head of the union, Ann Lee`."""
        for attribution in self.attributions:
            if attribution.source_mention is None:
                continue
            shown = self._shown(attribution.source_mention)
            name, _, apposition = shown.partition(",")
            self.known.persons.add(" ".join(self.names.phrase(name).name))
            apposition = re.sub(r"^(?:a|an|the)\s+", "", apposition.strip().rstrip(","))
            if apposition and not apposition.startswith(("who ", "which ", "whose ")):
                phrase = self.names.phrase(" ".join(head_words(name)))
                if phrase.name and not apposition[:1].isdigit():
                    self.known.roles.setdefault(" ".join(phrase.name), apposition)
                described = _DESCRIBED_FIRST.fullmatch(name)
                later = self.names.phrase(apposition.split(",")[0]).name
                if described is not None and " ".join(later) in self.known.full_names:
                    self.known.roles.setdefault(" ".join(later), described.group(1))
            if attribution.display_title and shown:
                self.known.roles.setdefault(
                    shown.title() if shown.isupper() else shown, attribution.display_title
                )

    def resolve(self, attribution: Attribution, outer: Resolution | None) -> Resolution:
        """Resolve the source of one attribution that stands inside another one's words, or in none."""
        span = attribution.source_mention
        if span is None:
            return Resolution((), "none", "unresolved_no_source")
        label = label_of(self.text, attribution)
        if label in ("moderator", "host"):
            moderator = self.known.local_speaker(label, "unnamed", None, None, None)
            return Resolution((moderator,), "display", "unnamed_group")
        if label in QUESTION_LABELS:
            return Resolution((), "display", "unresolved_no_antecedent")
        if label in ANSWER_LABELS:
            if self._interviewee is None:
                self._interviewee = find_interviewee(self.known, self.attributions, self._single)
            return self._interviewee
        self.is_nested = outer is not None
        span = span if attribution.is_display else self._completed(span)
        shown = self._shown(span).strip()
        resolution = None if attribution.is_display else self._apposed_before(span)
        if resolution is None:
            shown = shown if attribution.is_display else self._widened(shown, span)
            if shown.lower() == "who" and self._is_far(span, attribution):
                shown = ""
                resolution = self._opening_name(attribution.content[0])
        if resolution is None:
            resolution = self._resolve_mention(shown, span, outer)
        if attribution.is_display and resolution.source_form == "name":
            resolution = Resolution(resolution.speakers, "display", resolution.reason)
        self.earlier.note(EarlierSource(span, shown, resolution, outer is not None))
        single = resolution.speakers[0] if len(resolution.speakers) == 1 else None
        if single is not None and single.speaker_type == "person":
            self.known.spoken.add(single.speaker_id)
        return resolution

    def _is_far(self, span: Span, attribution: Attribution) -> bool:
        """Say whether the source stands in a paragraph before all that it is said to say."""
        begin = self.earlier.block_start(attribution.content[0].start)
        return span.start < begin

    def _opening_name(self, content: Span) -> Resolution:
        """Return the person whose full name opens the sentence of the content."""
        begin = self.pronouns.sentence_start(content.start)
        for mention in self.names.between(begin, content.start):
            if not self.text[begin : mention.start].strip():
                return self.known.full_name(mention.name, (), None)
        return Resolution((), "none", "unresolved_no_source")

    def _apposed_before(self, span: Span) -> Resolution | None:
        """Resolve `a farmer` in *Ann Lee, a farmer* and a name card's second line by the name before it."""
        before = self.names.between(max(0, span.start - _LONGEST_GAP), span.start)
        if not before:
            return None
        gap = self.text[before[-1].end : span.start]
        shown = self._shown(span)
        is_card = gap.strip(" ") == "\n" and self.text[span.end : span.end + 1] == "\n"
        is_apposition = gap == ", " and re.match(r"(?:an?|the) [a-z]", shown) is not None
        if not (is_card or is_apposition) or before[-1].end > span.start:
            return None
        if is_card:
            line = self.text.rfind("\n", 0, before[-1].start) + 1
            if self.text[line : before[-1].start].strip():
                return None
        elif any(one.start < before[-1].end for one in self.names.between(span.start, span.end)):
            return None
        phrase = self.names.phrase(shown)
        if " ".join(phrase.name) in self.known.full_names:
            return None
        found = self.known.full_name(before[-1].name, (), None)
        return Resolution(found.speakers, "title", "apposition") if found.speakers else None

    def _completed(self, span: Span) -> Span:
        """Return the span with the whole of a name of which it has only a part (*The Harbour* Times)."""
        begin = self.earlier.block_start(span.start)
        if is_in_title_case(self.text[begin : begin + _LONGEST_LIST].strip().split("\n")[0]):
            return span
        around = [
            *self.names.between(span.start - _LONGEST_GAP, span.end),
            *self.names.organisations_between(span.start - _LONGEST_GAP, span.end),
        ]
        for mention in around:
            if span.start <= mention.start < span.end < mention.end:
                shown = self.text[span.end : mention.end]
                if shown[:1] == " " and not shown.endswith(("'s", "’s")):
                    return Span(span.start, mention.end)
        return span

    def _widened(self, shown: str, span: Span) -> str:
        """Return the phrase with what belongs before it: an owner, further names of a list, its head noun."""
        begin = max(self.pronouns.sentence_start(span.start), span.start - _LONGEST_LIST)
        before = " ".join(unescape(self.text[begin : span.start]).split())
        if shown in _RANKS_ALONE:
            name = _NAME_AFTER.match(self.text, span.end)
            return f"{shown} {name.group(1)}" if name is not None else shown
        if not before or not unescape(self.text[span.start - 6 : span.start])[-1:].isspace():
            return shown
        if shown.split()[0] in ("which", "who", "whose") and " " in shown:
            # Only the relative clause was taken for the source.
            name = _NAME_BEFORE.search(before)
            return name.group(1) if name is not None else shown
        if shown[0].islower():
            owner = _OWNER.search(before)
            if owner is not None and shown.split()[0] not in _NOT_OWNED:
                return f"{owner.group(1)} {shown}"
            if shown.split()[0] in _CLAUSE_OPENERS:
                described = _DESCRIBED.match(before)
                return described.group(1) if described is not None else shown
            return shown
        opening = _LIST_BEFORE.fullmatch(before)
        if opening is not None and (opening.group(1) != "," or " and " in shown):
            listed = f"{before} {shown}"
            return listed if self._listed(listed) is not None else shown
        return shown

    def _resolve_mention(self, shown: str, span: Span, outer: Resolution | None) -> Resolution:
        lower = shown.lower()
        if lower in ("he", "she"):
            return self.pronouns.person(lower, span)
        if lower in ("i", "me", "my") or (lower == "we" and outer is not None):
            if outer is not None and outer.speakers and (lower != "we" or len(outer.speakers) == 1):
                return Resolution(outer.speakers, "pronoun", "pronoun")
            return Resolution((), "pronoun", "unresolved_no_antecedent")
        if lower == "you":
            return self.pronouns.addressee(outer)
        if lower == "it":
            return self.pronouns.thing(span)
        if lower in _GROUP_PRONOUNS or _LEADER_GROUP.match(lower):
            form = "pronoun" if lower in ("they", "we") else "group"
            return self.pronouns.leader_pair(span, form)
        if _COUNTRY_GROUP.match(lower):
            return self.pronouns.country_pair(span)
        if lower == "who":
            return self.pronouns.antecedent(span)
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
        paired = self._paired_offices(shown, span)
        if paired is not None:
            return paired
        joined = self._joined(shown, span)
        if joined is not None:
            return joined
        return self._single(shown, span)

    def _counted(self, lower: str, span: Span) -> Resolution | None:
        """Resolve `the three ministers`: the group just named, or all who bear the title before."""
        bare = _COUNTED_ALONE.match(lower)
        if bare is not None:
            return self._last_list(_NUMBERS[bare.group(1)], span)
        match = _COUNTED.match(lower)
        if match is None:
            return None
        number = _NUMBERS[match.group(1)]
        noun = singular(match.group(3))
        if noun not in TITLES:
            return None
        people: dict[str, Speaker] = {}
        for start, name in self.known.bearers(noun):
            if start < span.start:
                for one in self.known.full_name(name, (), None).speakers:
                    people.setdefault(one.speaker_id, one)
        group = self.earlier.last_group[1].speakers if self.earlier.last_group is not None else ()
        if len(people) != number and len(group) == number:
            people = {one.speaker_id: one for one in group if one.speaker_type == "person"}
        return Resolution(tuple(people.values()), "group", "members") if len(people) == number else None

    def _last_list(self, number: int, span: Span) -> Resolution:
        """Resolve *the three*: the last list of just so many persons in the paragraph or the one before."""
        begin = max(self.earlier.block_start(span.start, back=1), span.start - 2 * _LONGEST_LIST)
        found = Resolution((), "group", "unresolved_no_antecedent")
        for names in _NAME_LIST.finditer(self.text, begin, span.start):
            listed = self._listed(names.group().replace("\n", " "))
            if listed is not None and len(listed.speakers) == number:
                found = Resolution(listed.speakers, "group", "members")
        return found

    def _listed(self, shown: str) -> Resolution | None:
        """Resolve `A of X, B of Y and C of Z`: known persons, each with title and place or without."""
        shown = re.sub(r"^[Bb]oth |\s*\([^()]*\)", "", shown.rstrip(" ,"))
        if " and " not in shown or len(shown) > 400:
            return None
        speakers: list[Speaker] = []
        n_known = 0
        for part in re.split(r",? and |, ", shown):
            match = _OF_PLACE.match(part.strip())
            name = match.group(1) if match is not None else part.strip()
            phrase = self.names.phrase(name)
            plain = " ".join(phrase.name)
            is_known = plain in self.known.full_names or self._is_known_surname(plain)
            n_known += is_known
            if not is_known and not _PLAIN_NAME.fullmatch(plain):
                return None
            found = self._named(name, (), name)
            if len(found.speakers) != 1 or found.speakers[0].speaker_type != "person":
                return None
            speakers.extend(found.speakers)
        if len(speakers) < 2 or not n_known:
            return None
        return Resolution(tuple(dict.fromkeys(speakers)), "name", "members")

    def _paired_offices(self, shown: str, span: Span) -> Resolution | None:
        """Resolve `the Arlonian and Borvian foreign ministries`, `… presidents`: one of each country."""
        match = _OF_TWO_COUNTRIES.match(shown)
        if match is None or not all(self.known.countries.code(match.group(i)) for i in (1, 2)):
            return None
        words = match.group(3).lower().split()
        noun = (
            words[-1].removesuffix("ies") + "y" if words[-1].endswith("ies") else words[-1].removesuffix("s")
        )
        if noun not in INSTITUTIONS and noun not in TITLES:
            return None
        speakers: list[Speaker] = []
        for country in match.group(1, 2):
            office = [country, *words[:-1], noun]
            found = self.known.titled(office)
            if found is None:
                found = self.known.institution(" ".join(office), self.known.countries.code(country))
            if len(found.speakers) != 1:
                return Resolution((), "group", "unresolved_no_antecedent")
            speakers.extend(found.speakers)
        return Resolution(tuple(speakers), "group", "members")

    def _is_known_surname(self, word: str) -> bool:
        ids = self.known.authority.by_alias.get(alias_key(word), ())
        people = [one for one in ids if self.known.authority.by_id[one]["speaker_type"] == "person"]
        return bool(people) or any(name.endswith(f" {word}") for name in self.names.full_names(word))

    def _owned(self, shown: str, span: Span, outer: Resolution | None) -> Resolution | None:
        """Resolve what is no speaker itself by its owner: *their claim*, *her letter*, *a report by X*."""
        words = shown.lower().replace("’", "'").split()
        pronoun = _POSSESSIVES.get(words[0]) if words else None
        if pronoun is not None and (len(words) == 1 or (len(words) == 2 and singular(words[1]) in DOCUMENTS)):
            if pronoun != "they":
                return self._resolve_mention(pronoun, span, outer)
            group = self.earlier.last_group
            if group is not None and self.earlier.block_start(span.start) <= group[0] <= span.start:
                return Resolution(group[1].speakers, "pronoun", "pronoun")
            return Resolution((), "pronoun", "unresolved_no_antecedent")
        if len(words) > 1 and words[-1] == "by":
            name = _AFTER_BY.match(self.text, span.end, min(len(self.text), span.end + 120))
            if name is None:
                return Resolution((), "none", "unresolved_no_source")
            return self._single(name.group(1), Span(name.start(1), name.end(1)))
        head = head_words(shown.split(",")[0])
        if len(head) > 1 and head[-1].lower() in _WRITTEN and head[-2].endswith(("'s", "s'")):
            owner = " ".join(head[:-1])
            owner = owner[:-2] if owner.endswith("'s") else owner[:-1]
            # *the clerk's notes*: nobody is taken up, the owner is introduced here.
            return (
                self._single(owner, span)
                if owner[:1].isupper() or len(head) < 3
                else self._owner(owner, span)
            )
        by = _WRITTEN_BY.match(shown)
        if by is not None and singular(by.group(1)) in DOCUMENTS:
            return self._single(by.group(2), span)
        return None

    def _owner(self, owner: str, span: Span) -> Resolution:
        found = self._single(owner, span)
        return (
            found
            if found.speakers or found.reason == "unresolved_ambiguous"
            else self.descriptions.unnamed(owner)
        )

    def _single(self, shown: str, span: Span) -> Resolution:
        if shown.replace("’", "'").endswith("'s") and " " in shown:
            shown = shown[:-2]
        side = _SIDE.match(shown)
        if side is not None and (code := self.known.countries.code(side.group(1))) is not None:
            return self.known.institution(self.known.countries.names[code], code)
        office = self._office(shown, span)
        if office is not None:
            return office
        head, _, rest = re.sub(r"\s*\([^()]*(?:\)|$)", "", shown).partition(",")
        for candidate in (shown, head):
            exact = self.known.by_alias(candidate)
            if exact is not None:
                return exact
        if _SEVERAL_KINDS.fullmatch(shown):
            # `Friends, lobbyists and former foes`
            return self.descriptions.unnamed(shown)
        words = head_words(head)
        if not words:
            return Resolution((), "none", "unresolved_no_source")
        owner = max((i for i, word in enumerate(words[:-1]) if word.endswith(("'s", "s'"))), default=-1)
        country: str | None = None
        if owner >= 0 and not is_organisation(words[owner + 1 :]):
            # `Arlonia's envoy Ada Orr`: the owner is not the speaker.
            country = self.known.countries.code(" ".join(words[: owner + 1]).removeprefix("the "))
            owned = words[owner + 1 :]
            if country is None and all(word[:1].islower() for word in owned):
                # `the chancellor's party`, `Orr's brother`
                return self._apposed(rest) or self.descriptions.unnamed(head)
            words = owned
        elif owner >= 0 and words[-1].islower() and self.known.by_alias(" ".join(words)) is None:
            return self.descriptions.unnamed(" ".join(words))
        first = next((i for i in range(len(words)) if all(starts_name(word) for word in words[i:])), None)
        if first is not None and not self._is_lower_head(words[first:]):
            before = tuple(word.lower().strip(".") for word in words[:first])
            found = self._named(" ".join(words[first:]), before, head)
            return self._told_apart(found, words[-1], rest) if rest else found
        apposition = self._apposed(rest, words[-1])
        if apposition is not None:
            return apposition
        beyond = re.search(r" (?:of|for) (?:the )?([^\W\d_a-z][^,]*)$", head)
        if beyond is not None:
            home = self.known.countries.code(beyond.group(1))
            if home is None:
                return self._described(head, span)
            country = country or home
        titled = self.known.titled(words, country)
        if titled is not None:
            return titled
        return self._described(head, span)

    def _described(self, head: str, span: Span) -> Resolution:
        """Resolve `the Meadow Party leader` by the only role that holds all its words, or as unnamed."""
        words = set(plain_words(head)) - _SMALL_WORDS
        roles = {
            name for name, role in self.known.roles.items() if words and words.issubset(plain_words(role))
        }
        if len(words) > 1 and len(roles) == 1:
            found = self.known.full_name(roles.pop(), (), None)
            return Resolution(found.speakers, "title", "title" if found.speakers else found.reason)
        last = head_words(head)[-1].lower()
        if len(words) > 1 and last in _SINGLE_OFFICES and head.lower().startswith("the "):
            people = self.descriptions.people_called(last, sorted(words - {last}), span)
            if len(people) == 1:
                return Resolution(tuple(people), "title", "title")
            return Resolution((), "title", "unresolved_ambiguous" if people else "unresolved_no_antecedent")
        return self.descriptions.resolve(head, span, is_nested=self.is_nested)

    def _told_apart(self, found: Resolution, name: str, rest: str) -> Resolution:
        """Resolve `Orr, the union man` among several Orrs by the words of their roles."""
        if found.reason != "unresolved_ambiguous":
            return found
        words = set(plain_words(rest)) - _SMALL_WORDS
        fitting = [
            one
            for one in self.names.full_names(name)
            if words.intersection(plain_words(self.known.roles.get(one, "")))
        ]
        return self.known.full_name(fitting[0], (), None) if len(fitting) == 1 else found

    def _apposed(self, rest: str, noun: str = "") -> Resolution | None:
        """Resolve `The winner, Ada Orr, ...` and `his brother, the baker Ben Orr` by the full name."""
        first = rest.strip().split(",")[0]
        inner = head_words(first) if first else []
        if inner and inner[0].lower() in ("a", "an", "the"):
            inner = inner[1:]
        while inner and inner[0][:1].islower():
            inner = inner[1:]
        if len(inner) < 2 or not all(word[:1].isupper() for word in (inner[0], inner[-1])):
            return None
        shown = " ".join(inner)
        if not all(starts_name(word) for word in inner):
            return None
        if noun.lower() in INSTITUTIONS:
            # `The company, Ostrey Hydro,`
            return self.known.institution(shown, None)
        apposed = self.names.phrase(shown)
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
        return self.known.institution(plain, None)

    def _office_names(self) -> frozenset[str]:
        if self._known_offices is None:
            self._known_offices = frozenset(name.casefold() for _, name in self.names.offices)
        return self._known_offices

    def _is_lower_head(self, words: Sequence[str]) -> bool:
        """Say whether the capital is only that of a sentence's first word (`Analysts said`)."""
        if len(words) != 1:
            return False
        lower = words[0].lower()
        return (singular(lower) in SPEAKER_NOUNS or lower in self.names.common) and not self.names.full_names(
            words[0]
        )

    def _named(self, shown: str, before: tuple[str, ...], head: str) -> Resolution:
        exact = self.known.by_alias(shown)
        if exact is not None:
            return exact
        phrase = self.names.phrase(shown)
        titles = phrase.titles + tuple(word for word in before if word in TITLES)
        country = phrase.country or next(
            (code for word in before if (code := self.known.countries.code(word)) is not None), None
        )
        if not phrase.name:
            titled = self.known.titled(shown.split())
            return titled if titled is not None else self._institution_or_unnamed(shown, head)
        name = " ".join(phrase.name)
        whole = shown.replace("’", "'")
        last = whole.split()[-1:]
        if last[0].isupper() and in_initial_capitals(last[0]) == phrase.name[-1] != last[0]:
            last = list(phrase.name[-1:])
        elif whole == last[0] and whole.isupper() and self.names.full_names(in_initial_capitals(whole)):
            # `DRUMM`, where the document names an Ilka Drumm.
            return self.known.short_name(in_initial_capitals(whole), None, titles, country)
        is_shouted = whole.isupper() and len(whole.split()) > 1
        if is_organisation(phrase.name) or (is_organisation(last) and not is_shouted and last != [whole]):
            return self.known.institution(shown, phrase.country)
        if titles or country:
            exact = self.known.by_alias(name)
            if exact is not None:
                return exact
        if self.known.countries.code(name) and not titles:
            return self.known.institution(name, self.known.countries.code(name))
        if len(phrase.name) == 1:
            return self.known.short_name(
                name, gender_of_titles(titles), titles, country, has_article="the " in head.lower()
            )
        is_after_article = shown.startswith("The ") or before[-1:] == ("the",)
        if is_after_article and not titles and country is None and name not in self.known.full_names:
            # `the Lyra Courier`: a person's name has no article.
            if phrase.name[-1].lower() in TITLES:
                return Resolution((), "title", "unresolved_no_antecedent")
            return self.known.institution(name, None)
        return self.known.full_name(name, titles, country)

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
            phrase = self.names.phrase(plain)
            name = " ".join(phrase.name) or plain
            known = self.known.authority.by_alias.get(alias_key(name)) or self.names.full_names(name)
            if not known and name not in self.known.full_names and not self.known.countries.code(name):
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
            return self.known.institution(shown, None)
        last = shown.split()[-1].lower()
        if head.lower().startswith("the ") and last in TITLES and not last.endswith("s"):
            # `the Democrat`: somebody named before, and not known who.
            return Resolution((), "title", "unresolved_no_antecedent")
        return self.descriptions.unnamed(head)

    def _shown(self, span: Span) -> str:
        shown = " ".join(self.text[span.start : span.end].split())
        if shown.startswith(("who", "Who")):
            shown = shown.rstrip("’'”\"")
        which, _, noun = shown.partition(" ")
        if which == "which" and singular(noun) != noun:
            return noun
        return re.sub(r"^(?:[,;:]\s*)+|^(?:including|from) ", "", shown)
