"""A cross-encoder: reads a need and a profile together, which is slow and understands more.

Set by YINQIAO_RERANKER; off by default. It reads the first of a list again, and no more.
"""

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching.encoders.contract import renew_when_forked
from matching.encoders.errors import EncoderMissing
from matching.encoders.source import compute_fingerprint, download_snapshot, find_folder

if TYPE_CHECKING:
    from matching.encoders.loaded_cross import LoadedCross

# What else is in a batch changes figures behind this decimal.
_DECIMALS = 4


class Reranker:
    """A sentence-transformers CrossEncoder by folder or hub name, loaded when first used.

    Constructing one touches neither the disk nor torch. Threads may share one: they take turns.
    """

    def __init__(self, name_or_folder: str) -> None:
        self._name_or_folder = name_or_folder
        self._loaded: LoadedCross | None = None
        self._lock = threading.Lock()
        renew_when_forked(self)

    @cached_property
    def folder(self) -> Path:
        """The local folder of the model. Raises EncoderMissing, which names the fix."""
        return _find(self._name_or_folder)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 in hex over weights, vocabulary and settings. Raises EncoderMissing."""
        return compute_fingerprint(self.folder)

    def compare(self, need: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """(n,) texts → (n,) how well each answers `need`; more is better.

        What else is in the list changes no figure. Raises EncoderMissing.
        """
        if not texts:
            return np.zeros(0)
        with self._lock:
            if self._loaded is None:
                folder = self.folder
                # Imported here and not above: torch takes seconds and hundreds of megabytes.
                from matching.encoders.loaded_cross import LoadedCross

                self._loaded = LoadedCross(folder)
            answers: NDArray[np.float64] = self._loaded.compare(need, texts).round(_DECIMALS)
            return answers

    def renew_after_fork(self) -> None:
        """Let go of a lock that another thread of the parent may have held."""
        self._lock = threading.Lock()


def open_reranker(setting: str) -> Reranker | None:
    """The reranker that `setting` names, None for "": cheap, nothing is looked for yet."""
    return Reranker(setting) if setting else None


def prepare_reranker(setting: str) -> Path | None:
    """Bring the reranker that `setting` names onto this machine; its folder, None for "".

    Raises EncoderMissing.
    """
    if not setting:
        return None
    try:
        return find_folder(setting)
    except EncoderMissing:
        try:
            return download_snapshot(setting)
        except EncoderMissing as error:
            raise EncoderMissing(_word(setting)) from error


def _find(setting: str) -> Path:
    try:
        return find_folder(setting)
    except EncoderMissing as error:
        raise EncoderMissing(_word(setting)) from error


def _word(setting: str) -> str:
    return (
        f"the reranker {setting} is not on this machine: run `yinqiao encoder prepare` where a "
        "model hub can be reached, set YINQIAO_RERANKER to a folder, or leave it unset"
    )
