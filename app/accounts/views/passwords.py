"""A forgotten password: asking for a link, and choosing a new one behind it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions
from app.accounts.forms import ForgottenPasswordForm, NewPasswordForm
from app.accounts.passwords import hash_password
from app.accounts.views.blueprint import blueprint
from app.accounts.views.entering import enter, get_account_key
from app.clock import now
from app.extensions import db, limiter
from app.transactions import writing
from app.web.guard import public
from app.web.typed import get_signer


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@public
@limiter.limit("60 per hour", methods=["POST"])
@limiter.limit("5 per hour", methods=["POST"], key_func=get_account_key)
def ask_for_new_password() -> ResponseReturnValue:
    """A link goes to the address if it has an account; the page says the same if it has none."""
    form = ForgottenPasswordForm()
    if not form.validate_on_submit():
        page = render_template("accounts/forgotten_password.html", form=form)
        return page, 422 if request.method == "POST" else 200
    with writing(db.session):
        actions.request_password_reset(
            db.session, email=form.email.data, signer=get_signer(), at=now()
        )
    return render_template("accounts/look_in_mailbox.html", email=form.email.data)


@blueprint.route("/password/new/<token>", methods=["GET", "POST"])
@public
def reset_password(token: str) -> ResponseReturnValue:
    """Behind the link: a new password, which logs in here and logs out everywhere else."""
    signer = get_signer()
    person = actions.get_person_of_reset(db.session, token=token, signer=signer, at=now())
    form = NewPasswordForm()
    if not form.validate_on_submit():
        page = render_template("accounts/reset_password.html", form=form, email=person.email)
        return page, 422 if request.method == "POST" else 200
    password_hash = hash_password(form.password.data)
    with writing(db.session):
        person = actions.reset_password(
            db.session, token=token, password_hash=password_hash, signer=signer, at=now()
        )
    enter(person)
    flash(_("Your password was changed. Other devices were logged out."), "success")
    return redirect(url_for("home.show_dashboard"), code=303)
