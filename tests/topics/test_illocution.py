import pytest

from pipeline.faults import Fault
from pipeline.reference import load_reference
from pipeline.topics.attributions import read_attributions
from pipeline.topics.illocution import Illocution, compile_illocution, tell_illocution
from pipeline.topics.sentences import split_sentences
from tests.topics.pages import CUES, marked_page

PATTERNS = load_reference().rows("illocution_patterns")


def told(marked: str) -> tuple[str, str | None]:
    document, rows = marked_page(marked)
    coder = compile_illocution(PATTERNS, CUES)
    sentences = split_sentences(document.text, [(b.char_start, b.char_end) for b in document.blocks])
    (quote,) = read_attributions(rows)
    act = tell_illocution(coder, document.text, sentences, quote)
    return act.illocution, act.evidence


@pytest.mark.parametrize(
    ("marked", "act", "evidence"),
    [
        ("<Norland> [said] {the bridge is open}.", "assertive", None),
        ("<Norland> [said] {both towns should share the bridge}.", "directive", "should"),
        ("<He> [said] {Norland is willing to share the bridge}.", "commissive", "is willing to"),
        ("<He> [said] {Norland stands ready to help}.", "commissive", "stands ready"),
        ("<She> [said] {she hopes the bridge will open}.", "expressive", "hopes"),
        ("<She> [said] {she is grateful for the bridge}.", "expressive", "grateful"),
        ("<Norland> [praised] {the builders of the bridge}.", "expressive", "praised"),
        ("<Norland> [urged] {Estavia to open the bridge}.", "directive", "urged"),
        ("<Norland> [pledged] {to open the bridge}.", "commissive", "pledged"),
        ("<Norland> [announced] {the closure of the bridge}.", "declaration", "announced"),
        ("<The office> [announced] {the queen will cross the bridge on Friday}.", "assertive", None),
        ("<He> [said] {Estavia is breaking its word}.", "assertive", None),
        ("<He> [said] {he expects to see the bridge}.", "assertive", "he expects"),
    ],
)
def test_cue_and_content_together(marked: str, act: str, evidence: str | None) -> None:
    assert told(marked) == (act, evidence)


def test_an_observer_predicts_where_a_government_promises() -> None:
    assert told("<The minister> [said] {Norland will continue to build}.")[0] == "commissive"
    assert told("<An analyst in Port Obo> [said] {Norland will continue to build}.")[0] == "assertive"


def test_assertions_decide_only_where_they_prevail() -> None:
    turn = "<She> [said] {the bridge is open. It is long. It is wide. Both towns should share it}."
    assert told(turn) == ("assertive", None)
    assert told("<She> [said] {the bridge is open. Both towns should share it}.") == ("directive", "should")


def test_what_others_are_reported_to_say_is_their_act() -> None:
    document, rows = marked_page("<Radio Obo> [said] {the queen said she hopes to come}.")
    outer = rows["quotes"][0]
    inner = outer | {"quote_id": "inner", "quote_no": 2, "level": 2, "parent_quote_id": outer["quote_id"]}
    start = document.text.index("she hopes")
    rows["quotes"].append(inner)
    rows["quote_spans"].append(
        {"quote_id": "inner", "span_role": "content", "char_start": start, "char_end": len(document.text) - 1}
    )
    coder = compile_illocution(PATTERNS, CUES)
    sentences = split_sentences(document.text, [(0, len(document.text))])
    acts = [tell_illocution(coder, document.text, sentences, quote) for quote in read_attributions(rows)]
    # The inner one is reported by "said" too, so its content decides.
    assert acts == [Illocution("assertive", None), Illocution("expressive", "hopes")]


def test_a_wrong_pattern_is_told() -> None:
    row = {"pattern_id": "broken", "pattern": "(", "illocution": "directive", "priority": 1}
    with pytest.raises(Fault, match=r"illocution_patterns.csv, pattern broken"):
        compile_illocution([row], [])
