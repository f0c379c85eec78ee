"""Speech that a quoted speaker quotes: marks inside marks."""

from collections.abc import Iterator

from pipeline.quotes.attributions import Attribution
from pipeline.quotes.cues import CueLexicon
from pipeline.quotes.marks import Marks, Quoted, quoted_stretches
from pipeline.quotes.rules import find_attributions
from pipeline.quotes.sentences import split_sentences, words_of


def quotes_inside(text: str, quotation: Quoted, lexicon: CueLexicon) -> Iterator[Attribution]:
    """Yield the attributions inside a quotation whose content has marks of its own.

    Without marks of its own, what a quoted speaker reports is left to the tagger: a rule cannot tell it from
    the speaker's own words.
    """
    start, end = quotation.start + 1, quotation.end - (not quotation.is_open)
    inner = Marks(quoted_stretches(text, start, end))
    if not inner.stretches:
        return
    for sentence in split_sentences(text, start, end, inner):
        if inner.within(sentence.start, sentence.end):
            words = words_of(text, sentence, inner)
            for attribution in find_attributions(sentence, words, lexicon):
                if any(inner.within(span.start, span.end) for span in attribution.content):
                    yield attribution
