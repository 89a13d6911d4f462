"""Which outcomes say that one was preferred to another, and how much each of them counts."""

from dataclasses import replace

import numpy as np
import pytest

from matching.learning.preferences import (
    MOST_OF_ONE_ASKER,
    MOST_WEIGHT,
    Grade,
    Preferences,
    Shown,
    expect_attention,
    limit_askers,
    list_preferences,
)

LEFT = (Grade.REFUSED, Grade.LEFT)
REFUSED = (Grade.REFUSED, Grade.REFUSED)
PENDING = (Grade.ASKED, Grade.RATED_WELL)
WITHDRAWN = (Grade.ASKED, Grade.ASKED)
ACCEPTED = (Grade.ACCEPTED, Grade.ACCEPTED)
HELD = (Grade.HELD, Grade.HELD)
RATED_WELL = (Grade.RATED_WELL, Grade.RATED_WELL)
CHANCE = 0.01


def show(
    *spans: tuple[Grade, Grade],
    propensities: tuple[float, ...] | None = None,
    scores: tuple[float, ...] | None = None,
) -> Shown:
    """One list with these outcomes, from its first place on."""
    count = len(spans)
    nothing = np.zeros(count)
    return Shown(
        lists=np.ones(count, dtype=np.int64),
        askers=np.full(count, 7),
        places=np.arange(1, count + 1),
        propensities=np.ones(count) if propensities is None else np.array(propensities),
        scores=nothing if scores is None else np.array(scores),
        least=np.array([span[0] for span in spans], dtype=np.int64),
        most=np.array([span[1] for span in spans], dtype=np.int64),
        whole=nothing,
        late=nothing,
        back=nothing,
        words=nothing,
        one_language=nothing > 0,
        rest=nothing,
    )


def list_preferences_of(shown: Shown) -> Preferences:
    return list_preferences(shown, CHANCE)


def list_pairs(shown: Shown) -> set[tuple[int, int]]:
    """The places of each better and worse."""
    found = list_preferences_of(shown)
    return {
        (int(shown.places[better]), int(shown.places[worse]))
        for better, worse in zip(found.better, found.worse, strict=True)
    }


def test_each_step_further_is_preferred_to_all_before_it() -> None:
    shown = show(REFUSED, WITHDRAWN, ACCEPTED, HELD, RATED_WELL)
    assert list_pairs(shown) == {
        (better, worse) for better in range(2, 6) for worse in range(1, better)
    }


def test_what_was_left_is_worse_than_what_was_asked_and_no_better_than_what_was_refused() -> None:
    assert list_pairs(show(LEFT, WITHDRAWN, REFUSED)) == {(2, 1), (2, 3)}
    assert list_pairs(show(LEFT, REFUSED)) == set()


def test_an_answer_that_is_still_due_may_yet_be_the_best() -> None:
    assert list_pairs(show(PENDING, HELD, LEFT)) == {(1, 3), (2, 3)}


def test_lists_are_not_compared_with_each_other() -> None:
    shown = replace(show(HELD, LEFT, HELD, LEFT), lists=np.array([1, 2, 2, 1]))
    assert list_pairs(shown) == {(1, 4), (3, 2)}


def test_a_longer_list_counts_no_more_than_a_shorter_one() -> None:
    short, long = show(HELD, LEFT), show(HELD, *[LEFT] * 9)
    assert list_preferences_of(short).weights.sum() == pytest.approx(1)
    assert list_preferences_of(long).weights.sum() == pytest.approx(1)


def test_who_was_asked_from_far_down_counts_more() -> None:
    found = list_preferences_of(show(*[LEFT] * 9, HELD))
    assert found.weights.sum() == pytest.approx(1 / expect_attention(np.array([10]))[0])


def test_neighbours_whose_order_was_drawn_count_by_the_probability_of_the_order() -> None:
    drawn = show(LEFT, HELD, propensities=(0.25, 0.25))
    assert list_preferences_of(drawn).weights.tolist() == pytest.approx([4.0])
    rare = show(LEFT, HELD, propensities=(0.001, 0.001))
    assert list_preferences_of(rare).weights.tolist() == pytest.approx([MOST_WEIGHT])


def test_chance_elsewhere_in_the_list_changes_nothing() -> None:
    apart = show(LEFT, LEFT, HELD, propensities=(0.3, 1.0, 0.3))
    plain = show(LEFT, LEFT, HELD)
    assert list_preferences_of(apart).weights == pytest.approx(list_preferences_of(plain).weights)


def test_neighbours_who_are_no_near_equals_did_not_change_places_by_chance() -> None:
    # Each may have changed places, but with somebody else.
    apart = show(LEFT, HELD, propensities=(0.9, 0.9), scores=(0.6, 0.5))
    attention = expect_attention(np.array([2]))[0]
    assert list_preferences_of(apart).weights.tolist() == pytest.approx([1 / attention])


def test_drawn_orders_undo_the_advantage_of_the_upper_place() -> None:
    # Two who are equally good; the upper place is asked three times as often as the lower.
    generator = np.random.default_rng(3)
    swapped, lead = 0.2, 0.0
    for _ in range(4000):
        is_swapped = generator.random() < swapped
        upper_asked = generator.random() < 0.75
        probability = swapped if is_swapped else 1 - swapped
        spans = (HELD, LEFT) if upper_asked else (LEFT, HELD)
        weight = list_preferences_of(show(*spans, propensities=(probability,) * 2)).weights.sum()
        first_asked = upper_asked != is_swapped
        lead += weight if first_asked else -weight
    # Without the weights the lead would be 0.3 · 4000.
    assert abs(lead) / 4000 < 0.1


def test_nothing_shown_and_nothing_asked_are_no_preferences() -> None:
    assert list_pairs(show()) == set()
    assert list_pairs(show(LEFT, LEFT, REFUSED)) == set()
    nothing = list_preferences_of(show())
    assert limit_askers(nothing) is nothing


def test_whoever_asks_without_end_counts_a_few_times_as_much_as_the_median_one() -> None:
    askers = np.array([1] + [2] * 2 + [3] * 97)
    positions = np.arange(100)
    limited = limit_askers(Preferences(positions, positions + 100, np.ones(100), askers))
    assert limited.weights[:3].tolist() == [1.0] * 3
    assert limited.weights[3:].sum() == pytest.approx(2 * MOST_OF_ONE_ASKER)
    assert len(set(limited.weights[3:].tolist())) == 1
