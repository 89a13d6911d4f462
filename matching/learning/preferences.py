"""What happened after lists were shown, as preferences between two that stood in one list.

A founder who asks the third has looked at the first two, but maybe not at the ninth; an answer
may still be due. So an outcome is a range: the least and the most that it can still turn out to
be. One match is preferred to another where its least is above the other's most, and each
preference counts more the less likely it was to be seen where it stood.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

# A preference counts at most so many times as much as one that was certain to be seen.
MOST_WEIGHT = 10.0
# All preferences of one asker count together at most so many times as much as those of the median
# one: whoever states needs without end must not decide for everybody.
MOST_OF_ONE_ASKER = 4.0


class Grade(IntEnum):
    """How far a match went."""

    REFUSED = 0
    LEFT = 1
    ASKED = 2
    ACCEPTED = 3
    HELD = 4
    RATED_WELL = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """n matches as they were shown, and what became of them.

    Each is (n,). `lists` says which stood in one list, `askers` for whom; `places` count from 1.
    `propensities` are the probabilities, in (0, 1], of standing in that place, and `scores` what
    each scored by itself, before chance. `least` and `most` are `Grade`s. The parts of relevance
    (`whole`, `late`, `back`, `words`, each in [0, 1], and whether the words could speak:
    `one_language`) are what other weights would weigh; `rest` is all that the score had beside the
    relevance.
    """

    lists: Indices
    askers: Indices
    places: Indices
    propensities: Figures
    scores: Figures
    least: Indices
    most: Indices
    whole: Figures
    late: Figures
    back: Figures
    words: Figures
    one_language: Flags
    rest: Figures


@dataclass(frozen=True, slots=True)
class Preferences:
    """m preferences: positions in `Shown` of the `better` and the `worse`, weights, and askers."""

    better: Indices
    worse: Indices
    weights: Figures
    askers: Indices

    def choose(self, chosen: Flags) -> "Preferences":
        """Those that `chosen`, (m,), names."""
        return Preferences(
            self.better[chosen], self.worse[chosen], self.weights[chosen], self.askers[chosen]
        )


def list_preferences(shown: Shown, chance: float) -> Preferences:
    """All preferences that the outcomes leave no doubt about.

    Neighbours whose scores were less than `chance` apart may have changed places by chance.

    What was left (`least` REFUSED, `most` LEFT) is worse than what was asked, and says nothing
    against what was refused. The weights of all preferences of one better match add up to the
    inverse of the chance that it was looked at, so that a long list counts no more than a short
    one.
    """
    order = np.lexsort((shown.places, shown.lists))
    starts = np.flatnonzero(np.diff(shown.lists[order], prepend=shown.lists[order][:1] - 1))
    better: list[Indices] = []
    worse: list[Indices] = []
    shares: list[Figures] = []
    for members in np.split(order, starts[1:]) if len(order) else ():
        above = shown.least[members][:, np.newaxis] > shown.most[members]
        rows, columns = np.nonzero(above)
        better.append(members[rows])
        worse.append(members[columns])
        shares.append(1 / above.sum(axis=1)[rows])
    if not better:
        nothing = np.zeros(0, dtype=np.int64)
        return Preferences(nothing, nothing, np.zeros(0), nothing)
    first, second = np.concatenate(better), np.concatenate(worse)
    weights = np.concatenate(shares) * _weigh(shown, first, second, chance)
    return Preferences(first, second, weights, shown.askers[first])


def limit_askers(preferences: Preferences) -> Preferences:
    """The same preferences, of which no asker's weigh more than `MOST_OF_ONE_ASKER` allows."""
    if not len(preferences.weights):
        return preferences
    _, positions = np.unique(preferences.askers, return_inverse=True)
    totals = np.bincount(positions, weights=preferences.weights)
    shares = np.minimum(1.0, MOST_OF_ONE_ASKER * np.median(totals) / totals)
    return replace(preferences, weights=preferences.weights * shares[positions])


def expect_attention(places: Indices) -> Figures:
    """(n,) the chance, relative to the first place, that a founder looks at a place: an assumption.

    It falls with the logarithm of the place, as nDCG discounts. Where attention falls faster, the
    lower places count too little, which favours the weights that made the list.
    """
    attention: Figures = 1 / np.log2(places + 1.0)
    return attention


def _weigh(shown: Shown, better: Indices, worse: Indices, chance: float) -> Figures:
    # Neighbours whose order was left to chance: the probability of the order undoes it, whatever
    # attention is (Radlinski and Joachims, FairPairs, 2006). Else the attention that the better
    # one's place gets (Joachims, Swaminathan and Schnabel, 2017).
    drawn = (
        (np.abs(shown.places[better] - shown.places[worse]) == 1)
        & (np.abs(shown.scores[better] - shown.scores[worse]) < chance)
        & (shown.propensities[better] < 1)
        & (shown.propensities[worse] < 1)
    )
    seen = np.where(drawn, shown.propensities[better], expect_attention(shown.places[better]))
    weights: Figures = np.minimum(1 / seen, MOST_WEIGHT)
    return weights
