"""What an erasure does with engagements: reports still count them, without a word that was written.

Where a side goes, every text goes, whoever wrote it; where both stay, the person's texts go. What
is still open ends as if the person had ended it.
"""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.engagements.actions import engagements
from app.engagements.addresses import (
    QUEUE,
    address_of_contradiction,
    address_of_engagement,
    address_of_missed_time,
)
from app.engagements.asking import empty_ask
from app.engagements.attaching import detach
from app.engagements.leaving_times import cancel_coming_times, renew_entries
from app.engagements.questioning import let_lapse
from app.engagements.queueing import follow
from app.engagements.together import end_open
from app.engagements.trace import leave_trace, lock_engagement
from app.leaving import LEFT, Erasing, Leaving, Traces
from app.telling.notices import list_people_of, tell
from models.contradictions import Contradiction
from models.engagements import CoachingSession, Engagement, EngagementEvent, Feedback
from models.lifecycle import ENGAGEMENT, ENGAGEMENT_OPEN, QUEUE_PLACE_OPEN
from models.missed_times import MissedTime
from models.needs import Need
from models.people import Person
from models.questions import EngagementQuestion
from models.queues import QueuePlace

# A session must say where it was; the place of one that is over concerns nobody.
_NOWHERE = "—"


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The engagements of the profiles that go, their sessions, and what the person said of any."""
    theirs = _list_theirs(session, leaving)
    sessions = session.scalars(
        select(CoachingSession.public_id).where(
            CoachingSession.engagement_id.in_([each.id for each in theirs])
        )
    )
    missed = session.scalars(
        select(MissedTime).where(MissedTime.engagement_id.in_([each.id for each in theirs]))
    ).all()
    contradictions = session.scalars(
        select(Contradiction)
        .join(Contradiction.coaching_session)
        .where(CoachingSession.engagement_id.in_([each.id for each in theirs]))
    ).all()
    written = select(func.count()).where(leaving.is_person(Feedback.author_id))
    return Traces(
        counts={
            "engagements emptied": len(theirs),
            "texts of feedback": session.scalar(written) or 0,
        },
        public_ids=[
            *(each.public_id for each in theirs),
            *(each.public_id for each in missed),
            *(each.public_id for each in contradictions),
            *sessions,
        ],
        paths=[
            *(address_of_engagement(each) for each in theirs),
            *(address_of_missed_time(each) for each in missed),
            *(address_of_contradiction(each) for each in contradictions),
        ],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Steps, times and ratings are left; gives what the person wrote in engagements that go on."""
    theirs = _list_theirs(session, leaving)
    _blank(session, theirs)
    renew_entries(session, leaving, theirs)
    return _blank_own_words(session, leaving.person) if leaving.person else ()


def close_open(session: Session, leaving: Leaving) -> None:
    """What one side can no longer hold to is over, as if that side had said so."""
    actor, at = leaving.actor, leaving.at
    waiting = session.scalars(
        select(QueuePlace)
        .join(QueuePlace.need)
        .where(
            QueuePlace.state.in_(QUEUE_PLACE_OPEN),
            or_(
                QueuePlace.provider_id.in_(leaving.provider_ids),
                Need.startup_id.in_(leaving.startup_ids),
            ),
        )
        .order_by(QueuePlace.provider_id, QueuePlace.id)
    ).all()
    for place in waiting:
        follow(session, place, "close", actor=actor, at=at)
        if place.provider_id in leaving.provider_ids:
            _tell_who_waited(session, place, leaving)
    for engagement in _list_theirs(session, leaving):
        if engagement.state not in ENGAGEMENT_OPEN:
            continue
        if actor is None:
            # Nobody had an account: a request to them was never going to be answered.
            _expire(session, engagement, leaving)
        elif engagement.state != "requested":
            # Whoever leaves is not late.
            engagements.cancel(
                session, engagement=engagement, reason=LEFT, actor=actor, at=at, counts=False
            )
        elif engagement.provider_id in actor.provides:
            engagements.decline(session, engagement=engagement, reason=LEFT, actor=actor, at=at)
        else:
            engagements.withdraw(session, engagement=engagement, reason=LEFT, actor=actor, at=at)


def _tell_who_waited(session: Session, place: QueuePlace, leaving: Leaving) -> None:
    """Without the name of the provider, which is not kept anywhere."""
    need = place.need
    if need.startup_id in leaving.startup_ids:
        return
    for person in list_people_of(session, startup_id=need.startup_id):
        if leaving.person is not None and person.id == leaving.person.id:
            continue
        tell(
            session,
            person=person,
            kind="queue_left_by_provider",
            facts={"need": need.title},
            path=QUEUE,
            at=leaving.at,
        )


def _list_theirs(session: Session, leaving: Leaving) -> Sequence[Engagement]:
    """The engagements of the profiles that go, in the order in which they are to be locked."""
    return session.scalars(
        select(Engagement)
        .where(
            Engagement.provider_id.in_(leaving.provider_ids)
            | Engagement.startup_id.in_(leaving.startup_ids)
        )
        .order_by(Engagement.provider_id, Engagement.id)
    ).all()


def _blank(session: Session, theirs: Sequence[Engagement]) -> None:
    ids = [engagement.id for engagement in theirs]
    for engagement in theirs:
        engagement.message = engagement.reason = ""
        empty_ask(engagement)
        if engagement.answer is not None:
            engagement.answer.words = ""
        for asked in engagement.questions:
            asked.question = asked.reply = ""
    session.flush()
    session.execute(
        update(EngagementEvent).where(EngagementEvent.engagement_id.in_(ids)).values(note="")
    )
    session.execute(
        update(CoachingSession)
        .where(CoachingSession.engagement_id.in_(ids))
        .values(place=_NOWHERE, link="", reason="", version=CoachingSession.version + 1)
    )
    session.execute(
        update(Feedback).where(Feedback.engagement_id.in_(ids)).values(comment="", private_note="")
    )
    session.execute(
        update(MissedTime)
        .where(MissedTime.engagement_id.in_(ids))
        .values(appeal="", decision="", version=MissedTime.version + 1)
    )
    session.execute(
        update(Contradiction)
        .where(
            Contradiction.coaching_session_id.in_(
                select(CoachingSession.id).where(CoachingSession.engagement_id.in_(ids))
            )
        )
        .values(words="", decision="", version=Contradiction.version + 1)
    )


def _blank_own_words(session: Session, person: Person) -> list[str]:
    words: list[str] = []
    for engagement in session.scalars(
        select(Engagement).where(Engagement.requested_by_id == person.id)
    ):
        words += [engagement.message] if engagement.message else []
        engagement.message = ""
        words += empty_ask(engagement)
    events = session.scalars(
        select(EngagementEvent).where(
            or_(
                EngagementEvent.actor_id == person.id,
                EngagementEvent.on_behalf_of_id == person.id,
            ),
            EngagementEvent.note != "",
        )
    ).all()
    for event in events:
        words.append(event.note)
        _blank_reason(event)
        event.note = ""
    for asked in session.scalars(
        select(EngagementQuestion).where(
            or_(
                EngagementQuestion.asked_by_id == person.id,
                EngagementQuestion.replied_by_id == person.id,
            )
        )
    ):
        if asked.asked_by_id == person.id:
            words.append(asked.question)
            asked.question = ""
        if asked.replied_by_id == person.id:
            words.append(asked.reply)
            asked.reply = ""
    for feedback in session.scalars(select(Feedback).where(Feedback.author_id == person.id)):
        words += [text for text in (feedback.comment, feedback.private_note) if text]
        feedback.comment = feedback.private_note = ""
    for missed in session.scalars(
        select(MissedTime).where(
            or_(MissedTime.appealed_by_id == person.id, MissedTime.decided_by_id == person.id)
        )
    ):
        if missed.appealed_by_id == person.id:
            words.append(missed.appeal)
            missed.appeal = ""
        if missed.decided_by_id == person.id:
            words.append(missed.decision)
            missed.decision = ""
    for differing in session.scalars(
        select(Contradiction).where(
            or_(Contradiction.made_by_id == person.id, Contradiction.decided_by_id == person.id)
        )
    ):
        if differing.made_by_id == person.id:
            words.append(differing.words)
            differing.words = ""
        if differing.decided_by_id == person.id:
            words.append(differing.decision)
            differing.decision = ""
    session.flush()
    return [each for each in words if each]


def _blank_reason(event: EngagementEvent) -> None:
    """A reason stands in the trace with who gave it, and beside what it is the reason of."""
    engagement = event.engagement
    if engagement.reason == event.note:
        engagement.reason = ""
    if engagement.answer is not None and engagement.answer.words == event.note:
        engagement.answer.words = ""
    for coaching_session in engagement.sessions:
        if coaching_session.reason == event.note:
            coaching_session.reason = ""


def _expire(session: Session, engagement: Engagement, leaving: Leaving) -> None:
    lock_engagement(session, engagement)
    action = "expire" if engagement.state == "requested" else "cancel"
    engagement.state = ENGAGEMENT.follow(action, engagement.state)
    engagement.closed_at = leaving.at
    kind = {"expire": "expired", "cancel": "cancelled"}[action]
    leave_trace(session, engagement=engagement, actor=None, kind=kind, at=leaving.at)
    let_lapse(session, engagement)
    cancel_coming_times(session, engagement, leaving)
    end_open(session, engagement, actor=None, at=leaving.at)
    detach(session, engagement=engagement, actor=None, at=leaving.at)


ERASING = Erasing(find_traces, erase_traces, close_open)
