"""Names in a document: full names of persons, their titles and genders, and pairs of countries."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape

from pipeline.quotes.countries import Countries
from pipeline.quotes.word_sets import word_set

TITLES = word_set(
    """
    president premier chancellor king queen prince princess emperor pope senator sen rep
    representative governor gov mayor secretary minister ambassador envoy general gen colonel col
    major captain lt sgt admiral judge justice attorney professor prof dr doctor mr mrs ms miss sir
    lord lady chairman chairwoman chair chairperson director spokesman spokeswoman spokesperson
    leader congressman congresswoman commissioner speaker deputy vice prime foreign first defense
    defence finance executive chief former then late acting republican democrat democratic gop
    presidential candidate nominee capt maj adm cmdr brig rev reverend bishop father sheriff officer
    analyst expert
    economist author reporter editor correspondent journalist columnist historian researcher
    scientist coach commander state party security national press interior trade culture education
    health presidents premiers ministers lawmaker diplomat adviser advisor aide strategist ceo
    founder pollster host senators councillor councilor councilman councilwoman alderman sergeant
    corporal lieutenant inspector detective superintendent brigadier commodore archbishop cardinal
    rabbi imam baroness countess duchess dame magistrate prosecutor treasurer curator solicitor
    """
)
_HEADS_OF_STATE = word_set(
    """
    president premier chancellor king queen prime leader emperor
    """
)
_ORGANISATION_WORDS = word_set(
    """
    ministry department council committee commission university institute center centre academy
    association agency parliament congress senate house court bank times post news journal tribune
    daily press tv radio group company corp inc ltd union organization organisation office bureau
    administration government embassy duma kremlin pentagon army police foundation fund society
    alliance federation republic customs nations board campaign project service authority forum
    initiative games olympics treaty belt road party college school hospital church studies network
    media magazine guardian herald globe observer telegraph post-gazette conference assembly
    secretariat cabinet tribunal league corporation industries airlines bloc pact summit ministries
    states kingdom consulate navy force guard legislature chamber library museum laboratory lab team
    club coalition caucus super pac llc
    """
)
_RANKS = word_set(
    """
    president premier chancellor minister secretary senator sen rep governor gov mayor spokesman
    spokeswoman spokesperson director chairman chairwoman ambassador commissioner adviser advisor
    professor analyst economist leader speaker whip chief general envoy congressman congresswoman
    gen capt col colonel lt maj sgt adm admiral cmdr
    """
)
_BEFORE_SURNAMES = _RANKS | word_set("mr mrs ms miss dr prof sir judge captain colonel councillor")
_NOT_NAMES = word_set(
    """
    the a an and but or in on at for of to by with from as when while after before if that this
    these those it its he she they we i you his her their our my monday tuesday wednesday thursday
    friday saturday sunday january february march april may june july august september october
    november december jan feb mar apr jun jul aug sept oct nov dec not no yes so then there here
    what who why how also however meanwhile although since because speaking according asked both all
    some many most during under over about into between maybe perhaps still yet even only just like
    unlike despite until unless nor either neither today tomorrow yesterday now earlier later instead
    indeed finally why did does is was are were would could should has have had let thank dear once
    """
)
_RUN = re.compile(
    r"[^\W\d_a-z][\w’'\-]*\.?"
    r"(?:[ \u00a0](?:(?:de|van|von|der|den|ter|bin|al|del|la|du|da|di|ibn)[ \u00a0]){0,2}"
    r"[^\W\d_a-z][\w’'\-]*\.?){0,7}"
)
_FEMALE = word_set(
    """
    mrs ms miss spokeswoman chairwoman congresswoman queen princess lady actress
    """
)
_MALE = word_set("mr sir lord spokesman chairman congressman king prince")
_LOWER_WORD = re.compile(r"(?<![\w’'\-])[a-z]{3,}(?![\w’'\-])")
_TOKEN = re.compile(r"[^ \u00a0]+")
_ABBREVIATED = word_set(
    """
    mr mrs ms dr prof sen rep gov gen lt col maj capt cpl sgt adm rev hon st jr sr pres amb sec supt
    """
)
# Months that are family or first names too (*Theresa May*).
_MONTHS_IN_NAMES = frozenset(("may", "april", "june", "august"))
_PARTICLES = word_set("de van von der den ter bin al del la du da di ibn")
_INSIDE_NAME = re.compile(r"([^\W\d_a-z][\w\-]+) (?:of|for) (?:the )?$")
# `in Lower Ollen` is a place.
_BEFORE_PLACES = re.compile(r"\b(?:in|at|near|outside|to|via) $")
_OF_COUNTRY = re.compile(r" of (?:the )?([^\W\d_a-z][\w\-]+(?: [^\W\d_a-z][\w\-]+)?)")
_INITIAL = re.compile(r"[^\W\d_a-z]\.?")
_LONGEST_NAME = 4
# `Sefa UNEP`: shorter capitals after a capitalised word, with no title before, are an abbreviation.
_SHORTEST_SHOUTED = 5
# In words: a shorter line may be a name with its title.
_SHORTEST_TITLE = 6
_PART = r"[^\W\d_a-z][\w’'\-]*"
# `the Ministry of Roads and Bridges`: the offices that have their field in their name.
_OFFICE = re.compile(
    rf"(?<![\w’'\-])(?:{_PART} ){{0,2}}(?:Ministry|Department|Bureau|Office|Agency|Council|Commission|"
    rf"Committee|Bank|University|Institute|Chamber|Board|Society|Union|Association) (?:of|for) (?:the )?"
    rf"{_PART}(?: (?!and\b){_PART}){{0,2}}(?:(?:, {_PART}){{0,2}},? (?:and|&|&amp;) {_PART})?"
)
# The number after a name is no abbreviation of an organisation.
_ROMAN = frozenset(("II", "III", "IV", "VI", "XIV", "XVI"))
_MOST_NAMES = 30
_MOST_OFFICES = 300


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name of a person or organisation in the text. Offsets in code points of the text."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class NamePhrase:
    """A run of capitalised words taken apart: titles before the name, country of the title, the name."""

    titles: tuple[str, ...]
    country: str | None
    name: tuple[str, ...]


@dataclass
class DocumentNames:
    """What the document says about names, for the resolution of short ones."""

    countries: Countries
    mentions: list[NameMention] = field(default_factory=list)
    by_part: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[tuple[str | None, str], list[str]] = field(default_factory=dict)
    genders: dict[str, str] = field(default_factory=dict)
    leaders: set[str] = field(default_factory=set)
    organisations: list[str] = field(default_factory=list)
    organisation_mentions: list[NameMention] = field(default_factory=list)
    # A name with middle initials or without, and the form in which the document named the person first.
    variants: dict[str, str] = field(default_factory=dict)
    # Names that stand after *in* or *at*, and the places' last words.
    places: set[str] = field(default_factory=set)
    # (end of the mention, name): the offices whose name tells their field, in text order.
    offices: list[tuple[int, str]] = field(default_factory=list)
    common: frozenset[str] = frozenset()
    _phrases: dict[str, NamePhrase] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _organisation_starts: list[int] = field(default_factory=list)

    def phrase(self, run: str) -> NamePhrase:
        """Take a run of capitalised words apart, with the document's own lower-case words known."""
        found = self._phrases.get(run)
        if found is None:
            found = self._phrases[run] = take_apart(run, self.countries, self.common)
        return found

    def full_names(self, part: str) -> list[str]:
        """Return the full names of the document that have this first or last part."""
        return self.by_part.get(part, [])

    def between(self, start: int, end: int) -> list[NameMention]:
        """Return the full names that begin in the span: the last ones, where there are very many."""
        last = bisect_left(self._starts, end)
        return self.mentions[max(bisect_left(self._starts, start), last - _MOST_NAMES) : last]

    def organisations_between(self, start: int, end: int) -> list[NameMention]:
        """Return the organisations named in the span: the last ones, where there are very many."""
        last = bisect_left(self._organisation_starts, end)
        first = bisect_left(self._organisation_starts, start)
        return self.organisation_mentions[max(first, last - _MOST_NAMES) : last]


def read_names(text: str, spans: Iterable[tuple[int, int]], countries: Countries) -> DocumentNames:
    """Collect the names of a document from these spans of its text."""
    found = DocumentNames(countries)
    spans = list(spans)
    common: set[str] = set()
    for start, end in spans:
        common.update(_LOWER_WORD.findall(text, start, end))
    found.common = frozenset(common)
    for start, end in spans:
        if is_in_title_case(text[start:end]):
            # In `Sol Visits Venn in Lyra` names have no ends.
            continue
        for run in _RUN.finditer(text, start, end):
            _read_run(text, run, found)
    sure: set[str] = set()
    for start, end in spans:
        for office in _OFFICE.finditer(text, start, end):
            name = re.sub(r"^The ", "", unescape(office.group()).replace("’", "'")).removesuffix("'s")
            found.offices.append((office.end(), name))
            if (
                text[office.end() : office.end() + 1] != " "
                or not text[office.end() + 1 : office.end() + 2].isupper()
            ):
                sure.add(name)
    found.offices = [(end, _office_name(name, sure, found)) for end, name in found.offices]
    first: dict[str, int] = {}
    for end, name in found.offices:
        first.setdefault(name, end)
    found.offices = [(end, name) for name, end in first.items()][:_MOST_OFFICES]
    found.mentions.sort(key=lambda mention: mention.start)
    found._starts = [mention.start for mention in found.mentions]
    found._organisation_starts = [mention.start for mention in found.organisation_mentions]
    return found


def take_apart(run: str, countries: Countries, common: frozenset[str] = frozenset()) -> NamePhrase:
    """Part a run of capitalised words into titles, country adjective and name."""
    words = run.replace("’", "'").split()
    titles: list[str] = []
    country: str | None = None
    ranked = [i for i, word in enumerate(words[:5]) if _is_rank(word.strip(".,").lower())]
    if ranked and ranked[-1] + 1 < len(words):
        # `Agriculture Minister Mira Sol`: what stands before the rank belongs to it.
        for word in words[: ranked[-1]]:
            country = country or countries.code(word)
        titles.extend(
            word.strip(".,").lower() for word in words[: ranked[-1] + 1] if not countries.code(word)
        )
        words = words[ranked[-1] + 1 :]
    while words:
        bare = words[0].strip(".,").lower()
        possessive = bare.removesuffix("'s")
        code = countries.code(words[0])
        pair = countries.code(" ".join(words[:2])) if len(words) > 1 else None
        if pair and len(words) > 2:
            country, words = pair, words[2:]
        elif bare in TITLES or possessive in TITLES:
            titles.append(bare)
            words = words[1:]
        elif code and len(words) > 1:
            country, words = code, words[1:]
        elif (bare in _NOT_NAMES and not (len(words) == 1 and bare in _MONTHS_IN_NAMES)) or (
            len(words) > 1 and not titles and bare not in _PARTICLES and (bare in common or _is_gerund(bare))
        ):
            words = words[1:]
        elif "-" in bare and all(part in TITLES or part == "elect" for part in bare.split("-")):
            titles.append(bare)
            words = words[1:]
        else:
            break
    if words and words[-1].endswith(("'s", "'")):
        words[-1] = words[-1].removesuffix("s").removesuffix("'")
    if any("n't" in word for word in words):
        words = []
    while words and words[-1].strip(".").lower() in _NOT_NAMES:
        if len(words) <= 2 and words[-1].lower() in _MONTHS_IN_NAMES:
            break
        words.pop()
    name = tuple(word for word in words if word.strip(".'"))
    return NamePhrase(tuple(titles), country, _without_shouting(name, titles))


def _is_rank(lower: str) -> bool:
    """Say whether the word is a rank, alone or in parts: `secretary-general`, `vice-chancellor`."""
    parts = lower.split("-")
    return lower in _RANKS or (len(parts) > 1 and all(part in TITLES for part in parts))


def _without_shouting(name: tuple[str, ...], titles: list[str]) -> tuple[str, ...]:
    """Return a person's name with initial capitals: `Mr Oskar VENT`, `President TELD`, `Ilka DRUMM`."""
    if not name or not name[-1].isupper() or len(name[-1]) < 3 or not name[-1].isalpha():
        return name
    has_rank = bool(titles) and titles[-1] in _BEFORE_SURNAMES
    is_mixed = len(name) > 1 and not name[0].isupper() and name[0].lower() not in _ORGANISATION_WORDS
    if len(name) > 1 and not is_mixed:
        return name
    if has_rank if len(name[-1]) < _SHORTEST_SHOUTED else (has_rank or is_mixed):
        return tuple(in_initial_capitals(word) for word in name)
    return name


def is_in_title_case(line: str) -> bool:
    """Say whether the line is a headline in which most words have capitals: no sentence with a stop."""
    if line.rstrip(" \n\r”\"’'").endswith((".", "!", "?")):
        return False
    words = [word for word in line[:400].split() if word[0].isalpha()]
    return len(words) >= _SHORTEST_TITLE and sum(word[0].isupper() for word in words) >= 0.7 * len(words)


def in_initial_capitals(word: str) -> str:
    """Return a word printed in capitals with initial ones: `DRUMM`; abbreviated initials stay."""
    return word.capitalize() if word.isupper() and word.isalpha() and len(word) > 2 else word


def _office_name(name: str, sure: set[str], found: DocumentNames) -> str:
    """Return the name of an office without a second speaker after *and*."""
    before, mark, last = name.rpartition(" and ")
    if mark and (
        found.countries.code(last) or is_organisation([last]) or (found.full_names(last) and name not in sure)
    ):
        return before
    return name


def _is_gerund(lower: str) -> bool:
    """Say whether the first word of a sentence is a participle (`Praising`), not a name like Ding."""
    return lower.endswith("ing") and len(lower) >= 6


def is_organisation(words: Iterable[str]) -> bool:
    """Say whether the words name an organisation: a word for one, or an abbreviation in capitals."""
    listed = list(words)
    if len(listed) == 1 and listed[0] in _ROMAN:
        return False
    return any(word.strip(".,'").lower() in _ORGANISATION_WORDS for word in listed) or (
        len(listed) == 1 and len(listed[0].replace(".", "")) >= 2 and listed[0].replace(".", "").isupper()
    )


def gender_of_titles(titles: Iterable[str]) -> str | None:
    """Return the gender that a title tells, if it does."""
    for title in titles:
        if title in _FEMALE:
            return "female"
        if title in _MALE:
            return "male"
    return None


def _read_run(text: str, run: re.Match[str], found: DocumentNames) -> None:
    # A possessive inside ends a name, and so does a full stop: *Lyra's Mira Sol*, *in Lyra. Sol*.
    start = run.start()
    for token in _TOKEN.finditer(text, run.start(), run.end()):
        shown = token.group()
        stem = re.sub(r"[’']s$", "", shown)
        is_owner = stem != shown and found.countries.code(stem) is None
        is_stop = (
            shown.endswith(".")
            and len(shown.replace(".", "")) > 1
            and shown.count(".") == 1
            and shown.rstrip(".").lower() not in _ABBREVIATED
        )
        if is_owner or is_stop or token.end() == run.end():
            _read_part(text, start, text[start : token.end()], found)
            start = token.end() + 1


def _read_part(text: str, start: int, shown: str, found: DocumentNames) -> None:
    phrase = found.phrase(shown)
    words = list(phrase.name)
    if len(words) > 2 and words[0].isupper() and len(words[0]) > 3 and not words[-1].isupper():
        # `ADA ORR / TIDEWIRE Ben Ilk rows`: the agency of a credit is no part of the name.
        words = words[1:]
    if words and words[-1].endswith("."):
        words[-1] = words[-1] if len(words[-1]) == 2 else words[-1].rstrip(".")
    if not words:
        return
    is_person = words[-1] != shown.split()[-1] and words[-1] == in_initial_capitals(shown.split()[-1])
    if is_organisation(words) or (
        not is_person and is_organisation(word for word in shown.split()[-1:] if len(shown.split()) > 1)
    ):
        plain = re.sub(r"[’']s$", "", shown).rstrip(".")
        while " " in plain and plain.split(" ", 1)[0].lower() in _NOT_NAMES:
            plain = plain.split(" ", 1)[1]
        found.organisation_mentions.append(NameMention(start, start + len(shown), plain))
        if " " in plain:
            found.organisations.append(plain)
        return
    name = " ".join(words)
    gender = gender_of_titles(phrase.titles)
    if (
        not 2 <= len(words) <= _LONGEST_NAME
        or found.countries.code(name)
        or any(w[:1].isdigit() for w in words)
    ):
        if len(words) == 1 and gender and words[0] not in found.genders:
            found.genders[words[0]] = gender
        return
    before_run = text[max(0, start - 40) : start]
    inside = _INSIDE_NAME.search(before_run)
    if inside is not None and is_organisation([inside.group(1)]):
        # `the Foundation for Borvian Peace`
        return
    has_article = shown.startswith("The ") or before_run.endswith((" the ", "\nthe "))
    if has_article and not phrase.titles and phrase.country is None and text[start + len(shown) :][:1] != "-":
        # `the Lyra Courier`: a person's name has no article.
        found.organisation_mentions.append(NameMention(start, start + len(shown), name))
        return
    if not phrase.titles and _BEFORE_PLACES.search(before_run):
        found.places.update((name, words[-1]))
    at = start + max(shown.replace("’", "'").find(words[0]), 0)
    mention = (at, start + len(shown))
    same = next((one for one in found.by_part.get(words[-1], ()) if _is_same_person(one, name)), None)
    if same is not None:
        found.variants[name] = same
        name = same
    found.mentions.append(NameMention(*mention, name))
    for part in dict.fromkeys((words[0], words[-1])):
        names = found.by_part.setdefault(part, [])
        if name not in names and len(names) < 20:
            names.append(name)
    titles = list(phrase.titles)
    country = phrase.country
    home = _OF_COUNTRY.match(text, start + len(shown)) if titles and country is None else None
    if home is not None:
        # `Foreign Minister Ada Orr of Arlonia`
        country = found.countries.code(home.group(1))
    before = re.search(r"([^\W\d_]+) $", text[max(0, start - 30) : start])
    if before is not None and before.group(1) in TITLES:
        titles.append(before.group(1))
        gender = gender or gender_of_titles(titles)
    if gender:
        found.genders.setdefault(name, gender)
    for title in titles:
        for home_or_any in dict.fromkeys((country, None)):
            names = found.titles.setdefault((home_or_any, title), [])
            if name not in names:
                names.append(name)
    if _HEADS_OF_STATE.intersection(titles):
        found.leaders.add(name)


def _is_same_person(one: str, other: str) -> bool:
    """Say whether another name is the same with middle initials or without, or lacks the first one."""
    if one == other:
        return False
    if one.casefold().endswith(f" {other.casefold()}"):
        return True
    first, second = one.split(), other.split()
    kept = [[w for w in words[1:-1] if not _INITIAL.fullmatch(w)] for words in (first, second)]
    return first[0] == second[0] and first[-1] == second[-1] and kept == [[], []]


def genders_by_surname(genders: Mapping[str, str], name: str) -> str | None:
    """Return the gender known for a full name, or for its surname with a title (*Ms. Sol*)."""
    parts = name.split()
    return genders.get(name) or genders.get(parts[-1]) or genders.get(parts[0])
