"""A loaded sentence-transformers model and the fastest sound way through it on a CPU.

This is the only module that imports torch and sentence_transformers; it is itself imported when
the first text has to be encoded.
"""

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

# Everything is loaded from a local folder; a look-up on the hub would stall where it is blocked.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

Role = Literal["query", "passage"]
Precision = Literal["auto", "float32", "bfloat16"]
Progress = Callable[[int, int], None]

# Padded tokens of one forward pass: enough to fill the cores, small enough for their caches.
_TOKENS_IN_BATCH = 4096
# Where a model states no limit of its own.
_MAX_TOKENS = 512
# No piece of a vocabulary in use is longer on average; keeps a megabyte away from the tokenizer.
_CHARACTERS_A_TOKEN = 32
_PROMPT_NAMES: dict[Role, tuple[str, ...]] = {
    "query": ("query",),
    "passage": ("passage", "document"),
}

_log = logging.getLogger(__name__)


class LoadedModel:
    """One model in memory, in one precision. Not locked: callers take turns."""

    def __init__(self, folder: Path, precision: Precision) -> None:
        """Load `folder` for inference on the CPU."""
        self.precision = _choose_precision(precision)
        self._model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": getattr(torch, self.precision)},
        ).eval()
        self._tokenizer = _find_plain_tokenizer(self._model)
        if self._tokenizer is not None:
            # Pooling and what follows cost nothing, and rounding there would show in the vectors.
            for module in list(self._model)[1:]:
                module.float()
            self._max_tokens = self._model.max_seq_length or _MAX_TOKENS
            self._pad_id = int(self._tokenizer.pad_token_id)
            self._fast_tokenizer = self._tokenizer.backend_tokenizer
            self._fast_tokenizer.no_padding()
            self._fast_tokenizer.enable_truncation(self._max_tokens)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        _log.info("The encoder %s is loaded and computes in %s", folder.name, self.precision)

    def encode(
        self, texts: Sequence[str], role: Role, progress: Progress | None
    ) -> NDArray[np.float32]:
        """(n,) texts → (n, dimensions) float32 rows of unit length."""
        prompt = self._prompt(role)
        if self._tokenizer is None:
            vectors = self._model.encode(
                list(texts), prompt=prompt, show_progress_bar=False, convert_to_numpy=True
            )
            return _to_unit_rows(np.asarray(vectors, dtype=np.float32))
        rows = self._tokenize([prompt + text for text in texts])
        vectors = np.empty((len(rows), self.dimensions), dtype=np.float32)
        done = 0
        for batch in _split_by_length([len(row) for row in rows]):
            vectors[batch] = self._forward([rows[index] for index in batch])
            done += len(batch)
            if progress is not None:
                progress(done, len(rows))
        return _to_unit_rows(vectors)

    def _prompt(self, role: Role) -> str:
        for name in _PROMPT_NAMES[role]:
            if prompt := self._model.prompts.get(name):
                return str(prompt)
        return ""

    def _tokenize(self, texts: list[str]) -> list[list[int]]:
        longest = _CHARACTERS_A_TOKEN * self._max_tokens
        # Lone surrogates, which a str may hold and UTF-8 may not, become question marks.
        clean = [text[:longest].encode("utf-8", "replace").decode() for text in texts]
        return [encoding.ids for encoding in self._fast_tokenizer.encode_batch_fast(clean)]

    def _forward(self, rows: list[list[int]]) -> NDArray[np.float32]:
        width = max(map(len, rows))
        ids = np.full((len(rows), width), self._pad_id, dtype=np.int64)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        features: dict[str, Any] = {
            "input_ids": torch.from_numpy(ids),
            "attention_mask": torch.from_numpy(mask),
        }
        with torch.inference_mode():
            first, *others = self._model
            features = first(features)
            features["token_embeddings"] = features["token_embeddings"].float()
            for module in others:
                features = module(features)
        embeddings: NDArray[np.float32] = features["sentence_embedding"].numpy()
        return embeddings


def _choose_precision(precision: Precision) -> Literal["float32", "bfloat16"]:
    """bfloat16 where the CPU multiplies it natively; emulated it would be slower than float32."""
    if precision != "auto":
        return precision
    native = ("avx512_bf16", "amx_bf16")
    return "bfloat16" if any(map(torch.cpu.get_capabilities().get, native)) else "float32"


def _find_plain_tokenizer(model: SentenceTransformer) -> Any | None:
    """The model's tokenizer if our batching is known to equal the library's for this model.

    That is so for text encoders with a fast tokenizer, padded on the right, whose prompt counts
    as text; anything else (decoders, static embeddings, images) goes the library's own way.
    """
    first, *others = model
    if not isinstance(first, Transformer) or set(first.modality_config) != {"text"}:
        return None
    tokenizer = first.tokenizer
    plain = (
        getattr(tokenizer, "is_fast", False)
        and getattr(tokenizer, "padding_side", None) == "right"
        and getattr(tokenizer, "pad_token_id", None) is not None
        and not getattr(first.config, "is_decoder", False)
        and all(module.include_prompt for module in others if isinstance(module, Pooling))
    )
    return tokenizer if plain else None


def _split_by_length(lengths: Sequence[int]) -> list[NDArray[np.intp]]:
    """Indices in batches of similar length, longest first, each within the token budget."""
    order = np.argsort(-np.asarray(lengths), kind="stable")
    batches = []
    start = 0
    while start < len(order):
        size = max(1, _TOKENS_IN_BATCH // lengths[order[start]])
        batches.append(order[start : start + size])
        start += size
    return batches


def _to_unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row divided by its length; a row of zeros becomes the first axis."""
    norms = np.linalg.norm(vectors, axis=1)
    empty = norms < 1e-12
    vectors[empty, 0] = norms[empty] = 1.0
    unit: NDArray[np.float32] = vectors / norms[:, None]
    return unit
