"""Links between clauses of quotes in different articles."""

from pipeline.quotes.stage import WEIGHTS
from pipeline.statements.encoder import load_encoder
from pipeline.statements.linking import Link, Piece, Said, link, rarity_of, read_clauses
from pipeline.statements.words import load_vocabulary

VOCABULARY = load_vocabulary(WEIGHTS)


def said(article: str, text: str, *, event: str | None = None, negated: bool = False, start: int = 0) -> Said:
    return Said(f"{article}:{start}", article, event, negated, read_clauses([Piece(start, text)], VOCABULARY))


def links(*quotes: Said) -> list[Link]:
    return link(quotes, quotes, rarity_of(quotes), load_encoder(WEIGHTS).of_words)


def texts(found: list[Link]) -> list[tuple[str, str]]:
    return [(one.first.clauses[one.first_no].text, one.second.clauses[one.second_no].text) for one in found]


READOUT = said(
    "readout",
    "both sides should speed up work on the Sill bridge, and lower the tariffs on timber. The floods in "
    "Norvane have shown how much the two peoples help each other",
)


def test_an_outlet_picks_from_a_turn() -> None:
    outlet = said("outlet", "the two countries should accelerate construction of the bridge over the Sill")
    assert texts(links(outlet, READOUT)) == [
        (
            "the two countries should accelerate construction of the bridge over the Sill",
            "both sides should speed up work on the Sill bridge",
        )
    ]


def test_different_things_are_not_linked() -> None:
    assert links(said("outlet", "grain from Kestrova will reach the southern ports in May"), READOUT) == []


def test_a_clause_is_in_one_link_at_most_between_two_articles() -> None:
    twice = said("outlet", "tariffs on timber should be lowered. The tariffs on timber are to be lowered")
    assert len(links(twice, READOUT)) == 1


def test_the_same_article_another_event_or_a_negation_is_no_report_of_it() -> None:
    text = "the harbour of Tavenholm will open in spring"
    here = said("a", text, event="summit")
    assert links(here, said("a", text, event="summit", start=90)) == []
    assert links(here, said("b", text, event="other_summit")) == []
    assert links(here, said("b", text, event="summit", negated=True)) == []
    assert len(links(here, said("b", text))) == 1
    assert len(links(here, said("b", text, event="summit"))) == 1


def test_the_order_of_quotes_does_not_matter() -> None:
    quotes = [
        READOUT,
        said("b", "tariffs on timber will be lowered"),
        said("c", "help in the Norvane floods"),
    ]
    assert links(*quotes) == links(*reversed(quotes))


def test_clauses_have_the_offsets_of_the_raw_text() -> None:
    raw = "Ostin said: " + "the harbour will open in May, and tariffs will fall in June"
    start = raw.index("the harbour")
    for clause in read_clauses([Piece(start, raw[start:])], VOCABULARY):
        assert raw[clause.char_start : clause.char_end] == clause.text


def test_what_everybody_says_tells_little() -> None:
    rarity = rarity_of(
        [said("a", "trade in grain"), said("b", "trade in timber"), said("c", "trade in coal")]
    )
    assert rarity["trad"] < rarity["grain"] == rarity["timber"] == 1.0
