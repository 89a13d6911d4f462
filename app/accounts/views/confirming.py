"""The password once more, before a dangerous act."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions
from app.accounts.forms import ConfirmPasswordForm
from app.accounts.passwords import is_password_right
from app.accounts.throttling import PASSWORDS
from app.accounts.views.blueprint import blueprint
from app.clock import now
from app.extensions import db
from app.web.addresses import is_own_path
from app.web.confirming import PasswordNeeded, name_act
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import find_current_log_in_id, get_current_person
from app.web.steps import carry_out
from app.web.throttles import TooManyAttempts
from app.web.typed import keep_typed, read_typed

_ACCOUNT = "accounts.show_account"


@blueprint.app_errorhandler(PasswordNeeded)
def ask_for_password(error: PasswordNeeded) -> ResponseReturnValue:
    """The form that asks for it; what was sent is kept in it, and nothing is done yet."""
    db.session.rollback()
    if request.method == "GET":
        path = request.full_path.rstrip("?")
        return redirect(url_for("accounts.confirm_password", next=path), code=303)
    form = ConfirmPasswordForm(
        formdata=None,
        data={"typed": keep_typed(at=now()) or "", "next": request.form.get("back_to", "")},
    )
    return _show(form, name_act(request.path, request.method)), error.status


@blueprint.route("/account/confirm", methods=["GET", "POST"])
@requires("account:edit")
def confirm_password() -> ResponseReturnValue:
    """The password of whoever is logged in; then on to where they were going."""
    person = get_current_person()
    form = ConfirmPasswordForm(next=request.args.get("next", ""))
    typed = read_typed(form.typed.data or "", at=now())
    act = name_act(typed.path, "POST") if typed else name_act(form.next.data or "", "GET")
    if request.method == "GET":
        return _show(form, act)
    if not form.validate_on_submit():
        return _show(form, act), 422
    try:
        PASSWORDS.begin(person.public_id, at=now())
    except TooManyAttempts as error:
        form.password.errors = [word_error(error)]
        return _show(form, act), error.status
    if not is_password_right(form.password.data, person.password_hash):
        form.password.errors = [_("This is not your present password.")]
        return _show(form, act), 422
    PASSWORDS.forget(person.public_id)
    carry_out(
        actions.confirm_log_in, log_in_id=find_current_log_in_id(), person=get_current_person()
    )
    if typed:
        return render_template("accounts/continue.html", typed=typed, act=act)
    path = form.next.data
    return redirect(path if path and is_own_path(path) else url_for(_ACCOUNT), code=303)


def _show(form: ConfirmPasswordForm, act: str) -> str:
    return render_template("accounts/confirm_password.html", form=form, act=act)
