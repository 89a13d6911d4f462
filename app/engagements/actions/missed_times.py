"""What the side that is counted says to it, and what the operators decide."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.engagements.addresses import address_of_missed_time
from app.engagements.announcements import get_names
from app.engagements.errors import AppealTooLate, NothingCounted
from app.engagements.missing import tell_counted
from app.engagements.queries.request_rules import get_rules
from app.errors import OutOfOrder, ReasonMissing
from app.telling.notices import list_people_of, tell
from app.words.wording import keep_moments
from models.lifecycle import MISSED_TIME
from models.missed_times import MissedTime
from models.vocabulary import Side


def appeal(
    session: Session, *, missed_time: MissedTime, words: str, actor: Actor, at: datetime
) -> None:
    """The side that was counted says why it should not be, once; the operators are told.

    Until they have decided it does not count. Raises NotFound, NotPermitted, ReasonMissing without
    words, NothingCounted without an incubator, ActionNotAllowed, AppealTooLate.
    """
    require(actor, "missed_time:appeal", missed_time)
    if not words.strip():
        raise ReasonMissing
    _lock(session, missed_time)
    engagement = missed_time.engagement
    if engagement.incubator_id is None:
        raise NothingCounted
    target = MISSED_TIME.follow("appeal", missed_time.state)
    days = get_rules(session, engagement.incubator_id).appeal_days
    if at > missed_time.counted_at + timedelta(days=days):
        raise AppealTooLate(days=days)
    missed_time.state = target
    missed_time.appeal = words
    missed_time.appealed_by_id = actor.acts_as_id
    missed_time.appealed_at = at
    _record(session, missed_time, "missed_time_appealed", actor, at)
    names = get_names(engagement, Side.STARTUP)
    for operator in list_people_of(session, incubator_id=engagement.incubator_id):
        tell(
            session,
            person=operator,
            kind="missed_time_appealed",
            facts={
                "who": names["startup" if missed_time.side is Side.STARTUP else "provider"],
                "words": words,
            }
            | keep_moments({"time": missed_time.planned_at}),
            path=address_of_missed_time(missed_time),
            at=at,
        )


def decide(
    session: Session,
    *,
    missed_time: MissedTime,
    takes_back: bool,
    words: str,
    actor: Actor,
    at: datetime,
) -> None:
    """An operator who stands on neither side takes it back, or lets it stand, and says why.

    The side that was counted is told. Of two decisions at the same time the first holds. Raises
    NotFound, NotPermitted, ReasonMissing without words, ActionNotAllowed, OutOfOrder while the two
    sides differ about whether it took place.
    """
    require(actor, "missed_time:decide", missed_time)
    if not words.strip():
        raise ReasonMissing
    _lock(session, missed_time)
    if missed_time.coaching_session.state == "contested":
        # Whether it took place at all is decided first, and this with it.
        raise OutOfOrder
    action = "take_back" if takes_back else "uphold"
    missed_time.state = MISSED_TIME.follow(action, missed_time.state)
    missed_time.decision = words
    missed_time.decided_by_id = actor.acts_as_id
    missed_time.decided_at = at
    _record(session, missed_time, "missed_time_decided", actor, at)
    tell_counted(
        session,
        missed_time,
        "missed_time_taken_back" if takes_back else "missed_time_upheld",
        at=at,
        facts={"words": words},
    )


def _lock(session: Session, missed_time: MissedTime) -> None:
    session.execute(select(MissedTime.id).where(MissedTime.id == missed_time.id).with_for_update())
    session.refresh(missed_time)


def _record(
    session: Session, missed_time: MissedTime, kind: str, actor: Actor, at: datetime
) -> None:
    session.flush()
    record(
        session,
        actor=actor,
        kind=kind,
        subject=missed_time,
        at=at,
        incubator_id=missed_time.engagement.incubator_id,
        detail={"state": missed_time.state},
    )
    session.flush()
