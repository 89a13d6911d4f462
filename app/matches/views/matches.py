"""HTTP in, page or redirect out: the page of a need with its matches, and what is done there.

`needs.show_need` is served here, on the needs' blueprint, because rooms import only from those
before them and the page of a need is mostly its matches.
"""

from typing import Final

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.clock import now
from app.enquiries.queries import list_of_need as list_enquiries
from app.errors import ChangedMeanwhile, NotFound, expect
from app.extensions import db
from app.matches import actions
from app.matches.forms import DismissForm, DismissKindForm, RelaxForm
from app.matches.queries import left_out
from app.matches.queries import runs as queries
from app.matches.queries.exclusions import explain, name_reason, word_outcome
from app.matches.queries.readings import find_reading, list_proposals, read_stored
from app.matches.views.room import blueprint
from app.needs.actions import says_enough, soften_conditions
from app.needs.queries import find_need
from app.needs.views import blueprint as needs_blueprint
from app.needs.words import word_values
from app.transactions import writing
from app.web.digits import read_number
from app.web.engine import get_engine
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from app.web.paging import read_page_number
from app.web.steps import carry_out
from app.web.turns import in_turn
from matching.encoders.errors import EncoderMissing
from models.matches import Match, MatchRun
from models.needs import Need
from models.vocabulary import (
    FIRST_KIND,
    DismissReason,
    NeedRole,
    ProposalAnswer,
    ProviderKind,
)

# What a founder asks of each kind.
_ASK: Final[dict[ProviderKind, LazyString]] = {
    ProviderKind.MENTOR: _l("Ask for coaching"),
    ProviderKind.INVESTOR: _l("Ask for an introduction"),
    ProviderKind.CENTRE: _l("Ask for a test slot"),
}

_HEADINGS: Final[dict[ProviderKind, LazyString]] = {
    ProviderKind.MENTOR: _l("Mentors"),
    ProviderKind.INVESTOR: _l("Investors"),
    ProviderKind.CENTRE: _l("Concept-verification centres"),
}


@needs_blueprint.get("/needs/<public_id>")
@requires("need:view", subject=find_need)
def show_need(need: Need) -> ResponseReturnValue:
    """A need, its conditions, and the latest matches."""
    return _show(need, queries.find_latest_run(db.session, need), is_latest=True)


@blueprint.get("/matches/<public_id>")
@requires("match_run:view", subject=queries.find_run)
def show_run(run: MatchRun) -> ResponseReturnValue:
    """The matches as one run found them, which may not be the latest."""
    need = expect(find_need(db.session, run.need.public_id))
    latest = queries.find_latest_run(db.session, need)
    return _show(need, run, is_latest=latest is run)


@blueprint.post("/needs/<public_id>/matches")
@requires("need:match", subject=find_need)
@in_turn
def find_matches(need: Need) -> ResponseReturnValue:
    """Look for matches and store them. Encoding and searching are over before writing begins."""
    back = redirect(url_for("needs.show_need", public_id=need.public_id), code=303)
    try:
        suggestions = actions.find_suggestions(
            db.session, get_engine(), need, at=now(), seed=actions.draw_seed()
        )
        with writing(db.session):
            run = actions.store_suggestions(
                db.session,
                need=need,
                suggestions=suggestions,
                actor=get_current_actor(),
                at=now(),
            )
            outcome = word_outcome([match.strength for match in run.matches])
    except ChangedMeanwhile as error:
        flash(word_error(error), "danger")
        return back
    except EncoderMissing:
        current_app.logger.exception("matches cannot be looked for")
        flash(
            _("The need is stored, but matches cannot be looked for at present. Try again later."),
            "danger",
        )
        return back
    flash(outcome, "success")
    return back


@blueprint.post("/needs/<public_id>/relax")
@requires("need:edit", subject=find_need)
def relax_need(need: Need) -> ResponseReturnValue:
    """Some conditions are no longer required, only preferred; then matches are looked for again."""
    form = RelaxForm()
    need_id = need.public_id
    if not form.validate():
        flash(_("This page is out of date. Load it again."), "danger")
        return redirect(url_for("needs.show_need", public_id=need_id), code=303)
    carry_out(
        soften_conditions, need=need, attributes=form.attributes.data, version=form.version.data
    )
    # The method is kept (307): looking is a POST of its own.
    return redirect(url_for("matches.find_matches", public_id=need_id), code=307)


@blueprint.get("/needs/<public_id>/left-out")
@requires("need:view", subject=find_need)
def list_left_out(need: Need) -> ResponseReturnValue:
    """Whom the need leaves out of one kind, and why; the address may name one reason."""
    kind = request.args.get("kind", FIRST_KIND[need.kind].value)
    code = request.args.get("reason") or None
    codes = left_out.list_codes(need, kind)
    if kind not in list(ProviderKind) or (code is not None and code not in codes):
        raise NotFound
    try:
        page = left_out.list_left_out(
            db.session,
            get_engine(),
            need=need,
            kind=ProviderKind(kind),
            code=code,
            viewer=get_current_actor(),
            at=now(),
            number=read_page_number(request.args.get("page", "")),
        )
    except EncoderMissing:
        current_app.logger.exception("who is left out cannot be told")
        flash(_("Matching cannot be asked at present. Try again later."), "danger")
        return redirect(url_for("needs.show_need", public_id=need.public_id), code=303)
    return render_template(
        "matches/left_out.html",
        need=need,
        page=page,
        kind=ProviderKind(kind),
        code=code,
        headings={each: _HEADINGS[each] for each in queries.order_kinds(need.kind)},
        reasons=[(each, name_reason(each, need.conditions)) for each in codes],
    )


@blueprint.post("/matches/<public_id>/dismiss")
@requires("match:dismiss", subject=queries.find_match)
def dismiss_match(match: Match) -> ResponseReturnValue:
    """Set one suggestion aside, with the reason."""
    form = DismissForm()
    run_id, need_id = match.run.public_id, match.run.need.public_id
    if not form.validate():
        flash(_("Choose a reason, so that the next matches can be better."), "danger")
        return _go_back(need_id, run_id)
    carry_out(actions.dismiss_match, match=match, reason=form.reason.data)
    flash(_("Set aside. You find it below the list and can bring it back."), "success")
    return _go_back(need_id, run_id)


@blueprint.post("/matches/<public_id>/restore")
@requires("match:dismiss", subject=queries.find_match)
def restore_match(match: Match) -> ResponseReturnValue:
    """Bring back a suggestion that was set aside."""
    run_id, need_id = match.run.public_id, match.run.need.public_id
    carry_out(actions.restore_match, match=match)
    flash(_("It stands in the list again."), "success")
    return _go_back(need_id, run_id)


@blueprint.post("/matches/runs/<public_id>/dismiss")
@requires("match_run:dismiss", subject=queries.find_run)
def dismiss_kind(run: MatchRun) -> ResponseReturnValue:
    """None of the suggestions of a kind fits, with the reason."""
    form = DismissKindForm()
    run_id, need_id = run.public_id, run.need.public_id
    if not form.validate():
        flash(_("Choose a reason, so that the next matches can be better."), "danger")
        return _go_back(need_id, run_id)
    count = carry_out(actions.dismiss_kind, run=run, kind=form.kind.data, reason=form.reason.data)
    flash(
        ngettext("%(num)d match is set aside.", "%(num)d matches are set aside.", count), "success"
    )
    return _go_back(need_id, run_id)


def _go_back(need_public_id: str, run_public_id: str) -> ResponseReturnValue:
    need = find_need(db.session, need_public_id)
    latest = queries.find_latest_run(db.session, need) if need else None
    if latest is None or latest.public_id == run_public_id:
        return redirect(url_for("needs.show_need", public_id=need_public_id), code=303)
    return redirect(url_for("matches.show_run", public_id=run_public_id), code=303)


def _show(need: Need, run: MatchRun | None, *, is_latest: bool) -> str:
    kinds = queries.list_kinds(db.session, run, need, get_current_actor()) if run else []
    reading = read_stored(run) if run else None
    wishes = reading.wishes if reading else ()
    wish = _read_wish(len(wishes))
    shown = [view.narrow(wish) for view in kinds] if wish else kinds
    # Conditions are proposed for the need as it stands, not as it was.
    present = find_reading(need, run) if is_latest else None
    return render_template(
        "matches/show_need.html",
        need=need,
        conditions=[
            (condition, word_values(condition.attribute, condition.values))
            for condition in need.conditions
        ],
        reading=present if is_latest else reading,
        wishes=wishes,
        wish=wish,
        proposals=list_proposals(need, present, at=now()) if present else (),
        roles=list(NeedRole),
        answers=list(ProposalAnswer),
        says_enough=says_enough(need.text),
        run=run,
        enquiries=list_enquiries(db.session, need, get_current_actor()),
        at=now(),
        is_latest=is_latest,
        kinds=[(view, explain(view, need.conditions)) for view in shown],
        fits_nobody=bool(kinds) and not any(view.fitting for view in shown),
        first_fitting=next((view.first_fitting for view in shown if view.first_fitting), None),
        ask=_ASK,
        headings=_HEADINGS,
        reasons=list(DismissReason),
    )


def _read_wish(count: int) -> int:
    """The number of the wish that the address names; 0 for all."""
    number = read_number(request.args.get("wish", "")) or 0
    return number if number <= count else 0
