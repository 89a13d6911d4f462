"""What docs/operations.md says of each fault, as far as no other file of tests shows it."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.util import CommandError
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

import models.orm
import models.standing_still
from app import application
from app.clock import now
from app.commands.cli import main
from app.database import SchemaDiffers, downgrade_schema, require_schema, upgrade_schema
from app.extensions import db
from app.jobs import FARTHEST, deliver_mail
from models.notices import OutboxMail
from models.orm import create_engine_for
from tests.app.web.test_api_walk import Site
from tests.factories import AT, log_in, make_person
from tests.posting import post

LOCALE = "zh_Hans_CN"

pytestmark = [pytest.mark.faults, pytest.mark.trust]


AWAY = "数据库目前无法访问"


@contextmanager
def connecting_with(app: Flask, *statements: str) -> Iterator[None]:
    """Inside, each connection of `app` has begun with `statements`."""

    def begin(connection: Any, _record: object) -> None:
        for each in statements:
            connection.execute(each)

    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", begin)
    try:
        yield
    finally:
        event.remove(engine, "connect", begin)
        engine.dispose()


@pytest.fixture
def somebody(app: Flask, client: FlaskClient) -> FlaskClient:
    """The browser of somebody who is logged in."""
    with app.app_context():
        person = make_person(db.session, name="Before")
        db.session.commit()
        log_in(client, person)
    return client


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_database_that_is_only_read_is_read_and_says_so_of_the_rest(
    app: Flask, somebody: FlaskClient
) -> None:
    with connecting_with(app, "PRAGMA query_only = ON"):
        assert somebody.get("/account").status_code == 200
        answer = post(somebody, "/locale", locale=LOCALE, back_to="/account")
        assert answer.status_code == 503
        assert AWAY in answer.text
        assert somebody.get("/account").status_code == 200
    assert post(somebody, "/locale", locale=LOCALE, back_to="/account").status_code == 303


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_full_disk_takes_nothing_and_what_was_sent_can_be_sent_again(app: Flask) -> None:
    site = Site(app)
    with app.app_context():
        connection = db.engine.raw_connection()
        # Without pages that lie free, there is no room beyond those that are taken.
        connection.execute("VACUUM")
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.close()
    need = {"startup": site.startup, "title": "Yield", "kind": "mentoring", "text": "Yield. " * 900}
    with connecting_with(app, f"PRAGMA max_page_count = {pages}"):
        for _ in range(2):
            told = site.founder.post("/needs", need, Idempotency_Key="full")
            assert told.status_code == 503, told.text
        assert site.founder.get("/needs").json["items"] == []
    assert site.founder.post("/needs", need, Idempotency_Key="full").status_code == 201
    assert len(site.founder.get("/needs").json["items"]) == 1


@pytest.mark.parametrize("dialect", ["postgres"], indirect=True)
def test_a_slow_database_holds_a_page_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Locks that others hold, and statements that take long: both end with a page that says so."""
    monkeypatch.setattr(models.orm, "LOCK_TIMEOUT_SECONDS", 1)
    monkeypatch.setattr(application, "STATEMENT_SECONDS", 1)
    app = application.make_application(settings)
    client = app.test_client()
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        log_in(client, person)
    other = create_engine_for(settings.database_url)
    with other.begin() as holding:
        holding.execute(text("LOCK TABLE person IN ACCESS EXCLUSIVE MODE"))
        begun = time.monotonic()
        pages = [client.get("/account"), post(client, "/locale", locale=LOCALE, back_to="/")]
        assert time.monotonic() - begun < 20
    assert [page.status_code for page in pages] == [503, 503]
    assert AWAY in pages[0].text
    assert client.get("/account").status_code == 200

    def sleep() -> str:
        return str(db.session.scalar(text("SELECT pg_sleep(60)")))

    endpoint, _ = app.url_map.bind("").match("/account")
    app.view_functions[endpoint] = sleep
    begun = time.monotonic()
    assert client.get("/account").status_code == 503
    assert time.monotonic() - begun < 20

    def lose_the_connection() -> str:
        number = db.session.scalar(text("SELECT pg_backend_pid()"))
        with other.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": number})
        return "what was said"

    # Between the answer and the end of its request: who was answered hears it.
    app.view_functions[endpoint] = lose_the_connection
    assert client.get("/account").text == "what was said"
    other.dispose()


@contextmanager
def standing_still(engine: Engine, query: str) -> Iterator[None]:
    """Inside, the processes of the server that `query` names, by their numbers, are stopped."""
    with engine.connect() as connection:
        numbers = [int(number) for number in connection.scalars(text(query))]
    try:
        for number in numbers:
            os.kill(number, signal.SIGSTOP)
        yield
    finally:
        for number in reversed(numbers):
            os.kill(number, signal.SIGCONT)


@pytest.mark.parametrize("dialect", ["postgres"], indirect=True)
def test_a_server_that_stands_still_holds_a_page_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """All of it, with its connections open; or the one process that a page asks."""
    monkeypatch.setattr(models.standing_still, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(models.standing_still, "ASKING_SECONDS", 2)
    monkeypatch.setattr(models.standing_still, "GRACE_SECONDS", 1)
    monkeypatch.setitem(models.orm._CONNECTING, "connect_timeout", 2)
    monkeypatch.setattr(application, "STATEMENT_SECONDS", 2)
    app = application.make_application(settings)
    client = app.test_client()
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        log_in(client, person)
        engine = db.engine
    assert client.get("/account").status_code == 200
    first = Path(settings_of(engine, "data_directory")) / "postmaster.pid"
    postmaster = first.read_text().split()[0]
    everything = f"SELECT {postmaster} UNION ALL SELECT pid FROM pg_stat_activity"
    with standing_still(engine, everything):
        # By a connection that was open, and by a new one.
        for _ in range(2):
            begun = time.monotonic()
            page = client.get("/account")
            assert time.monotonic() - begun < 15
            assert page.status_code == 503
            assert AWAY in page.text
    assert client.get("/account").status_code == 200

    # A process of the server that stands still alone: the others say nothing of it.
    with standing_still(engine, f"SELECT pg_backend_pid() WHERE {postmaster} > 0"):
        begun = time.monotonic()
        assert client.get("/account").status_code == 503
        assert time.monotonic() - begun < 15
    assert client.get("/account").status_code == 200

    # What takes its time while the server is there is waited for.
    endpoint, _ = app.url_map.bind("").match("/account")
    app.view_functions[endpoint] = lambda: str(
        db.session.scalar(text("SELECT 'slowly' FROM pg_sleep(1.7)"))
    )
    assert client.get("/account").text == "slowly"
    engine.dispose()


def settings_of(engine: Engine, name: str) -> str:
    """What the server at `engine` has set for `name`."""
    with engine.connect() as connection:
        return str(connection.scalar(text(f"SHOW {name}")))


def test_a_release_does_not_start_on_the_schema_of_another(
    app: Flask,
    client: FlaskClient,
    fresh_engine: Engine,
    fresh_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_schema(fresh_database_url)
    downgrade_schema(fresh_engine, "-1")
    with pytest.raises(SchemaDiffers):
        require_schema(fresh_database_url)
    # One that runs already says that it cannot be asked.
    basics = {"database": "reachable", "schema": "outdated"}
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (503, basics)
    assert client.get("/readyz?of=pages").status_code == 503
    # What the programs would leave in this process.
    monkeypatch.setattr("app.commands.cores.share_cores", lambda *_, **__: None)
    monkeypatch.setenv("YINQIAO_PUBLIC_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("YINQIAO_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("YINQIAO_INSTANCE_PATH", app.instance_path)
    for words in (["serve"], ["worker"]):
        ended = CliRunner().invoke(main, words)
        assert ended.exit_code == 1
        assert "yinqiao db upgrade" in ended.output
    upgrade_schema(fresh_engine)
    require_schema(fresh_database_url)
    assert client.get("/healthz").status_code == 200


def test_a_release_that_runs_goes_on_beside_a_newer_schema(
    app: Flask, somebody: FlaskClient, fresh_engine: Engine, fresh_database_url: str
) -> None:
    """What the next release adds is nothing to this one; a balancer is told to leave it."""
    with fresh_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("ALTER TABLE person ADD COLUMN next_release VARCHAR(10)"))
        connection.execute(text("CREATE TABLE of_next_release (id INTEGER PRIMARY KEY)"))
    assert somebody.get("/account").status_code == 200
    assert post(somebody, "/locale", locale=LOCALE, back_to="/account").status_code == 303
    assert somebody.get("/healthz").status_code == 503
    with pytest.raises(SchemaDiffers):
        require_schema(fresh_database_url)


def test_what_was_put_off_by_a_clock_that_was_ahead_leaves_when_it_is_right(app: Flask) -> None:
    ahead = now() + timedelta(days=400)
    with app.app_context():
        for number, not_before in enumerate((ahead, now() + FARTHEST - timedelta(hours=1))):
            db.session.add(
                OutboxMail(
                    address=f"{number}@example.org",
                    kind="password_changed",
                    locale="en",
                    created_at=AT,
                    not_before=not_before,
                )
            )
        db.session.commit()
    assert deliver_mail(app, at=now()) == 1


def test_a_schema_newer_than_the_code_is_not_touched(fresh_engine: Engine) -> None:
    with fresh_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandError):
        upgrade_schema(fresh_engine)
    with fresh_engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
