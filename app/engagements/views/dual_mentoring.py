"""Two mentors who work together: asking them, agreeing, and going on alone."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import can_know_of
from app.clock import now
from app.engagements import queries
from app.engagements.actions import dual_mentoring as actions
from app.engagements.queries.dual_mentoring import find_pair
from app.engagements.views.room import blueprint, go_to
from app.errors import NotFound
from app.extensions import db
from app.transactions import writing
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_step
from models.dual_mentoring import DualMentoring
from models.engagements import Engagement


@blueprint.post("/engagements/<public_id>/second-mentor")
@requires("dual_mentoring:ask", subject=queries.find_engagement)
def ask_together(engagement: Engagement) -> ResponseReturnValue:
    """Ask two mentors to work together."""
    actor = get_current_actor()
    partner = queries.find_engagement(db.session, request.form.get("partner", ""))
    if partner is None or not can_know_of(actor, partner):
        raise NotFound
    with writing(db.session):
        actions.ask_together(
            db.session, engagement=engagement, partner=partner, actor=actor, at=now()
        )
    flash(_("Both mentors are asked. You are told once both have agreed."), "success")
    return go_to(engagement)


@blueprint.post("/dual-mentorings/<public_id>/agree")
@requires("dual_mentoring:answer", subject=find_pair)
def agree_together(pair: DualMentoring) -> ResponseReturnValue:
    """Agree to work with the other mentor."""
    return take_step(
        _find_own(pair),
        _("Thank you. As soon as both have agreed, times can be booked together."),
        actions.agree_together,
        pair=pair,
    )


@blueprint.post("/dual-mentorings/<public_id>/decline")
@requires("dual_mentoring:answer", subject=find_pair)
def decline_together(pair: DualMentoring) -> ResponseReturnValue:
    """Go on alone."""
    return take_step(
        _find_own(pair),
        _("Declined. Your own engagement goes on as it was."),
        actions.decline_together,
        pair=pair,
    )


@blueprint.post("/dual-mentorings/<public_id>/end")
@requires("dual_mentoring:end", subject=find_pair)
def end_together(pair: DualMentoring) -> ResponseReturnValue:
    """Each goes on alone."""
    return take_step(
        _find_own(pair),
        _("Each goes on alone. What is booked stays."),
        actions.end_together,
        pair=pair,
    )


def _find_own(pair: DualMentoring) -> str:
    """Where the engagement of the pair stands in which the reader takes part."""
    actor = get_current_actor()
    own = pair.partner if pair.partner.provider_id in actor.provides else pair.lead
    return url_for("engagements.show_engagement", public_id=own.public_id)
