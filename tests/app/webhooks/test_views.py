"""Pages of webhooks: made, tried, changed, paused, removed, by operators of the incubator alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import now
from app.extensions import db
from app.webhooks.actions import MOST_WEBHOOKS
from app.webhooks.jobs import deliver_webhooks
from models.audit import AuditEntry
from models.webhooks import Webhook, WebhookDelivery
from tests.app.webhooks.conftest import House
from tests.app.webhooks.receiver import Receiver
from tests.factories import log_in, make_incubator, make_person
from tests.posting import post

pytestmark = pytest.mark.api

TOLD = {"url": "https://example.org/told", "events": ["need.matched", "session.held"]}


def test_the_way_there_is_on_the_incubators_page(client: FlaskClient, house: House) -> None:
    page = client.get(f"/incubators/{house.incubator}").text
    assert f"/incubators/{house.incubator}/webhooks" in page


def test_a_webhook_is_made_and_shown(app: Flask, client: FlaskClient, house: House) -> None:
    made = post(client, f"/incubators/{house.incubator}/webhooks", **TOLD)
    assert made.status_code == 303
    page = client.get(made.location).text
    assert "https://example.org/told" in page
    assert "whsec_" in page
    with app.app_context():
        kinds = db.session.scalars(select(AuditEntry.kind)).all()
    assert kinds.count("webhook_created") == 2


@pytest.mark.parametrize(
    "typed",
    [
        {"url": "https://10.0.0.1/", "events": ["need.matched"]},
        {"url": "not an address", "events": ["need.matched"]},
        {"url": "", "events": ["need.matched"]},
        {"url": "https://example.org/", "events": []},
        {"url": "https://example.org/", "events": ["no.such"]},
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    app: Flask, client: FlaskClient, house: House, typed: dict[str, object]
) -> None:
    answer = post(client, f"/incubators/{house.incubator}/webhooks", **typed)
    assert answer.status_code == 422
    assert "error-summary" in answer.text or 'aria-invalid="true"' in answer.text
    assert str(typed["url"]) in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(Webhook)).all()) == 1


def test_a_test_event_arrives_and_its_answer_is_shown(
    app: Flask, client: FlaskClient, house: House, receiver: Receiver
) -> None:
    assert post(client, f"/webhooks/{house.webhook}/test").status_code == 303
    assert deliver_webhooks(app, now()) == 1
    assert b'"webhook.tested"' in receiver.bodies[0]
    assert "204" in client.get(f"/webhooks/{house.webhook}").text


def test_a_delivery_that_is_over_is_sent_again_under_its_id(
    app: Flask, client: FlaskClient, house: House, receiver: Receiver
) -> None:
    post(client, f"/webhooks/{house.webhook}/test")
    with app.app_context():
        delivery = db.session.scalars(select(WebhookDelivery.public_id)).one()
    assert post(client, f"/webhook-deliveries/{delivery}/replay").status_code == 409
    deliver_webhooks(app, now())
    assert post(client, f"/webhook-deliveries/{delivery}/replay").status_code == 303
    deliver_webhooks(app, now())
    first, second = receiver.headers
    assert first["Webhook-Id"] == second["Webhook-Id"]


def test_paused_resumed_given_a_new_secret_and_removed(
    app: Flask, client: FlaskClient, house: House
) -> None:
    path = f"/webhooks/{house.webhook}"
    assert post(client, f"{path}/pause").status_code == 303
    assert post(client, f"{path}/test").status_code == 409
    assert post(client, f"{path}/resume").status_code == 303
    before = client.get(path).text.partition("whsec_")[2][:44]
    assert post(client, f"{path}/secret").status_code == 303
    assert before not in client.get(path).text
    assert post(client, path, **TOLD).status_code == 303
    assert "https://example.org/told" in client.get(path).text
    assert post(client, f"{path}/remove").status_code == 303
    assert client.get(path).status_code == 404


def test_there_can_be_only_so_many(app: Flask, client: FlaskClient, house: House) -> None:
    path = f"/incubators/{house.incubator}/webhooks"
    statuses = [post(client, path, **TOLD).status_code for _ in range(MOST_WEBHOOKS)]
    assert statuses == [303] * (MOST_WEBHOOKS - 1) + [409]


def test_an_operator_of_another_incubator_sees_nothing(app: Flask, house: House) -> None:
    other = app.test_client()
    with app.app_context():
        person = make_person(db.session)
        make_incubator(db.session, operator=person)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge_all()
    log_in(other, person)
    assert other.get(f"/webhooks/{house.webhook}").status_code == 404
    assert post(other, f"/webhooks/{house.webhook}/remove").status_code == 404
    assert other.get(f"/incubators/{house.incubator}/webhooks").status_code in (403, 404)
    assert post(other, f"/incubators/{house.incubator}/webhooks", **TOLD).status_code in (403, 404)
