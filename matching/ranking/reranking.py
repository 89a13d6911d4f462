"""The first of a list, read again by a model that sees a need and a profile together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matching.ranking.relevance import Scored

# So many are read again; each takes as long as encoding both texts.
RERANKED = 50


class PairReader(Protocol):
    """Says how well each of some texts answers a need; more is better."""

    @property
    def fingerprint(self) -> str:
        """64 hex digits; equal if and only if equal pairs get equal figures."""
        ...

    def compare(self, need: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """(n,) texts → (n,) figures, each from its own text and the need alone."""
        ...


class TextsUnread(Exception):
    """A list cannot be ordered before `texts` were read."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(f"{len(texts)} texts are to be read")
        self.texts = texts


def look_up(texts: Sequence[str], read: Mapping[str, float]) -> NDArray[np.float64]:
    """(n,) the figures of n texts. Raises TextsUnread with those that `read` does not have."""
    unread = [text for text in dict.fromkeys(texts) if text not in read]
    if unread:
        raise TextsUnread(unread)
    return np.array([read[text] for text in texts], dtype=np.float64)


def choose_first(
    scores: NDArray[np.float64], tiers: NDArray[np.int64], ids: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The places of those that are read again: the stronger first, then by score, then by id."""
    order: NDArray[np.int64] = np.lexsort((ids, -scores, -tiers))[:RERANKED]
    return order


def hand_out_again(
    scored: Scored,
    first: NDArray[np.int64],
    tiers: NDArray[np.int64],
    figures: NDArray[np.float64],
) -> Scored:
    """`scored` with the relevances of the `first` in the order of `figures` (n,), theirs.

    Who is nearest by `figures` gets the highest relevance, and so on: the figures of a list stay
    what they were, and so does what load, conditions and the rest take from a score. Nobody passes
    somebody of a higher tier.
    """
    score = scored.score.copy()
    for tier in set(tiers[first].tolist()):
        own = tiers[first] == tier
        best = first[own][np.argsort(-figures[own], kind="stable")]
        highest = np.sort(scored.relevance[best])[::-1]
        score[best] += highest - scored.relevance[best]
    score = np.clip(score, 0.0, 1.0)
    return replace(scored, score=score, features={**scored.features, "score": score})
