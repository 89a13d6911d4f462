"""What calendar programs answer to an invitation is kept and shown; nothing is decided by it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access import Acting, require
from app.audit import record
from app.engagements.announcements import list_people, tell_side
from app.engagements.calendar_entries import count_changes
from app.engagements.queries.finding import find_session
from app.engagements.replying import Reply
from app.engagements.together import find_joint_times
from app.engagements.trace import get_other_side, lock_session
from models.dual_mentoring import JointTime
from models.engagements import CoachingSession
from models.lifecycle import SESSION_OPEN
from models.people import Person
from models.session_replies import ReplyAnswer, SessionReply
from models.vocabulary import Side

# By how much a program's clock may be ahead of ours.
_AHEAD = timedelta(days=1)


def keep_reply(session: Session, *, reply: Reply, actor: Acting, at: datetime) -> bool:
    """The answer is that of a person of either side to a time that is to come; whether it is new.

    What is about no such time, or an older version of it, of nobody who is invited, or said before
    what is known, is left aside. Where somebody declines a time that both had agreed on, the other
    side is told; the time stays as it is. Raises NotFound, NotPermitted.
    """
    named = find_session(session, reply.session_public_id)
    require(actor, "session:keep_reply", named)
    if named is None:
        return False
    joint = find_joint_times(session, [named.id]).get(named.id)
    both = [named] if joint is None else [joint.first, joint.second]
    for each in sorted(both, key=lambda one: (one.engagement.provider_id, one.id)):
        lock_session(session, each)
    if joint is not None:
        session.refresh(joint, ["is_one"])
    # One entry may stand for the time with two mentors.
    answered = [named] if joint is None or not joint.is_one else both
    kept = [_keep(session, each, joint, reply, actor=actor, at=at) for each in answered]
    return any(kept)


def _keep(
    session: Session,
    coaching_session: CoachingSession,
    joint: JointTime | None,
    reply: Reply,
    *,
    actor: Acting,
    at: datetime,
) -> bool:
    found = _find_invited(session, coaching_session, reply.address)
    if (
        found is None
        or coaching_session.state not in SESSION_OPEN
        or coaching_session.ends_at <= at
        or reply.sequence != count_changes(coaching_session, joint)
        or reply.said_at > at + _AHEAD
    ):
        return False
    person, side = found
    sequence = coaching_session.sequence
    kept = session.get(SessionReply, (coaching_session.id, person.id))
    if kept is not None and (kept.sequence, kept.said_at) >= (sequence, reply.said_at):
        return False
    known = kept.answer if kept is not None and kept.sequence == sequence else None
    if kept is None:
        kept = SessionReply(coaching_session_id=coaching_session.id, person_id=person.id)
        session.add(kept)
    # Of the session itself, by which it is seen whether the answer is about the time as it is.
    kept.answer, kept.sequence = reply.answer, sequence
    kept.said_at, kept.kept_at = reply.said_at, at
    session.flush()
    record(
        session,
        actor=actor,
        kind="session_answered_by_calendar",
        subject=coaching_session,
        at=at,
        incubator_id=coaching_session.engagement.incubator_id,
        detail={"answer": reply.answer.value, "side": side.value},
    )
    declines = reply.answer is ReplyAnswer.DECLINED and known is not ReplyAnswer.DECLINED
    if declines and coaching_session.state == "confirmed":
        tell_side(
            session,
            engagement=coaching_session.engagement,
            side=get_other_side(side),
            kind="session_declined_by_calendar",
            at=at,
            facts={"who": person.name},
            times={"time": coaching_session.starts_at},
        )
    session.flush()
    return True


def _find_invited(
    session: Session, coaching_session: CoachingSession, address: str
) -> tuple[Person, Side] | None:
    for side in Side:
        for person in list_people(session, coaching_session.engagement, side):
            if person.email == address:
                return person, side
    return None
