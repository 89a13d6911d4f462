"""Whether the figures of a need and of a provider agree: 8 英寸 and 200 mm, 1.2 kV and 1.2 V.

A figure speaks only where the two sentences speak of the same matter, so what it says is weighed by
how near they are. One of the need's that the provider names too speaks for him; one against which
the provider names others of its dimension alone speaks against.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.reaches import ProviderReaches
from matching.text.quantities import EQUAL_WITHIN, NEAR_WITHIN
from matching.text.reaches import OPPOSED, Reach

Figures = NDArray[np.float64]
Numbers = NDArray[np.int64]

# What an equal figure says where reaches are open or wide, which meet too easily. One that is
# merely near says nothing in either direction.
_WIDE_SAYS = 0.6
_WIDE = 10.0
# Figures so many times apart are of different matters: a pixel of 4 μm and a wafer of 8 inches.
_OTHER_MATTER = 3000.0


class NeedReach(NamedTuple):
    """A figure in sentence number `sentence` of a need."""

    sentence: int
    reach: Reach


class Agreement(NamedTuple):
    """(n,) how far each provider's figures meet the need's, and how far they miss them; [0, 1]."""

    met: Figures
    missed: Figures


class Said(NamedTuple):
    """What one figure of a need and one of a provider say: `meets` in [0, 1], `misses` in [0, 1].

    `asked` is the number of the need's figure, `at` that of the provider's among all of all.
    """

    asked: int
    at: int
    meets: float
    misses: float


def measure_agreement(
    asked: Sequence[NeedReach],
    shares: Figures,
    reaches: ProviderReaches,
    count: int,
    nearness: Figures,
) -> Agreement:
    """How the figures of a need stand to those of `count` providers.

    `shares` (s,) is what each sentence of the need counts beside the best; `nearness` (m, s) in
    [0, 1] how near each sentence of the providers is to each of the need.
    """
    met, missed = np.zeros(count), np.zeros(count)
    for each in asked:
        chosen = _choose_comparable(each, reaches)
        if len(chosen):
            meets, misses = _weigh(each, reaches, chosen, nearness)
            owners = reaches.owners[chosen]
            most_met, most_missed = np.zeros(count), np.zeros(count)
            np.maximum.at(most_met, owners, meets)
            np.maximum.at(most_missed, owners, misses)
            lows, highs = np.full(count, np.inf), np.full(count, -np.inf)
            np.minimum.at(lows, owners, reaches.lows[chosen])
            np.maximum.at(highs, owners, reaches.highs[chosen])
            misses_all = _lies_outside(each.reach, lows, highs)
            share = shares[each.sentence]
            met += share * most_met
            missed += share * np.where(misses_all, most_missed, 0.0)
    return Agreement(np.minimum(met, 1.0), np.minimum(missed, 1.0))


def list_said(
    asked: Sequence[NeedReach], reaches: ProviderReaches, count: int, nearness: Figures
) -> list[list[Said]]:
    """For each of `count` providers what he says of the figures of a need: one pair for each of
    them of which he says anything.

    `nearness` (m, s) is as in `measure_agreement`.
    """
    found: list[list[Said]] = [[] for _ in range(count)]
    for number, each in enumerate(asked):
        chosen = _choose_comparable(each, reaches)
        if not len(chosen):
            continue
        meets, misses = _weigh(each, reaches, chosen, nearness)
        owners, starts = np.unique(reaches.owners[chosen], return_index=True)
        lows = np.minimum.reduceat(reaches.lows[chosen], starts)
        highs = np.maximum.reduceat(reaches.highs[chosen], starts)
        is_outside = _lies_outside(each.reach, lows, highs)
        is_met = np.maximum.reduceat(meets, starts) > 0
        ends = [*starts[1:].tolist(), len(chosen)]
        for at, (owner, start, end) in enumerate(
            zip(owners.tolist(), starts.tolist(), ends, strict=True)
        ):
            if is_met[at]:
                best = start + int(meets[start:end].argmax())
                found[owner].append(Said(number, int(chosen[best]), float(meets[best]), 0.0))
            elif is_outside[at]:
                best = start + int(misses[start:end].argmax())
                if misses[best] > 0:
                    found[owner].append(Said(number, int(chosen[best]), 0.0, float(misses[best])))
    return found


def _choose_comparable(each: NeedReach, reaches: ProviderReaches) -> Numbers:
    chosen: Numbers = np.flatnonzero(reaches.dimensions == each.reach.dimension)
    return chosen


def _weigh(
    each: NeedReach, reaches: ProviderReaches, chosen: Numbers, nearness: Figures
) -> tuple[Figures, Figures]:
    """How far each of the `chosen` figures meets the need's and how far it misses it."""
    lows, highs = reaches.lows[chosen], reaches.highs[chosen]
    near = nearness[reaches.sentences[chosen], each.sentence]
    apart, _ = _measure_gap(each.reach, lows, highs)
    own = np.array([each.reach.low]), np.array([each.reach.high])
    is_wide = _is_wide(lows, highs) | bool(_is_wide(*own)[0])
    meets = np.where(apart <= EQUAL_WITHIN, np.where(is_wide, _WIDE_SAYS, 1.0) * near, 0.0)
    can_miss = each.reach.dimension < len(OPPOSED)
    misses = np.where((apart > NEAR_WITHIN) & can_miss, near, 0.0)
    return meets, misses


def _lies_outside(asked: Reach, lows: Figures, highs: Figures) -> NDArray[np.bool_]:
    """Whether a figure lies beyond all that each of n providers names, and not beyond all measure.

    Several figures are the ends of what somebody does: who names 50 and 5,000 litres does 500 too.
    """
    apart, times = _measure_gap(asked, lows, highs)
    flags: NDArray[np.bool_] = (apart > NEAR_WITHIN) & (times <= _OTHER_MATTER)
    return flags


def _measure_gap(asked: Reach, lows: Figures, highs: Figures) -> tuple[Figures, Figures]:
    """How far reaches lie from the one asked: as a share of the further edge, and how many times.

    None lies from low to high where the low is endless and the high endlessly small.
    """
    is_above = lows > asked.high
    further = np.where(is_above, abs(lows), abs(asked.low))
    nearer = np.where(is_above, abs(asked.high), abs(highs))
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(is_above, lows - asked.high, np.maximum(asked.low - highs, 0.0))
        apart = np.where(gap > 0, gap / further, 0.0)
        times = np.where(gap > 0, further / nearer, 1.0)
    # Endless by endless is no number, and as far as can be.
    apart[np.isnan(apart)] = times[np.isnan(times)] = np.inf
    return apart, times


def _is_wide(lows: Figures, highs: Figures) -> NDArray[np.bool_]:
    is_open = np.isinf(lows) | np.isinf(highs)
    least = np.where(is_open, 0.0, lows)
    flags: NDArray[np.bool_] = is_open | (np.where(is_open, 0.0, highs) > _WIDE * abs(least))
    return flags
