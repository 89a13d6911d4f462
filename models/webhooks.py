"""Webhooks: where an incubator's other systems want to be told of what happens, and what they were.

A delivery stands in the same transaction as what it tells of, as a mail does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import holds_no_person
from models.facts import VocabularyCode
from models.organisations import Incubator
from models.orm import Base, CodeList, PublicId, UtcDateTime

# In characters.
ADDRESS_LIMIT: Final = 500

TEST_EVENT: Final = "webhook.tested"


class WebhookEvent(StrEnum):
    """What can be told: a thing, and what happened to it.

    Nothing that the operators of the incubator may not read. Orders, reports, mandates and deals
    are not theirs: they learn of the facts that rest on a report, and of the funds that open.
    """

    NEED_OPENED = "need.opened"
    NEED_EDITED = "need.edited"
    NEED_CLOSED = "need.closed"
    NEED_MATCHED = "need.matched"
    NEED_FUNDS_OPENED = "need.funds_opened"
    NEED_FUNDS_CLOSED = "need.funds_closed"
    ENGAGEMENT_REQUESTED = "engagement.requested"
    ENGAGEMENT_ACCEPTED = "engagement.accepted"
    ENGAGEMENT_DECLINED = "engagement.declined"
    ENGAGEMENT_ASKED_BACK = "engagement.asked_back"
    ENGAGEMENT_REPLIED = "engagement.replied"
    ENGAGEMENT_TIMES_OFFERED = "engagement.times_offered"
    ENGAGEMENT_PASSED_ON = "engagement.passed_on"
    ENGAGEMENT_RECEIVED = "engagement.received"
    ENGAGEMENT_WITHDRAWN = "engagement.withdrawn"
    ENGAGEMENT_EXPIRED = "engagement.expired"
    ENGAGEMENT_CANCELLED = "engagement.cancelled"
    ENGAGEMENT_COMPLETED = "engagement.completed"
    SESSION_PROPOSED = "session.proposed"
    SESSION_BOOKED = "session.booked"
    SESSION_CONFIRMED = "session.confirmed"
    SESSION_MOVED = "session.moved"
    SESSION_CANCELLED = "session.cancelled"
    SESSION_HELD = "session.held"
    SESSION_MISSED = "session.missed"
    MISSED_TIME_COUNTED = "missed_time.counted"
    MISSED_TIME_APPEALED = "missed_time.appealed"
    MISSED_TIME_DECIDED = "missed_time.decided"
    FEEDBACK_GIVEN = "feedback.given"
    FEEDBACK_REVEALED = "feedback.revealed"
    MESSAGE_SENT = "message.sent"
    MINUTES_WRITTEN = "minutes.written"
    ACTION_ITEM_ADDED = "action_item.added"
    ACTION_ITEM_FINISHED = "action_item.finished"
    POOL_ENTRY_INVITED = "pool_entry.invited"
    POOL_ENTRY_APPLIED = "pool_entry.applied"
    POOL_ENTRY_ADMITTED = "pool_entry.admitted"
    POOL_ENTRY_DECLINED = "pool_entry.declined"
    POOL_ENTRY_PAUSED = "pool_entry.paused"
    POOL_ENTRY_RESUMED = "pool_entry.resumed"
    POOL_ENTRY_RETIRED = "pool_entry.retired"
    STARTUP_EDITED = "startup.edited"
    STARTUP_PUBLISHED = "startup.published"
    STARTUP_PAUSED = "startup.paused"
    STARTUP_RESUMED = "startup.resumed"
    STARTUP_GATE_FELL = "startup.gate_fell"
    FACT_STATED = "fact.stated"
    FACT_CONFIRMED = "fact.confirmed"
    FACT_WITHDRAWN = "fact.withdrawn"
    DOCUMENT_REPORTED = "document.reported"
    OBJECTION_RAISED = "objection.raised"
    OBJECTION_ANSWERED = "objection.answered"
    OBJECTION_WITHDRAWN = "objection.withdrawn"
    IMPORT_APPLIED = "import.applied"
    IMPORT_DISCARDED = "import.discarded"


# What the record of acts calls otherwise.
_ACTS: Final = MappingProxyType(
    {
        WebhookEvent.NEED_MATCHED: "matches_found",
        WebhookEvent.OBJECTION_RAISED: "evaluation_objected",
    }
)


def _name_act(event: WebhookEvent) -> str:
    if event in _ACTS:
        return _ACTS[event]
    return event.value.replace("pool_entry.", "pool.").replace(".", "_")


# By what the record of acts calls it.
EVENTS_OF_ACT: Mapping[str, tuple[WebhookEvent, ...]] = MappingProxyType(
    {_name_act(event): (event,) for event in WebhookEvent}
    # Booked from the provider's hours, a time is confirmed at once.
    | {"session_booked": (WebhookEvent.SESSION_BOOKED, WebhookEvent.SESSION_CONFIRMED)}
)


class Webhook(PublicId, Base):
    """An address that is told of some events of one incubator.

    Whoever receives them knows by a secret that they are ours. It is kept sealed, because each
    delivery is signed with it. One that was exchanged signs as well until `former_secret_until`.
    `failing_since` is when deliveries began to fail without one that
    succeeded; while `paused_at` is set nothing is sent.
    """

    __tablename__ = "webhook"

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    url: Mapped[str] = mapped_column(String(ADDRESS_LIMIT), info=holds_no_person())
    events: Mapped[list[WebhookEvent]] = mapped_column(CodeList(WebhookEvent))
    sealed_secret: Mapped[str] = mapped_column(String(300), info=holds_no_person())
    former_sealed_secret: Mapped[str | None] = mapped_column(String(300), info=holds_no_person())
    former_secret_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    incubator: Mapped[Incubator] = relationship()


class WebhookDelivery(PublicId, Base):
    """One event for one webhook: what is sent, and what came of it. No event: a test.

    It waits until `not_before`; it is over once it has `delivered_at` or `given_up_at`. `status` is
    what the receiver answered last, `problem` why there was no answer, in words of ours.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_waiting", "delivered_at", "given_up_at", "not_before"),
        Index("ix_webhook_delivery_created_at", "created_at"),
    )

    webhook_id: Mapped[int] = mapped_column(
        ForeignKey("webhook.id", ondelete="CASCADE"), index=True
    )
    event: Mapped[WebhookEvent | None] = mapped_column(VocabularyCode(WebhookEvent))
    # Ids, codes and times alone.
    payload: Mapped[dict[str, object]] = mapped_column(JSON, info=holds_no_person())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    problem: Mapped[str] = mapped_column(String(200), default="", info=holds_no_person())

    webhook: Mapped[Webhook] = relationship()

    @property
    def is_over(self) -> bool:
        """Whether it is not tried again by itself."""
        return self.delivered_at is not None or self.given_up_at is not None
