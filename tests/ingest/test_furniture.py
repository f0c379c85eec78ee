from dataclasses import dataclass

import pytest

from pipeline.ingest.furniture import furniture, listed


@dataclass(frozen=True)
class Line:
    text: str


def told(text: str) -> list[str | None]:
    lines = [Line(line) for line in text.split("\n")]
    found = furniture(lines)
    return [found.get(number) for number in range(len(lines))]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Advertisement", "advertisement"),
        ("ADVERTISEMENT - CONTINUE READING BELOW", "advertisement"),
        ("Story continues below advertisement", "advertisement"),
        ("Read more: Ten harbours in pictures", "pointer"),
        ("READ ALSO | Why the boats are late", "pointer"),
        ("Related: Tor Venn says no", "pointer"),
        ("Sign up for our free newsletter.", "sign_up"),
        ("Enter your email address", "sign_up"),
        ("We use cookies to remember your harbour.", "cookies"),
        ("Accept all", "cookies"),
        ("Share this article", "share"),
        ("Facebook Twitter WhatsApp", "share"),
        ("Image source, Lyra Post", "credit"),
        ("Advertisement for a lost boat was printed, he said.", None),
        ("Share prices fell on Monday.", None),
        ("Related party loans grew.", None),
        ("Read the letter of the council to the rowers.", None),
        ("Join the union, he told the rowers, and your updates will be free.", None),
        ("“Sign up for the newsletter,” she said.", None),
        ("More than forty boats sank.", None),
        ("Ads are a nuisance.", None),
    ],
)
def test_single_lines(line: str, rule: str | None) -> None:
    assert told(line) == [rule]


def test_a_menu_reaches_from_its_first_to_its_last_entry() -> None:
    text = "Lyra Post\nHome\nNews\nMinister says harbour will open\nSport\nThe boats are late\nBy Ann Lee"
    assert told(text) == [None, "menu", "menu", "menu", "menu", None, None]
    assert told("News\nThe boats of the town are late.\nSport\nIt rained on them.\nHome") == [None] * 5


def test_headlines_of_other_pages_stand_below_a_label() -> None:
    text = "Related stories\nVenn says no\nSol says yes\nThe boats of the town left on Monday.\nVenn says no"
    assert told(text) == ["related", "related", "related", None, None]
    assert told("Latest\nThe boats of the town left on Monday.") == [None, None]


def test_lists_are_runs_of_short_lines_and_no_talk() -> None:
    def numbers(text: str) -> set[int]:
        return listed([Line(line) for line in text.split("\n")])

    assert numbers("Venn says no\nSol: yes\nBoats are late\nThe boats left on Monday.") == {0, 1, 2}
    assert numbers("Venn says no\nSol says yes\nThe boats left on Monday.") == set()
    assert numbers("SOL: yes\nVENN: no\nSOL: why\nVENN: well") == set()
    assert numbers("- no more tolls\n- new boats\n- a bridge") == set()
