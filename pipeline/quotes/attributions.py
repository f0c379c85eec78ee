"""What an attribution is: content, cue and source, as spans of the text."""

from dataclasses import dataclass
from typing import NamedTuple

from pipeline.quotes.cues import CueEntry


class Span(NamedTuple):
    """A stretch of text. Offsets in code points of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who speaks, by which words, what is said.

    `continued` are the stretches of `content` that have no cue of their own. `is_display` marks words that
    the page itself attributes (pull quote, speaker label, name below).
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source_mention: Span | None
    cue_entry: CueEntry | None
    is_display: bool = False
    continued: tuple[Span, ...] = ()
    # Title printed beside a displayed name.
    display_title: str | None = None
    # The tagger's probability that content and source are right.
    confidence: float | None = None
    # The text says that this was not said.
    is_negated: bool = False
    # False where the tagger is not sure that the cue reports speech.
    is_speech: bool = True
