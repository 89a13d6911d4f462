"""Pages of an incubator: what it publishes, its startups, and who operates it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.actions import invite
from app.accounts.queries import list_open_invitations
from app.clock import now
from app.errors import DomainError, expect
from app.extensions import db
from app.pools import queries
from app.pools.actions import incubators as incubator_actions
from app.pools.errors import IncubatorNameTaken, OwnSecondFactorMissing
from app.pools.forms import IncubatorForm, InviteStartupForm
from app.pools.views.room import blueprint, choose_operated
from app.profiles.forms import ColleagueForm
from app.profiles.queries import list_members
from app.profiles.same_organisation import find_same
from app.web.confirming import asks_again
from app.web.guard import public, requires
from app.web.handlers import word_error
from app.web.identity import find_current_actor
from app.web.steps import carry_out, mark_at, take_form
from models.organisations import Incubator
from models.vocabulary import Role


@blueprint.get("/incubators")
@public
def list_incubators() -> ResponseReturnValue:
    """All incubators."""
    return render_template("pools/incubators.html", incubators=queries.list_incubators(db.session))


@blueprint.get("/incubators/<public_id>")
@public
def show_incubator(public_id: str) -> ResponseReturnValue:
    """An incubator and its published selection standard."""
    incubator = expect(queries.find_incubator(db.session, public_id))
    actor = find_current_actor()
    return render_template(
        "pools/incubator.html",
        incubator=incubator,
        admitted=queries.count_admitted(db.session, incubator),
        same=find_same(db.session, code=incubator.credit_code, viewer=actor, besides=incubator),
        can_apply=actor is not None and bool(queries.list_own_mentors(db.session, actor)),
    )


@blueprint.route("/incubators/<public_id>/edit", methods=["GET", "POST"])
@requires("incubator:edit", subject=queries.find_incubator)
def edit_incubator(incubator: Incubator) -> ResponseReturnValue:
    """What the incubator says of itself, and its selection standard."""
    form = IncubatorForm(obj=incubator)

    def renew() -> None:
        form.version.data = str(incubator.version)

    def mark(refused: DomainError) -> bool:
        return isinstance(refused, IncubatorNameTaken) and mark_at(form.name)(refused)

    return take_form(
        form,
        lambda: render_template("pools/edit_incubator.html", form=form, incubator=incubator),
        url_for("pools.show_incubator", public_id=incubator.public_id),
        _("Saved."),
        incubator_actions.edit_incubator,
        renew=renew,
        mark=mark,
        incubator=incubator,
        values=form.get_values,
        version=form.get_version,
    )


@blueprint.post("/incubators/<public_id>/second-factor")
@requires("incubator:edit", subject=queries.find_incubator)
@asks_again(_l("Decide whether operators need a second factor"))
def ask_for_second_factor(incubator: Incubator) -> ResponseReturnValue:
    """Operators need a second factor from now on, or no longer."""
    is_asked = request.form.get("asked") == "yes"
    page = url_for("pools.edit_incubator", public_id=incubator.public_id)
    try:
        carry_out(incubator_actions.ask_for_second_factor, incubator=incubator, is_asked=is_asked)
    except OwnSecondFactorMissing as error:
        flash(word_error(error), "danger")
        return redirect(page, code=303)
    flash(_("Saved."), "success")
    return redirect(page, code=303)


@blueprint.get("/incubator/startups")
@requires("incubator:list_own")
def list_own_startups() -> ResponseReturnValue:
    """The startups that the operator's incubator hosts."""
    incubator, operated = choose_operated()
    text = request.args.get("text", "").strip()[:100]
    return render_template(
        "pools/startups.html",
        incubator=incubator,
        operated=operated,
        rows=queries.list_hosted(db.session, incubator, text=text),
        text=text,
    )


@blueprint.route("/incubators/<public_id>/startups/new", methods=["GET", "POST"])
@requires("incubator:host", subject=queries.find_incubator)
def invite_startup(incubator: Incubator) -> ResponseReturnValue:
    """Host a startup and send its founder a link."""
    form = InviteStartupForm()
    return take_form(
        form,
        lambda: render_template("pools/invite_startup.html", form=form, incubator=incubator),
        url_for("pools.list_own_startups", incubator=incubator.public_id),
        _("The invitation is on its way."),
        incubator_actions.invite_startup,
        mark=mark_at(form.email),
        incubator=incubator,
        startup_name=form.startup_name,
        email=form.email,
        name=form.name,
    )


@blueprint.route("/incubators/<public_id>/people", methods=["GET", "POST"])
@requires("incubator:invite", subject=queries.find_incubator)
def list_people(incubator: Incubator) -> ResponseReturnValue:
    """Who operates the incubator; a colleague is asked by mail."""
    form = ColleagueForm()
    return take_form(
        form,
        lambda: render_template(
            "profiles/people.html",
            form=form,
            organisation=incubator,
            path=url_for("pools.show_incubator", public_id=incubator.public_id),
            members=list_members(db.session, incubator=incubator),
            invitations=list_open_invitations(db.session, incubator_id=incubator.id, at=now()),
        ),
        url_for("pools.list_people", public_id=incubator.public_id),
        _("The invitation is on its way."),
        invite,
        mark=mark_at(form.email),
        email=form.email,
        name=form.name,
        role=Role.OPERATOR,
        incubator_id=incubator.id,
        sender_incubator_id=incubator.id,
    )
