import pytest

from pipeline.running_text import ends_with_title, goes_on, is_hanging, is_open, is_sequel


@pytest.mark.parametrize("text", ["The boats left", "he said,", "in the", "&ldquo;Go&rdquo;", "told Mr."])
def test_open_ends(text: str) -> None:
    assert is_open(text)


@pytest.mark.parametrize(
    "text", ["It rains.", "“It rains.”", "&quot;It rains.&quot;", "Why?", "He said:", ""]
)
def test_closed_ends(text: str) -> None:
    assert not is_open(text)


@pytest.mark.parametrize(
    "text",
    ["that fees fall", ", he said", "”, he said", "’s boats", "“must go”", "\u200bthat", "&nbsp;that", "é"],
)
def test_what_goes_on(text: str) -> None:
    assert goes_on(text)


@pytest.mark.parametrize(
    "text",
    [
        "The boats",
        "“We",
        "by Ann Lee",
        "https://a.example",
        "date 2030-05-06",
        "eBay",
        "al-Nur",
        "...",
        "?? A",
        "5",
        "",
    ],
)
def test_what_does_not_go_on(text: str) -> None:
    assert not goes_on(text)


def test_ends_that_something_has_to_follow() -> None:
    assert is_hanging("according to")
    assert is_hanging("the minister told")
    assert not is_hanging("the minister spoke")
    assert ends_with_title("the prime minister")
    assert is_sequel("The minister told", "Harbour Daily that fees fall.")
    assert not is_sequel("The minister spoke", "Harbour Daily wrote that fees fall.")
