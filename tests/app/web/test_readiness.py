"""What whoever watches over an installation is told, and that it is told without a secret."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.beats import LATE_AFTER, beat, find_silent_lanes, forget_other_lanes
from app.clock import now
from app.extensions import db
from app.telling.mail import MAX_ATTEMPTS
from app.web import readiness
from app.web.engine import get_matching
from models.notices import OutboxMail
from tests.factories import AT

pytestmark = pytest.mark.trust

WELL = {
    "database": "reachable",
    "schema": "current",
    "encoder": "loaded",
    "index": "loaded",
    "worker": "working",
    "mail": "flowing",
}


def warm_up(app: Flask) -> None:
    with app.app_context():
        get_matching().warm_up()
        get_matching()._warmed_at = 1e12  # nothing more is tried by itself


def put(app: Flask, times: int = 1, **values: object) -> None:
    with app.app_context():
        for number in range(times):
            db.session.add(
                OutboxMail(
                    address=f"{number}@example.org",
                    kind="no such kind",
                    locale="en",
                    **{"created_at": now(), "not_before": now(), **values},
                )
            )
        db.session.commit()


def ask(client: FlaskClient, path: str = "/readyz") -> tuple[int, dict[str, str]]:
    answer = client.get(path)
    return answer.status_code, answer.json


def test_everything_is_told_of_and_what_is_not_well_is_named(
    app: Flask, client: FlaskClient
) -> None:
    warm_up(app)
    assert ask(client) == (503, {**WELL, "worker": "absent"})
    assert ask(client, "/readyz?of=pages")[0] == 200
    with app.app_context():
        for lane in ("house", "mail"):
            beat(db.engine, lane, at=now())
            beat(db.engine, lane, at=now())
    assert ask(client) == (200, WELL)
    # A mail that waits for its time is none that is late.
    put(app, not_before=now() + timedelta(days=1))
    put(app, attempts=MAX_ATTEMPTS, not_before=AT)
    assert ask(client) == (200, WELL)
    put(app, not_before=now() - timedelta(hours=1))
    assert ask(client) == (503, {**WELL, "mail": "late"})
    assert ask(client, "/readyz?of=pages")[0] == 200


def test_mails_that_fail_again_and_again_are_told_of(app: Flask, client: FlaskClient) -> None:
    warm_up(app)
    with app.app_context():
        beat(db.engine, "house", at=now())
    later = now() + timedelta(hours=1)
    put(app, readiness._IN_VAIN - 1, attempts=3, not_before=later)
    assert ask(client) == (200, WELL)
    put(app, attempts=3, not_before=later)
    assert ask(client) == (503, {**WELL, "mail": "late"})


def test_a_lane_in_which_nobody_was_seen_for_long_is_late(app: Flask) -> None:
    with app.app_context():
        assert find_silent_lanes(db.session, at=AT) is None
        db.session.rollback()
        for lane, ago in (("house", timedelta(0)), ("mail", LATE_AFTER), ("older", 2 * LATE_AFTER)):
            beat(db.engine, lane, at=AT - ago)
        assert find_silent_lanes(db.session, at=AT) == ["older"]
        db.session.rollback()
        forget_other_lanes(db.engine, ["house", "mail"])
        assert find_silent_lanes(db.session, at=AT + timedelta(seconds=1)) == ["mail"]


def test_what_is_cold_is_loaded_because_somebody_asked(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        matching = get_matching()
        assert matching.parts == {"encoder": "cold", "index": "cold"}
        monkeypatch.setattr(matching, "get_engine", lambda: 1 / 0)
        thread = matching.begin_warming()
        assert thread is not None
        thread.join(timeout=60)
        assert matching.begin_warming() is None, "it was tried a moment ago"
    status, parts = ask(client)
    assert (status, parts["encoder"], parts["index"]) == (503, "failed", "failed")
    assert ask(client, "/readyz?of=pages")[0] == 503
    monkeypatch.undo()
    warm_up(app)
    assert ask(client, "/readyz?of=pages")[0] == 200


@pytest.mark.faults
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_database_of_a_newer_release_is_told_of(app: Flask, client: FlaskClient) -> None:
    """Pages of an older one that still run do not touch it more than they have to."""
    warm_up(app)
    with app.app_context():
        db.session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        db.session.commit()
    assert ask(client) == (
        503,
        {**WELL, "schema": "outdated", "worker": "unknown", "mail": "unknown"},
    )
