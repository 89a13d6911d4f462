"""The dense index: vectors of passages in FAISS, each slot owned by one row of the engine.

FAISS's own ids are positions. Its `remove_ids` moves later vectors to other positions, and an id
map cannot be re-ranked by position; so nothing is ever removed from FAISS here. A freed slot is
a tombstone (no owner) that every search leaves out, until a block of the same length takes it
over in place.
"""

import faiss
import numpy as np
from numpy.typing import NDArray

from matching.columns import BoolRows

Vectors = NDArray[np.float32]
Slots = NDArray[np.int64]

NO_OWNER = -1


class DenseIndex:
    """Unit vectors in blocks: the passages of one row stand side by side.

    `owners` has the row of each slot, `NO_OWNER` where the slot is free.
    """

    def __init__(self, dimensions: int) -> None:
        self._index = faiss.IndexFlatIP(dimensions)
        self._dimensions = dimensions
        self._owners = np.full(64, NO_OWNER, dtype=np.int64)
        self._free: dict[int, list[int]] = {}

    @property
    def owners(self) -> Slots:
        """The row that owns each slot."""
        return self._owners[: self._index.ntotal]

    def put(self, row: int, vectors: Vectors) -> int:
        """Store the (n, dimensions) vectors of `row` in n slots; returns the first of them."""
        count = len(vectors)
        if count == 0:
            return 0
        free = self._free.get(count)
        if free:
            start = free.pop()
            self._view()[start : start + count] = vectors
        else:
            start = self._index.ntotal
            self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))
            self._make_room(start + count)
        self._owners[start : start + count] = row
        return start

    def remove(self, start: int, count: int) -> None:
        """Free `count` slots from `start`; their vectors are overwritten with zeros."""
        if count == 0:
            return
        self._view()[start : start + count] = 0.0
        self._owners[start : start + count] = NO_OWNER
        self._free.setdefault(count, []).append(start)

    def gather(self, slots: Slots) -> Vectors:
        """(n,) slots → their (n, dimensions) vectors."""
        return self._view()[slots]

    def search(self, queries: Vectors, count: int, allowed_rows: BoolRows) -> tuple[Slots, Vectors]:
        """For each query the `count` nearest slots of allowed rows, best first.

        (q, dimensions) → (q, count) slots and inner products; where fewer slots are allowed, the
        slot is -1 and the product is the least float32. The condition acts inside the scan, so
        that an allowed slot is found whatever stands before it.
        """
        owners = self.owners
        allowed = np.zeros(len(owners), dtype=np.bool_)
        owned = owners != NO_OWNER
        allowed[owned] = allowed_rows[owners[owned]]
        bits = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        products, slots = self._index.search(
            np.ascontiguousarray(queries, dtype=np.float32), count, params=parameters
        )
        return slots, products

    def _view(self) -> Vectors:
        """FAISS's own memory as (slots, dimensions). It moves when FAISS grows: never keep it."""
        count = self._index.ntotal
        if count == 0:
            return np.zeros((0, self._dimensions), dtype=np.float32)
        flat: Vectors = faiss.rev_swig_ptr(self._index.get_xb(), count * self._dimensions)
        return flat.reshape(count, self._dimensions)

    def _make_room(self, count: int) -> None:
        if count > len(self._owners):
            grown = np.full(max(2 * len(self._owners), count), NO_OWNER, dtype=np.int64)
            grown[: len(self._owners)] = self._owners
            self._owners = grown
