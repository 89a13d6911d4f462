"""Keeps places of every list for newcomers, who have no history that could bring them there."""

import numpy as np
from numpy.typing import NDArray

from matching.ranking.weights import Weights

Order = NDArray[np.int64]
Flags = NDArray[np.bool_]


def count_places(limit: int, weights: Weights) -> int:
    """How many of `limit` places are kept for newcomers."""
    return int(weights.newcomer_share * limit + 1e-9)


def keep_places(
    scores: NDArray[np.float64], is_new: Flags, limit: int, weights: Weights
) -> tuple[Order, Flags]:
    """Which of n candidates, best first, are shown, and which of those for being new.

    `scores` is (n,), never rising; `is_new` is (n,). Returns (k,) positions in both, ascending, and
    (k,) flags, k = min(n, `limit`). Where fewer newcomers than places kept for them stand among
    the first `limit`, the best of the others whose score is at most `newcomer_margin` below the
    last one shown take the last places; whoever stood there and is no newcomer makes room. The
    scores of those shown never rise either.
    """
    shown = np.arange(min(len(scores), limit))
    kept_for = np.zeros(len(shown), dtype=np.bool_)
    wanted = count_places(limit, weights) - int(np.count_nonzero(is_new[:limit]))
    if wanted <= 0 or len(scores) <= limit:
        return shown, kept_for
    within = scores >= scores[limit - 1] - weights.newcomer_margin
    waiting = np.flatnonzero(is_new & within)
    waiting = waiting[waiting >= limit][:wanted]
    if not len(waiting):
        return shown, kept_for
    leaving = np.flatnonzero(np.logical_not(is_new[:limit]))[-len(waiting) :]
    staying = np.setdiff1d(shown, leaving)
    kept_for[len(staying) :] = True
    return np.concatenate([staying, waiting]), kept_for
