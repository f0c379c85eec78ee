"""How train is divided: always alike, and nothing is used twice."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.faults import Fault
from training.corpus import TRAIN, CorpusDocument, corpus_file, divide, read_documents


def documents(count: int) -> list[CorpusDocument]:
    return [CorpusDocument(doc_id=f"d{n:04}", text="", attributions=[]) for n in range(count)]


def ids(part: list[CorpusDocument]) -> list[str]:
    return [one["doc_id"] for one in part]


def test_nine_tenths_are_for_fitting_a_twentieth_for_watching_and_one_for_calibration() -> None:
    parts = divide(documents(840))
    assert [len(part) for part in parts] == [756, 42, 42]


def test_the_parts_of_forty_documents_are_these() -> None:
    parts = divide(documents(40))
    assert ids(parts.watch) == ["d0005", "d0035"]
    assert ids(parts.calibrate) == ["d0012", "d0019"]


@given(st.permutations(range(60)))
def test_every_document_is_in_one_part_whatever_the_order_in_the_file(order: list[int]) -> None:
    given_documents = documents(60)
    parts = divide([given_documents[place] for place in order])
    assert parts == divide(given_documents)
    assert sorted(name for part in parts for name in ids(part)) == ids(given_documents)


def test_the_parts_of_the_corpus_are_those_that_the_weights_were_made_with(shared: Path) -> None:
    parts = divide(read_documents(corpus_file(TRAIN, shared / "corpora")))
    digests = [hashlib.sha256(" ".join(ids(part)).encode()).hexdigest()[:16] for part in parts]
    assert digests == ["257b7e287be1c057", "af63fba770f23044", "c47fb656bd501a7a"]


def test_without_the_corpus_it_is_said_where_it_belongs(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"polnear_train.jsonl is not here: put PolNeAR as \.\./shared/corpora/"):
        corpus_file(TRAIN, tmp_path)
