"""How a need is read: its page, what a founder corrects of it, and conditions that are proposed."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.extensions import db
from app.matches.forms import CorrectionForm, ProposalForm
from app.matches.queries.readings import find_sentence, list_proposals, read_now
from app.matches.views.room import blueprint
from app.needs import actions
from app.needs.queries import find_need
from app.transactions import writing
from app.web.engine import get_engine
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.turns import in_turn
from matching.encoders.errors import EncoderMissing
from models.needs import Need
from models.vocabulary import NeedRole, ProposalAnswer


@blueprint.get("/needs/<public_id>/reading")
@requires("need:view", subject=find_need)
@in_turn
def show_reading(need: Need) -> ResponseReturnValue:
    """What matching takes each sentence for, also of a draft; stores nothing."""
    try:
        reading = read_now(get_engine(), need)
    except EncoderMissing:
        current_app.logger.exception("a need cannot be read")
        flash(_("Matching cannot be asked at present. Try again later."), "danger")
        return redirect(url_for("needs.show_need", public_id=need.public_id), code=303)
    return render_template(
        "matches/reading.html",
        need=need,
        reading=reading,
        roles=list(NeedRole),
        answers=list(ProposalAnswer),
        proposals=list_proposals(need, reading, at=now()),
    )


@blueprint.post("/needs/<public_id>/reading")
@requires("need:edit", subject=find_need)
def correct_reading(need: Need) -> ResponseReturnValue:
    """A sentence is read as its founder says; then matches are looked for again."""
    form = CorrectionForm()
    if not form.validate():
        return _say_outdated(need)
    with writing(db.session):
        actions.correct_reading(
            db.session,
            need=need,
            sentence=find_sentence(need, form.sentence.data or ""),
            role=form.role.data,
            version=form.version.data or 0,
            actor=get_current_actor(),
            at=now(),
        )
    return _go_on(need, _("The sentence is read as you say."))


@blueprint.post("/needs/<public_id>/proposals")
@requires("need:edit", subject=find_need)
def answer_proposal(need: Need) -> ResponseReturnValue:
    """A condition that was read becomes one of the need, or is not proposed again."""
    form = ProposalForm()
    if not form.validate():
        return _say_outdated(need)
    with writing(db.session):
        actions.answer_proposal(
            db.session,
            need=need,
            attribute=form.attribute.data,
            values=(form.values.data or "").split(),
            answer=form.answer.data,
            version=form.version.data or 0,
            actor=get_current_actor(),
            at=now(),
        )
    return _go_on(need, _("Your answer is kept."))


def _go_on(need: Need, said: str) -> ResponseReturnValue:
    flash(said, "success")
    if need.state == "open":
        # The method is kept (307): looking is a POST of its own.
        return redirect(url_for("matches.find_matches", public_id=need.public_id), code=307)
    return redirect(url_for("matches.show_reading", public_id=need.public_id), code=303)


def _say_outdated(need: Need) -> ResponseReturnValue:
    flash(_("This page is out of date. Load it again."), "danger")
    return redirect(url_for("needs.show_need", public_id=need.public_id), code=303)
