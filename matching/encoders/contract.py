"""What matching asks of every encoder, and what a fork does to one.

An encoder turns texts into vectors whose inner product is their cosine. The encoders themselves
stand beside this module and know it; it knows none of them.
"""

import os
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Role = Literal["query", "passage"]
Precision = Literal["auto", "float32", "bfloat16"]
Progress = Callable[[int, int], None]

# How texts are cut before they are encoded (`matching.text`). It is part of every fingerprint:
# passages that were cut another way are as stale as those of another model. To be raised with
# every change of the cutting.
CUT = "turns-1"


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
        """64 hex digits; equal if and only if equal texts get interchangeable passages."""
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
