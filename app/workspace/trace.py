"""What every change in a workspace has in common: the lock, the time limit, the record."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.access import Acting, Actor
from app.audit import record
from app.engagements.disclosure import was_accepted
from app.engagements.trace import get_own_side, lock_engagement
from app.errors import OutOfOrder
from app.events import Subject
from app.workspace.errors import NothingWritten, TooManyKept, WorkspaceClosed
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.vocabulary import Side
from models.workspace_guests import WorkspaceGuest

# So long after an engagement is over its workspace can still be written in.
OPEN_AFTERWARDS: Final = timedelta(days=30)

# So long after its end operators can read along: by then what went wrong is settled.
GUESTS_AFTERWARDS: Final = timedelta(days=14)

# How many open points, open actions and notes there can be: a page shows them all.
MOST_KEPT: Final = 100


def is_open(engagement: Engagement, at: datetime) -> bool:
    """Whether its workspace can be written in at `at`."""
    if engagement.state in ENGAGEMENT_TAKES_PLACE:
        return True
    if not was_accepted(engagement) or engagement.closed_at is None:
        return False
    return at <= engagement.closed_at + OPEN_AFTERWARDS


def get_guests_end(engagement: Engagement, guest: WorkspaceGuest) -> datetime | None:
    """When `guest` ends by itself; None while the engagement goes on."""
    if engagement.closed_at is None:
        return None
    return max(engagement.closed_at, guest.invited_at) + GUESTS_AFTERWARDS


def begin(session: Session, *, engagement: Engagement, actor: Actor, at: datetime) -> Side:
    """The engagement is locked and can be written in; gives the side of `actor`.

    Raises OutOfOrder before it was accepted, WorkspaceClosed.
    """
    lock_engagement(session, engagement)
    if not was_accepted(engagement):
        raise OutOfOrder
    if not is_open(engagement, at):
        raise WorkspaceClosed(days=OPEN_AFTERWARDS.days)
    return get_own_side(actor, engagement)


def require_text(text: str) -> str:
    """`text`. Raises NothingWritten."""
    if not text.strip():
        raise NothingWritten
    return text


def require_few(session: Session, there: Select[int]) -> None:
    """Raise TooManyKept where `there` counts as many as can be."""
    if (session.scalar(there) or 0) >= MOST_KEPT:
        raise TooManyKept(most=MOST_KEPT)


def leave_step(
    session: Session,
    *,
    engagement: Engagement,
    subject: Subject,
    actor: Acting,
    kind: str,
    at: datetime,
) -> None:
    """The record says that `actor` did `kind` (past tense), without a word of what was written."""
    session.flush()
    record(
        session,
        actor=actor,
        kind=kind,
        subject=subject,
        at=at,
        incubator_id=engagement.incubator_id,
    )
    session.flush()
