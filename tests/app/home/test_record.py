"""Operators read who did what in their incubators, and nobody else does."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.audit import record
from app.extensions import db
from app.home import queries
from app.home.words import ACTS
from models.organisations import Incubator
from models.people import Person
from tests.factories import AT, act_as, log_in, make_incubator, make_person, make_startup

pytestmark = pytest.mark.permissions


@pytest.fixture
def operator(app: Flask) -> Person:
    with app.app_context():
        operator = make_person(db.session, name="Operator <b>Li</b>", locale="en")
        incubator = make_incubator(db.session, operator=operator)
        startup = make_startup(db.session, incubator=incubator)
        elsewhere = make_incubator(db.session, operator=make_person(db.session))
        for number, kind in enumerate(("startup_edited", "no_such_kind_yet")):
            record(
                db.session,
                actor=act_as(operator),
                kind=kind,
                subject=startup,
                at=AT + timedelta(hours=number),
                incubator_id=incubator.id,
            )
        record(
            db.session,
            actor=None,
            kind="incubator_edited",
            subject=elsewhere,
            at=AT,
            incubator_id=elsewhere.id,
        )
        db.session.commit()
        db.session.refresh(operator)
        db.session.expunge(operator)
        return operator


def list_acts(page: str) -> list[str]:
    return re.findall(r'<td data-label="What">([^<>\n]+)</td>', page)


def test_the_newest_act_stands_first(app: Flask, client: FlaskClient, operator: Person) -> None:
    log_in(client, operator)

    page = client.get("/incubator/record")

    assert page.status_code == 200
    assert list_acts(page.text) == ["no_such_kind_yet", "Edited a startup"]
    assert "Operator &lt;b&gt;Li" in page.text
    assert len(re.findall(r'href="/startups/[0-9a-f]{16}"', page.text)) == 2


def test_it_is_of_ones_own_incubators(app: Flask, client: FlaskClient, operator: Person) -> None:
    with app.app_context():
        nobody = make_person(db.session)
        db.session.commit()
        log_in(client, nobody)

    assert client.get("/incubator/record").status_code == 403


def test_long_records_have_pages(
    app: Flask, client: FlaskClient, operator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "ENTRIES_SHOWN", 1)
    log_in(client, operator)

    pages = [list_acts(client.get(f"/incubator/record?page={n}").text) for n in (1, 2, 9)]

    assert pages == [["no_such_kind_yet"], ["Edited a startup"], ["Edited a startup"]]


def test_who_left_or_the_clock_has_no_name(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        operator = make_person(db.session, locale="zh_Hans_CN")
        incubator: Incubator = make_incubator(db.session, operator=operator)
        record(
            db.session,
            actor=None,
            kind="engagement_expired",
            subject=incubator,
            at=AT,
            incubator_id=incubator.id,
        )
        db.session.commit()
        log_in(client, operator)

    page = client.get("/incubator/record").text

    assert "系统，或已注销的人" in page
    assert "申请过期" in page
    assert "engagement_expired" in ACTS
