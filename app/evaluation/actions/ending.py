"""What both sides say at the end of an engagement, and after the first meeting."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.engagements.addresses import address_of_engagement
from app.engagements.announcements import get_names, list_people
from app.engagements.errors import RatingInvalid
from app.engagements.trace import get_other_side, get_own_side, leave_trace, lock_engagement
from app.errors import ChangedMeanwhile, OutOfOrder
from app.evaluation.addresses import address_of_end_feedback
from app.evaluation.errors import FeedbackRevealed, FeedbackTooLate
from app.evaluation.queries.ending import list_given
from app.evaluation.rules import is_in_time, is_revealed, was_engaged
from app.evaluation.values import EndFeedback
from app.events import announce
from app.telling.notices import list_people_of, tell
from models.engagements import CoachingSession, Engagement
from models.evaluation import EngagementFeedback, FitAnswer
from models.evaluation_codes import Fit
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.vocabulary import Side

RATINGS = range(1, 6)


def give_end_feedback(
    session: Session,
    *,
    engagement: Engagement,
    said: EndFeedback,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """One side says how the engagement was, or says it otherwise until both can read it.

    `version` is that of what the side has said before, 0 for nothing. The other side is told that
    it was, not what; once both have spoken, both read it.

    Raises NotFound, NotPermitted, OutOfOrder before the end and for what was never accepted,
    FeedbackTooLate, RatingInvalid, FeedbackRevealed, ChangedMeanwhile.
    """
    require(actor, "engagement_feedback:give", engagement)
    side = get_own_side(actor, engagement)
    lock_engagement(session, engagement)
    if not was_engaged(engagement):
        raise OutOfOrder
    given = list_given(session, engagement)
    if is_revealed(given, at):
        raise FeedbackRevealed
    if not given and not is_in_time(engagement, at):
        raise FeedbackTooLate(days=60)
    ratings = (said.usefulness, said.understanding, said.reliability)
    if any(rating is not None and rating not in RATINGS for rating in ratings):
        raise RatingInvalid
    own = next((each for each in given if each.side is side), None)
    if (own.version if own else 0) != version:
        raise ChangedMeanwhile
    if own is None:
        own = EngagementFeedback(engagement=engagement, side=side, given_at=at)
        session.add(own)
    own.author_id = actor.acts_as_id
    own.usefulness = said.usefulness
    own.understanding = said.understanding
    own.reliability = said.reliability
    own.goal_reached = said.goal_reached
    own.would_meet_again = said.would_meet_again
    own.comment = said.comment
    session.flush()
    if version:
        # The record says that it was changed; the story tells it once.
        record(
            session,
            actor=actor,
            kind="end_feedback_changed",
            subject=engagement,
            at=at,
            incubator_id=engagement.incubator_id,
        )
        return
    leave_trace(session, engagement=engagement, actor=actor, kind="feedback_given", at=at)
    if given:
        for each in Side:
            _tell(session, engagement, each, "end_feedback_revealed", actor, at)
        announce(
            session,
            act="feedback_revealed",
            incubator_id=engagement.incubator_id,
            subject=engagement,
            at=at,
        )
    else:
        _tell(session, engagement, get_other_side(side), "end_feedback_wanted", actor, at)


def answer_fit(
    session: Session, *, engagement: Engagement, fit: Fit, actor: Actor, at: datetime
) -> None:
    """One side says whether the two fit together; it can say otherwise later.

    The other side is not told. Where a startup finds that they do not, its incubator's operators
    are, once. Raises NotFound, NotPermitted, OutOfOrder unless it goes on and there was a meeting.
    """
    require(actor, "engagement:tell_fit", engagement)
    side = get_own_side(actor, engagement)
    lock_engagement(session, engagement)
    held = select(CoachingSession.id).where(
        CoachingSession.engagement_id == engagement.id, CoachingSession.state == "held"
    )
    if engagement.state not in ENGAGEMENT_TAKES_PLACE or session.scalar(held.limit(1)) is None:
        raise OutOfOrder
    answer = session.get(FitAnswer, (engagement.id, side))
    was_poor = answer is not None and answer.fit is Fit.POOR
    if answer is None:
        answer = FitAnswer(engagement_id=engagement.id, side=side)
        session.add(answer)
    answer.fit = fit
    answer.answered_by_id = actor.acts_as_id
    answer.answered_at = at
    session.flush()
    record(
        session,
        actor=actor,
        kind="fit_told",
        subject=engagement,
        at=at,
        incubator_id=engagement.incubator_id,
    )
    if fit is not Fit.POOR or was_poor or side is not Side.STARTUP:
        return
    for operator in list_people_of(session, incubator_id=engagement.incubator_id or 0):
        tell(
            session,
            person=operator,
            kind="fit_is_poor",
            facts=get_names(engagement, Side.STARTUP),
            path=address_of_engagement(engagement),
            at=at,
        )


def _tell(
    session: Session, engagement: Engagement, side: Side, kind: str, actor: Actor, at: datetime
) -> None:
    for person in list_people(session, engagement, side):
        if person.id == actor.acts_as_id:
            continue
        tell(
            session,
            person=person,
            kind=kind,
            facts=get_names(engagement, side),
            path=address_of_end_feedback(engagement),
            at=at,
        )
