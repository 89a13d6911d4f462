"""Texts in, unit vectors out: the one door to sentence embeddings.

`Encoder` wraps any sentence-transformers model and costs nothing until it has to encode;
`TextEncoder` is what the rest of matching asks of it and of `HashingEncoder`.
"""

import os
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.encoder_errors import BundleCorrupt, EncoderMissing
from matching.encoder_source import compute_fingerprint, find_folder, read_dimensions

if TYPE_CHECKING:
    from matching.encoder_model import LoadedModel

__all__ = [
    "BundleCorrupt",
    "Encoder",
    "EncoderMissing",
    "Part",
    "Precision",
    "Role",
    "TextEncoder",
    "renew_when_forked",
]

Role = Literal["query", "passage"]
Precision = Literal["auto", "float32", "bfloat16"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a vector that one model made: how many numbers, and the sum of their squares.

    Models differ in how far apart they set unrelated texts, so each stretch is centred and brought
    to its `share` by itself.
    """

    dimensions: int
    share: float


class TextEncoder(Protocol):
    """Turns texts into vectors whose inner product is their cosine."""

    @property
    def fingerprint(self) -> str:
        """64 hex digits; equal if and only if equal texts get interchangeable vectors."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    @property
    def parts(self) -> tuple[Part, ...]:
        """The stretches of a vector in their order: one a model; the shares add up to 1."""
        ...

    def encode(
        self, texts: Sequence[str], *, role: Role, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n,) texts → (n, dimensions) float32 rows of unit length, in the order of the texts.

        `progress` is told (texts done, texts in all) now and then.
        """
        ...


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
        """SHA-256 in hex over weights, vocabulary and settings. Raises EncoderMissing."""
        return compute_fingerprint(self.folder)

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
                # Imported here and not above: torch takes seconds and hundreds of megabytes.
                from matching.encoder_model import LoadedModel

                self._loaded = LoadedModel(folder, self._precision)
            return self._loaded

    def renew_after_fork(self) -> None:
        """Let go of locks that another thread of the parent may have held."""
        self._lock = threading.Lock()
        if self._loaded is not None:
            self._loaded.renew_after_fork()


class Renewable(Protocol):
    """Something with locks, which a forked process may find held by threads it does not have."""

    def renew_after_fork(self) -> None:
        """Make the locks anew."""
        ...


_living: "weakref.WeakSet[Renewable]" = weakref.WeakSet()


def renew_when_forked(thing: Renewable) -> None:
    """From now on, and as long as `thing` lives, it is renewed in every forked process."""
    _living.add(thing)


def _renew_all_after_fork() -> None:
    for thing in list(_living):
        thing.renew_after_fork()


os.register_at_fork(after_in_child=_renew_all_after_fork)
