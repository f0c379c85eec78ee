"""Gold answers: texts whose quotes were marked by hand, one JSON document a line.

    {"doc_id": "…", "text": "…", "attributions": [{"content": [[start, end], …], "source": [[start, end], …],
     "kind": "direct|mixed|indirect", "speech": true|false, "speakers": ["…"], "continuation": true|false}]}

Offsets count code points of the text, end exclusive. `kind`, `speakers` (or `speaker_name`, divided by ';')
and `continuation` may be missing, and so may `speech` where nothing is left out by it. Topics and speech acts
may stand with the attributions or beside the file (topic_gold.py); for them `cue`, `level` and `id` are read.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.evaluate.speaker_names import name_set
from pipeline.evaluate.topic_gold import Answers, TopicAnswer, read_beside, read_inline
from pipeline.faults import Fault

PROJECT = Path(__file__).parents[2]
_DEFAULT_FILES = (
    "tests/sample/quotes.jsonl",
    "tests/topics/own_gold.jsonl",
    "tests/topics/own_gold_held_out.jsonl",
)
_DEFAULT_FOLDERS = ("tests/gold",)
_DEFAULT_SHARED = ("gold/quotes.jsonl", "corpora/polnear_dev.jsonl")
_KINDS = ("direct", "mixed", "indirect")

# Start and end (exclusive) in code points of the text.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """One attribution as a person marked it.

    `kind` None: not labelled, read off the text. `is_speech` False: a belief or intention without speech.
    `speakers` None: nobody settled who speaks; an empty set: nobody is named.
    """

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    kind: str | None
    is_speech: bool
    speakers: frozenset[str] | None
    has_continuation: bool
    cue: tuple[Span, ...] = ()
    level: int = 1
    topics: TopicAnswer | None = None


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text with all of its attributions."""

    doc_id: str
    text: str
    quotes: tuple[GoldQuote, ...]


@dataclass(frozen=True)
class Gold:
    """A gold file: the name it has in the results, the hash of its bytes, and its documents."""

    name: str
    path: Path
    sha256: str
    documents: tuple[GoldDocument, ...]
    # The topics of every coder beside the file; with two or more their agreement is measured.
    coders: tuple[Answers, ...] = ()


def default_gold() -> list[Path]:
    """Return the gold files that are here: the sample's, the project's own, and those of ../shared."""
    paths = [PROJECT / name for name in _DEFAULT_FILES]
    paths += [path for folder in _DEFAULT_FOLDERS for path in sorted((PROJECT / folder).glob("*.jsonl"))]
    paths += [PROJECT.parent / "shared" / name for name in _DEFAULT_SHARED]
    return [path for path in paths if path.is_file()]


def read_gold(paths: Sequence[Path], *, speech_only: bool, limit: int | None = None) -> list[Gold]:
    """Read gold files, of each the first `limit` documents.

    Raises Fault with file and line for what does not have the form of gold, or for a document that stands
    twice in a file.
    """
    wanted = list(dict.fromkeys(path.resolve() for path in paths))
    short = ["/".join(path.with_suffix("").parts[-3:]) for path in wanted]
    names = [name if short.count(name) == 1 else str(path) for name, path in zip(short, wanted, strict=True)]
    return [_read(name, path, speech_only, limit) for name, path in zip(names, wanted, strict=True)]


def _read(name: str, path: Path, speech_only: bool, limit: int | None) -> Gold:
    try:
        content = path.read_bytes()
        lines = content.decode("utf-8").split("\n")
    except OSError as error:
        raise Fault(f"{path} cannot be read ({error.strerror})", "name a gold file") from None
    except UnicodeDecodeError:
        raise Fault(f"{path} is not UTF-8", "name a gold file in JSON lines") from None
    answers, further = read_beside(path)
    documents: dict[str, GoldDocument] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(documents) == limit:
            break
        try:
            document = _document(json.loads(line), speech_only, answers)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise Fault(
                f"{path.name}, line {number}: not a document in the gold format ({what})",
                "the first lines of pipeline/evaluate/gold.py say what a line holds",
            ) from None
        if document.doc_id in documents:
            raise Fault(f"{path.name}, line {number}: {document.doc_id} stands twice", "keep one of the two")
        documents[document.doc_id] = document
    return Gold(
        name,
        path,
        hashlib.sha256(content).hexdigest(),
        tuple(documents.values()),
        (answers, *further) if further else (),
    )


def _document(found: dict[str, Any], speech_only: bool, answers: Answers) -> GoldDocument:
    text = found["text"]
    if not isinstance(text, str) or not isinstance(found["doc_id"], str):
        raise ValueError("doc_id and text have to be strings")
    quotes = tuple(
        _quote(one, text, speech_only, answers.get((found["doc_id"], one.get("id", -1))))
        for one in found["attributions"]
    )
    return GoldDocument(found["doc_id"], text, quotes)


def _quote(found: dict[str, Any], text: str, speech_only: bool, beside: TopicAnswer | None) -> GoldQuote:
    kind = found.get("kind")
    if kind not in (None, *_KINDS):
        raise ValueError(f"kind is {kind!r}, allowed are {', '.join(_KINDS)}")
    settled = "speakers" in found or "speaker_name" in found
    return GoldQuote(
        content=_spans(found["content"], text),
        source=_spans(found.get("source") or (), text),
        kind=kind,
        # Without the label it cannot be told what --speech-only leaves out.
        is_speech=bool(found["speech"] if speech_only else found.get("speech", True)),
        speakers=name_set(found.get("speakers") or found.get("speaker_name")) if settled else None,
        has_continuation=bool(found.get("continuation")),
        cue=_spans(found.get("cue") or (), text),
        level=int(found.get("level") or 1),
        topics=read_inline(found) or beside,
    )


def _spans(found: Sequence[Sequence[int]], text: str) -> tuple[Span, ...]:
    spans = tuple((int(start), int(end)) for start, end in found)
    for start, end in spans:
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"the span {start}–{end} does not lie in the text of {len(text)} characters")
    return spans
