"""Recalling a request to whose turn it is, once, before its time is over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, require
from app.engagements.announcements import choose_wording, tell_side
from app.engagements.questioning import find_open_question
from app.engagements.trace import lock_engagement
from models.engagements import Engagement
from models.vocabulary import Side

# Whom a request waits for, and what that side is told, by whether the startup was asked back.
_WAITS_FOR: Final[Mapping[bool, tuple[Side, str]]] = {
    False: (Side.PROVIDER, "engagement_waits"),
    True: (Side.STARTUP, "engagement_reply_waits"),
}


def remind_due(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` requests of which two thirds of the time are over at `at` are recalled.

    Each once for each turn; gives how many. Two workers do not wait for each other. Raises
    NotPermitted for anybody but the clock.
    """
    require(actor, "engagement:remind")
    due = session.scalars(
        select(Engagement)
        .where(Engagement.remind_at <= at)
        .order_by(Engagement.remind_at, Engagement.id)
        .limit(limit)
    ).all()
    # Providers are locked in one order, so that two workers cannot hold what the other wants.
    for engagement in sorted(due, key=lambda each: (each.provider_id, each.id)):
        lock_engagement(session, engagement)
        is_due = engagement.remind_at is not None and engagement.remind_at <= at
        engagement.remind_at = None
        # Who has answered meanwhile, or has no time left, is not reminded.
        if not is_due or engagement.state != "requested" or engagement.answer_due_at <= at:
            continue
        side, kind = _WAITS_FOR[find_open_question(session, engagement) is not None]
        tell_side(
            session,
            engagement=engagement,
            side=side,
            kind=choose_wording(kind, engagement) if side == Side.PROVIDER else kind,
            times={"due": engagement.answer_due_at},
            at=at,
        )
    session.flush()
    return len(due)
