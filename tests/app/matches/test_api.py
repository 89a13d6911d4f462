"""Matches in JSON: for whom, of whom, in which form, and how often."""

import json
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app import create_app
from app.extensions import db
from app.matches.api import RESULTS_LIMIT
from app.settings import Settings
from app.words.limits import TEXT_LIMIT
from models.matches import MatchRun
from models.organisations import Startup
from models.people import Membership
from models.vocabulary import Role
from tests.factories import (
    AT,
    log_in,
    make_centre,
    make_incubator,
    make_investor,
    make_mentor,
    make_person,
    make_startup,
)

# More than the usual pool of connections has.
MOST_THREADS = 12

TEXT = "Our silicon-carbide yield stays at 40 %. We need someone who ran a wafer line."


class Site:
    """A founder, the operator of their incubator, a stranger, and a provider of each kind."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            session = db.session
            self.founder, self.operator, self.stranger = (make_person(session) for _ in range(3))
            incubator = make_incubator(session, operator=self.operator)
            self.startup_id = make_startup(
                session, founder=self.founder, incubator=incubator
            ).public_id
            make_mentor(session, name="The mentor")
            make_mentor(session, name="The closed mentor", open_to_all=False)
            own = make_mentor(session, name="The founder as a mentor")
            session.add(
                Membership(person=self.founder, provider=own, role=Role.MENTOR, created_at=AT)
            )
            make_investor(session, name="The fund")
            make_centre(session, name="The centre")
            session.commit()
            for person in (self.founder, self.operator, self.stranger):
                session.refresh(person)
            session.expunge_all()

    def ask(self, client: FlaskClient, body: Any, **headers: str) -> TestResponse:
        """Send `body` as JSON, or bytes as they are, with the token against forgery."""
        as_it_is = {"data": body, "content_type": "application/json"}
        with client.session_transaction() as cookie:
            cookie["csrf_token"] = "raw"
        token = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps("raw")
        return client.post(
            f"/api/startups/{self.startup_id}/matches",
            headers={"X-CSRFToken": token} | headers,
            **(as_it_is if isinstance(body, bytes) else {"json": body}),
        )

    def log_in(self, person: Any) -> FlaskClient:
        client = self.app.test_client()
        log_in(client, person)
        return client


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def test_a_founder_gets_what_a_need_would_be_shown_and_nothing_is_stored(site: Site) -> None:
    answer = site.ask(site.log_in(site.founder), {"text": TEXT})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    found = answer.get_json()
    # Who closed their profile to strangers is not found, nor whoever the founder is themselves.
    assert {row["name"] for row in found} == {"The mentor", "The fund", "The centre"}
    assert set(found[0]) == {"id", "kind", "name", "strength", "score", "evidence", "against"}
    assert [row["score"] for row in found] == sorted((row["score"] for row in found), reverse=True)
    assert all(pair["need"] in TEXT for row in found for pair in row["evidence"])
    with site.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MatchRun)) == 0


def test_kind_and_limit_are_kept(site: Site) -> None:
    client = site.log_in(site.operator)

    assert [row["kind"] for row in site.ask(client, {"text": TEXT, "kind": "centre"}).json] == [
        "centre"
    ]
    assert len(site.ask(client, {"text": TEXT, "limit": 2}).json) == 2


@pytest.mark.permissions
def test_others_cannot_tell_that_the_startup_exists(site: Site) -> None:
    answer = site.ask(site.log_in(site.stranger), {"text": TEXT})

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.permissions
def test_visitors_are_told_to_log_in_and_not_sent_to_a_page(site: Site) -> None:
    answer = site.ask(site.app.test_client(), {"text": TEXT})

    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert json.loads(answer.data)["detail"] == "请先登录。"


@pytest.mark.permissions
def test_without_the_token_against_forgery_nothing_is_done(site: Site) -> None:
    client = site.log_in(site.founder)
    answer = client.post(f"/api/startups/{site.startup_id}/matches", json={"text": TEXT})

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"text": ""},
        {"text": " \n"},
        {"text": 7},
        {"text": "x" * (TEXT_LIMIT + 1)},
        {"text": TEXT, "kind": "founder"},
        {"text": TEXT, "kind": ["mentor"]},
        {"text": TEXT, "limit": 0},
        {"text": TEXT, "limit": RESULTS_LIMIT + 1},
        {"text": TEXT, "limit": True},
        {"text": TEXT, "limit": "5"},
        {"text": TEXT, "depth": 3},
    ],
)
def test_what_cannot_be_read_is_answered_with_the_form_that_can(site: Site, body: Any) -> None:
    answer = site.ask(site.log_in(site.founder), body)

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    problem = json.loads(answer.data)
    assert (problem["status"], problem["title"]) == (422, "Unprocessable Entity")
    assert str(TEXT_LIMIT) in problem["detail"]
    assert str(RESULTS_LIMIT) in problem["detail"]


@pytest.mark.trust
def test_a_text_that_grows_beyond_the_limit_is_not_even_encoded(site: Site) -> None:
    answer = site.ask(site.log_in(site.founder), {"text": "\ufdfa" * 1_990})

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


@pytest.mark.parametrize("opening", ["[", '{"text":'])
def test_what_is_nested_too_deeply_cannot_be_read(site: Site, opening: str) -> None:
    answer = site.ask(site.log_in(site.founder), f'{{"text": {opening * 100_000}'.encode())

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_the_longest_text_and_one_of_odd_characters_are_answered(site: Site) -> None:
    client = site.log_in(site.founder)

    for text in ("x" * TEXT_LIMIT, "﷽\u0000\ud800 & " * 40, "&" * TEXT_LIMIT):
        assert site.ask(client, {"text": text}).status_code in (200, 413), text[:9]


def test_each_person_may_ask_so_often_a_minute(settings: Settings) -> None:
    app = create_app(replace(settings, testing=False, previews_per_minute=2))
    site = Site(app)
    first, second = site.log_in(site.founder), site.log_in(site.operator)

    statuses = [site.ask(first, {"text": TEXT}).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert site.ask(first, {"text": TEXT}).content_type == "application/problem+json"
    assert site.ask(second, {"text": TEXT}).status_code == 200


def test_a_startup_without_an_incubator_is_answered(site: Site) -> None:
    with site.app.app_context():
        startup = db.session.scalars(
            select(Startup).where(Startup.public_id == site.startup_id)
        ).one()
        startup.incubator_id = None
        db.session.commit()

    assert site.ask(site.log_in(site.founder), {"text": TEXT}).status_code == 200


@pytest.mark.concurrency
def test_as_many_threads_as_a_server_has_find_a_connection_each_and_a_second_one(
    site: Site,
) -> None:
    with site.app.app_context(), ExitStack() as held:
        for _ in range(2 * MOST_THREADS):
            connection = held.enter_context(db.engine.connect())
            assert connection.scalar(select(1)) == 1
