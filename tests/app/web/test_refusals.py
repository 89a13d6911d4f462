"""What is refused is counted by the hour, shown to whom it concerns, and never fills a table."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.extensions import db
from app.web import refusals
from app.web.refusals import KEPT_FOR, forget_refusals
from models.people import Person
from models.refusals import Refusal, RefusalKind
from tests.app.web.programs import Program
from tests.factories import AT, log_in, make_incubator, make_person, make_startup
from tests.posting import post

pytestmark = pytest.mark.trust


@pytest.fixture
def noting(app: Flask) -> Flask:
    app.config["NOTES_REFUSALS"] = True
    return app


def add_operator(app: Flask, client: FlaskClient) -> tuple[int, str]:
    """An operator who is logged in, and the address of a startup that they must not know of."""
    with app.app_context():
        person = make_person(db.session, name="Operator")
        make_incubator(db.session, operator=person)
        startup = make_startup(db.session, founder=make_person(db.session))
        db.session.commit()
        log_in(client, person)
        return person.id, f"/startups/{startup.public_id}"


def list_counts(app: Flask) -> list[tuple[int | None, str, str, int]]:
    with app.app_context():
        rows = db.session.scalars(select(Refusal).order_by(Refusal.id)).all()
        return [(row.person_id, row.kind.value, row.what, row.count) for row in rows]


def test_what_one_may_not_do_is_counted_and_shown(noting: Flask, client: FlaskClient) -> None:
    person_id, path = add_operator(noting, client)
    for _ in range(3):
        assert client.get(path).status_code == 404
    assert list_counts(noting) == [(person_id, "permission", "GET /startups/<public_id>", 3)]
    for page in ("/incubator/record", "/account"):
        shown = client.get(page).text
        assert "GET /startups/&lt;public_id&gt;" in shown
        assert path not in shown


def test_what_is_not_there_is_counted_as_what_one_must_not_know_of(
    noting: Flask, client: FlaskClient
) -> None:
    person_id, path = add_operator(noting, client)
    with noting.app_context():
        program = Program(noting, db.session.get_one(Person, person_id))
    for asked in (path, "/startups/0123456789abcdef"):
        assert client.get(asked).status_code == 404
        assert program.get(asked).status_code == 404
    assert list_counts(noting) == [
        (person_id, "permission", "GET /startups/<public_id>", 2),
        (person_id, "permission", "GET /api/v1/startups/<public_id>", 2),
    ]


def test_a_form_from_elsewhere_is_counted(noting: Flask, client: FlaskClient) -> None:
    person_id, _path = add_operator(noting, client)
    assert client.post("/account", data={"name": "x"}).status_code == 400
    assert list_counts(noting) == [(person_id, "forgery", "POST /account", 1)]


def test_the_owner_of_an_account_sees_that_it_was_tried(noting: Flask, client: FlaskClient) -> None:
    noting.config["COUNTS_TRIES"] = True
    with noting.app_context():
        person = make_person(db.session, email="owner@example.org")
        db.session.commit()
        person_id = person.id
    for _ in range(7):
        post(client, "/log-in", email="Owner@example.org", password="wrong wrong wrong")
    assert list_counts(noting) == [(person_id, "throttle", "POST /log-in", 2)]
    for _ in range(7):
        post(client, "/log-in", email="nobody@example.org", password="wrong wrong wrong")
    assert list_counts(noting)[1:] == [(None, "throttle", "POST /log-in", 2)]


def test_an_hour_holds_no_more_than_it_can(
    noting: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "COUNT_LIMIT", 3)
    monkeypatch.setattr(refusals, "PAGES_LIMIT", 2)
    person_id, path = add_operator(noting, client)
    for _ in range(5):
        client.get(path)
    for page in (f"{path}/edit", f"{path}/facts", f"{path}/documents"):
        client.get(page)
    counts = list_counts(noting)
    assert len(counts) <= 3
    assert max(count for _person, _kind, _what, count in counts) == 3
    assert {person for person, _kind, _what, _count in counts} == {person_id}


def test_a_flood_is_noted_together(noting: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first few of an hour a stranger's forged form costs no write of its own."""
    client, begun = noting.test_client(), list[str]()
    with noting.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: begun.append(call[2]))
    for _ in range(refusals.ONE_BY_ONE + 30):
        assert client.post("/log-in", data={"email": "x"}).status_code == 400
    assert sum("refusal" in each and "SELECT" not in each for each in begun) <= 21
    assert list_counts(noting) == [(None, "forgery", "POST /log-in", refusals.ONE_BY_ONE)]
    monkeypatch.setattr(refusals, "_TOGETHER_SECONDS", 0.0)
    client.post("/log-in", data={"email": "x"})
    assert list_counts(noting) == [(None, "forgery", "POST /log-in", refusals.ONE_BY_ONE + 31)]


def test_nobody_sees_what_was_refused_to_others(noting: Flask, client: FlaskClient) -> None:
    _person_id, path = add_operator(noting, client)
    client.get(path)
    other = noting.test_client()
    add_operator(noting, other)
    for page in ("/incubator/record", "/account"):
        assert "GET /startups" not in other.get(page).text


def test_they_are_kept_for_a_while_and_go_with_the_account(
    noting: Flask, client: FlaskClient
) -> None:
    with noting.app_context():
        person = make_person(db.session)
        for hour_at in (AT, AT - KEPT_FOR - timedelta(hours=1)):
            db.session.add(
                Refusal(
                    person=person,
                    hour_at=hour_at,
                    last_at=hour_at,
                    kind=RefusalKind.THROTTLE,
                    what="POST /log-in",
                    count=1,
                )
            )
        db.session.commit()
        assert forget_refusals(db.session, at=AT) == 1
        db.session.commit()
        db.session.delete(db.session.get_one(Person, person.id))
        db.session.commit()
    assert list_counts(noting) == []
