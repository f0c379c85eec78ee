import pytest

from pipeline.topics.inflection import fold, inflections


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("Neighbourhood", "neighborhood"),
        ("politicising", "POLITICIZING"),
        ("organisation", "Organization"),
        ("defence", "defense"),
    ],
)
def test_spellings_are_one(british: str, american: str) -> None:
    assert fold(british) == fold(american)


def test_short_words_keep_their_letters() -> None:
    assert fold("four") == "four"


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("treaty", {"treaty", "treatys", "treaties", "treatied", "treatying"}),
        ("plan", {"plan", "plans", "planed", "planing", "planned", "planning"}),
        ("politicize", {"politicize", "politicizes", "politicized", "politicizing"}),
        ("of", {"of", "ofs"}),
    ],
)
def test_forms(word: str, forms: set[str]) -> None:
    assert inflections(word) == forms
