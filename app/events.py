"""What other systems are told: an event of an incubator waits for each webhook that wants it."""

from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.webhooks import EVENTS_OF_ACT, TEST_EVENT, Webhook, WebhookDelivery, WebhookEvent

# What programs call a thing, where its table has another name.
_THINGS = {
    "coaching_session": "session",
    "evaluation_objection": "objection",
    "import_batch": "import",
    "workspace_message": "message",
}


class Subject(Protocol):
    """Whatever has a table and a public id."""

    __tablename__: str
    public_id: str


def announce(
    session: Session, *, act: str, incubator_id: int | None, subject: Subject, at: datetime
) -> None:
    """Webhooks of the incubator that want to know of `act` will be told, if this is committed.

    `act` is the kind under which it is recorded, or would be; nothing happens for one that
    nobody can want.
    """
    events = EVENTS_OF_ACT.get(act, ())
    if not events or incubator_id is None:
        return
    # Whoever records is in the midst of their work: what they have not written yet stays so.
    with session.no_autoflush:
        wanting = [
            (webhook, event)
            for webhook in session.scalars(
                select(Webhook).where(
                    Webhook.incubator_id == incubator_id, Webhook.paused_at.is_(None)
                )
            )
            for event in events
            if event in webhook.events
        ]
    if wanting:
        # A version is counted when it is written.
        session.flush()
    for webhook, event in wanting:
        queue_event(session, webhook=webhook, event=event, subject=subject, at=at)


def queue_event(
    session: Session,
    *,
    webhook: Webhook,
    event: WebhookEvent | None,
    subject: Subject,
    at: datetime,
) -> WebhookDelivery:
    """`webhook` is told of `event` after the commit; None is a test."""
    delivery = WebhookDelivery(
        webhook=webhook,
        event=event,
        payload={
            "type": event.value if event else TEST_EVENT,
            "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "data": {
                "object": _THINGS.get(subject.__tablename__, subject.__tablename__),
                "id": subject.public_id,
                "version": getattr(subject, "version", None),
                "incubator": webhook.incubator.public_id,
            },
        },
        created_at=at,
        not_before=at,
    )
    session.add(delivery)
    return delivery
