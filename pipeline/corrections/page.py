"""An article as corrections see it: its quotes with their spans and speakers, and how rows are made anew."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from pipeline.corrections.sheet import Span, Unusable
from pipeline.corrections.tools import Tools
from pipeline.document import Document, Row, Rows
from pipeline.quotes.attributions import Attribution
from pipeline.quotes.attributions import Span as TextSpan
from pipeline.quotes.authority import Speaker, alias_key, is_valid
from pipeline.quotes.cues import CueEntry
from pipeline.quotes.known_speakers import Resolution
from pipeline.quotes.marks import Marks, quoted_stretches
from pipeline.quotes.reading import TEXT_BLOCKS, Reading, read
from pipeline.quotes.sentences import Sentence, words_of
from pipeline.quotes.stage import Placed, in_raw_text, place_attributions, quote_row, span_rows
from pipeline.reference import name_key

LONGEST_NAME = 200
ROLES = ("content", "cue", "source")


@dataclass
class Quote:
    """A quote with all that hangs on it. `key` is the id that the extractor gave it, or that of the row
    of corrections.csv that adds it."""

    key: str
    article_id: str
    row: Row
    spans: dict[str, list[Row]]
    speakers: list[Row]

    def offsets(self, role: str) -> tuple[Span, ...]:
        """Return the offsets of the spans of a role (content, cue, source) in text order."""
        return tuple((one["char_start"], one["char_end"]) for one in self.spans[role])

    @property
    def speaker_ids(self) -> tuple[str, ...]:
        """Return the ids of the speakers in text order."""
        return tuple(one["speaker_id"] for one in self.speakers)


@dataclass
class Page:
    """An article with its quotes by key."""

    document: Document
    tools: Tools
    quotes: dict[str, Quote] = field(default_factory=dict)
    # The speakers known in this article only, by id.
    local: dict[str, Row] = field(default_factory=dict)
    # Those whom only a correction names, by id: two spellings with one key are one person.
    added: dict[str, Speaker] = field(default_factory=dict)

    @cached_property
    def _reading(self) -> Reading:
        return read(self.document)

    @cached_property
    def _marks(self) -> Marks:
        reading = self._reading.document
        return Marks(
            [
                stretch
                for block in reading.blocks
                if block.block_type in TEXT_BLOCKS
                for stretch in quoted_stretches(reading.text, block.char_start, block.char_end)
            ]
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [block.char_start for block in self.document.blocks]

    def holds(self, offset: int) -> bool:
        """Tell whether a place in the file belongs to this article."""
        blocks = self.document.blocks
        return bool(blocks) and blocks[0].char_start <= offset < blocks[-1].char_end

    def fitted(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return offsets as a quote of this article would have them.

        A span is parted where a block ends, and loses the white space around it and what a reader does not
        see. Raises Unusable when nothing is left or a span leaves the article.
        """
        wanted: list[TextSpan] = []
        for start, end in spans:
            if end > len(self.document.text) or not self.holds(start) or not self.holds(end - 1):
                raise Unusable(f"{start}-{end} is no place in the article")
            wanted += self._in_blocks(start, end)
        found = in_raw_text(self._reading, [self._reading.read_span(span) for span in wanted])
        fitted = [(one.raw.start, one.raw.end) for one in found if one.raw.start < one.raw.end]
        if not fitted or any(one[1] > other[0] for one, other in pairwise(fitted)):
            raise Unusable(f"no words stand at {shown_spans(spans)}")
        return tuple(fitted)

    def _in_blocks(self, start: int, end: int) -> list[TextSpan]:
        """Part a span where blocks end; trim the parts and leave out those without a word."""
        text, found = self.document.text, []
        for block in self.document.blocks[bisect_right(self._starts, start) - 1 :]:
            first, last = max(start, block.char_start), min(end, block.char_end)
            if first >= last:
                break
            words = text[first:last]
            if any(character.isalnum() for character in words):
                first += len(words) - len(words.lstrip())
                found.append(TextSpan(first, first + len(words.strip())))
        return found

    def cue_entry(self, cue: Sequence[Span]) -> CueEntry | None:
        """Return the row of the codebook for the words of a cue, None when it has none."""
        reading = self._reading
        words = [
            word
            for span in cue
            for word in words_of(
                reading.document.text, Sentence(*reading.read_span(TextSpan(*span))), Marks(())
            )
        ]
        for at in range(len(words)):
            found = self.tools.lexicon.match(words, at)
            if found is not None:
                return found.entry
        return None

    def made(
        self,
        spans: Mapping[str, Sequence[Span]],
        continued: Sequence[Span],
        resolution: Resolution,
        entry: CueEntry | None,
    ) -> tuple[Row, dict[str, list[Row]]]:
        """Return the row and the spans of a quote as the quotes stage makes them, without its place."""
        reading = self._reading
        in_reading = {
            role: tuple(reading.read_span(TextSpan(*span)) for span in spans[role]) for role in ROLES
        }
        attribution = Attribution(
            in_reading["content"],
            in_reading["cue"],
            TextSpan(in_reading["source"][0].start, in_reading["source"][-1].end)
            if in_reading["source"]
            else None,
            entry,
            continued=tuple(reading.read_span(TextSpan(*span)) for span in continued),
        )
        (placed,) = place_attributions(self.document.article_id, reading, [attribution])
        first = placed.content[0].raw.start
        block = self.document.blocks[bisect_right(self._starts, first) - 1]
        row = quote_row(self.document, 1, placed, None, resolution, block, reading, self._marks)
        rows: dict[str, list[Row]] = {role: [] for role in ROLES}
        for span in span_rows(self.document, placed, self._starts, reading, self._marks):
            rows[span["span_role"]].append(span)
        return row, rows

    def place(self) -> None:
        """Number the quotes in reading order and find what each stands inside, as the quotes stage does."""
        by_id = {quote.row["quote_id"]: quote for quote in self.quotes.values()}
        attributions = []
        for quote in by_id.values():
            source = quote.offsets("source")
            attributions.append(
                Attribution(
                    tuple(TextSpan(*span) for span in quote.offsets("content")),
                    (),
                    TextSpan(*source[0]) if source else None,
                    None,
                )
            )
        placed: list[Placed] = place_attributions(
            self.document.article_id, Reading(self.document, None, ()), attributions
        )
        for number, one in enumerate(placed, start=1):
            row = by_id[one.quote_id].row
            row["quote_no"] = number
            row["level"] = one.level
            row["parent_quote_id"] = placed[one.parent].quote_id if one.parent is not None else None

    def speakers_named(self, value: str) -> tuple[Speaker, ...]:
        """Return the speakers that a cell names, several divided by *;*, each by id or by name.

        A name that is not in the authority file is of a person of this article. Raises Unusable.
        """
        names = [" ".join(name.split()) for name in value.split(";")]
        found = [self._speaker(name) for name in names if name]
        if len({one.speaker_id for one in found}) < len(found):
            raise Unusable("the same speaker is named twice")
        return tuple(found)

    def _speaker(self, name: str) -> Speaker:
        authority = self.tools.authority
        if name in authority.by_id:
            return self._of_authority(name)
        if name in self.local:
            return self.speaker_of(name)
        ids = authority.by_alias.get(alias_key(name), ())
        if len(ids) > 1:
            raise Unusable(f"{name!r} may be {' or '.join(ids)}: name the speaker by the id")
        if ids:
            return self._of_authority(ids[0])
        if len(name) > LONGEST_NAME or not name.isprintable() or not name_key(name):
            raise Unusable(f"{name[:60]!r} is no name of at most {LONGEST_NAME} letters and spaces")
        if ":" in name:
            raise Unusable(f"{name[:60]!r} is no speaker of this article: write the name")
        speaker_id = f"{self.document.article_id}:{name_key(name)}"
        if speaker_id in self.local:
            return self.speaker_of(speaker_id)
        return self.added.setdefault(speaker_id, Speaker(speaker_id, name, "person", None, None, None, False))

    def speaker_of(self, speaker_id: str) -> Speaker:
        """Return a speaker of a quote of this article."""
        if speaker_id in self.tools.authority.by_id:
            return self._of_authority(speaker_id)
        row = self.local[speaker_id]
        return Speaker(
            speaker_id,
            row["name"],
            row["speaker_type"],
            row["country"],
            row["gender"],
            self._role_here(speaker_id),
            False,
        )

    def _of_authority(self, speaker_id: str) -> Speaker:
        row = self.tools.authority.by_id[speaker_id]
        role = self.role_on_day(speaker_id) or self._role_here(speaker_id)
        return Speaker(
            speaker_id, row["name"], row["speaker_type"], row["country"], row["gender"], role, True
        )

    def role_on_day(self, speaker_id: str) -> str | None:
        """Return the role that the authority file gives a speaker on the day of the article."""
        day = self.document.analysis_date
        roles = self.tools.authority.roles.get(speaker_id, ())
        return next((role["role"] for role in roles if day is not None and is_valid(role, day)), None)

    def _role_here(self, speaker_id: str) -> str | None:
        """Return the role that the article itself gives a speaker, as a quote of his or hers has it.

        A role of the authority file that held on another day is none.
        """
        past = {role["role"] for role in self.tools.authority.roles.get(speaker_id, ())}
        roles = (
            quote.row["speaker_role"]
            for quote in self.quotes.values()
            if quote.row["speaker_id"] == speaker_id
        )
        return next((role for role in roles if role is not None and role not in past), None)


def read_pages(documents: Iterable[Document], rows: Rows, tools: Tools) -> dict[str, Page]:
    """Return the articles of a file by id, with their quotes in reading order."""
    pages = {one.article_id: Page(one, tools) for one in documents}
    quotes: dict[str, Quote] = {}
    for row in sorted(rows["quotes"], key=lambda row: (row["article_id"], row["quote_no"])):
        quote = Quote(row["quote_id"], row["article_id"], row, {role: [] for role in ROLES}, [])
        quotes[quote.key] = pages[quote.article_id].quotes[quote.key] = quote
    for span in sorted(rows["quote_spans"], key=lambda row: row["span_no"]):
        quotes[span["quote_id"]].spans[span["span_role"]].append(span)
    for speaker in sorted(rows["quote_speakers"], key=lambda row: row["speaker_no"]):
        quotes[speaker["quote_id"]].speakers.append(speaker)
    for row in rows["speakers"]:
        pages[row["speaker_id"].partition(":")[0]].local[row["speaker_id"]] = row
    return pages


def shown_spans(spans: Iterable[Span]) -> str:
    """Return offsets as corrections.csv has them: *120-168; 180-204*."""
    return "; ".join(f"{start}-{end}" for start, end in spans)
