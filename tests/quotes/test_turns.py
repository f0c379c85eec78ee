from tests.quotes.invented import rows_of, said


def test_a_readout_goes_on_until_the_next_cue() -> None:
    text = (
        "Sol pointed out that the river is clean. We are willing to keep it so. Our boats are ready.\n"
        "\n"
        "Venn said that he agrees. Borvia will send nets.\n"
        "\n"
        "The two sides also exchanged views on fishing.\n"
    )
    assert said(text, "official_readout") == [
        ("Sol", "pointed out", "the river is clean. We are willing to keep it so. Our boats are ready"),
        ("Venn", "said", "he agrees. Borvia will send nets"),
    ]


def test_a_turn_of_a_readout_goes_on_in_the_next_paragraph() -> None:
    text = "Sol said that the river is clean.\n\nI hope that you will see it.\n"
    (quote,) = rows_of(text, "official_readout")["quotes"]
    assert quote["quote_text"] == "the river is clean … I hope that you will see it"
    assert quote["has_continuation"]
    assert quote["n_spans"] == 2


def test_speech_inside_a_turn_is_nested() -> None:
    text = "Sol stressed that the river is clean. I often say that water is life. We must guard it."
    rows = rows_of(text, "official_readout")["quotes"]
    assert [(row["source_mention"], row["level"], row["quote_text"]) for row in rows] == [
        ("Sol", 1, "the river is clean. I often say that water is life. We must guard it"),
        ("I", 2, "water is life"),
    ]
    assert rows[1]["parent_quote_id"] == rows[0]["quote_id"]
    assert rows[1]["speaker_name"] == "Mira Sol"


def test_an_uncued_sentence_of_the_reporter_ends_the_quote() -> None:
    assert said("Sol said the river is clean. The sun was shining in Lyra.") == [
        ("Sol", "said", "the river is clean")
    ]


def test_an_uncued_demand_belongs_to_the_sentence_before_or_after_it() -> None:
    assert said("Sol said the river is clean. Borvia should keep it so.") == [
        ("Sol", "said", "the river is clean. Borvia should keep it so")
    ]
    assert said("Borvia should keep it clean. The nets are old, Sol said.") == [
        ("Sol", "said", "Borvia should keep it clean. The nets are old")
    ]


def test_a_second_quoted_sentence_goes_on() -> None:
    assert said('"It rains," Sol said. "It pours."') == [("Sol", "said", '"It rains," … "It pours."')]


def test_marks_left_open_carry_the_quote_into_the_next_paragraph() -> None:
    text = "“It rains in the hills of Lyra,” Sol said. “It pours.\n\n“It never ends.”\n"
    assert said(text) == [("Sol", "said", "“It rains in the hills of Lyra,” … “It pours. … “It never ends.”")]


def test_nested_speech_of_two_speakers() -> None:
    rows = rows_of("The Lyra Post reported that Venn told Sol he would come.")["quotes"]
    assert [(row["speaker_name"], row["level"], row["quote_text"]) for row in rows] == [
        ("Lyra Post", 1, "Venn told Sol he would come"),
        ("Tor Venn", 2, "he would come"),
    ]
