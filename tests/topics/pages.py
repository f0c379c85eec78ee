"""Short pages about invented countries, with quotes marked in them."""

import re
from typing import Any

from pipeline.document import Document, Row, Rows
from tests.topics.gold_quotes import document_of, quote_rows_of

_MARK = re.compile(r"[{}\[\]<>]")


def marked_page(marked: str, speakers: tuple[str, ...] = (), **fields: Any) -> tuple[Document, Rows]:
    """Build a page from text in which {content}, [cue] and <source> of its one quote are marked."""
    spans: dict[str, list[list[int]]] = {"content": [], "cue": [], "source": []}
    roles = {"{": "content", "[": "cue", "<": "source"}
    text, last = "", 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        last = mark.end()
        if mark.group() in roles:
            spans[roles[mark.group()]].append([len(text)])
        else:
            next(one for role in spans.values() for one in role if len(one) == 1).append(len(text))
    text += marked[last:]
    quote_fields = {name: fields.pop(name) for name in ("level", "region") if name in fields}
    document = document_of(text, **fields)
    rows = quote_rows_of(document, [spans | quote_fields], CUES)
    rows["quote_speakers"] = [
        {"quote_id": rows["quotes"][0]["quote_id"], "speaker_no": no, "speaker_id": one, "speaker_name": one}
        for no, one in enumerate(speakers, 1)
    ]
    return document, rows


def _cue(lemma: str, cue_class: str, illocution: str | None, forms: str | None = None) -> Row:
    return {
        "lemma": lemma,
        "cue_class": cue_class,
        "cue_class_2": None,
        "illocution": illocution,
        "forms": forms,
    }


CUES = [
    _cue("say", "neutral_report", "assertive", "said"),
    _cue("praise", "expressive_positive", "expressive"),
    _cue("urge", "directive", "directive"),
    _cue("pledge", "commissive", None),
    _cue("announce", "declarative", "declaration"),
]
