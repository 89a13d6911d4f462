"""The page on which an operator sets the rules for requests."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.engagements.actions.request_rules import set_rules
from app.engagements.forms import RulesForm
from app.engagements.queries.request_rules import Rules, get_rules
from app.engagements.views.room import blueprint
from app.extensions import db
from app.pools.queries import find_incubator
from app.web.guard import requires
from app.web.steps import take_form
from models.organisations import Incubator


@blueprint.route("/incubators/<public_id>/request-rules", methods=["GET", "POST"])
@requires("incubator:edit", subject=find_incubator)
def edit_rules(incubator: Incubator) -> ResponseReturnValue:
    """Hours to answer, silences, open requests, what is late, days to appeal."""
    form = RulesForm(obj=get_rules(db.session, incubator.id))
    return take_form(
        form,
        lambda: render_template("engagements/edit_rules.html", form=form, incubator=incubator),
        url_for("pools.show_incubator", public_id=incubator.public_id),
        _("Saved. The rules hold from now on."),
        set_rules,
        incubator=incubator,
        rules=lambda: Rules(
            form.answer_hours.data or 0,
            form.silences.data or 0,
            form.open_requests.data or 0,
            form.late_cancel_hours.data or 0,
            form.late_move_hours.data or 0,
            form.appeal_days.data or 0,
            form.offer_hours.data or 0,
        ),
    )
