"""Spreads near-duplicates: the second of two profiles that say the same comes a little later."""

import numpy as np
from numpy.typing import NDArray

from matching.ranking.folding import measure_cosines

DUPLICATE_COSINE = 0.95


def spread_duplicates(
    scores: NDArray[np.float64],
    vectors: NDArray[np.float32],
    ids: NDArray[np.int64],
    amount: float,
    limit: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The order of the first `limit` candidates and their scores, which never rise.

    `scores` is (n,), `vectors` (n, d) of unit length, `ids` (n,) break ties. A candidate loses
    `amount` for each one before it whose cosine with it is at least `DUPLICATE_COSINE`.
    """
    left = scores.copy()
    alike = measure_cosines(vectors, vectors) >= DUPLICATE_COSINE
    np.fill_diagonal(alike, False)
    if not alike.any() or amount == 0:
        order = np.lexsort((ids, -left))[:limit]
        return order, left[order]
    chosen: list[int] = []
    final = np.zeros(len(scores))
    is_open = np.ones(len(scores), dtype=np.bool_)
    while is_open.any() and len(chosen) < limit:
        candidates = np.flatnonzero(is_open)
        at = int(candidates[np.lexsort((ids[candidates], -left[candidates]))[0]])
        chosen.append(at)
        is_open[at] = False
        final[at] = left[at]
        left = np.maximum(left - amount * (alike[at] & is_open), 0.0)
    order = np.array(chosen, dtype=np.int64)
    return order, final[order]
