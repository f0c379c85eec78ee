"""Statements gathered from links: a gist, and what is linked to it directly."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.statements.gathering import Part, PartLink, Statement, gather


def part(name: str) -> Part:
    return Part(name, 0, 5, name)


def linked(
    first: str, second: str, share: float = 0.8, of_first: float = 0.8, of_second: float = 0.8
) -> PartLink:
    return PartLink(part(first), part(second), share, of_first, of_second, share)


def test_two_parts_are_a_statement() -> None:
    assert gather([linked("a", "b")]) == [Statement(part("a"), (linked("a", "b"),))]


def test_the_part_that_is_like_most_others_is_the_gist() -> None:
    [found] = gather([linked("a", "m", of_first=0.9), linked("m", "b"), linked("m", "c")])
    assert found.gist == part("m")
    assert [one.second.quote_id for one in found.others] == ["a", "b", "c"]
    # Turned round: the shares are those of the gist and of the other part.
    assert (found.others[0].of_first, found.others[0].of_second) == (0.8, 0.9)


def test_a_chain_is_not_one_statement() -> None:
    found = gather(
        [linked("a", "b", 0.9), linked("b", "c", 0.9), linked("c", "d", 0.9), linked("d", "e", 0.9)]
    )
    assert [[s.gist.quote_id, *(o.second.quote_id for o in s.others)] for s in found] == [
        ["b", "a", "c"],
        ["d", "e"],
    ]


def test_nothing_gives_nothing() -> None:
    assert gather([]) == []


names = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(names, names, st.sampled_from([0.5, 0.7, 0.9])), max_size=20), st.randoms())
def test_every_part_is_in_one_statement_whatever_the_order(links, random) -> None:  # type: ignore[no-untyped-def]
    pairs = {tuple(sorted((a, b))): share for a, b, share in links if a != b}
    made = [linked(a, b, share) for (a, b), share in sorted(pairs.items())]
    found = gather(made)
    parts = [p for s in found for p in (s.gist, *(o.second for o in s.others))]
    assert len(parts) == len(set(parts))
    for statement in found:
        for other in statement.others:
            assert other.first == statement.gist
            assert tuple(sorted((statement.gist.quote_id, other.second.quote_id))) in pairs
    random.shuffle(made)
    assert gather(made) == found
