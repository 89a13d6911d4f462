"""Where the processes of an installation count together: in Redis if it is set, else in the
database.

Neither is waited for long, and neither has to be there: whoever counts goes on alone for a while.
"""

import importlib
import logging
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert as insert_on_postgres
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.settings import SettingInvalid, Settings
from app.transactions import writing_soon
from models.orm import delete_where
from models.throttles import RequestCount

log = logging.getLogger(__name__)

# How long a request waits until it is counted with those of other processes, in seconds. Writers
# of SQLite hold the database for less, other than a chunk of a large import.
PATIENCE: Final = 0.25

# So long a count is kept after its minute: clocks of several machines differ.
KEPT: Final = timedelta(hours=1)

_MISSING: Final = (
    "YINQIAO_REDIS_URL is set, and the package redis is not installed: pip install 'yinqiao[redis]'"
)


class CountsAway(Exception):
    """What is counted in one place cannot be counted there at present."""


class SharedCounts(Protocol):
    """Counts that all processes see."""

    def add(self, key: str, amount: int, *, ends_at: float) -> int:
        """`amount` more of `key`; returns how many there are now, with these.

        They are forgotten some time after `ends_at`, in seconds since the epoch. Raises CountsAway.
        """


class DatabaseCounts:
    """Rows in the installation's own database, each changed by one statement."""

    def __init__(self, find_engine: Callable[[], Engine]) -> None:
        self._find_engine = find_engine

    def add(self, key: str, amount: int, *, ends_at: float) -> int:
        """As SharedCounts says; committed on its own."""
        engine = self._find_engine()
        make = insert_on_sqlite if engine.dialect.name == "sqlite" else insert_on_postgres
        row = make(RequestCount).values(
            key=key, count=amount, ends_at=datetime.fromtimestamp(ends_at, UTC)
        )
        counted = row.on_conflict_do_update(
            index_elements=[RequestCount.key],
            set_={"count": RequestCount.count + row.excluded.count},
        ).returning(RequestCount.count)
        try:
            with writing_soon(engine, PATIENCE) as connection:
                return connection.execute(counted).scalar_one()
        except DBAPIError as error:
            raise CountsAway from error


class RedisCounts:
    """Keys in Redis, which forgets them by itself."""

    def __init__(self, url: str) -> None:
        try:
            self._redis: Any = importlib.import_module("redis")
        except ImportError as error:
            raise SettingInvalid(_MISSING) from error
        try:
            self._client = self._redis.Redis.from_url(
                url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
            )
        except ValueError as error:
            raise SettingInvalid("YINQIAO_REDIS_URL must be like redis://host:6379/0") from error

    def add(self, key: str, amount: int, *, ends_at: float) -> int:
        """As SharedCounts says."""
        name = f"yinqiao:{key}"
        try:
            with self._client.pipeline(transaction=True) as both:
                both.incrby(name, amount)
                both.expireat(name, math.ceil(ends_at + KEPT.total_seconds()))
                count, _kept = both.execute()
        except (self._redis.RedisError, OSError) as error:
            raise CountsAway from error
        return int(count)


def make_shared_counts(settings: Settings, find_engine: Callable[[], Engine]) -> SharedCounts:
    """Where `settings` say that is counted. Raises SettingInvalid."""
    if settings.redis_url is not None:
        return RedisCounts(settings.redis_url)
    return DatabaseCounts(find_engine)


def forget_counts(session: Session, *, at: datetime) -> int:
    """Counts of minutes that are long over at `at` are gone; returns how many."""
    return delete_where(session, RequestCount, RequestCount.ends_at <= at - KEPT)
