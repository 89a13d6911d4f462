"""One sentence-transformers model, found and loaded when it is first used."""

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching.encoders.contract import CUT, Part, Precision, Progress, Role, renew_when_forked
from matching.encoders.loading import without_collecting
from matching.encoders.source import compute_fingerprint, find_folder, read_dimensions

if TYPE_CHECKING:
    from matching.encoders.loaded_model import LoadedModel


class Encoder:
    """A sentence-transformers model by folder or hub name, loaded when first used.

    Constructing one touches neither the disk nor torch. Threads may share one, and a server may
    fork before or after its first use. Of a text longer than the model's limit the beginning
    counts; any str can be encoded, an empty one too.
    """

    def __init__(self, name_or_folder: str, *, precision: Precision = "auto") -> None:
        """Remember what to load. "auto" is bfloat16 where the CPU has it natively."""
        self._name_or_folder = name_or_folder
        self._precision: Precision = precision
        self._loaded: LoadedModel | None = None
        self._lock = threading.Lock()
        renew_when_forked(self)

    def __repr__(self) -> str:
        return f"Encoder({self._name_or_folder!r}, precision={self._precision!r})"

    def check(self) -> None:
        """Raise EncoderMissing, which names the fix, unless the encoder is on this machine."""
        find_folder(self._name_or_folder)

    @cached_property
    def folder(self) -> Path:
        """The local folder of the model. Raises EncoderMissing."""
        return find_folder(self._name_or_folder)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 in hex over weights, vocabulary, settings and the way of cutting.

        Raises EncoderMissing.
        """
        return hashlib.sha256(f"{CUT}\n{compute_fingerprint(self.folder)}".encode()).hexdigest()

    @cached_property
    def dimensions(self) -> int:
        """The length of a vector; the model is loaded only if its settings do not say."""
        stated = read_dimensions(self.folder)
        if stated is not None:
            return stated
        return self._load().dimensions

    @property
    def parts(self) -> tuple[Part, ...]:
        """One model, one part."""
        return (Part(self.dimensions, 1.0),)

    def encode(
        self, texts: Sequence[str], *, role: Role, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n,) texts → (n, dimensions) float32 rows of unit length, in the order of the texts.

        `role` selects the model's own prompt, if it has one. What else is in the batch changes a
        vector by less than 1e-3 in cosine. `progress` is told (texts done, texts in all).
        Raises EncoderMissing.
        """
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return self._load().encode(texts, role, progress)

    def _load(self) -> "LoadedModel":
        with self._lock:
            if self._loaded is None:
                folder = self.folder
                with without_collecting():
                    # Imported here and not above: torch takes seconds and hundreds of megabytes.
                    from matching.encoders.loaded_model import LoadedModel

                    self._loaded = LoadedModel(folder, self._precision)
            return self._loaded

    def renew_after_fork(self) -> None:
        """Let go of locks that another thread of the parent may have held."""
        self._lock = threading.Lock()
        if self._loaded is not None:
            self._loaded.renew_after_fork()
