"""A loaded sentence-transformers model and the way of texts through it on a CPU.

Only this module and `encoder_packed` import sentence_transformers; like all that imports torch,
they are themselves imported when the first text has to be encoded.
"""

import logging
import os
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.encoders.contract import Precision, Progress, Role

# Everything is loaded from a local folder; a look-up on the hub would stall where it is blocked.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from matching.encoders.packed import PackedTransformer, can_pack
from matching.encoders.source import read_cut
from matching.encoders.workers import Workers, choose_precision, to_unit_rows

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

    A packable model computes in worker threads that each use one core (see `Workers`).
    """

    def __init__(self, folder: Path, precision: Precision) -> None:
        """Load `folder` for inference on the CPU."""
        self.precision = choose_precision(precision)
        self._turn = threading.Lock()
        self._workers = Workers()
        # In a worker, so that no OpenMP threads are started that a forked process would miss.
        self._workers.run(partial(self._load, folder))
        _log.info(
            "The encoder %s computes in %s on %d threads",
            folder.name,
            self.precision,
            self._workers.count,
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
        made = int(self._model.get_embedding_dimension() or 0)
        self.dimensions = min(made, read_cut(folder) or made)
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
        forward = partial(_forward_cut, self._packed, self.dimensions)
        return self._workers.encode(rows, forward, self.dimensions, progress)

    def _prompt(self, role: Role) -> str:
        found = (self._prompts.get(name) for name in _PROMPT_NAMES[role])
        return next(filter(None, found), "")

    def _encode_by_library(self, texts: list[str], prompt: str) -> NDArray[np.float32]:
        with self._turn:
            vectors = self._model.encode(
                texts, prompt=prompt, show_progress_bar=False, convert_to_numpy=True
            )
        return to_unit_rows(np.asarray(vectors, dtype=np.float32)[:, : self.dimensions])

    def renew_after_fork(self) -> None:
        """Let go of the locks that another thread of the parent may have held."""
        self._turn = threading.Lock()
        self._workers.renew_after_fork()


def _forward_cut(
    packed: PackedTransformer, dimensions: int, rows: Sequence[Sequence[int]]
) -> NDArray[np.float32]:
    """The first `dimensions` numbers of each vector, before it is brought to unit length."""
    return packed.forward(rows)[:, :dimensions]
