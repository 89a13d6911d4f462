"""HTTP in, page or redirect out: lists of needs, and the form that states and changes one.

The page of one need shows its matches, so it is served by `app.matches.views`, which stands on
this room; its address and endpoint (`needs.show_need`) belong to this blueprint. For the same
reason a need that is opened here is handed on by a redirect that keeps the method (307): the
browser then asks the matches' room to look, after the need itself is safely stored.
"""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.errors import ChangedMeanwhile
from app.extensions import db
from app.needs import actions, queries
from app.needs.errors import NeedAlreadyStated
from app.needs.forms import NeedForm, name_group
from app.profiles.queries import find_startup
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from app.web.steps import REFUSALS, carry_out, show_refused
from models.lifecycle import NEED
from models.needs import Need
from models.organisations import Startup
from models.vocabulary import NeedKind

blueprint = Blueprint("needs", __name__)

_STATES: Final = NEED.states


@blueprint.get("/needs")
@requires("need:list")
def list_needs() -> ResponseReturnValue:
    """The needs of one's own startups, or of those that one's incubators host."""
    viewer = get_current_actor()
    chosen = _read_filter()
    counts = queries.count_needs_by_state(db.session, viewer)
    return render_template(
        "needs/list_needs.html",
        rows=queries.list_needs(db.session, viewer, chosen),
        chosen=chosen,
        states=_STATES,
        kinds=list(NeedKind),
        counts=counts,
        startups=queries.list_own_startups(db.session, viewer),
    )


@blueprint.route("/startups/<public_id>/needs/new", methods=["GET", "POST"])
@requires("need:create", subject=find_startup)
def create_need(startup: Startup) -> ResponseReturnValue:
    """State a need, or keep a draft of it."""
    form = NeedForm()
    if request.method == "GET":
        form.kind.data = _find_kind(request.args.get("kind", "")) or NeedKind.MENTORING
        return _show_form(form, startup, None)
    if not form.validate(must_be_long=form.opens):
        return _show_form(form, startup, None), 422
    try:
        need = carry_out(
            actions.state_need, startup=startup, stated=form.get_stated(), opens=form.opens
        )
    except NeedAlreadyStated as error:
        flash(word_error(error), "info")
        return redirect(url_for("needs.show_need", public_id=error.facts["public_id"]), code=303)
    except REFUSALS as error:
        return show_refused(error, lambda: _show_form(form, startup, None))
    return _go_on(need, looks=form.opens)


@blueprint.route("/needs/<public_id>/edit", methods=["GET", "POST"])
@requires("need:edit", subject=queries.find_need)
def edit_need(need: Need) -> ResponseReturnValue:
    """Change what a need says."""
    form = NeedForm()
    if request.method == "GET":
        form.fill_from(need)
        return _show_form(form, need.startup, need)
    if not form.validate(must_be_long=form.opens or need.state == "open"):
        return _show_form(form, need.startup, need), 422
    stated = form.get_stated()
    try:
        ended = carry_out(
            actions.edit_need,
            need=need,
            stated=stated,
            version=form.version.data or 0,
            opens=form.opens,
        )
    except ChangedMeanwhile:
        form.version.renew(need.version)
        return _show_form(form, need.startup, need, changed_meanwhile=True), 409
    except REFUSALS as error:
        return show_refused(error, lambda: _show_form(form, need.startup, need))
    if ended:
        flash(
            ngettext(
                "You had corrected how %(num)d sentence is read. It is said otherwise now, so it "
                "is read anew.",
                "You had corrected how %(num)d sentences are read. They are said otherwise now, so "
                "they are read anew.",
                ended,
            ),
            "info",
        )
    return _go_on(need, looks=need.state == "open")


@blueprint.post("/needs/<public_id>/open")
@requires("need:edit", subject=queries.find_need)
def open_need(need: Need) -> ResponseReturnValue:
    """Open a draft or a closed need, and look for matches."""
    carry_out(actions.open_need, need=need)
    return _go_on(need, looks=True)


@blueprint.post("/needs/<public_id>/close")
@requires("need:edit", subject=queries.find_need)
def close_need(need: Need) -> ResponseReturnValue:
    """Nobody is looked for any more."""
    carry_out(actions.close_need, need=need)
    flash(_("The need is closed. Its engagements go on."), "success")
    return redirect(url_for("needs.show_need", public_id=need.public_id), code=303)


def _go_on(need: Need, *, looks: bool) -> ResponseReturnValue:
    if looks:
        return redirect(url_for("matches.find_matches", public_id=need.public_id), code=307)
    flash(_("Saved. Open the need when you want matches for it."), "success")
    return redirect(url_for("needs.show_need", public_id=need.public_id), code=303)


def _show_form(
    form: NeedForm, startup: Startup, need: Need | None, *, changed_meanwhile: bool = False
) -> str:
    return render_template(
        "needs/edit_need.html",
        form=form,
        startup=startup,
        need=need,
        groups=[(name_group(group.kind), group) for group in form.list_groups()],
        changed_meanwhile=changed_meanwhile,
    )


def _read_filter() -> queries.NeedFilter:
    state = request.args.get("state", "")
    return queries.NeedFilter(
        state=state if state in _STATES else None,
        kind=_find_kind(request.args.get("kind", "")),
        text=request.args.get("text", "").strip()[:100],
    )


def _find_kind(code: str) -> NeedKind | None:
    return NeedKind(code) if code in set(NeedKind) else None
