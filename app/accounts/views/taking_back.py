"""Behind the link of a mail: a device that its reader did not set up is taken away."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions
from app.accounts.throttling import LOG_INS_OF_ACCOUNT
from app.accounts.views.blueprint import blueprint
from app.clock import now
from app.extensions import db
from app.transactions import writing
from app.web.guard import public
from app.web.typed import get_signer


@blueprint.route("/account/take-back/<token>", methods=["GET", "POST"])
@public
def take_back_second_factor(token: str) -> ResponseReturnValue:
    """Everybody is logged out, and a new password is chosen. Mail readers that follow links change
    nothing.
    """
    signer = get_signer()
    person = actions.read_taking_back(db.session, token=token, signer=signer, at=now())
    if request.method == "GET":
        return render_template("accounts/take_back.html", email=person.email)
    email = person.email
    with writing(db.session):
        reset = actions.take_back_second_factor(db.session, token=token, signer=signer, at=now())
    LOG_INS_OF_ACCOUNT.forget(email)
    flash(_("Taken away. Everybody was logged out: choose a new password now."), "success")
    return redirect(url_for("accounts.reset_password", token=reset), code=303)
