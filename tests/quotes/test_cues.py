import pytest

from pipeline.quotes.cues import build_lexicon, forms_of
from pipeline.quotes.marks import Marks
from pipeline.quotes.sentences import Sentence, words_of
from tests.quotes.invented import reference


@pytest.mark.parametrize(
    ("verb", "irregular", "expected"),
    [
        ("claim", (), {"claim", "claims", "claimed", "claiming"}),
        ("deny", (), {"deny", "denies", "denied", "denying"}),
        ("pledge", (), {"pledge", "pledges", "pledged", "pledging"}),
        ("stress", (), {"stress", "stresses", "stressed", "stressing"}),
        ("agree", (), {"agree", "agrees", "agreed", "agreeing"}),
        ("admit", ("admitted", "admitting"), {"admit", "admits", "admitted", "admitting"}),
        ("say", ("says", "said", "saying"), {"say", "says", "said", "saying"}),
    ],
)
def test_forms(verb: str, irregular: tuple[str, ...], expected: set[str]) -> None:
    assert {shown for shown, _ in forms_of(verb, irregular)} == expected


@pytest.mark.parametrize(
    ("text", "lemma", "shown"),
    [
        ("said it", "say", "said"),
        ("pointed out that", "point out", "pointed out"),
        ("called for calm", "call for", "called for"),
        ("expressed his strong hope of peace", "express hope", "expressed his strong hope of"),
        ("expresses Arlonia's readiness to help", "express readiness", "expresses Arlonia's readiness"),
        ("according to them", "according to", "according to"),
    ],
)
def test_the_longest_cue_is_found(text: str, lemma: str, shown: str) -> None:
    lexicon = build_lexicon(reference().rows("cues"))
    words = words_of(text, Sentence(0, len(text)), Marks([]))
    cue = lexicon.match(words, 0)
    assert cue is not None
    assert cue.entry.lemma == lemma
    assert text[words[cue.first].start : words[cue.last - 1].end] == shown


def test_every_frame_of_the_codebook_is_known() -> None:
    known = {"clause", "object", "infinitive", "addressee", "after", "mention"}
    assert {frame for row in reference().rows("cues") for frame in row["frame"].split("|")} <= known
