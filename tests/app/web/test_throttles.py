"""Tries are counted before they are made, in one place for all processes."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, event, select

from app import create_app
from app.extensions import db
from app.settings import Settings
from app.transactions import writing
from app.web import throttles
from app.web.throttles import (
    FORGOTTEN_AFTER,
    Throttle,
    TooManyAttempts,
    forget_tries,
    get_network,
)
from models.orm import WRITER_OPTION
from models.throttles import TriedLately
from tests.factories import AT
from tests.posting import post

pytestmark = pytest.mark.trust

SECOND = timedelta(seconds=1)
THROTTLE = Throttle("test", 3, 5 * SECOND, 60 * SECOND)


def make_counting(settings: Settings) -> Flask:
    """One process of an installation that counts tries; tests otherwise switch that off."""
    app = create_app(replace(settings, testing=False))
    with app.app_context():
        db.engine.dispose()
    return app


@pytest.fixture
def counting(settings: Settings) -> Iterator[Flask]:
    app = make_counting(settings)
    with app.app_context():
        yield app
    with app.app_context():
        db.engine.dispose()


def ask(at: datetime, key: str = "one") -> int:
    """How many seconds a try at `at` has to wait; 0 where it may be made."""
    try:
        THROTTLE.begin(key, at=at)
    except TooManyAttempts as error:
        return int(str(error.facts["seconds"]))
    return 0


def test_a_few_are_free_and_then_each_waits_for_longer(counting: Flask) -> None:
    assert [ask(AT) for _ in range(4)] == [0, 0, 0, 5]

    waits, at = [], AT
    for _ in range(6):
        at += ask(at) * SECOND
        assert ask(at) == 0
        waits.append(ask(at))

    assert waits == [10, 20, 40, 60, 60, 60]
    assert ask(at, "another") == 0


def test_a_free_try_that_comes_late_waits_for_no_other(counting: Flask) -> None:
    """Under load, requests are not counted in the order in which they began."""
    assert [ask(AT + SECOND), ask(AT), ask(AT - SECOND)] == [0, 0, 0]
    assert ask(AT + SECOND) > 0


def test_waiting_makes_nobody_wait_longer(counting: Flask) -> None:
    for _ in range(50):
        ask(AT)

    assert ask(AT + 4 * SECOND) == 1
    assert ask(AT + 5 * SECOND) == 0


def test_what_was_right_does_not_count(counting: Flask) -> None:
    for _ in range(9):
        assert ask(AT) == 0
        THROTTLE.take_back("one", at=AT)
    for _ in range(3):
        ask(AT)
    assert ask(AT) > 0

    THROTTLE.forget("one")

    assert [ask(AT) for _ in range(4)] == [0, 0, 0, 5]


def test_old_tries_are_forgotten(counting: Flask) -> None:
    for _ in range(3):
        ask(AT)
    later = AT + 5 * SECOND + FORGOTTEN_AFTER

    with writing(db.session):
        assert forget_tries(db.session, at=later - SECOND) == 0
    assert [ask(later) for _ in range(4)] == [0, 0, 0, 5]
    with writing(db.session):
        assert forget_tries(db.session, at=later + 5 * SECOND + FORGOTTEN_AFTER) == 1


def test_a_clock_that_went_back_locks_nobody_out(counting: Flask) -> None:
    for _ in range(3):
        ask(AT)

    assert ask(AT - timedelta(days=400)) == 0


def test_the_table_names_nobody(counting: Flask) -> None:
    ask(AT, "founder@example.org")

    row = db.session.scalars(select(TriedLately)).one()
    assert len(row.key) == 64
    assert "founder" not in str(vars(row))


@pytest.mark.concurrency
def test_of_a_burst_on_two_processes_only_the_free_ones_pass(settings: Settings) -> None:
    processes = [make_counting(settings) for _ in range(2)]
    start, passed = threading.Barrier(12), []

    def burst(app: Flask) -> None:
        with app.app_context():
            start.wait(timeout=30)
            passed.append(ask(AT) == 0)

    threads = [threading.Thread(target=burst, args=(processes[n % 2],)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(passed) == [False] * 9 + [True] * 3
    for app in processes:
        with app.app_context():
            db.engine.dispose()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_house_is_counted_as_one(app: Flask, address: str, network: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert get_network() == network


def test_a_flood_of_tries_is_refused_without_the_database(
    counting: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has to wait is refused from memory for a moment; what is forgotten counts at once."""
    statements: list[str] = []
    for _ in range(4):
        ask(AT)
    event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    assert [ask(AT + SECOND) for _ in range(500)] == [4] * 500
    assert statements == []
    THROTTLE.forget("one")
    assert ask(AT) == 0
    # Another process that forgets is heard of soon.
    for _ in range(4):
        ask(AT)
    with db.engine.begin() as connection:
        connection.execute(delete(TriedLately))
    assert ask(AT) > 0
    monkeypatch.setattr(throttles, "_REMEMBERED_SECONDS", 0.0)
    assert ask(AT) == 0


@pytest.mark.faults
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_locked_database_lets_nobody_in_and_holds_nobody_up(
    counting: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles, "_PATIENCE", 0.1)
    with db.engine.connect().execution_options(**{WRITER_OPTION: True}) as holder:
        holder.execute(delete(TriedLately))
        begun = time.monotonic()
        answer = post(counting.test_client(), "/log-in", email="a@example.org", password="x" * 12)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert time.monotonic() - begun < 5
