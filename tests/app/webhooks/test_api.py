"""Webhooks by programs."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.extensions import db
from app.webhooks.jobs import deliver_webhooks
from models.tokens import ApiRequest
from models.webhooks import WebhookEvent
from tests.app.web.programs import Program
from tests.app.webhooks.conftest import House
from tests.app.webhooks.receiver import Receiver
from tests.factories import make_person
from tests.rules.project import ROOT

pytestmark = pytest.mark.api

TOLD = {"url": "https://example.org/told", "events": ["need.matched"]}


@pytest.fixture
def program(app: Flask, house: House) -> Program:
    return Program(app, house.operator)


def test_made_changed_tried_repeated_and_removed(
    app: Flask, program: Program, house: House, receiver: Receiver
) -> None:
    path = f"/incubators/{house.incubator}/webhooks"
    made = program.post(path, TOLD, Idempotency_Key="a")
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    found = f"/webhooks/{made.json['id']}"
    assert made.headers["Location"].endswith(found)
    assert program.post(path, TOLD, Idempotency_Key="a").json == made.json
    with app.app_context():
        kept = db.session.scalars(select(ApiRequest.body)).all()
    assert kept
    assert not any("whsec_" in body for body in kept)
    assert len(program.get(path).json["items"]) == 2

    change = {"url": receiver.url, "events": ["session.held"]}
    assert program.patch(found, change).json["code"] == "version_missing"
    changed = program.patch(found, change, If_Match=made.headers["ETag"])
    late = program.patch(found, {"is_paused": True}, If_Match=made.headers["ETag"])
    assert (late.status_code, late.json["present"]) == (412, changed.json)
    assert program.get(found).headers["ETag"] == late.headers["ETag"] == changed.headers["ETag"]
    assert (changed.status_code, changed.json["events"]) == (200, ["session.held"])
    tried = program.post(f"{found}/test", Idempotency_Key="b")
    assert (tried.status_code, tried.json["event"]) == (200, "webhook.tested")
    deliver_webhooks(app, now())
    (delivery,) = program.get(f"{found}/deliveries").json["items"]
    assert (delivery["status"], delivery["id"]) == (204, tried.json["id"])
    assert program.get(f"/webhook-deliveries/{delivery['id']}").json == delivery
    again = program.post(f"/webhook-deliveries/{delivery['id']}/replay", Idempotency_Key="c")
    assert (again.status_code, again.json["delivered_at"]) == (200, None)

    assert program.patch(found, {"is_paused": True}, If_Match="*").json["paused_at"] is not None
    assert program.post(f"{found}/test", Idempotency_Key="d").json["code"] == "webhook_paused"
    assert program.patch(found, {"is_paused": False}, If_Match="*").json["paused_at"] is None
    renewed = program.post(f"{found}/secret", Idempotency_Key="e")
    assert renewed.json["secret"] != made.json["secret"]
    assert program.post(f"{found}/remove").status_code == 200
    assert program.get(found).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"url": "https://127.1.1.1.example/", "events": []}, 422),
        ({"url": "https://192.168.3.4/", "events": ["need.matched"]}, 422),
        ({"url": "https://example.org/", "events": ["no.such"]}, 422),
        ({"url": 7, "events": ["need.matched"]}, 422),
        ({"events": ["need.matched"]}, 422),
    ],
)
def test_what_does_not_fit_is_a_problem(
    program: Program, house: House, body: object, status: int
) -> None:
    path = f"/incubators/{house.incubator}/webhooks"
    answer = program.post(path, body, Idempotency_Key="a")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert len(program.get(path).json["items"]) == 1


def test_somebody_else_finds_none(app: Flask, house: House) -> None:
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge_all()
    stranger = Program(app, person)
    assert stranger.get(f"/webhooks/{house.webhook}").status_code == 404
    assert stranger.post(f"/webhooks/{house.webhook}/remove").status_code == 404
    assert stranger.get(f"/incubators/{house.incubator}/webhooks").status_code == 403


def test_every_event_is_documented() -> None:
    documented = (ROOT / "docs/api/README.md").read_text(encoding="utf-8")
    assert [event.value for event in WebhookEvent if f"`{event.value}`" not in documented] == []
