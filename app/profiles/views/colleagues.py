"""Pages on who acts for a startup or a provider, and how somebody else is asked to join."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_host
from app.accounts.actions import invite
from app.accounts.errors import AlreadyInvited, AlreadyMember
from app.accounts.queries import list_open_invitations
from app.clock import now
from app.extensions import db
from app.profiles import queries
from app.profiles.forms import ColleagueForm
from app.profiles.views.room import blueprint
from app.transactions import writing
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from app.web.steps import REFUSALS, show_refused
from models.organisations import Startup
from models.providers import Provider
from models.vocabulary import Role


@blueprint.route("/startups/<public_id>/people", methods=["GET", "POST"])
@requires("startup:invite", subject=queries.find_startup)
def list_startup_people(startup: Startup) -> ResponseReturnValue:
    """Who acts for the startup; another founder is asked by mail."""
    return _answer(startup, None)


@blueprint.route("/providers/<public_id>/people", methods=["GET", "POST"])
@requires("provider:invite", subject=queries.find_provider)
def list_provider_people(provider: Provider) -> ResponseReturnValue:
    """Who acts for the provider; a colleague is asked by mail."""
    return _answer(None, provider)


def _answer(startup: Startup | None, provider: Provider | None) -> ResponseReturnValue:
    form = ColleagueForm()
    if not form.is_submitted():
        return _show(form, startup, provider)
    if not form.validate():
        return _show(form, startup, provider), 422
    actor = get_current_actor()
    try:
        with writing(db.session):
            invite(
                db.session,
                email=form.email.data,
                name=form.name.data,
                role=Role(provider.kind.value) if provider else Role.FOUNDER,
                startup_id=startup.id if startup else None,
                provider_id=provider.id if provider else None,
                sender_incubator_id=_find_tenant(startup),
                actor=actor,
                at=now(),
            )
    except (AlreadyInvited, AlreadyMember) as error:
        form.email.errors = [word_error(error)]
        return _show(form, startup, provider), error.status
    except REFUSALS as error:
        return show_refused(error, lambda: _show(form, startup, provider))
    flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "success")
    return redirect(_get_path(startup, provider), code=303)


def _find_tenant(startup: Startup | None) -> int | None:
    """The incubator in whose name an operator invites; None where a founder does."""
    hosted = startup is not None and is_host(get_current_actor(), startup)
    return startup.incubator_id if startup is not None and hosted else None


def _get_path(startup: Startup | None, provider: Provider | None) -> str:
    if startup is not None:
        return url_for("profiles.list_startup_people", public_id=startup.public_id)
    if provider is not None:
        return url_for("profiles.list_provider_people", public_id=provider.public_id)
    raise ValueError("people act for a startup or a provider")


def _show(form: ColleagueForm, startup: Startup | None, provider: Provider | None) -> str:
    organisation = startup or provider
    if organisation is None:
        raise ValueError("people act for a startup or a provider")
    endpoint = "profiles.show_startup" if startup else "profiles.show_provider"
    return render_template(
        "profiles/people.html",
        form=form,
        organisation=organisation,
        path=url_for(endpoint, public_id=organisation.public_id),
        members=queries.list_members(db.session, startup=startup, provider=provider),
        invitations=list_open_invitations(
            db.session,
            startup_id=startup.id if startup else None,
            provider_id=provider.id if provider else None,
            at=now(),
        ),
    )
