"""A list takes as many statements for three rows as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from app.extensions import db
from models.engagements import CoachingSession
from models.organisations import Incubator
from models.people import Person
from tests.app.web.test_api_walk import Site
from tests.factories import (
    admit,
    make_engagement,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

pytestmark = [
    pytest.mark.api,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


@contextmanager
def count_statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *others: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def add_one_of_everything(app: Flask, site: Site) -> None:
    with app.app_context():
        session = db.session
        incubator = session.scalars(
            select(Incubator).where(Incubator.public_id == site.incubator)
        ).one()
        founder = session.get_one(Person, site.people[0].id)
        startup = make_startup(
            session, founder=founder, incubator=incubator, shareholders=("A holding",)
        )
        need = make_need(session, startup, conditions=[("fields", ["biomedicine"], False)])
        mentor = make_mentor(session, person=make_person(session))
        admit(session, incubator, mentor)
        engagement = make_engagement(session, need, mentor, state="accepted")
        begins = engagement.requested_at + timedelta(days=3)
        session.add(
            CoachingSession(
                engagement=engagement,
                state="proposed",
                starts_at=begins,
                ends_at=begins + timedelta(hours=1),
                place="Room 3",
                proposed_by_side="provider",
                created_at=engagement.requested_at,
            )
        )
        session.commit()


PATHS = (
    "/startups",
    "/needs?include=startup",
    "/engagements",
    "/engagements?include=need,startup,provider,sessions",
    "/sessions?include=engagement",
    "/providers?sort=name",
    "/pool-entries?include=provider,incubator",
    "/incubators",
    "/audit",
)


def test_a_list_takes_as_many_statements_for_three_as_for_one(app: Flask, site: Site) -> None:
    def read() -> dict[str, tuple[int, int]]:
        counts = {}
        for path in PATHS:
            with count_statements() as seen:
                items = site.operator.get(path).json["items"]
            counts[path] = len(items), len(seen)
        return counts

    add_one_of_everything(app, site)
    site.operator.get("/me")
    few = read()
    for _ in range(2):
        add_one_of_everything(app, site)
    many = read()

    assert {path: count for path, (_rows, count) in many.items()} == {
        path: count for path, (_rows, count) in few.items()
    }
    alike = {path for path in PATHS if many[path][0] <= few[path][0]}
    assert alike <= {"/incubators", "/audit"}
