"""Talks with investors and appointments with centres: what `sessions` are with mentors."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.engagements.api import planning
from app.engagements.api.included import TimeSummarySchema
from app.engagements.api.planning import (
    AttendeesSchema,
    CancelTimeSchema,
    ConfirmSchema,
    MissedSchema,
    NewFeedbackSchema,
    PlanTimeSchema,
)
from app.engagements.api.room import blueprint
from app.engagements.api.sessions import (
    SessionIncludeSchema,
    SessionQuerySchema,
    list_times_of,
    read_time_of,
)
from app.engagements.api.shown_times import TimeSchema
from app.engagements.queries import finding
from app.engagements.queries.lists import select_sessions
from app.web.api import operation, show_list
from app.web.api_fields import NothingSchema
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown
from app.web.repeats import once
from models.engagements import CoachingSession, Engagement


@blueprint.get("/times")
@operation("sessions:read", "session:list")
@blueprint.arguments(SessionQuerySchema, location="query")
@blueprint.response(200, show_list(TimeSummarySchema))
def list_times(asked: Mapping[str, Any]) -> Shown | Lines:
    """Talks and appointments of all engagements that one may know of, the last proposed first."""
    return list_times_of(
        select_sessions(get_current_actor(), state=asked["state"], with_mentors=False), asked
    )


@blueprint.post("/engagements/<public_id>/times")
@operation("sessions:write", "session:propose", subject=finding.find_engagement_without_mentor)
@once()
@blueprint.arguments(PlanTimeSchema)
@blueprint.response(201, TimeSchema)
def propose_time(engagement: Engagement, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Propose a time; the other side confirms it."""
    made = planning.propose(engagement, body)
    path = url_for("engagements_api.read_time", public_id=made.public_id)
    return planning.show(made), 201, {"Location": path}


@blueprint.get("/times/<public_id>")
@operation("sessions:read", "session:view", subject=finding.find_talk_or_appointment)
@blueprint.arguments(SessionIncludeSchema, location="query")
@blueprint.response(200, TimeSchema)
def read_time(coaching_session: CoachingSession, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One time, with what of the feedback one may read."""
    return read_time_of(coaching_session, asked)


@blueprint.post("/times/<public_id>/confirm")
@operation("sessions:write", "session:confirm", subject=finding.find_talk_or_appointment)
@once(needs_key=False)
@blueprint.arguments(ConfirmSchema)
@blueprint.response(200, TimeSchema)
def confirm_time(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Agree to the time that was read."""
    return planning.confirm(coaching_session, body)


@blueprint.post("/times/<public_id>/move")
@operation("sessions:write", "session:move", subject=finding.find_talk_or_appointment)
@once(needs_key=False)
@blueprint.arguments(PlanTimeSchema)
@blueprint.response(200, TimeSchema)
def move_time(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Propose another time or place in place of this one."""
    return planning.move(coaching_session, body)


@blueprint.post("/times/<public_id>/cancel")
@operation("sessions:write", "session:cancel", subject=finding.find_talk_or_appointment)
@once(needs_key=False)
@blueprint.arguments(CancelTimeSchema)
@blueprint.response(200, TimeSchema)
def cancel_time(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """It will not take place."""
    return planning.cancel(coaching_session, body)


@blueprint.post("/times/<public_id>/attendees")
@operation("sessions:write", "session:attend", subject=finding.find_talk_or_appointment)
@once(needs_key=False)
@blueprint.arguments(AttendeesSchema)
@blueprint.response(200, TimeSchema)
def name_time_attendees(
    coaching_session: CoachingSession, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Say who of the startup comes, in place of who was to come before."""
    return planning.name_attendees(coaching_session, body)


@blueprint.post("/times/<public_id>/held")
@operation("sessions:write", "session:record", subject=finding.find_talk_or_appointment)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, TimeSchema)
def record_time_held(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """It took place."""
    return planning.record_held(coaching_session)


@blueprint.post("/times/<public_id>/missed")
@operation("sessions:write", "session:record", subject=finding.find_talk_or_appointment)
@once(needs_key=False)
@blueprint.arguments(MissedSchema, required=False)
@blueprint.response(200, TimeSchema)
def record_time_missed(
    coaching_session: CoachingSession, body: Mapping[str, Any]
) -> dict[str, Any]:
    """It did not take place; who did not come is counted."""
    return planning.record_missed(coaching_session, body)


@blueprint.post("/times/<public_id>/feedback")
@operation("feedback:write", "feedback:give", subject=finding.find_talk_or_appointment)
@once()
@blueprint.arguments(NewFeedbackSchema)
@blueprint.response(201, TimeSchema)
def give_time_feedback(
    coaching_session: CoachingSession, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Say how it was, once for each side."""
    return planning.judge(coaching_session, body)
