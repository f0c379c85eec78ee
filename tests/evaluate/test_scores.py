"""Contents, sources, kinds and speakers under the project's own ruler, on invented sentences."""

import re
from collections.abc import Sequence

import pytest

from pipeline.evaluate.gold import GoldDocument, GoldQuote
from pipeline.evaluate.kinds import kind_of, quoted_words
from pipeline.evaluate.measures import ALL, Counts
from pipeline.evaluate.predictions import FoundQuote
from pipeline.evaluate.scores import MEASURES, compare, count_scores, head_word
from pipeline.evaluate.speaker_names import name_set
from pipeline.evaluate.speakers import count_speakers
from pipeline.evaluate.words import Words, overlap, word_starts
from tests.evaluate.scorers import found_quote

TEXT = (
    "Ola Venn said the harbour will open in spring. "
    "“We keep our word,” she added. “All of it.” "
    "Tarn believes the fish will return."
)


def at(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def gold(
    *content: str, source: str | None = None, speech: bool = True, speakers: Sequence[str] | None = None
) -> GoldQuote:
    return GoldQuote(
        tuple(at(one) for one in content),
        (at(source),) if source else (),
        None,
        speech,
        frozenset(speakers) if speakers is not None else None,
        False,
    )


def found(*content: str, source: str | None = None, speakers: Sequence[str] = ()) -> FoundQuote:
    return found_quote([at(one) for one in content], [at(source)] if source else [], speakers)


OPEN = gold("the harbour will open in spring", source="Ola Venn", speakers=["ola venn"])
WORD = gold("“We keep our word,”", "“All of it.”", source="she", speakers=["ola venn"])
FISH = gold("the fish will return", source="Tarn", speech=False)
DOCUMENT = GoldDocument("one", TEXT, (OPEN, WORD, FISH))


def counted(*quotes: FoundQuote, speech_only: bool = True) -> Counts:
    return count_scores(compare(DOCUMENT, quotes, speech_only=speech_only))


def values(counts: Counts, kind: str = ALL) -> dict[str, float | None]:
    return {f"{one.name} {one.statistic}": one.compute(counts).value for one in MEASURES if one.kind == kind}


def test_all_right_is_one_everywhere() -> None:
    right = values(
        counted(
            found("the harbour will open in spring.", source="Ola Venn"),
            found("We keep our word", "All of it", source="she"),
        )
    )
    assert set(right.values()) == {1.0}


def test_nothing_found_has_no_precision_and_no_recall() -> None:
    none = values(counted())
    assert none["content_iou50 precision"] is None
    assert none["content_iou50 recall"] == none["content_iou50 f1"] == 0.0
    assert none["source_any share"] is None


def test_half_of_the_words_are_enough_and_fewer_are_not() -> None:
    assert counted(found("the harbour will"))["all.iou50.gold"] == 1
    assert counted(found("the harbour will"))["all.exact.gold"] == 0
    assert counted(found("the harbour"))["all.iou50.gold"] == 0
    assert counted(found("the harbour"))["all.words.gold_right"] == 2


def test_a_gold_quote_is_found_once() -> None:
    counts = counted(found("the harbour will open"), found("the harbour will open in spring"))
    assert (counts["all.found"], counts["all.iou50.found"]) == (2, 1)


def test_doubles_of_one_content_and_source_count_once() -> None:
    counts = counted(*[found("the harbour will open", source="Ola Venn")] * 3, found("the harbour will open"))
    assert counts["all.found"] == 2


def test_end_to_end_wants_a_source_that_shares_a_word() -> None:
    assert counted(found("the harbour will open", source="Venn"))["all.e2e.gold"] == 1
    assert counted(found("the harbour will open", source="she"))["all.e2e.gold"] == 0
    assert counted(found("the harbour will open"))["all.e2e.gold"] == 0


def test_beliefs_are_neither_wanted_nor_wrong_and_their_words_neither() -> None:
    belief = found("the fish will return", source="Tarn")
    assert counted(belief)["all.found"] == counted(belief)["all.words.found"] == 0
    everything = counted(belief, speech_only=False)
    assert (everything["all.gold"], everything["all.found"], everything["all.e2e.gold"]) == (3, 1, 1)


def test_an_interrupted_quote_is_one_whole() -> None:
    assert counted(found("We keep our word", source="she"))["all.exact.gold"] == 0
    assert counted(found("We keep our word", "All of it", source="she"))["all.exact.gold"] == 1


def test_kinds_are_read_off_the_marks() -> None:
    counts = counted(found("We keep our word", source="she"), found("the harbour will open"))
    assert (counts["direct.found"], counts["direct.e2e.found"]) == (1, 1)
    assert (counts["indirect.found"], counts["indirect.iou50.found"]) == (1, 1)
    assert counts["mixed.gold"] == counts["mixed.found"] == 0


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("She said “one two” three.", "one two"),
        ('She said "one two" three.', "one two"),
        ("She said ''one two'' three.", "one two"),
        ("She said ``one two'' three.", "one two"),
        ("She said „one two” three.", "one two"),
        ("She said ‘one two’ three.", "one two"),
        ("She said 'one two' three.", "one two"),
        ("She said ”one two” three.", "one two"),
        ("The farmers' one harvest, Venn's two.", ""),
        ("She said “one two\nthree.", "one two"),
        ("She said “one ‘two’ three” four.", "one two three"),
    ],
)
def test_what_stands_in_marks(text: str, inside: str) -> None:
    words = Words(text)
    quoted = sorted(quoted_words(words))
    assert " ".join(text[slice(*words.spans[number])] for number in quoted) == inside


def test_the_kind_is_mixed_when_some_words_stand_in_marks() -> None:
    quoted = frozenset({1, 2})
    assert [kind_of(content, quoted) for content in ({1, 2}, {2, 3}, {3, 4})] == [
        "direct",
        "mixed",
        "indirect",
    ]


@pytest.mark.parametrize(
    ("source", "head"),
    [
        ("Ola Venn", "Venn"),
        ("Venn, a fisher of men", "Venn"),
        ("the mayor of Tarnhaven", "mayor"),
        ("the mayor's old friend", "friend"),
        ("those who left", "those"),
        ("the guild (of boats)", "guild"),
    ],
)
def test_the_head_of_a_source(source: str, head: str) -> None:
    words = Words(source)
    number = head_word(frozenset(range(len(words.spans))), words)
    assert number is not None
    assert source[slice(*words.spans[number])] == head


def test_a_word_cut_by_a_span_is_touched() -> None:
    assert Words("one two three").touched([(2, 5)]) == {0, 1}
    assert word_starts([(2, 5)], "one two three") == {2, 4}


def test_overlap_is_intersection_over_union() -> None:
    assert overlap(frozenset({1, 2}), frozenset({2, 3})) == 1 / 3
    assert overlap(frozenset(), frozenset()) == 0.0


def test_names_are_compared_without_case_order_and_a_leading_title() -> None:
    assert name_set("the Tarn; President Ola Venn") == name_set(["OLA VENN", "tarn "])
    assert name_set(None) == name_set("") == name_set([" "]) == frozenset()


def speakers(*quotes: FoundQuote, document: GoldDocument = DOCUMENT) -> dict[str, float]:
    counts = count_speakers(document, quotes, speech_only=True)
    return {name.removeprefix("speakers."): count for name, count in counts.items() if count}


def test_a_speaker_is_right_wrong_or_unresolved() -> None:
    content = "the harbour will open"
    base = {"matched": 1, "found": 1}
    assert speakers(found(content, speakers=["Ola Venn"])) == {**base, "right": 1}
    assert speakers(found(content)) == {**base, "unresolved": 1}
    assert speakers(found(content, speakers=["Ola Venn", "Tarn"])) == {
        **base,
        "wrong": 1,
        "wrong_matched": 1,
    }


def test_a_name_on_what_nobody_said_is_wrong_and_on_a_belief_is_not_counted() -> None:
    assert speakers(found("she added", speakers=["Tarn"])) == {"found": 1, "wrong": 1, "wrong_unmatched": 1}
    assert speakers(found("the fish will return", speakers=["Tarn"])) == {"found": 1}


def test_each_sentence_after_the_first_is_a_continuation() -> None:
    text = "Venn said one is far. Two is near the lake. No. The third lies behind the hill."
    content = at("one is far. Two is near the lake. No. The third lies behind the hill", text)
    quote = GoldQuote((content,), (), None, True, frozenset({"venn"}), True)
    document = GoldDocument("one", text, (quote,))
    start = re.search("Two.*lake", text)
    assert start
    half = found_quote([(content[0], start.end())], (), ["Venn"])
    counts = speakers(half, document=document)
    assert (counts["sentences"], counts["sentences_right"]) == (2, 1)
    assert "sentences_right" not in speakers(found_quote([content], (), ["Tarn"]), document=document)
