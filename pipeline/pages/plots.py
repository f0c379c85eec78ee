"""Plots as SVG for the first page: drawn by pygal, then stripped to what a page may hold.

Colours and sizes of letters are given by style.css, so that they follow light and dark.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from pipeline.pages.safe_text import on_one_line

_SVG = "{http://www.w3.org/2000/svg}"
# Letters, the ellipsis included.
_LABEL = 34
# Letters of 13 are read on a phone when a plot this wide is hardly made smaller.
_WIDTH = 640
_LETTER, _BOX = 7.8, 24
_MOST_LEGEND_COLUMNS, _LEGEND_ROW = 3, 21
_REMOVED_CLASSES = ("tooltip-overlay", "text-overlay", "overlay")
_KEPT_CLASSES = re.compile(
    r"(serie-\d+|color-\d+|rect|bar|axis|major|guide|line|legend|legends|plot|background|guides|x|y)$"
)


def stacked_bars(
    number: int,
    title: str,
    about: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[int]],
    *,
    upright: bool,
) -> Markup:
    """Return a chart of stacked bars, lying or upright, as inline SVG with a title and a description.

    `number` makes its ids unique on the page; `series` holds a number for each label.
    """
    import pygal
    from pygal.style import Style

    kind = pygal.StackedBar if upright else pygal.HorizontalStackedBar
    few = len(labels)
    labels, names = [_cut(label) for label in labels], [_cut(name) for name in series]
    is_turned = upright and few > 10
    columns = _legend_columns([] if upright else labels, names)
    rows = -(-len(series) // columns)
    # pygal leaves no room for a last row that is not full.
    forgotten = rows - max(1, len(series) // columns)
    chart = kind(
        style=Style(label_font_size=13, major_label_font_size=13, legend_font_size=13, font_family="sans"),
        css=[],
        js=[],
        no_prefix=True,
        disable_xml_declaration=True,
        width=_WIDTH,
        height=(360 if upright else 90 + 26 * few) + _LEGEND_ROW * (rows - 1),
        legend_at_bottom=True,
        legend_at_bottom_columns=columns,
        show_legend=len(series) > 1,
        margin=8,
        margin_bottom=8 + _LEGEND_ROW * forgotten,
        # Turned labels hang lower than pygal thinks.
        spacing=16 if is_turned else 6,
        x_label_rotation=40 if is_turned else 0,
        truncate_label=_LABEL,
        truncate_legend=_LABEL,
        max_scale=6,
        print_values=False,
        formatter=lambda value: f"{value:,.0f}",
        x_labels_major_count=None,
        no_data_text="",
    )
    # What lies starts at the bottom.
    turn = 1 if upright else -1
    chart.x_labels = labels[::turn]
    for name, values in zip(names, series.values(), strict=True):
        chart.add(name, list(values)[::turn])
    return _stripped(chart.render(), number, title, about)


def _cut(text: str) -> str:
    line = on_one_line(text)
    return line if len(line) <= _LABEL else line[: _LABEL - 1].rstrip(" ,;:") + "…"


def _legend_columns(beside: Sequence[str], names: Sequence[str]) -> int:
    """Return how many columns of the legend fit under the bars, beside which the labels `beside` stand."""
    room = _WIDTH - 2 * _BOX - _LETTER * max(map(len, beside), default=0)
    column = _BOX + _LETTER * max(map(len, names), default=0)
    return max(1, min(_MOST_LEGEND_COLUMNS, int(room // column)))


def _stripped(svg: str | bytes, number: int, title: str, about: str) -> Markup:
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            tag = child.tag.removeprefix(_SVG) if isinstance(child.tag, str) else "comment"
            classes = (child.get("class") or "").split()
            if (
                tag in ("comment", "defs", "script", "style", "title", "desc")
                or any(name in _REMOVED_CLASSES for name in classes)
                or (tag == "g" and "legends" in classes and not len(child))
            ):
                parent.remove(child)
    for element in root.iter():
        element.attrib.pop("id", None)
        element.attrib.pop("style", None)
        if "class" in element.attrib:
            kept = [name for name in element.attrib["class"].split() if _KEPT_CLASSES.match(name)]
            element.attrib["class"] = " ".join(kept)
            if not kept:
                del element.attrib["class"]
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "class": "chart",
        "role": "img",
        "aria-labelledby": f"chart-{number}-title chart-{number}-about",
    }
    for at, (tag, words) in enumerate((("title", title), ("desc", about))):
        element = ET.Element(f"{_SVG}{tag}", {"id": f"chart-{number}-{'title' if at == 0 else 'about'}"})
        element.text = words
        root.insert(at, element)
    ET.register_namespace("", _SVG.strip("{}"))
    written = ET.tostring(root, encoding="unicode")
    return Markup(written.replace(f' xmlns="{_SVG.strip("{}")}"', ""))
