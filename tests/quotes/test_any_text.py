"""The whole path from a text to its rows, on any text at all."""

from hashlib import sha256
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.document import Document, Rows
from pipeline.ingest import stage as articles
from pipeline.quotes.attributions import Span
from pipeline.quotes.reading import TEXT_BLOCKS, read
from pipeline.quotes.stage import extract
from tests.quotes.invented import extractor
from tests.quotes.test_noise import reader

FRAGMENTS = st.sampled_from(
    [
        *"\"'“”‘’«».,:;!?-—()[]&#/|• \t\n\r\x0b\x0c\x85\u2028",
        *"\u00a0\u00ad\u200b\u200d\u2009\ufeff\ud800\udfff\x00",
        "&quot;", "&amp;quot;", "&#39;", "&nbsp;", "&mdash;", "&amp;", "&bogus;", "&#0;", "&#xD800;",
        "&quot",
        "&NewLine;", "&amp;amp;#8220;", "''", "``", "...", "\n\n", "\r\n", "\n\n\n",
        " said ", " said that ", " told ", ", adding that ", "According to ", " called for ", " urged ",
        " and ",
        " of ", "Mira Sol", "Sol", "Ada Orr", "he", "They", "I ", "President ", "the two leaders",
        "the harbour will open", "We rise early", "T\nhe ", "T he ", "A\nfter ", "“W\ne ", "Q: ", "A: ",
        "MINISTER SOL: ", "Title: ", "Text:\n", "Published Time: 2030-05-06\n", " date 2030-05-06 ",
        "LYRA, May 6 (Wire) -- ", "\nBy : Lyra Post", "\n(END)", "\nAdvertisement\n",
        "\nRead more: a bridge\n",
        "\nShare this\n", "\nRelated stories\n", "\nHome\nNews\nSport\n",
        "\nMira Sol\nPresident of Arlonia\n",
        "\nLyra Post\n", "\n, ", "A boat. (Wire/Ann Lee)", "\n?? ANN LEE / WIRE ?? A boat.\n",
        "— Mira Sol, a pilot",
        "a very long sentence of a dull page that goes on and on ", "İ", "ß", "😀", "ǅ", "中文", "e\u0301",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(), max_size=150),
    st.lists(FRAGMENTS, max_size=40).map("".join),
    st.lists(st.one_of(FRAGMENTS, st.text(st.characters(), max_size=5)), max_size=40).map("".join),
).filter(bool)


def documents(text: str) -> list[Document]:
    found = articles.read_articles(
        reader(),
        text=text,
        encoding="utf-8",
        raw_sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        manifest_row=None,
    )
    return articles.documents(found.rows)


def check(one: Document, rows: Rows) -> None:
    text = one.text
    blocks = {one.block_id(block): block for block in one.blocks}
    ids = [row["quote_id"] for row in rows["quotes"]]
    assert len(ids) == len(set(ids))
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for span in rows["quote_spans"]:
        start, end = span["char_start"], span["char_end"]
        block = blocks[span["block_id"]]
        assert text[start:end] == span["span_text"]
        assert block.char_start <= start < end <= block.char_end
        assert block.block_type in TEXT_BLOCKS or block.layout_rule.startswith("pull_quote_")
        places.setdefault((span["quote_id"], span["span_role"]), []).append((start, end))
    for spans in places.values():
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
    for row in rows["quotes"]:
        content = places[row["quote_id"], "content"]
        assert (row["char_start"], row["char_end"]) == (content[0][0], content[-1][1])
        assert row["n_spans"] == len(content)
        assert 0 <= row["verbatim_share"] <= 1
        assert row["parent_quote_id"] is None or row["parent_quote_id"] in ids
    assert [row["quote_no"] for row in rows["quotes"]] == list(range(1, len(ids) + 1))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("&quot;")
@example("T\nhe\n")
@example("\ud800 said that &#xD800;")
def test_no_text_crashes_and_every_span_holds(text: str) -> None:
    for one in documents(text):
        rows = extract(extractor(), one)
        check(one, rows)
        assert extract(extractor(), one) == rows


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_the_reading_stands_for_the_raw_text(text: str) -> None:
    for one in documents(text):
        reading = read(one)
        shown = reading.document.text
        blocks = reading.document.blocks
        assert not blocks or (blocks[0].char_start, blocks[-1].char_end) == (0, len(shown))
        assert all(a.char_end == b.char_start for a, b in pairwise(blocks))
        for at, c in enumerate(shown):
            for part in reading.raw_spans(Span(at, at + 1)):
                raw = text[part.raw.start : part.raw.end]
                assert raw
                if len(raw) == 1 and not c.isspace():
                    assert raw == c


APART = "It was cold.\n\n" * 60


@settings(max_examples=25, deadline=None)
@given(st.lists(FRAGMENTS, max_size=15).map("".join))
def test_a_text_far_off_does_not_change_a_quote(other: str) -> None:
    page = "Mira Sol, a pilot from Lyra, said that the harbour will open in May.\n\n" + APART
    (alone,) = documents(page)
    (both,) = documents(page + "\n\n" + other)
    first = extract(extractor(), alone)["quotes"][0]
    if [b.block_type for b in both.blocks[:3]] != [b.block_type for b in alone.blocks[:3]]:
        return
    if both.language != alone.language or both.document_type != alone.document_type:
        return
    again = extract(extractor(), both)["quotes"][0]
    for name in ("quote_text", "cue", "source_mention", "quote_type", "char_start"):
        assert again[name] == first[name]
