"""What happens in this room without anybody asking: deliveries leave, and old ones are forgotten.

A delivery leaves at least once: it is claimed in a transaction of its own, then sent, then marked.
A process that is killed between the last two leaves one that is sent again when its claim has run
out; receivers know it by its id.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.extensions import db
from app.sealing import Sealer
from app.settings import Settings
from app.telling.notices import list_people_of, tell
from app.transactions import writing
from app.webhooks.addresses import address_of_webhook
from app.webhooks.queries import select_due
from app.webhooks.sending import NotDelivered, send
from app.webhooks.signatures import (
    is_open,
    list_secrets,
    make_body,
    make_headers,
    seal_secret,
)
from models.webhooks import Webhook, WebhookDelivery

log = logging.getLogger(__name__)

# How long to wait after the first, second, … attempt that failed: three days in all.
WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=28),
)
# Longer than an attempt can last: until then the row is somebody's.
_CLAIM: Final = timedelta(minutes=2)

# Mail must not wait for receivers that are slow: then others have their turn. In seconds.
_TURN: Final = 10.0

KEPT_FOR: Final = timedelta(days=30)

_GONE: Final = 410
_FAILING_LASTS: Final = timedelta(days=3)


class _Claimed(NamedTuple):
    delivery_id: int
    url: str
    body: bytes
    headers: dict[str, str]


def deliver_webhooks(app: Flask, at: datetime) -> int:
    """What is due at `at` has been tried, for about ten seconds; returns how many were tried."""
    settings: Settings = app.extensions["yinqiao_settings"]
    tried, until = 0, time.monotonic() + _TURN
    with app.app_context():
        while time.monotonic() < until:
            claimed = _claim_next(db.session, Sealer(settings.secret_key), at)
            if claimed is None:
                break
            status, problem = None, ""
            try:
                if not claimed.headers:
                    raise NotDelivered("its secret was sealed with another key: make a new one")
                status = send(claimed.url, claimed.body, claimed.headers, settings.webhook_networks)
            except NotDelivered as error:
                problem = str(error)
            _keep_outcome(db.session, claimed.delivery_id, status, problem, at)
            tried += 1
    return tried


def forget_deliveries(app: Flask, at: datetime) -> int:
    """Deliveries are kept for thirty days, and former secrets while they sign; how many
    deliveries went."""
    with app.app_context(), writing(db.session):
        db.session.execute(
            update(Webhook)
            .where(Webhook.former_secret_until <= at)
            .values(former_sealed_secret=None, former_secret_until=None)
        )
        _seal_open_secrets(db.session, Sealer(app.config["SECRET_KEY"]))
        gone = db.session.execute(
            delete(WebhookDelivery)
            .where(WebhookDelivery.created_at < at - KEPT_FOR)
            .returning(WebhookDelivery.id)
        )
        return len(gone.all())


def _seal_open_secrets(session: Session, sealer: Sealer) -> None:
    """Secrets that an earlier release kept as they are."""
    for webhook in session.scalars(select(Webhook)):
        if is_open(webhook.sealed_secret):
            webhook.sealed_secret = seal_secret(webhook.sealed_secret, sealer)
        former = webhook.former_sealed_secret
        if former and is_open(former):
            webhook.former_sealed_secret = seal_secret(former, sealer)
    session.flush()


def _claim_next(session: Session, sealer: Sealer, at: datetime) -> _Claimed | None:
    """Take what is due for longest, so that no other process sends it meanwhile.

    It has no headers where nothing can sign it.
    """
    with writing(session):
        delivery = session.scalar(
            select_due(at).limit(1).with_for_update(skip_locked=True, of=WebhookDelivery)
        )
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.not_before = at + _CLAIM
        body = make_body(delivery)
        secrets = list_secrets(delivery.webhook, sealer, at)
        headers = make_headers(delivery, body, secrets, at) if secrets else {}
        return _Claimed(delivery.id, delivery.webhook.url, body, headers)


def _keep_outcome(
    session: Session, delivery_id: int, status: int | None, problem: str, at: datetime
) -> None:
    with writing(session):
        delivery = session.get(WebhookDelivery, delivery_id, with_for_update=True)
        if delivery is None:
            # Its webhook was removed meanwhile.
            return
        webhook = delivery.webhook
        delivery.status, delivery.problem = status, problem[:200]
        if status is not None and 200 <= status < 300:
            delivery.delivered_at = at
            webhook.failing_since = None
            return
        log.info("a delivery to webhook %s failed", webhook.public_id)
        webhook.failing_since = webhook.failing_since or at
        has_failed_long = webhook.failing_since <= at - _FAILING_LASTS
        if delivery.attempts > len(WAITS) or status == _GONE:
            delivery.given_up_at = at
            if has_failed_long or status == _GONE:
                _pause(session, webhook, at)
        else:
            # Resumed while this was on its way, it may have no attempt any more.
            delivery.not_before = at + WAITS[max(delivery.attempts, 1) - 1]
        _let_others_go_first(session, delivery, at)


def _let_others_go_first(session: Session, failed: WebhookDelivery, at: datetime) -> None:
    """What else waits for the same receiver waits a minute: each would take its five seconds."""
    session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.webhook_id == failed.webhook_id,
            WebhookDelivery.id != failed.id,
            WebhookDelivery.delivered_at.is_(None),
            WebhookDelivery.given_up_at.is_(None),
            WebhookDelivery.not_before <= at,
        )
        .values(not_before=at + WAITS[0])
    )


def _pause(session: Session, webhook: Webhook, at: datetime) -> None:
    """Nothing more is tried until an operator says so; all of them are told."""
    if webhook.paused_at is not None:
        return
    webhook.paused_at = at
    for operator in list_people_of(session, incubator_id=webhook.incubator_id):
        tell(
            session,
            person=operator,
            kind="webhook_paused",
            facts={"url": webhook.url, "incubator": webhook.incubator.name},
            path=address_of_webhook(webhook),
            at=at,
        )
