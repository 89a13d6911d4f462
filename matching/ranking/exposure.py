"""How much attention a provider had lately, as a level that changes seldom.

The attention of one place in a list is the discount of nDCG, 1 / log2(1 + rank) (Järvelin and
Kekäläinen, 2002), which is also the usual model of exposure (Singh and Joachims, 2018). A level is
stored and comes by revision: were it finer, every search would change the standing of everybody it
showed, and every index would have to read them again.
"""

import math

import numpy as np
from numpy.typing import NDArray

# With hardly any attention a provider stands at level 0, with the mean of its kind at 8, and with
# three times the mean at the last.
LEVELS = 16
_STEEPNESS = 3.0
# Where hardly anything was shown yet, being shown once says little: this much is added to the mean.
_PRIOR_ATTENTION = 3.0
# A level holds until the exact figure is this far from it, so that nobody flickers.
_HOLD = 0.75
# A provider is new for so many days at most, and until it was shown for so many needs.
NEWCOMER_DAYS = 60
NEWCOMER_NEEDS = 30


def measure_attention(rank: int) -> float:
    """The share of attention, in (0, 1], that the place `rank`, from 1, of a list gets."""
    return 1 / math.log2(1 + rank)


def choose_levels(attention: NDArray[np.float64], before: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) the levels, 0 to `LEVELS`, of all n providers of one kind, who had `attention` (n,).

    A level stays as it was `before`, (n,), while that is about right.
    """
    if not len(attention):
        return before
    relative = attention / (attention.mean() + _PRIOR_ATTENTION)
    least = _rise(np.zeros(1))
    exact = LEVELS * (_rise(relative) - least) / (1 - least)
    held = np.abs(exact - before) <= _HOLD
    levels: NDArray[np.int64] = np.where(held, before, np.rint(exact)).astype(np.int64)
    return levels


def _rise(relative: NDArray[np.float64]) -> NDArray[np.float64]:
    """A logistic curve around the mean: of the curves tried, the cheapest way to even out."""
    risen: NDArray[np.float64] = 1 / (1 + np.exp(-_STEEPNESS * (relative - 1)))
    return risen


def is_still_new(days: float, needs: int) -> bool:
    """Whether a provider is new who was published `days` ago and shown for `needs` needs."""
    return days < NEWCOMER_DAYS and needs < NEWCOMER_NEEDS
