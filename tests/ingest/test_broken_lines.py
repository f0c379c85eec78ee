import pytest

from pipeline.ingest.broken_lines import find_broken
from pipeline.ingest.page import read_page


def lines(text: str) -> list[str]:
    return [line.text for line in read_page(text).lines]


@pytest.mark.parametrize(
    "text",
    [
        "The minister told|Harbour Daily|that fees fall.",
        "The Straits Union will pay for|a second boat|, its secretary,|Ada Orr|, said.",
        "The boats will come back, according to|a report by|the Lyra Lifeboat Society|.",
        "The boats of the town left for|Borvia.",
        "The president of the bank|Tor Venn|and the mayor|Ada Orr|spoke.",
        "The premier answered that the crew|“is on the island, mending nets|and waiting for a call”.",
    ],
)
def test_a_sentence_broken_by_links_is_one_line(text: str) -> None:
    assert lines(text.replace("|", "\n")) == [text.replace("|", " ")]


@pytest.mark.parametrize(
    "text",
    [
        "The minister opens the harbour|The boats of the town left for Borvia on Monday.",
        "By Ann Lee|and Ben Orr|The boats of the town left for Borvia on Monday.",
        "The council of the town bought:|apples|pears|nets for the rowers|and ropes.",
        "Go down, river,|and carry the boats,|and nobody will sing|until the water is gone.",
        "Year fees boats|2028 12 40|both years 13 39",
        "MINISTER SOL: I think so|Q: why do you think that the fees are too high",
        "The fees fall in spring|- no more tolls for the rowers|- new boats for the town.",
        "The boats of the town left|https://lyra.example/boats|www.lyra.example",
        "A boat lay in the yard|by Ann Lee|date 2030-05-06 It rained all day.",
        "No stop after this|al-Nur says that the boats are late.",
    ],
)
def test_what_is_no_broken_sentence_is_left_alone(text: str) -> None:
    assert lines(text.replace("|", "\n")) == text.split("|")


@pytest.mark.parametrize(
    ("text", "sentence", "cards"),
    [
        (
            "The old fees will fall, President|Ada Orr|Ada Orr|In office since 2021|told us.",
            (0, 1, 4),
            {2, 3},
        ),
        ("President Ada Orr|ADA ORR|President|told reporters that the fees fall.", (0, 3), {1, 2}),
        ("The leader of the union,|Ada Orr|Elected 2018|, spoke of the fees.", (0, 1, 3), {2}),
        ("The fees will fall in spring,|Ada Orr|President|the minister said.", (0, 3), {1, 2}),
        ("The fees will fall,” said|Ada Orr|Harbour master, Lyra|at a hearing.", (0, 1, 3), {2}),
    ],
)
def test_a_name_card_is_no_part_of_the_sentence(
    text: str, sentence: tuple[int, ...], cards: set[int]
) -> None:
    found = find_broken(text.split("|"))
    assert found.sentences == (sentence,)
    assert found.cards == cards
    page = read_page(text.replace("|", "\n"))
    assert [(line.text, rule) for line, rule in page.furniture] == [
        (text.split("|")[number], "name_card") for number in sorted(cards)
    ]


def test_a_sentence_of_no_end_is_cut() -> None:
    found = find_broken(["The boats left for"] + ["the harbour and"] * 200)
    assert max(map(len, found.sentences)) <= 40
