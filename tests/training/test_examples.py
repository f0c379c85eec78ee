"""Training examples: which piece is an anchor, and which role every piece has seen from it."""

import random

import pytest
from tokenizers import Tokenizer

from pipeline.quotes.model.decoding import CONTENT, CUE, OTHER, SOURCE, SPEECH
from pipeline.quotes.model.windows import load_tokenizer
from pipeline.quotes.stage import WEIGHTS
from training.corpus import CorpusDocument, GoldAttribution
from training.examples import Example, examples, grouped

TEXT = "Venn said it rains.\nTarn believes it snows."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_tokenizer(str(WEIGHTS / "tokenizer.json"))


def span(words: str) -> list[int]:
    return [TEXT.index(words), TEXT.index(words) + len(words)]


def document() -> CorpusDocument:
    def marked(content: str, source: str, cue: str, speech: bool) -> GoldAttribution:
        return GoldAttribution(
            content=[span(content)], source=[span(source)], cue=[span(cue)], lemma=None, speech=speech
        )

    attributions = [
        marked("it rains", "Venn", "said", True),
        marked("it snows", "Tarn", "believes", False),
    ]
    return CorpusDocument(doc_id="d1", text=TEXT, attributions=attributions)


def pieces(tokenizer: Tokenizer, example: Example) -> list[str]:
    return [str(tokenizer.id_to_token(int(one))) for one in example.ids]


def having(tokenizer: Tokenizer, example: Example, anchor: int, role: int) -> str:
    """The pieces that have a role seen from an anchor."""
    row = example.roles[anchor]
    return " ".join(piece for piece, its in zip(pieces(tokenizer, example), row, strict=True) if its == role)


def test_a_short_text_is_one_window_that_begins_with_cls_and_has_sep_after_each_paragraph(
    tokenizer: Tokenizer,
) -> None:
    (example,) = examples(tokenizer, document())
    found = pieces(tokenizer, example)
    assert found[0] == "[CLS]"
    assert found.count("[SEP]") == 2
    assert found[-1] == "[SEP]"
    assert not example.body[0]
    assert example.body[1:].all()


def test_anchors_are_heads_of_cues_by_class(tokenizer: Tokenizer) -> None:
    (example,) = examples(tokenizer, document())
    found = pieces(tokenizer, example)
    assert [(found[at], int(example.anchors[at])) for at in example.at] == [
        ("said", SPEECH),
        ("believes", OTHER),
    ]
    assert int((example.anchors > 0).sum()) == 2


def test_roles_are_those_of_one_attribution(tokenizer: Tokenizer) -> None:
    (example,) = examples(tokenizer, document())
    assert having(tokenizer, example, 0, SOURCE) == "ve ##nn"
    assert having(tokenizer, example, 0, CUE) == "said"
    assert having(tokenizer, example, 0, CONTENT) == "it rains"
    assert having(tokenizer, example, 1, CONTENT) == "it snow ##s"


def test_aux_has_the_roles_of_all_attributions_together(tokenizer: Tokenizer) -> None:
    (example,) = examples(tokenizer, document())
    assert example.aux.sum(axis=0).tolist() == [5.0, 4.0, 2.0]


def test_an_anchor_is_learned_only_in_its_own_window(tokenizer: Tokenizer) -> None:
    first, second = examples(tokenizer, document(), max_pieces=8)
    assert [len(first.at), len(second.at)] == [1, 1]
    assert pieces(tokenizer, first)[first.at[0]] == "said"
    assert pieces(tokenizer, second)[second.at[0]] == "believes"


def test_an_attribution_without_cue_has_roles_but_no_anchor(tokenizer: Tokenizer) -> None:
    without = document()
    for one in without["attributions"]:
        one["cue"] = []
    (example,) = examples(tokenizer, without)
    assert example.at.tolist() == []
    assert example.roles.shape == (0, len(example.ids))
    assert example.aux.sum(axis=0).tolist() == [5.0, 4.0, 0.0]


def test_groups_hold_every_window_once_and_about_the_pieces_asked_for(tokenizer: Tokenizer) -> None:
    items = [*examples(tokenizer, document(), 8) * 9, *examples(tokenizer, document()) * 7]
    groups = grouped(items, 64, random.Random(1))
    assert sorted(id(one) for group in groups for one in group) == sorted(id(one) for one in items)
    assert all(len(group) * len(group[-1].ids) <= 64 for group in groups)
    assert grouped(items, 64, random.Random(1)) == groups
    assert len(grouped(items, 1, random.Random(1))) == len(items)
