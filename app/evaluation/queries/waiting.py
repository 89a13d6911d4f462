"""What waits: feedback at the end, the fit after the first meeting, objections to answer."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, get_side
from app.engagements.queries.lists import NAMES, is_of_side
from app.evaluation.rules import ENDED, REVEALED_AFTER
from app.telling.waiting import WaitingItem, WaitingList, list_waiting_now
from app.words.kind_words import WORDS_BY_KIND, fill_name
from models.engagements import CoachingSession, Engagement
from models.evaluation import EngagementFeedback, EvaluationObjection, FitAnswer
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.vocabulary import Side

# Whoever was not asked for so long is not asked any more.
_ASKED_FOR: Final = timedelta(days=30)


def list_waiting(session: Session, viewer: Actor, at: datetime) -> Iterable[WaitingItem]:
    """`end_feedback_to_give`, `fit_to_tell`, and for operators `objection_to_answer`."""
    return list_waiting_now(session, WAITING, viewer, at)


def _select_ended(viewer: Actor, at: datetime) -> Select[Engagement, Side, datetime] | None:
    if not (viewer.founds or viewer.provides):
        return None
    return (
        select(Engagement, EngagementFeedback.side, EngagementFeedback.given_at)
        .outerjoin(EngagementFeedback, EngagementFeedback.engagement_id == Engagement.id)
        .where(
            or_(*(is_of_side(viewer, side) for side in Side)),
            Engagement.state.in_(ENDED),
            Engagement.closed_at >= at - _ASKED_FOR,
        )
        .options(*NAMES)
        .order_by(Engagement.closed_at, Engagement.id)
    )


def _list_ended(session: Session, viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    query = _select_ended(viewer, at)
    ended = session.execute(query).all() if query is not None else ()
    spoke: dict[int, list[tuple[Side, datetime]]] = {}
    for row, side, given_at in ended:
        spoke.setdefault(row.id, [])
        if side is not None:
            spoke[row.id].append((side, given_at))
    for row in {row.id: row for row, _side, _given in ended}.values():
        said = spoke[row.id]
        own = get_side(viewer, row)
        is_over = len(said) > 1 or (said and said[0][1] + REVEALED_AFTER <= at)
        if is_over or own in [side for side, _ in said]:
            continue
        yield WaitingItem(
            kind="end_feedback_to_give",
            title=row.need.title,
            detail=_l(
                "How was it with %(name)s?",
                name=row.provider.name if own is Side.STARTUP else row.startup.name,
            ),
            due_at=said[0][1] + REVEALED_AFTER if said else None,
            path_endpoint="evaluation.give_end_feedback",
            path_values={"public_id": row.public_id},
            action=_l("Give feedback"),
        )


def _select_first_meetings(viewer: Actor, at: datetime) -> Select[Engagement] | None:
    if not (viewer.founds or viewer.provides):
        return None
    held = exists().where(
        CoachingSession.engagement_id == Engagement.id,
        CoachingSession.state == "held",
        CoachingSession.ends_at >= at - _ASKED_FOR,
    )
    untold = (
        and_(
            is_of_side(viewer, side),
            ~exists().where(FitAnswer.engagement_id == Engagement.id, FitAnswer.side == side),
        )
        for side in Side
    )
    return (
        select(Engagement)
        .where(or_(*untold), Engagement.state.in_(ENGAGEMENT_TAKES_PLACE), held)
        .options(*NAMES)
        .order_by(Engagement.id)
    )


def _list_first_meetings(session: Session, viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    query = _select_first_meetings(viewer, at)
    for row in session.scalars(query) if query is not None else ():
        side = get_side(viewer, row)
        yield WaitingItem(
            kind="fit_to_tell",
            title=row.need.title,
            detail=fill_name(
                WORDS_BY_KIND[row.provider.kind].do_you_fit,
                row.provider.name if side is Side.STARTUP else row.startup.name,
            ),
            due_at=None,
            path_endpoint="evaluation.tell_fit",
            path_values={"public_id": row.public_id},
            action=_l("Say so"),
        )


def _select_objections(viewer: Actor, at: datetime) -> Select[EvaluationObjection] | None:
    if not viewer.operates:
        return None
    return (
        select(EvaluationObjection)
        .where(
            EvaluationObjection.incubator_id.in_(viewer.operates),
            EvaluationObjection.state == "open",
        )
        .options(joinedload(EvaluationObjection.provider))
        .order_by(EvaluationObjection.id)
    )


def _list_objections(session: Session, viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    query = _select_objections(viewer, at)
    for row in session.scalars(query) if query is not None else ():
        yield WaitingItem(
            kind="objection_to_answer",
            title=row.provider.name,
            detail=_l("Objects to a figure of its evaluation."),
            due_at=None,
            path_endpoint="evaluation.show_objection",
            path_values={"public_id": row.public_id},
            action=_l("Answer it"),
        )


WAITING: Final = (
    WaitingList(_select_ended, _list_ended),
    WaitingList(_select_first_meetings, _list_first_meetings),
    WaitingList(_select_objections, _list_objections),
)
