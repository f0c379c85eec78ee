"""Recipes: a text comes back exactly, and holds no words of the article before it does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.public.recipes import BadRecipe, follow, recipe_for

TEXT = "By TARIN OBELL in Quellport\nHarbour minister sets out ten years of work"


def test_a_text_that_stands_there_is_one_piece() -> None:
    assert recipe_for("Harbour minister", TEXT) == "[[28,44]]"
    assert follow("[[28,44]]", TEXT) == "Harbour minister"


def test_pieces_are_joined_by_what_the_article_does_not_have() -> None:
    recipe = recipe_for("Quellport … work", TEXT)
    assert recipe is not None
    assert (
        json.loads(recipe) == [[18, 27], [2, 3], "…", [67, 72]] or follow(recipe, TEXT) == "Quellport … work"
    )


@given(st.text("abc …é", max_size=30), st.text("abc de", max_size=60))
def test_every_text_comes_back(cell: str, text: str) -> None:
    recipe = recipe_for(cell, text)
    assert recipe is not None and follow(recipe, text) == cell
    assert all(piece not in text for piece in json.loads(recipe) if isinstance(piece, str))


def test_a_text_of_another_kind_has_no_recipe() -> None:
    assert recipe_for("x" * 401, TEXT) is None


@pytest.mark.parametrize(
    "recipe",
    [
        "",
        "{}",
        "[[0,99999]]",
        "[[-1,4]]",
        "[[4,4]]",
        '["two words"]',
        "[[1,2,3]]",
        "[null]",
        "[[false,2]]",
        "[" * 5000,
        json.dumps([[0, 1]] * 500),
    ],
)
def test_a_recipe_from_elsewhere_may_be_anything(recipe: str) -> None:
    with pytest.raises(BadRecipe):
        follow(recipe, TEXT)
