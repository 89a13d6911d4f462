"""My passkeys: what there is, one more, one less."""

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import actions, queries
from app.accounts.errors import (
    ChallengeOver,
    PasskeyNameInvalid,
    PasskeysUnavailable,
    PasskeyThere,
    PasskeyWrong,
    SecondFactorAsked,
    TooManyPasskeys,
)
from app.accounts.passkey_forms import AddPasskeyForm
from app.accounts.relying_party import RelyingParty, find_relying_party
from app.accounts.views.blueprint import blueprint
from app.clock import now
from app.errors import expect
from app.extensions import db, get_settings
from app.transactions import writing
from app.web.confirming import asks_again
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor, get_current_person
from app.web.steps import carry_out
from app.web.typed import get_signer

_PAGE: Final = "accounts.list_passkeys"


def get_relying_party() -> RelyingParty:
    """This installation as passkeys know it. Raises PasskeysUnavailable."""
    party = find_relying_party(get_settings().public_url)
    if party is None:
        raise PasskeysUnavailable
    return party


@blueprint.get("/account/passkeys")
@requires("account:edit")
@asks_again(_l("See and change your passkeys"))
def list_passkeys() -> ResponseReturnValue:
    """What there is, and a form for one more."""
    return _show(AddPasskeyForm(formdata=None))


@blueprint.post("/account/passkeys")
@requires("account:edit")
@asks_again(_l("Add a passkey"))
def add_passkey() -> ResponseReturnValue:
    """One more; with the first device of an account recovery codes stand on this page alone."""
    form = AddPasskeyForm()
    if not form.validate_on_submit():
        return _show(form), 422
    try:
        codes = carry_out(
            actions.add_passkey,
            person=get_current_person(),
            name=form.name.data,
            token=form.question.data or "",
            answer=form.answer.data or "",
            party=get_relying_party(),
            signer=get_signer(),
        )
    except (
        ChallengeOver,
        PasskeyNameInvalid,
        PasskeyThere,
        PasskeyWrong,
        TooManyPasskeys,
    ) as error:
        form.name.errors = [word_error(error)]
        return _show(form), error.status
    if codes:
        return render_template("accounts/recovery_codes.html", codes=codes)
    flash(_("The passkey is added."), "success")
    return redirect(url_for(_PAGE), code=303)


@blueprint.post("/account/passkeys/<public_id>/remove")
@requires("account:edit")
@asks_again(_l("Remove a passkey"))
def remove_passkey(public_id: str) -> ResponseReturnValue:
    """One less. Raises NotFound for anybody else's."""
    try:
        with writing(db.session):
            passkey = expect(
                queries.find_passkey(db.session, public_id, person=get_current_person())
            )
            actions.remove_passkey(db.session, passkey=passkey, actor=get_current_actor(), at=now())
    except SecondFactorAsked as error:
        flash(word_error(error), "danger")
        return redirect(url_for(_PAGE), code=303)
    flash(_("The passkey is removed."), "success")
    return redirect(url_for(_PAGE), code=303)


def _show(form: AddPasskeyForm) -> str:
    person = get_current_person()
    try:
        party = get_relying_party()
    except PasskeysUnavailable:
        question = None
    else:
        question = actions.offer_passkey(
            db.session, person=person, party=party, signer=get_signer(), at=now()
        )
        form.question.data = question.token
    form.answer.data = ""
    return render_template(
        "accounts/passkeys.html",
        form=form,
        question=question,
        passkeys=queries.list_passkeys(db.session, person),
        has_app=queries.find_second_factor(db.session, person) is not None,
        codes_left=queries.count_recovery_codes(db.session, person),
    )
