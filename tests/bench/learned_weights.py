"""How much of what founders go by is learned, from how many of them, and how often by mistake.

Founders who go by weights that we know ask from lists that the shipped weights ranked, looking at
lower places less. Judged is what no outcome shows: over new lists, the share of all pairs that a
ranking orders as the founders would. Nothing here needs an encoder.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from matching.learning.fitting import learn_weights, score_shown
from matching.learning.preferences import Figures, Indices, Shown, expect_attention
from matching.ranking.weights import SHIPPED, Weights
from tests.matching.made_outcomes import CALIBRATION, OTHERS, PLACES, make_shown

STARTUPS = (60, 120, 250, 500, 1000, 2000)
NAMED = 500
HISTORIES = 10
UNCHANGED_HISTORIES = 200


def measure() -> dict[str, object]:
    """Value: agreement with the founders after 500 startups; baseline: of the shipped weights.

    `curve` has the mean over ten histories by the number of startups. `false_gain` is the share of
    200 histories of founders who go by the shipped weights in which the interval of the difference
    lies above 0 all the same; `steep` what is reached when attention falls with the place itself,
    and `unweighted` when all places are taken to be seen alike, though they are not.
    """
    new = make_shown(500, seed=10_000)
    shipped = measure_agreement(new, SHIPPED)
    curve = {
        startups: round(
            average(measure_agreement(new, learn(startups, seed)) for seed in range(HISTORIES)), 4
        )
        for startups in STARTUPS
    }
    steep = average(
        measure_agreement(new, learn(NAMED, seed, look_at_first)) for seed in range(HISTORIES)
    )
    unweighted = average(
        measure_agreement(new, learn_alike(NAMED, seed)) for seed in range(HISTORIES)
    )
    false_gain = average(claims_gain(seed) for seed in range(UNCHANGED_HISTORIES))
    return {
        "name": "learned_weights",
        "value": curve[NAMED],
        "unit": "share of pairs ordered as founders would",
        "baseline": round(shipped, 4),
        "ratio": round(curve[NAMED] / shipped, 4),
        "curve": curve,
        "steep": round(steep, 4),
        "unweighted": round(unweighted, 4),
        "false_gain": round(false_gain, 4),
    }


def learn(
    startups: int, seed: int, look: Callable[[Indices], Figures] = expect_attention
) -> Weights:
    """What is learned from one history."""
    shown = make_shown(startups, truth=OTHERS, seed=seed, look=look)
    return learn_weights(shown, SHIPPED, CALIBRATION, version="learned").weights


def learn_alike(startups: int, seed: int) -> Weights:
    """What is learned when every outcome counts as if it stood in the first place."""
    shown = make_shown(startups, truth=OTHERS, seed=seed)
    alike = replace(shown, places=np.ones_like(shown.places))
    return learn_weights(alike, SHIPPED, CALIBRATION, version="learned").weights


def look_at_first(places: Indices) -> Figures:
    """Attention that falls faster than learning assumes: the fifth place gets a fifth."""
    attention: Figures = 1 / places
    return attention


def claims_gain(seed: int) -> bool:
    """Whether a gain is claimed where there is nothing to be gained."""
    shown = make_shown(100, truth=SHIPPED, seed=seed)
    return learn_weights(shown, SHIPPED, CALIBRATION, version="learned").quality.low > 0


def measure_agreement(shown: Shown, weights: Weights) -> float:
    """Of all pairs in one list, the share that `weights` order as the founders would."""
    wanted = score_shown(shown, OTHERS, CALIBRATION).reshape(-1, PLACES)
    scores = score_shown(shown, weights, CALIBRATION).reshape(-1, PLACES)
    first, second = np.triu_indices(PLACES, 1)
    agree = (wanted[:, first] - wanted[:, second]) * (scores[:, first] - scores[:, second]) > 0
    return float(agree.mean())


def average(figures: Iterable[float]) -> float:
    """The mean."""
    return float(np.mean(list(figures)))
