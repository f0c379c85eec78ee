import pytest

from tests.quotes.invented import said

S = "the harbour will open in June"
T = "The harbour will open in June"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Sol said {S}.", [("Sol", "said", S)]),
        (f"Sol said that {S}.", [("Sol", "said", S)]),
        (f"Sol said on Monday that {S}.", [("Sol", "said", S)]),
        (f"Sol told reporters in Port Lyra that {S}.", [("Sol", "told", S)]),
        (f"Sol told Tor Venn {S}.", [("Sol", "told", S)]),
        (f"{T}, Sol said.", [("Sol", "said", T)]),
        (f"{T}, Sol told the Lyra Post on Monday.", [("Sol", "told", T)]),
        (f"{T}, said Sol.", [("Sol", "said", T)]),
        (
            f"{T}, said Ada Orr, a pilot from Lyra.",
            [("Ada Orr, a pilot from Lyra", "said", T)],
        ),
        (
            f"Ada Orr, a pilot from Lyra, said {S}.",
            [("Ada Orr, a pilot from Lyra", "said", S)],
        ),
        (f"According to Sol, {S}.", [("Sol", "According to", S)]),
        (f"{T}, according to analysts.", [("analysts", "according to", T)]),
        (f"During the meeting, Sol also said {S}.", [("Sol", "said", S)]),
        (f"Sol has repeatedly said {S}.", [("Sol", "said", S)]),
        (f"Analysts say {S}.", [("Analysts", "say", S)]),
        (f'"{T}," Sol said.', [("Sol", "said", f'"{T},"')]),
        (f'Sol said: "{T}."', [("Sol", "said", f'"{T}."')]),
        (f'Sol: "{T}."', [("Sol", None, f'"{T}."')]),
        (f'Said one sailor: "{T}."', [("one sailor", "Said", f'"{T}."')]),
        (
            '"The harbour," Sol said, "will open in June."',
            [("Sol", "said", '"The harbour," … "will open in June."')],
        ),
        (
            "The harbour, Sol said, will open in June.",
            [("Sol", "said", "The harbour … will open in June")],
        ),
    ],
)
def test_reported_clauses(text: str, expected: list[tuple[str | None, str | None, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sol called for calm on the river.", [("Sol", "called for", "calm on the river")]),
        ("Sol urged Borvia to open its ports.", [("Sol", "urged", "Borvia to open its ports")]),
        ("The two agreed to meet in May.", [("The two", "agreed", "to meet in May")]),
        ("Sol praised the rowers of Lyra.", [("Sol", "praised", "the rowers of Lyra")]),
        ("Sol expressed readiness to sail.", [("Sol", "expressed readiness", "to sail")]),
        (
            "Sol voiced hope that the ice melts.",
            [("Sol", "voiced hope", "the ice melts")],
        ),
        (
            "Sol praised the rowers and pledged to build a pier.",
            [("Sol", "praised", "the rowers"), ("Sol", "pledged", "to build a pier")],
        ),
        (
            "Praising the rowers, Sol said the race was fair.",
            [("Sol", "Praising", "the rowers"), ("Sol", "said", "the race was fair")],
        ),
        (
            "The race was fair, Sol said, adding that the prize was small.",
            [("Sol", "said", "The race was fair"), ("Sol", "adding", "the prize was small")],
        ),
        (
            "The race was fair, Orr said, noting that the prize was small, Orr said.",
            [("Orr", "said", "The race was fair"), ("Orr", "noting … said", "the prize was small")],
        ),
        (
            "Sol said the race was fair, while Venn said it was slow.",
            [("Sol", "said", "the race was fair"), ("Venn", "said", "it was slow")],
        ),
    ],
)
def test_acts_and_several_cues(text: str, expected: list[tuple[str | None, str | None, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sol wants a new harbour.",
        "Sol and Venn discussed the harbour.",
        "They exchanged views on fishing.",
        "The so-called “harbour of dreams” opened.",
        "The plan proposed by Sol was read out.",
        "It is expected that the ice melts.",
        "Sol said nothing.",
        "The member states met again.",
        "Citing the growth in fishing, Sol left the room.",
        "",
    ],
)
def test_what_is_no_quote(text: str) -> None:
    assert said(text) == []
