"""How often something may be tried: tries are counted before they are made, for all processes.

Whoever sends many at once is held up as if they had come one after the other. After a few tries
each further one has to wait for longer, up to a limit: nobody is kept out for good, and pages tell
the owner of an account the way past it, a link in a mail.
"""

import hashlib
import hmac
import math
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final, NamedTuple

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import DomainError
from app.extensions import db
from app.transactions import writing_soon
from app.web.refusals import note_refusal
from models.orm import delete_where
from models.refusals import RefusalKind
from models.throttles import TriedLately

# How long after the last wait all tries are forgotten.
FORGOTTEN_AFTER: Final = timedelta(days=1)

# A house has that much of the address of version 6 to itself: counting by more counts nothing.
_BITS_OF_A_HOUSE: Final = 64


# How long a try waits for the database to count it, in seconds.
_PATIENCE: Final = 5.0

# For so many seconds whoever has to wait is refused by what this process remembers: a flood costs
# one look at the database in each second. Not for longer, since another process may forget tries.
_REMEMBERED_SECONDS: Final = 1.0
_REMEMBERED_KEYS: Final = 10_000

_REFUSED: Final = "yinqiao_refused_tries"


class _Refused:
    """Until when keys have to wait, as far as the database said so a moment ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[str, tuple[float, datetime]] = {}

    def find(self, key: str) -> datetime | None:
        with self._lock:
            seen_at, until = self._until.get(key, (-math.inf, None))
            return until if time.monotonic() - seen_at < _REMEMBERED_SECONDS else None

    def keep(self, key: str, until: datetime) -> None:
        with self._lock:
            if len(self._until) >= _REMEMBERED_KEYS:
                self._until.clear()
            self._until[key] = (time.monotonic(), until)

    def drop(self, key: str) -> None:
        with self._lock:
            self._until.pop(key, None)


class _Tried(NamedTuple):
    row_id: int
    times: int
    waits_until: datetime


class TooManyAttempts(DomainError):
    """It was tried so often that the next try has to wait."""

    code = "too_many_attempts"
    status = 429
    sentence = _l("Too many attempts. Wait %(seconds)s seconds, then try again.")


@dataclass(frozen=True, slots=True)
class Throttle:
    """Tries of the kind `name`: the first `free` at once, then each waits twice as long.

    The wait after the last free try is `first`, and never longer than `most`.
    """

    name: str
    free: int
    first: timedelta
    most: timedelta

    def begin(self, key: str, *, at: datetime) -> None:
        """One more try for `key` is counted, whatever becomes of it. Committed on its own.

        Raises TooManyAttempts, and counts nothing, while `key` has to wait.
        """
        if not current_app.config["COUNTS_TRIES"]:
            return
        try:
            self._begin(key, at)
        except TooManyAttempts:
            # Whose account it is, where it is one's: its owner should see that it was tried.
            note_refusal(RefusalKind.THROTTLE, email=key if "@" in key else "")
            raise

    def _begin(self, key: str, at: datetime) -> None:
        hashed, refused = self._hash(key), _get_refused()
        if (until := refused.find(hashed)) is not None and at < until <= at + self.most:
            raise _make_refusal(until, at)
        with _writing() as connection:
            row = _lock(connection, hashed, at)
            # No wait is longer than `most`: one that is comes from a clock that went back.
            # Of two at once, the one that began first may come second: while tries are free, that
            # is no reason to wait.
            has_to_wait = self._find_wait(row.times) > timedelta(0)
            if has_to_wait and at < row.waits_until <= at + self.most:
                refused.keep(hashed, row.waits_until)
                raise _make_refusal(row.waits_until, at)
            is_forgotten = row.waits_until + FORGOTTEN_AFTER <= at
            count = 1 if is_forgotten else row.times + 1
            connection.execute(
                update(TriedLately)
                .where(TriedLately.id == row.row_id)
                .values(count=count, waits_until=at + self._find_wait(count))
            )

    def forget(self, key: str) -> None:
        """All tries for `key` were its owner's. Committed on its own."""
        if not current_app.config["COUNTS_TRIES"]:
            return
        hashed = self._hash(key)
        _get_refused().drop(hashed)
        with _writing() as connection:
            connection.execute(delete(TriedLately).where(TriedLately.key == hashed))

    def take_back(self, key: str, *, at: datetime) -> None:
        """The last try for `key` was no guess, and does not count. Committed on its own."""
        if not current_app.config["COUNTS_TRIES"]:
            return
        hashed = self._hash(key)
        _get_refused().drop(hashed)
        with _writing() as connection:
            connection.execute(
                update(TriedLately)
                .where(TriedLately.key == hashed, TriedLately.count > 0)
                .values(count=TriedLately.count - 1, waits_until=at)
            )

    def _find_wait(self, count: int) -> timedelta:
        if count < self.free:
            return timedelta(0)
        # Doubled so often, the first wait is longer than the longest.
        doublings = min(count - self.free, 30)
        wait: timedelta = self.first * 2**doublings
        return min(wait, self.most)

    def _hash(self, key: str) -> str:
        secret = str(current_app.secret_key).encode()
        return hmac.digest(secret, f"{self.name}:{key}".encode(), hashlib.sha256).hex()


def get_network() -> str:
    """Where the request comes from, as far as one household or house has it to itself."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> _BITS_OF_A_HOUSE << _BITS_OF_A_HOUSE))


def forget_tries(session: Session, *, at: datetime) -> int:
    """Nothing is kept of tries that no longer count; returns of how many keys."""
    old = TriedLately.waits_until <= at - FORGOTTEN_AFTER
    return delete_where(session, TriedLately, old)


def start_throttling(app: Flask) -> None:
    """`app` remembers for a moment who has to wait."""
    app.extensions[_REFUSED] = _Refused()


def _get_refused() -> _Refused:
    refused: _Refused = current_app.extensions[_REFUSED]
    return refused


def _make_refusal(waits_until: datetime, at: datetime) -> TooManyAttempts:
    return TooManyAttempts(seconds=math.ceil((waits_until - at).total_seconds()))


def _writing() -> AbstractContextManager[Connection]:
    # Whoever cannot be counted is not let in, and does not hold a thread for long either.
    return writing_soon(db.engine, _PATIENCE)


def _lock(connection: Connection, key: str, at: datetime) -> _Tried:
    """What is counted for `key`, from nothing where need be; nobody else changes it meanwhile."""
    query = select(TriedLately.id, TriedLately.count, TriedLately.waits_until).where(
        TriedLately.key == key
    )
    while True:
        found = connection.execute(query.with_for_update()).one_or_none()
        if found is not None:
            return _Tried(*found)
        try:
            with connection.begin_nested():
                connection.execute(insert(TriedLately).values(key=key, count=0, waits_until=at))
        except IntegrityError:
            # Somebody else was faster by a moment: theirs is waited for.
            continue
