"""Asking back within a request, and replying."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.engagements.announcements import choose_wording, tell_side
from app.engagements.errors import NothingAsked, QuestionStillOpen, TooManyQuestions
from app.engagements.queries.request_rules import get_rules
from app.engagements.questioning import LEAST_MINUTES, QUESTIONS_LIMIT, find_open_question
from app.engagements.trace import leave_trace, lock_engagement
from app.engagements.working_time import (
    add_working_hours,
    add_working_minutes,
    choose_reminder,
    count_working_minutes,
)
from app.errors import OutOfOrder, ReasonMissing
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT, QUESTION, ActionNotAllowed
from models.questions import EngagementQuestion
from models.revisions import mark_changed
from models.vocabulary import Side


def ask_back(
    session: Session, *, engagement: Engagement, question: str, actor: Actor, at: datetime
) -> None:
    """The provider asks before it answers; its clock stands still until the startup replies.

    The startup is told, and has as long to reply as the incubator gives for an answer. It counts as
    the provider's first word. When the time is over, nothing can be asked. Raises NotPermitted,
    ReasonMissing without a question, ActionNotAllowed, OutOfOrder, QuestionStillOpen,
    TooManyQuestions.
    """
    require(actor, "engagement:ask_back", engagement)
    if not question.strip():
        raise ReasonMissing
    lock_engagement(session, engagement)
    _require_request(engagement, "ask back about")
    if engagement.answer_due_at <= at:
        raise OutOfOrder
    session.refresh(engagement, ["questions"])
    if find_open_question(session, engagement) is not None:
        raise QuestionStillOpen
    if len(engagement.questions) >= QUESTIONS_LIMIT:
        raise TooManyQuestions(most=QUESTIONS_LIMIT)
    engagement.questions.append(
        EngagementQuestion(
            question=question,
            asked_at=at,
            asked_by_id=actor.acts_as_id,
            minutes_left=count_working_minutes(at, engagement.answer_due_at),
        )
    )
    rules = get_rules(session, engagement.incubator_id)
    engagement.answer_due_at = add_working_hours(at, rules.answer_hours)
    engagement.remind_at = choose_reminder(at, engagement.answer_due_at)
    if engagement.answered_at is None:
        engagement.answered_at = at
        mark_changed(session, engagement.provider_id, standing_only=True)
    leave_trace(
        session, engagement=engagement, actor=actor, kind="asked_back", at=at, note=question
    )
    tell_side(
        session,
        engagement=engagement,
        side=Side.STARTUP,
        kind="engagement_asked_back",
        facts={"question": question},
        times={"due": engagement.answer_due_at},
        at=at,
        unless=actor,
    )


def reply(
    session: Session, *, engagement: Engagement, reply: str, actor: Actor, at: datetime
) -> None:
    """The startup replies, and the provider's clock goes on with what was left of its time.

    Raises NotPermitted, ReasonMissing without a reply, ActionNotAllowed, NothingAsked.
    """
    require(actor, "engagement:reply", engagement)
    if not reply.strip():
        raise ReasonMissing
    lock_engagement(session, engagement)
    _require_request(engagement, "reply within")
    question = find_open_question(session, engagement)
    if question is None:
        raise NothingAsked
    question.state = QUESTION.follow("reply", question.state)
    question.reply = reply
    question.replied_at = at
    question.replied_by_id = actor.acts_as_id
    left = max(question.minutes_left, LEAST_MINUTES)
    engagement.answer_due_at = add_working_minutes(at, left)
    engagement.remind_at = choose_reminder(at, engagement.answer_due_at)
    leave_trace(session, engagement=engagement, actor=actor, kind="replied", at=at, note=reply)
    tell_side(
        session,
        engagement=engagement,
        side=Side.PROVIDER,
        kind=choose_wording("engagement_replied", engagement),
        facts={"reply": reply},
        times={"due": engagement.answer_due_at},
        at=at,
        unless=actor,
    )


def _require_request(engagement: Engagement, action: str) -> None:
    if engagement.state != "requested":
        raise ActionNotAllowed(ENGAGEMENT.name, action, engagement.state)
