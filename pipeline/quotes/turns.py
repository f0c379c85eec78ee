"""From sentences to turns: which sentences without a cue go on reporting whose words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Block, Document
from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.cues import CueLexicon
from pipeline.quotes.displays import (
    labelled_quote,
    name_below,
    pull_quote,
    signature_end,
    speaker_label,
    trimmed,
)
from pipeline.quotes.marks import Marks, quoted_stretches
from pipeline.quotes.model.tagger import Tagger
from pipeline.quotes.nested import quotes_inside
from pipeline.quotes.reading import TEXT_BLOCKS as TEXT_BLOCKS
from pipeline.quotes.rules import find_attributions
from pipeline.quotes.sentences import Sentence, Word, split_sentences, words_of
from pipeline.quotes.tagged import TaggedDocument, confirmed, fitted, is_same, joined

# In code points.
LONGEST_TAGGED = 500_000
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|my|My|our|Our|us|me)\b")
# What somebody demands or promises is not the reporter's to say; what will happen often is.
_NORMATIVE = re.compile(
    r"\b(?:should|must|need(?:s)? to|ought to|(?:is|are) (?:willing|ready|prepared|determined) to"
    r")\b|^(?:That is|In other words|In short)\b"
)
_REPORTER_ACTS = re.compile(
    r"\b(?:attended|was present|were present|(?:was|were) also present|accompanied|met with"
    r"|held talks|took part"
    r"|arrived|visited|signed|witnessed|exchanged (?:views|opinions)|talked about|shook hands"
    r"|(?<!be )(?<!been )discussed"
    r"|held a (?:meeting|talk|video|phone|telephone)|took place|was held|were held"
    r"|concluded the|also attended"
    r"|(?:had|held|conducted) (?:an? )?(?:\w+(?:-\w+)? )?"
    r"(?:exchange|discussion|conversation|talks|dialogue))\b"
)
_THIRD_PERSON_OPENER = re.compile(
    r"(?:The two (?:sides|leaders|heads|presidents)|Both (?:sides|leaders)"
    r"|The (?:meeting|talks|call|conversation|visit|event))\b"
)
_INSIDERS = re.compile(
    r"(?:i|we|you|us|the two (?:sides|countries|nations|peoples|leaders|presidents|heads of state)"
    r"|both (?:sides|countries)|they|it)$"
)


@dataclass(slots=True)
class _Turn:
    """An attribution that later sentences may continue."""

    index: int
    block_no: int
    added: list[Span]
    is_quoted: bool
    reaches_end: bool


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence with its words and what it attributes by itself."""

    sentence: Sentence
    words: Sequence[Word]
    own: Sequence[Attribution]


@dataclass(frozen=True, slots=True)
class DocumentQuotes:
    """The attributions of a document, in no order, and its quotation marks."""

    attributions: tuple[Attribution, ...]
    marks: Marks


def find_document_quotes(document: Document, lexicon: CueLexicon, tagger: Tagger) -> DocumentQuotes:
    """Return every attribution of the document, continuations joined to what they continue."""
    text = document.text
    blocks = document.blocks
    read = [block for block in blocks if block.block_type in TEXT_BLOCKS]
    paragraphs = [(block.char_start, block.char_end) for block in read]
    # A text this long is no article; the rules alone read it in less time and memory.
    found_by_tagger = tagger.candidates(text, paragraphs) if len(text) <= LONGEST_TAGGED else []
    tagged = TaggedDocument(text, found_by_tagger, read, lexicon)
    reader = _Reader(document, lexicon, tagged)
    stretches = []
    for at, block in enumerate(blocks):
        if block.block_type not in TEXT_BLOCKS:
            below_pull_quote = block.layout_rule.startswith("pull_quote_")
            if block.block_type not in ("blank", "boilerplate", "caption") and not below_pull_quote:
                reader.close()
            continue
        found = quoted_stretches(text, block.char_start, block.char_end)
        stretches.extend(found)
        marks = Marks(found)
        if block.block_type == "pull_quote":
            quote = pull_quote(text, blocks, at)
            if quote is not None:
                reader.found.append(quote)
            continue
        reader.read(block, marks, signature_end(text, blocks, at))
    reader.close()
    nested = [
        one
        for quotation in stretches
        for one in quotes_inside(text, quotation, lexicon)
        if not any(is_same(one, other) for other in reader.found)
    ]
    return DocumentQuotes((*reader.found, *nested), Marks(stretches))


class _Reader:
    """Reads block after block and remembers the open turn."""

    def __init__(self, document: Document, lexicon: CueLexicon, tagged: TaggedDocument) -> None:
        self.text = document.text
        self.lexicon = lexicon
        self.tagged = tagged
        self.is_readout = document.document_type == "official_readout"
        self.is_transcript = document.document_type == "transcript"
        self.found: list[Attribution] = []
        self.turn: _Turn | None = None
        self.left_open = False

    def read(self, block: Block, marks: Marks, signature_end: int) -> None:
        """Read one block of running text; a name may be signed below it, up to `signature_end`."""
        span = trimmed(self.text, block.char_start, block.char_end)
        if span is None:
            return
        if self.is_transcript and self._read_transcript(block, span, marks):
            return
        below = name_below(self.text, span.start, max(span.end, signature_end), marks)
        if below is not None:
            self.found.append(below)
            return
        if block.block_type in ("headline", "deck", "caption"):
            for sentence in split_sentences(self.text, span.start, span.end, marks):
                words = words_of(self.text, sentence, marks)
                found = self._attributions(sentence, words, marks)
                if block.block_type != "headline" or len(found) == 1:
                    self.found.extend(found)
            return
        reopened = self.left_open and marks.at(span.start) is not None
        if self.turn is not None and not (self.is_readout or reopened):
            self.close()
        uncued: list[_Read] = []
        for sentence in split_sentences(self.text, span.start, span.end, marks):
            words = words_of(self.text, sentence, marks)
            own = self._attributions(sentence, words, marks)
            if not own:
                labelled = labelled_quote(self.text, sentence.start, sentence.end, marks)
                own = [labelled] if labelled is not None else []
            read = _Read(sentence, words, own)
            if not own or self._is_inside_turn(read, block):
                if self._continues(read, block, marks, reopened):
                    self._extend(read, block)
                    self.found.extend(own)
                    uncued = []
                else:
                    self.found.extend(own)
                    if self.turn is not None:
                        self.close()
                    uncued.append(read)
                reopened = False
                continue
            reopened = False
            self.close()
            self._open(read, block, marks, uncued)
            uncued = []
        last = marks.stretches[-1] if marks.stretches else None
        self.left_open = last is not None and last.is_open

    def _attributions(self, sentence: Sentence, words: Sequence[Word], marks: Marks) -> list[Attribution]:
        by_rules = find_attributions(sentence, words, self.lexicon)
        if len(self.text) > LONGEST_TAGGED:
            return by_rules
        seen = (fitted(one, self.text, sentence, marks) for one in self.tagged.in_sentence(sentence))
        tagged = [one for one in seen if one is not None]
        return confirmed(by_rules, tagged) if self.is_readout else joined(by_rules, tagged)

    def close(self) -> None:
        """End the open turn: join what continues it to its attribution."""
        turn, self.turn = self.turn, None
        if turn is None or not turn.added:
            return
        attribution = self.found[turn.index]
        content = list(attribution.content)
        continued = []
        for span in turn.added:
            if any(part.start <= span.start and span.end <= part.end for part in content):
                continue  # the tagger saw already that the content goes on
            touched = [part for part in content if part.start < span.end and span.start < part.end]
            if touched:
                content = [part for part in content if part not in touched]
                first, last = min(touched).start, max(part.end for part in touched)
                content.append(Span(min(first, span.start), max(last, span.end)))
                content.sort()
            elif content[-1].end <= span.start and self._is_gap(content[-1].end, span.start):
                content[-1] = Span(content[-1].start, span.end)
            else:
                content.append(span)
                content.sort()
            continued.append(span)
        self.found[turn.index] = replace(
            attribution, content=tuple(content), continued=attribution.continued + tuple(continued)
        )

    def _is_gap(self, start: int, end: int) -> bool:
        """Say whether only stops, closing marks and spaces of one line lie between two spans."""
        between = self.text[start:end]
        one_line = len(f"{between}.".splitlines()) == 1
        return one_line and len(between) <= 12 and not any(c.isalnum() for c in between)

    def _open(self, read: _Read, block: Block, marks: Marks, before: Sequence[_Read]) -> None:
        own = list(read.own)
        first, last = own[0], own[-1]
        if (
            before
            and first.content
            and not first.is_display
            and first.content[0].start == read.sentence.start
        ):
            previous = before[-1]
            quoted = self._is_all_quoted(previous, marks)
            if quoted or (not self.is_readout and self._is_normative(previous)):
                span = self._content_of(previous.sentence, previous.words)
                joined = self._is_gap(span.end, first.content[0].start)
                content = (
                    (Span(span.start, first.content[0].end), *first.content[1:])
                    if joined
                    else (span, *first.content)
                )
                own[0] = replace(first, content=content, continued=(span,))
                if len(own) == 1:
                    last = own[0]
        outer = max(own, key=lambda one: one.content[-1].end - one.content[0].start)
        chosen = outer if outer.content[-1].end >= last.content[-1].end else last
        base = len(self.found)
        self.found.extend(own)
        # What the tagger saw of the next paragraphs says nothing of how this sentence ends.
        here = [span for span in chosen.content if span.start < read.sentence.end]
        start, end = here[-1] if here else chosen.content[-1]
        reaches = not any(word.is_word for word in read.words if word.start >= end)
        is_quoted = bool(marks.within(start, end))
        source = chosen.source_mention
        shown = self.text[source.start : source.end].lower() if source is not None else ""
        is_clause = chosen.cue_entry is None or "clause" in chosen.cue_entry.frames
        if self.is_readout and (not is_clause or _INSIDERS.match(shown)) and not is_quoted:
            # What two sides agreed is told by the page: nobody's turn.
            return
        self.turn = _Turn(base + own.index(chosen), block.block_no, [], is_quoted, reaches)

    def _is_inside_turn(self, read: _Read, block: Block) -> bool:
        """Say whether in a readout the speaker of the turn reports speech, not the page."""
        if not self.is_readout or self.turn is None or self.turn.block_no != block.block_no:
            return False
        for attribution in read.own:
            if attribution.source_mention is None or attribution.is_display:
                return False
            shown = self.text[attribution.source_mention.start : attribution.source_mention.end]
            is_insider = _INSIDERS.match(shown.lower()) or self._is_country_pair(shown)
            if not (is_insider or self._is_in_present(attribution)):
                return False
        return True

    def _is_in_present(self, attribution: Attribution) -> bool:
        """Say whether the cue stands in the present: the page tells in the past, the speaker acts now."""
        if not attribution.cue or attribution.cue_entry is None:
            return False
        start, end = attribution.cue[0]
        verb = self.text[start:end].split()[0].lower()
        lemma = attribution.cue_entry.lemma.split()[0]
        return verb in (f"{lemma}s", f"{lemma}es")

    def _is_country_pair(self, shown: str) -> bool:
        return re.fullmatch(r"(?:[Tt]he )?[A-Z]\w+(?: and (?:the )?[A-Z]\w+)", shown) is not None

    def _continues(self, read: _Read, block: Block, marks: Marks, reopened: bool) -> bool:
        turn = self.turn
        if turn is None:
            return False
        if reopened:
            return True
        same_block = turn.block_no == block.block_no
        shown = self.text[read.sentence.start : read.sentence.end]
        if self.is_readout:
            if _REPORTER_ACTS.search(shown) and not _FIRST_PERSON.search(shown):
                return False
            return same_block or not _THIRD_PERSON_OPENER.match(shown)
        if not same_block:
            return False
        if self._is_all_quoted(read, marks):
            return turn.is_quoted
        if read.words and read.words[0].is_quoted:
            return False
        return turn.reaches_end and not turn.is_quoted and self._is_normative(read)

    def _is_normative(self, read: _Read) -> bool:
        shown = self.text[read.sentence.start : read.sentence.end]
        return _NORMATIVE.search(shown) is not None and not any(word.is_quoted for word in read.words)

    def _is_all_quoted(self, read: _Read, marks: Marks) -> bool:
        counted = [word for word in read.words if word.is_word]
        return bool(counted) and all(word.is_quoted for word in counted)

    def _content_of(self, sentence: Sentence, words: Sequence[Word]) -> Span:
        last = len(words)
        while last > 1 and not words[last - 1].is_quoted and words[last - 1].text in (".", "!", "?", "…"):
            last -= 1
        return Span(sentence.start, words[last - 1].end if words else sentence.end)

    def _extend(self, read: _Read, block: Block) -> None:
        turn = self.turn
        assert turn is not None
        span = self._content_of(read.sentence, read.words)
        if turn.added and self._is_gap(turn.added[-1].end, span.start):
            turn.added[-1] = Span(turn.added[-1].start, span.end)
        else:
            turn.added.append(span)
        turn.block_no = block.block_no
        turn.reaches_end = True

    def _read_transcript(self, block: Block, span: Span, marks: Marks) -> bool:
        """Read a paragraph of a transcript: a labelled turn, or the continuation of one."""
        label = speaker_label(self.text, span.start, span.end)
        if label is None:
            if self.turn is not None and self.found[self.turn.index].is_display:
                self.turn.added.append(span)
                self.turn.block_no = block.block_no
                self._read_inside(span, marks)
                return True
            return False
        self.close()
        at = label.end
        while at < span.end and (self.text[at].isspace() or self.text[at] in ":."):
            at += 1
        content = trimmed(self.text, at, span.end)
        if content is None:
            return True
        self.found.append(Attribution((content,), (), label, None, is_display=True))
        self.turn = _Turn(len(self.found) - 1, block.block_no, [], False, True)
        self._read_inside(content, marks)
        return True

    def _read_inside(self, span: Span, marks: Marks) -> None:
        """Read what the speaker of a labelled turn reports."""
        for sentence in split_sentences(self.text, span.start, span.end, marks):
            self.found.extend(self._attributions(sentence, words_of(self.text, sentence, marks), marks))
