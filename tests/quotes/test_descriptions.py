import pytest

from tests.quotes.marked_sources import names, resolved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Analysts] said it rains.", ["analysts"]),
        ("[Some of the older residents] said it rains.", ["some of the older residents"]),
        ("[Two senior Arlonian officials] said it rains.", ["two senior arlonian officials"]),
        ("[The mayor’s office] said it rains.", ["mayor's office"]),
        ("The dockers’ [union] said it rains.", ["dockers' union"]),
        ("[Ada Orr’s sister] said it rains.", ["ada orr's sister"]),
        ("[My father] said it rains.", ["father"]),
        ("[Those greens] said it rains.", ["greens"]),
        ("[Friends, lobbyists and former foes] said it rains.", ["friends, lobbyists and former foes"]),
        ("[A clerk who would not give his name] said it rains.", ["clerk"]),
        ("A clerk who rows [because he can] said it rains.", ["clerk"]),
        ("[The] said it rains.", [None]),
        ("[A spokesman for Sol] said it rains. [The spokesman] said it pours.", ["spokesman for sol"] * 2),
        (
            "[A Borvian official] said it rains. [Another official] said no. [The official] left.",
            ["borvian official", "official", "official"],
        ),
    ],
)
def test_the_unnamed_keep_their_description(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[Arlonian Trade Ministry spokesman Edo Falk] said it rains. [The spokesman] said it pours.",
            ["Edo Falk"] * 2,
        ),
        (
            "[League Secretary-General Amo Tuli] said it rains. [The secretary-general] left.",
            ["Amo Tuli"] * 2,
        ),
        (
            "[The head of the union, Berta Kolm], said it rains. [The head of the union] left.",
            ["Berta Kolm"] * 2,
        ),
        (
            "[The leader of the Meadow Party, Otto Finn], said it rains. [The Meadow Party leader] left.",
            ["Otto Finn"] * 2,
        ),
        ("[Opposition leader Rolf Engel] said it rains. [The opposition leader] left.", ["Rolf Engel"] * 2),
        ("[Ben Ilk, a young baker], said it rains. [The baker] said it pours.", ["Ben Ilk"] * 2),
        ("It rains, [the bride] said. She is called Ada Orr.", ["Ada Orr"]),
        ("[Venn] said it rains. [The 61-year-old] said it pours.", ["Tor Venn"] * 2),
        # Another word for a person just named is not a new person.
        ("[Venn] said it rains. [The billionaire] said it pours.", ["Tor Venn", None]),
        ("[Ada Orr] said it rains. [The Lyra Democrat] said it pours.", ["Ada Orr", None]),
        ("The clerk wrote it down. According to [the clerk’s notes], it rains.", ["clerk"]),
    ],
)
def test_a_person_by_role(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[The Arlonian Trade Ministry] said it rains. [The ministry] said it pours.",
            ["Arlonian Trade Ministry"] * 2,
        ),
        ("[The Ministry of Trade of Arlonia] said it rains.", ["Arlonian Trade Ministry"]),
        ("[Arlonia’s Ministry of Trade] said it rains.", ["Arlonian Trade Ministry"]),
        (
            "[The Borvian Fish Council] said it rains. The Lyra Port Council left. [The council] rows.",
            ["Borvian Fish Council", None],
        ),
        ("[The Lyra Courier] said it rains. According to [the newspaper], it pours.", ["Lyra Courier"] * 2),
        (
            "[The Lyra Courier] said it rains. [The Tarn Gazette] said no. [The newspaper] was first.",
            ["Lyra Courier", "Tarn Gazette", None],
        ),
        (
            "[The Tidewire news agency] said it rains. [The agency] said it pours.",
            ["Tidewire news agency"] * 2,
        ),
        ("[The company, Ostrey Hydro], said it rains. [The company] said it pours.", ["Ostrey Hydro"] * 2),
        ("[The dockers’ union] said it rains. [The union] said it pours.", ["dockers' union"] * 2),
        ("[The harbour office] said it rains.", ["harbour office"]),
        ("[The newspaper] said it rains.", [None]),
        (
            "[The Tarn Chamber of Commerce] said it rains. [The chamber] said it pours.",
            ["Tarn Chamber of Commerce"] * 2,
        ),
    ],
)
def test_an_institution_by_its_kind(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[A spokesman for Teld], in an email, denied it. It rains, [the email] said.",
            ["spokesman for teld"] * 2,
        ),
        ("[A report by the Fishery Institute] said it rains.", ["Fishery Institute"]),
        ("[A statement from the Arlonian Trade Ministry] said it rains.", ["Arlonian Trade Ministry"]),
        ("[An Arlonian Trade Ministry statement] said it rains.", ["Arlonian Trade Ministry"]),
        ("[Ada Orr] left. It rains, [her letter] said.", ["Ada Orr"] * 2),
        ("[The statement] said it rains.", [None]),
    ],
)
def test_a_document_by_its_author(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


def test_a_description_has_no_antecedent_or_too_many() -> None:
    assert resolved("[The ministry] said it rains.") == [(None, "unresolved_no_antecedent")]
    assert resolved("The Fish Council met the Port Council. [The council] said it rains.") == [
        (None, "unresolved_ambiguous")
    ]
