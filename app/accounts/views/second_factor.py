"""A second factor: set up with a device's first code, its recovery codes, its removal."""

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import actions, queries
from app.accounts.errors import CodeWrong, OfferInvalid
from app.accounts.forms import AddSecondFactorForm
from app.accounts.throttling import SECOND_STEPS
from app.accounts.views.blueprint import blueprint
from app.clock import now
from app.extensions import db
from app.web.confirming import asks_again
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_person
from app.web.steps import carry_out
from app.web.throttles import TooManyAttempts
from app.web.typed import get_sealer, get_signer


@blueprint.get("/account/second-factor")
@requires("account:edit")
@asks_again(_l("See and change your second factor"))
def show_second_factor() -> ResponseReturnValue:
    """What is there and what can be done with it; else a secret for a device, to begin with."""
    person = get_current_person()
    factor = queries.find_second_factor(db.session, person)
    if factor is None:
        return _show_offer(AddSecondFactorForm(formdata=None))
    return render_template(
        "accounts/second_factor.html",
        factor=factor,
        passkeys=len(person.passkeys),
        codes_left=queries.count_recovery_codes(db.session, person),
    )


@blueprint.post("/account/second-factor")
@requires("account:edit")
@asks_again(_l("Add a second factor"))
def add_second_factor() -> ResponseReturnValue:
    """A code is asked for from now on; the recovery codes stand on this page and on none after."""
    form, person = AddSecondFactorForm(), get_current_person()
    if not form.validate_on_submit():
        return _show_offer(form), 422
    try:
        SECOND_STEPS.begin(person.public_id, at=now())
        codes = carry_out(
            actions.add_second_factor,
            person=person,
            token=form.offer.data or "",
            code=form.code.data,
            signer=get_signer(),
            sealer=get_sealer(),
        )
    except (CodeWrong, OfferInvalid, TooManyAttempts) as error:
        form.code.errors = [word_error(error)]
        return _show_offer(form), error.status
    SECOND_STEPS.forget(person.public_id)
    if not codes:
        flash(_("A code is asked for from now on. Your recovery codes stay."), "success")
        return redirect(url_for("accounts.show_second_factor"), code=303)
    return render_template("accounts/recovery_codes.html", codes=codes)


@blueprint.post("/account/second-factor/codes")
@requires("account:edit")
@asks_again(_l("Make new recovery codes"))
def renew_recovery_codes() -> ResponseReturnValue:
    """New recovery codes, on this page and on none after it."""
    codes = carry_out(actions.renew_recovery_codes, person=get_current_person())
    return render_template("accounts/recovery_codes.html", codes=codes)


@blueprint.post("/account/second-factor/remove")
@requires("account:edit")
@asks_again(_l("Remove the second factor"))
def remove_second_factor() -> ResponseReturnValue:
    """The device tells no codes any more."""
    carry_out(actions.remove_second_factor, person=get_current_person())
    if get_current_person().has_second_factor:
        flash(_("Your app is removed. A passkey is asked for after your password."), "success")
    else:
        flash(_("The second factor is removed. Your password alone lets you in."), "success")
    return redirect(url_for("accounts.show_account"), code=303)


def _show_offer(form: AddSecondFactorForm) -> str:
    """The secret that `form` was filled in over, or a new one."""
    person, signer, issuer = get_current_person(), get_signer(), _("Yinqiao")
    offer = actions.repeat_offer(
        person, token=form.offer.data or "", issuer=issuer, signer=signer, at=now()
    ) or actions.offer_second_factor(person, issuer=issuer, signer=signer, at=now())
    form.offer.data = offer.token
    form.code.data = ""
    picture = segno.make(offer.address, error="m", micro=False)
    return render_template(
        "accounts/add_second_factor.html",
        form=form,
        offer=offer,
        picture=picture.svg_data_uri(scale=5, border=4, light="#fff"),
        side=picture.symbol_size(scale=5, border=4)[0],
    )
