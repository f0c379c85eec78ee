import pytest

from tests.quotes.marked_sources import names, resolved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # He and she, by the genders that titles and the authority file tell.
        ("[Venn] said it rains. The sun is gone, [he] said.", ["Tor Venn", "Tor Venn"]),
        ("Sol met Venn on Monday. [He] said it rains. [She] said it pours.", ["Tor Venn", "Mira Sol"]),
        (
            "Mr. Oskar Lund and Ms. Ilka Brand bake. [She] said it rains. [He] said it pours.",
            ["Ilka Brand", "Oskar Lund"],
        ),
        ("Noor Abel met Kim Dray at the gate. [He] said it rains.", [None]),
        ("Orr and Ilk rowed. [He] said it rains.", [None]),
        # Of two whose gender nobody tells, the one who speaks goes on speaking.
        ("[Ada Orr] said Ben Ilk had left. [She] added it rains.", ["Ada Orr", "Ada Orr"]),
        ("[Ada Orr] accused Ben Ilk of rowing. [He] denied it.", ["Ada Orr", None]),
        ("[Ada Orr] said she met Ben Ilk. [He] said it pours.", ["Ada Orr", None]),
        ("[Ada Orr] said it rains. Ben Ilk rowed. [He] said it pours.", ["Ada Orr", "Ben Ilk"]),
        ("[Ada Orr] said it rains.\n“It pours,” [she] said.", ["Ada Orr", "Ada Orr"]),
        # The new subject of a paragraph, with the kinship before the name.
        ("[Sol] said it rains.\nHer cousin Ben Ilk rowed. [He] said it pours.", ["Mira Sol", "Ben Ilk"]),
        # A source that nobody could tell bars the way to the one before.
        (
            "[Sol] said it rains. Ann Orr and Ben Orr row. [Orr] said it pours. [She] left.",
            ["Mira Sol", None, None],
        ),
        # Somebody unnamed.
        ("[A nurse] said it rains. [She] said it pours.", ["nurse", "nurse"]),
        ("A drummer tunes his drum in the rain. [He] said it pours.", ["drummer"]),
        (
            "[Ada Orr] said {[one neighbour] called it rain}. It pours, [she] said.",
            ["Ada Orr", "neighbour", "Ada Orr"],
        ),
        # Neither a place nor a photographer is taken for a person.
        ("Ada Orr rows in Lower Ollen. [She] says it rains.", ["Ada Orr"]),
        ("BEN ILK / TIDEWIRE Ada Orr rows on the quay. [She] says it rains.", ["Ada Orr"]),
    ],
)
def test_he_and_she(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[The Borvian Fish Council] said it rains. [It] said it pours.", ["Borvian Fish Council"] * 2),
        ("[The Borvian Fish Council] said it rains.\n“It pours,” [it] said.", ["Borvian Fish Council"] * 2),
        (
            "[The Borvian Fish Council] met the Lyra Port Board. [It] said it rains.",
            ["Borvian Fish Council", None],
        ),
        ("The Old Mills Trust wants a roof. [It] said it rains.", ["Old Mills Trust"]),
        ("The Old Mills Trust met the Lyra Port Board. [It] said it rains.", [None]),
        ("[Ada Orr] said it rains. [It] said it pours.", ["Ada Orr", None]),
        ("[The dockers’ union] said it rains. [It] said it pours.", ["dockers' union"] * 2),
        ("[It] said it rains.", [None]),
    ],
)
def test_it(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Orr, [who] said it rains, rows.", ["Ada Orr"]),
        ("Ada Orr, who runs the mill and [who] said it rains, rows.", ["Ada Orr"]),
        ("Ada Orr met Ben Ilk, [who] said it rains.", ["Ben Ilk"]),
        ("Ada Orr rows. Orr, [who] said it rains, left.", ["Ada Orr"]),
        ("The Foundation for Borvian Peace hired three [who] said it rains.", [None]),
        ("The boats [who] said it rains left.", [None]),
    ],
)
def test_who(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Residents of the quay] said it rains. [They] said it pours.", ["residents of the quay"] * 2),
        ("[A group of plumbers] said it rains. “It pours,” [their letter] said.", ["group of plumbers"] * 2),
        (
            "Sol met Venn. The two leaders have not met since. In May [they] agreed to row.",
            ["Mira Sol; Tor Venn"],
        ),
        (
            "Sol met Venn. [The two presidents] agreed to row. [They] agreed to rest.",
            ["Mira Sol; Tor Venn"] * 2,
        ),
        ("[Analysts] said it rains. It pours, [we] hear.", ["analysts", None]),
        ("Arlonia and Borvia row. [Both sides] agreed to rest.", ["Arlonia; Borvia"]),
        ("[Sol] said {[you] wrote a letter}. Venn listened.", ["Mira Sol", None]),
    ],
)
def test_they_and_pairs(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


def test_the_reason_tells_ambiguity_from_absence() -> None:
    assert resolved("Noor Abel met Kim Dray. [He] said it rains.") == [(None, "unresolved_ambiguous")]
    assert resolved("[He] said it rains.") == [(None, "unresolved_no_antecedent")]
