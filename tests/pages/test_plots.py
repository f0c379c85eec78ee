"""Plots: bare SVG with a title, a description and nothing that moves, runs or tells the time."""

import re
import xml.etree.ElementTree as ET

import polars as pl
import pytest

from pipeline.pages.overview import plot, strongest
from pipeline.pages.plots import stacked_bars

HOSTILE = "</svg><script>x()</script>"


def drawn(*, upright: bool, label: str = "Ila Voss") -> str:
    return stacked_bars(
        3,
        "Who <speaks>",
        "Quotes & kinds.",
        [label, "Tull"],
        {"direct": [3, 1], "indirect": [2, 0]},
        upright=upright,
    )


@pytest.mark.parametrize("upright", [True, False])
def test_a_plot_holds_shapes_and_words_only(upright: bool) -> None:
    root = ET.fromstring(drawn(upright=upright))
    assert {element.tag for element in root.iter()} == {"svg", "title", "desc", "g", "rect", "path", "text"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name in ("style", "href")}
    assert [element.get("id") for element in root.iter() if element.get("id")] == [
        "chart-3-title",
        "chart-3-about",
    ]
    assert (root[0].text, root[1].text) == ("Who <speaks>", "Quotes & kinds.")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "chart-3-title chart-3-about"
    texts = [element.text for element in root.iter() if element.tag == "text"]
    assert {"Ila Voss", "Tull", "direct", "indirect"} <= set(texts)
    assert "http" not in drawn(upright=upright)


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert drawn(upright=True) == drawn(upright=True)
    assert not re.search(r"20\d\d-\d\d-\d\d", drawn(upright=True))


def test_hostile_labels_are_escaped() -> None:
    assert "<script" not in drawn(upright=False, label=HOSTILE)
    assert "&lt;/svg&gt;&lt;script&gt;" in drawn(upright=False, label=HOSTILE)


@pytest.mark.parametrize("upright", [True, False])
def test_long_words_are_cut_with_an_ellipsis_in_labels_and_legend(upright: bool) -> None:
    name = "Chancellery of the Upper and the Lower Isles"
    svg = stacked_bars(1, "t", "d", [name, "b"], {name: [1, 2], "x" * 60: [1, 2]}, upright=upright)
    texts = [element.text or "" for element in ET.fromstring(svg).iter() if element.tag == "text"]
    assert texts.count("Chancellery of the Upper and the…") == 2
    assert texts.count("x" * 33 + "…") == 1
    assert max(map(len, texts)) == 34


def legend_columns(labels: list[str], names: list[str]) -> int:
    series = {name: [1, 1] for name in names}
    root = ET.fromstring(stacked_bars(1, "t", "d", labels, series, upright=False))
    [legends] = [element for element in root.iter() if element.get("class") == "legends"]
    return len({element.get("x") for element in legends.iter() if element.tag == "rect"})


def test_the_legend_has_as_many_columns_as_its_words_leave_room_for() -> None:
    assert legend_columns(["a", "b"], ["direct", "indirect", "mixed"]) == 3
    assert legend_columns(["a" * 25, "b"], ["x" * 16, "y", "z"]) == 2
    assert legend_columns(["a" * 34, "b"], ["x" * 34, "y", "z"]) == 1


def test_a_plot_and_its_table_have_the_same_numbers() -> None:
    counted = pl.DataFrame(
        {"level": ["a", "a", "b"], "part": ["direct", "mixed", "mixed"], "n": [1, 2, 1200]},
        schema_overrides={"n": pl.UInt32},
    )
    made = plot(
        1,
        "Who",
        "About.",
        strongest(counted),
        ["direct", "mixed"],
        first_column="speaker",
        name=str.upper,
        link=lambda level: f"{level}.html" if level == "b" else None,
    )
    assert made["columns"] == ["speaker", "direct", "mixed", "all"]
    assert made["rows"] == [
        [("B", "b.html"), ("0", None), ("1,200", None), ("1,200", None)],
        [("A", None), ("1", None), ("2", None), ("3", None)],
    ]
    assert made["svg"].startswith("<svg")


def test_without_numbers_there_is_no_plot() -> None:
    empty = pl.DataFrame(schema={"level": pl.String, "part": pl.String, "n": pl.UInt32})
    made = plot(1, "Who", "About.", empty, [""], first_column="speaker")
    assert (made["svg"], made["rows"]) == ("", [])
