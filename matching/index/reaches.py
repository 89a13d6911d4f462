"""The figures with units that providers name, beside their sentences."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.blocks import Blocks
from matching.text.reaches import Reach, find_reaches

Rows = NDArray[np.int64]
# A figure, and the number of the sentence in which it stands, from 0 in each provider.
Placed = tuple[int, Reach]


class ProviderReaches(NamedTuple):
    """The figures of n providers, those of the first one first.

    `owners` (r,) is the place of the provider, from 0, ascending; `sentences` (r,) the number of
    the sentence among all of all providers. `dimensions`, `lows` and `highs` are (r,).
    """

    owners: NDArray[np.int64]
    sentences: NDArray[np.int64]
    dimensions: NDArray[np.uint8]
    lows: NDArray[np.float64]
    highs: NDArray[np.float64]


class ReachBlocks(Blocks):
    """For each row its figures, in the order of the text."""

    def __init__(self) -> None:
        super().__init__(
            {
                "sentences": np.int32,
                "dimensions": np.uint8,
                "lows": np.float64,
                "highs": np.float64,
            }
        )

    def put_found(self, rows: Rows, found: Sequence[Sequence[Placed]]) -> None:
        """Row `rows[i]` has exactly the figures `found[i]`. No row may occur twice."""
        flat = [each for own in found for each in own]
        self.put_many(
            rows,
            np.array([len(own) for own in found], dtype=np.int64),
            sentences=np.array([sentence for sentence, _ in flat], dtype=np.int32),
            dimensions=np.array([reach.dimension for _, reach in flat], dtype=np.uint8),
            lows=np.array([reach.low for _, reach in flat], dtype=np.float64),
            highs=np.array([reach.high for _, reach in flat], dtype=np.float64),
        )

    def read_rows(self, rows: Rows, sentence_counts: Rows) -> ProviderReaches:
        """The figures of `rows`, which have so many sentences each, one row after the other."""
        places = self.list_places(rows)
        owners = np.repeat(np.arange(len(rows)), self.counts[rows].astype(np.int64))
        before = np.cumsum(sentence_counts) - sentence_counts
        return ProviderReaches(
            owners,
            before[owners] + self["sentences"][places],
            self["dimensions"][places],
            self["lows"][places],
            self["highs"][places],
        )


def list_reaches(
    sentences: Sequence[str], is_meant: NDArray[np.bool_], counts: Sequence[int]
) -> list[list[Placed]]:
    """The figures of each provider, with the number of the sentence in which they stand.

    What is not done, or only sought, says none. `counts` says how many sentences each has.
    """
    found, start = [], 0
    for count in counts:
        own = [
            (at, reach)
            for at in range(count)
            if is_meant[start + at]
            for reach in find_reaches(sentences[start + at])
        ]
        found.append(own)
        start += count
    return found
