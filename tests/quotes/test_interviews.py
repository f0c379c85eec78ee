import pytest

from tests.quotes.marked_sources import names, resolved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Interview with President Mira Sol\n[[Q]]: Does it rain?\n[[A]]: It does.", [None, "Mira Sol"]),
        (
            "The president stood.\n[[Q]]: President, does it rain?\n[[A]]: It does.\nSol left.",
            [None, "Mira Sol"],
        ),
        ("Ada Orr sat down.\n[[Question]]: Does it rain?\n[[Answer]]: It does.", [None, "Ada Orr"]),
        # Two who could answer, and nobody.
        (
            "Interview with Ada Orr\nInterview with Ben Ilk\n[[Q]]: Does it rain?\n[[A]]: It does.",
            [None, None],
        ),
        ("Minutes of the hour.\n[[Q]]: Does it rain?\n[[A]]: It does.", [None, None]),
        # Whom the questions only mention does not answer.
        (
            "Interview with Ada Orr\n[[Q]]: President Sol says it rains. Does it?\n[[A]]: It does.",
            [None, "Ada Orr"],
        ),
        ("[[Moderator]]: Good morning.\n[[ADA ORR]]: It rains.", ["moderator", "Ada Orr"]),
    ],
)
def test_who_answers(text: str, expected: list[str | None]) -> None:
    assert names(text, "transcript") == expected


def test_questions_have_no_speaker_and_say_why() -> None:
    text = "Interview with Ada Orr\n[[Q]]: Does it rain?\n[[A]]: It does."
    assert resolved(text, "transcript") == [(None, "unresolved_no_antecedent"), ("Ada Orr", "title")]
