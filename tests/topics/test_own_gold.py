"""The project's own coded quotes: floors under what was measured (docs/decisions/topics.md)."""

from pathlib import Path

import pytest

from pipeline.evaluate.evaluation import evaluate
from pipeline.evaluate.gold import read_gold
from pipeline.progress import Progress

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("name", "primary", "topics"), [("own_gold", 0.95, 0.95), ("own_gold_held_out", 0.85, 0.9)]
)
def test_own_gold_is_coded_as_well_as_it_was(name: str, primary: float, topics: float) -> None:
    golds = read_gold([HERE / f"{name}.jsonl"], speech_only=True)
    ((result,), _) = evaluate([(golds[0], None)], speech_only=True, progress=Progress())
    part = result.parts[0]
    found = part.of("topic_primary_gold_quotes", "share").figure.value
    assert found is not None and found >= primary
    found = part.of("topic_set_gold_quotes", "f1").figure.value
    assert found is not None and found >= topics
