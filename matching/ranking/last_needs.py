"""The needs that were read last, kept with their vectors: one need asks for each kind."""

import threading
from dataclasses import replace

from matching.background import Background
from matching.encoders.contract import TextEncoder
from matching.ranking.needs import Need, read_need
from matching.records import Query, ReadSentence, TermSet

_KEPT = 32


class LastNeeds:
    """Reads needs, or remembers them. Threads may share it: nobody waits while others encode."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str, tuple[ReadSentence, ...], TermSet], Need] = {}

    def read(self, query: Query, encoder: TextEncoder, background: Background) -> Need | None:
        """As `read_need`. The encoder is to be the same each time."""
        key = (background.version, query.text, query.corrected, query.terms)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = read_need(query, encoder, background)
            if known is None:
                return None
        with self._lock:
            self._known[key] = known
            while len(self._known) > _KEPT:
                del self._known[next(iter(self._known))]
        return replace(known, query=query)
