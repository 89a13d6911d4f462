"""A person's own account. Closed to an operator who acts for them: it is theirs alone."""

from typing import NamedTuple

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from app.accounts import actions, queries
from app.accounts.forms import AccountForm, AddressForm, ChangePasswordForm
from app.accounts.passwords import hash_password, is_password_right
from app.accounts.throttling import PASSWORDS
from app.accounts.views.blueprint import blueprint
from app.accounts.views.entering import enter
from app.accounts.views.providers import list_clients, make_connecting_token, name_provider
from app.clock import now
from app.errors import DomainError
from app.extensions import db
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import find_current_log_in_id, get_current_actor, get_current_person
from app.web.steps import carry_out
from app.web.throttles import TooManyAttempts
from app.words.places import name_place
from models.people import Membership, Person
from models.vocabulary import Role


@blueprint.get("/account")
@requires("account:view")
def show_account() -> ResponseReturnValue:
    """Who I am here, for whom I act, and how I log in."""
    return show_with()


@blueprint.post("/account")
@requires("account:edit")
def edit_account() -> ResponseReturnValue:
    """Name, language and time zone are as typed."""
    form = AccountForm()
    if not form.validate_on_submit():
        return show_with(account_form=form), 422
    try:
        carry_out(
            actions.edit_account,
            person=get_current_person(),
            name=form.name.data,
            locale=form.locale.data,
            time_zone=form.time_zone.data,
        )
    except DomainError as error:
        flash(word_error(error), "danger")
        return show_with(account_form=form), error.status
    session["locale"] = form.locale.data
    refresh()
    flash(_("Your details are saved."), "success")
    return redirect(url_for("accounts.show_account"), code=303)


@blueprint.post("/account/password")
@requires("account:edit")
def change_password() -> ResponseReturnValue:
    """The password is the new one; other devices are logged out, this one is not."""
    person = get_current_person()
    form = ChangePasswordForm()
    form.about = (person.name, person.email)
    if not form.validate_on_submit():
        return show_with(password_form=form), 422
    try:
        PASSWORDS.begin(person.public_id, at=now())
    except TooManyAttempts as error:
        form.current_password.errors = [word_error(error)]
        return show_with(password_form=form), error.status
    if not is_password_right(form.current_password.data, person.password_hash):
        form.current_password.errors = [_("This is not your present password.")]
        return show_with(password_form=form), 422
    PASSWORDS.forget(person.public_id)
    password_hash = hash_password(form.password.data)
    carry_out(actions.change_password, person=person, password_hash=password_hash)
    enter(person)
    flash(_("Your password was changed. Other devices were logged out."), "success")
    return redirect(url_for("accounts.show_account"), code=303)


class ShownMembership(NamedTuple):
    """For what a person acts, by name, and the page about it if there is one."""

    role: Role
    name: str
    url: str | None


def _present(membership: Membership) -> ShownMembership:
    role = membership.role
    if membership.startup is not None:
        url = url_for("profiles.show_startup", public_id=membership.startup.public_id)
        return ShownMembership(role, membership.startup.name, url)
    if membership.provider is not None:
        url = url_for("profiles.show_provider", public_id=membership.provider.public_id)
        return ShownMembership(role, membership.provider.name, url)
    if membership.incubator is not None:
        url = url_for("pools.show_incubator", public_id=membership.incubator.public_id)
        return ShownMembership(role, membership.incubator.name, url)
    return ShownMembership(role, name_place(membership.place_code or ""), None)


def _fill_account_form(person: Person) -> AccountForm:
    return AccountForm(
        formdata=None,
        data={"name": person.name, "locale": person.locale, "time_zone": person.time_zone},
    )


def show_with(
    *,
    account_form: AccountForm | None = None,
    password_form: ChangePasswordForm | None = None,
    address_form: AddressForm | None = None,
) -> str:
    """The page, with the form that was filled in as it was, and the others as they are."""
    person = get_current_person()
    memberships = queries.list_memberships(db.session, person)
    change = queries.find_address_change(db.session, person)
    return render_template(
        "accounts/account.html",
        account_form=account_form or _fill_account_form(person),
        password_form=password_form or ChangePasswordForm(formdata=None),
        address_form=address_form or AddressForm(formdata=None),
        address_change=change if change and change.can_be_confirmed(now()) else None,
        memberships=[_present(each) for each in memberships],
        has_second_factor=person.has_second_factor,
        passkeys=len(person.passkeys),
        links=[
            (link, name_provider(link.issuer))
            for link in queries.list_provider_links(db.session, person)
        ],
        providers=[client.provider for client in list_clients().values()],
        connecting=make_connecting_token(person),
        withholding=queries.list_withholding(db.session, get_current_actor()),
        log_ins=queries.list_log_ins(db.session, person, at=now()),
        present_log_in=find_current_log_in_id(),
        refusals=queries.list_refusals(db.session, person),
    )
