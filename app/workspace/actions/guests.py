"""Letting the operators of the incubator read along, and no longer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.engagements.trace import get_own_side, lock_engagement
from app.workspace.announcements import tell_operators, tell_other_side
from app.workspace.errors import NoIncubator, NoInvitationOfYours, OperatorsReadAlready
from app.workspace.trace import GUESTS_AFTERWARDS, begin, get_guests_end, leave_step
from models.engagements import Engagement
from models.workspace_guests import WorkspaceGuest


def invite_operators(
    session: Session, *, engagement: Engagement, actor: Actor, at: datetime
) -> None:
    """The operators read what is here, but for the notes of the pair; they and the other side are
    told.

    Raises NotFound, NotPermitted, OutOfOrder, WorkspaceClosed, NoIncubator, OperatorsReadAlready.
    """
    require(actor, "workspace:invite", engagement)
    side = begin(session, engagement=engagement, actor=actor, at=at)
    if engagement.incubator_id is None:
        raise NoIncubator
    session.refresh(engagement, ["workspace_guests"])
    if any(guest.revoked_at is None for guest in engagement.workspace_guests):
        raise OperatorsReadAlready
    engagement.workspace_guests.append(
        WorkspaceGuest(side=side, invited_by_id=actor.person_id, invited_at=at)
    )
    leave_step(
        session,
        engagement=engagement,
        subject=engagement,
        actor=actor,
        kind="workspace_opened_to_operators",
        at=at,
    )
    kind = "operators_invited"
    tell_operators(session, engagement=engagement, side=side, kind=kind, actor=actor, at=at)
    tell_other_side(
        session, engagement=engagement, side=side, kind="operators_read_along", actor=actor, at=at
    )


def dismiss_operators(
    session: Session, *, engagement: Engagement, actor: Actor, at: datetime
) -> None:
    """The operators read nothing more, also not what they could read before.

    That can be had at any time, also once nothing can be written any more. Raises NotFound,
    NotPermitted, NoInvitationOfYours.
    """
    require(actor, "workspace:invite", engagement)
    lock_engagement(session, engagement)
    side = get_own_side(actor, engagement)
    session.refresh(engagement, ["workspace_guests"])
    for guest in engagement.workspace_guests:
        if guest.revoked_at is None and guest.side is side:
            guest.revoked_at = at
            break
    else:
        raise NoInvitationOfYours
    leave_step(
        session,
        engagement=engagement,
        subject=engagement,
        actor=actor,
        kind="workspace_closed_to_operators",
        at=at,
    )


def end_invitations(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` invitations end whose engagements have been over for long enough at `at`.

    The operators read nothing more; gives how many ended. Raises NotPermitted for anybody but the
    clock.
    """
    require(actor, "workspace:end_invitations")
    since = at - GUESTS_AFTERWARDS
    over = session.scalars(
        select(Engagement)
        .join(WorkspaceGuest, WorkspaceGuest.engagement_id == Engagement.id)
        .where(
            WorkspaceGuest.revoked_at.is_(None),
            WorkspaceGuest.invited_at <= since,
            Engagement.closed_at <= since,
        )
        .order_by(Engagement.provider_id, Engagement.id)
        .limit(limit)
    ).all()
    ended = 0
    for engagement in over:
        lock_engagement(session, engagement)
        session.refresh(engagement, ["workspace_guests"])
        for guest in engagement.workspace_guests:
            # Somebody may have ended it, and invited anew, while the lock was waited for.
            ends_at = get_guests_end(engagement, guest)
            if guest.revoked_at is None and ends_at is not None and ends_at <= at:
                guest.revoked_at = at
                leave_step(
                    session,
                    engagement=engagement,
                    subject=engagement,
                    actor=actor,
                    kind="workspace_closed_to_operators",
                    at=at,
                )
                ended += 1
    return ended
