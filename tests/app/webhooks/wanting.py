"""A webhook that is told whatever can be told, and what it is to be told of."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.organisations import Incubator
from models.webhooks import Webhook, WebhookDelivery, WebhookEvent
from tests.factories import AT


def want_everything(session: Session, incubator: Incubator) -> None:
    """`incubator` has a webhook for every event."""
    webhook = Webhook(
        incubator=incubator,
        url="https://receiver.example.org/",
        events=list(WebhookEvent),
        sealed_secret="sealed",
        created_at=AT,
    )
    session.add(webhook)
    session.flush()


def list_events(session: Session) -> list[WebhookEvent | None]:
    """What waits for webhooks, in the order in which it happened."""
    query = select(WebhookDelivery.event).order_by(WebhookDelivery.id)
    return list(session.scalars(query))
