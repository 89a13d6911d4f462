"""The background of one engine, with the roles of sentences that are active in its source."""

from collections.abc import Callable
from pathlib import Path

from matching.background import Background, Readers, prepare_background
from matching.encoders.contract import TextEncoder

ReadRoles = Callable[[Background], Readers | None]


class RolesInUse:
    """Prepared when first needed, in `cache_folder`, unless it is given as `shipped`.

    `read_roles` gives what was learned about the roles of sentences, or None. Whoever shares it
    between threads holds a lock meanwhile.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        cache_folder: Path | None,
        shipped: Background | None,
        read_roles: ReadRoles | None,
    ) -> None:
        self._encoder = encoder
        self._cache_folder = cache_folder
        self._shipped = shipped
        self._read_roles = read_roles
        self._background: Background | None = None

    @property
    def shipped(self) -> Background:
        """The background as it is shipped, whatever was learned."""
        if self._shipped is None:
            self._shipped = prepare_background(self._encoder, self._cache_folder)
        return self._shipped

    @property
    def background(self) -> Background:
        """The background by which sentences are read."""
        if self._background is None:
            self._background = self._read()
        return self._background

    def renew(self) -> bool:
        """Take what is active in the source now; whether that is something else than before."""
        before, self._background = self._background, self._read()
        return before is not None and before.version != self._background.version

    def _read(self) -> Background:
        active = None if self._read_roles is None else self._read_roles(self.shipped)
        return self.shipped if active is None else self.shipped.read_by(active)
