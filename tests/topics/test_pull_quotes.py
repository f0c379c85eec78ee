from typing import Any

from pipeline.topics.pull_quotes import find_duplicates

BODY = "Norland stands ready, with all its towns, to share the long bridge, and not to close it again."


def quote(quote_id: str, region: str, text: str, speaker: str | None = None) -> dict[str, Any]:
    return {"quote_id": quote_id, "region": region, "quote_text": text, "speaker_id": speaker}


def test_a_shortened_body_quote_is_found() -> None:
    pulled = quote("p", "pull_quote", "Norland stands ready to share the long bridge, and … not to close it")
    assert find_duplicates([pulled, quote("a", "body", "The bridge is long."), quote("b", "body", BODY)]) == {
        "p": "b"
    }


def test_other_words_are_not_a_repetition() -> None:
    pulled = quote("p", "pull_quote", "Norland will open a ferry to the other long shore")
    assert find_duplicates([pulled, quote("b", "body", BODY)]) == {}


def test_the_same_words_in_another_order_are_not() -> None:
    pulled = quote("p", "pull_quote", " ".join(reversed(BODY.split())))
    assert find_duplicates([pulled, quote("b", "body", BODY)]) == {}


def test_another_known_speaker_is_not_repeated() -> None:
    pulled = quote("p", "pull_quote", BODY, "queen")
    assert find_duplicates([pulled, quote("b", "body", BODY, "duke")]) == {}
    assert find_duplicates([pulled, quote("b", "body", BODY)]) == {"p": "b"}


def test_of_several_the_first_best_counts() -> None:
    rows = [quote("p", "pull_quote", BODY), quote("b", "body", BODY), quote("c", "body", BODY)]
    assert find_duplicates(rows) == {"p": "b"}


def test_only_pull_quotes_repeat() -> None:
    assert find_duplicates([quote("a", "caption", BODY), quote("b", "body", BODY)]) == {}
