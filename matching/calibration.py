"""From raw similarity to a figure that means something, measured on the background."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STRONG, POSSIBLE, WEAK = "strong", "possible", "weak"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Where unrelated and related pairs of the background lie.

    `low` and `high` are the centred cosines that become a meaning of 0 and of 1; `possible` and
    `strong` are the least relevance of each strength; `evidence` is the least cosine of two
    sentences that may be shown as evidence, unless the words that they share add
    `evidence_words` to the words feature.
    """

    low: float = -0.25
    high: float = 0.85
    possible: float = 0.28
    strong: float = 0.40
    evidence: float = 0.15
    evidence_words: float = 0.05

    def scale(self, cosines: NDArray[np.float64]) -> NDArray[np.float64]:
        """Centred cosines → meaning in [0, 1], order kept."""
        return np.clip((cosines - self.low) / (self.high - self.low), 0.0, 1.0)

    def name_strength(self, relevance: float) -> str:
        """The strength of a relevance in [0, 1]."""
        if relevance >= self.strong:
            return STRONG
        return POSSIBLE if relevance >= self.possible else WEAK
