"""What the times of an engagement look like in answers, whatever they are called there."""

from typing import Any

import marshmallow as ma

from app.engagements.api.included import SessionIncludedSchema, TimeIncludedSchema
from app.engagements.queries.shapes import ContradictionView, FeedbackView, SessionView
from app.scopes import covers
from app.web.api_fields import Moment
from app.web.api_variants import Variant, vary
from app.web.bearer import get_token
from app.words.kind_words import WORDS_BY_KIND
from models.vocabulary import ProviderKind


class ContactSchema(ma.Schema):
    """A person who can be written to. 联系人。"""

    name = ma.fields.String(required=True)
    email = ma.fields.String(required=True)


class FeedbackSchema(ma.Schema):
    """What one side said of a time that was held. 反馈。"""

    side = ma.fields.String(required=True)
    author = ma.fields.String(required=True, allow_none=True)
    rating = ma.fields.Integer(required=True)
    preparation = ma.fields.Integer(required=True, allow_none=True)
    wants_to_continue = ma.fields.Boolean(required=True)
    comment = ma.fields.String(required=True)
    private_note = ma.fields.String(required=True)
    given_at = Moment(required=True)


class MissedOfSessionSchema(ma.Schema):
    """That a side did not keep to a time; `missed_time` is null for the other side. 失约。"""

    missed_time = ma.fields.String(required=True, allow_none=True)
    side = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    planned_at = Moment(required=True)


class ContradictionSchema(ma.Schema):
    """One side says otherwise than what was recorded of a time that was agreed on. 记录异议。

    `was_held` is what was recorded; `side` says the opposite, and `missed_by` who did not come.
    """

    id = ma.fields.String(required=True)
    engagement = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    was_held = ma.fields.Boolean(required=True)
    recorded_side = ma.fields.String(required=True, allow_none=True)
    recorded_at = Moment(required=True, allow_none=True)
    side = ma.fields.String(required=True)
    missed_by = ma.fields.String(required=True, allow_none=True)
    words = ma.fields.String(required=True)
    made_at = Moment(required=True)
    decision = ma.fields.String(required=True)
    decided_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class CalendarReplySchema(ma.Schema):
    """What somebody's calendar program answered: accepted, declined or tentative. 日历答复。"""

    name = ma.fields.String(required=True)
    side = ma.fields.String(required=True)
    answer = ma.fields.String(required=True)


class SessionSchema(ma.Schema):
    """A session with a mentor. `actions` are what can be done with it now. 辅导。"""

    id = ma.fields.String(required=True)
    engagement = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    place = ma.fields.String(required=True)
    link = ma.fields.String(required=True)
    proposed_by_side = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    sequence = ma.fields.Integer(required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)
    feedback = ma.fields.List(ma.fields.Nested(FeedbackSchema), required=True)
    missed = ma.fields.List(ma.fields.Nested(MissedOfSessionSchema), required=True)
    attendees = ma.fields.List(ma.fields.Nested(ContactSchema), required=True)
    together_with = ma.fields.String(required=True, allow_none=True)
    recorded_side = ma.fields.String(required=True, allow_none=True)
    recorded_at = Moment(required=True, allow_none=True)
    contradiction = ma.fields.Nested(ContradictionSchema, required=True, allow_none=True)
    replies = ma.fields.List(ma.fields.Nested(CalendarReplySchema), required=True)
    included = ma.fields.Nested(SessionIncludedSchema)


class MissedOfTimeSchema(MissedOfSessionSchema):
    """That a side did not keep to a time; `missed_time` is null for the other side. 失约。"""


TALK = Variant("Talk", "A talk with an investor. 会谈。", always=("link",))
APPOINTMENT = Variant("Appointment", "An appointment at a centre. 预约。", without=("link",))


@vary(TALK, APPOINTMENT)
class TimeSchema(SessionSchema):
    """A talk with an investor or an appointment at a centre. 会谈或预约。"""

    link = ma.fields.String()
    missed = ma.fields.List(ma.fields.Nested(MissedOfTimeSchema), required=True)
    included = ma.fields.Nested(TimeIncludedSchema)


@vary(Variant("Session", ""), TALK, APPOINTMENT)
class BookedSchema(TimeSchema):
    """What was booked: a session with a mentor, a talk, or an appointment. 所约的时间。"""


def show_session(
    view: SessionView, engagement_public_id: str, kind: ProviderKind
) -> dict[str, Any]:
    """A session in JSON, with its feedback where the token is good for feedback.

    `kind` is that of the provider: a centre is met at its place, and nobody asks for a link.
    """
    shows_feedback = covers(get_token().scopes, "feedback:read")
    return {
        "id": view.public_id,
        "engagement": engagement_public_id,
        "state": view.state,
        "starts_at": view.starts_at,
        "ends_at": view.ends_at,
        "place": view.place,
        **({} if WORDS_BY_KIND[kind].link is None else {"link": view.link}),
        "proposed_by_side": view.proposed_by_side.value,
        "reason": view.reason,
        "sequence": view.sequence,
        "actions": list(view.actions),
        "feedback": [_show_feedback(each) for each in view.feedback] if shows_feedback else [],
        "missed": [
            {
                "missed_time": each.public_id,
                "side": each.side.value,
                "kind": each.kind.value,
                "state": each.state,
                "planned_at": each.planned_at,
            }
            for each in view.missed
        ],
        "attendees": [{"name": p.name, "email": p.email} for p in view.attendees],
        "together_with": view.together_with,
        "recorded_side": view.recorded_side.value if view.recorded_side else None,
        "recorded_at": view.recorded_at,
        "contradiction": show_contradiction(view.contradiction) if view.contradiction else None,
        "replies": [
            {"name": each.name, "side": each.side.value, "answer": each.answer.value}
            for each in view.replies
        ],
    }


def show_contradiction(view: ContradictionView) -> dict[str, Any]:
    """What one side says against the record of a session, in JSON."""
    return {
        "id": view.public_id,
        "engagement": view.engagement_public_id,
        "state": view.state,
        "was_held": view.was_held,
        "recorded_side": view.recorded_side.value if view.recorded_side else None,
        "recorded_at": view.recorded_at,
        "side": view.side.value,
        "missed_by": view.missed_by.value if view.missed_by else None,
        "words": view.words,
        "made_at": view.made_at,
        "decision": view.decision,
        "decided_at": view.decided_at,
        "actions": list(view.actions),
    }


def _show_feedback(view: FeedbackView) -> dict[str, Any]:
    return {
        "side": view.side.value,
        "author": view.author_name,
        "rating": view.rating,
        "preparation": view.preparation,
        "wants_to_continue": view.wants_to_continue,
        "comment": view.comment,
        "private_note": view.private_note,
        "given_at": view.given_at,
    }
