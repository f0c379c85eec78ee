"""The course of the training."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.recipe import RECIPE, Recipe


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    recipe = Recipe(steps=100, warm_up=10, decay=50)
    shares = [recipe.rate_share(step) for step in range(101)]
    assert shares[:3] == [0.1, 0.2, pytest.approx(0.3)]
    assert set(shares[9:51]) == {1.0}
    assert shares[75] == 0.5
    assert shares[100] == 0


@given(st.integers(0, RECIPE.steps - 1))
def test_every_step_of_the_recipe_learns(step: int) -> None:
    assert 0 < RECIPE.rate_share(step) <= 1


def test_a_longer_training_is_another_recipe() -> None:
    assert replace(RECIPE, steps=RECIPE.steps + 1) != RECIPE
