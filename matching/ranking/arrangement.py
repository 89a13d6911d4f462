"""From scored candidates to the list that is shown: duplicates, newcomers, then chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.ranking.exploration import choose_swaps, draw_order, measure_propensities
from matching.ranking.newcomers import count_places, keep_places
from matching.ranking.spread import spread_duplicates
from matching.ranking.weights import Weights

# No score is so high, nor does anybody stand so far behind equals.
_STEP = 1000.0

Figures = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The k shown of n candidates, best first: `order` are their positions among the n.

    `scores` never rise and belong to the places: two who changed places by chance have each
    other's. `is_kept` flags who has a place that is kept for newcomers; `propensities` are the
    probabilities, over all seeds, of who stands at each place.
    """

    order: NDArray[np.int64]
    scores: Figures
    is_kept: Flags
    propensities: Figures


def arrange(
    scores: Figures,
    vectors: NDArray[np.float32],
    ids: NDArray[np.int64],
    is_new: Flags,
    *,
    limit: int,
    weights: Weights,
    seed: int | None,
    salt: str,
    tiers: NDArray[np.int64] | None = None,
) -> Arranged:
    """The first `limit` of n candidates, and with a `seed` what chance made of their order.

    Whoever is of a higher of the `tiers`, (n,), stands before who is of a lower one, whatever the
    scores say; a score that is higher than one before it is then told as that one.

    `scores` is (n,), `vectors` (n, d) of unit length, `ids` (n,) break ties, `is_new` is (n,). With
    one seed, lists of another `salt` are drawn independently.
    """
    steps = np.zeros(len(scores)) if tiers is None else _STEP * tiers
    order, ordered = spread_duplicates(scores + steps, vectors, ids, weights.duplicate, len(scores))
    new = is_new[order]
    shown, is_kept = keep_places(ordered, new, limit, weights)
    # What is told has no steps, and never rises all the same.
    told = np.minimum.accumulate(np.maximum(ordered - steps[order], 0.0))
    if seed is None:
        return Arranged(order[shown], told[shown], is_kept, np.ones(len(shown)))
    places, is_fixed = shown, is_kept
    if len(order) > limit and not is_kept.any():
        # The first one outside may come in, but not for a newcomer whose place is kept.
        new_inside = int(np.count_nonzero(new[:limit]))
        is_needed = new[limit - 1] and new_inside <= count_places(limit, weights)
        places = np.append(shown, limit)
        is_fixed = np.append(is_kept, is_needed and not new[limit])
    swaps = choose_swaps(ordered[places], is_fixed, weights.chance)
    drawn = draw_order(swaps, seed, salt)
    propensities = measure_propensities(swaps, drawn)
    return Arranged(
        order[places[drawn]][:limit],
        told[places][:limit],
        is_kept,
        propensities[:limit],
    )
