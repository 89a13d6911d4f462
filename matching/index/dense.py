"""The dense index: vectors of passages, each slot owned by one row of the engine.

Three ways of searching, chosen by size and by how many slots are allowed (docs/matching.md has
the measurements):

- few slots in all: every allowed vector is compared as it is, in float32;
- few of many allowed: these are gathered and compared as they are;
- else FAISS scans codes of one bit a dimension (Gao and Long, RaBitQ, 2024) and the best of them
  are compared as they are.

FAISS's own ids are positions. Its `remove_ids` moves later vectors to other positions, and an id
map cannot be re-ranked by position; so nothing is ever removed from FAISS here. A freed slot is
a tombstone (no owner) that every search leaves out, until a block of the same length takes it
over in place. A code depends on its vector alone, not on what else is stored or was: any history
gives the codes of a fresh index.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from matching.index.columns import BoolRows
from matching.index.vectors import VectorStore

Vectors = NDArray[np.float32]
Slots = NDArray[np.int64]
Codes = NDArray[np.uint8]

NO_OWNER = -1

# Up to so many slots no codes are kept.
EXACT_SLOTS = 32_768
# Up to so many allowed slots are gathered and compared: more cost more than a scan of all codes.
_FEW_ALLOWED = 2_048
# So many of the nearest codes are compared exactly, or this share of the allowed, or so many for
# each slot that is asked for, whichever is most.
_COMPARED_LEAST = 2_000
_COMPARED_SHARE = 1 / 256
_COMPARED_EACH = 20
# Bits of a query's figures in a scan of codes.
_QUERY_BITS = 4
_ENCODED_AT_ONCE = 1 << 15
_CHECKED = 64
_ROTATION_SEED = 5
# So many vectors stay in a core's cache while each of a need's sentences is compared with them.
_MULTIPLIED_AT_ONCE = 256
# More queries are quicker as a product of matrices.
_FEW_QUERIES = 8
_LEAST_PRODUCT = np.finfo(np.float32).min


class DenseIndex:
    """Vectors of at most unit length in blocks: the passages of one row stand side by side.

    `owners` has the row of each slot, `NO_OWNER` where the slot is free. With a `folder`, the
    vectors themselves stand in a scratch file there as soon as they are many.
    """

    def __init__(
        self,
        dimensions: int,
        folder: Path | None = None,
        *,
        exact_slots: int = EXACT_SLOTS,
    ) -> None:
        self._vectors = VectorStore(dimensions, folder)
        self._exact_slots = exact_slots
        self._owners = np.full(64, NO_OWNER, dtype=np.int32)
        self._free: dict[int, list[int]] = {}
        self._codes = _CodeIndex(dimensions)
        # Blocks below the end of the codes that were written again since.
        self._stale: list[tuple[int, int]] = []

    @property
    def owners(self) -> NDArray[np.int32]:
        """The row that owns each slot."""
        return self._owners[: len(self._vectors)]

    @property
    def is_compressed(self) -> bool:
        """Whether a search scans codes."""
        return len(self._vectors) > self._exact_slots

    @property
    def code_size(self) -> int:
        """Bytes of a code."""
        return int(self._codes.array.shape[1])

    def put(self, row: int, vectors: Vectors) -> int:
        """Store the (n, dimensions) vectors of `row` in n slots; returns the first of them."""
        count = len(vectors)
        if count == 0:
            return 0
        free = self._free.get(count)
        if free:
            start = free.pop()
            self._vectors.array[start : start + count] = vectors
            self._mark_stale(start, count)
        else:
            start = self._vectors.append(vectors)
            self._make_room(start + count)
        self._owners[start : start + count] = row
        return start

    def put_many(self, rows: Slots, counts: Slots, vectors: Vectors) -> Slots:
        """Store the next `counts[i]` vectors for `rows[i]`; the first slot of each row.

        The same slots as by one `put` after the other, in one piece where nothing is free.
        """
        if any(self._free.get(count) for count in np.unique(counts).tolist()):
            ends = np.cumsum(counts)
            starts = [
                self.put(row, vectors[end - count : end])
                for row, count, end in zip(
                    rows.tolist(), counts.tolist(), ends.tolist(), strict=True
                )
            ]
            return np.array(starts, dtype=np.int64)
        first = self._vectors.append(vectors)
        self._make_room(first + len(vectors))
        self._owners[first : first + len(vectors)] = np.repeat(rows, counts)
        found: Slots = np.where(counts > 0, first + np.cumsum(counts) - counts, 0)
        return found

    def remove(self, start: int, count: int) -> None:
        """Free `count` slots from `start`; their vectors and codes are overwritten with zeros."""
        if count == 0:
            return
        self._vectors.array[start : start + count] = 0.0
        self._codes.clear(start, count)
        self._owners[start : start + count] = NO_OWNER
        self._free.setdefault(count, []).append(start)

    def find_rows(self, slots: Slots) -> NDArray[np.int64]:
        """The rows that own what a search found, as often as it found them; -1 is left out."""
        return self.owners[slots[slots >= 0]].astype(np.int64)

    def gather(self, slots: Slots) -> Vectors:
        """(n,) slots → their (n, dimensions) vectors."""
        return self._vectors.gather(slots)

    def settle(self) -> None:
        """The codes are those of the vectors, where codes are kept. A search does it when due."""
        if not self.is_compressed:
            return
        for start, count in self._stale:
            self._codes.write(start, self._vectors.array[start : start + count])
        self._stale.clear()
        for start in range(len(self._codes), len(self._vectors), _ENCODED_AT_ONCE):
            self._codes.append(self._vectors.array[start : start + _ENCODED_AT_ONCE])

    def search(self, queries: Vectors, count: int, allowed_rows: BoolRows) -> tuple[Slots, Vectors]:
        """For each query the `count` nearest slots of allowed rows, best first.

        (q, dimensions) → (q, count) slots and inner products, which are exact; where fewer slots
        are allowed, the slot is -1 and the product is the least float32. The condition acts inside
        the scan, so that an allowed slot is found whatever stands before it. Which slots are found
        is exact unless codes are scanned, and for each query as if it were alone.
        """
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        # The owner -1 of a free slot reads the flag at the end.
        allowed = np.append(allowed_rows, False)[self.owners]
        allowed_count = int(np.count_nonzero(allowed))
        if allowed_count <= _FEW_ALLOWED:
            return self._compare_few(queries, count, np.flatnonzero(allowed))
        if not self.is_compressed:
            return self._compare_all(queries, count, allowed)
        self.settle()
        wanted = max(_COMPARED_LEAST, int(allowed_count * _COMPARED_SHARE), _COMPARED_EACH * count)
        chosen = self._codes.search(queries, min(wanted, allowed_count), allowed)
        return self._compare_chosen(queries, count, chosen)

    def save(self, path: Path) -> dict[str, NDArray[Any]]:
        """Write the vectors into the new file `path`; the arrays are the rest of the state."""
        self.settle()
        self._vectors.save(path)
        free = [(start, count) for count, starts in self._free.items() for start in starts]
        return {
            "owners": self.owners,
            "codes": self._codes.array,
            "free": np.array(free, dtype=np.int64).reshape(-1, 2),
        }

    def restore(self, path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Hold what `save` wrote and returned. Raises ValueError when the parts do not fit."""
        owners, codes = arrays["owners"], arrays["codes"]
        self._vectors.restore(path)
        if len(owners) != len(self._vectors) or len(codes) > len(owners):
            raise ValueError("owners, codes and vectors are not of the same slots")
        self._owners = np.array(owners, dtype=np.int32)
        self._codes.replace(codes)
        if not self._codes.agree_with(self._vectors.array[:_CHECKED]):
            # Written by a FAISS that makes other codes of the same vectors.
            self._codes.replace(codes[:0])
        self._stale.clear()
        self._free = {}
        for start, count in arrays["free"].tolist():
            if (self._owners[start : start + count] != NO_OWNER).any():
                raise ValueError("a free slot has an owner")
            self._free.setdefault(count, []).append(start)

    def _compare_few(self, queries: Vectors, count: int, slots: Slots) -> tuple[Slots, Vectors]:
        products = queries @ self.gather(slots).T
        return _choose_best(np.broadcast_to(slots, products.shape), products, count)

    def _compare_all(
        self, queries: Vectors, count: int, allowed: NDArray[np.bool_]
    ) -> tuple[Slots, Vectors]:
        products = _multiply(queries, self._vectors.array)
        products[:, ~allowed] = _LEAST_PRODUCT
        slots, best = _choose_best(
            np.broadcast_to(np.arange(len(allowed)), products.shape), products, count
        )
        slots[best == _LEAST_PRODUCT] = -1
        return slots, best

    def _compare_chosen(
        self, queries: Vectors, count: int, candidates: Slots
    ) -> tuple[Slots, Vectors]:
        """The best of each query's own (q, n) candidates."""
        products = np.empty(candidates.shape, dtype=np.float32)
        # Slots of one neighbourhood of the file are read together.
        candidates = np.sort(candidates, axis=1)
        for number, query in enumerate(queries):
            # Quicker than a product by threads, which wait for each other where cores are busy.
            products[number] = np.einsum("nd,d->n", self.gather(candidates[number]), query)
        products[candidates < 0] = _LEAST_PRODUCT
        return _choose_best(candidates, products, count)

    def _mark_stale(self, start: int, count: int) -> None:
        if start < len(self._codes):
            self._stale.append((start, count))

    def _make_room(self, count: int) -> None:
        if count > len(self._owners):
            grown = np.full(max(2 * len(self._owners), count), NO_OWNER, dtype=np.int32)
            grown[: len(self._owners)] = self._owners
            self._owners = grown


class _CodeIndex:
    """Codes of vectors by slot, one bit a dimension and two figures, and FAISS's scan of them.

    The codes are centred on the origin, for the vectors are centred: they need no training. Vectors
    are turned by a fixed rotation first, so that every dimension says as much as any other.
    """

    def __init__(self, dimensions: int) -> None:
        # FAISS's own declarations know little of what these classes inherit.
        self._rotation: Any = faiss.HadamardRotation(dimensions, _ROTATION_SEED)
        self._matrix = _read_matrix(dimensions)
        self._index: Any = faiss.IndexRaBitQ(self._rotation.d_out, faiss.METRIC_INNER_PRODUCT)
        self._index.train(np.zeros((1, self._rotation.d_out), dtype=np.float32))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def array(self) -> Codes:
        """FAISS's own memory as (slots, bytes). It moves when a code is appended."""
        count, size = len(self), self._index.code_size
        if count == 0:
            return np.zeros((0, size), dtype=np.uint8)
        flat: Codes = faiss.rev_swig_ptr(self._index.codes.data(), count * size)
        return flat.reshape(count, size)

    def append(self, vectors: Vectors) -> None:
        """The codes of (n, dimensions) vectors stand in the next n slots."""
        self._index.add(self._rotate(vectors))

    def write(self, start: int, vectors: Vectors) -> None:
        """The codes from slot `start` are those of (n, dimensions) vectors."""
        self.array[start : start + len(vectors)] = self._index.sa_encode(self._rotate(vectors))

    def clear(self, start: int, count: int) -> None:
        """The codes of these slots are zeros, where there are any."""
        self.array[start : start + count] = 0

    def replace(self, codes: NDArray[Any]) -> None:
        """Hold exactly these (n, bytes) codes. Raises ValueError for codes of another length."""
        if codes.ndim != 2 or codes.shape[1] != self._index.code_size:
            raise ValueError("the codes are of another dimension")
        self._index.reset()
        if len(codes):
            self._index.add_sa_codes(np.ascontiguousarray(codes, dtype=np.uint8))

    def agree_with(self, vectors: Vectors) -> bool:
        """Whether the first codes are those of these vectors; the codes of free slots are zeros."""
        held = self.array[: len(vectors)]
        made = self._index.sa_encode(self._rotate(vectors[: len(held)]))
        return bool((held == made).all())

    def search(self, queries: Vectors, count: int, allowed: NDArray[np.bool_]) -> Slots:
        """For each query the `count` allowed slots whose codes are nearest; -1 where fewer are."""
        selector = None
        if not allowed.all():
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]
        parameters = faiss.RaBitQSearchParameters(
            sel=selector,  # type: ignore[call-arg]
            qb=_QUERY_BITS,
        )
        rotated = np.stack([np.einsum("rd,d->r", self._matrix, query) for query in queries])
        found: Slots = self._index.search(rotated, count, params=parameters)[1]
        return found

    def _rotate(self, vectors: Vectors) -> Vectors:
        rotated: Vectors = self._rotation.apply(np.ascontiguousarray(vectors, dtype=np.float32))
        return rotated


@cache
def _read_matrix(dimensions: int) -> Vectors:
    """The rotation as a (rotated, dimensions) matrix: for a few vectors, without threads."""
    rotation: Any = faiss.HadamardRotation(dimensions, _ROTATION_SEED)
    matrix: Vectors = np.ascontiguousarray(rotation.apply(np.eye(dimensions, dtype=np.float32)).T)
    return matrix


def _multiply(queries: Vectors, vectors: Vectors) -> Vectors:
    """(q, d) queries and (n, d) vectors → (q, n) inner products, in one pass over the vectors.

    A product of matrices first copies the vectors as its kernel reads them, which takes longer than
    to multiply them with the few sentences of a need.
    """
    products = np.empty((len(queries), len(vectors)), dtype=np.float32)
    for start in range(0, len(vectors), _MULTIPLIED_AT_ONCE):
        part = vectors[start : start + _MULTIPLIED_AT_ONCE]
        at_once = slice(start, start + len(part))
        if len(queries) > _FEW_QUERIES:
            products[:, at_once] = (part @ queries.T).T
            continue
        for own, query in zip(products, queries, strict=True):
            np.dot(part, query, out=own[at_once])
    return products


def _choose_best(slots: Slots, products: Vectors, count: int) -> tuple[Slots, Vectors]:
    """The `count` best of each row of (q, n) slots by their products, ties to the lower slot."""
    kept = min(count, products.shape[1])
    best_slots = np.full((len(products), count), -1, dtype=np.int64)
    best_products = np.full((len(products), count), _LEAST_PRODUCT, dtype=np.float32)
    if kept:
        for number, (own, values) in enumerate(zip(slots, products, strict=True)):
            if kept < len(values):
                near = np.flatnonzero(values >= np.partition(values, -kept)[-kept])
            else:
                near = np.arange(len(values))
            order = near[np.lexsort((own[near], -values[near]))[:kept]]
            best_slots[number, :kept] = own[order]
            best_products[number, :kept] = values[order]
    return best_slots, best_products
