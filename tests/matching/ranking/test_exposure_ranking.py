"""What the standing of a provider does to its rank: load, attention, silence, being new, chance."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from matching.ranking.calibration import POSSIBLE, STRONG, WEAK
from matching.ranking.exposure import LEVELS
from matching.ranking.weights import SHIPPED, Weights
from matching.records import Against, Query, Standing
from tests.bench.city_life import PLACES, Life, Texts, Year
from tests.matching.memory_source import MemorySource, make_engine, read_background

NEED = "Silicon carbide wafer yield is low. We need somebody who knows epitaxy and etching."
FITTING = "Silicon carbide wafer yield and epitaxy for ten years. Knows etching."
LESS_FITTING = "Silicon carbide wafer yield and epitaxy for ten years. Knows etching and polishing."
QUERY = Query(NEED, "mentor", all_published=True)
STRENGTHS = (WEAK, POSSIBLE, STRONG)


WEIGHTS = replace(SHIPPED, duplicate=0.0)


def engine_with(source: MemorySource, weights: Weights = WEIGHTS) -> Engine:
    return Engine(HashingEncoder(), source, background=read_background(), weights=weights)


def score_one(standing: Standing) -> tuple[float, dict[str, float], tuple[Against, ...]]:
    source = MemorySource()
    source.put(1, FITTING, standing=standing)
    (result,) = make_engine(source).match(QUERY).results
    return result.score, dict(result.features), result.against


def test_attention_load_and_silence_lower_the_score_by_the_stated_amounts() -> None:
    plain, _, _ = score_one(Standing(capacity=4, free_capacity=4))
    shown, features, _ = score_one(Standing(capacity=4, free_capacity=4, recent_exposure=LEVELS))
    assert features["exposure"] == 1
    assert plain - shown == pytest.approx(SHIPPED.exposure, abs=2e-6)
    half, features, _ = score_one(Standing(capacity=4, free_capacity=2))
    assert features["load"] == 0.5
    assert plain - half == pytest.approx(SHIPPED.load / 4, abs=2e-6)
    silent, features, _ = score_one(
        Standing(capacity=4, free_capacity=4, recent_requests=6, unanswered_requests=4)
    )
    assert features["silence"] == 0.5
    assert plain - silent == pytest.approx(SHIPPED.silence / 2, abs=2e-6)


@pytest.mark.parametrize(
    ("requests", "unanswered", "said"),
    [(1, 1, False), (4, 1, False), (2, 2, True), (4, 2, True), (5, 2, False), (10, 10, True)],
)
def test_silence_is_said_of_who_left_half_of_several_requests_unanswered(
    requests: int, unanswered: int, said: bool
) -> None:
    _, _, against = score_one(Standing(recent_requests=requests, unanswered_requests=unanswered))
    found = (str(requests - unanswered), str(requests))
    assert [each for each in against if each.code == "silence"] == (
        [Against("silence", (), found)] if said else []
    )


def test_strength_is_relevance_alone() -> None:
    source = MemorySource()
    source.put(1, FITTING)
    source.put(2, FITTING, standing=Standing(recent_exposure=LEVELS, recent_requests=9))
    first, second = engine_with(source).match(QUERY).results
    assert (first.provider_id, second.provider_id) == (1, 2)
    assert first.strength == second.strength
    assert first.features["relevance"] == second.features["relevance"]


def test_who_had_no_attention_is_found_behind_hundreds_who_had() -> None:
    source = MemorySource()
    for provider_id in range(1, 501):
        source.put(provider_id, FITTING, standing=Standing(recent_exposure=LEVELS))
    source.put(501, LESS_FITTING)
    results = engine_with(source, replace(WEIGHTS, exposure=0.5)).match(QUERY, limit=3).results
    assert [r.provider_id for r in results] == [501, 1, 2]


def test_a_newcomer_is_found_behind_hundreds_and_gets_the_last_place() -> None:
    source = MemorySource()
    for provider_id in range(1, 501):
        source.put(provider_id, FITTING, standing=Standing(recent_exposure=1))
    newcomer = Standing(is_newcomer=True, recent_exposure=1)
    source.put(501, LESS_FITTING, standing=newcomer)
    source.put(502, "Zoology of deep sea jellyfish.", standing=newcomer)
    results = engine_with(source, replace(WEIGHTS, newcomer_margin=0.3)).match(QUERY).results
    assert [r.provider_id for r in results] == [*range(1, 10), 501]
    assert [r.features["kept_place"] for r in results] == [0.0] * 9 + [1.0]
    assert [r.features["newcomer"] for r in results] == [0.0] * 9 + [1.0]
    assert results[-1].score < results[-2].score
    without = engine_with(source, replace(WEIGHTS, newcomer_share=0.0)).match(QUERY).results
    assert [r.provider_id for r in without] == list(range(1, 11))


def test_logged_probabilities_are_the_frequencies_of_what_is_shown() -> None:
    source = MemorySource()
    for provider_id, words in enumerate(("etching", "etching", "grinding", "slicing", "x"), 1):
        source.put(provider_id, f"Silicon carbide wafer yield for ten years. Knows {words}.")
    engine = engine_with(source, replace(WEIGHTS, chance=0.05))
    seen: Counter[tuple[int, int]] = Counter()
    logged: dict[tuple[int, int], float] = {}
    seeds = 600
    for seed in range(seeds):
        results = engine.match(replace(QUERY, seed=seed), limit=3).results
        assert [r.score for r in results] == sorted((r.score for r in results), reverse=True)
        for result in results:
            outcome = (result.provider_id, result.rank)
            seen[outcome] += 1
            assert logged.setdefault(outcome, result.propensity) == result.propensity
    assert len(seen) > 3
    assert {outcome: count / seeds for outcome, count in seen.items()} == pytest.approx(
        logged, abs=5 * 0.5 / np.sqrt(seeds)
    )
    for rank in (1, 2, 3):
        assert sum(p for (_, at), p in logged.items() if at == rank) == pytest.approx(1)


def test_without_a_seed_nothing_is_left_to_chance() -> None:
    source = MemorySource()
    for provider_id in (1, 2, 3):
        source.put(provider_id, FITTING)
    results = engine_with(source, replace(WEIGHTS, chance=1.0)).match(QUERY).results
    assert [(r.provider_id, r.propensity) for r in results] == [(1, 1.0), (2, 1.0), (3, 1.0)]


def test_chance_takes_no_kept_place_away() -> None:
    source = MemorySource()
    for provider_id in range(1, 13):
        standing = Standing(is_newcomer=provider_id == 10)
        source.put(provider_id, FITTING, standing=standing)
    engine = engine_with(source, replace(WEIGHTS, chance=1.0))
    for seed in range(60):
        shown = [r.provider_id for r in engine.match(replace(QUERY, seed=seed)).results]
        assert 10 in shown


def test_the_simulated_city_shows_what_the_engine_shows() -> None:
    generator = np.random.default_rng(3)
    words = [f"subject{number}" for number in range(12)]
    texts = [" ".join(generator.choice(words, 5)) + ". Further things." for _ in range(40)]
    needs = [" ".join(generator.choice(words, 4)) + "." for _ in range(8)]
    source = MemorySource()
    for number, text in enumerate(texts, start=1):
        source.put(number, text)
    neutral = engine_with(source, replace(WEIGHTS, newcomer_share=0.0))
    relevance = np.zeros((len(needs), len(texts)))
    for number, need in enumerate(needs):
        for mentor, score in neutral.order(replace(QUERY, text=need), limit=len(texts)):
            relevance[number, mentor - 1] = score
    index = neutral.refresh()
    rows = np.array([index.row_of[number] for number in range(1, len(texts) + 1)])
    life = Life(
        arrives=np.where(np.arange(len(texts)) % 5 == 0, 3.0, 0.0),
        capacity=np.full(len(texts), 3),
        is_silent=np.zeros(len(texts), dtype=np.bool_),
        asks_at=np.linspace(0.1, 40, 150),
        needs=generator.integers(0, len(needs), 150),
        luck=generator.random((150, 6)),
    )
    tiers = np.zeros((len(needs), len(texts)), dtype=np.int64)
    city = Texts(
        relevance=relevance,
        grades=(relevance > np.quantile(relevance, 0.8)).astype(np.float64),
        vectors=index.wholes.gather(index.whole_at[rows]),
        demand=np.full(len(needs), 1 / len(needs)),
        tiers=tiers,
    )
    weights = replace(SHIPPED, chance=0.05)
    year = Year(city, life, weights)
    year.play()
    for number in range(1, len(texts) + 1):
        source.change_standing(number, year.standings[number - 1])
    engine = engine_with(source, weights)
    moved = 0
    for number, need in enumerate(needs):
        for each in engine.match(replace(QUERY, text=need), limit=len(texts)).results:
            tiers[number, each.provider_id - 1] = STRENGTHS.index(each.strength)
        simulated, _ = year.list_shown(number, seed=number)
        shown = engine.order(replace(QUERY, text=need, seed=number), limit=PLACES)
        assert [mentor - 1 for mentor, _ in shown] == simulated.tolist()
        plain = neutral.order(replace(QUERY, text=need), limit=PLACES)
        moved += [mentor for mentor, _ in plain] != [mentor for mentor, _ in shown]
    assert moved > len(needs) / 2
