"""Folds passages into providers: whole against whole, and best sentence against best sentence.

Late interaction after Khattab and Zaharia, ColBERT (2020), over sentences in place of tokens.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Exact = NDArray[np.float64]
Indices = NDArray[np.int64]

_DECIMALS = 9
# A sentence of the need that counts at least this share of the best one says what is wanted.
_LEAST_PROOF = 0.3
# Up to so many multiplications OpenBLAS takes one thread. Several are no quicker for what a match
# compares, and where cores are busy they wait for each other, ten times as long as they work.
_MULTIPLIED_BY_ONE_THREAD = 1 << 18


@dataclass(frozen=True, slots=True)
class NeedVectors:
    """A need as vectors of unit length.

    `whole` is (d,), of what is meant; `sentences` is (s, d), s ≥ 1; `shares` is (s,), what each
    sentence counts, adding up to 1. `pulls` (s,) says how well a sentence may answer for one of the
    provider's, at most 1, and `refusals` (s,) how surely it says what is not wanted: all and none
    where they are not given. `offers` says that it offers a thing and looks for who takes it.
    """

    whole: Vectors
    sentences: Vectors
    shares: NDArray[np.float64]
    pulls: NDArray[np.float64] | None = None
    refusals: NDArray[np.float64] | None = None
    offers: bool = False

    def flag_meant(self) -> NDArray[np.bool_]:
        """(s,) whether each sentence says something that is wanted, as far as one knows."""
        if self.refusals is None:
            return np.ones(len(self.shares), dtype=np.bool_)
        is_meant: NDArray[np.bool_] = self.refusals == 0
        return is_meant


@dataclass(frozen=True, slots=True)
class Folded:
    """n providers against one need: cosines in [-1, 1].

    `whole` is (n,). `best` is (n, s), the cosine of each need sentence with the provider's
    nearest sentence, and `shares` is (s,), what each need sentence counts. `back` is (n,), the
    other way round: the cosine of each provider sentence with the nearest need sentence, averaged.
    `nearest` is (n,), the cosine of the provider's nearest sentence with any that says what is
    wanted, and `refused` (n,) by how much nearer, if at all, the provider is to what is not wanted,
    or the need to what the provider is looking for himself, than to each other. `nearness` (m, s)
    are the cosines of all sentences. `taken` (n,) is the cosine of the need with the nearest
    sentence in which a provider takes things, as surely as he does, where the need offers; else
    it is that of unrelated texts.
    """

    whole: NDArray[np.float64]
    best: NDArray[np.float64]
    back: NDArray[np.float64]
    shares: NDArray[np.float64]
    nearest: NDArray[np.float64]
    refused: NDArray[np.float64]
    nearness: NDArray[np.float64]
    taken: NDArray[np.float64]


def fold(
    need: NeedVectors,
    wholes: Vectors | Exact,
    sentences: Vectors | Exact,
    counts: Indices,
    worths: Exact | None = None,
    floor: float = 0.0,
    opposed: Exact | None = None,
    taken: Exact | None = None,
) -> Folded:
    """Compare one need with n providers.

    `wholes` is (n, d); `sentences` is (m, d), those of the first provider first; `counts` is (n,),
    at least 1 each, adding up to m. `worths` is (m,), what each sentence of a provider counts, from
    0 to 1: that much of its nearness beyond `floor`, the cosine of unrelated texts, is left.
    `opposed` (m,) says how surely each speaks of what the provider is looking for himself.
    `taken` (m,) how surely each says that the provider takes things: to a need that offers, who
    seeks is no rival, and what he seeks counts.
    float32 vectors are compared in float32: quick, but what else is compared at the same time
    changes the seventh decimal. In float64 it does not.
    """
    if not len(wholes):
        nothing = np.zeros(0)
        return Folded(
            whole=nothing,
            best=np.zeros((0, len(need.sentences))),
            back=nothing,
            shares=need.shares,
            nearest=nothing,
            refused=nothing,
            nearness=np.zeros((0, len(need.sentences))),
            taken=nothing,
        )
    whole = measure_cosines(wholes, need.whole[np.newaxis])[:, 0]
    cosines = measure_cosines(sentences, need.sentences)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    weights = np.ones(len(cosines)) if worths is None else worths
    takers = taken if need.offers else None
    if takers is not None:
        weights = np.maximum(weights, takers)
        opposed = None if opposed is None else np.where(takers > 0, 0.0, opposed)
    pulls = np.ones(len(need.shares)) if need.pulls is None else need.pulls
    # Of a sentence that counts little, little of what it has beyond an unrelated one.
    lifted = (cosines - floor) * np.sqrt(weights)[:, np.newaxis]
    best = np.maximum.reduceat(lifted, starts, axis=0) + floor
    answered = ((cosines - floor) * pulls).max(axis=1) * weights
    back = np.add.reduceat(answered, starts) / np.add.reduceat(weights, starts) + floor
    counted = need.shares / need.shares.max()
    wanted = ((best - floor) * counted).max(axis=1)
    refused = np.zeros(len(wholes))
    if need.refusals is not None and need.refusals.any():
        against = ((best - floor) * need.refusals).max(axis=1)
        refused = np.maximum(against - np.maximum(wanted, 0.0), 0.0)
    if opposed is not None and opposed.any():
        is_meant = need.flag_meant()
        asked = ((cosines - floor) * (counted * is_meant)).max(axis=1) * opposed
        against = np.maximum.reduceat(asked, starts)
        refused = np.maximum(refused, np.maximum(against - np.maximum(wanted, 0.0), 0.0))
    takes = np.full(len(wholes), floor)
    if takers is not None:
        meant = (cosines - floor) * (counted * need.flag_meant())
        takes += np.maximum.reduceat(np.maximum(meant.max(axis=1), 0.0) * takers, starts)
    nearest = best[:, counted >= _LEAST_PROOF].max(axis=1)
    return Folded(whole, best, back, need.shares, nearest, refused, cosines, takes)


def measure_cosines(left: Vectors | Exact, right: Vectors) -> Exact:
    """(n, d) and (m, d) unit vectors → their (n, m) inner products, in the precision of `left`.

    A product of matrices adds up in an order that depends on their shapes; rounding takes that
    away from products in float64.
    """
    columns: NDArray[Any] = right.T.astype(left.dtype, order="C")
    products = np.empty((len(left), len(right)), dtype=np.float64)
    step = max(1, _MULTIPLIED_BY_ONE_THREAD // max(1, columns.size))
    for start in range(0, len(left), step):
        products[start : start + step] = left[start : start + step] @ columns
    return products.round(_DECIMALS)
