"""An incubator with a webhook, and a receiver."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.access import Actor
from app.clock import now
from app.extensions import db
from app.sealing import Sealer
from app.settings import Settings
from app.web.typed import get_sealer
from app.webhooks.actions import create_webhook
from app.webhooks.queries import find_webhook
from app.webhooks.signatures import open_secret
from models.organisations import Incubator
from models.people import Person
from models.webhooks import Webhook, WebhookEvent
from tests.app.webhooks.receiver import HERE, Receiver, receive
from tests.factories import act_as, log_in, make_incubator, make_person


class House(NamedTuple):
    """The ids of an incubator and its webhook, and who operates it."""

    incubator: str
    webhook: str
    operator: Person


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, webhook_networks=HERE)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receive() as receiver:
        yield receiver


@pytest.fixture
def house(app: Flask, client: FlaskClient, receiver: Receiver) -> House:
    """The client is the operator's."""
    with app.app_context():
        operator = make_person(db.session, email="operator@example.org")
        incubator = make_incubator(db.session, operator=operator)
        webhook = create_webhook(
            db.session,
            incubator=db.session.get_one(Incubator, incubator.id),
            url=receiver.url,
            events=[WebhookEvent.ENGAGEMENT_ACCEPTED, WebhookEvent.NEED_OPENED],
            networks=HERE,
            sealer=Sealer(app.config["SECRET_KEY"]),
            actor=act_as(operator),
            at=now(),
        )
        db.session.commit()
        house = House(incubator.public_id, webhook.public_id, operator)
        db.session.refresh(operator)
        db.session.expunge_all()
    log_in(client, operator)
    return house


def find(public_id: str) -> Webhook:
    """The webhook, in the present application."""
    found = find_webhook(db.session, public_id)
    assert found is not None
    return found


def read_secret(webhook: Webhook) -> str:
    """What signs deliveries to `webhook`, in the present application."""
    secret = open_secret(webhook.sealed_secret, get_sealer())
    assert secret is not None
    return secret


def find_operator(house: House) -> Actor:
    """The operator, in the present application."""
    return act_as(db.session.get_one(Person, house.operator.id))
