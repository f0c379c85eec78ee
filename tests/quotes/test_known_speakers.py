import pytest

from tests.quotes.marked_sources import names, resolved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Orr Ada] said it rains. [Orr] said it pours.", ["Orr Ada", "Orr Ada"]),
        (
            "Lena Hoff is a nurse. Karl Hoff, her brother, rows. [Lena] said it rains. [Karl] left.",
            ["Lena Hoff", "Karl Hoff"],
        ),
        ("Lyra Regatta began. [Lyra] said it rains.", ["Lyra"]),
        ("[Ada M. Orr] said it rains. Ada Orr rows. [Orr] said it pours.", ["Ada M. Orr", "Ada M. Orr"]),
        ("[Hanna van der Meel] said it rains. [Van der Meel] said it pours.", ["Hanna van der Meel"] * 2),
        ("Asked by CNN's Ada Orr, Venn left. [Orr] said it rains.", ["Ada Orr"]),
        ("It rains in Lyra. Orr left. Ada Orr rows. [Orr] said it pours.", ["Ada Orr"]),
        ("[Navy Capt. Ada Orr] said it rains. [Orr] said it pours.", ["Ada Orr", "Ada Orr"]),
        ("[Theresa May] said it rains. [May] said it pours.", ["Theresa May", "Theresa May"]),
        ("Ada Orr Rows With Ben Ilk Beyond Lyra\n[Ada Orr] said it rains. [Ilk] left.", ["Ada Orr", "Ilk"]),
        ("Ann Orr and Ben Orr row. [Orr] said it rains.", [None]),
        (
            "[Ann Orr, head of the union], rows. [Ben Orr, a cook], rests. [Orr, the union man], ate.",
            ["Ann Orr", "Ben Orr", "Ann Orr"],
        ),
        ("[The Lyra Courier] said it rains.", ["Lyra Courier"]),
    ],
)
def test_names(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[The Arlonian president] said it rains.", ["Mira Sol"]),
        ("[Arlonia’s president] said it rains.", ["Mira Sol"]),
        ("[The president of Arlonia] said it rains.", ["Mira Sol"]),
        ("[The president of the Fish Council] said it rains. Sol left.", [None]),
        ("Sol met Venn. [The president] said it rains.", [None]),
        (
            "Foreign Minister Ada Orr of Arlonia met Foreign Minister Ben Ilk of Borvia. [The Borvian "
            "foreign minister] said it rains.",
            ["Ben Ilk"],
        ),
        ("President Mira Sol met Vice President Leo Tann. [The vice president] said it rains.", ["Leo Tann"]),
        ("Former President Odo Hal met President Mira Sol. [The former president] left.", ["Odo Hal"]),
        ("[Hanne Orr, the mayor], rows. [The mayor] said it rains.", ["Hanne Orr", "Hanne Orr"]),
        ("[The foreign minister] said it rains.", [None]),
    ],
)
def test_titles(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ada Orr of Lyra, Ben Ilk of Tarn and Karl Ode of Ost row. [Ada Orr of Lyra, Ben Ilk of "
            "Tarn and Karl Ode of Ost] said it rains.",
            ["Ada Orr; Ben Ilk; Karl Ode"],
        ),
        (
            "Ada Orr of Lyra, [Ben Ilk of Tarn and Karl Ode of Ost] said it rains.",
            ["Ada Orr; Ben Ilk; Karl Ode"],
        ),
        ("Sol and [Venn] agreed to row.", ["Mira Sol; Tor Venn"]),
        ("Sol&nbsp;and&nbsp;[Venn] agreed to row.", ["Mira Sol; Tor Venn"]),
        ("On Monday, [Arlonian President Mira Sol] said it rains.", ["Mira Sol"]),
        (
            "[President Mira Sol of Arlonia and President Tor Venn of Borvia] agreed to row.",
            ["Mira Sol; Tor Venn"],
        ),
        ("Ben Ilk rows. [Ilk and Rep. Ada Orr (D)] said it rains.", ["Ben Ilk; Ada Orr"]),
        (
            "Ada Orr, Ben Ilk and Karl Ode formed a band. [The three] said it rains. [They] row.",
            ["Ada Orr; Ben Ilk; Karl Ode"] * 2,
        ),
        (
            "Foreign Minister Ada Orr of Arlonia received Foreign Minister Ben Ilk of Borvia and "
            "Foreign Minister Karl Ode of Ost. [The three ministers] agreed to row. [They] rest.",
            ["Ada Orr; Ben Ilk; Karl Ode"] * 2,
        ),
        ("[The Arlonian and Borvian presidents] agreed to row.", ["Mira Sol; Tor Venn"]),
        (
            "[The Arlonian and Borvian trade ministries] said it rains.",
            ["Arlonian Trade Ministry; Borvian trade ministry"],
        ),
        ("[The Arlonian side] said it rains.", ["Arlonia"]),
    ],
)
def test_several_and_sides(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ministry of Roads &amp; [Works] said it rains.", ["Ministry of Roads & Works"]),
        ("[The Ministry of Roads and Bridges] said it rains.", ["Ministry of Roads and Bridges"]),
        (
            "The Arlonian Trade Ministry rows. [The Trade Ministry] said it rains.",
            ["Arlonian Trade Ministry"],
        ),
        (
            "The Arlonian Roads Ministry met the Borvian Roads Ministry. [The Roads Ministry] said it rains.",
            [None],
        ),
        ("[The Harbour] Times said it rains. The Harbour Times left.", ["Harbour Times"]),
        ("[President] Sol said it rains.", ["Mira Sol"]),
        ("The Borvian Fish Council, [which rows], said it rains.", ["Borvian Fish Council"]),
    ],
)
def test_institutions_and_sources_that_lost_a_part(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


def test_a_name_card_and_an_apposition_belong_to_the_name_before() -> None:
    card = (
        "The opposition leader,\nRafe Orr\n[Leader of the Quayside Party]\nElected 2018\nsaid so. [He] left."
    )
    assert resolved(card) == [("Rafe Orr", "apposition"), ("Rafe Orr", "pronoun")]
    assert resolved("Ada Orr, [a farmer from Lyra], said it rains.") == [("Ada Orr", "apposition")]
