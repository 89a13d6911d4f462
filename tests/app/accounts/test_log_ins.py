"""A log-in is known to the server: it ends there, whoever still has its cookie."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.accounts.actions import forget_log_ins
from app.accounts.devices import name_device
from app.clock import now
from app.extensions import db
from models.log_ins import AGE_LIMIT, IDLE_LIMIT, REMEMBERED_LIMIT, LogIn
from models.people import Person
from tests.factories import PASSWORD, log_in, make_person
from tests.posting import post

pytestmark = [pytest.mark.trust, pytest.mark.permissions]

EMAIL = "owner@example.org"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def person(app: Flask) -> Person:
    with app.app_context():
        person = make_person(db.session, email=EMAIL, locale="en")
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
        return person


def enter(app: Flask, *, remember: bool = False) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    fields = {"remember": "y"} if remember else {}
    assert post(client, "/log-in", email=EMAIL, password=PASSWORD, **fields).status_code == 303
    return client


def copy_cookies(client: FlaskClient) -> FlaskClient:
    """Another browser with the same cookies."""
    copied = client.application.test_client()
    for name in ("session", "remember_token"):
        if cookie := client.get_cookie(name):
            copied.set_cookie(name, cookie.value)
    return copied


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


@pytest.mark.parametrize("remember", [False, True])
def test_a_cookie_copied_before_the_log_out_no_longer_enters(app: Flask, remember: bool) -> None:
    client, other = enter(app, remember=remember), enter(app, remember=remember)
    copied, remembered = copy_cookies(client), copy_cookies(client)
    remembered.delete_cookie("session")
    assert is_in(copied)
    assert is_in(remembered) is remember

    post(client, "/log-out")

    assert not is_in(copied)
    assert not is_in(remembered)
    assert is_in(other)


def test_two_log_ins_share_no_token(app: Flask) -> None:
    tokens = {enter(app, remember=True).get_cookie("remember_token").value for _ in range(2)}  # type: ignore[union-attr]

    assert len(tokens) == 2


def test_they_are_listed_and_ended_singly_and_all(app: Flask) -> None:
    one, two, three = enter(app), enter(app), enter(app)
    page = one.get("/account").text
    assert page.count("Firefox, Windows") == 3
    with app.app_context():
        ids = db.session.scalars(select(LogIn.public_id).order_by(LogIn.id)).all()

    post(one, f"/account/log-ins/{ids[1]}/end")
    assert [is_in(each) for each in (one, two, three)] == [True, False, True]

    post(one, "/account/log-ins/end")
    assert [is_in(each) for each in (one, two, three)] == [True, False, False]


def test_nobody_ends_the_log_in_of_another(app: Flask, client: FlaskClient) -> None:
    owner = enter(app)
    with app.app_context():
        public_id = db.session.scalars(select(LogIn.public_id)).one()
        log_in(client, make_person(db.session))

    assert post(client, f"/account/log-ins/{public_id}/end").status_code == 404
    post(client, "/account/log-ins/end")
    assert is_in(owner)


@pytest.mark.parametrize(
    ("remember", "begun_ago", "seen_ago", "expected"),
    [
        (False, IDLE_LIMIT * 2, IDLE_LIMIT - timedelta(minutes=1), True),
        (False, IDLE_LIMIT * 2, IDLE_LIMIT, False),
        (False, AGE_LIMIT, timedelta(0), False),
        (True, AGE_LIMIT * 2, AGE_LIMIT, True),
        (True, REMEMBERED_LIMIT, timedelta(0), False),
    ],
)
def test_a_log_in_ends_by_itself(
    app: Flask, remember: bool, begun_ago: timedelta, seen_ago: timedelta, expected: bool
) -> None:
    client, at = enter(app, remember=remember), now()
    with app.app_context():
        changed = {"begun_at": at - begun_ago, "seen_at": at - seen_ago}
        db.session.execute(update(LogIn).values(changed))
        db.session.commit()

    assert is_in(client) is expected
    with app.app_context():
        assert forget_log_ins(db.session, at=at) == (0 if expected else 1)
        db.session.commit()
        rows = db.session.scalars(select(LogIn)).all()
        # Being used is kept.
        assert [row.seen_at >= at - timedelta(seconds=1) for row in rows if seen_ago] == (
            [True] if expected and seen_ago else []
        )


@pytest.mark.fuzz
@pytest.mark.parametrize("forged", ["", ":", "x", "{0}:1", "{0}:1:", "{0}:1:guess", "::", "é:1:é"])
def test_a_forged_cookie_enters_nowhere(app: Flask, person: Person, forged: str) -> None:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = forged.format(person.public_id)

    assert not is_in(client)


def test_the_secret_of_one_person_opens_no_other_account(app: Flask) -> None:
    client = enter(app)
    with app.app_context():
        other = make_person(db.session).public_id
        db.session.commit()
    with client.session_transaction() as cookie:
        token = cookie["_user_id"].split(":")[2]
        cookie["_user_id"] = f"{other}:1:{token}"

    assert not is_in(client)


def test_the_table_lets_nobody_in_and_names_a_browser_in_two_words(app: Flask) -> None:
    client = enter(app)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"].split(":")[2]
    with app.app_context():
        row = db.session.scalars(select(LogIn)).one()

        assert token not in str(vars(row))
        assert row.device == "Firefox, Windows"
    assert name_device("x" * 10_000) == ""
