"""The link of an invitation: who invites to what, and the ways to accept."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.accounts import actions, queries
from app.accounts.errors import InvitationInvalid
from app.accounts.forms import ConfirmForm
from app.accounts.passwords import hash_password
from app.accounts.views.blueprint import blueprint
from app.accounts.views.entering import choose_next, enter
from app.clock import now
from app.extensions import db
from app.transactions import writing
from app.web.guard import public, requires
from app.web.identity import find_current_person
from app.web.steps import carry_out
from models.people import Invitation, Person


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    """Accept with the account of that address, or with a new one; others are told what to do."""
    invitation = queries.find_usable_invitation(db.session, token=token, at=now())
    if invitation is None:
        raise InvitationInvalid
    person = find_current_person()
    if person is not None:
        return _answer_logged_in(token, invitation, person)
    owner = queries.find_person_by_email(db.session, invitation.email)
    if owner is None or not owner.has_way_in:
        return _answer_newcomer(token, invitation)
    if request.method == "POST":
        return redirect(url_for("accounts.log_in", next=request.path), code=303)
    return _show(invitation, "known")


def _answer_logged_in(token: str, invitation: Invitation, person: Person) -> ResponseReturnValue:
    if request.method == "GET":
        return _show(invitation, "own" if person.email == invitation.email else "other")
    with writing(db.session):
        actions.accept_invitation(db.session, token=token, person=person, at=now())
    flash(_("Welcome. You can begin here."), "success")
    return redirect(url_for("home.show_dashboard"), code=303)


def _answer_newcomer(token: str, invitation: Invitation) -> ResponseReturnValue:
    form = ConfirmForm(name=invitation.name, locale=str(get_locale()))
    form.about = (invitation.email,)
    if not form.validate_on_submit():
        return _show(invitation, "newcomer", form), 422 if request.method == "POST" else 200
    password_hash = hash_password(form.password.data)
    with writing(db.session):
        person = actions.accept_invitation_as_newcomer(
            db.session,
            token=token,
            name=form.name.data,
            password_hash=password_hash,
            locale=form.locale.data,
            time_zone=form.time_zone.data,
            at=now(),
        )
    enter(person)
    flash(_("Welcome. You can begin here."), "success")
    return redirect(url_for("home.show_dashboard"), code=303)


@blueprint.post("/invitations/<public_id>/revoke")
@requires("invitation:revoke", subject=queries.find_invitation)
def revoke_invitation(invitation: Invitation) -> ResponseReturnValue:
    """The link is dead."""
    carry_out(actions.revoke_invitation, invitation=invitation)
    flash(_("The invitation is revoked. Its link no longer works."), "success")
    return redirect(choose_next(request.form.get("back_to")), code=303)


def _show(invitation: Invitation, standing: str, form: ConfirmForm | None = None) -> str:
    return render_template(
        "accounts/invitation.html",
        invitation=invitation,
        organisation=queries.get_organisation(invitation),
        standing=standing,
        form=form,
    )
