"""The places that lists keep for newcomers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.ranking.newcomers import count_places, keep_places
from matching.ranking.weights import SHIPPED

WEIGHTS = replace(SHIPPED, newcomer_share=0.25, newcomer_margin=0.1)


def keep(scores: list[float], new: list[int], limit: int = 4) -> tuple[list[int], list[bool]]:
    is_new = np.zeros(len(scores), dtype=np.bool_)
    is_new[new] = True
    shown, kept = keep_places(np.array(scores), is_new, limit, WEIGHTS)
    return shown.tolist(), kept.tolist()


@pytest.mark.parametrize(("limit", "places"), [(1, 0), (4, 1), (7, 1), (8, 2), (20, 5)])
def test_counts_whole_places(limit: int, places: int) -> None:
    assert count_places(limit, WEIGHTS) == places


def test_one_place_of_ten_is_kept_as_shipped() -> None:
    assert [count_places(limit, SHIPPED) for limit in (9, 10, 30)] == [0, 1, 3]


def test_the_best_newcomer_takes_the_last_place() -> None:
    shown = keep([0.9, 0.8, 0.7, 0.6, 0.55, 0.54, 0.53], new=[5, 6])
    assert shown == ([0, 1, 2, 5], [False, False, False, True])


def test_a_newcomer_who_stands_there_anyway_is_enough() -> None:
    shown = keep([0.9, 0.8, 0.7, 0.6, 0.55], new=[1, 4])
    assert shown == ([0, 1, 2, 3], [False] * 4)


def test_a_newcomer_too_far_behind_gets_no_place() -> None:
    assert keep([0.9, 0.8, 0.7, 0.6, 0.49], new=[4])[0] == [0, 1, 2, 3]
    assert keep([0.9, 0.8, 0.7, 0.6, 0.51], new=[4])[0] == [0, 1, 2, 4]


def test_newcomers_make_no_room_for_newcomers() -> None:
    shown, kept = keep([0.9, 0.8, 0.7, 0.6, 0.6, 0.59, 0.58, 0.57, 0.56, 0.55], [7, 8], limit=8)
    assert shown == [0, 1, 2, 3, 4, 5, 7, 8]
    assert kept == [False] * 7 + [True]


def test_a_list_that_is_not_full_shows_everybody() -> None:
    assert keep([0.9, 0.8], new=[]) == ([0, 1], [False, False])
    assert keep([], new=[]) == ([], [])


@given(st.data())
def test_shown_scores_never_rise_and_nobody_is_shown_twice(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 30))
    drawn = data.draw(st.lists(st.floats(0, 1), min_size=count, max_size=count))
    ordered = np.array(sorted(drawn, reverse=True))
    is_new = np.array(
        data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), dtype=np.bool_
    )
    limit = data.draw(st.integers(1, 20))
    shown, kept = keep_places(ordered, is_new, limit, WEIGHTS)
    assert len(shown) == len(kept) == len(set(shown.tolist())) == min(count, limit)
    assert (np.diff(ordered[shown]) <= 0).all()
    assert is_new[shown[kept]].all()
    wanted = min(count_places(limit, WEIGHTS), len(shown))
    waiting = is_new & (ordered >= ordered[limit - 1] - 0.1) if count > limit else is_new
    assert int(is_new[shown].sum()) >= min(wanted, int(waiting.sum()))
