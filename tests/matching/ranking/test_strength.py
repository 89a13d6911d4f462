"""How strong a match is called beside others in its list."""

import numpy as np
import pytest

from matching.background import prepare_background, read_trades
from matching.encoders.hashing import HashingEncoder
from matching.ranking.calibration import calibrate, fall_behind, fall_behind_trades
from matching.records import Query
from tests.matching.memory_source import MemorySource, make_engine

NEED = "We need somebody who knows silicon carbide epitaxy: the wafer yield is low after etching."
FITTING = "Silicon carbide epitaxy and wafer yield for ten years. Knows etching."
NEARLY = "Wafer grinding and slicing for ten years. Knows polishing and yield."
DESCRIPTION = (
    "Wafer yield falls after etching. Silicon carbide epitaxy leaves defects. "
    "Polishing removes some of them."
)
ORDER = ("weak", "possible", "strong")


def test_the_best_of_a_list_keeps_its_figure_and_the_others_lose_as_they_stand_behind() -> None:
    judged = np.array([0.30, 0.29, 0.20])
    fallen = fall_behind(judged, 0.30)
    assert fallen[0] == 0.30
    assert judged[1] - fallen[1] == pytest.approx(0.025)
    assert judged[2] - fallen[2] == pytest.approx(0.25)


def test_nobody_rises_above_the_figure_that_he_has_alone() -> None:
    judged = np.random.default_rng(1).normal(size=200)
    assert (fall_behind(judged, judged[:100].max()) <= judged).all()


def test_equals_of_one_kind_are_equally_strong_and_a_worse_one_is_no_stronger_for_company() -> None:
    source = MemorySource()
    source.put(1, FITTING)
    source.put(2, FITTING)
    source.put(3, NEARLY)
    found = {r.provider_id: r for r in make_engine(source).match(Query(NEED)).results}
    assert found[1].strength == found[2].strength
    assert found[1].features["judged"] == found[2].features["judged"]
    alone = MemorySource()
    alone.put(3, NEARLY)
    (by_itself,) = make_engine(alone).match(Query(NEED)).results
    assert found[3].features["judged"] <= by_itself.features["judged"]
    assert ORDER.index(found[3].strength) <= ORDER.index(by_itself.strength)


def test_rivals_are_of_one_kind() -> None:
    source = MemorySource()
    source.put(1, FITTING, "mentor")
    source.put(2, NEARLY, "centre")
    among = {r.provider_id: r for r in make_engine(source).match(Query(NEED)).results}
    alone = MemorySource()
    alone.put(2, NEARLY, "centre")
    alone.put(1, "Counts birds in the marsh.", "mentor")
    beside = {r.provider_id: r for r in make_engine(alone).match(Query(NEED)).results}
    # Words are rarer or commoner with other texts in the pool, so nearly and not exactly.
    assert among[2].features["judged"] == pytest.approx(beside[2].features["judged"], abs=0.05)


@pytest.mark.parametrize("text", [NEED, DESCRIPTION])
def test_nobody_stronger_stands_below_a_weaker_one(text: str) -> None:
    source = MemorySource()
    for number, words in enumerate((NEARLY, FITTING, DESCRIPTION, "Counts birds.", FITTING)):
        source.put(number + 1, words)
    levels = [ORDER.index(r.strength) for r in make_engine(source).match(Query(text)).results]
    assert levels == sorted(levels, reverse=True)


def test_bounds_are_those_of_lists_that_nobody_fits() -> None:
    calibration = calibrate(prepare_background(HashingEncoder()))
    assert 0 < calibration.possible < calibration.strong
    assert 0 < calibration.possible_across < calibration.strong_across


TWO_WISHES = (
    "We need an expert who knows silicon carbide epitaxy, the wafer yield is low after etching. "
    "In addition we are raising seed money from funds that invest in laser welding of hulls."
)
FUND = "Seed fund. We invest in laser welding of ship hulls and marine yards."


def test_who_answers_one_of_two_wishes_is_as_strong_as_if_it_were_the_only_one() -> None:
    source = MemorySource()
    source.put(1, FITTING, "mentor")
    source.put(2, FUND, "investor")
    source.put(3, NEARLY, "mentor")
    found = {
        r.provider_id: r
        for r in make_engine(source).match(Query(TWO_WISHES, asked="mentor")).results
    }
    assert found[1].features["asked"] == found[2].features["asked"] == 1
    for provider, wish in zip((1, 2), TWO_WISHES.split(". ", 1), strict=True):
        kind = found[provider].kind
        (alone,) = [
            r
            for r in make_engine(source).match(Query(wish, asked=kind)).results
            if r.provider_id == provider
        ]
        assert found[provider].features["judged"] == pytest.approx(
            alone.features["judged"], abs=0.12
        )
        assert found[provider].strength == alone.strength


def test_of_two_wishes_a_list_of_one_kind_goes_by_the_one_that_asks_it() -> None:
    source = MemorySource()
    source.put(1, FUND, "investor")
    source.put(2, "Seed fund. We invest in silicon carbide epitaxy and wafer etching.", "investor")
    results = make_engine(source).match(Query(TWO_WISHES, kind="investor")).results
    assert [r.provider_id for r in results] == [1, 2]


WELDER = (
    "Knows wafer yield after etching and low yield of silicon carbide. "
    "Laser welding of ship hulls is known too."
)
TWO_EXPERTS = (
    "We need an expert who knows silicon carbide epitaxy, the wafer yield is low after etching. "
    "In addition we need an expert who knows laser welding of ship hulls in marine yards."
)


def test_each_wish_has_a_list_of_its_own_and_that_counts_in_which_somebody_stands_best() -> None:
    source = MemorySource()
    source.put(1, "Expert who knows silicon carbide epitaxy and low wafer yield after etching.")
    # Nearer to the first wish, for which there is a better one.
    source.put(2, WELDER)
    found = {r.provider_id: r for r in make_engine(source).match(Query(TWO_EXPERTS)).results}
    assert found[1].wish == 1
    assert found[2].wish == 2
    alone = MemorySource()
    alone.put(2, WELDER)
    (by_itself,) = make_engine(alone).match(Query(TWO_EXPERTS)).results
    assert by_itself.wish == 1


def test_a_list_loses_where_another_trade_is_nearer_and_only_there() -> None:
    judged = np.array([0.30, 0.20, 0.10])
    assert not fall_behind_trades(judged, 0.05).any()
    # A little nearer says nothing yet.
    assert fall_behind_trades(judged, 0.105)[2] == 0
    lost = fall_behind_trades(judged, 0.25)
    assert lost[0] == 0 < lost[1] < lost[2]
    assert (judged - lost)[2] < judged[1] - lost[1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_is_near_by_the_words_of_asking_is_weak_beside_the_trade_that_is_asked(
    language: str,
) -> None:
    trade = next(each for each in read_trades() if each.language == language)
    source = MemorySource()
    source.put(1, trade.text)
    source.put(2, FITTING)
    found = {r.provider_id: r for r in make_engine(source).match(Query(trade.text)).results}
    # Whoever is of the trade himself stays what he is.
    assert found[1].strength == "strong"
    assert found[2].strength == "weak"
    assert found[2].features["judged"] == 0
