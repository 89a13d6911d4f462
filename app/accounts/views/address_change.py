"""Moving to another address: asked for here, confirmed and stopped behind links in mails."""

import time

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import actions
from app.accounts.errors import AddressChangedLately, AddressIsYours
from app.accounts.forms import AddressForm
from app.accounts.throttling import (
    LOG_INS_OF_ACCOUNT,
    MAILS_OF_NETWORK,
    REGISTRATIONS_OF_ADDRESS,
    wait_out,
)
from app.accounts.views.account import show_with
from app.accounts.views.blueprint import blueprint
from app.accounts.views.entering import get_account_key
from app.clock import now
from app.extensions import db
from app.transactions import writing
from app.web.confirming import asks_again
from app.web.guard import public, requires
from app.web.handlers import word_error
from app.web.identity import get_current_person
from app.web.steps import carry_out
from app.web.throttles import TooManyAttempts, get_network
from app.web.typed import get_signer


@blueprint.post("/account/address")
@requires("account:edit")
@asks_again(_l("Change your mail address"))
def begin_address_change() -> ResponseReturnValue:
    """Both addresses get a mail; nothing is changed yet. The page says the same for any address."""
    begun, form = time.monotonic(), AddressForm()
    if not form.validate_on_submit():
        return show_with(address_form=form), 422
    try:
        MAILS_OF_NETWORK.begin(get_network(), at=now())
        REGISTRATIONS_OF_ADDRESS.begin(get_account_key(), at=now())
        carry_out(
            actions.begin_address_change,
            person=get_current_person(),
            email=form.email.data,
            signer=get_signer(),
        )
    except (AddressChangedLately, AddressIsYours, TooManyAttempts) as error:
        form.email.errors = [word_error(error)]
        return show_with(address_form=form), error.status
    wait_out(begun)
    flash(_("Look into the mailbox of the new address: a link there confirms it."), "success")
    return redirect(url_for("accounts.show_account"), code=303)


@blueprint.post("/account/address/withdraw")
@requires("account:edit")
def withdraw_address_change() -> ResponseReturnValue:
    """What was asked for is forgotten."""
    carry_out(actions.withdraw_address_change, person=get_current_person())
    flash(_("Your address stays as it is."), "success")
    return redirect(url_for("accounts.show_account"), code=303)


@blueprint.route("/address/confirm/<token>", methods=["GET", "POST"])
@public
def confirm_address_change(token: str) -> ResponseReturnValue:
    """Behind the link to the new address. Mail readers that follow links change nothing."""
    signer = get_signer()
    if request.method == "GET":
        change = actions.read_confirming(db.session, token=token, signer=signer, at=now())
        return render_template("accounts/confirm_address.html", change=change)
    with writing(db.session):
        actions.confirm_address_change(db.session, token=token, signer=signer, at=now())
    flash(_("Your account has its new address."), "success")
    return redirect(url_for("accounts.log_in"), code=303)


@blueprint.route("/address/stop/<token>", methods=["GET", "POST"])
@public
def stop_address_change(token: str) -> ResponseReturnValue:
    """Behind the link to the old address: everybody is logged out, and a new password is chosen."""
    signer = get_signer()
    change = actions.read_stopping(db.session, token=token, signer=signer, at=now())
    if request.method == "GET":
        return render_template("accounts/stop_address.html", change=change)
    email = change.old_email
    with writing(db.session):
        reset = actions.stop_address_change(db.session, token=token, signer=signer, at=now())
    LOG_INS_OF_ACCOUNT.forget(email)
    flash(_("Stopped. Everybody was logged out: choose a new password now."), "success")
    return redirect(url_for("accounts.reset_password", token=reset), code=303)
