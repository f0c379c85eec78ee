"""Score the topics stage on hand-coded quotes: python -m tests.topics.gold_quotes FOLDER [--show].

FOLDER holds quotes.jsonl (texts with attributions) and topics.jsonl (topics and speech act of each). The
quotes go in as they were marked by hand, so that the figures measure this stage alone.
"""

import argparse
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.document import Block, Document, Row, Rows
from pipeline.evaluate.gold_rows import cue_forms, find_cue
from pipeline.reference import Reference, load_reference
from pipeline.topics.stage import code, prepare

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def document_of(text: str, article_id: str = "0" * 16, **fields: Any) -> Document:
    """Build a document whose blocks are the lines of a text; short lines without a stop are headings."""
    blocks = tuple(
        Block(number, _block_type(line.group()), line.start(), line.end(), "line")
        for number, line in enumerate(_LINE.finditer(text), 1)
    )
    values: dict[str, Any] = {
        "headline": None,
        "section": None,
        "document_type": "news_report",
        "language": "en",
        "analysis_date": date(2021, 12, 16),
        "analysis_date_basis": "published",
        "event_id": None,
        "outlet_id": None,
    }
    return Document(article_id, text, blocks, **(values | fields))


def _block_type(line: str) -> str:
    line = line.strip()
    if not line:
        return "blank"
    return "heading" if len(line.split()) <= 4 and line[-1].isalpha() else "paragraph"


def quote_rows_of(document: Document, attributions: list[dict[str, Any]], cues: list[Row]) -> Rows:
    """Build the rows of the quotes stage from attributions with content, cue and source spans."""
    forms = cue_forms(cues)
    rows: Rows = {"quotes": [], "quote_spans": [], "quote_speakers": []}
    for number, one in enumerate(attributions, 1):
        quote_id = f"{document.article_id}:{number:012x}"
        cue = " … ".join(document.text[s:e] for s, e in one["cue"]) or None
        lemma = find_cue(forms, cue or "")
        parents = [
            f"{document.article_id}:{place:012x}"
            for place, other in enumerate(attributions, 1)
            if other.get("level", 1) < one.get("level", 1)
            and other["content"][0][0] <= one["content"][0][0] < other["content"][-1][1]
        ]
        rows["quotes"].append(
            {
                "quote_id": quote_id,
                "article_id": document.article_id,
                "quote_no": number,
                "region": one.get("region", "body"),
                "quote_text": " … ".join(document.text[s:e] for s, e in one["content"]),
                "level": one.get("level", 1),
                "parent_quote_id": parents[-1] if parents else None,
                "cue": cue,
                "cue_lemma": lemma.get("lemma"),
                "cue_class": lemma.get("cue_class"),
                "cue_class_2": lemma.get("cue_class_2"),
                "source_mention": " ".join(document.text[s:e] for s, e in one["source"]) or None,
                "speaker_role": None,
                "speaker_id": None,
            }
        )
        for role in ("content", "cue", "source"):
            for span_no, (start, end) in enumerate(one[role], 1):
                rows["quote_spans"].append(
                    {
                        "quote_id": quote_id,
                        "span_role": role,
                        "span_no": span_no,
                        "char_start": start,
                        "char_end": end,
                        "span_text": document.text[start:end],
                    }
                )
    return rows


def score(folder: Path, reference: Reference, show: bool = False) -> dict[str, float]:
    """Return micro F1, precision and recall of the topic sets, and accuracy of main topic and speech act."""
    wanted: dict[tuple[str, int], dict[str, Any]] = {}
    for line in (folder / "topics.jsonl").read_text().splitlines():
        row = json.loads(line)
        wanted[row["doc_id"], row["quote"]] = row
    coder = prepare(reference)
    counts: Counter[str] = Counter()
    for line in (folder / "quotes.jsonl").read_text().splitlines():
        gold = json.loads(line)
        document = document_of(gold["text"], gold["doc_id"][4:])
        quotes = quote_rows_of(document, gold["attributions"], reference.rows("cues"))
        for attribution, given, row in zip(
            gold["attributions"], quotes["quotes"], code(coder, document, quotes)["quotes"], strict=True
        ):
            answer = wanted.get((gold["doc_id"], attribution["id"]))
            if answer is None:
                continue
            ours, theirs = set((row["topics"] or "").split("; ")) - {""}, set(answer["topics"])
            counts["quotes"] += 1
            counts["both"] += len(ours & theirs)
            counts["ours"] += len(ours)
            counts["theirs"] += len(theirs)
            counts["primary"] += row["topic_primary"] == answer["primary"]
            counts["illocution"] += row["illocution"] == answer["illocution"]
            if show:
                print(
                    gold["doc_id"][:3], attribution["id"], given["quote_text"][:110], "| cue:", given["cue"]
                )
                print("    missing", sorted(theirs - ours), "too many", sorted(ours - theirs))
                print("    primary", row["topic_primary"], "wanted", answer["primary"], "all", row["topics"])
                print(
                    "    act", row["illocution"], "wanted", answer["illocution"], row["illocution_evidence"]
                )
    precision, recall = counts["both"] / counts["ours"], counts["both"] / counts["theirs"]
    return {
        "precision": precision,
        "recall": recall,
        "micro_f1": 2 * precision * recall / (precision + recall),
        "primary_accuracy": counts["primary"] / counts["quotes"],
        "illocution_accuracy": counts["illocution"] / counts["quotes"],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    for name, value in score(arguments.folder, load_reference(), arguments.show).items():
        print(f"{name} {value:.3f}")
