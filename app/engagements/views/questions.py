"""Asking back before answering, and replying."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.engagements import queries
from app.engagements.actions import questions as actions
from app.engagements.forms import QuestionForm, ReplyForm
from app.engagements.views.room import blueprint, find_way_back, render_engagement
from app.web.guard import requires
from app.web.steps import take_form
from models.engagements import Engagement


@blueprint.post("/engagements/<public_id>/ask-back")
@requires("engagement:ask_back", subject=queries.find_engagement)
def ask_back(engagement: Engagement) -> ResponseReturnValue:
    """Ask the startup before answering."""
    form = QuestionForm()
    return take_form(
        form,
        lambda: render_engagement(engagement, question_form=form),
        find_way_back(engagement),
        _("The startup was asked. Your time to answer goes on with its reply."),
        actions.ask_back,
        engagement=engagement,
        question=form.question,
    )


@blueprint.post("/engagements/<public_id>/reply")
@requires("engagement:reply", subject=queries.find_engagement)
def reply(engagement: Engagement) -> ResponseReturnValue:
    """Reply to what the provider asked."""
    form = ReplyForm()
    return take_form(
        form,
        lambda: render_engagement(engagement, reply_form=form),
        find_way_back(engagement),
        _("Your reply is on its way. Now it is the provider's turn."),
        actions.reply,
        engagement=engagement,
        reply=form.reply,
    )
