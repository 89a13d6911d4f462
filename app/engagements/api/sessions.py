"""Sessions with mentors and the feedback on them; `times` has what is agreed on with others."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from sqlalchemy.orm import contains_eager

from app.engagements.api import planning
from app.engagements.api.included import (
    SESSION_INCLUDES,
    SessionSummarySchema,
    show_engagement_row,
    show_session_row,
)
from app.engagements.api.planning import (
    AttendeesSchema,
    CancelTimeSchema,
    ConfirmSchema,
    MissedSchema,
    NewFeedbackSchema,
    PlanSchema,
)
from app.engagements.api.room import blueprint
from app.engagements.api.shown_times import SessionSchema
from app.engagements.queries import finding
from app.engagements.queries.lists import NAMES, select_sessions
from app.web.api import operation, show_list
from app.web.api_chosen import require_scopes
from app.web.api_fields import ApiSchema, Chosen, NothingSchema, PageSchema, State
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from models.engagements import CoachingSession, Engagement
from models.lifecycle import COACHING_SESSION


class SessionIncludeSchema(ApiSchema):
    """What is to come with a time."""

    include = Chosen(*SESSION_INCLUDES, description="`engagement`. 随附内容。")


class SessionQuerySchema(SessionIncludeSchema, PageSchema):
    """Which of them."""

    state = State(COACHING_SESSION.states, load_default=None)


def read_time_of(coaching_session: CoachingSession, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One time, with what comes with it as `asked`, a `SessionIncludeSchema`, says."""
    require_scopes(asked["include"], SESSION_INCLUDES)
    shown = planning.show(coaching_session)
    if asked["include"]:
        shown["included"] = {"engagement": show_engagement_row(coaching_session.engagement)}
    return shown


def list_times_of(query: Select[CoachingSession], asked: Mapping[str, Any]) -> Shown | Lines:
    """The times of `query`, as `asked`, a `SessionQuerySchema`, says."""
    include = asked["include"]
    require_scopes(include, SESSION_INCLUDES)

    def show(row: CoachingSession) -> Shown:
        shown = show_session_row(row, row.engagement)
        if include:
            shown["included"] = {"engagement": show_engagement_row(row.engagement)}
        return shown

    return list_rows(
        query.options(*(contains_eager(CoachingSession.engagement).options(n) for n in NAMES))
        if include
        else query,
        asked,
        moment=CoachingSession.created_at,
        key=CoachingSession.id,
        show=show,
    )


@blueprint.get("/sessions")
@operation("sessions:read", "session:list")
@blueprint.arguments(SessionQuerySchema, location="query")
@blueprint.response(200, show_list(SessionSummarySchema))
def list_sessions(asked: Mapping[str, Any]) -> Shown | Lines:
    """The sessions of all engagements that one may know of, the last proposed first."""
    return list_times_of(select_sessions(get_current_actor(), state=asked["state"]), asked)


@blueprint.post("/engagements/<public_id>/sessions")
@operation("sessions:write", "session:propose", subject=finding.find_engagement_with_mentor)
@once()
@blueprint.arguments(PlanSchema)
@blueprint.response(201, SessionSchema)
def propose_session(engagement: Engagement, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Propose a time; the other side confirms it."""
    made = planning.propose(engagement, body)
    path = url_for("engagements_api.read_session", public_id=made.public_id)
    return planning.show(made), 201, {"Location": path}


@blueprint.get("/sessions/<public_id>")
@operation("sessions:read", "session:view", subject=finding.find_coaching)
@blueprint.arguments(SessionIncludeSchema, location="query")
@blueprint.response(200, SessionSchema)
def read_session(coaching_session: CoachingSession, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One session, with what of the feedback one may read."""
    return read_time_of(coaching_session, asked)


@blueprint.post("/sessions/<public_id>/confirm")
@operation("sessions:write", "session:confirm", subject=finding.find_coaching)
@once(needs_key=False)
@blueprint.arguments(ConfirmSchema)
@blueprint.response(200, SessionSchema)
def confirm_session(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Agree to the time that was read."""
    return planning.confirm(coaching_session, body)


@blueprint.post("/sessions/<public_id>/move")
@operation("sessions:write", "session:move", subject=finding.find_coaching)
@once(needs_key=False)
@blueprint.arguments(PlanSchema)
@blueprint.response(200, SessionSchema)
def move_session(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Propose another time, place or link in place of this one."""
    return planning.move(coaching_session, body)


@blueprint.post("/sessions/<public_id>/cancel")
@operation("sessions:write", "session:cancel", subject=finding.find_coaching)
@once(needs_key=False)
@blueprint.arguments(CancelTimeSchema)
@blueprint.response(200, SessionSchema)
def cancel_session(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """The session will not take place."""
    return planning.cancel(coaching_session, body)


@blueprint.post("/sessions/<public_id>/attendees")
@operation("sessions:write", "session:attend", subject=finding.find_coaching)
@once(needs_key=False)
@blueprint.arguments(AttendeesSchema)
@blueprint.response(200, SessionSchema)
def name_session_attendees(
    coaching_session: CoachingSession, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Say who of the startup comes, in place of who was to come before."""
    return planning.name_attendees(coaching_session, body)


@blueprint.post("/sessions/<public_id>/held")
@operation("sessions:write", "session:record", subject=finding.find_coaching)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SessionSchema)
def record_held(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """The session took place."""
    return planning.record_held(coaching_session)


@blueprint.post("/sessions/<public_id>/missed")
@operation("sessions:write", "session:record", subject=finding.find_coaching)
@once(needs_key=False)
@blueprint.arguments(MissedSchema, required=False)
@blueprint.response(200, SessionSchema)
def record_missed(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """The session did not take place; who did not come is counted."""
    return planning.record_missed(coaching_session, body)


@blueprint.post("/sessions/<public_id>/feedback")
@operation("feedback:write", "feedback:give", subject=finding.find_coaching)
@once()
@blueprint.arguments(NewFeedbackSchema)
@blueprint.response(201, SessionSchema)
def give_feedback(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say how the session was, once for each side."""
    return planning.judge(coaching_session, body)
