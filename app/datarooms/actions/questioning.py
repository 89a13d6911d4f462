"""Questions about documents of a room: asked, answered, and answered for everybody."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.datarooms.actions.visiting import enter
from app.datarooms.errors import AgreementOutdated, QuestionUnfit, TooManyQuestions
from app.datarooms.queries.acceptances import find_acceptance
from app.datarooms.standing import find_right
from app.datarooms.trace import leave_mark, lock_room, tell_founders, tell_investors, tell_readers
from app.errors import NotFound, OutOfOrder
from models.datarooms import (
    PAGE_LIMIT,
    QUESTION_LIMIT,
    QUESTIONS_LIMIT,
    RoomItem,
    RoomQuestion,
)
from models.engagements import Engagement
from models.lifecycle import ROOM_QUESTION


def ask_question(
    session: Session,
    *,
    engagement: Engagement,
    item: RoomItem,
    page: int | None,
    text: str,
    actor: Actor,
    at: datetime,
) -> RoomQuestion:
    """The startup is asked about the newest version of what the investor may have.

    Raises NotPermitted, RoomClosed, OwnConflictOfInterest, AgreementOutdated, NotFound without a
    right over it, QuestionUnfit, TooManyQuestions.
    """
    require(actor, "room:visit", engagement)
    grant = enter(session, engagement, at)
    if find_acceptance(session, grant, actor) is None:
        raise AgreementOutdated
    may_have = item.room_id == grant.room_id and find_right(grant.rights, item) is not None
    if not may_have or item.document.state != "available":
        raise NotFound
    _require_words(text)
    if page is not None and not 1 <= page <= PAGE_LIMIT:
        raise QuestionUnfit(most=QUESTION_LIMIT)
    waiting = session.scalar(
        select(func.count()).where(RoomQuestion.grant_id == grant.id, RoomQuestion.state == "asked")
    )
    if (waiting or 0) >= QUESTIONS_LIMIT:
        raise TooManyQuestions(most=QUESTIONS_LIMIT)
    question = RoomQuestion(
        room=grant.room,
        grant=grant,
        document=item.document,
        document_number=item.document.versions[-1].number,
        page=page,
        state="asked",
        text=text,
        asked_by_id=actor.person_id,
        asked_at=at,
    )
    session.add(question)
    leave_mark(session, question, "room_question_asked", actor=actor, at=at)
    facts = {"document": item.document.title}
    tell_founders(
        session, grant.room, "room_asked", investor=grant.provider.name, at=at, facts=facts
    )
    return question


def answer_question(
    session: Session, *, question: RoomQuestion, answer: str, actor: Actor, at: datetime
) -> None:
    """The investor reads `answer`, and is told. One that stood for everybody stands no more.

    Raises NotPermitted, QuestionUnfit, ActionNotAllowed.
    """
    startup = question.room.startup
    require(actor, "room:keep", startup)
    _require_words(answer)
    lock_room(session, startup)
    session.refresh(question)
    question.state = ROOM_QUESTION.follow("answer", question.state)
    question.answer = answer
    question.answered_by_id = actor.person_id
    question.answered_at = at
    question.published_at = None
    leave_mark(session, question, "room_question_answered", actor=actor, at=at)
    if question.grant is not None:
        tell_investors(
            session, [question.grant], "room_answered", at=at, facts=_name_document(question)
        )


def publish_answer(
    session: Session, *, question: RoomQuestion, text: str, actor: Actor, at: datetime
) -> None:
    """The answer stands for all who may have the document, under the question as `text` words it.

    They are told, but for whoever asked and has read it. Who asked is not shown. Raises
    NotPermitted, QuestionUnfit, OutOfOrder before it is answered.
    """
    startup = question.room.startup
    require(actor, "room:keep", startup)
    _require_words(text)
    lock_room(session, startup)
    session.refresh(question)
    if question.state != "answered" or not question.answer:
        raise OutOfOrder
    question.common_text = text
    question.published_at = at
    leave_mark(session, question, "room_answer_published", actor=actor, at=at)
    tell_readers(session, question, at=at, facts=_name_document(question))


def withdraw_answer(
    session: Session, *, question: RoomQuestion, actor: Actor, at: datetime
) -> None:
    """The answer is for the investor who asked alone again. Raises NotPermitted, OutOfOrder."""
    startup = question.room.startup
    require(actor, "room:keep", startup)
    lock_room(session, startup)
    session.refresh(question)
    if question.published_at is None:
        raise OutOfOrder
    question.published_at = None
    leave_mark(session, question, "room_answer_withdrawn", actor=actor, at=at)


def _name_document(question: RoomQuestion) -> dict[str, str]:
    return {"document": "" if question.document is None else question.document.title}


def _require_words(text: str) -> None:
    if not 0 < len(text) <= QUESTION_LIMIT:
        raise QuestionUnfit(most=QUESTION_LIMIT)
