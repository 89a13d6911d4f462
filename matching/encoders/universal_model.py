"""The Universal Sentence Encoder in memory: convolutions over word pieces, averaged, then dense.

Like `encoder_packed`, it lets the tokens of all texts of a batch stand in one row without padding.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from matching.encoders.contract import Precision, Progress
from matching.encoders.universal_files import build_tokenizer, read_weights
from matching.encoders.workers import Workers, choose_precision

MAX_TOKENS = 512
DIMENSIONS = 512
# Pieces are two to four characters long; the rest of a megabyte never reaches the tokenizer.
_LONGEST_TEXT = 16 * MAX_TOKENS
# For each branch, how many pieces side by side it sees, and how many of them stand before.
_BRANCHES = ((2, 0), (3, 1), (5, 2))
_BEFORE, _AFTER = 2, 2
_WIDTH = 256

# Weights and biases.
Linear = tuple[Tensor, Tensor]


class UniversalModel:
    """Safe to use from several threads: a forward pass changes nothing in it."""

    def __init__(self, precision: Precision) -> None:
        """Read the weights. Raises EncoderMissing, BundleCorrupt."""
        self.precision = choose_precision(precision)
        self._workers = Workers()
        self._tokenizer = build_tokenizer(MAX_TOKENS)
        # In a worker, so that no OpenMP threads are started that a forked process would miss.
        self._workers.run(partial(self._load, read_weights()))

    def _load(self, weights: dict[str, NDArray[np.float32]]) -> None:
        arrays = {name: torch.from_numpy(array) for name, array in weights.items()}
        kind = getattr(torch, self.precision)

        def read_linear(matrix: str, bias: str) -> Linear:
            return arrays[matrix].t().contiguous().to(kind), arrays[bias].to(kind)

        sizes = [size for size, _ in _BRANCHES]
        self._kind = kind
        self._table, self._scale, self._lowest = (arrays[n] for n in ("table", "scale", "lo"))
        self._tables = len(self._scale)
        self._project = [read_linear(f"proj{n}", f"proj_b{n}") for n in sizes]
        self._first = [read_linear(f"w1_{n}", f"b1_{n}") for n in sizes]
        self._second = [read_linear(f"w2_{n}", f"b2_{n}") for n in sizes]
        self._projected_norm = (
            torch.cat([arrays[f"ln_g{n}"] for n in sizes]),
            torch.cat([arrays[f"ln_b{n}"] for n in sizes]),
        )
        self._norm = arrays["ln_g"], arrays["ln_b"]
        self._epsilon = float(arrays["eps"])
        # What follows the sum over a text's pieces is computed once a text, and in double
        # precision, so that how many texts are in the batch cannot show in a vector.
        dense = ("cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3")
        self._dense = {name: arrays[name].double() for name in dense}

    def encode(self, texts: Sequence[str], progress: Progress | None) -> NDArray[np.float32]:
        """(n,) texts → (n, 512) float32 rows of unit length."""
        # Lone surrogates, which a str may hold and UTF-8 may not, become question marks.
        clean = [text[:_LONGEST_TEXT].encode("utf-8", "replace").decode() for text in texts]
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(clean)]
        return self._workers.encode(rows, self.forward, DIMENSIONS, progress)

    def forward(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Piece ids of (n,) texts → (n, 512) float32."""
        lengths = torch.tensor([len(row) for row in rows])
        pieces = torch.from_numpy(np.concatenate(rows, dtype=np.int64))
        owners = torch.repeat_interleave(torch.arange(len(rows)), lengths)
        with torch.inference_mode():
            states = self._read_pieces(pieces, _list_windows(lengths, owners))
            sums = torch.zeros(len(rows), states.shape[1], dtype=torch.float64)
            sums.index_add_(0, owners, states.double())
            embeddings = self._finish(sums, lengths.double()[:, None])
        vectors: NDArray[np.float32] = embeddings.float().numpy()
        return vectors

    def renew_after_fork(self) -> None:
        """Let go of the lock that another thread of the parent may have held."""
        self._workers.renew_after_fork()

    def _read_pieces(self, pieces: Tensor, windows: Tensor) -> Tensor:
        """(t,) piece ids and (t, 5) windows → (t, 512 + 3 · 256) states."""
        table = pieces % self._tables
        embedded = self._table[pieces].float()
        embedded = embedded * self._scale[table, None] + self._lowest[table, None]
        inputs = embedded.to(self._kind)
        projected = _normalise(
            torch.cat([functional.linear(inputs, *linear) for linear in self._project], 1).float(),
            self._projected_norm,
            self._epsilon,
        ).to(self._kind)
        found = [embedded]
        for number, (size, before) in enumerate(_BRANCHES):
            states = projected[:, number * _WIDTH : (number + 1) * _WIDTH]
            seen = windows[:, _BEFORE - before : _BEFORE - before + size]
            for layer in (self._first, self._second):
                states = states + _convolve(states, seen, layer[number])
            found.append(states.float())
        return _normalise(torch.cat(found, 1), self._norm, self._epsilon)

    def _finish(self, sums: Tensor, lengths: Tensor) -> Tensor:
        """(n, 1280) sums over pieces, (n, 1) lengths → (n, 512) through the dense layers."""
        dense = self._dense
        mixed = (sums @ dense["cnn_W"] + lengths * dense["cnn_b"]) / lengths.sqrt()
        first = functional.relu(mixed @ dense["d0"]) @ dense["d1"]
        second = functional.relu(mixed @ dense["p1"] + first)
        third = functional.relu(second @ dense["d2"]) @ dense["d3"]
        return torch.tanh(second @ dense["p3"] + third)


def _list_windows(lengths: Tensor, owners: Tensor) -> Tensor:
    """(n,) lengths of the texts in a row of t pieces, (t,) the text of each → (t, 5) positions.

    Row i names the pieces from two before piece i to two after it; those outside of its text are
    t, one behind the last.
    """
    count = len(owners)
    ends = torch.cumsum(lengths, 0)
    positions = torch.arange(count)[:, None] + torch.arange(-_BEFORE, _AFTER + 1)
    inside = positions >= (ends - lengths)[owners, None]
    inside &= positions < ends[owners, None]
    return torch.where(inside, positions, count)


def _convolve(states: Tensor, seen: Tensor, linear: Linear) -> Tensor:
    """(t, w) states, (t, k) positions seen → (t, w); position t stands for zeros."""
    padded = torch.cat([states, states.new_zeros(1, states.shape[1])])
    return functional.relu(functional.linear(padded[seen].flatten(1), *linear))


def _normalise(states: Tensor, norm: Linear, epsilon: float) -> Tensor:
    weight, bias = norm
    return functional.layer_norm(states, states.shape[1:], weight, bias, epsilon)
