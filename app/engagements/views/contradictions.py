"""Where the two sides differ about what became of a session: saying so, and deciding."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.engagements import queries
from app.engagements.actions import contradictions as actions
from app.engagements.missing_forms import ContradictForm, RecordDecisionForm
from app.engagements.queries import contradictions
from app.engagements.views.room import blueprint, find_way_back
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from models.contradictions import Contradiction
from models.engagements import CoachingSession
from models.lifecycle import COACHING_SESSION
from models.missed_times import MissedBy


@blueprint.route("/sessions/<public_id>/contradict", methods=["GET", "POST"])
@requires("session:contradict", subject=queries.find_session)
def contradict(coaching_session: CoachingSession) -> ResponseReturnValue:
    """Say that it was otherwise than the other side recorded."""
    engagement = coaching_session.engagement
    # What cannot be contradicted now is told before anything is written.
    COACHING_SESSION.follow("contradict", coaching_session.state)
    form = ContradictForm()
    if coaching_session.state == "held":
        form.name_sides(engagement.startup.name, engagement.provider.name)
    else:
        del form.missed_by

    return take_form(
        form,
        lambda: render_template(
            "engagements/contradict.html", form=form, coaching_session=coaching_session
        ),
        find_way_back(engagement),
        _("The other side is told, and the operators, who decide. Nothing counts until then."),
        actions.contradict,
        coaching_session=coaching_session,
        missed_by=lambda: MissedBy(form.missed_by.data) if form.missed_by else None,
        words=form.words,
    )


@blueprint.get("/contradictions/<public_id>")
@requires("contradiction:view", subject=contradictions.find_contradiction)
def show_contradiction(contradiction: Contradiction) -> ResponseReturnValue:
    """What was recorded, what the other side says, and what was decided."""
    return _render(contradiction)


@blueprint.post("/contradictions/<public_id>/decision")
@requires("contradiction:decide", subject=contradictions.find_contradiction)
def decide_contradiction(contradiction: Contradiction) -> ResponseReturnValue:
    """Say whether it took place, and why."""
    form = RecordDecisionForm()
    return take_form(
        form,
        lambda: _render(contradiction, form),
        url_for("engagements.show_contradiction", public_id=contradiction.public_id),
        _("Decided. Both sides are told."),
        actions.decide,
        contradiction=contradiction,
        was_held=lambda: form.outcome.data == "held",
        words=form.decision,
    )


@blueprint.post("/contradictions/<public_id>/take-back")
@requires("contradiction:take_back", subject=contradictions.find_contradiction)
def take_contradiction_back(contradiction: Contradiction) -> ResponseReturnValue:
    """The record is right after all."""
    return take_step(
        url_for("engagements.show_contradiction", public_id=contradiction.public_id),
        _("Taken back. The record stands, and all are told."),
        actions.take_back,
        contradiction=contradiction,
    )


@blueprint.post("/contradictions/<public_id>/concede")
@requires("contradiction:concede", subject=contradictions.find_contradiction)
def concede_contradiction(contradiction: Contradiction) -> ResponseReturnValue:
    """The other side is right."""
    return take_step(
        url_for("engagements.show_contradiction", public_id=contradiction.public_id),
        _("Settled as the other side says. All are told."),
        actions.concede,
        contradiction=contradiction,
    )


def _render(contradiction: Contradiction, form: RecordDecisionForm | None = None) -> str:
    return render_template(
        "engagements/contradiction.html",
        view=contradictions.view_contradiction(contradiction, get_current_actor()),
        form=form or RecordDecisionForm(formdata=None),
    )
