"""Feedback at the end, the fit, evaluations and objections, for programs."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.access import can_know_of, is_permitted
from app.clock import now
from app.engagements.queries import find_engagement
from app.errors import NotFound
from app.evaluation import queries
from app.evaluation.actions import ending, objecting
from app.evaluation.api.room import (
    EndFeedbackSchema,
    EvaluationSchema,
    ObjectionSchema,
    blueprint,
    show_end_feedback,
    show_evaluation,
    show_objection,
)
from app.evaluation.forms import WORDS_LIMIT
from app.evaluation.values import EndFeedback
from app.extensions import db
from app.pools.queries import find_incubator
from app.profiles.queries import find_provider
from app.transactions import writing
from app.web.api import operation, show_list
from app.web.api_fields import ApiSchema, Code, Flag, Id, NothingSchema, PartSchema, Text, Whole
from app.web.identity import get_current_actor
from app.web.lists import Lines, list_ordered
from app.web.repeats import once
from app.web.steps import carry_out
from models.engagements import Engagement
from models.evaluation import EvaluationObjection
from models.evaluation_codes import EvaluationFigure, Fit, GoalReached
from models.organisations import Incubator
from models.providers import Provider

Body = Mapping[str, Any]
Answer = dict[str, Any]


class NewEndFeedbackSchema(ApiSchema):
    """Ratings from 1 (poor) to 5 (excellent); `version` of one's own before, 0 for none. 反馈。"""

    usefulness = Whole(low=1, high=5, required=True)
    understanding = Whole(low=1, high=5, allow_none=True, load_default=None)
    reliability = Whole(low=1, high=5, allow_none=True, load_default=None)
    goal_reached = Code(GoalReached, required=True)
    would_meet_again = Flag(required=True)
    comment = Text(most=WORDS_LIMIT, load_default="")
    version = Whole(low=0, high=1_000_000, load_default=0)


class NewFitSchema(ApiSchema):
    """Whether the two fit together. 是否合适。"""

    fit = Code(Fit, required=True)


class FitSchema(ma.Schema):
    """What the person's side said; the other side does not read it. 是否合适。"""

    fit = ma.fields.String(required=True)


class NewObjectionSchema(ApiSchema):
    """Which figure is wrong, why, and whose operators shall look. 异议。"""

    incubator = Id(required=True)
    figure = Code(EvaluationFigure, required=True)
    words = Text(least=1, most=WORDS_LIMIT, required=True)


class NewAnswerSchema(ApiSchema):
    """What came of looking into it. 答复。"""

    answer = Text(least=1, most=WORDS_LIMIT, required=True)


@blueprint.get("/engagements/<public_id>/end-feedback")
@operation("feedback:read", "engagement:view", subject=queries.find_ended)
@blueprint.response(200, EndFeedbackSchema)
def read_end_feedback(engagement: Engagement) -> Answer:
    """Who has spoken, what one may read, and until when something can be said."""
    viewer = get_current_actor()
    return show_end_feedback(queries.get_end_feedback(db.session, engagement, viewer, at=now()))


@blueprint.post("/engagements/<public_id>/end-feedback")
@operation("feedback:write", "engagement_feedback:give", subject=queries.find_ended)
@once(needs_key=False)
@blueprint.arguments(NewEndFeedbackSchema)
@blueprint.response(200, EndFeedbackSchema)
def give_end_feedback(engagement: Engagement, body: Body) -> Answer:
    """Say how the engagement was, or say it otherwise until both can read it."""
    said = {name: value for name, value in body.items() if name != "version"}
    viewer = get_current_actor()
    with writing(db.session):
        ending.give_end_feedback(
            db.session,
            engagement=engagement,
            said=EndFeedback(**said),
            version=body["version"],
            actor=viewer,
            at=now(),
        )
    return show_end_feedback(queries.get_end_feedback(db.session, engagement, viewer, at=now()))


@blueprint.post("/engagements/<public_id>/fit")
@operation("feedback:write", "engagement:tell_fit", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(NewFitSchema)
@blueprint.response(200, FitSchema)
def tell_fit(engagement: Engagement, body: Body) -> Answer:
    """Say whether the two fit together, after the first time that was held."""
    carry_out(ending.answer_fit, engagement=engagement, fit=body["fit"])
    return {"fit": body["fit"].value}


@blueprint.get("/providers/<public_id>/evaluation")
@operation("providers:read", "provider:view", subject=find_provider)
@blueprint.response(200, EvaluationSchema)
def read_evaluation(provider: Provider) -> Answer:
    """The average and, for the provider and its operators, all figures."""
    sees_all = is_permitted(get_current_actor(), "evaluation:view", provider)
    figures = queries.evaluate(db.session, [provider], at=now())[provider.id]
    return show_evaluation(provider.public_id, figures, sees_all=sees_all)


@blueprint.get("/incubators/<public_id>/evaluations")
@operation("pools:read", "pool:evaluate", subject=find_incubator)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, show_list(EvaluationSchema))
def list_evaluations(incubator: Incubator, asked: Body) -> Answer | Lines:
    """The mentors of the pool with their figures, those with the best weighed rating first."""
    return list_ordered(
        queries.list_pool(db.session, incubator, at=now()),
        asked,
        identify=lambda row: row[0].public_id,
        show=lambda row: show_evaluation(row[0].public_id, row[1], sees_all=True),
    )


@blueprint.post("/providers/<public_id>/objections")
@operation("providers:write", "evaluation:object", subject=find_provider)
@once()
@blueprint.arguments(NewObjectionSchema)
@blueprint.response(200, ObjectionSchema)
def object_to_figure(provider: Provider, body: Body) -> Answer:
    """Ask the operators of a pool to look at a figure."""
    actor = get_current_actor()
    incubator = find_incubator(db.session, body["incubator"])
    if incubator is None or not can_know_of(actor, incubator):
        raise NotFound
    with writing(db.session):
        objection = objecting.object_to_figure(
            db.session,
            provider=provider,
            incubator=incubator,
            figure=body["figure"],
            words=body["words"],
            actor=actor,
            at=now(),
        )
    return show_objection(objection)


@blueprint.get("/objections/<public_id>")
@operation("providers:read", "objection:view", subject=queries.find_objection)
@blueprint.response(200, ObjectionSchema)
def read_objection(objection: EvaluationObjection) -> Answer:
    """What was objected to, and the answer."""
    return show_objection(objection)


@blueprint.post("/objections/<public_id>/answer")
@operation("pools:write", "objection:answer", subject=queries.find_objection)
@once(needs_key=False)
@blueprint.arguments(NewAnswerSchema)
@blueprint.response(200, ObjectionSchema)
def answer_objection(objection: EvaluationObjection, body: Body) -> Answer:
    """Say what came of looking into it; the provider is told."""
    carry_out(objecting.answer_objection, objection=objection, answer=body["answer"])
    return show_objection(objection)


@blueprint.post("/objections/<public_id>/withdraw")
@operation("providers:write", "objection:withdraw", subject=queries.find_objection)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ObjectionSchema)
def withdraw_objection(objection: EvaluationObjection, body: Body) -> Answer:
    """Nobody has to answer it any more."""
    carry_out(objecting.withdraw_objection, objection=objection)
    return show_objection(objection)
