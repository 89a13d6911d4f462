"""Codes of many rows as arrays: one code a row, or a set of codes a row.

Codes are numbered as they first appear; what is asked is answered once for each distinct code and
looked up for the rows.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.index.blocks import Blocks, grow

BoolRows = NDArray[np.bool_]

FIRST_SIZE = 64
_NONE = -1


class CodeColumn:
    """At most one code for each row. `expand` says for which codes a code also stands."""

    def __init__(self, expand: Callable[[str], Iterable[str]] = lambda code: (code,)) -> None:
        self._expand = expand
        self._numbers: dict[str, int] = {}
        self._stands_for: list[frozenset[str]] = []
        self._codes = np.full(FIRST_SIZE, _NONE, dtype=np.int32)

    def resize(self, rows: int) -> None:
        """Make room for `rows` rows; new ones have no code."""
        before = len(self._codes)
        self._codes = grow(self._codes, rows)
        self._codes[before:] = _NONE

    def put(self, row: int, code: str | None) -> None:
        """Row `row` has exactly `code`."""
        self._codes[row] = _NONE if code is None else self._number(code)

    def read(self, row: int) -> str | None:
        """The code of `row`."""
        number = int(self._codes[row])
        return None if number == _NONE else list(self._numbers)[number]

    def contains_any(self, codes: Iterable[str]) -> BoolRows:
        """For each row, whether its code stands for at least one of `codes`."""
        wanted = frozenset(codes)
        # The last flag is that of rows without a code.
        flags = [not wanted.isdisjoint(stands_for) for stands_for in self._stands_for] + [False]
        found: BoolRows = np.array(flags, dtype=np.bool_)[self._codes]
        return found

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays."""
        return {"codes": self._codes, "names": np.array(list(self._numbers), dtype=np.str_)}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `export` gave."""
        self._numbers, self._stands_for = {}, []
        for name in arrays["names"].tolist():
            self._number(name)
        self._codes = arrays["codes"].astype(np.int32)

    def _number(self, code: str) -> int:
        number = self._numbers.setdefault(code, len(self._numbers))
        if number == len(self._stands_for):
            self._stands_for.append(frozenset(self._expand(code)))
        return number


class CodeSets:
    """A set of codes for each row, as bits."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._bits = np.zeros((FIRST_SIZE, 1), dtype=np.uint64)

    def resize(self, rows: int) -> None:
        """Make room for `rows` rows; new ones are empty."""
        self._bits = grow(self._bits, rows)

    def put(self, row: int, codes: Iterable[str]) -> None:
        """Row `row` holds exactly `codes`."""
        self._bits[row] = 0
        for code in codes:
            number = self._numbers.setdefault(code, len(self._numbers))
            word, bit = divmod(number, 64)
            if word == self._bits.shape[1]:
                self._bits = np.hstack([self._bits, np.zeros_like(self._bits[:, :1])])
            self._bits[row, word] |= np.uint64(1 << bit)

    def read(self, row: int) -> frozenset[str]:
        """The codes of `row`."""
        words = self._bits[row].tolist()
        return frozenset(
            code for code, number in self._numbers.items() if words[number // 64] >> number % 64 & 1
        )

    def contains_any(self, codes: Iterable[str]) -> BoolRows:
        """For each row, whether it holds at least one of `codes`."""
        found = np.zeros(len(self._bits), dtype=np.bool_)
        for code in codes:
            number = self._numbers.get(code)
            if number is not None:
                word, bit = divmod(number, 64)
                found |= (self._bits[:, word] & np.uint64(1 << bit)) != 0
        return found

    def is_empty(self) -> BoolRows:
        """For each row, whether it holds nothing."""
        return np.logical_not(self._bits.any(axis=1))

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays."""
        return {"bits": self._bits, "names": np.array(list(self._numbers), dtype=np.str_)}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `export` gave."""
        self._numbers = {name: number for number, name in enumerate(arrays["names"].tolist())}
        self._bits = arrays["bits"].astype(np.uint64)


class NumberSets:
    """A set of numbers for each row, where most rows have few and there may be many numbers."""

    def __init__(self) -> None:
        self._runs = Blocks({"numbers": np.int64})
        self._owners: NDArray[np.int32] | None = None

    def put(self, row: int, numbers: Iterable[int]) -> None:
        """Row `row` holds exactly `numbers`."""
        put = np.array(sorted(numbers), dtype=np.int64)
        if not np.array_equal(put, self._runs.read("numbers", row)):
            self._runs.put(row, numbers=put)
            self._owners = None

    def read(self, row: int) -> frozenset[int]:
        """The numbers of `row`."""
        return frozenset(self._runs.read("numbers", row).tolist())

    def find_rows(self, number: int) -> NDArray[np.int32]:
        """The rows that hold `number`."""
        if self._owners is None:
            self._owners = self._runs.list_owners()
        rows: NDArray[np.int32] = self._owners[self._runs["numbers"] == number]
        return rows[rows >= 0]

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays."""
        self._owners = None
        return self._runs.export()

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `export` gave."""
        self._owners = None
        self._runs.restore(arrays)
