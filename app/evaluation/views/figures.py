"""Evaluations, what they are made of, and objections."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.clock import now
from app.evaluation import queries
from app.evaluation.actions import objecting
from app.evaluation.forms import AnswerForm, ObjectionForm
from app.evaluation.shrinking import PRIOR_ANSWERS, PRIOR_MEAN
from app.evaluation.views.room import blueprint
from app.extensions import db
from app.pools.queries import find_incubator, list_own_incubators
from app.profiles.queries import find_provider
from app.ranking.track_records import LEAST_ANSWERS
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from models.evaluation import EvaluationObjection
from models.organisations import Incubator
from models.providers import Provider


@blueprint.get("/providers/<public_id>/evaluation")
@requires("provider:view", subject=find_provider)
def show_evaluation(provider: Provider) -> ResponseReturnValue:
    """The averages, and for the provider and its operators every figure with its parts."""
    return _render(provider, None)


def _render(provider: Provider, form: ObjectionForm | None) -> str:
    viewer = get_current_actor()
    sees_all = is_permitted(viewer, "evaluation:view", provider)
    objects = is_permitted(viewer, "evaluation:object", provider)
    incubators = list_own_incubators(db.session, provider) if objects else ()
    if form is None and incubators:
        form = ObjectionForm(formdata=None)
        form.offer(incubators)
    return render_template(
        "evaluation/evaluation.html",
        provider=provider,
        figures=queries.evaluate(db.session, [provider], at=now())[provider.id],
        sees_all=sees_all,
        objects=objects,
        parts=queries.list_contributions(db.session, provider, at=now()) if objects else (),
        objections=queries.list_objections(db.session, provider) if objects else (),
        form=form,
        least=LEAST_ANSWERS,
        prior_mean=PRIOR_MEAN,
        prior_answers=PRIOR_ANSWERS,
    )


@blueprint.post("/providers/<public_id>/objections")
@requires("evaluation:object", subject=find_provider)
def object_to_figure(provider: Provider) -> ResponseReturnValue:
    """Ask the operators to look at a figure."""
    incubators = list_own_incubators(db.session, provider)
    form = ObjectionForm()
    form.offer(incubators)
    return take_form(
        form,
        lambda: _render(provider, form),
        url_for("evaluation.show_evaluation", public_id=provider.public_id, _anchor="objections"),
        _("The operators are told. Their answer stands here."),
        objecting.object_to_figure,
        provider=provider,
        incubator=lambda: next(i for i in incubators if i.public_id == form.incubator.data),
        figure=form.figure,
        words=form.words,
    )


@blueprint.get("/objections/<public_id>")
@requires("objection:view", subject=queries.find_objection)
def show_objection(objection: EvaluationObjection) -> ResponseReturnValue:
    """What a provider objects to, with the figures."""
    return _render_objection(objection, AnswerForm(formdata=None))


def _render_objection(objection: EvaluationObjection, form: AnswerForm) -> str:
    provider = objection.provider
    return render_template(
        "evaluation/objection.html",
        objection=objection,
        figures=queries.evaluate(db.session, [provider], at=now())[provider.id],
        form=form,
        may_answer=objection.state == "open"
        and is_permitted(get_current_actor(), "objection:answer", objection),
        least=LEAST_ANSWERS,
    )


@blueprint.post("/objections/<public_id>/answer")
@requires("objection:answer", subject=queries.find_objection)
def answer_objection(objection: EvaluationObjection) -> ResponseReturnValue:
    """Say what came of looking into it."""
    form = AnswerForm()
    return take_form(
        form,
        lambda: _render_objection(objection, form),
        url_for("evaluation.show_objection", public_id=objection.public_id),
        _("Answered. The mentor is told."),
        objecting.answer_objection,
        objection=objection,
        answer=form.answer,
    )


@blueprint.post("/objections/<public_id>/withdraw")
@requires("objection:withdraw", subject=queries.find_objection)
def withdraw_objection(objection: EvaluationObjection) -> ResponseReturnValue:
    """Nobody has to answer it any more."""
    provider = objection.provider
    return take_step(
        url_for("evaluation.show_evaluation", public_id=provider.public_id, _anchor="objections"),
        "",
        objecting.withdraw_objection,
        objection=objection,
    )


@blueprint.get("/incubators/<public_id>/evaluations")
@requires("pool:evaluate", subject=find_incubator)
def list_evaluations(incubator: Incubator) -> ResponseReturnValue:
    """The mentors of a pool with their figures."""
    return render_template(
        "evaluation/pool.html",
        incubator=incubator,
        rows=queries.list_pool(db.session, incubator, at=now()),
        least=LEAST_ANSWERS,
        prior_mean=PRIOR_MEAN,
        prior_answers=PRIOR_ANSWERS,
    )
