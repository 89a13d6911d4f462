"""Pages of startups: one profile, its form, publishing and pausing."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from app.clock import now
from app.errors import ChangedMeanwhile
from app.extensions import db
from app.facts.queries import count_current
from app.profiles import actions, queries
from app.profiles.completeness import list_missing_of_startup
from app.profiles.errors import CreditCodeTaken, ProfileIncomplete
from app.profiles.forms import StartupForm, name_readiness
from app.profiles.same_organisation import find_same
from app.profiles.values import read_startup
from app.profiles.views.room import PUBLISH, blueprint, get_wish, spread
from app.transactions import writing
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor, get_current_person, renew_actor
from app.web.steps import REFUSALS, carry_out, show_refused
from models.organisations import Startup


@blueprint.route("/startups/new", methods=["GET", "POST"])
@requires("startup:create")
def create_startup() -> ResponseReturnValue:
    """Describe a startup; whoever does becomes its founder."""
    form = StartupForm()
    if not form.is_submitted():
        return _show_form(form, None)
    publishes = get_wish() == PUBLISH
    if not _can_be_saved(form, must_be_complete=publishes):
        return _show_form(form, None), 422
    actor, at = get_current_actor(), now()
    try:
        with writing(db.session):
            startup = actions.create_startup(
                db.session,
                values=form.get_values(),
                founder=get_current_person(),
                actor=actor,
                at=at,
                public_id=form.new_public_id.data,
            )
            if publishes and startup.state == "draft":
                actions.publish_startup(db.session, startup=startup, actor=renew_actor(), at=at)
    except REFUSALS as error:
        return show_refused(error, lambda: _show_form(form, None))
    _say_saved(startup)
    return redirect(url_for("profiles.show_startup", public_id=startup.public_id), code=303)


@blueprint.get("/startups/<public_id>")
@requires("startup:view", subject=queries.find_startup)
def show_startup(startup: Startup) -> ResponseReturnValue:
    """One startup, for its founders and the operators of its incubator."""
    return render_template(
        "profiles/startup.html",
        startup=startup,
        readiness=name_readiness(startup.readiness) if startup.readiness else None,
        needs=queries.list_needs_of(db.session, startup),
        members=queries.list_members(db.session, startup=startup),
        facts=count_current(db.session, startup),
        same=find_same(
            db.session, code=startup.credit_code, viewer=get_current_actor(), besides=startup
        ),
    )


@blueprint.route("/startups/<public_id>/edit", methods=["GET", "POST"])
@requires("startup:edit", subject=queries.find_startup)
def edit_startup(startup: Startup) -> ResponseReturnValue:
    """The startup's form."""
    values = read_startup(startup)
    form = StartupForm(data=spread(values) | {"version": startup.version})
    if not form.is_submitted():
        if "check" in request.args:
            form.mark_missing(list_missing_of_startup(values))
        return _show_form(form, startup)
    publishes = get_wish() == PUBLISH and startup.state != "published"
    if not _can_be_saved(form, must_be_complete=publishes or startup.state == "published"):
        return _show_form(form, startup), 422
    actor, at = get_current_actor(), now()
    try:
        with writing(db.session):
            actions.edit_startup(
                db.session,
                startup=startup,
                values=form.get_values(),
                version=form.version.data,
                actor=actor,
                at=at,
            )
            if publishes and startup.state != "published":
                actions.publish_startup(db.session, startup=startup, actor=actor, at=at)
    except CreditCodeTaken as error:
        form.credit_code.errors = [word_error(error)]
        return _show_form(form, startup), error.status
    except (ChangedMeanwhile, StaleDataError):
        # What was typed is kept; sent again, it replaces what the other one wrote.
        form.version.data = startup.version
        return _show_form(form, startup, is_stale=True), ChangedMeanwhile.status
    except REFUSALS as error:
        return show_refused(error, lambda: _show_form(form, startup))
    _say_saved(startup)
    return redirect(url_for("profiles.show_startup", public_id=startup.public_id), code=303)


@blueprint.post("/startups/<public_id>/publish")
@requires("startup:publish", subject=queries.find_startup)
def publish_startup(startup: Startup) -> ResponseReturnValue:
    """Publish a draft, or resume what was paused."""
    try:
        carry_out(actions.publish_startup, startup=startup)
    except ProfileIncomplete as error:
        flash(word_error(error), "danger")
        path = url_for("profiles.edit_startup", public_id=startup.public_id, check="yes")
        return redirect(path, code=303)
    _say_saved(startup)
    return redirect(url_for("profiles.show_startup", public_id=startup.public_id), code=303)


@blueprint.post("/startups/<public_id>/pause")
@requires("startup:publish", subject=queries.find_startup)
def pause_startup(startup: Startup) -> ResponseReturnValue:
    """Take the startup back from view until it is resumed."""
    carry_out(actions.pause_startup, startup=startup)
    flash(_("Paused. You can resume at any time."), "success")
    return redirect(url_for("profiles.show_startup", public_id=startup.public_id), code=303)


def _can_be_saved(form: StartupForm, *, must_be_complete: bool) -> bool:
    if not form.validate():
        return False
    if must_be_complete and (missing := list_missing_of_startup(form.get_values())):
        form.mark_missing(missing)
        return False
    return True


def _show_form(form: StartupForm, startup: Startup | None, *, is_stale: bool = False) -> str:
    return render_template(
        "profiles/edit_startup.html",
        form=form,
        startup=startup,
        state=startup.state if startup else "draft",
        is_stale=is_stale,
    )


def _say_saved(startup: Startup) -> None:
    if startup.state == "published":
        flash(_("Saved and published."), "success")
    else:
        flash(_("Saved as it is. Publish it once it says enough."), "success")
