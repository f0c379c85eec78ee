"""Gold quotes as rows of the quotes stage, so that the topics stage can be measured alone."""

import re
from collections.abc import Iterable

from pipeline.document import Document, Row, Rows
from pipeline.evaluate.gold import GoldDocument, Span
from pipeline.topics.inflection import fold, inflections

# Forms of the words of a cue lemma, with the row of the cue codebook.
CueForms = dict[tuple[str, ...], Row]


def quote_rows(document: Document, gold: GoldDocument, forms: CueForms) -> tuple[Rows, list[int]]:
    """Return the rows of the gold quotes that stand in a document, and their numbers in the gold."""
    start, end = document.blocks[0].char_start, document.blocks[-1].char_end
    numbers = [n for n, one in enumerate(gold.quotes) if one.content and start <= one.content[0][0] < end]
    rows: Rows = {"quotes": [], "quote_spans": [], "quote_speakers": []}
    for number in numbers:
        quote = gold.quotes[number]
        quote_id = f"{document.article_id}:{number:012x}"
        parents = [
            other
            for other in numbers
            if gold.quotes[other].level < quote.level
            and gold.quotes[other].content[0][0] <= quote.content[0][0] < gold.quotes[other].content[-1][1]
        ]
        cue = _text(gold.text, quote.cue, " … ")
        found = find_cue(forms, cue or "")
        rows["quotes"].append(
            {
                "quote_id": quote_id,
                "article_id": document.article_id,
                "quote_no": number + 1,
                "region": "body",
                "quote_text": _text(gold.text, quote.content, " … ") or "",
                "level": quote.level,
                "parent_quote_id": f"{document.article_id}:{parents[-1]:012x}" if parents else None,
                "cue": cue,
                "cue_lemma": found.get("lemma"),
                "cue_class": found.get("cue_class"),
                "cue_class_2": found.get("cue_class_2"),
                "source_mention": _text(gold.text, quote.source, " "),
                "speaker_role": None,
                "speaker_id": None,
            }
        )
        for role, spans in (("content", quote.content), ("cue", quote.cue), ("source", quote.source)):
            rows["quote_spans"] += [
                {
                    "quote_id": quote_id,
                    "span_role": role,
                    "span_no": span_no,
                    "char_start": first,
                    "char_end": last,
                    "span_text": gold.text[first:last],
                }
                for span_no, (first, last) in enumerate(sorted(spans), 1)
            ]
        rows["quote_speakers"] += [
            {"quote_id": quote_id, "speaker_no": n, "speaker_id": name, "speaker_name": name}
            for n, name in enumerate(sorted(quote.speakers or ()), 1)
        ]
    return rows, numbers


def cue_forms(cues: Iterable[Row]) -> CueForms:
    """Return the rows of the cue codebook by the words of the lemma, the first word in every form."""
    forms: CueForms = {}
    for row in cues:
        first, *rest = [fold(word) for word in re.findall(r"\w+", row["lemma"])]
        for form in inflections(first) | {fold(form) for form in (row["forms"] or "").split("|") if form}:
            forms.setdefault((form, *rest), row)
    return forms


def find_cue(forms: CueForms, cue: str) -> Row:
    """Return the row of the longest lemma that the words of a cue start with; an empty row if none."""
    words = [fold(word) for word in re.findall(r"\w+", cue)]
    # "expressed hopes" stands in the codebook as "express hope".
    singular = [*words[:1], *(word.removesuffix("s") for word in words[1:])]
    for length in range(len(words), 0, -1):
        for candidate in (words, singular):
            if tuple(candidate[:length]) in forms:
                return forms[tuple(candidate[:length])]
    return {}


def _text(text: str, spans: tuple[Span, ...], between: str) -> str | None:
    return between.join(text[start:end] for start, end in spans) or None
