"""The blueprint of this room for programs, and its shapes."""

from typing import Any

import marshmallow as ma

from app.evaluation.values import EndFeedbackView, Evaluation
from app.ranking.track_records import LEAST_ANSWERS
from app.web.api import VERSION_PATH, ApiBlueprint
from app.web.api_fields import Moment
from models.evaluation import EvaluationObjection

blueprint = ApiBlueprint(
    "evaluation_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Feedback at the end, and evaluations. 结束反馈与导师评价。",
)


class SaidAtEndSchema(ma.Schema):
    """What one side says at the end. 一方的结束反馈。"""

    side = ma.fields.String(required=True)
    usefulness = ma.fields.Integer(required=True)
    understanding = ma.fields.Integer(required=True, allow_none=True)
    reliability = ma.fields.Integer(required=True, allow_none=True)
    goal_reached = ma.fields.String(required=True)
    would_meet_again = ma.fields.Boolean(required=True)
    comment = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)


class EndFeedbackSchema(ma.Schema):
    """The feedback on an engagement, as far as the person may read it. 结束反馈。"""

    gave = ma.fields.List(ma.fields.String(), required=True)
    is_revealed = ma.fields.Boolean(required=True)
    may_give = ma.fields.Boolean(required=True)
    closes_at = Moment(required=True, allow_none=True)
    feedback = ma.fields.List(ma.fields.Nested(SaidAtEndSchema), required=True)


class EvaluationFiguresSchema(ma.Schema):
    """All figures of an evaluation. 评价指标。"""

    asked = ma.fields.Integer(required=True)
    answered = ma.fields.Integer(required=True)
    answer_hours = ma.fields.Float(required=True, allow_none=True)
    sessions = ma.fields.Integer(required=True)
    hours = ma.fields.Float(required=True)
    weighed_rating = ma.fields.Float(required=True)
    goals_reached = ma.fields.Integer(required=True)
    goals_partly = ma.fields.Integer(required=True)
    goals_told = ma.fields.Integer(required=True)
    would_meet_again = ma.fields.Integer(required=True)
    startups = ma.fields.Integer(required=True)
    no_shows = ma.fields.Integer(required=True)
    given_up_late = ma.fields.Integer(required=True)
    under_appeal = ma.fields.Integer(required=True)
    fields_ = ma.fields.Integer(required=True, data_key="fields", attribute="fields")


class EvaluationSchema(ma.Schema):
    """The average from three answers on; `figures` for the provider and its operators. 评价。"""

    provider = ma.fields.String(required=True)
    ratings = ma.fields.Integer(required=True)
    rating = ma.fields.Float(required=True, allow_none=True)
    figures = ma.fields.Nested(EvaluationFiguresSchema, required=True, allow_none=True)


class ObjectionSchema(ma.Schema):
    """An objection to a figure. 异议。"""

    id = ma.fields.String(required=True)
    provider = ma.fields.String(required=True)
    incubator = ma.fields.String(required=True)
    figure = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    words = ma.fields.String(required=True)
    made_at = Moment(required=True)
    answer = ma.fields.String(required=True)
    answered_at = Moment(required=True, allow_none=True)


def show_end_feedback(view: EndFeedbackView) -> dict[str, Any]:
    """What the viewer may read, in JSON."""
    return {
        "gave": sorted(side.value for side in view.gave),
        "is_revealed": view.is_revealed,
        "may_give": view.may_give,
        "closes_at": view.closes_at,
        "feedback": [
            {
                "side": each.side.value,
                "usefulness": each.said.usefulness,
                "understanding": each.said.understanding,
                "reliability": each.said.reliability,
                "goal_reached": each.said.goal_reached.value,
                "would_meet_again": each.said.would_meet_again,
                "comment": each.said.comment,
                "version": each.version,
            }
            for each in view.shown
        ],
    }


def show_evaluation(public_id: str, figures: Evaluation, *, sees_all: bool) -> dict[str, Any]:
    """The evaluation of the provider with that public id."""
    return {
        "provider": public_id,
        "ratings": figures.ratings,
        # A mean of fewer is what one of them said.
        "rating": figures.rating if figures.ratings >= LEAST_ANSWERS else None,
        "figures": {
            "asked": figures.asked,
            "answered": figures.answered,
            "answer_hours": figures.answer_hours,
            "sessions": figures.sessions,
            "hours": figures.hours,
            "weighed_rating": figures.weighed,
            "goals_reached": figures.goals_reached,
            "goals_partly": figures.goals_partly,
            "goals_told": figures.goals_told,
            "would_meet_again": figures.would_meet_again,
            "startups": figures.startups,
            "fields": figures.fields,
            "no_shows": figures.missed.no_shows,
            "given_up_late": figures.missed.late,
            "under_appeal": figures.missed.appealed,
        }
        if sees_all
        else None,
    }


def show_objection(objection: EvaluationObjection) -> dict[str, Any]:
    """An objection in JSON."""
    return {
        "id": objection.public_id,
        "provider": objection.provider.public_id,
        "incubator": objection.incubator.public_id,
        "figure": objection.figure.value,
        "state": objection.state,
        "words": objection.words,
        "made_at": objection.made_at,
        "answer": objection.answer,
        "answered_at": objection.answered_at,
    }
