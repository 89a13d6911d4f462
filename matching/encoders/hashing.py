"""An encoder without a model: words and character runs hashed into a fixed number of places.

For tests and for looking at the product without torch (`YINQIAO_ENCODER=hashing`). It finds
texts that share words; it knows nothing of meaning or of translation.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.encoders.contract import Part, Role

_VERSION = "hashing-1"
_DIMENSIONS = 256
# Runs of letters and digits; Chinese has no spaces, so that a run there is a clause.
_RUN = re.compile(r"[^\W_]+")


class HashingEncoder:
    """Deterministic on every machine and version of Python; both roles give the same vector."""

    @property
    def fingerprint(self) -> str:
        """64 hex digits that name this way of hashing."""
        return hashlib.sha256(_VERSION.encode()).hexdigest()

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return _DIMENSIONS

    @property
    def parts(self) -> tuple[Part, ...]:
        """One way of hashing, one part."""
        return (Part(_DIMENSIONS, 1.0),)

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        progress: Callable[[int, int], None] | None = None,
    ) -> NDArray[np.float32]:
        """(n,) texts → (n, 256) float32 rows of unit length, in the order of the texts.

        A text without letters or digits gets the first axis.
        """
        vectors = np.zeros((len(texts), _DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for gram, count in Counter(_list_grams(text)).items():
                place, sign = _hash_gram(gram)
                vectors[row, place] += sign * np.sqrt(count)
            norm = np.linalg.norm(vectors[row])
            if norm > 0:
                vectors[row] /= norm
            else:
                vectors[row, 0] = 1.0
            if progress is not None:
                progress(row + 1, len(texts))
        return vectors


def _list_grams(text: str) -> Iterator[str]:
    """Words with their three-character runs; for scripts without spaces, pairs of characters."""
    for run in _RUN.findall(text.lower()):
        if run.isascii():
            yield run
            padded = f"<{run}>"
            yield from (padded[i : i + 3] for i in range(len(padded) - 2))
        else:
            yield from run
            yield from (run[i : i + 2] for i in range(len(run) - 1))


@lru_cache(maxsize=1 << 16)
def _hash_gram(gram: str) -> tuple[int, float]:
    """The gram's place and sign (Weinberger et al., Feature Hashing, 2009)."""
    digest = hashlib.blake2b(gram.encode("utf-8", "replace"), digest_size=4).digest()
    number = int.from_bytes(digest, "little")
    return (number >> 1) % _DIMENSIONS, 1.0 if number & 1 else -1.0
