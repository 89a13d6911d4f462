"""Sessions with mentors and the feedback on them; `times` has what is agreed on with others."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import url_for
from flask.typing import ResponseReturnValue

from app.engagements import queries
from app.engagements.api import planning
from app.engagements.api.planning import (
    CancelTimeSchema,
    ConfirmSchema,
    NewFeedbackSchema,
    PlanSchema,
)
from app.engagements.api.room import SessionSchema, blueprint
from app.engagements.queries.lists import select_sessions
from app.extensions import db
from app.web.api import operation, show_list
from app.web.api_fields import Moment, NothingSchema, PageSchema, State
from app.web.identity import get_current_actor
from app.web.lists import show_part, take_part
from app.web.repeats import once
from models.engagements import CoachingSession, Engagement
from models.lifecycle import COACHING_SESSION


class SessionSummarySchema(ma.Schema):
    """One in a list. 摘要。"""

    id = ma.fields.String(required=True)
    engagement = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    place = ma.fields.String(required=True)
    link = ma.fields.String(required=True)
    sequence = ma.fields.Integer(required=True)


class SessionQuerySchema(PageSchema):
    """Which of them."""

    state = State(COACHING_SESSION.states, load_default=None)


@blueprint.get("/sessions")
@operation("sessions:read", "session:list")
@blueprint.arguments(SessionQuerySchema, location="query")
@blueprint.response(200, show_list(SessionSummarySchema))
def list_sessions(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The sessions of all engagements that one may know of, the last proposed first."""
    part = take_part(
        db.session,
        select_sessions(get_current_actor(), state=asked["state"]),
        moment=CoachingSession.created_at,
        key=CoachingSession.id,
        limit=asked["limit"],
        after=asked["after"],
    )
    return show_part(part, planning.show_summary)


@blueprint.post("/engagements/<public_id>/sessions")
@operation("sessions:write", "session:propose", subject=queries.find_engagement)
@once()
@blueprint.arguments(PlanSchema)
@blueprint.response(201, SessionSchema)
def propose_session(engagement: Engagement, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Propose a time; the other side confirms it."""
    made = planning.propose(engagement, body)
    path = url_for("engagements_api.read_session", public_id=made.public_id)
    return planning.show(made), 201, {"Location": path}


@blueprint.get("/sessions/<public_id>")
@operation("sessions:read", "session:view", subject=queries.find_session)
@blueprint.response(200, SessionSchema)
def read_session(coaching_session: CoachingSession) -> dict[str, Any]:
    """One session, with what of the feedback one may read."""
    return planning.show(coaching_session)


@blueprint.post("/sessions/<public_id>/confirm")
@operation("sessions:write", "session:confirm", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(ConfirmSchema)
@blueprint.response(200, SessionSchema)
def confirm_session(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Agree to the time that was read."""
    return planning.confirm(coaching_session, body)


@blueprint.post("/sessions/<public_id>/move")
@operation("sessions:write", "session:move", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(PlanSchema)
@blueprint.response(200, SessionSchema)
def move_session(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Propose another time, place or link in place of this one."""
    return planning.move(coaching_session, body)


@blueprint.post("/sessions/<public_id>/cancel")
@operation("sessions:write", "session:cancel", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(CancelTimeSchema)
@blueprint.response(200, SessionSchema)
def cancel_session(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """The session will not take place."""
    return planning.cancel(coaching_session, body)


@blueprint.post("/sessions/<public_id>/held")
@operation("sessions:write", "session:record", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SessionSchema)
def record_held(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """The session took place."""
    return planning.record_held(coaching_session)


@blueprint.post("/sessions/<public_id>/missed")
@operation("sessions:write", "session:record", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SessionSchema)
def record_missed(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """The session did not take place."""
    return planning.record_missed(coaching_session)


@blueprint.post("/sessions/<public_id>/feedback")
@operation("feedback:write", "feedback:give", subject=queries.find_session)
@once()
@blueprint.arguments(NewFeedbackSchema)
@blueprint.response(201, SessionSchema)
def give_feedback(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say how the session was, once for each side."""
    return planning.judge(coaching_session, body)
