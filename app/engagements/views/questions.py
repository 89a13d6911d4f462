"""Asking back before answering, and replying."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.engagements import queries
from app.engagements.actions import questions as actions
from app.engagements.forms import QuestionForm, ReplyForm
from app.engagements.views.room import blueprint, go_to, render_engagement
from app.extensions import db
from app.transactions import writing
from app.web.guard import requires
from app.web.identity import get_current_actor
from models.engagements import Engagement


@blueprint.post("/engagements/<public_id>/ask-back")
@requires("engagement:ask_back", subject=queries.find_engagement)
def ask_back(engagement: Engagement) -> ResponseReturnValue:
    """Ask the startup before answering."""
    form = QuestionForm()
    if not form.validate_on_submit():
        return render_engagement(engagement, question_form=form, status=422)
    with writing(db.session):
        actions.ask_back(
            db.session,
            engagement=engagement,
            question=form.question.data,
            actor=get_current_actor(),
            at=now(),
        )
    flash(_("The startup was asked. Your time to answer goes on with its reply."), "success")
    return go_to(engagement)


@blueprint.post("/engagements/<public_id>/reply")
@requires("engagement:reply", subject=queries.find_engagement)
def reply(engagement: Engagement) -> ResponseReturnValue:
    """Reply to what the provider asked."""
    form = ReplyForm()
    if not form.validate_on_submit():
        return render_engagement(engagement, reply_form=form, status=422)
    with writing(db.session):
        actions.reply(
            db.session,
            engagement=engagement,
            reply=form.reply.data,
            actor=get_current_actor(),
            at=now(),
        )
    flash(_("Your reply is on its way. Now it is the provider's turn."), "success")
    return go_to(engagement)
