"""Passing a request on to a colleague."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.engagements import queries
from app.engagements.actions import passing as actions
from app.engagements.errors import ColleagueCannotTakeIt, ColleagueFullyBooked
from app.engagements.passing_forms import PassOnForm
from app.engagements.queries.passing import find_colleague, list_colleagues
from app.engagements.views.room import blueprint, go_to, render_engagement
from app.errors import NotFound
from app.extensions import db
from app.transactions import writing
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from models.engagements import Engagement


@blueprint.post("/engagements/<public_id>/pass-on")
@requires("engagement:pass_on", subject=queries.find_engagement)
def pass_on(engagement: Engagement) -> ResponseReturnValue:
    """Give the request to a colleague, and say why."""
    actor = get_current_actor()
    form = PassOnForm()
    form.offer(list_colleagues(db.session, engagement, actor))
    if not form.validate_on_submit():
        return render_engagement(engagement, pass_on_form=form, status=422)
    colleague = find_colleague(db.session, engagement, actor, form.colleague.data)
    if colleague is None:
        raise NotFound
    try:
        with writing(db.session):
            actions.pass_on(
                db.session,
                engagement=engagement,
                colleague=colleague,
                words=form.why.data,
                actor=actor,
                at=now(),
            )
    except (ColleagueCannotTakeIt, ColleagueFullyBooked) as error:
        flash(word_error(error), "danger")
        return render_engagement(engagement, pass_on_form=form, status=error.status)
    flash(_("Passed on. The startup is told to whom and why."), "success")
    return go_to(engagement)
