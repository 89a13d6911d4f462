"""Connections to PostgreSQL that outlive the test that opened them.

Each connection has a process of the server to itself, which starts by knowing no table and looks
up in the catalogues whatever a statement names. Tests open a few connections each and name the same
tables: to begin anew took the server longer than all that it was asked.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import psycopg
import pytest
from psycopg.pq import TransactionStatus

import models.standing_still
from models.standing_still import WatchedConnection

# Of those that were opened in the same way. A test seldom has more at once.
_MOST_KEPT = 3

# All that a session can have set, taken or left behind. What it has prepared stays as it is: its
# driver knows of it, and the tables are those that they were.
_FORGET = """
SET SESSION AUTHORIZATION DEFAULT;
RESET ALL;
CLOSE ALL;
UNLISTEN *;
SELECT pg_advisory_unlock_all();
DISCARD SEQUENCES;
DISCARD TEMP;
"""

_Way = tuple[object, ...]


class WarmConnection(WatchedConnection):
    """What closes it puts it aside, and what connects in the same way gets it, as if it were new.

    So it is in the databases of `lasting`. One that is at work when it is closed, or that another
    process opened, is closed in earnest.
    """

    lasting: ClassVar[set[str]] = set()
    _aside: ClassVar[dict[_Way, list["WarmConnection"]]] = {}
    _way: _Way | None = None

    @classmethod
    def connect(cls, *arguments: Any, **named: Any) -> "WarmConnection":
        """One that was put aside, else a new one."""
        told = sorted((name, value) for name, value in named.items() if name != "context")
        way = (os.getpid(), *arguments, *told)
        aside = cls._aside.get(way, [])
        while aside:
            if (connection := aside.pop())._is_as_new():
                return connection
            connection.end()
        made = super().connect(*arguments, **named)
        if made.info.dbname in cls.lasting:
            made._way = way
        return made

    @classmethod
    def list_aside(cls, database: str) -> list["WarmConnection"]:
        """Those of `database` that nobody uses now."""
        return [
            connection
            for (process, *_), aside in cls._aside.items()
            for connection in aside
            if process == os.getpid() and connection.info.dbname == database
        ]

    @classmethod
    def forget(cls, database: str) -> None:
        """Close what was put aside of `database`, and put nothing of it aside any more."""
        cls.lasting.discard(database)
        for connection in cls.list_aside(database):
            connection.end()
        for aside in cls._aside.values():
            aside[:] = [connection for connection in aside if not connection.closed]

    def close(self) -> None:
        """Put it aside where it may last."""
        aside = self._aside.setdefault(self._way, []) if self._may_last() and self._way else None
        if aside is None or len(aside) >= _MOST_KEPT:
            self.end()
        elif self not in aside:
            aside.append(self)

    def end(self) -> None:
        """Close it in earnest."""
        super().close()

    def _may_last(self) -> bool:
        return (
            self._way is not None
            and self._way[0] == os.getpid()
            and not self.closed
            and self.info.dbname in self.lasting
            and self.info.transaction_status == TransactionStatus.IDLE
        )

    def _is_as_new(self) -> bool:
        """Whether it is there, and forgot what was set."""
        try:
            self.autocommit = True
            self.execute(_FORGET, prepare=False)
            self.isolation_level = self.read_only = self.deferrable = None
            self.autocommit = False
        except psycopg.Error:
            return False
        return True


@contextmanager
def keep_connections_warm() -> Iterator[type[WarmConnection]]:
    """Engines made meanwhile use connections of databases that are said to last more than once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models.standing_still, "WatchedConnection", WarmConnection)
        try:
            yield WarmConnection
        finally:
            for database in list(WarmConnection.lasting):
                WarmConnection.forget(database)
