"""Events leave with what they tell of, signed, and again until they arrive or are given up."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit import record
from app.clock import now
from app.extensions import db
from app.sealing import Sealer
from app.web.typed import get_sealer
from app.webhooks import sending
from app.webhooks.actions import pause_webhook, renew_secret, resume_webhook, send_test
from app.webhooks.jobs import KEPT_FOR, WAITS, deliver_webhooks, forget_deliveries
from app.webhooks.sending import NotDelivered, send
from models.notices import Notice
from models.organisations import Incubator
from models.webhooks import Webhook, WebhookDelivery, WebhookEvent
from tests.app.webhooks.conftest import House, find, find_operator, read_secret
from tests.app.webhooks.receiver import HERE, Receiver
from tests.factories import make_need, make_startup

pytestmark = pytest.mark.api


def happen(app: Flask, house: House, kind: str = "need_opened", *, commits: bool = True) -> str:
    """Something of `kind` is recorded of a need; gives its id."""
    with app.app_context():
        incubator = db.session.scalars(
            select(Incubator).where(Incubator.public_id == house.incubator)
        ).one()
        need = make_need(db.session, make_startup(db.session, incubator=incubator))
        record(
            db.session,
            actor=None,
            kind=kind,
            subject=need,
            at=now(),
            incubator_id=incubator.id,
        )
        if commits:
            db.session.commit()
        else:
            db.session.rollback()
        return need.public_id if commits else ""


def read_delivery(app: Flask) -> WebhookDelivery:
    with app.app_context():
        delivery = db.session.scalars(select(WebhookDelivery)).one()
        db.session.expunge_all()
        return delivery


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_what_is_wanted_is_told_once_and_signed(
    app: Flask, house: House, receiver: Receiver
) -> None:
    need = happen(app, house)

    assert deliver_webhooks(app, now()) == 1
    assert deliver_webhooks(app, now()) == 0
    (body,) = receiver.bodies
    told = json.loads(body)
    assert told["type"] == "need.opened"
    assert told["data"] == {
        "object": "need",
        "id": need,
        "version": 1,
        "incubator": house.incubator,
    }
    with app.app_context():
        assert receiver.believes(read_secret(find(house.webhook)))
    delivery = read_delivery(app)
    assert (delivery.attempts, delivery.status, delivery.problem) == (1, 204, "")
    assert delivery.delivered_at is not None
    assert receiver.headers[0]["Webhook-Id"] == f"msg_{delivery.public_id}"


@pytest.mark.parametrize("kind", ["need_edited", "no_such_act"])
def test_what_is_not_wanted_is_not_told(app: Flask, house: House, kind: str) -> None:
    happen(app, house, kind)
    assert count(app, WebhookDelivery) == 0


def test_a_time_that_is_booked_is_told_under_both_names(app: Flask, house: House) -> None:
    events = [WebhookEvent.SESSION_BOOKED, WebhookEvent.SESSION_CONFIRMED]
    with app.app_context():
        find(house.webhook).events = events
        db.session.commit()
    happen(app, house, "session_booked")
    with app.app_context():
        assert db.session.scalars(select(WebhookDelivery.event)).all() == events


def test_what_is_taken_back_is_not_told(app: Flask, house: House) -> None:
    happen(app, house, commits=False)
    assert count(app, WebhookDelivery) == 0


def test_another_incubator_is_told_nothing(app: Flask, house: House) -> None:
    with app.app_context():
        need = make_need(db.session, make_startup(db.session))
        record(db.session, actor=None, kind="need_opened", subject=need, at=now())
        db.session.commit()
    assert count(app, WebhookDelivery) == 0


@pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
def test_whatever_is_no_success_is_tried_again_later(
    app: Flask, house: House, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    happen(app, house)
    at = now()

    assert deliver_webhooks(app, at) == 1
    assert deliver_webhooks(app, at + WAITS[0] - timedelta(seconds=1)) == 0
    assert len(receiver.bodies) == 1
    receiver.status = 200
    assert deliver_webhooks(app, at + WAITS[0]) == 1
    assert receiver.bodies[0] == receiver.bodies[1]
    assert receiver.headers[0]["Webhook-Id"] == receiver.headers[1]["Webhook-Id"]
    with app.app_context():
        assert find(house.webhook).failing_since is None


def test_after_three_days_it_is_given_up_and_operators_are_told(
    app: Flask, house: House, receiver: Receiver
) -> None:
    assert timedelta(days=3) <= sum(WAITS, timedelta()) < timedelta(days=3, hours=1)
    receiver.status = 500
    happen(app, house)
    at = now()
    for wait in (*WAITS, timedelta()):
        assert deliver_webhooks(app, at) == 1
        at += wait
    assert read_delivery(app).given_up_at is not None
    happen(app, house)
    assert deliver_webhooks(app, at) == 0
    with app.app_context():
        assert find(house.webhook).paused_at is not None
        assert db.session.scalars(select(Notice.kind)).all() == ["webhook_paused"]
    assert count(app, WebhookDelivery) == 1


def test_whoever_says_it_is_gone_is_asked_no_more(
    app: Flask, house: House, receiver: Receiver
) -> None:
    receiver.status = 410
    happen(app, house)
    deliver_webhooks(app, now())
    with app.app_context():
        assert find(house.webhook).paused_at is not None
    assert count(app, Notice) == 1


def test_what_waited_while_paused_leaves_after(
    app: Flask, house: House, receiver: Receiver
) -> None:
    happen(app, house)
    with app.app_context():
        actor = find_operator(house)
        pause_webhook(db.session, webhook=find(house.webhook), actor=actor, at=now())
        db.session.commit()
    assert deliver_webhooks(app, now()) == 0
    with app.app_context():
        actor = find_operator(house)
        resume_webhook(db.session, webhook=find(house.webhook), actor=actor, at=now())
        db.session.commit()
    assert deliver_webhooks(app, now()) == 1


def test_both_secrets_sign_for_a_day(app: Flask, house: House, receiver: Receiver) -> None:
    with app.app_context():
        webhook, actor = find(house.webhook), find_operator(house)
        former = read_secret(webhook)
        renew_secret(db.session, webhook=webhook, sealer=get_sealer(), actor=actor, at=now())
        send_test(db.session, webhook=webhook, actor=actor, at=now())
        db.session.commit()
        secret = read_secret(webhook)
    deliver_webhooks(app, now())
    assert receiver.believes(secret)
    assert receiver.believes(former)
    happen(app, house)
    deliver_webhooks(app, now() + timedelta(hours=25))
    assert receiver.believes(secret)
    assert not receiver.believes(former)


def test_a_receiver_that_never_ends_its_answer_is_cut_off(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DEADLINE", 0.3)
    receiver.drips = True
    with pytest.raises(NotDelivered, match="no answer in time"):
        send(receiver.url, b"{}", {}, HERE)


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotDelivered, match="no connection"):
        send("http://127.0.0.1:1/", b"{}", {}, HERE)


def test_without_leave_nothing_is_sent_to_this_machine(receiver: Receiver) -> None:
    with pytest.raises(NotDelivered, match="webhook_address_private"):
        send(receiver.url.replace("http:", "https:"), b"{}", {}, ())
    assert receiver.bodies == []


def test_a_receiver_without_a_certificate_gets_nothing(receiver: Receiver) -> None:
    with pytest.raises(NotDelivered):
        send(receiver.url.replace("http:", "https:"), b"{}", {}, HERE)
    assert receiver.bodies == []


def test_deliveries_are_forgotten_after_thirty_days(app: Flask, house: House) -> None:
    happen(app, house)
    assert forget_deliveries(app, now() + KEPT_FOR - timedelta(minutes=1)) == 0
    assert forget_deliveries(app, now() + KEPT_FOR + timedelta(minutes=1)) == 1
    assert count(app, Webhook) == 1


def test_what_waits_for_a_receiver_that_fails_lets_others_go_first(
    app: Flask, house: House, receiver: Receiver
) -> None:
    receiver.status = 500
    happen(app, house)
    happen(app, house)
    at = now()
    assert deliver_webhooks(app, at) == 1
    assert deliver_webhooks(app, at) == 0
    assert deliver_webhooks(app, at + WAITS[0]) == 1


def test_one_delivery_that_is_given_up_pauses_nobody_who_receives_others(
    app: Flask, house: House, receiver: Receiver
) -> None:
    happen(app, house)
    with app.app_context():
        delivery = db.session.scalars(select(WebhookDelivery)).one()
        delivery.attempts = len(WAITS)
        db.session.commit()
    receiver.status = 400
    deliver_webhooks(app, now())
    assert read_delivery(app).given_up_at is not None
    with app.app_context():
        assert find(house.webhook).paused_at is None
    assert count(app, Notice) == 0


def test_a_secret_is_sealed_also_one_that_an_earlier_release_kept(
    app: Flask, house: House, receiver: Receiver
) -> None:
    with app.app_context():
        webhook = find(house.webhook)
        secret = read_secret(webhook)
        assert secret.removeprefix("whsec_") not in webhook.sealed_secret
        # As before the upgrade.
        webhook.sealed_secret = secret
        db.session.commit()
    happen(app, house)
    assert deliver_webhooks(app, now()) == 1
    assert receiver.believes(secret)
    forget_deliveries(app, now())
    with app.app_context():
        webhook = find(house.webhook)
        assert read_secret(webhook) == secret != webhook.sealed_secret
        # The installation has another key, and its backup came from before.
        webhook.sealed_secret = Sealer("another key").seal("webhook", secret)
        db.session.commit()
    happen(app, house)
    assert deliver_webhooks(app, now()) == 1
    with app.app_context():
        said = db.session.scalars(select(WebhookDelivery.problem)).all()
    assert sum("another key" in each for each in said) == 1
