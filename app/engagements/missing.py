"""Counting that a side did not keep to a confirmed time: it did not come, or gave it up late.

What is late is what the incubator of the engagement has set; without an incubator nothing is late,
because there is nobody to appeal to.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor
from app.audit import record
from app.engagements.addresses import address_of_missed_time
from app.engagements.announcements import get_names, list_people
from app.engagements.incubator_rules import get_rules
from app.telling.notices import tell
from app.words.wording import keep_moments
from models.engagements import CoachingSession
from models.missed_times import MissedBy, MissedTime, MissedTimeKind
from models.vocabulary import Side

_SIDES: Final[Mapping[MissedBy, tuple[Side, ...]]] = MappingProxyType(
    {
        MissedBy.STARTUP: (Side.STARTUP,),
        MissedBy.PROVIDER: (Side.PROVIDER,),
        MissedBy.BOTH: tuple(Side),
    }
)


_NOTICES: Final[Mapping[MissedTimeKind, str]] = MappingProxyType(
    {
        MissedTimeKind.NO_SHOW: "missed_time_no_show",
        MissedTimeKind.LATE_CANCEL: "missed_time_late_cancel",
        MissedTimeKind.LATE_MOVE: "missed_time_late_move",
    }
)


def get_late_hours(
    session: Session,
    coaching_session: CoachingSession,
    kind: MissedTimeKind,
    *,
    side: Side,
    at: datetime,
) -> int | None:
    """The window in which `side` gives the time up late at `at`; None where it does not."""
    engagement = coaching_session.engagement
    if engagement.incubator_id is None or not _is_bound(coaching_session, side):
        return None
    rules = get_rules(session, engagement.incubator_id)
    is_cancelling = kind is MissedTimeKind.LATE_CANCEL
    hours = rules.late_cancel_hours if is_cancelling else rules.late_move_hours
    return hours if coaching_session.starts_at - at < timedelta(hours=hours) else None


def _is_bound(coaching_session: CoachingSession, side: Side) -> bool:
    """Whether `side` agreed on the time as it is.

    Whoever wants another place at a time that was confirmed is still bound to it: the way out
    would lead through there. The other side may say no to that place.
    """
    if coaching_session.state == "proposed":
        return is_agreed_time(coaching_session) and coaching_session.proposed_by_side is side
    return is_agreed_time(coaching_session)


def is_agreed_time(coaching_session: CoachingSession) -> bool:
    """Whether both sides agreed on its time, also where another place is wished for since."""
    if coaching_session.state == "proposed":
        return coaching_session.confirmed_by_id is not None
    return coaching_session.state == "confirmed"


def counts_other_side(missed_by: MissedBy, side: Side, proposed_by: Side) -> bool:
    """Whether `side`, which wished for another place, says that the side across was missing."""
    across = [each for each in _SIDES[missed_by] if each is not side]
    return side is proposed_by and bool(across)


def count_if_late(
    session: Session,
    coaching_session: CoachingSession,
    kind: MissedTimeKind,
    *,
    side: Side,
    actor: Actor,
    at: datetime,
) -> None:
    """Where `side` gives up a confirmed time late, that is counted; asked before it is given up."""
    hours = get_late_hours(session, coaching_session, kind, side=side, at=at)
    if hours is not None:
        _count(session, coaching_session, kind, side=side, hours=hours, actor=actor, at=at)


def count_no_show(
    session: Session,
    coaching_session: CoachingSession,
    missed_by: MissedBy,
    *,
    actor: Actor,
    at: datetime,
    tells: bool = True,
) -> None:
    """The sides that did not come are counted, each by itself, and are told unless not `tells`."""
    for side in _SIDES[missed_by]:
        _count(
            session,
            coaching_session,
            MissedTimeKind.NO_SHOW,
            side=side,
            hours=0,
            actor=actor,
            at=at,
            tells=tells,
        )


def tell_counted(
    session: Session,
    missed: MissedTime,
    kind: str,
    *,
    at: datetime,
    facts: Mapping[str, str] | None = None,
    unless: Iterable[int] = (),
) -> None:
    """The people of the side that is counted are told `kind`, but for those of `unless`."""
    engagement = missed.engagement
    for person in list_people(session, engagement, missed.side):
        if person.id in unless:
            continue
        tell(
            session,
            person=person,
            kind=kind,
            facts=get_names(engagement, missed.side)
            | keep_moments({"time": missed.planned_at})
            | dict(facts or {}),
            path=address_of_missed_time(missed),
            at=at,
        )


def _count(
    session: Session,
    coaching_session: CoachingSession,
    kind: MissedTimeKind,
    *,
    side: Side,
    hours: int,
    actor: Actor,
    at: datetime,
    tells: bool = True,
) -> None:
    engagement = coaching_session.engagement
    missed = MissedTime(
        engagement=engagement,
        coaching_session=coaching_session,
        side=side,
        kind=kind,
        planned_at=coaching_session.starts_at,
        window_hours=hours,
        counted_at=at,
        counted_by_id=actor.person_id,
    )
    session.add(missed)
    session.flush()
    record(
        session,
        actor=actor,
        kind="missed_time_counted",
        subject=missed,
        at=at,
        incubator_id=engagement.incubator_id,
        detail={"side": side.value, "kind": kind.value},
    )
    if engagement.incubator_id is None or not tells:
        return
    rules = get_rules(session, engagement.incubator_id)
    tell_counted(
        session,
        missed,
        _NOTICES[kind],
        at=at,
        facts={"days": str(rules.appeal_days), "hours": str(hours)},
        # Who gives up a time late was told so before.
        unless=(actor.acts_as_id,),
    )
