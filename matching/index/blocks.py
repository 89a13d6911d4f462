"""Runs of numbers of different length, one run a row, packed side by side in growing arrays.

A million small arrays cost more in headers than in numbers; here a row costs its numbers and
twelve bytes. Runs are only ever appended: what a changed row leaves behind is overwritten with
zeros and given back when it is a third of all.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

Rows = NDArray[np.int64]
Numbers = NDArray[Any]
Kind = TypeVar("Kind", bound=np.generic)

_FIRST_SIZE = 64
# Nothing is packed anew for less than this many dead places.
_LEAST_DEAD = 4096
_DEAD_SHARE = 1 / 3


class Blocks:
    """For each row one run of places; each named array has a number at each place.

    `starts` (int64) and `counts` (int32) say where the run of a row is; a row without a run has
    the count 0. `used` places are taken, dead ones among them.
    """

    def __init__(self, dtypes: Mapping[str, DTypeLike]) -> None:
        self.starts = np.zeros(_FIRST_SIZE, dtype=np.int64)
        self.counts = np.zeros(_FIRST_SIZE, dtype=np.int32)
        self.used = 0
        self._arrays = {name: np.zeros(_FIRST_SIZE, dtype=dtype) for name, dtype in dtypes.items()}
        self._dead = 0

    def __getitem__(self, name: str) -> Numbers:
        """The used places of the array called `name`. It moves when something is put."""
        return self._arrays[name][: self.used]

    def put(self, row: int, **numbers: Numbers) -> None:
        """The run of `row` is exactly `numbers`, one array of equal length for each name."""
        self.put_many(np.array([row]), np.array([len(next(iter(numbers.values())))]), **numbers)

    def put_many(self, rows: Rows, counts: Rows, **numbers: Numbers) -> None:
        """Row `rows[i]` has exactly the next `counts[i]` of `numbers`; (n,), (n,), sums of counts.

        No row may occur twice.
        """
        self.remove_many(rows)
        self._make_room(int(rows.max(initial=-1)) + 1, int(counts.sum()))
        end = self.used + int(counts.sum())
        for name, array in self._arrays.items():
            array[self.used : end] = numbers[name]
        self.starts[rows] = self.used + np.cumsum(counts) - counts
        self.counts[rows] = counts
        self.used = end

    def remove_many(self, rows: Rows) -> None:
        """The rows have no run; their numbers are zeros."""
        rows = rows[rows < len(self.counts)]
        places = self.list_places(rows)
        for array in self._arrays.values():
            array[places] = 0
        self.counts[rows] = 0
        self._dead += len(places)

    def list_places(self, rows: Rows) -> Rows:
        """The places of several rows' runs, one run after the other."""
        return list_slots(self.starts[rows], self.counts[rows].astype(np.int64))

    def read(self, name: str, row: int) -> Numbers:
        """The numbers of `row` in the array called `name`; none for a row without a run."""
        if row >= len(self.counts):
            return self._arrays[name][:0]
        start = int(self.starts[row])
        return self._arrays[name][start : start + int(self.counts[row])]

    def list_owners(self) -> NDArray[np.int32]:
        """(used,) the row of each place; -1 where it is dead."""
        owners = np.full(self.used, -1, dtype=np.int32)
        rows = np.flatnonzero(self.counts)
        owners[self.list_places(rows)] = np.repeat(rows, self.counts[rows])
        return owners

    def pack(self) -> None:
        """No place is dead."""
        if not self._dead:
            return
        rows = np.flatnonzero(self.counts)
        rows = rows[np.argsort(self.starts[rows])]
        places = self.list_places(rows)
        for name, array in self._arrays.items():
            self._arrays[name] = array[places]
        self.starts[:] = 0
        self.starts[rows] = np.cumsum(self.counts[rows]) - self.counts[rows]
        self.used, self._dead = len(places), 0

    def export(self) -> dict[str, Numbers]:
        """Everything as arrays, without what is dead."""
        self.pack()
        arrays: dict[str, Numbers] = {"starts": self.starts, "counts": self.counts}
        return arrays | {f"of_{name}": self[name] for name in self._arrays}

    def restore(self, arrays: Mapping[str, Numbers]) -> None:
        """Take over what `export` gave. Raises ValueError when the arrays do not fit together."""
        self.starts = arrays["starts"].astype(np.int64)
        self.counts = arrays["counts"].astype(np.int32)
        for name, array in self._arrays.items():
            self._arrays[name] = arrays[f"of_{name}"].astype(array.dtype)
        sizes = {len(array) for array in self._arrays.values()}
        self.used, self._dead = sizes.pop(), 0
        ends = self.starts + self.counts
        if sizes or len(self.starts) != len(self.counts) or ends.max(initial=0) > self.used:
            raise ValueError("the runs and their numbers do not fit together")

    def _make_room(self, rows: int, more: int) -> None:
        if rows > len(self.counts):
            size = max(2 * len(self.counts), rows)
            self.starts, self.counts = grow(self.starts, size), grow(self.counts, size)
        if self._dead > max(_LEAST_DEAD, self.used * _DEAD_SHARE):
            self.pack()
        size = self.used + more
        for name, array in self._arrays.items():
            if size > len(array):
                self._arrays[name] = grow(array, max(size, len(array) * 3 // 2))


def grow(array: NDArray[Kind], size: int) -> NDArray[Kind]:
    """`array` with zeros behind it, `size` long. Only what is written to takes memory."""
    grown = np.zeros((size, *array.shape[1:]), dtype=array.dtype)
    grown[: len(array)] = array
    return grown


def list_slots(starts: Rows, counts: Rows) -> Rows:
    """The slots of several blocks, one block after the other: [5, 9], [2, 1] → [5, 6, 9]."""
    ends = np.cumsum(counts)
    slots: Rows = np.arange(counts.sum()) + np.repeat(starts - (ends - counts), counts)
    return slots
