"""Connections to PostgreSQL that notice when the server stands still.

What the server itself bounds, locks and statements, it bounds as long as it runs. One that is
stopped with its connections open, or behind a network that swallows packets, says nothing and ends
nothing: whoever waits for it has to look at their own clock.
"""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import URL

_Result = TypeVar("_Result")

# How long a statement may take before somebody asks whether the server is there at all, and how
# long a new connection may take to tell; in seconds.
SILENT_SECONDS: Final = 10.0
ASKING_SECONDS: Final = 10

# How much later than the server ends a statement we stop waiting for its end, in seconds.
GRACE_SECONDS: Final = 10.0

# How often psycopg looks whether somebody interrupts it, in seconds.
_INTERVAL: Final = 0.1


class WatchedConnection(psycopg.Connection[Any]):
    """A connection on which no wait is without end.

    A statement that takes longer than `SILENT_SECONDS` goes on only while the server still takes
    new connections, and at most `longest` seconds, where it has one. Else the connection is closed
    and `psycopg.OperationalError` raised: nobody knows what became of the statement.
    """

    # How to connect to the same server once more.
    ask: Callable[[], "psycopg.Connection[Any]"]
    longest: float | None

    def wait(
        self, gen: PQGen[_Result], interval: float = _INTERVAL, timeout: float | None = None
    ) -> _Result:
        """Wait for what `gen` does on this connection; with `timeout` as psycopg does."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        begun = monotonic()
        while True:
            try:
                return super().wait(gen, interval, SILENT_SECONDS)
            except psycopg.errors._WaitTimeout:
                waited = monotonic() - begun
                if self.longest is not None and waited >= self.longest:
                    self._give_up("a statement has not ended, not even when its time was over")
                if self._is_silent():
                    self._give_up("the server stands still")

    def _is_silent(self) -> bool:
        """Whether the server says nothing to who connects; a refusal is an answer, too."""
        try:
            self.ask().close()
        except psycopg.errors.ConnectionTimeout:
            return True
        except psycopg.Error:
            return False
        return False

    def _give_up(self, why: str) -> None:
        self.close()
        raise psycopg.OperationalError(why)


def make_connecting(
    url: URL, more: Mapping[str, Any], *, statement_seconds: int = 0
) -> Callable[[], WatchedConnection]:
    """What makes a new connection to `url`, where `more` is told to the driver beside the address.

    With `statement_seconds` the server ends statements after so many, and is given
    `GRACE_SECONDS` more.
    """
    kind: Any = url.get_dialect()
    dialect = kind(dbapi=psycopg)
    arguments, said = dialect.create_connect_args(url)
    named = {**said, **more}

    def connect() -> WatchedConnection:
        connection = WatchedConnection.connect(*arguments, **named)
        asking = {**named, "connect_timeout": ASKING_SECONDS}
        connection.ask = lambda: psycopg.connect(*arguments, **asking)
        connection.longest = statement_seconds + GRACE_SECONDS if statement_seconds else None
        return connection

    return connect
