"""Levels of attention, by hand."""

import numpy as np
import pytest

from matching.ranking.exposure import (
    LEVELS,
    NEWCOMER_DAYS,
    NEWCOMER_NEEDS,
    choose_levels,
    is_still_new,
    measure_attention,
)


def levels(attention: list[float], before: int = 0) -> list[int]:
    figures = np.array(attention)
    chosen = choose_levels(figures, np.full(len(figures), before, dtype=np.int64))
    return [int(level) for level in chosen]


def test_attention_falls_with_the_place() -> None:
    assert [measure_attention(rank) for rank in (1, 3, 7)] == pytest.approx([1, 1 / 2, 1 / 3])


def test_the_mean_is_half_way_and_three_times_the_mean_the_last_level() -> None:
    # So many that the amount that is added to the mean does not count.
    assert levels([1e6, 1e6]) == [8, 8]
    assert levels([0.0] * 3 + [4e6]) == [0, 0, 0, LEVELS]
    assert levels([1e6, 0.5e6, 1.5e6], before=20) == [8, 2, 13]


def test_being_shown_once_says_little_where_nothing_else_was_shown() -> None:
    assert levels([1.0] + [0.0] * 99) == [1] + [0] * 99
    assert levels([]) == []


@pytest.mark.parametrize(("before", "after"), [(7, 7), (8, 8), (6, 8), (9, 8)])
def test_a_level_holds_while_it_is_about_right(before: int, after: int) -> None:
    # The exact figure of the mean is 7.6.
    assert levels([1e6, 1e6], before) == [after, after]


def test_more_attention_never_means_a_lower_level() -> None:
    rising = levels(np.linspace(0, 60, 200).tolist())
    assert rising == sorted(rising)
    assert (rising[0], rising[-1]) == (0, 15)


def test_who_is_new() -> None:
    assert is_still_new(0, 0)
    assert is_still_new(NEWCOMER_DAYS - 0.1, NEWCOMER_NEEDS - 1)
    assert not is_still_new(NEWCOMER_DAYS, 0)
    assert not is_still_new(0, NEWCOMER_NEEDS)
