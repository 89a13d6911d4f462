"""What waits: feedback at the end, the fit after the first meeting, objections to answer."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, exists, or_, select

from app.access import Actor, get_side
from app.engagements.queries.lists import NAMED, is_of_side
from app.evaluation.rules import ENDED, REVEALED_AFTER
from app.telling.waiting import WaitingItem, WaitingList
from app.words.kind_words import WORDS_BY_KIND, fill_name
from models.engagements import CoachingSession, Engagement
from models.evaluation import EngagementFeedback, EvaluationObjection, FitAnswer
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.vocabulary import Side

# Whoever was not asked for so long is not asked any more.
_ASKED_FOR: Final = timedelta(days=30)


def _select_ended(viewer: Actor, at: datetime) -> Select[Engagement, EngagementFeedback] | None:
    if not (viewer.founds or viewer.provides):
        return None
    return (
        select(Engagement, EngagementFeedback)
        .outerjoin(EngagementFeedback, EngagementFeedback.engagement_id == Engagement.id)
        .where(
            or_(*(is_of_side(viewer, side) for side in Side)),
            Engagement.state.in_(ENDED),
            Engagement.closed_at >= at - _ASKED_FOR,
        )
        .order_by(Engagement.closed_at, Engagement.id)
    )


def _word_ended(
    rows: Sequence[tuple[Engagement, EngagementFeedback | None]], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    spoke: dict[int, list[tuple[Side, datetime]]] = {}
    for row, feedback in rows:
        spoke.setdefault(row.id, [])
        if feedback is not None:
            spoke[row.id].append((feedback.side, feedback.given_at))
    for row in {row.id: row for row, _feedback in rows}.values():
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
        .order_by(Engagement.id)
    )


def _word_first_meetings(
    rows: Sequence[Engagement], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    for row in rows:
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
        .order_by(EvaluationObjection.id)
    )


def _word_objections(
    rows: Sequence[EvaluationObjection], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    for row in rows:
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
    WaitingList(("end_feedback_to_give",), _select_ended, _word_ended, NAMED),
    WaitingList(("fit_to_tell",), _select_first_meetings, _word_first_meetings, NAMED),
    WaitingList(
        ("objection_to_answer",),
        _select_objections,
        _word_objections,
        (EvaluationObjection.provider,),
    ),
)
