"""Earlier sources: who was named as a source before, and could be taken up again."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.quotes.attributions import Span
from pipeline.quotes.authority import Speaker
from pipeline.quotes.known_speakers import Resolution
from pipeline.quotes.phrases import is_of_many, is_one_person

_MOST = 12


@dataclass(frozen=True, slots=True)
class EarlierSource:
    """A source mention with the speakers found for it. Offsets in code points of the text."""

    span: Span
    shown: str
    resolution: Resolution
    # It stands in what somebody else said.
    is_nested: bool


class EarlierSources:
    """The sources of one document resolved so far, in reading order."""

    def __init__(self, block_starts: Sequence[int]) -> None:
        self.block_starts = block_starts
        self.sources: list[EarlierSource] = []
        # (end of the mention, speaker): the persons named as sources so far. None: one was, not known who.
        self.focus: list[tuple[int, Speaker | None]] = []
        # (end of the mention, its resolution): the last source that *they* could take up.
        self.last_group: tuple[int, Resolution] | None = None

    def note(self, source: EarlierSource) -> None:
        """Remember a source for the ones after it."""
        resolution = source.resolution
        end = source.span.end
        self.sources.append(source)
        single = resolution.speakers[0] if len(resolution.speakers) == 1 else None
        if single is not None and single.speaker_type == "person":
            self.focus.append((end, single))
        elif (
            single is not None
            and single.speaker_type == "unnamed"
            and is_one_person(source.shown)
            and not is_of_many(source.shown)
        ):
            if not source.is_nested:
                # A later *he* means this one, whose name is not known.
                self.focus.append((end, single))
        elif resolution.source_form != "pronoun" and is_plural(resolution, source.shown):
            self.last_group = (end, resolution)
        elif not resolution.speakers and resolution.source_form in ("name", "title") and not source.is_nested:
            self.focus.append((end, None))

    def before(self, at: int) -> list[EarlierSource]:
        """Return the last sources before the offset that have speakers, the latest first."""
        found = [one for one in self.sources[-2 * _MOST :] if one.span.end <= at and one.resolution.speakers]
        return found[: -_MOST - 1 : -1]

    def block_start(self, at: int, back: int = 0) -> int:
        """Return where the paragraph at the offset begins, or one that stands so many paragraphs before."""
        i = bisect_left(self.block_starts, at + 1) - 1 - back
        return self.block_starts[max(i, 0)] if self.block_starts else 0


def is_plural(resolution: Resolution, shown: str) -> bool:
    """Say whether *they* can take up the source: several speakers, an institution, a plural description."""
    kinds = {speaker.speaker_type for speaker in resolution.speakers}
    return (
        len(resolution.speakers) > 1
        or kinds == {"institution"}
        or (kinds == {"unnamed"} and is_of_many(shown))
    )
