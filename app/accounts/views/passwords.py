"""A forgotten password: asking for a link, and choosing a new one behind it."""

import time

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions
from app.accounts.forms import ForgottenPasswordForm, NewPasswordForm
from app.accounts.passwords import hash_password
from app.accounts.throttling import (
    LINKS_TO_ADDRESS,
    LOG_INS_OF_ACCOUNT,
    MAILS_OF_NETWORK,
    wait_out,
)
from app.accounts.views.blueprint import blueprint
from app.accounts.views.entering import enter_or_ask, get_account_key
from app.clock import now
from app.extensions import db
from app.transactions import writing
from app.web.guard import public
from app.web.throttles import TooManyAttempts, get_network
from app.web.typed import get_signer
from models.passkeys import Passkey
from models.provider_links import ProviderLink
from models.second_factors import SecondFactor


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@public
def ask_for_new_password() -> ResponseReturnValue:
    """A link goes to the address if it has an account; the page says the same if it has none.

    It comes no sooner either. Where many were asked for lately none is sent: the last one is good.
    """
    begun = time.monotonic()
    form = ForgottenPasswordForm()
    if not form.validate_on_submit():
        page = render_template("accounts/forgotten_password.html", form=form)
        return page, 422 if request.method == "POST" else 200
    MAILS_OF_NETWORK.begin(get_network(), at=now())
    try:
        LINKS_TO_ADDRESS.begin(get_account_key(), at=now())
    except TooManyAttempts:
        pass
    else:
        with writing(db.session):
            actions.request_password_reset(
                db.session, email=form.email.data, signer=get_signer(), at=now()
            )
    wait_out(begun)
    return render_template("accounts/look_in_mailbox.html", email=form.email.data)


@blueprint.route("/password/new/<token>", methods=["GET", "POST"])
@public
def reset_password(token: str) -> ResponseReturnValue:
    """Behind the link: a new password, which logs out everywhere else and lets in here.

    Whoever reads the mails is not let in by that alone where there is a second factor.
    """
    signer = get_signer()
    person = actions.get_person_of_reset(db.session, token=token, signer=signer, at=now())
    form = NewPasswordForm()
    form.about = (person.name, person.email)
    devices = actions.list_new_devices(db.session, person, at=now())
    if not devices:
        del form.devices
    if not form.validate_on_submit():
        page = render_template(
            "accounts/reset_password.html",
            form=form,
            email=person.email,
            devices=[(name_device(each), each.created_at) for each in devices],
        )
        return page, 422 if request.method == "POST" else 200
    are_foreign = bool(devices) and form.devices.data == "foreign"
    reset = actions.reset_password_and_devices if are_foreign else actions.reset_password
    password_hash = hash_password(form.password.data)
    with writing(db.session):
        person = reset(
            db.session, token=token, password_hash=password_hash, signer=signer, at=now()
        )
    LOG_INS_OF_ACCOUNT.forget(person.email)
    LINKS_TO_ADDRESS.forget(person.email)
    flash(_("Your password was changed. Other devices were logged out."), "success")
    if are_foreign:
        flash(_("What had been set up lately lets nobody in any more."), "success")
    return enter_or_ask(person)


def name_device(device: Passkey | ProviderLink | SecondFactor) -> str:
    """What its owner knows it by."""
    if isinstance(device, Passkey):
        return _("Passkey: %(name)s", name=device.name)
    if isinstance(device, ProviderLink):
        return _("Account elsewhere: %(name)s", name=device.issuer)
    return _("App for codes")
