"""Webhooks and their deliveries, as operators of their incubator see them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from models.organisations import Incubator
from models.webhooks import Webhook, WebhookDelivery

# How many deliveries a page shows.
SHOWN: Final = 50

_FARTHEST: Final = timedelta(days=2)


def find_webhook(session: Session, public_id: str) -> Webhook | None:
    """The webhook with this id."""
    query = select(Webhook).where(Webhook.public_id == public_id)
    return session.scalar(query.options(joinedload(Webhook.incubator)))


def find_delivery(session: Session, public_id: str) -> WebhookDelivery | None:
    """The delivery with this id, with its webhook."""
    query = select(WebhookDelivery).where(WebhookDelivery.public_id == public_id)
    return session.scalar(
        query.options(joinedload(WebhookDelivery.webhook).joinedload(Webhook.incubator))
    )


def select_webhooks(incubator: Incubator) -> Select[Webhook]:
    """The webhooks of an incubator, in no order."""
    return select(Webhook).where(Webhook.incubator_id == incubator.id)


def list_webhooks(session: Session, incubator: Incubator) -> Sequence[Webhook]:
    """The webhooks of an incubator, the newest first."""
    return session.scalars(select_webhooks(incubator).order_by(Webhook.id.desc())).all()


def count_webhooks(session: Session, incubator: Incubator) -> int:
    """How many webhooks an incubator has."""
    query = select(func.count()).select_from(Webhook).where(Webhook.incubator_id == incubator.id)
    return session.scalar(query) or 0


def select_deliveries(webhook: Webhook) -> Select[WebhookDelivery]:
    """The deliveries of a webhook, in no order."""
    return select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)


def list_deliveries(session: Session, webhook: Webhook) -> Sequence[WebhookDelivery]:
    """The last deliveries of a webhook, the newest first."""
    query = select_deliveries(webhook).order_by(
        WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc()
    )
    return session.scalars(query.limit(SHOWN)).all()


def select_due(at: datetime) -> Select[WebhookDelivery]:
    """What is to be sent at `at`, with its webhook: what has waited longest comes first."""
    return (
        select(WebhookDelivery)
        .join(WebhookDelivery.webhook)
        .where(
            WebhookDelivery.delivered_at.is_(None),
            WebhookDelivery.given_up_at.is_(None),
            or_(
                WebhookDelivery.not_before <= at,
                # Never planned so far ahead: the clock was wrong when it was written.
                WebhookDelivery.not_before > at + _FARTHEST,
            ),
            Webhook.paused_at.is_(None),
        )
        .options(contains_eager(WebhookDelivery.webhook))
        .order_by(WebhookDelivery.not_before, WebhookDelivery.id)
    )
