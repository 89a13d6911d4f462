"""A loaded sentence-transformers model and the way of texts through it on a CPU.

Only this module and `encoder_packed` import torch and sentence_transformers; they are themselves
imported when the first text has to be encoded.
"""

import logging
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matching.encoder import Precision, Progress, Role

# Everything is loaded from a local folder; a look-up on the hub would stall where it is blocked.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from matching.encoder_packed import PackedTransformer, can_pack

# Tokens in one forward pass: enough to fill the kernels, few enough for a core's cache.
_TOKENS_IN_BATCH = 1024
# Fewer than these are not worth sharing among threads.
_TOKENS_WORTH_A_THREAD = 64
# Pieces are two to four characters long; the rest of a megabyte never reaches the tokenizer.
_CHARACTERS_A_TOKEN = 32
# Where a model states no limit of its own.
_MAX_TOKENS = 512
_PROMPT_NAMES: dict[Role, tuple[str, ...]] = {
    "query": ("query",),
    "passage": ("passage", "document"),
}

_log = logging.getLogger(__name__)


class LoadedModel:
    """One model in memory, in one precision. Threads may share it, and so may forked processes.

    A packable model computes in worker threads that each use one core: OpenMP's way of sharing
    one pass among threads loses most of its time waiting as soon as anything else runs on the
    machine, and does not survive a fork.
    """

    def __init__(self, folder: Path, precision: Precision) -> None:
        """Load `folder` for inference on the CPU."""
        self.precision = _choose_precision(precision)
        self._threads = torch.get_num_threads()
        self._turn = threading.Lock()
        self._workers = _start_workers(self._threads)
        self._process = os.getpid()
        # In a worker, so that no OpenMP threads are started that a forked process would miss.
        self._workers.submit(self._load, folder).result()
        _log.info(
            "The encoder %s computes in %s on %d threads",
            folder.name,
            self.precision,
            self._threads,
        )

    def _load(self, folder: Path) -> None:
        # Half a second of work needs no bar of its own in the middle of ours.
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": getattr(torch, self.precision)},
        ).eval()
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self._prompts = {name: text or "" for name, text in self._model.prompts.items()}
        self._packed: PackedTransformer | None = None
        if can_pack(self._model):
            self._max_tokens = self._model.max_seq_length or _MAX_TOKENS
            self._tokenizer = self._model.tokenizer.backend_tokenizer
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(self._max_tokens)
            self._packed = PackedTransformer(self._model)

    def encode(
        self, texts: Sequence[str], role: Role, progress: Progress | None
    ) -> NDArray[np.float32]:
        """(n,) texts → (n, dimensions) float32 rows of unit length."""
        prompt = self._prompt(role)
        # Lone surrogates, which a str may hold and UTF-8 may not, become question marks.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        if self._packed is None:
            return self._encode_by_library(clean, prompt)
        longest = _CHARACTERS_A_TOKEN * self._max_tokens
        encodings = self._tokenizer.encode_batch_fast([prompt + text[:longest] for text in clean])
        rows: list[list[int]] = [encoding.ids for encoding in encodings]
        return self._encode_packed(self._packed, rows, progress)

    def _prompt(self, role: Role) -> str:
        found = (self._prompts.get(name) for name in _PROMPT_NAMES[role])
        return next(filter(None, found), "")

    def _encode_by_library(self, texts: list[str], prompt: str) -> NDArray[np.float32]:
        with self._turn:
            vectors = self._model.encode(
                texts, prompt=prompt, show_progress_bar=False, convert_to_numpy=True
            )
        return _to_unit_rows(np.asarray(vectors, dtype=np.float32))

    def _encode_packed(
        self, packed: PackedTransformer, rows: list[list[int]], progress: Progress | None
    ) -> NDArray[np.float32]:
        workers = self._find_workers()
        vectors = np.empty((len(rows), self.dimensions), dtype=np.float32)
        pending: dict[Future[NDArray[np.float32]], NDArray[np.intp]] = {
            workers.submit(packed.forward, [rows[index] for index in batch]): batch
            for batch in _split_by_length([len(row) for row in rows], self._threads)
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
        return _to_unit_rows(vectors)

    def _find_workers(self) -> ThreadPoolExecutor:
        """This process's workers: those from before a fork exist in the parent only."""
        with self._turn:
            if self._process != os.getpid():
                self._workers = _start_workers(self._threads)
                self._process = os.getpid()
            return self._workers

    def renew_after_fork(self) -> None:
        """Let go of a lock that another thread of the parent may have held."""
        self._turn = threading.Lock()


def _start_workers(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(
        threads, thread_name_prefix="encoder", initializer=torch.set_num_threads, initargs=(1,)
    )


def _choose_precision(precision: Precision) -> Literal["float32", "bfloat16"]:
    """bfloat16 where the CPU multiplies it natively; emulated it would be slower than float32."""
    if precision != "auto":
        return precision
    native = ("avx512_bf16", "amx_bf16")
    return "bfloat16" if any(map(torch.cpu.get_capabilities().get, native)) else "float32"


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


def _to_unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row divided by its length; a row of zeros becomes the first axis."""
    norms = np.linalg.norm(vectors, axis=1)
    empty = norms < 1e-12
    vectors[empty, 0] = norms[empty] = 1.0
    unit: NDArray[np.float32] = vectors / norms[:, None]
    return unit
