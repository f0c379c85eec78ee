"""Near duplicates among articles: agency copy is found, reports of one meeting are not."""

import random
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import duplicates
from pipeline.document import Row
from pipeline.duplicates import LEAST_SHARE, Signatures, near_duplicates
from pipeline.ingest.signatures import SIGNATURE_TYPES, shingles_of, signature_of
from tests.workshop import Workshop

A, B, C = (letter * 16 for letter in "abc")
QUOTES = (
    "“The river belongs to all of us, and nobody will close it while I hold this office,” Ostin said.",
    "“We have waited eleven years for a ferry that runs in winter too, and now it is here,” Brannick said.",
    "“I thank the crews of both banks for their patience in the long months of the repairs,” Ostin said.",
)
WIRE = [
    "Kestrovan President Velmar Ostin and Norvanian Prime Minister Ilsa Brannick opened the winter ferry on "
    "the Sill on Tuesday, ending a dispute over the crossing that had kept the two banks apart for years.",
    QUOTES[0],
    "The ferry leaves Ardesk every two hours and carries forty cars, according to the harbour office, which "
    "expects some nine thousand passengers before the ice breaks up in the last days of March.",
    QUOTES[1],
    "Fishermen on the southern bank had asked for a bridge instead, but engineers found that the river bed "
    "would not carry the piers, and the money was spent on two hulls built for broken ice.",
    QUOTES[2],
]
# Another reporter at the same ceremony, who heard the same words.
OTHER_REPORT = [
    "It took a brass band and eleven speeches, but the boat that Ardesk had been promised since the great "
    "flood finally cast off this week with both leaders at its rail and half of the town on the quay.",
    QUOTES[0],
    "Tickets cost three crowns, pensioners ride free, and a small kitchen below deck serves soup from dawn "
    "until the last crossing, when the lights of Quay go out one after the other behind the stern.",
    QUOTES[1],
    "What happens in spring is less clear, since nobody has said who will pay the crews once the grant of "
    "the river commission runs out and the summer boats take their old berths back.",
    QUOTES[2],
]


def pairs(articles: Mapping[str, list[str]]) -> list[Row]:
    signatures = Signatures()
    for article_id, paragraphs in articles.items():
        signatures.add(
            pl.DataFrame([signature_of(article_id, paragraphs)], schema=SIGNATURE_TYPES, orient="row")
        )

    def read(wanted: set[str]) -> Iterable[tuple[str, list[str]]]:
        return ((article_id, articles[article_id]) for article_id in sorted(wanted))

    return near_duplicates(signatures, read)


def edited(paragraphs: list[str], rate: float, seed: int) -> list[str]:
    """Exchange this share of the words for others."""
    dice = random.Random(seed)
    return [
        " ".join(f"word{dice.randrange(10**6)}" if dice.random() < rate else word for word in one.split())
        for one in paragraphs
    ]


def novel(seed: int, n_paragraphs: int = 12) -> list[str]:
    """Return a text of words from a small vocabulary, so that single words and pairs of them come back."""
    dice = random.Random(seed)
    return [
        " ".join(f"w{int(dice.paretovariate(0.6)) % 3000}" for _ in range(50)) for _ in range(n_paragraphs)
    ]


def test_agency_copy_with_a_few_edits_is_found() -> None:
    copy = [WIRE[0].replace("on Tuesday", "this week"), *WIRE[1:4], WIRE[4].replace("had asked", "called")]
    (row,) = pairs({A: WIRE, B: copy})
    assert (row["article_id"], row["other_article_id"], row["relation"]) == (A, B, "near_duplicate")
    assert 0.75 < row["share"] < 1


def test_a_copy_that_was_cut_short_is_all_in_the_other() -> None:
    wire = novel(1)
    assert pairs({A: wire, B: wire[:5]}) == [
        {"article_id": A, "other_article_id": B, "relation": "near_duplicate", "share": 1.0}
    ]


def test_two_reports_that_share_their_quotes_only_are_no_pair() -> None:
    everything = [" ".join(WIRE).split(), " ".join(OTHER_REPORT).split()]
    common = set(everything[0]) & set(" ".join(QUOTES).split())
    assert len(common) > 40
    assert pairs({A: WIRE, B: OTHER_REPORT}) == []


def test_the_same_words_are_a_pair_whatever_their_case_and_line_ends() -> None:
    shouted = [" ".join(WIRE).upper()]
    assert pairs({A: WIRE, B: shouted})[0]["share"] == 1.0
    quoted = ["“The river belongs to all of us, and nobody will close it while I hold this office or later.”"]
    assert pairs({A: quoted * 2, B: quoted * 2})[0]["share"] == 1.0


def test_the_smaller_id_stands_first_and_rows_are_sorted() -> None:
    found = pairs({C: WIRE, A: WIRE, B: WIRE})
    assert [(row["article_id"], row["other_article_id"]) for row in found] == [(A, B), (A, C), (B, C)]


def test_nothing_and_short_texts_give_no_pairs() -> None:
    assert near_duplicates(Signatures(), lambda wanted: []) == []
    assert pairs({A: ["Quay 12"], B: ["Quay 12"], C: []}) == []


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.1])
def test_lightly_edited_copies_are_found(rate: float) -> None:
    found = [pairs({A: novel(seed), B: edited(novel(seed), rate, seed)}) for seed in range(20)]
    assert sum(map(len, found)) >= 19


@pytest.mark.parametrize("rate", [0.4, 0.6])
def test_rewritten_texts_are_not(rate: float) -> None:
    assert not any(pairs({A: novel(seed), B: edited(novel(seed), rate, seed)}) for seed in range(20))


def test_different_texts_are_not() -> None:
    assert pairs({f"{seed:016x}": novel(seed) for seed in range(60)}) == []


@given(
    st.lists(st.sampled_from([tuple(novel(1)), tuple(novel(2)), tuple(novel(1)[:6] + novel(2)[6:])])),
    st.integers(0, 100),
)
@settings(max_examples=25, deadline=None)
def test_the_share_is_that_of_the_texts_and_the_order_of_articles_is_nothing(
    texts: list[tuple[str, ...]], seed: int
) -> None:
    articles = {f"{number:016x}": list(text) for number, text in enumerate(texts[:5])}
    shuffled = random.Random(seed).sample(sorted(articles), len(articles))
    found = pairs({article_id: articles[article_id] for article_id in shuffled})
    assert found == pairs(articles)
    shingles = {article_id: shingles_of(text) for article_id, text in articles.items()}
    shares = {
        (first, second): len(shingles[first] & shingles[second])
        / min(len(shingles[first]), len(shingles[second]))
        for first, second in combinations(sorted(articles), 2)
    }
    listed = {(row["article_id"], row["other_article_id"]): row["share"] for row in found}
    assert listed == {pair: round(share, 4) for pair, share in shares.items() if share >= LEAST_SHARE}


@given(st.lists(st.integers(0, 6), max_size=40))
def test_alike_are_all_pairs_of_one_number_but_zero(values: list[int]) -> None:
    found = list(duplicates._alike(np.array(values, dtype=np.uint32)))
    assert sorted(found) == [
        (i, j) for i, j in combinations(range(len(values)), 2) if values[i] == values[j] != 0
    ]


def test_of_very_many_alike_each_is_paired_with_the_first_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_MANY_ALIKE", 5)
    monkeypatch.setattr(duplicates, "_FIRST_ONES", 2)
    found = pairs({f"{number:016x}": WIRE for number in range(7)})
    numbers = [(int(row["article_id"], 16), int(row["other_article_id"], 16)) for row in found]
    assert numbers == [(0, j) for j in range(1, 7)] + [(1, j) for j in range(2, 7)]


def test_a_build_marks_the_copy_and_keeps_both(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    body = "\n\n".join(WIRE)
    shop.write(
        wire=f"ARDESK, Mar. 12 (Xinhua) -- {body}\n",
        copy=f"Winter boat at last\n2024-03-12\n\n{body.replace('on Tuesday', 'this week')}\n",
        other="Soup and brass\n2024-03-12\n\n" + "\n\n".join(OTHER_REPORT) + "\n",
    )
    assert shop.build() == 0
    sources = shop.sources()
    ids = sorted(sources[f"{name}.txt"]["article_id"] for name in ("wire", "copy"))
    (row,) = shop.table("article_pairs").to_dicts()
    assert [row["article_id"], row["other_article_id"]] == ids
    assert row["relation"] == "near_duplicate" and row["share"] > 0.9
    assert len(shop.table("articles")) == 3
    # A further copy reads that file only, and pairs with both.
    shop.write(late=f"Boat opened\n2024-03-13\n\n{body}\nA late addition of the desk.\n")
    assert shop.build() == 0
    assert shop.report()["made"]["articles"] == 1
    assert len(shop.table("article_pairs")) == 3
    before = shop.bytes()
    for part in (shop.cache / "parts").rglob("*.parquet"):
        part.unlink()
    (shop.cache / "published.json").unlink()
    assert shop.build() == 0
    assert shop.bytes() == before
