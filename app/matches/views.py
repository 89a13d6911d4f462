"""HTTP in, page or redirect out: the page of a need with its matches, and what is done there.

`needs.show_need` is served here, on the needs' blueprint, because rooms import only from those
before them and the page of a need is mostly its matches.
"""

from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.clock import now
from app.errors import ChangedMeanwhile, NotFound
from app.extensions import db
from app.guard import requires
from app.handlers import word_error
from app.identity import get_current_actor
from app.indexing import get_engine
from app.matches import actions, queries
from app.matches.exclusions import explain, word_outcome
from app.matches.forms import DismissForm, DismissKindForm
from app.needs.actions import says_enough
from app.needs.condition_words import word_values
from app.needs.queries import find_need
from app.needs.views import blueprint as needs_blueprint
from app.transactions import writing
from matching.encoder_errors import EncoderMissing
from matching.passages import SENTENCE, split_passages
from models.matches import Match, MatchRun
from models.needs import Need
from models.vocabulary import DismissReason, ProviderKind

blueprint = Blueprint("matches", __name__)

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
    need = find_need(db.session, run.need.public_id)
    if need is None:
        raise NotFound
    latest = queries.find_latest_run(db.session, need)
    return _show(need, run, is_latest=latest is run)


@blueprint.post("/needs/<public_id>/matches")
@requires("need:match", subject=find_need)
def find_matches(need: Need) -> ResponseReturnValue:
    """Look for matches and store them. Encoding and searching are over before writing begins."""
    back = redirect(url_for("needs.show_need", public_id=need.public_id), code=303)
    try:
        suggestions = actions.find_suggestions(
            db.session, get_engine(), need, seed=actions.draw_seed()
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
        flash(word_error(error.code, error.facts), "danger")
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


@blueprint.post("/matches/<public_id>/dismiss")
@requires("match:dismiss", subject=queries.find_match)
def dismiss_match(match: Match) -> ResponseReturnValue:
    """Set one suggestion aside, with the reason."""
    form = DismissForm()
    run_id, need_id = match.run.public_id, match.run.need.public_id
    if not form.validate():
        flash(_("Choose a reason, so that the next matches can be better."), "danger")
        return _go_back(need_id, run_id)
    with writing(db.session):
        actions.dismiss_match(
            db.session,
            match=match,
            reason=form.reason.data,
            actor=get_current_actor(),
            at=now(),
        )
    flash(_("Set aside. You find it below the list and can bring it back."), "success")
    return _go_back(need_id, run_id)


@blueprint.post("/matches/<public_id>/restore")
@requires("match:dismiss", subject=queries.find_match)
def restore_match(match: Match) -> ResponseReturnValue:
    """Bring back a suggestion that was set aside."""
    run_id, need_id = match.run.public_id, match.run.need.public_id
    with writing(db.session):
        actions.restore_match(db.session, match=match, actor=get_current_actor(), at=now())
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
    with writing(db.session):
        count = actions.dismiss_kind(
            db.session,
            run=run,
            kind=form.kind.data,
            reason=form.reason.data,
            actor=get_current_actor(),
            at=now(),
        )
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
    return render_template(
        "matches/show_need.html",
        need=need,
        conditions=[
            (condition, word_values(condition.attribute, condition.values))
            for condition in need.conditions
        ],
        sentences=[
            need.text[passage.start : passage.end]
            for passage in split_passages(need.text)
            if passage.role == SENTENCE
        ],
        says_enough=says_enough(need.text),
        run=run,
        is_latest=is_latest,
        kinds=[
            (view, explain(view.kind, view.considered, view.excluded_by, need.conditions))
            for view in kinds
        ],
        first_fitting=next((view.first_fitting for view in kinds if view.first_fitting), None),
        ask=_ASK,
        headings=_HEADINGS,
        reasons=list(DismissReason),
    )
