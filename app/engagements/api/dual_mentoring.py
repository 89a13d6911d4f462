"""Two mentors who work together, for programs."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.access import can_know_of
from app.clock import now
from app.engagements.actions import dual_mentoring as actions
from app.engagements.api.room import DualMentoringSchema, blueprint, show_pair
from app.engagements.queries import finding
from app.engagements.queries.dual_mentoring import find_pair, view_pair
from app.errors import NotFound
from app.extensions import db
from app.transactions import writing
from app.web.api import operation
from app.web.api_fields import ApiSchema, Id, NothingSchema
from app.web.identity import get_current_actor
from app.web.repeats import once
from models.dual_mentoring import DualMentoring
from models.engagements import Engagement


class SecondMentorSchema(ApiSchema):
    """The engagement with the mentor who is to be brought in. 第二位导师的对接。"""

    partner = Id(required=True)


def _show(pair: DualMentoring) -> dict[str, Any]:
    return show_pair(view_pair(pair, get_current_actor()))


@blueprint.post("/engagements/<public_id>/second-mentor")
@operation(
    "engagements:write",
    "dual_mentoring:ask",
    subject=finding.find_engagement_with_mentor,
    refusals=(409,),
)
@once()
@blueprint.arguments(SecondMentorSchema)
@blueprint.response(201, DualMentoringSchema)
def ask_together(engagement: Engagement, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Ask the mentors of two engagements to work together; both have to agree."""
    actor = get_current_actor()
    partner = finding.find_engagement(db.session, body["partner"])
    if partner is None or not can_know_of(actor, partner):
        raise NotFound
    with writing(db.session):
        pair = actions.ask_together(
            db.session, engagement=engagement, partner=partner, actor=actor, at=now()
        )
    path = url_for("engagements_api.read_pair", public_id=pair.public_id)
    return _show(pair), 201, {"Location": path}


@blueprint.get("/dual-mentorings/<public_id>")
@operation("engagements:read", "dual_mentoring:view", subject=find_pair)
@blueprint.response(200, DualMentoringSchema)
def read_pair(pair: DualMentoring) -> dict[str, Any]:
    """Who works together, and who has agreed so far."""
    return _show(pair)


@blueprint.post("/dual-mentorings/<public_id>/agree")
@operation("engagements:write", "dual_mentoring:answer", subject=find_pair, refusals=(409,))
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, DualMentoringSchema)
def agree_together(pair: DualMentoring, body: Mapping[str, Any]) -> dict[str, Any]:
    """Agree, as one of the two mentors."""
    return _take(pair, actions.agree_together)


@blueprint.post("/dual-mentorings/<public_id>/decline")
@operation("engagements:write", "dual_mentoring:answer", subject=find_pair)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, DualMentoringSchema)
def decline_together(pair: DualMentoring, body: Mapping[str, Any]) -> dict[str, Any]:
    """Go on alone, as one of the two mentors."""
    return _take(pair, actions.decline_together)


@blueprint.post("/dual-mentorings/<public_id>/end")
@operation("engagements:write", "dual_mentoring:end", subject=find_pair)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, DualMentoringSchema)
def end_together(pair: DualMentoring, body: Mapping[str, Any]) -> dict[str, Any]:
    """Each goes on alone; what is booked stays."""
    return _take(pair, actions.end_together)


def _take(pair: DualMentoring, action: Callable[..., object]) -> dict[str, Any]:
    with writing(db.session):
        action(db.session, pair=pair, actor=get_current_actor(), at=now())
    return _show(pair)
