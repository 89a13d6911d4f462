"""What an erasure does with feedback at the end and with objections.

Ratings stay for reports, without a comment and without a person. Objections of a provider that
goes are gone; in others nothing is left that the person wrote.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.evaluation.addresses import address_of_evaluation, address_of_objection
from app.leaving import Erasing, Leaving, Traces
from models.engagements import Engagement
from models.evaluation import EngagementFeedback, EvaluationObjection
from models.orm import delete_where


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The objections of the providers that go, and what the person said at an end."""
    written = session.scalars(select(EngagementFeedback.id).where(_is_concerned(leaving))).all()
    objections = session.scalars(
        select(EvaluationObjection).where(EvaluationObjection.provider_id.in_(leaving.provider_ids))
    ).all()
    return Traces(
        counts={"feedback at an end": len(written), "objections": len(objections)},
        public_ids=[each.public_id for each in objections],
        paths=[
            *(address_of_evaluation(provider) for provider in leaving.providers),
            *(address_of_objection(each) for each in objections),
        ],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Gives the words that were theirs."""
    words = []
    for given in session.scalars(select(EngagementFeedback).where(_is_concerned(leaving))):
        words.append(given.comment)
        given.comment = ""
    theirs = EvaluationObjection.provider_id.in_(leaving.provider_ids)
    for objection in session.scalars(
        select(EvaluationObjection).where(
            or_(
                theirs,
                leaving.is_person(EvaluationObjection.made_by_id),
                leaving.is_person(EvaluationObjection.answered_by_id),
            )
        )
    ):
        words += [objection.words, objection.answer]
        objection.words = objection.answer = ""
    session.flush()
    delete_where(session, EvaluationObjection, theirs)
    return [each for each in words if each]


def _is_concerned(leaving: Leaving) -> ColumnElement[bool]:
    theirs = select(Engagement.id).where(
        or_(
            Engagement.provider_id.in_(leaving.provider_ids),
            Engagement.startup_id.in_(leaving.startup_ids),
        )
    )
    return or_(
        EngagementFeedback.engagement_id.in_(theirs),
        leaving.is_person(EngagementFeedback.author_id),
    )


ERASING = Erasing(find_traces, erase_traces)
