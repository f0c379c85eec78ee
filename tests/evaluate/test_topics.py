"""Topics under the ruler: shares, F1, confusion and agreement on small made-up codes."""

import json
from pathlib import Path

import pytest

from pipeline.evaluate.gold import GoldDocument, GoldQuote, read_gold
from pipeline.evaluate.topic_gold import TopicAnswer
from pipeline.evaluate.topics import Coded, agreement, confusions, count_topics, macro_f1
from pipeline.faults import Fault


def gold(primary: str, *more: str) -> GoldQuote:
    answer = TopicAnswer(primary, frozenset({primary, *more}), "assertive")
    return GoldQuote(((0, 4),), (), None, True, None, False, topics=answer)


DOCUMENT = GoldDocument("one", "They said so.", (gold("trade", "sco"), gold("climate"), gold("trade")))
FOUND = {
    0: Coded(("trade", "finance"), ("term", "inherited"), "assertive", None),
    1: Coded((), (), "directive", None),
}
COUNTS = count_topics(DOCUMENT, {"gold_quotes": FOUND})


def test_codes_are_counted_where_quotes_were_found() -> None:
    told = {
        name: COUNTS[f"topics.gold_quotes.{name}"] for name in ("n", "primary", "both", "wanted", "given")
    }
    assert told == {"n": 2, "primary": 1, "both": 1, "wanted": 3, "given": 2}
    assert COUNTS["topics.gold_quotes.method.inherited"] == 1
    assert COUNTS["topics.gold_quotes.method.inherited.right"] == 0


def test_every_topic_of_the_gold_counts_the_same_in_macro_f1() -> None:
    figure = macro_f1(COUNTS, "gold_quotes")
    assert figure.n == 3
    assert figure.value == pytest.approx(1 / 3)


def test_confusions_hold_what_is_right_too() -> None:
    assert [(one.what, one.wanted, one.found, one.n) for one in confusions(COUNTS)] == [
        ("illocution", "assertive", "assertive", 1),
        ("illocution", "assertive", "directive", 1),
        ("topic_primary", "climate", "(none)", 1),
        ("topic_primary", "trade", "trade", 1),
    ]


def test_agreement_is_krippendorffs_alpha() -> None:
    codes = ("trade", "trade", "sco", "sco")
    one = {("d", n): TopicAnswer(code, frozenset({code}), "assertive") for n, code in enumerate(codes)}
    assert agreement([one, one]) == {"topic_primary": (1.0, 4), "illocution": (None, 4)}
    other = one | {("d", 3): TopicAnswer("trade", frozenset({"trade"}), "assertive")}
    alpha, n = agreement([one, other])["topic_primary"]
    # Observed disagreement 1/4, expected 15/28 (5 trade and 3 sco among 8 codes).
    assert n == 4
    assert alpha == pytest.approx(1 - (1 / 4) / (15 / 28))


def test_topics_beside_a_gold_file_are_bound_by_id(tmp_path: Path) -> None:
    quote = {"id": 7, "content": [[0, 4]], "source": [], "speech": True}
    line = {"doc_id": "one", "text": "They said so.", "attributions": [quote]}
    (tmp_path / "quotes.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    row = {"doc_id": "one", "quote": 7, "primary": "trade", "topics": ["sco"], "illocution": "assertive"}
    (tmp_path / "topics.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (read,) = read_gold([tmp_path / "quotes.jsonl"], speech_only=True)
    answer = read.documents[0].quotes[0].topics
    assert answer == TopicAnswer("trade", frozenset({"trade", "sco"}), "assertive")
    (tmp_path / "topics.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(Fault, match=r"topics.jsonl, line 1: not a coded quote \('doc_id' is missing\)"):
        read_gold([tmp_path / "quotes.jsonl"], speech_only=True)
