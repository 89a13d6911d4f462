"""What chance does to a list, and whether the logged probabilities are those of what happens."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.ranking.exploration import choose_swaps, draw_order, measure_propensities

SEEDS = 20_000


def test_equals_are_swapped_by_half_and_those_far_apart_never() -> None:
    scores = np.array([0.9, 0.9, 0.89, 0.80, 0.79])
    swaps = choose_swaps(scores, np.zeros(5, dtype=np.bool_), 0.02)
    assert swaps == pytest.approx([0.5, 0.25, 0.0, 0.25])


def test_nobody_fixed_is_moved() -> None:
    fixed = np.array([False, True, False, False])
    assert choose_swaps(np.ones(4), fixed, 0.02).tolist() == [0.0, 0.0, 0.5]


@pytest.mark.parametrize("count", [0, 1])
def test_short_lists_stay(count: int) -> None:
    swaps = choose_swaps(np.ones(count), np.zeros(count, dtype=np.bool_), 0.02)
    assert len(swaps) == 0


def test_an_amount_of_nothing_swaps_nobody() -> None:
    assert choose_swaps(np.ones(3), np.zeros(3, dtype=np.bool_), 0.0).tolist() == [0.0, 0.0]


def test_logged_probabilities_are_the_observed_frequencies() -> None:
    swaps = np.array([0.5, 0.1, 0.0, 0.35, 0.5])
    seen: Counter[tuple[int, int]] = Counter()
    logged: dict[tuple[int, int], float] = {}
    for seed in range(SEEDS):
        order = draw_order(swaps, seed, "mentor")
        propensities = measure_propensities(swaps, order)
        for place, (who, propensity) in enumerate(zip(order, propensities, strict=True)):
            outcome = (int(who), place)
            seen[outcome] += 1
            assert logged.setdefault(outcome, float(propensity)) == propensity
    # Five deviations of a frequency of ½.
    tolerance = 5 * 0.5 / np.sqrt(SEEDS)
    assert {outcome: count / SEEDS for outcome, count in seen.items()} == pytest.approx(
        logged, abs=tolerance
    )
    for place in range(len(swaps) + 1):
        assert sum(p for (_, at), p in logged.items() if at == place) == pytest.approx(1)


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=12), st.integers(0, 2**31 - 1), st.text())
def test_a_draw_moves_each_by_one_place_at_most_and_says_how_probable_that_was(
    probabilities: list[float], seed: int, salt: str
) -> None:
    swaps = np.array(probabilities)
    order = draw_order(swaps, seed, salt)
    places = np.arange(len(order))
    assert sorted(order.tolist()) == places.tolist()
    assert np.abs(order - places).max() <= 1
    propensities = measure_propensities(swaps, order)
    assert ((propensities > 0) & (propensities <= 1)).all()
    assert draw_order(swaps, seed, salt).tolist() == order.tolist()


def test_lists_of_one_seed_are_drawn_independently() -> None:
    swaps = np.full(9, 0.5)
    same = [
        draw_order(swaps, seed, "mentor").tolist() == draw_order(swaps, seed, "centre").tolist()
        for seed in range(200)
    ]
    assert sum(same) < 40
