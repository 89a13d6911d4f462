"""The Universal Sentence Encoder of an installed package, loaded when first used."""

import hashlib
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching.encoders.contract import Part, Precision, Progress, Role, renew_when_forked
from matching.encoders.loading import without_collecting
from matching.encoders.universal_files import SHA256, check_installed

if TYPE_CHECKING:
    from matching.encoders.universal_model import UniversalModel

_DIMENSIONS = 512
# Raised whenever the same files would give other vectors.
_WAY = "universal-1"


class UniversalEncoder:
    """Google's Universal Sentence Encoder for sixteen languages, Chinese and English among them.

    It knows no roles: both give the same vector. It was trained on translations, and so is at its
    best across languages. Threads may share one, and a server may fork before or after its first
    use. Of a long text the first 512 pieces count; any str can be encoded, an empty one too.
    """

    def __init__(self, *, precision: Precision = "auto") -> None:
        """Remember the precision. "auto" is bfloat16 where the CPU has it natively."""
        self._precision: Precision = precision
        self._loaded: UniversalModel | None = None
        self._lock = threading.Lock()
        renew_when_forked(self)

    def check(self) -> None:
        """Raise EncoderMissing, which names the fix, unless the package's files are there."""
        check_installed()

    @property
    def fingerprint(self) -> str:
        """64 hex digits, from those of the files that `encode` insists on."""
        return hashlib.sha256("\n".join([_WAY, *SHA256.values()]).encode()).hexdigest()

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return _DIMENSIONS

    @property
    def parts(self) -> tuple[Part, ...]:
        """One model, one part."""
        return (Part(_DIMENSIONS, 1.0),)

    def encode(
        self, texts: Sequence[str], *, role: Role, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n,) texts → (n, 512) float32 rows of unit length, in the order of the texts.

        `progress` is told (texts done, texts in all). Raises EncoderMissing, BundleCorrupt.
        """
        if not texts:
            return np.empty((0, _DIMENSIONS), dtype=np.float32)
        return self._load().encode(texts, progress)

    def _load(self) -> "UniversalModel":
        with self._lock:
            if self._loaded is None:
                with without_collecting():
                    # Imported here and not above: torch takes seconds and hundreds of megabytes.
                    from matching.encoders.universal_model import UniversalModel

                    self._loaded = UniversalModel(self._precision)
            return self._loaded

    def renew_after_fork(self) -> None:
        """Let go of locks that another thread of the parent may have held."""
        self._lock = threading.Lock()
        if self._loaded is not None:
            self._loaded.renew_after_fork()
