"""How much attention a provider had lately, as a level that changes seldom.

The attention of one place in a list is the discount of nDCG, 1 / log2(1 + rank) (Järvelin and
Kekäläinen, 2002), which is also the usual model of exposure (Singh and Joachims, 2018). A level is
stored and comes by revision: were it finer, every search would change the standing of everybody it
showed, and every index would have to read them again.
"""

import math

import numpy as np
from numpy.typing import NDArray

# A provider with the mean attention of its kind stands at level 4 or a little below, one with three
# times as much at 8, with fifteen times as much at the last.
LEVELS = 16
_LEVELS_A_DOUBLING = 4
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
    relative = attention / (attention.mean() + _PRIOR_ATTENTION) if len(attention) else attention
    exact = np.minimum(_LEVELS_A_DOUBLING * np.log2(1 + relative), LEVELS)
    held = np.abs(exact - before) <= _HOLD
    levels: NDArray[np.int64] = np.where(held, before, np.rint(exact)).astype(np.int64)
    return levels


def is_still_new(days: float, needs: int) -> bool:
    """Whether a provider is new who was published `days` ago and shown for `needs` needs."""
    return days < NEWCOMER_DAYS and needs < NEWCOMER_NEEDS
