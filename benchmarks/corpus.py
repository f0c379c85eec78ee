"""Write a corpus of invented articles, for benchmarks.

    python benchmarks/corpus.py FOLDER --articles 1000 --words 500 --seed 1

Every sentence is put together from a small grammar; countries, towns and people are made of syllables. Nobody
in it lives, and nothing in it was written by anybody. All layouts that the pipeline knows come up in turn.
An article depends on its number, the length and the seed alone, so that a larger corpus begins with the
smaller one.
"""

import argparse
import random
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

_FILES_A_FOLDER = 1000


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words("""
    Bo Cal Dor El Fen Gris Hal Ir Jor Kes Lum Mor Nor Os Pel Quil Rud Sel Tav Ul Vel Wen Yar Zel
""")
_MIDDLE = _words("""
    ba de fi go li ma ne ri so tu va wo
""")
_PLACE_ENDS = _words("dren holm kest lund mark port rath stow vale wick")
_COUNTRY_ENDS = _words("avia enda istra mora ovia unda")
_NAME_ENDS = _words("bek dan fric gart lin nock quist ren sel tamm")
_ADJECTIVES = _words("""
    autumn bitter broad careful cautious central coastal common costly deep eastern empty final
    foreign frozen gentle grain heavy hidden honest idle inland joint late local long lower modest
    narrow neutral northern old open outer patient plain quiet rapid regional remote rural shallow
    sharp silent single slow small solid southern steady stubborn sudden swift tidal upper urban
    vacant western wide young
""")
_NOUNS = _words("""
    agreement airline alliance archive bakery barge barrier basin border bridge budget canal cargo
    census charter choir climate coal college contract corridor council court crop customs deadline
    debt defence delegation deposit drought dyke economy election embassy engine envoy exhibition
    export factory ferry festival fleet flood forecast forest frontier fund garden glacier grid
    guild harbour harvest highway hospital import industry inquiry island journal kitchen laboratory
    ledger library loan machine market medicine meeting mill mine ministry monument museum
    negotiation network observatory orchard pandemic parliament partnership pipeline plan plant
    policy port prison project protest quarry railway reactor reform refinery region reserve river
    road sanction satellite school seminar shelter shipyard station strike subsidy summit supply
    survey tariff telescope theatre timber tower trade treaty tribunal tunnel turbine university
    vaccine valley village vineyard warehouse wheat workshop
""")
_VERBS = _words("""
    abandoned approved blocked bought built checked closed counted covered crossed delayed divided
    doubled drained emptied extended financed followed guarded halted inspected leased linked
    measured mended missed moved opened ordered painted planned postponed purchased questioned
    reached refused repaired replaced reviewed sealed searched shared sold studied supplied surveyed
    tested traded visited weighed welcomed widened
""")
_OFFICES = _words("""
    Agriculture Archives Culture Customs Defence Education Energy Finance Fisheries Foreign Forests
    Health Housing Industry Interior Justice Labour Mining Rail Science Sport Tourism Trade
    Transport Water
""")
_SAYS = _words("""
    said said said added argued explained insisted noted recalled stressed warned
""")
_THAT = _words("""
    announced argued claimed confirmed denied insisted noted predicted said said stated warned
""")
_DAYS = _words("""
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
""")
_MONTHS = _words("""
    January February March April May June July August September October November December
""")
_SHORT = _words("""
    Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.
""")


@dataclass(frozen=True)
class Person:
    """Somebody invented, with an office."""

    first: str
    last: str
    role: str
    country: str
    is_woman: bool

    @property
    def name(self) -> str:
        """Return the full name."""
        return f"{self.first} {self.last}"

    @property
    def pronoun(self) -> str:
        """Return the pronoun of the person, in lower case."""
        return "she" if self.is_woman else "he"


@dataclass(frozen=True)
class Story:
    """What an article is made of, before it has a layout."""

    number: int
    title: str
    town: str
    country: str
    outlet: str
    day: date
    people: Sequence[Person]
    paragraphs: Sequence[str]


def main() -> None:
    """Write a corpus as the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--words", type=int, default=500, help="about how many words an article has")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    write_corpus(arguments.folder, range(arguments.articles), arguments.words, arguments.seed)


def write_corpus(folder: Path, numbers: Sequence[int], words: int, seed: int) -> None:
    """Write the articles of these numbers under a folder, a thousand files a folder."""
    for number in numbers:
        path = folder / file_name(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(number, words, seed), encoding="utf-8")


def file_name(number: int) -> str:
    """Return where the article of a number lies under the folder of its corpus."""
    return f"{number // _FILES_A_FOLDER:04d}/{number:07d}.txt"


def article(number: int, words: int, seed: int) -> str:
    """Return the page of an article: the layout follows from the number."""
    layout = LAYOUTS[number % len(LAYOUTS)]
    return layout(_story(number, words, random.Random(f"{seed} {number} {words}"), layout is _readout))


def _story(number: int, words: int, pick: random.Random, is_readout: bool) -> Story:
    country, other = _place(pick, _COUNTRY_ENDS), _place(pick, _COUNTRY_ENDS)
    people = [_person(pick, country if n % 2 == 0 else other) for n in range(4)]
    town = _place(pick, _PLACE_ENDS)
    paragraphs: list[str] = []
    counted = 0
    while counted < words:
        paragraph = _turn(pick, people, len(paragraphs)) if is_readout else _paragraph(pick, people, town)
        paragraphs.append(paragraph)
        counted += len(paragraph.split())
    title = f"{pick.choice(_ADJECTIVES).capitalize()} {pick.choice(_NOUNS)} {pick.choice(_VERBS)} near {town}"
    day = date(2021, 1, 1) + timedelta(pick.randrange(1500))
    outlet = f"{_place(pick, _PLACE_ENDS)} Courier"
    return Story(number, title, town, country, outlet, day, people, paragraphs)


def _place(pick: random.Random, ends: Sequence[str]) -> str:
    return pick.choice(_FIRST) + pick.choice(_MIDDLE) + pick.choice(ends)


def _person(pick: random.Random, country: str) -> Person:
    first = pick.choice(_FIRST) + pick.choice(_MIDDLE) + pick.choice(["", "n", "r", "s"])
    last = pick.choice(_FIRST) + pick.choice(_MIDDLE) + pick.choice(_NAME_ENDS)
    role = f"{pick.choice(_OFFICES)} Minister"
    return Person(first, last, role, country, pick.random() < 0.5)


def _things(pick: random.Random) -> str:
    kind = pick.randrange(4)
    noun = pick.choice(_NOUNS)
    if kind == 0:
        return f"the {pick.choice(_ADJECTIVES)} {noun}"
    if kind == 1:
        other = pick.choice(_NOUNS)
        return f"{'an' if other[0] in 'aeio' else 'a'} {other} {noun}"
    if kind == 2:
        return f"{pick.randrange(3, 990)} {pick.choice(_ADJECTIVES)} {_plural(noun)}"
    return f"the {noun} of {_place(pick, _PLACE_ENDS)}"


def _plural(noun: str) -> str:
    return (
        f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun.removesuffix('s')}s"
    )


def _claim(pick: random.Random) -> str:
    """Return a main clause without a full stop, about nine words long."""
    kind = pick.randrange(5)
    first, second, verb = _things(pick), _things(pick), pick.choice(_VERBS)
    if kind == 0:
        return f"{first} {verb} {second}"
    if kind == 1:
        return f"{first} {verb} {second} in {pick.choice(_MONTHS)}"
    if kind == 2:
        return f"{first} near {_place(pick, _PLACE_ENDS)} {verb} {second}"
    if kind == 3:
        return f"{first} had {verb} {second} and {pick.choice(_VERBS)} {_things(pick)}"
    return f"{first} {verb} {second} for {pick.randrange(2, 95)} {_plural(pick.choice(_NOUNS))}"


def _opening(clause: str) -> str:
    return clause[0].upper() + clause[1:]


def _paragraph(pick: random.Random, people: Sequence[Person], town: str) -> str:
    who = pick.choice(people)
    named = pick.choice([who.name, who.last, f"{who.country} {who.role} {who.name}", who.last])
    openings: list[Callable[[], str]] = [
        lambda: f"{_opening(_claim(pick))}. {_opening(_claim(pick))}, and {_claim(pick)}.",
        lambda: f"{_opening(_claim(pick))}, while {_claim(pick)} on {pick.choice(_DAYS)}.",
        lambda: f"“{_opening(_claim(pick))},” {pick.choice(_SAYS)} {named}.",
        lambda: f"{named} {pick.choice(_THAT)} that {_claim(pick)}.",
        lambda: f"According to {named}, {_claim(pick)}. {_opening(_claim(pick))}.",
        lambda: (
            f"{named} called {_things(pick)} “{pick.choice(_ADJECTIVES)} and {pick.choice(_ADJECTIVES)}.”"
        ),
    ]
    sequels: list[Callable[[], str]] = [
        lambda: "",
        lambda: f" {_opening(_claim(pick))}.",
        lambda: f" “{_opening(_claim(pick))}. {_opening(_claim(pick))},” {who.pronoun} {pick.choice(_SAYS)}.",
        lambda: (
            f" {_opening(who.pronoun)} {pick.choice(_THAT)} that {_claim(pick)}, and that {_claim(pick)}."
        ),
        lambda: f" Officials in {town} {pick.choice(_THAT)} {_claim(pick)}.",
    ]
    return pick.choice(openings)() + pick.choice(sequels)()


def _turn(pick: random.Random, people: Sequence[Person], number: int) -> str:
    one, other = people[:2]
    if number == 0:
        return (
            f"{one.role} {one.name} of {one.country} spoke by telephone with {other.role} {other.name} of "
            f"{other.country} about {_things(pick)}."
        )
    who = pick.choice((one, other))
    verb = pick.choice(["emphasized", "noted", "pointed out", "said", "stressed"])
    more = " ".join(f"{_opening(_claim(pick))}." for _ in range(pick.randrange(1, 4)))
    return f"{who.name} {verb} that {_claim(pick)}. {more} We are willing to review {_things(pick)}."


def _wire(story: Story) -> str:
    day = f"{_SHORT[story.day.month - 1]} {story.day.day}"
    lines = [f"{story.town.upper()}, {day} (Tavenwire) -- {story.paragraphs[0]}", *story.paragraphs[1:]]
    return "\n".join([*lines[:-1], f"{lines[-1]} Enditem"]) + "\n"


def _wire_with_header(story: Story) -> str:
    head = f"{story.title}\nSource: Tavenwire | {story.day:%Y-%m-%d} 08:15:00 | Editor: jf\n"
    return head + _wire(story)


def _release(story: Story) -> str:
    return f"{story.title}\n{story.day:%Y-%m-%d} 14:08\n\n" + "\n\n\n".join(story.paragraphs) + "\n"


def _readout(story: Story) -> str:
    one, other = story.people[:2]
    title = f"{one.role} {one.last} Speaks with {other.role} {other.last}"
    return f"{title}\n{story.day:%Y-%m-%d}\n\n" + "\n\n".join(story.paragraphs) + "\n"


def _labelled(story: Story) -> str:
    author = story.people[3]
    head = (
        f"Published Time: {story.day:%Y-%m-%d}\nTitle: {story.title}\nAuthor: {author.name}\n"
        f"Author title: Reporter, {story.town}\nText:\n"
    )
    return head + "\n".join(story.paragraphs) + "\n"


def _reader(story: Story) -> str:
    author = story.people[3]
    caption = f"{story.people[2].name.upper()} / TAVENWIRE"
    picture = (
        f"The {story.title.split()[1]} at {story.town} on {_MONTHS[story.day.month - 1]} {story.day.day}."
    )
    return "\n\n".join(
        [
            story.outlet,
            story.title,
            f"- By {author.name.upper()} in {story.town}",
            *story.paragraphs,
            f" ?? {caption} ?? {picture}\n{caption} {picture}",
            f"Newspapers in {story.country}",
            "More from this title",
        ]
    )


def _republished(story: Story) -> str:
    middle = len(story.paragraphs) // 2
    paragraphs = [*story.paragraphs[:middle], "Next Steps", *story.paragraphs[middle:]]
    day = f"{_MONTHS[story.day.month - 1]} {story.day.day}, {story.day.year}"
    foot = f"With Veltapress inputs\nPublished : {day}\nBy : {story.outlet}\n"
    return f" date {story.day:%Y-%m-%d} " + "\n".join(paragraphs) + "\n" + foot


def _plain(story: Story) -> str:
    return "\n\n".join([story.title, *story.paragraphs]) + "\n"


def _wrapped(story: Story) -> str:
    return "\n\n".join(textwrap.fill(paragraph, 68) for paragraph in story.paragraphs) + "\n"


LAYOUTS: tuple[Callable[[Story], str], ...] = (
    _wire,
    _labelled,
    _reader,
    _release,
    _republished,
    _readout,
    _plain,
    _wire_with_header,
    _wrapped,
)

if __name__ == "__main__":
    main()
