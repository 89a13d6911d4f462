"""Lets near-equals change places now and then, and says how probable what happened was.

Neighbours in a list get different attention for hardly any difference of score. Where they change
places by chance, what founders then do says which of them was the better, and the logged
probabilities undo the choice that the ranking made. The scheme is FairPairs (Radlinski and
Joachims, 2006): a coin pairs the places 1-2, 3-4, … or 2-3, 4-5, …, and each pair is swapped with
a probability of its own. Everybody moves by one place at most, so the probability of each outcome
is a short sum.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]


def choose_swaps(scores: Figures, is_fixed: NDArray[np.bool_], chance: float) -> Figures:
    """(n-1,) the probability that a pair, once drawn, is swapped, for each place but the last.

    `scores` is (n,), best first. Equals are swapped with ½, and those `chance` or more apart never;
    nor is who is fixed (n,).
    """
    if len(scores) < 2 or chance <= 0:
        return np.zeros(max(len(scores) - 1, 0))
    apart = scores[:-1] - scores[1:]
    free = np.logical_not(is_fixed[:-1] | is_fixed[1:])
    return np.where(free, 0.5 * np.clip(1 - apart / chance, 0.0, 1.0), 0.0)


def draw_order(swaps: Figures, seed: int, salt: str) -> NDArray[np.int64]:
    """(n,) who stands at each place after the draw of `seed`; `salt` makes draws independent."""
    order = np.arange(len(swaps) + 1)
    generator = np.random.default_rng([seed, zlib.crc32(salt.encode())])
    first = int(generator.integers(2))
    drawn = generator.random(len(swaps))
    for place in range(first, len(swaps), 2):
        if drawn[place] < swaps[place]:
            order[[place, place + 1]] = order[[place + 1, place]]
    return order


def measure_propensities(swaps: Figures, order: NDArray[np.int64]) -> Figures:
    """(n,) for each place, the probability over all seeds of who stands there in `order`.

    `order` is one that `draw_order` gives for `swaps`.
    """
    # With whom it stood before, and with whom it stands after: half of the coins pair each.
    before = np.concatenate(([0.0], swaps)) / 2
    after = np.concatenate((swaps, [0.0])) / 2
    places = np.arange(len(order))
    found: Figures = np.where(
        order == places,
        1 - before - after,
        np.where(order < places, before[places], after[places]),
    )
    return found
