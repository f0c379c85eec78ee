from dataclasses import replace

import pytest

from pipeline.document import Block, Document
from pipeline.quotes.attributions import Span
from pipeline.quotes.reading import read
from tests.quotes.invented import document


def of_blocks(*parts: tuple[str, str]) -> Document:
    """A document of blocks, each given by its type and its text."""
    text, blocks = "", []
    for number, (kind, shown) in enumerate(parts, start=1):
        blocks.append(Block(number, kind, len(text), len(text) + len(shown), kind))
        text += shown
    return replace(document("x"), text=text, blocks=tuple(blocks))


@pytest.mark.parametrize("words", ["&quot;Go", "harbour", "she", "&nbsp;"])
def test_a_span_of_the_raw_text_is_found_in_the_reading_and_back(words: str) -> None:
    one = document("&quot;Go to the harbour,&quot;&nbsp; she said.\n\nIt was late.\n")
    reading = read(one)
    start = one.text.index(words)
    span = reading.read_span(Span(start, start + len(words)))
    shown = reading.document.text[span.start : span.end]
    assert shown == words.replace("&quot;", '"').replace("&nbsp;", " ")
    assert [part.raw for part in reading.raw_spans(span)] == (
        [Span(start, start + len(words))] if shown.strip() else []
    )


def test_a_span_that_the_reading_leaves_out_is_empty() -> None:
    one = document("the har\u00adbour is &quot;closed&quot;.\n")
    place = one.text.index("\u00ad")
    assert read(one).read_span(Span(place, place + 1)) == Span(0, 0)


def test_a_clean_document_is_its_own_reading() -> None:
    one = document("Sol said that it rains.\n\n“It pours,” she added.\n")
    reading = read(one)
    assert reading.document is one
    assert [part.raw for part in reading.raw_spans(Span(4, 8))] == [Span(4, 8)]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("&quot;Go,&quot; she said.", '"Go," she said.'),
        ("&amp;quot;Go,&amp;quot; she said.", '"Go," she said.'),
        ("Lyra &amp; Sons", "Lyra & Sons"),
        ("AT&T; and &bogus;", "AT&T; and &bogus;"),
        ("on&nbsp;\u00a0 Monday", "on Monday"),
        ("the har\u00adbour\u200b fees", "the harbour fees"),
        ("the\n\n harbour", "the harbour"),
        ("T\nhe boats", "The boats"),
        ("“W\ne rise", "“We rise"),
        ("T he boats", "The boats"),
        ("A\nboat", "A boat"),
        ("A\nfter May", "After May"),
        ("I think", "I think"),
        ("E coli and more coli", "E coli and more coli"),
        ("\ud800", "\ud800"),
    ],
)
def test_what_a_reader_sees(raw: str, shown: str) -> None:
    reading = read(of_blocks(("paragraph", raw)))
    assert reading.document.text == shown
    (part,) = reading.raw_spans(Span(0, len(shown)))
    assert part.raw == Span(0, len(raw))


def test_a_block_inside_a_sentence_is_read_after_it() -> None:
    one = of_blocks(
        ("paragraph", "Sol said that the"),
        ("blank", "\n"),
        ("boilerplate", "Advertisement"),
        ("blank", "\n"),
        ("caption", "A boat."),
        ("blank", "\n"),
        ("paragraph", "fees fall."),
        ("blank", "\n"),
        ("paragraph", "It rains."),
    )
    reading = read(one)
    assert reading.document.text == "Sol said that the fees fall.\nAdvertisement\nA boat.\nIt rains."
    start = reading.document.text.index("the fees")
    parts = reading.raw_spans(Span(start, start + len("the fees fall")))
    assert [one.text[part.raw.start : part.raw.end] for part in parts] == ["the", "fees fall"]


def test_paragraphs_with_a_full_stop_are_not_joined() -> None:
    one = of_blocks(("paragraph", "Sol said so."), ("boilerplate", "\nAd\n"), ("paragraph", "it rains."))
    assert read(one).document is one
