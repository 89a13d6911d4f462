"""Passing a request on to a colleague."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.engagements import queries
from app.engagements.actions import passing as actions
from app.engagements.passing_forms import PassOnForm
from app.engagements.queries.passing import find_colleague, list_colleagues
from app.engagements.views.room import blueprint, find_way_back, render_engagement
from app.errors import expect
from app.extensions import db
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form
from models.engagements import Engagement


@blueprint.post("/engagements/<public_id>/pass-on")
@requires("engagement:pass_on", subject=queries.find_engagement)
def pass_on(engagement: Engagement) -> ResponseReturnValue:
    """Give the request to a colleague, and say why."""
    actor = get_current_actor()
    form = PassOnForm()
    form.offer(list_colleagues(db.session, engagement, actor))
    return take_form(
        form,
        lambda: render_engagement(engagement, pass_on_form=form),
        find_way_back(engagement),
        _("Passed on. The startup is told to whom and why."),
        actions.pass_on,
        engagement=engagement,
        colleague=lambda: expect(
            find_colleague(db.session, engagement, actor, form.colleague.data)
        ),
        words=form.why,
    )
