"""What operators do with webhooks: make, change, try, pause, repeat, remove."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.events import queue_event
from app.sealing import Sealer
from app.settings import Network
from app.webhooks.destinations import check_address
from app.webhooks.errors import DeliveryStillWaiting, TooManyWebhooks, WebhookPaused
from app.webhooks.queries import count_webhooks
from app.webhooks.signatures import make_secret, seal_secret
from models.organisations import Incubator
from models.webhooks import Webhook, WebhookDelivery, WebhookEvent

MOST_WEBHOOKS: Final = 10

# How long a secret that was exchanged still signs, so that a receiver has time to change.
_FORMER_SECRET_LASTS: Final = timedelta(hours=24)


def create_webhook(
    session: Session,
    *,
    incubator: Incubator,
    url: str,
    events: Iterable[WebhookEvent],
    networks: Sequence[Network],
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> Webhook:
    """`url` is told of `events` from now on, signed with a new secret.

    Raises NotPermitted unless `actor` operates the incubator, WebhookAddressRefused,
    WebhookAddressPrivate, TooManyWebhooks.
    """
    require(actor, "webhook:create", incubator)
    check_address(url, networks)
    if count_webhooks(session, incubator) >= MOST_WEBHOOKS:
        raise TooManyWebhooks(limit=MOST_WEBHOOKS)
    webhook = Webhook(
        incubator=incubator,
        url=url,
        events=list(events),
        sealed_secret=seal_secret(make_secret(), sealer),
        created_at=at,
    )
    session.add(webhook)
    session.flush()
    _record(session, webhook, "webhook_created", actor=actor, at=at)
    return webhook


def edit_webhook(
    session: Session,
    *,
    webhook: Webhook,
    url: str,
    events: Iterable[WebhookEvent],
    networks: Sequence[Network],
    actor: Actor,
    at: datetime,
) -> None:
    """`url` is told of `events` from now on, also of what still waits.

    Raises NotFound, WebhookAddressRefused, WebhookAddressPrivate.
    """
    require(actor, "webhook:edit", webhook)
    check_address(url, networks)
    if url != webhook.url:
        webhook.failing_since = None
    webhook.url, webhook.events = url, list(events)
    session.flush()
    _record(session, webhook, "webhook_edited", actor=actor, at=at)


def renew_secret(
    session: Session, *, webhook: Webhook, sealer: Sealer, actor: Actor, at: datetime
) -> None:
    """Deliveries are signed with a new secret; with the former one as well for a day.

    Raises NotFound.
    """
    require(actor, "webhook:edit", webhook)
    webhook.former_sealed_secret = webhook.sealed_secret
    webhook.former_secret_until = at + _FORMER_SECRET_LASTS
    webhook.sealed_secret = seal_secret(make_secret(), sealer)
    session.flush()
    _record(session, webhook, "webhook_secret_renewed", actor=actor, at=at)


def pause_webhook(session: Session, *, webhook: Webhook, actor: Actor, at: datetime) -> None:
    """Nothing is sent or collected for it any more; what waits, waits. Raises NotFound."""
    require(actor, "webhook:edit", webhook)
    if webhook.paused_at is None:
        webhook.paused_at = at
        session.flush()
        _record(session, webhook, "webhook_paused", actor=actor, at=at)


def resume_webhook(session: Session, *, webhook: Webhook, actor: Actor, at: datetime) -> None:
    """What still waits is sent, and what happens from now on. Raises NotFound."""
    require(actor, "webhook:edit", webhook)
    if webhook.paused_at is not None:
        webhook.paused_at = webhook.failing_since = None
        session.execute(
            update(WebhookDelivery)
            .where(
                WebhookDelivery.webhook_id == webhook.id,
                WebhookDelivery.delivered_at.is_(None),
                WebhookDelivery.given_up_at.is_(None),
            )
            .values(not_before=at, attempts=0)
        )
        session.flush()
        _record(session, webhook, "webhook_resumed", actor=actor, at=at)


def remove_webhook(session: Session, *, webhook: Webhook, actor: Actor, at: datetime) -> None:
    """The webhook and its deliveries are gone. Raises NotFound."""
    require(actor, "webhook:edit", webhook)
    _record(session, webhook, "webhook_removed", actor=actor, at=at)
    session.delete(webhook)
    session.flush()


def send_test(session: Session, *, webhook: Webhook, actor: Actor, at: datetime) -> WebhookDelivery:
    """The webhook is sent an event that means nothing. Raises NotFound, WebhookPaused."""
    require(actor, "webhook:edit", webhook)
    if webhook.paused_at is not None:
        raise WebhookPaused
    delivery = queue_event(session, webhook=webhook, event=None, subject=webhook, at=at)
    session.flush()
    _record(session, webhook, "webhook_tested", actor=actor, at=at)
    return delivery


def replay_delivery(
    session: Session, *, delivery: WebhookDelivery, actor: Actor, at: datetime
) -> None:
    """What was delivered or given up is sent once more, under the same id.

    Raises NotFound, WebhookPaused, DeliveryStillWaiting.
    """
    require(actor, "webhook_delivery:replay", delivery)
    if delivery.webhook.paused_at is not None:
        raise WebhookPaused
    if not delivery.is_over:
        raise DeliveryStillWaiting
    delivery.delivered_at = delivery.given_up_at = None
    delivery.attempts, delivery.not_before = 0, at
    session.flush()
    _record(session, delivery.webhook, "webhook_replayed", actor=actor, at=at)


def _record(session: Session, webhook: Webhook, kind: str, *, actor: Actor, at: datetime) -> None:
    record(
        session, actor=actor, kind=kind, subject=webhook, at=at, incubator_id=webhook.incubator_id
    )
