"""Two encoders that see differently, as one: their vectors side by side."""

import hashlib
import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.encoders.contract import Part, Progress, Role
from matching.encoders.model import Encoder
from matching.encoders.universal import UniversalEncoder

_WAY = "joined-1"
# How much of a cosine comes from the second encoder; docs/matching.md has the measurement.
UNIVERSAL_SHARE = 0.35


class JoinedEncoder:
    """A sentence-transformers model beside the Universal Sentence Encoder.

    The inner product of two vectors is the cosine of the one, times 1 - `share`, plus the cosine
    of the other, times `share`. Nothing is loaded before the first text.
    """

    def __init__(
        self, first: Encoder, second: UniversalEncoder, *, share: float = UNIVERSAL_SHARE
    ) -> None:
        """Join the two; `share`, between 0 and 1, is what `second` counts."""
        if not 0 < share < 1:
            raise ValueError(f"share is {share}; it must lie between 0 and 1")
        self.first = first
        self.second = second
        self._share = share

    def check(self) -> None:
        """Raise EncoderMissing, which names the fix, unless both are on this machine."""
        self.first.check()
        self.second.check()

    @cached_property
    def fingerprint(self) -> str:
        """64 hex digits from those of both and the share. Raises EncoderMissing."""
        told = (_WAY, self.first.fingerprint, self.second.fingerprint, repr(self._share))
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    @property
    def dimensions(self) -> int:
        """The length of a vector. Raises EncoderMissing."""
        return self.first.dimensions + self.second.dimensions

    @property
    def parts(self) -> tuple[Part, ...]:
        """The two, with what each counts."""
        return (
            Part(self.first.dimensions, 1 - self._share),
            Part(self.second.dimensions, self._share),
        )

    def encode(
        self, texts: Sequence[str], *, role: Role, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n,) texts → (n, dimensions) float32 rows of unit length, in the order of the texts.

        One after the other: each keeps all cores busy. `progress` is told (texts done, texts in
        all) by the first, which takes nine tenths of the time. Raises EncoderMissing,
        BundleCorrupt.
        """
        second = self.second.encode(texts, role=role)
        first = self.first.encode(texts, role=role, progress=progress)
        return np.concatenate(
            [math.sqrt(1 - self._share) * first, math.sqrt(self._share) * second],
            axis=1,
            dtype=np.float32,
        )
