"""Objecting to a figure of an evaluation, and answering that."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import POOL_STATES_LOOKED_AFTER, Actor, require
from app.audit import record
from app.errors import ReasonMissing
from app.evaluation.addresses import address_of_evaluation, address_of_objection
from app.evaluation.errors import NotInPool, ObjectionOpen
from app.evaluation.words import CODES
from app.telling.notices import list_people_of, tell
from app.words.wording import keep_words
from models.evaluation import EvaluationObjection
from models.evaluation_codes import EvaluationFigure
from models.lifecycle import OBJECTION
from models.organisations import Incubator
from models.pools import PoolEntry
from models.providers import Provider


def object_to_figure(
    session: Session,
    *,
    provider: Provider,
    incubator: Incubator,
    figure: EvaluationFigure,
    words: str,
    actor: Actor,
    at: datetime,
) -> EvaluationObjection:
    """The operators of `incubator`, in whose pool `provider` is, are asked to look at `figure`.

    Raises NotFound, NotPermitted, ReasonMissing without words, NotInPool, ObjectionOpen.
    """
    require(actor, "evaluation:object", provider)
    if not words.strip():
        raise ReasonMissing
    entry = select(PoolEntry.id).where(
        PoolEntry.provider_id == provider.id,
        PoolEntry.incubator_id == incubator.id,
        PoolEntry.state.in_(POOL_STATES_LOOKED_AFTER),
    )
    if session.scalar(entry) is None:
        raise NotInPool
    objection = EvaluationObjection(
        provider=provider,
        incubator=incubator,
        figure=figure,
        words=words,
        made_by_id=actor.acts_as_id,
        made_at=at,
    )
    try:
        with session.begin_nested():
            session.add(objection)
    except IntegrityError:
        raise ObjectionOpen from None
    _record(session, objection, "evaluation_objected", actor, at)
    for operator in list_people_of(session, incubator_id=incubator.id):
        tell(
            session,
            person=operator,
            kind="evaluation_objected",
            facts={"provider": provider.name, "words": words} | _name_figure(objection),
            path=address_of_objection(objection),
            at=at,
        )
    return objection


def answer_objection(
    session: Session, *, objection: EvaluationObjection, answer: str, actor: Actor, at: datetime
) -> None:
    """An operator has looked into it and says what came of that; the provider is told.

    Raises NotFound, NotPermitted, ReasonMissing without an answer, ActionNotAllowed.
    """
    require(actor, "objection:answer", objection)
    if not answer.strip():
        raise ReasonMissing
    _lock(session, objection)
    objection.state = OBJECTION.follow("answer", objection.state)
    objection.answer = answer
    objection.answered_by_id = actor.acts_as_id
    objection.answered_at = at
    session.flush()
    _record(session, objection, "objection_answered", actor, at)
    for person in list_people_of(session, provider_id=objection.provider_id):
        tell(
            session,
            person=person,
            kind="objection_answered",
            facts={"incubator": objection.incubator.name, "answer": answer}
            | _name_figure(objection),
            path=address_of_evaluation(objection.provider),
            at=at,
        )


def withdraw_objection(
    session: Session, *, objection: EvaluationObjection, actor: Actor, at: datetime
) -> None:
    """Nobody has to answer it any more. Raises NotFound, NotPermitted, ActionNotAllowed."""
    require(actor, "objection:withdraw", objection)
    _lock(session, objection)
    objection.state = OBJECTION.follow("withdraw", objection.state)
    session.flush()
    _record(session, objection, "objection_withdrawn", actor, at)


def _name_figure(objection: EvaluationObjection) -> dict[str, str]:
    return keep_words({"figure": CODES[EvaluationFigure][objection.figure].label})


def _lock(session: Session, objection: EvaluationObjection) -> None:
    session.execute(
        select(EvaluationObjection.id)
        .where(EvaluationObjection.id == objection.id)
        .with_for_update()
    )
    session.refresh(objection)


def _record(
    session: Session, objection: EvaluationObjection, kind: str, actor: Actor, at: datetime
) -> None:
    record(
        session,
        actor=actor,
        kind=kind,
        subject=objection,
        at=at,
        incubator_id=objection.incubator_id,
    )
    session.flush()
