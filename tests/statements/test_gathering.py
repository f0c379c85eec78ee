"""Statements gathered from links: groups of parts, most of which are linked to each other."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.statements.gathering import Part, PartLink, Statement, gather


def part(name: str) -> Part:
    return Part(name, 0, 5, name)


def linked(
    first: str, second: str, share: float = 0.8, of_first: float = 0.8, of_second: float = 0.8
) -> PartLink:
    return PartLink(part(first), part(second), share, of_first, of_second, share)


def gathered(*links: PartLink, same_article: str = "") -> list[Statement]:
    """Gather links; each part is of an article of its own, but for those of `same_article`."""
    names = {one.quote_id for link in links for one in (link.first, link.second)}
    return gather(links, {name: "one" if name in same_article else name for name in names})


def groups(found: list[Statement]) -> list[list[str]]:
    return [[s.gist.quote_id, *(o.second.quote_id for o in s.others)] for s in found]


def test_two_parts_are_a_statement() -> None:
    assert gathered(linked("a", "b")) == [Statement(part("a"), (linked("a", "b"),))]


def test_the_part_that_is_like_most_others_is_the_gist() -> None:
    [found] = gathered(linked("a", "m", of_first=0.9), linked("b", "m"), linked("a", "b", 0.5))
    assert found.gist == part("m")
    assert [one.second.quote_id for one in found.others] == ["a", "b"]
    # Turned round: the shares are those of the gist and of the other part.
    assert (found.others[0].of_first, found.others[0].of_second) == (0.8, 0.9)


def test_a_chain_is_not_one_statement() -> None:
    chain = [linked(one, other, 0.9) for one, other in ("ab", "bc", "cd", "de", "ef")]
    assert groups(gathered(*chain)) == [["b", "a", "c"], ["e", "d", "f"]]


def test_the_stronger_link_goes_first() -> None:
    found = gathered(linked("a", "m", 0.6), linked("m", "z", 0.9), same_article="az")
    assert groups(found) == [["m", "z"]]


def test_a_part_that_is_not_linked_to_the_gist_shows_its_best_link() -> None:
    # Half of the pairs between a, b and c, d are linked; a and d are not.
    pairs = [("a", "b", 0.9), ("c", "d", 0.9), ("a", "c", 0.8), ("b", "d", 0.8)]
    [one] = gathered(*(linked(*pair) for pair in pairs))
    assert one.gist == part("a")
    assert [(o.first.quote_id, o.second.quote_id) for o in one.others] == [("a", "b"), ("a", "c"), ("c", "d")]


def test_nothing_gives_nothing() -> None:
    assert gathered() == []


names = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(names, names, st.sampled_from([0.5, 0.7, 0.9])), max_size=20), st.randoms())
def test_every_part_is_in_one_statement_whatever_the_order(links, random) -> None:  # type: ignore[no-untyped-def]
    pairs = {tuple(sorted((a, b))): share for a, b, share in links if a != b}
    made = [linked(a, b, share) for (a, b), share in sorted(pairs.items())]
    found = gathered(*made, same_article="ab")
    parts = [p for s in found for p in (s.gist, *(o.second for o in s.others))]
    assert len(parts) == len(set(parts))
    for group in groups(found):
        assert not {"a", "b"} <= set(group)
    for statement in found:
        members = {statement.gist, *(other.second for other in statement.others)}
        for other in statement.others:
            assert other.first in members
            assert tuple(sorted((other.first.quote_id, other.second.quote_id))) in pairs
    random.shuffle(made)
    assert gathered(*made, same_article="ab") == found
