"""Requests of a minute are counted together by all processes, without a statement for each."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app import create_app
from app.settings import SettingInvalid, Settings, read_settings
from app.transactions import writing
from app.web import allowance, shared_counts
from app.web.allowance import Counts
from app.web.shared_counts import (
    KEPT,
    CountsAway,
    DatabaseCounts,
    RedisCounts,
    forget_counts,
)
from models.orm import WRITER_OPTION, create_engine_for
from models.throttles import RequestCount

pytestmark = pytest.mark.trust

# The beginning of a minute.
MINUTE = 1_800_000_000.0


class Told:
    """Counts in memory, or away; `amounts` are those that were told."""

    def __init__(self) -> None:
        self.amounts: list[int] = []
        self._totals: dict[str, int] = {}
        self.is_away = False

    def add(self, key: str, amount: int, *, ends_at: float) -> int:
        if self.is_away:
            raise CountsAway
        self.amounts.append(amount)
        self._totals[key] = self._totals.get(key, 0) + amount
        return self._totals[key]


@contextmanager
def open_counts(url: str) -> Iterator[Counts]:
    """What one process of an installation on `url` counts by."""
    engine = create_engine_for(url)
    yield Counts(DatabaseCounts(lambda: engine), b"secret")
    engine.dispose()


def ask(counts: Counts, most: int, *, key: str = "requests:1", at: float = MINUTE) -> bool:
    return counts.add(key, most, at).is_allowed


@pytest.mark.concurrency
def test_two_processes_hold_one_limit(
    fresh_engine: Engine, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the letter below a hundred, whoever comes first, and for each person and minute anew."""
    # On a machine that does something else meanwhile, nobody goes on alone.
    monkeypatch.setattr(shared_counts, "PATIENCE", 30)
    start, passed = threading.Barrier(8), list[bool]()
    with open_counts(fresh_database_url) as one, open_counts(fresh_database_url) as two:

        def burst(counts: Counts) -> None:
            start.wait(timeout=30)
            passed.extend(ask(counts, 7) for _ in range(5))

        threads = [threading.Thread(target=burst, args=((one, two)[n % 2],)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert (passed.count(True), passed.count(False)) == (7, 33)
        assert ask(one, 7, key="requests:2")
        assert ask(two, 7, at=MINUTE + 60)
    with Session(fresh_engine) as session:
        rows = session.scalars(select(RequestCount).order_by(RequestCount.ends_at)).all()
        assert {len(row.key) for row in rows} == {64}
        ends_at = datetime.fromtimestamp(MINUTE + 60, UTC)
        with writing(session):
            assert forget_counts(session, at=ends_at + KEPT) == len(rows) - 1


def test_a_large_limit_is_told_in_parts_and_a_refusal_not_at_all(
    fresh_engine: Engine, fresh_database_url: str
) -> None:
    statements = list[str]()

    def note(*call: Any) -> None:
        statements.append(call[2])

    event.listen(Engine, "before_cursor_execute", note)
    with open_counts(fresh_database_url) as one, open_counts(fresh_database_url) as two:
        assert all(ask(one, 1000) for _ in range(10))
        assert statements == []
        passed = 10 + sum(ask(counts, 1000) for _ in range(1100) for counts in (one, two))
    event.remove(Engine, "before_cursor_execute", note)
    assert 1000 <= passed <= 1000 + 2 * 10
    assert sum("INSERT INTO request_count" in each for each in statements) <= 102


class Overtaking(Told):
    """The answer to whoever asks first comes after that to whoever asks then; `others`, who are
    of another process, come between them."""

    def __init__(self, others: int) -> None:
        super().__init__()
        self._others = others
        self.is_asked, self.is_answered = threading.Event(), threading.Event()

    def add(self, key: str, amount: int, *, ends_at: float) -> int:
        total = super().add(key, amount, ends_at=ends_at)
        if not self.is_asked.is_set():
            super().add(key, self._others, ends_at=ends_at)
            self.is_asked.set()
            assert self.is_answered.wait(timeout=30)
        return total


@pytest.mark.concurrency
@pytest.mark.parametrize(
    ("most", "others", "passed", "in_all"),
    [
        (400, 0, [True, True], 396),
        (2, 0, [True, True], 2),
        # Others came in between, and had the last one.
        (2, 2, [False, True], 1),
    ],
)
def test_whoever_is_answered_first_takes_nothing_from_who_asked_before(
    most: int, others: int, passed: list[bool], in_all: int
) -> None:
    told = Overtaking(others)
    counts = Counts(told, b"secret")
    # What passes before anybody is told of it.
    assert all(ask(counts, most) for _ in range(most // 100))
    found = list[bool]()
    first = threading.Thread(target=lambda: found.append(ask(counts, most)))
    first.start()
    assert told.is_asked.wait(timeout=30)
    found.append(ask(counts, most))
    told.is_answered.set()
    first.join(timeout=30)
    assert found == passed
    found += [ask(counts, most) for _ in range(most)]
    assert found.count(True) == in_all


def test_what_is_left_is_known_as_far_as_one_was_told() -> None:
    counts = Counts(Told(), b"secret")
    assert [counts.add("a", 3, MINUTE) for _ in range(4)] == [
        (True, 2),
        (True, 1),
        (True, 0),
        (False, 0),
    ]
    assert [counts.add("b", 500, MINUTE).left for _ in range(7)] == list(range(499, 492, -1))


def test_without_the_others_each_process_holds_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """No door opens, and none closes; what passed meanwhile is told when they are back."""
    told = Told()
    counts = Counts(told, b"secret")
    told.is_away = True
    assert [ask(counts, 5) for _ in range(4)] == [True] * 4
    told.is_away = False
    assert ask(counts, 5), "asked again only after a while"
    assert (told.amounts, ask(counts, 5)) == ([], False)
    monkeypatch.setattr(counts, "_alone_until", 0.0)
    assert not ask(counts, 5)
    assert told.amounts == [6]


@pytest.mark.faults
@pytest.mark.parametrize("fault", ["locked", "gone"])
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_database_that_is_locked_or_gone_is_not_waited_for(
    fresh_engine: Engine, fresh_database_url: str, fault: str, tmp_path: Path
) -> None:
    url = fresh_database_url if fault == "locked" else f"sqlite:///{tmp_path}/no/such.db"
    begun_at = datetime.now(UTC)
    with (
        fresh_engine.connect().execution_options(**{WRITER_OPTION: True}) as holder,
        open_counts(url) as counts,
    ):
        holder.exec_driver_sql("DELETE FROM request_count")
        assert [ask(counts, 3) for _ in range(5)] == [True] * 3 + [False] * 2
    # Waited for once, for a quarter of a second.
    assert (datetime.now(UTC) - begun_at).total_seconds() < 5
    with fresh_engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 20_000


class Client:
    """What we use of the client of Redis; every server of one address has one memory."""

    servers: dict[str, dict[str, int]] = {}
    is_away = False

    @classmethod
    def from_url(cls, url: str, **options: float) -> "Client":
        assert set(options) == {"socket_timeout", "socket_connect_timeout"}
        client = cls()
        client.counts = cls.servers.setdefault(url, {})  # type: ignore[attr-defined]
        return client

    def pipeline(self, *, transaction: bool) -> "Client":
        assert transaction
        self.answers: list[Any] = []
        return self

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def incrby(self, name: str, amount: int) -> None:
        counts: dict[str, int] = self.counts  # type: ignore[attr-defined]
        counts[name] = counts.get(name, 0) + amount
        self.answers.append(counts[name])

    def expireat(self, name: str, when: int) -> None:
        assert when == MINUTE + 60 + KEPT.total_seconds()
        self.answers.append(True)

    def execute(self) -> list[Any]:
        if Client.is_away:
            raise ConnectionError
        return self.answers


def test_redis_counts_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    redis = ModuleType("redis")
    redis.Redis, redis.RedisError = Client, ConnectionError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "redis", redis)
    one, two = (Counts(RedisCounts("redis://here/0"), b"secret") for _ in range(2))
    assert [ask(counts, 3) for _ in range(3) for counts in (one, two)] == [True] * 3 + [False] * 3
    ((name, count),) = Client.servers["redis://here/0"].items()
    assert (name[:8], len(name), count) == ("yinqiao:", 72, 4)
    monkeypatch.setattr(Client, "is_away", True)
    assert [ask(one, 2, key="other") for _ in range(3)] == [True, True, False]


def test_a_setting_for_redis_is_checked_at_the_start(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingInvalid, match=r"redis://:PASSWORD@HOST"):
        read_settings({"YINQIAO_INSTANCE_PATH": str(tmp_path), "YINQIAO_REDIS_URL": "localhost"})
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(SettingInvalid, match=r"pip install 'yinqiao\[redis\]'"):
        create_app(replace(settings, redis_url="redis://127.0.0.1/0"))


def test_an_application_counts_with_others_on_its_database(settings: Settings) -> None:
    """Programs and looking ahead are counted apart."""
    one, two = (create_app(replace(settings, testing=False)) for _ in range(2))

    def ask_there(app: Flask, kind: str) -> bool:
        with app.app_context():
            counted = allowance._count(kind, 1, 3, MINUTE)
        assert counted is not None
        return counted.is_allowed

    passed = [ask_there(app, "requests") for _ in range(3) for app in (one, two)]
    assert passed == [True] * 3 + [False] * 3
    assert ask_there(two, "previews")
    for app in (one, two):
        with app.app_context():
            allowance.db.engine.dispose()
