"""Passages as the database keeps them: rows with vectors as bytes, in and out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.records import Passage

VECTOR_DTYPE = "float32"


@dataclass(frozen=True, slots=True)
class StoredPassages:
    """The stored passages of one text; `vectors` (n, d) where one encoder made them all."""

    passages: tuple[Passage, ...] = ()
    vectors: NDArray[np.float32] | None = None


def group_passages(rows: Iterable[Sequence[Any]], fingerprint: str) -> Mapping[int, StoredPassages]:
    """The passages of each text, without vectors of another encoder than `fingerprint`.

    Each row has the text's id, role, start, end, vector, dtype and fingerprint; those of one text
    follow one another.
    """
    found: dict[int, StoredPassages] = {}
    for owner, group in groupby(rows, key=itemgetter(0)):
        own = list(group)
        if {(row[5], row[6]) for row in own} == {(VECTOR_DTYPE, fingerprint)}:
            passages = tuple(Passage(role, start, end) for _, role, start, end, *_ in own)
            flat = _read_vector(b"".join(row[4] for row in own), VECTOR_DTYPE)
            found[owner] = StoredPassages(passages, flat.reshape(len(own), -1))
        else:
            found[owner] = StoredPassages(
                tuple(
                    Passage(
                        role,
                        start,
                        end,
                        _read_vector(vector, dtype) if made_by == fingerprint else None,
                    )
                    for _, role, start, end, vector, dtype, made_by in own
                )
            )
    return found


def write_passage(ordinal: int, passage: Passage, fingerprint: str) -> dict[str, object]:
    """The columns of a passage's row. Raises ValueError for a passage without a vector."""
    if passage.vector is None:
        raise ValueError("a passage without its vector cannot be stored")
    return {
        "ordinal": ordinal,
        "role": passage.role,
        "start": passage.start,
        "end": passage.end,
        "vector": passage.vector.astype(np.dtype(VECTOR_DTYPE).newbyteorder("<")).tobytes(),
        "dtype": VECTOR_DTYPE,
        "fingerprint": fingerprint,
    }


def _read_vector(stored: bytes, dtype: str) -> NDArray[np.float32]:
    numbers = np.frombuffer(stored, dtype=np.dtype(dtype).newbyteorder("<"))
    return numbers.astype(np.float32, copy=False)
