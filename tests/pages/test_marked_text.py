"""The marked text: exact on small inputs; for any spans its text content is the raw text."""

import html
import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.pages.marked_text import Block, Mark, Span, marked_text
from pipeline.pages.safe_text import visible

MARKS = {
    1: Mark("a1", "1 Voss", "Quote 1: Ila Voss, direct", 1, "v0 l0 direct"),
    2: Mark("b2", "2 Tull", "Quote 2: Oren Tull, indirect", 2, "v1 l1 indirect"),
}


def text_content(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def test_one_quote() -> None:
    text = "“Yes,” Voss said.\n"
    spans = [Span(1, "content", 0, 6), Span(1, "source", 7, 11), Span(1, "cue", 12, 16)]
    assert marked_text(text, [Block("paragraph", 0, 18)], spans, MARKS) == (
        '<p><a class="label v0 l0 direct" id="q-a1" href="#c-a1" aria-label="Quote 1: Ila Voss, direct" '
        'data-label="1 Voss"></a>'
        '<mark class="v0 l0 direct" data-q="1">“Yes,”</mark> '
        '<span class="source" data-q="1">Voss</span> <span class="cue" data-q="1">said</span>.\n</p>'
    )


def test_a_quote_inside_a_quote_and_a_continuation() -> None:
    text = "Voss said Tull agreed. She went on."
    spans = [
        Span(1, "content", 10, 22),
        Span(2, "content", 15, 21),
        Span(2, "source", 10, 14),
        Span(1, "content", 23, 35, continues=True),
    ]
    page = re.sub(r"<a [^>]*></a>", "@", marked_text(text, [Block("paragraph", 0, 35)], spans, MARKS))
    assert page == (
        '<p>Voss said @<mark class="v0 l0 direct source" data-q="2 1">Tull</mark>'
        '<mark class="v0 l0 direct" data-q="1"> </mark>'
        '@<mark class="v1 l1 indirect deep2" data-q="1 2">agreed</mark>'
        '<mark class="v0 l0 direct" data-q="1">.</mark> '
        '<mark class="v0 l0 direct continued" data-q="1">She went on.</mark></p>'
    )


def test_spans_that_overlap_and_cross_blocks() -> None:
    text = "abcdef"
    blocks = [Block("heading", 0, 2), Block("blank", 2, 3), Block("caption", 3, 6)]
    spans = [Span(1, "content", 1, 4), Span(2, "content", 3, 5)]
    page = re.sub(r"<a [^>]*></a>", "@", marked_text(text, blocks, spans, MARKS))
    assert page == (
        '<h3>a@<mark class="v0 l0 direct" data-q="1">b</mark></h3>'
        '<mark class="v0 l0 direct" data-q="1">c</mark>'
        '<p class="caption">@<mark class="v1 l1 indirect deep2" data-q="1 2">d</mark>'
        '<mark class="v1 l1 indirect" data-q="2">e</mark>f</p>'
    )


def test_hostile_text_and_labels_are_escaped() -> None:
    text = "<script>&"
    mark = Mark("a", '"><b>\n', "'><i>", 1, "v0")
    page = marked_text(text, [Block("headline", 0, 9)], [Span(1, "content", 0, 9)], {1: mark})
    assert page == (
        '<p class="headline"><a class="label v0" id="q-a" href="#c-a" aria-label="&#x27;&gt;&lt;i&gt;" '
        'data-label="&quot;&gt;&lt;b&gt;"></a><mark class="v0" data-q="1">&lt;script&gt;&amp;</mark></p>'
    )


@given(st.data())
def test_the_text_content_is_the_raw_text_for_any_spans(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab <>&'\"\r\n\x00\x85\u202e是\ud800", min_size=1, max_size=40))
    places = st.integers(0, len(text))
    cuts = sorted({0, len(text), *data.draw(st.lists(places, max_size=4))})
    kinds = ("headline", "heading", "paragraph", "blank", "boilerplate")
    blocks = [Block(data.draw(st.sampled_from(kinds)), start, end) for start, end in pairwise(cuts)]
    drawn = data.draw(
        st.lists(
            st.tuples(st.integers(1, 4), st.sampled_from(("content", "cue", "source")), places, places),
            max_size=9,
        )
    )
    spans = [
        Span(number, role, min(one, other), max(one, other))
        for number, role, one, other in drawn
        if one != other
    ]
    marks = {n: Mark(f"q{n}", str(n), str(n), data.draw(st.integers(1, 3)), f"v{n}") for n in range(1, 5)}
    page = marked_text(text, blocks, spans, marks)
    assert text_content(page) == visible(text)
    # Each quote is labelled once, and each character is marked for just the quotes that it belongs to.
    assert sorted(re.findall(r'id="q-q(\d)"', page)) == sorted(
        {str(s.quote_no) for s in spans if s.role == "content"}
    )
    marked: list[set[int]] = []
    for numbers, shown in _pieces(page):
        marked += [numbers] * len(html.unescape(shown))
    assert marked == [{s.quote_no for s in spans if s.start <= at < s.end} for at in range(len(text))]


def _pieces(page: str) -> list[tuple[set[int], str]]:
    found: list[tuple[set[int], str]] = []
    numbers: set[int] = set()
    for tag, shown in re.findall(r"(<[^>]*>)|([^<]+)", page):
        if shown:
            found.append((numbers, shown))
        elif noted := re.search(r'data-q="([\d ]+)"', tag):
            numbers = {int(one) for one in noted[1].split()}
        elif tag in ("</mark>", "</span>"):
            numbers = set()
    return found
