"""A loaded cross-encoder; like all that imports torch, itself imported when it is first needed."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import torch
from sentence_transformers import CrossEncoder
from transformers.utils import logging as transformers_logging


class LoadedCross:
    """One cross-encoder in memory, in float32."""

    def __init__(self, folder: Path) -> None:
        """Load `folder` for inference on the CPU."""
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
        # What a template sets before the two texts counts too, so no limit is made up here.
        self._model.eval()

    def compare(self, need: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """(n,) texts → (n,) how well each answers `need`; more is better."""
        pairs = [(_clean(need), _clean(text)) for text in texts]
        with torch.inference_mode():
            answers = np.asarray(
                self._model.predict(pairs, show_progress_bar=False), dtype=np.float64
            )
        # A model with several classes has the one that stands for the best answer last.
        return answers if answers.ndim == 1 else answers[:, -1]


def _clean(text: str) -> str:
    """Lone surrogates, which a str may hold and UTF-8 may not, become question marks."""
    return text.encode("utf-8", "replace").decode()
