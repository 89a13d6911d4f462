"""Getting an account. Whether the address is confirmed first follows from whether mail can leave.

With a mail server, registering looks the same for a known and an unknown address, and goes on
behind a link in a mail. Without one (a trial on one machine), it is finished at once.
docs/adr says why.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.accounts import actions
from app.accounts.errors import EmailAlreadyRegistered
from app.accounts.forms import AnnounceForm, ConfirmForm, RegisterForm
from app.accounts.passwords import hash_password
from app.accounts.throttling import MAILS_OF_NETWORK, REGISTRATIONS_OF_ADDRESS
from app.accounts.views.blueprint import blueprint
from app.accounts.views.entering import enter, get_account_key
from app.clock import now
from app.extensions import db, get_settings
from app.transactions import writing
from app.web.guard import public, requires
from app.web.identity import find_current_person
from app.web.throttles import TooManyAttempts, get_network
from app.web.typed import get_signer


@blueprint.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """The form, and what follows: a mail, or an account at once where no mail can leave."""
    if find_current_person() is not None:
        return redirect(url_for("home.show_dashboard"), code=303)
    return _announce() if get_settings().smtp_url else _register_at_once()


def _announce() -> ResponseReturnValue:
    form = AnnounceForm()
    if form.validate_on_submit():
        MAILS_OF_NETWORK.begin(get_network(), at=now())
        try:
            # Each is to somebody who may not have asked for it. The last one is still good.
            REGISTRATIONS_OF_ADDRESS.begin(get_account_key(), at=now())
        except TooManyAttempts:
            pass
        else:
            with writing(db.session):
                actions.begin_registration(
                    db.session,
                    email=form.email.data,
                    name=form.name.data,
                    locale=str(get_locale()),
                    signer=get_signer(),
                    at=now(),
                )
        return render_template("accounts/look_in_mailbox.html", email=form.email.data)
    page = render_template("accounts/register.html", form=form)
    return page, 422 if request.method == "POST" else 200


def _register_at_once() -> ResponseReturnValue:
    form = RegisterForm(locale=str(get_locale()))
    if not form.validate_on_submit():
        page = render_template("accounts/register.html", form=form)
        return page, 422 if request.method == "POST" else 200
    MAILS_OF_NETWORK.begin(get_network(), at=now())
    password_hash = hash_password(form.password.data)
    try:
        with writing(db.session):
            person = actions.register(
                db.session,
                email=form.email.data,
                name=form.name.data,
                password_hash=password_hash,
                locale=form.locale.data,
                time_zone=form.time_zone.data,
                at=now(),
            )
    except EmailAlreadyRegistered:
        with writing(db.session):
            actions.remind_of_account(db.session, email=form.email.data, at=now())
        return render_template("accounts/look_in_mailbox.html", email=form.email.data)
    enter(person)
    return redirect(url_for("accounts.choose_role"), code=303)


@blueprint.route("/register/<token>", methods=["GET", "POST"])
@public
def confirm_registration(token: str) -> ResponseReturnValue:
    """Behind the link in the mail: choose a password, and the account is there."""
    email, name = actions.read_registration(token, signer=get_signer(), at=now())
    form = ConfirmForm(name=name, locale=str(get_locale()))
    form.about = (email,)
    if not form.validate_on_submit():
        page = render_template("accounts/confirm_registration.html", form=form, email=email)
        return page, 422 if request.method == "POST" else 200
    password_hash = hash_password(form.password.data)
    with writing(db.session):
        person = actions.confirm_registration(
            db.session,
            token=token,
            name=form.name.data,
            password_hash=password_hash,
            locale=form.locale.data,
            time_zone=form.time_zone.data,
            signer=get_signer(),
            at=now(),
        )
    enter(person)
    return redirect(url_for("accounts.choose_role"), code=303)


@blueprint.get("/welcome")
@requires("account:view")
def choose_role() -> ResponseReturnValue:
    """What somebody does here follows from what they act for: the ways to begin."""
    return render_template("accounts/choose_role.html")
