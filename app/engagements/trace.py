"""What every step of an engagement leaves behind and has in common: locks, trace, audit, sides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, get_side
from app.audit import record
from app.errors import NotPermitted
from models.engagements import CoachingSession, Engagement, EngagementEvent, TimeSpan
from models.providers import Provider
from models.vocabulary import Side


def get_own_side(actor: Actor, engagement: Engagement) -> Side:
    """The side for which `actor` acts. Raises NotPermitted for an onlooker."""
    side = get_side(actor, engagement)
    if side is None:
        raise NotPermitted
    return side


def get_other_side(side: Side) -> Side:
    """The side across."""
    return Side.PROVIDER if side is Side.STARTUP else Side.STARTUP


def lock_provider(session: Session, provider_id: int) -> int:
    """Lock the provider's row, on which its places are counted, and give its capacity.

    Weak enough to let others refer to the row meanwhile (FOR NO KEY UPDATE).
    """
    return session.scalars(
        select(Provider.capacity).where(Provider.id == provider_id).with_for_update(key_share=True)
    ).one()


def lock_engagement(session: Session, engagement: Engagement) -> int:
    """Lock the provider and then the engagement, which is read afresh; gives the capacity.

    Every step takes the two in this order, because the commit touches the provider again:
    in any other order two steps could wait for each other.
    """
    capacity = lock_provider(session, engagement.provider_id)
    # Locked apart from the refresh, which may join tables that must not or cannot be locked.
    session.execute(
        select(Engagement.id).where(Engagement.id == engagement.id).with_for_update(key_share=True)
    )
    session.refresh(engagement)
    return capacity


def lock_session(session: Session, coaching_session: CoachingSession) -> Engagement:
    """Lock a session below its engagement, both read afresh; gives the engagement."""
    engagement = coaching_session.engagement
    lock_engagement(session, engagement)
    session.execute(
        select(CoachingSession.id)
        .where(CoachingSession.id == coaching_session.id)
        .with_for_update(key_share=True)
    )
    session.refresh(coaching_session)
    return engagement


def leave_trace(
    session: Session,
    *,
    engagement: Engagement,
    actor: Acting | None,
    kind: str,
    at: datetime,
    note: str = "",
    subject: Engagement | CoachingSession | None = None,
    former: TimeSpan | None = None,
    offered: Sequence[TimeSpan] = (),
) -> None:
    """The engagement's trace and the audit record say that `actor` did `kind` (past tense).

    None is the clock. `subject` is what the audit entry names, the engagement unless given; of a
    session the trace keeps from when to when it is now, and `former`, what it was before it was
    moved. `offered` are several times of which one is to be picked. Afterwards all is flushed.
    """
    about = subject if isinstance(subject, CoachingSession) else None
    session.add(
        EngagementEvent(
            engagement=engagement,
            happened_at=at,
            actor_id=actor.person_id if actor else None,
            on_behalf_of_id=actor.on_behalf_of_id if actor else None,
            kind=kind,
            note=note,
            coaching_session=about,
            starts_at=about.starts_at if about else None,
            ends_at=about.ends_at if about else None,
            former_starts_at=former[0] if former else None,
            former_ends_at=former[1] if former else None,
            offered=[[each.isoformat() for each in span] for span in offered],
        )
    )
    record(
        session,
        actor=actor,
        kind=kind if kind.startswith(("session_", "feedback_")) else f"engagement_{kind}",
        subject=subject or engagement,
        at=at,
        incubator_id=engagement.incubator_id,
    )
    session.flush()
