"""How much better what was learned proves than what is in use, each owner counting once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]

RESAMPLES = 2000

_DECIMALS = 4
_SEED = 20260301


class Gain(NamedTuple):
    """Shares in [0, 1], averaged over `owners` of whom there are so many.

    `difference` is `learned` less `active`, with its 95 % interval `low` to `high` from resampled
    owners.
    """

    learned: float
    active: float
    difference: float
    low: float
    high: float
    owners: int


def measure_gain(
    owners: NDArray[np.int64], weights: Figures, learned: Figures, active: Figures
) -> Gain:
    """Of n outcomes, each (n,): whose they are, what they weigh, how far each of both is right."""
    names, positions = np.unique(owners, return_inverse=True)
    totals = np.bincount(positions, weights=weights)
    of_learned = np.bincount(positions, weights=weights * learned) / totals
    of_active = np.bincount(positions, weights=weights * active) / totals
    gains = of_learned - of_active
    generator = np.random.default_rng(_SEED)
    means = np.array(
        [gains[generator.integers(len(gains), size=len(gains))].mean() for _ in range(RESAMPLES)]
    )
    low, high = np.quantile(means, [0.025, 0.975])
    return Gain(
        learned=round(float(of_learned.mean()), _DECIMALS),
        active=round(float(of_active.mean()), _DECIMALS),
        difference=round(float(gains.mean()), _DECIMALS),
        low=round(float(low), _DECIMALS),
        high=round(float(high), _DECIMALS),
        owners=len(names),
    )
