"""Every layout on its fixtures, and on any text at all."""

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Block
from pipeline.ingest.known import Known, compile_known
from pipeline.ingest.layouts import Layout, choose_layout, layouts
from pipeline.ingest.page import read_page, tile
from pipeline.ingest.stage import fixture_json
from pipeline.reference import Reference, load_reference

FIXTURES = Path(__file__).with_name("fixtures")
CASES = sorted(path.stem for path in FIXTURES.glob("*.txt"))
NAMES = ["agency_wire", "dated_release", "labelled_fields", "newspaper_reader", "plain", "republished_page"]
LINES = st.sampled_from(
    [
        "Title: A bridge",
        "Author: Ann Lee",
        "Text:",
        "Text: It rained.",
        "Date: 03/04/2021",
        "By : Quay Post",
        " date 2024-05-07 It rained on the lake all day long.",
        "QUAY, May 6 (Wire) -- It rained all day.",
        "QUAY —",
        "(END)",
        "ANN LEE",
        "President",
        "?? ANN LEE / WIRE ?? A boat.",
        "ANN LEE / WIRE A boat.",
        "A boat on the lake. (Wire/Ann Lee)",
        "- By ANN LEE in Quay Contact the writers at a@quay.example",
        "2024-05-07 14:08",
        "14:08",
        "Published: May 6, 2024 | Updated: May 7, 2024",
        "Source: Wire | 2024-05-07",
        "With Wire inputs",
        "Next steps",
        "It rained on the lake all day, the harbour office said. Enditem",
        "\ufeff",
        "",
        "A: b; C: d;",
        "Category 1: X; Category 2: Y",
        ";",
        ":",
        "|",
        "|||",
        "—",
        "/",
        "()",
        "??",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\x0b", "\x0c", "\n\n", "\x85", ""])
PAGES = st.lists(st.tuples(LINES, ENDS), min_size=1, max_size=14).map(
    lambda parts: "".join(map("".join, parts))
)
TEXTS = st.one_of(st.text(min_size=1, max_size=200), PAGES.filter(bool))


@pytest.fixture(scope="module")
def known(reference: Reference) -> Known:
    return compile_known(reference)


def check_tiling(text: str, blocks: tuple[Block, ...]) -> None:
    position = 0
    for number, block in enumerate(blocks, start=1):
        content = text[block.char_start : block.char_end]
        assert (block.block_no, block.char_start) == (number, position)
        position = block.char_end
        if block.block_type == "blank":
            assert not content.strip(" \t\r\n\x0b\x0c\x85\ufeff\u2028\u2029").strip()
        else:
            assert content and content == content.strip().strip("\ufeff")
            assert block.layout_rule != "unclaimed"
    assert position == len(text)
    assert not any(a.block_type == b.block_type == "blank" for a, b in pairwise(blocks))


def test_the_layouts_are_the_modules_of_the_folder() -> None:
    assert [layout.NAME for layout in layouts()] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_layout_has_four_fixtures(name: str) -> None:
    assert sum(case.startswith(name) for case in CASES) >= 4


@pytest.mark.parametrize("case", CASES)
def test_fixture(case: str, reference: Reference) -> None:
    text = (FIXTURES / f"{case}.txt").read_bytes().decode("utf-8")
    expected = json.loads((FIXTURES / f"{case}.json").read_text(encoding="utf-8"))
    assert case.startswith(expected["fields"]["layout"])
    assert json.loads(fixture_json(text, reference)) == expected


REFERENCE = load_reference(Path(__file__).parents[2] / "raw" / "authority")
KNOWN = compile_known(REFERENCE)


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: str(layout.NAME))
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_any_layout_reads_any_text(layout: Layout, text: str) -> None:
    page = read_page(text)
    assert 0 <= layout.recognise(page, KNOWN) <= 1
    check_tiling(text, tile(text, layout.read(page, KNOWN).pieces))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_any_text_gives_a_fixture(text: str) -> None:
    json.loads(fixture_json(text, REFERENCE))


FILLERS = ["a", "a ", "“", '"', "(", "A/", "May ", "x@", "A: b; ", "By A, ", "?? ", "- ", "1.", "A-", "é’"]


@pytest.mark.parametrize("filler", FILLERS)
def test_one_long_line_takes_linear_time(filler: str, reference: Reference) -> None:
    text = (filler * 2_000_000)[:2_000_000]
    started = time.process_time()
    fixture_json(text, reference)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "line", ["QUAY HILL\nIt rained all day on the lake, said Ann.\n", "Next steps\n", "A: b\n"]
)
def test_many_lines_take_linear_time(line: str, known: Known) -> None:
    text = line * (400_000 // len(line))
    started = time.process_time()
    page = read_page(text)
    layout = choose_layout(page, known)
    check_tiling(text, tile(text, layout.read(page, known).pieces))
    assert time.process_time() - started < 20
