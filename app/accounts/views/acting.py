"""An operator begins and ends to act for somebody whom their incubator looks after."""

from flask import flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions, queries
from app.accounts.views.blueprint import blueprint
from app.accounts.views.entering import choose_next, record_end_of_acting
from app.errors import expect
from app.extensions import db
from app.web.guard import requires
from app.web.identity import ACTING_FOR, ACTING_WITHIN
from app.web.steps import carry_out


@blueprint.post("/acting/<public_id>")
@requires("acting:begin")
def begin_acting(public_id: str) -> ResponseReturnValue:
    """From here on the operator sees and does what this person may, within the incubator."""
    person = expect(queries.find_person(db.session, public_id))
    within = carry_out(
        actions.begin_acting, person=person, incubator_public_id=request.form.get("incubator")
    )
    session[ACTING_FOR] = person.public_id
    session[ACTING_WITHIN] = within
    g.pop("actor", None)
    return redirect(url_for("home.show_dashboard"), code=303)


@blueprint.post("/acting/end")
@requires("acting:end")
def end_acting() -> ResponseReturnValue:
    """The operator acts for nobody but themselves."""
    record_end_of_acting()
    flash(_("You act for yourself again."), "success")
    return redirect(choose_next(request.form.get("next")), code=303)
