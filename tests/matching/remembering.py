"""An encoder for tests in which the same texts come again and again."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.encoders.contract import Progress, Role
from matching.encoders.joined import JoinedEncoder


class RememberingEncoder:
    """The bundled pair, which encodes no text in one of `roles` twice.

    Where a test is about texts that do not influence each other, what it asks must not be
    remembered, or the first answer would be compared with itself.
    """

    def __init__(self, encoder: JoinedEncoder, roles: Collection[Role] = ("passage",)) -> None:
        self._encoder = encoder
        self._roles = frozenset(roles)
        self._known: dict[tuple[Role, str], NDArray[np.float32]] = {}
        self.fingerprint = encoder.fingerprint
        self.dimensions = encoder.dimensions
        self.parts = encoder.parts

    def encode(
        self, texts: Sequence[str], *, role: Role, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n,) texts → (n, d) unit vectors."""
        if role not in self._roles:
            return self._encoder.encode(texts, role=role, progress=progress)
        fresh = [text for text in dict.fromkeys(texts) if (role, text) not in self._known]
        for text, vector in zip(fresh, self._encoder.encode(fresh, role=role), strict=True):
            self._known[role, text] = vector
        return np.stack([self._known[role, text] for text in texts])
