"""The project's figures are exactly those of the shared scorers. Texts of the corpora are never shown."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate.evaluation import measure
from pipeline.evaluate.gold import read_gold
from pipeline.evaluate.kinds import kind_of, quoted_words
from pipeline.evaluate.measures import ALL
from pipeline.evaluate.predictions import Prediction, Predictor, as_json_lines
from pipeline.evaluate.scores import head_word
from pipeline.evaluate.words import Words
from tests.evaluate.scorers import (
    altered,
    differences,
    load_quote_scorer,
    quote_scores,
    read_lines,
    scrambled,
    speaker_scores,
    write_lines,
)

PROJECT = Path(__file__).parents[2]

both_scopes = pytest.mark.parametrize("speech_only", [True, False], ids=["speech", "everything"])
each_corpus = pytest.mark.parametrize("corpus", ["sample", "gold", "polnear_dev"])


def gold_file(shared: Path, corpus: str) -> Path:
    return {
        "sample": PROJECT / "tests" / "sample" / "quotes.jsonl",
        "gold": shared / "gold" / "quotes.jsonl",
        "polnear_dev": shared / "corpora" / "polnear_dev.jsonl",
    }[corpus]


Compare = Callable[[Path, Sequence[Prediction], bool], dict[str, tuple[object, object]]]


@pytest.fixture
def compare(shared: Path, tmp_path: Path) -> Compare:
    def run(
        path: Path, predictions: Sequence[Prediction], speech_only: bool
    ) -> dict[str, tuple[object, object]]:
        (gold,) = read_gold([path], speech_only=speech_only)
        result = measure(gold, predictions, speech_only=speech_only)
        written = tmp_path / "predictions.jsonl"
        written.write_text(as_json_lines(predictions), encoding="utf-8")
        return differences(
            result,
            quote_scores(shared, path, written, speech_only=speech_only),
            speaker_scores(shared, path, written, speech_only=speech_only),
        )

    return run


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor(PROJECT / "raw" / "authority")


@each_corpus
def test_what_the_pipeline_finds(
    corpus: str, shared: Path, compare: Compare, predictor: Predictor, tmp_path: Path
) -> None:
    documents = read_lines(gold_file(shared, corpus), limit=6 if corpus == "polnear_dev" else None)
    path = write_lines(tmp_path / "gold.jsonl", documents)
    predictions = [predictor.predict(one["doc_id"], one["text"]) for one in documents]
    assert sum(len(one.quotes) for one in predictions) > 20
    for speech_only in (True, False):
        assert compare(path, predictions, speech_only) == {}


@each_corpus
def test_a_layout_is_measured_as_a_gold_file_of_its_own(
    corpus: str, shared: Path, compare: Compare, tmp_path: Path
) -> None:
    documents = read_lines(gold_file(shared, corpus), limit=4)
    path = write_lines(tmp_path / "gold.jsonl", documents)
    (gold,) = read_gold([path], speech_only=True)
    made = altered(gold.documents, seed=5)
    mixed = [
        Prediction(p.doc_id, "one" if i % 2 else "two", p.quotes, p.extractors, None)
        for i, p in enumerate(made)
    ]
    whole = measure(gold, mixed, speech_only=True)
    assert [part.layout for part in whole.parts] == [ALL, "one", "two"]
    for part in whole.parts[1:]:
        chosen = [i for i, one in enumerate(mixed) if one.layout == part.layout]
        of_layout = write_lines(tmp_path / "layout.jsonl", [documents[i] for i in chosen])
        assert compare(of_layout, [mixed[i] for i in chosen], True) == {}
        (its_gold,) = read_gold([of_layout], speech_only=True)
        alone = measure(its_gold, [mixed[i] for i in chosen], speech_only=True)
        assert alone.parts[0].counts == part.counts


@both_scopes
@each_corpus
def test_altered_gold(corpus: str, speech_only: bool, shared: Path, compare: Compare, tmp_path: Path) -> None:
    documents = read_lines(gold_file(shared, corpus), limit=24)
    for seed in (1, 2):
        path = write_lines(tmp_path / "gold.jsonl", documents)
        (gold,) = read_gold([path], speech_only=speech_only)
        assert compare(path, altered(gold.documents, seed), speech_only) == {}


@both_scopes
@each_corpus
def test_quotes_at_random_places(
    corpus: str, speech_only: bool, shared: Path, compare: Compare, tmp_path: Path
) -> None:
    documents = read_lines(gold_file(shared, corpus), limit=24)
    for seed in (3, 4):
        path = write_lines(tmp_path / "gold.jsonl", scrambled(documents, seed))
        (gold,) = read_gold([path], speech_only=speech_only)
        assert compare(path, altered(gold.documents, seed), speech_only) == {}


@settings(max_examples=400, deadline=None)
@given(text=st.text(alphabet="ab A.,'’‘\"“”„«»`＂()[—–-:\n\t\r\u00a0_1", max_size=60))
def test_quotation_marks_are_read_alike(shared: Path, text: str) -> None:
    scorer = load_quote_scorer(shared)
    words = Words(text)
    quoted = quoted_words(words)
    starts = [start for start, _ in words.spans]
    regions = scorer.quoted_regions(text)
    for number, span in enumerate(words.spans):
        theirs = scorer.quote_kind([span], regions, words.spans, starts)
        assert kind_of({number}, quoted) == theirs


@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(
        st.sampled_from(["Ola", "Venn", "s", "of", "the", "who", "'", "’", ",", "(", ")", "—", " ", " "]),
        max_size=14,
    ).map("".join),
    data=st.data(),
)
def test_heads_are_found_alike(shared: Path, text: str, data: st.DataObject) -> None:
    scorer = load_quote_scorer(shared)
    words = Words(text)
    numbers = st.sampled_from(range(len(words.spans))) if words.spans else st.nothing()
    source = data.draw(st.frozensets(numbers))
    assert head_word(source, words) == scorer.head_token(source, words.spans, text)
