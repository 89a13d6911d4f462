"""Weights learned from outcomes of founders whose own weights we know."""

from dataclasses import fields, replace

import numpy as np
import pytest

from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from matching.learning.fitting import (
    LEAST_ASKERS,
    LEAST_PREFERENCES,
    TooLittleHappened,
    learn_weights,
    score_shown,
)
from matching.learning.preferences import Grade, Shown, list_preferences
from matching.ranking.weights import SHIPPED, Weights
from matching.records import Query
from tests.matching.made_outcomes import CALIBRATION, OTHERS, make_shown
from tests.matching.memory_source import MemorySource, read_background


def measure_distance(weights: Weights) -> float:
    """How far the shares are from those by which the founders go."""
    return sum(
        abs(getattr(weights, part) - getattr(OTHERS, part))
        for part in ("whole", "late", "back", "words")
    )


def test_what_founders_go_by_is_found_and_proves_better_on_outcomes_held_out() -> None:
    learned = learn_weights(make_shown(600), SHIPPED, CALIBRATION, version="learned-1")

    assert learned.weights.version == "learned-1"
    assert learned.weights.whole > 0.35
    assert measure_distance(learned.weights) < 0.55 * measure_distance(SHIPPED)
    assert learned.quality.difference > 0.02
    assert 0 < learned.quality.low <= learned.quality.difference <= learned.quality.high
    assert learned.quality.learned - learned.quality.active == pytest.approx(
        learned.quality.difference, abs=2e-4
    )


def test_better_on_held_out_outcomes_means_better_on_new_ones() -> None:
    learned = learn_weights(make_shown(600), SHIPPED, CALIBRATION, version="new").weights
    later = make_shown(400, seed=77)
    preferences = list_preferences(later, SHIPPED.chance)

    def count_kept(weights: Weights) -> float:
        scores = score_shown(later, weights, CALIBRATION)
        kept = scores[preferences.better] > scores[preferences.worse]
        return float(np.average(kept, weights=preferences.weights))

    assert count_kept(learned) > count_kept(SHIPPED) + 0.02


def test_only_the_shares_of_relevance_are_learned() -> None:
    learned = learn_weights(make_shown(200), SHIPPED, CALIBRATION, version="new").weights
    parts = {part: getattr(SHIPPED, part) for part in ("whole", "late", "back", "words")}
    assert replace(learned, version=SHIPPED.version, **parts) == SHIPPED
    assert learned.whole + learned.late + learned.back + learned.words == pytest.approx(1)


def test_the_more_happened_the_further_the_weights_move() -> None:
    def learn(askers: int) -> float:
        shown = make_shown(askers)
        return measure_distance(learn_weights(shown, SHIPPED, CALIBRATION, version="new").weights)

    assert measure_distance(SHIPPED) > learn(60) > learn(250) > learn(1000)


def test_founders_who_agree_with_the_present_weights_hardly_move_them() -> None:
    shown = make_shown(500, truth=SHIPPED)
    learned = learn_weights(shown, SHIPPED, CALIBRATION, version="new")

    assert abs(learned.quality.difference) < 0.005
    for part in ("whole", "late", "back", "words"):
        assert getattr(learned.weights, part) == pytest.approx(getattr(SHIPPED, part), abs=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_outcomes_without_any_reason_do_not_prove_a_version(seed: int) -> None:
    shown = make_shown(200, seed=seed)
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(shown.least))
    shuffled = replace(
        shown,
        least=shown.least[order],
        most=shown.most[order],
        places=np.ones_like(shown.places),
    )
    quality = learn_weights(shuffled, SHIPPED, CALIBRATION, version="new").quality
    assert quality.low < 0.01
    assert 0.4 < quality.active < 0.6


def test_one_startup_with_needs_without_end_hardly_moves_the_weights() -> None:
    many = make_shown(60)
    # One founder goes by words alone, and has stated five hundred needs.
    by_words = replace(SHIPPED, whole=0.02, late=0.03, back=0.02, words=0.93)
    endless = make_shown(1, truth=by_words, lists_each=500, seed=9)
    both = Shown(
        **{
            each.name: np.concatenate(
                [
                    getattr(many, each.name),
                    # Lists and askers of their own.
                    getattr(endless, each.name) + 1000 * (each.name in ("lists", "askers")),
                ]
            )
            for each in fields(Shown)
        }
    )
    without, learned = (
        learn_weights(shown, SHIPPED, CALIBRATION, version="new").weights for shown in (many, both)
    )
    for part in ("whole", "late", "back", "words"):
        assert getattr(learned, part) == pytest.approx(getattr(without, part), abs=0.03)


def test_the_same_outcomes_teach_the_same_in_any_order() -> None:
    shown = make_shown(120)
    order = np.random.default_rng(5).permutation(len(shown.lists))
    shuffled = Shown(**{name: getattr(shown, name)[order] for name in Shown.__dataclass_fields__})
    first = learn_weights(shown, SHIPPED, CALIBRATION, version="new").weights
    second = learn_weights(shuffled, SHIPPED, CALIBRATION, version="new").weights
    for part in ("whole", "late", "back", "words"):
        assert getattr(first, part) == pytest.approx(getattr(second, part), abs=2e-4)


def test_a_part_that_speaks_against_the_outcomes_gets_no_negative_weight() -> None:
    shown = make_shown(600)
    against = replace(shown, words=1 - shown.words, one_language=np.ones_like(shown.one_language))
    learned = learn_weights(against, SHIPPED, CALIBRATION, version="new").weights
    assert learned.words == 0
    assert min(learned.whole, learned.late, learned.back) >= 0


def test_outcomes_for_which_only_words_would_speak_change_nothing() -> None:
    shown = make_shown(600)
    against = {part: 1 - getattr(shown, part) for part in ("whole", "late", "back")}
    one_language = np.ones_like(shown.one_language)
    turned = replace(shown, **against, one_language=one_language)
    learned = learn_weights(turned, SHIPPED, CALIBRATION, version="new").weights
    assert learned == replace(SHIPPED, version="new")


def test_what_the_stated_amounts_did_is_not_credited_to_the_parts() -> None:
    # Founders shun who misses a condition; here those happen to share many words.
    shown = make_shown(400, truth=SHIPPED)
    moved = replace(shown, words=np.clip(shown.words - 4 * shown.rest, 0, 1))
    learned = learn_weights(moved, SHIPPED, CALIBRATION, version="new").weights
    without = learn_weights(
        replace(moved, rest=np.zeros_like(moved.rest)), SHIPPED, CALIBRATION, version="new"
    ).weights
    assert learned.words > without.words


def choose(shown: Shown, chosen: np.ndarray) -> Shown:
    return Shown(**{name: getattr(shown, name)[chosen] for name in Shown.__dataclass_fields__})


@pytest.mark.parametrize("askers", [0, 1, LEAST_ASKERS - 1])
def test_too_few_startups_are_refused_with_what_was_there(askers: int) -> None:
    shown = make_shown(LEAST_ASKERS, lists_each=20)
    few = choose(shown, shown.askers < askers)
    with pytest.raises(TooLittleHappened) as refused:
        learn_weights(few, SHIPPED, CALIBRATION, version="new")
    assert refused.value.askers == askers
    assert str(LEAST_PREFERENCES) in str(refused.value)
    learn_weights(shown, SHIPPED, CALIBRATION, version="new")


def test_too_few_preferences_of_many_startups_are_refused() -> None:
    shown = make_shown(LEAST_PREFERENCES, lists_each=1)
    one_each = replace(
        shown,
        least=np.where(shown.places == 1, Grade.ASKED, Grade.REFUSED),
        most=np.where(shown.places == 2, Grade.LEFT, Grade.RATED_WELL),
    )
    enough = learn_weights(one_each, SHIPPED, CALIBRATION, version="new")
    assert enough.quality.preferences == LEAST_PREFERENCES
    with pytest.raises(TooLittleHappened) as refused:
        few = choose(one_each, one_each.lists < LEAST_PREFERENCES - 1)
        learn_weights(few, SHIPPED, CALIBRATION, version="new")
    assert refused.value.preferences == LEAST_PREFERENCES - 1


TEXTS = (
    "Ran a silicon-carbide wafer line. Raised its yield from 40 to 75 %.",
    "Sells devices to hospitals. Knows tenders and distributors.",
    "负责碳化硅晶圆产线十年，把良率从百分之四十提高到百分之七十五。",
    "熟悉 SiC MOSFET 的可靠性试验。做过车规认证。",
    "Designs power modules in silicon carbide. Reviews gate drivers.",
)


@pytest.mark.parametrize(
    "need", ["Our silicon-carbide yield is low. Who ran a line?", "碳化硅良率低"]
)
def test_what_is_kept_of_a_match_gives_its_relevance_under_any_weights(need: str) -> None:
    source = MemorySource()
    for number, words in enumerate(TEXTS, start=1):
        source.put(number, words)
    query = Query(need, all_published=True)
    shipped = Engine(HashingEncoder(), source, background=read_background())
    others = Engine(HashingEncoder(), source, background=read_background(), weights=OTHERS)
    ranked = sorted(shipped.match(query).results, key=lambda result: result.provider_id)
    expected = sorted(others.match(query).results, key=lambda result: result.provider_id)
    shown = replace(
        make_shown(1, lists_each=1),
        **{
            name: np.array([result.features[name] for result in ranked])
            for name in ("whole", "late", "back", "words")
        },
        one_language=np.array([result.features["one_language"] > 0 for result in ranked]),
        rest=np.zeros(len(ranked)),
    )
    scores = score_shown(shown, OTHERS, shipped.ranker.calibration)
    assert scores == pytest.approx([result.features["relevance"] for result in expected], abs=3e-6)
