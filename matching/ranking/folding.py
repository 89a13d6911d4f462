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
# Up to so many multiplications OpenBLAS takes one thread. Several are no quicker for what a match
# compares, and where cores are busy they wait for each other, ten times as long as they work.
_MULTIPLIED_BY_ONE_THREAD = 1 << 18


@dataclass(frozen=True, slots=True)
class NeedVectors:
    """A need as vectors of unit length.

    `whole` is (d,); `sentences` is (s, d), s ≥ 1; `shares` is (s,), what each sentence counts,
    adding up to 1.
    """

    whole: Vectors
    sentences: Vectors
    shares: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Folded:
    """n providers against one need: cosines in [-1, 1].

    `whole` is (n,). `best` is (n, s), the cosine of each need sentence with the provider's
    nearest sentence, and `shares` is (s,), what each need sentence counts. `back` is (n,), the
    other way round: the cosine of each provider sentence with the nearest need sentence, averaged.
    """

    whole: NDArray[np.float64]
    best: NDArray[np.float64]
    back: NDArray[np.float64]
    shares: NDArray[np.float64]


def fold(
    need: NeedVectors, wholes: Vectors | Exact, sentences: Vectors | Exact, counts: Indices
) -> Folded:
    """Compare one need with n providers.

    `wholes` is (n, d); `sentences` is (m, d), those of the first provider first; `counts` is (n,),
    at least 1 each, adding up to m. float32 vectors are compared in float32: quick, but what else
    is compared at the same time changes the seventh decimal. In float64 it does not.
    """
    if not len(wholes):
        return Folded(
            whole=np.zeros(0),
            best=np.zeros((0, len(need.sentences))),
            back=np.zeros(0),
            shares=need.shares,
        )
    whole = measure_cosines(wholes, need.whole[np.newaxis])[:, 0]
    cosines = measure_cosines(sentences, need.sentences)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    best = np.maximum.reduceat(cosines, starts, axis=0)
    back = np.add.reduceat(cosines.max(axis=1), starts) / counts
    return Folded(whole, best, back, need.shares)


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
