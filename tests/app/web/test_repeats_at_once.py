"""The same request several times at the same moment, and answers to it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from models.needs import Need
from tests.app.web.test_api_walk import TEXT, Site

pytestmark = [pytest.mark.api, pytest.mark.concurrency]

AT_ONCE = 6


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def ask_at_once(ask: Any) -> list[Any]:
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> Any:
        barrier.wait()
        return ask(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_one_key_makes_one_need_however_often_it_is_sent(app: Flask, site: Site) -> None:
    body = {"startup": site.startup, "title": "Yield", "kind": "mentoring", "text": TEXT}
    answers = ask_at_once(lambda _n: site.founder.post("/needs", body, Idempotency_Key="one"))

    statuses = {answer.status_code for answer in answers}
    assert 201 in statuses
    assert statuses <= {201, 409}
    assert {a.json["code"] for a in answers if a.status_code == 409} <= {"still_running"}
    assert len({a.json["id"] for a in answers if a.status_code == 201}) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Need)) == 1
    last = site.founder.post("/needs", body, Idempotency_Key="one")
    assert (last.status_code, last.headers["Idempotent-Replayed"]) == (201, "true")


def test_of_several_changes_of_one_version_one_counts(site: Site) -> None:
    path = f"/needs/{site.need()['id']}"
    tag = site.founder.get(path).headers["ETag"]
    answers = ask_at_once(lambda n: site.founder.patch(path, {"title": f"Title {n}"}, If_Match=tag))

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (AT_ONCE - 1)
    (changed,) = (answer for answer in answers if answer.status_code == 200)
    assert site.founder.get(path).json["title"] == changed.json["title"]


def test_an_engagement_is_accepted_once(site: Site) -> None:
    path = f"/engagements/{site.engagement()['id']}/accept"
    answers = ask_at_once(lambda _n: site.mentor.post(path))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (AT_ONCE - 1)
