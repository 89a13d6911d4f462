"""Sessions of an engagement and the feedback on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.engagements import queries
from app.engagements.actions import feedback as feedback_actions
from app.engagements.actions import sessions as actions
from app.engagements.api.room import (
    SessionSchema,
    blueprint,
    find_shown_session,
    get_settings,
)
from app.engagements.forms import FURTHEST, LINK_LIMIT, REASON_LIMIT
from app.engagements.queries.lists import select_sessions
from app.extensions import db
from app.transactions import writing
from app.web.api import operation, show_list
from app.web.api_body import refuse_field
from app.web.api_fields import (
    ApiSchema,
    Flag,
    Line,
    Moment,
    NothingSchema,
    PageSchema,
    State,
    Text,
    Whole,
)
from app.web.identity import get_current_actor
from app.web.lists import show_part, take_part
from app.web.repeats import once
from app.words.limits import LINE_LIMIT, TEXT_LIMIT
from app.words.links import is_web_address
from models.engagements import CoachingSession, Engagement
from models.lifecycle import COACHING_SESSION


class PlanSchema(ApiSchema):
    """When and where to meet: a place or a link, or both. 时间和地点。"""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    place = Line(most=LINE_LIMIT, load_default="")
    link = Line(most=LINK_LIMIT, load_default="")


class ConfirmSchema(ApiSchema):
    """The `sequence` of the time that is confirmed. 所确认时间的 `sequence`。"""

    sequence = Whole(low=0, high=1_000_000, required=True)


class CancelSessionSchema(ApiSchema):
    """Why the session will not take place. 取消原因。"""

    reason = Text(least=1, most=REASON_LIMIT, required=True)


class NewFeedbackSchema(ApiSchema):
    """What one side says of a session; ratings from 1 (poor) to 5 (excellent). 反馈。"""

    rating = Whole(low=1, high=5, required=True)
    preparation = Whole(low=1, high=5, allow_none=True, load_default=None)
    wants_to_continue = Flag(load_default=True)
    comment = Text(most=TEXT_LIMIT, load_default="")
    private_note = Text(most=TEXT_LIMIT, load_default="")


class SessionSummarySchema(ma.Schema):
    """A session in a list. 辅导摘要。"""

    id = ma.fields.String(required=True)
    engagement = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    place = ma.fields.String(required=True)
    link = ma.fields.String(required=True)
    sequence = ma.fields.Integer(required=True)


class SessionQuerySchema(PageSchema):
    """Which sessions."""

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
    return show_part(
        part,
        lambda row: {
            "id": row.public_id,
            "engagement": row.engagement.public_id,
            "state": row.state,
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "place": row.place,
            "link": row.link,
            "sequence": row.sequence,
        },
    )


@blueprint.post("/engagements/<public_id>/sessions")
@operation("sessions:write", "session:propose", subject=queries.find_engagement)
@once()
@blueprint.arguments(PlanSchema)
@blueprint.response(201, SessionSchema)
def propose_session(engagement: Engagement, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Propose a time; the other side confirms it."""
    _check_plan(body, now())
    with writing(db.session):
        made = actions.propose(
            db.session,
            engagement=engagement,
            starts_at=body["starts_at"],
            ends_at=body["ends_at"],
            place=body["place"],
            link=body["link"],
            actor=get_current_actor(),
            at=now(),
            organizer=get_settings().mail_from,
        )
    path = url_for("engagements_api.read_session", public_id=made.public_id)
    return _show(made), 201, {"Location": path}


@blueprint.get("/sessions/<public_id>")
@operation("sessions:read", "session:view", subject=queries.find_session)
@blueprint.response(200, SessionSchema)
def read_session(coaching_session: CoachingSession) -> dict[str, Any]:
    """One session, with what of the feedback one may read."""
    return _show(coaching_session)


@blueprint.post("/sessions/<public_id>/confirm")
@operation("sessions:write", "session:confirm", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(ConfirmSchema)
@blueprint.response(200, SessionSchema)
def confirm_session(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Agree to the time that was read."""
    with writing(db.session):
        actions.confirm(
            db.session,
            coaching_session=coaching_session,
            actor=get_current_actor(),
            at=now(),
            sequence=body["sequence"],
            organizer=get_settings().mail_from,
        )
    return _show(coaching_session)


@blueprint.post("/sessions/<public_id>/move")
@operation("sessions:write", "session:move", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(PlanSchema)
@blueprint.response(200, SessionSchema)
def move_session(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Propose another time, place or link in place of this one."""
    _check_plan(body, now())
    with writing(db.session):
        actions.move(
            db.session,
            coaching_session=coaching_session,
            starts_at=body["starts_at"],
            ends_at=body["ends_at"],
            place=body["place"],
            link=body["link"],
            actor=get_current_actor(),
            at=now(),
            organizer=get_settings().mail_from,
        )
    return _show(coaching_session)


@blueprint.post("/sessions/<public_id>/cancel")
@operation("sessions:write", "session:cancel", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(CancelSessionSchema)
@blueprint.response(200, SessionSchema)
def cancel_session(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """The session will not take place."""
    with writing(db.session):
        actions.cancel(
            db.session,
            coaching_session=coaching_session,
            reason=body["reason"],
            actor=get_current_actor(),
            at=now(),
            organizer=get_settings().mail_from,
        )
    return _show(coaching_session)


@blueprint.post("/sessions/<public_id>/held")
@operation("sessions:write", "session:record", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SessionSchema)
def record_held(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """The session took place."""
    with writing(db.session):
        actions.record_held(
            db.session, coaching_session=coaching_session, actor=get_current_actor(), at=now()
        )
    return _show(coaching_session)


@blueprint.post("/sessions/<public_id>/missed")
@operation("sessions:write", "session:record", subject=queries.find_session)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SessionSchema)
def record_missed(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """The session did not take place."""
    with writing(db.session):
        actions.record_missed(
            db.session, coaching_session=coaching_session, actor=get_current_actor(), at=now()
        )
    return _show(coaching_session)


@blueprint.post("/sessions/<public_id>/feedback")
@operation("feedback:write", "feedback:give", subject=queries.find_session)
@once()
@blueprint.arguments(NewFeedbackSchema)
@blueprint.response(201, SessionSchema)
def give_feedback(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say how the session was, once for each side."""
    with writing(db.session):
        feedback_actions.give(
            db.session,
            coaching_session=coaching_session,
            rating=body["rating"],
            preparation=body["preparation"],
            wants_to_continue=body["wants_to_continue"],
            comment=body["comment"],
            private_note=body["private_note"],
            actor=get_current_actor(),
            at=now(),
        )
    return _show(coaching_session)


def _check_plan(body: Mapping[str, Any], at: datetime) -> None:
    """What the form checks of a plan and no action. Raises FieldsInvalid."""
    if body["starts_at"] > at + FURTHEST:
        refuse_field("/starts_at", _("Choose a day within the next two years."))
    if body["link"] and not is_web_address(body["link"]):
        refuse_field("/link", _("Give a whole address, beginning with https://"))


def _show(coaching_session: CoachingSession) -> dict[str, Any]:
    return find_shown_session(coaching_session.engagement, coaching_session.public_id)
