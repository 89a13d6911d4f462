"""How many texts go through a model at once, in which precision, and on which threads.

Imports torch, and so is imported itself when the first text has to be encoded.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Literal, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from matching.encoders.contract import Precision, Progress

Forward = Callable[[list[list[int]]], NDArray[np.float32]]
Result = TypeVar("Result")

# Tokens in one forward pass: enough to fill the kernels, few enough for a core's cache.
_TOKENS_IN_BATCH = 1024
# Fewer than these are not worth sharing among threads.
_TOKENS_WORTH_A_THREAD = 64


class Workers:
    """As many threads as torch had when this was made, each of which computes on one core.

    OpenMP's way of sharing one pass among threads loses most of its time waiting as soon as
    anything else runs on the machine, and does not survive a fork. These are started anew in a
    forked process.
    """

    def __init__(self) -> None:
        """Start no thread yet."""
        self.count = torch.get_num_threads()
        self._lock = threading.Lock()
        self._threads = _start_threads(self.count)
        self._process = os.getpid()

    def run(self, work: Callable[[], Result]) -> Result:
        """What `work` returns, computed by one of the threads."""
        return self._find_threads().submit(work).result()

    def encode(
        self,
        rows: list[list[int]],
        forward: Forward,
        dimensions: int,
        progress: Progress | None,
    ) -> NDArray[np.float32]:
        """Token ids of (n,) texts → (n, dimensions) rows of unit length, in the order given.

        `forward` takes some of the rows, longest first. `progress` is told (texts done, in all).
        """
        threads = self._find_threads()
        vectors = np.empty((len(rows), dimensions), dtype=np.float32)
        pending: dict[Future[NDArray[np.float32]], NDArray[np.intp]] = {
            threads.submit(forward, [rows[index] for index in batch]): batch
            for batch in _split_by_length([len(row) for row in rows], self.count)
        }
        done = 0
        try:
            for future in as_completed(pending):
                batch = pending[future]
                vectors[batch] = future.result()
                done += len(batch)
                if progress is not None:
                    progress(done, len(rows))
        finally:
            for future in pending:
                future.cancel()
        return to_unit_rows(vectors)

    def renew_after_fork(self) -> None:
        """Let go of a lock that another thread of the parent may have held."""
        self._lock = threading.Lock()

    def _find_threads(self) -> ThreadPoolExecutor:
        """This process's threads: those from before a fork exist in the parent only."""
        with self._lock:
            if self._process != os.getpid():
                self._threads = _start_threads(self.count)
                self._process = os.getpid()
            return self._threads


def choose_precision(precision: Precision) -> Literal["float32", "bfloat16"]:
    """bfloat16 where the CPU multiplies it natively; emulated it would be slower than float32."""
    if precision != "auto":
        return precision
    native = ("avx512_bf16", "amx_bf16")
    return "bfloat16" if any(map(torch.cpu.get_capabilities().get, native)) else "float32"


def to_unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row divided by its length; a row of zeros becomes the first axis."""
    norms = np.linalg.norm(vectors, axis=1)
    empty = norms < 1e-12
    vectors[empty, 0] = norms[empty] = 1.0
    unit: NDArray[np.float32] = vectors / norms[:, None]
    return unit


def _start_threads(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(
        count, thread_name_prefix="encoder", initializer=torch.set_num_threads, initargs=(1,)
    )


def _split_by_length(lengths: Sequence[int], threads: int) -> list[NDArray[np.intp]]:
    """Indices in batches of similar length, longest first, each within the token budget."""
    share = -(-sum(lengths) // threads)
    budget = min(_TOKENS_IN_BATCH, max(share, _TOKENS_WORTH_A_THREAD))
    order = np.argsort(-np.asarray(lengths), kind="stable")
    batches = []
    start = tokens = 0
    for end, index in enumerate(order):
        if tokens and tokens + lengths[index] > budget:
            batches.append(order[start:end])
            start, tokens = end, 0
        tokens += lengths[index]
    batches.append(order[start:])
    return batches
