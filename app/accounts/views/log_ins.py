"""Where a person is logged in, and ending that: one by one, or everywhere else."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions, queries
from app.accounts.views.blueprint import blueprint
from app.clock import now
from app.errors import expect
from app.extensions import db
from app.transactions import writing
from app.web.guard import requires
from app.web.identity import find_current_log_in_id, get_current_actor, get_current_person
from app.web.steps import carry_out


@blueprint.post("/account/log-ins/<public_id>/end")
@requires("account:edit")
def end_log_in(public_id: str) -> ResponseReturnValue:
    """One of my own log-ins has ended. Raises NotFound for anybody else's."""
    with writing(db.session):
        log_in = expect(queries.find_log_in(db.session, public_id, person=get_current_person()))
        actions.end_log_in(db.session, log_in=log_in, actor=get_current_actor(), at=now())
    flash(_("That log-in has ended."), "success")
    return redirect(url_for("accounts.show_account"), code=303)


@blueprint.post("/account/log-ins/end")
@requires("account:edit")
def end_other_log_ins() -> ResponseReturnValue:
    """I am logged in here alone."""
    carry_out(actions.end_log_ins, person=get_current_person(), but=find_current_log_in_id())
    flash(_("You are logged in here alone now."), "success")
    return redirect(url_for("accounts.show_account"), code=303)
