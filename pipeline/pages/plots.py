"""Plots as SVG for the first page: drawn by pygal, then stripped to what a page may hold.

Colours and sizes of letters are given by style.css, so that they follow light and dark.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from pipeline.pages.safe_text import shortened

_SVG = "{http://www.w3.org/2000/svg}"
_LABEL = 34
_WIDTH = 800
_LEGEND_COLUMNS, _LEGEND_ROW = 3, 21
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
    chart = kind(
        style=Style(label_font_size=13, major_label_font_size=13, legend_font_size=13, font_family="sans"),
        css=[],
        js=[],
        no_prefix=True,
        disable_xml_declaration=True,
        width=_WIDTH,
        height=(360 if upright else 90 + 26 * few) + _LEGEND_ROW * ((len(series) - 1) // _LEGEND_COLUMNS),
        legend_at_bottom=True,
        legend_at_bottom_columns=_LEGEND_COLUMNS,
        show_legend=len(series) > 1,
        margin=8,
        # pygal leaves room for one row of the legend only.
        margin_bottom=8 + _LEGEND_ROW * ((len(series) - 1) // _LEGEND_COLUMNS),
        spacing=6,
        x_label_rotation=40 if upright and few > 10 else 0,
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
    chart.x_labels = [shortened(label, _LABEL) for label in labels][::turn]
    for name, values in series.items():
        chart.add(shortened(name, _LABEL), list(values)[::turn])
    return _stripped(chart.render(), number, title, about)


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
