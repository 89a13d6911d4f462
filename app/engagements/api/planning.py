"""What programs do with the times of an engagement, whatever they are called there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _

from app.calendars.local_times import FURTHEST
from app.clock import now
from app.engagements.actions import attendees as attendee_actions
from app.engagements.actions import contradictions
from app.engagements.actions import feedback as feedback_actions
from app.engagements.actions import sessions as actions
from app.engagements.api.room import find_shown_session
from app.engagements.attending import choose_by_address
from app.engagements.forms import LINK_LIMIT, REASON_LIMIT
from app.extensions import db
from app.transactions import writing
from app.web.api_body import refuse_field
from app.web.api_fields import ApiSchema, Code, Flag, Line, Listed, Moment, Text, Whole
from app.web.api_variants import Variant, vary
from app.web.identity import get_current_actor
from app.web.steps import carry_out
from app.words.kind_words import WORDS_BY_KIND
from app.words.limits import LINE_LIMIT, TEXT_LIMIT
from app.words.links import is_web_address
from models.attendees import MOST_ATTENDEES
from models.engagements import CoachingSession, Engagement
from models.missed_times import MissedBy

# Of a mail address (RFC 5321, 4.5.3.1.3, less the angle brackets).
ADDRESS_LIMIT: Final = 254

# What came in, and what is answered.
Body = Mapping[str, Any]
Answer = dict[str, Any]


class PlanSchema(ApiSchema):
    """When and where to meet: a place or a link, or both. 时间和地点。"""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    place = Line(most=LINE_LIMIT, load_default="")
    link = Line(most=LINK_LIMIT, load_default="")


@vary(
    Variant("PlanTalk", "When and where to talk to an investor. 会谈的时间和地点。"),
    Variant(
        "PlanAppointment",
        "When to come to a centre, and to which place of it. 到中心预约的时间和地点。",
        without=("link",),
    ),
)
class PlanTimeSchema(PlanSchema):
    """When and where a talk or an appointment is to be. 会谈或预约的时间和地点。"""


class ConfirmSchema(ApiSchema):
    """The `sequence` of the time that is confirmed. 所确认时间的 `sequence`。"""

    sequence = Whole(low=0, high=1_000_000, required=True)


class CancelTimeSchema(ApiSchema):
    """Why it will not take place. 取消原因。"""

    reason = Text(least=1, most=REASON_LIMIT, required=True)


class AttendeesSchema(ApiSchema):
    """Who of the startup comes, by their mail addresses. 企业到场人员。"""

    attendees = Listed(
        Line(least=1, most=ADDRESS_LIMIT), least=1, most=MOST_ATTENDEES, required=True
    )


class MissedSchema(ApiSchema):
    """Who did not come; where that is not said, nobody is counted. 未到场方。"""

    missed_by = Code(MissedBy, allow_none=True, load_default=None)


class NewFeedbackSchema(ApiSchema):
    """What one side says of it; ratings from 1 (poor) to 5 (excellent). 反馈。

    `comment` is read by the operators of the incubator alone, never by the other side.
    """

    rating = Whole(low=1, high=5, required=True)
    preparation = Whole(low=1, high=5, allow_none=True, load_default=None)
    wants_to_continue = Flag(required=True)
    comment = Text(most=TEXT_LIMIT, load_default="")
    private_note = Text(most=TEXT_LIMIT, load_default="")


def propose(engagement: Engagement, body: Body) -> CoachingSession:
    """The time is proposed. Raises FieldsInvalid and what the action raises."""
    _check_plan(engagement, body, now())
    return carry_out(
        actions.propose,
        engagement=engagement,
        starts_at=body["starts_at"],
        ends_at=body["ends_at"],
        place=body["place"],
        link=body["link"],
    )


def confirm(coaching_session: CoachingSession, body: Body) -> Answer:
    """The time that was read is agreed to."""
    carry_out(
        actions.confirm,
        coaching_session=coaching_session,
        sequence=body["sequence"],
    )
    return show(coaching_session)


def move(coaching_session: CoachingSession, body: Body) -> Answer:
    """Another time, place or link is proposed. Raises FieldsInvalid and what the action raises."""
    _check_plan(coaching_session.engagement, body, now())
    carry_out(
        actions.move,
        coaching_session=coaching_session,
        starts_at=body["starts_at"],
        ends_at=body["ends_at"],
        place=body["place"],
        link=body["link"],
    )
    return show(coaching_session)


def cancel(coaching_session: CoachingSession, body: Body) -> Answer:
    """It will not take place."""
    carry_out(
        actions.cancel,
        coaching_session=coaching_session,
        reason=body["reason"],
    )
    return show(coaching_session)


def name_attendees(coaching_session: CoachingSession, body: Body) -> Answer:
    """These of the startup come. Raises what the action raises."""
    with writing(db.session):
        attendee_actions.name_attendees(
            db.session,
            coaching_session=coaching_session,
            people=choose_by_address(db.session, coaching_session.engagement, body["attendees"]),
            actor=get_current_actor(),
            at=now(),
        )
    return show(coaching_session)


def record_held(coaching_session: CoachingSession) -> Answer:
    """It took place."""
    carry_out(actions.record_held, coaching_session=coaching_session)
    return show(coaching_session)


def record_missed(coaching_session: CoachingSession, body: Body) -> Answer:
    """It did not take place."""
    carry_out(
        actions.record_missed, coaching_session=coaching_session, missed_by=body.get("missed_by")
    )
    return show(coaching_session)


def contradict(coaching_session: CoachingSession, body: Body) -> Answer:
    """It was otherwise than recorded. Raises FieldsInvalid where `missed_by` does not fit it."""
    if (coaching_session.state == "held") is (body["missed_by"] is None):
        refuse_field(
            "/missed_by",
            _("Say who did not come where it was recorded as held, and only there."),
        )
    carry_out(
        contradictions.contradict,
        coaching_session=coaching_session,
        missed_by=body["missed_by"],
        words=body["words"],
    )
    return show(coaching_session)


def judge(coaching_session: CoachingSession, body: Body) -> Answer:
    """One side has said how it was."""
    carry_out(
        feedback_actions.give,
        coaching_session=coaching_session,
        rating=body["rating"],
        preparation=body["preparation"],
        wants_to_continue=body["wants_to_continue"],
        comment=body["comment"],
        private_note=body["private_note"],
    )
    return show(coaching_session)


def show(coaching_session: CoachingSession) -> Answer:
    """One time as the present viewer may see it."""
    return find_shown_session(coaching_session.engagement, coaching_session.public_id)


def _check_plan(engagement: Engagement, body: Body, at: datetime) -> None:
    """What the form checks of a plan and no action. Raises FieldsInvalid."""
    if body["starts_at"] > at + FURTHEST:
        refuse_field("/starts_at", _("Choose a day within the next two years."))
    check_link(engagement, body)


def check_link(engagement: Engagement, body: Body) -> None:
    """A link is an address of the web, where one meets there. Raises FieldsInvalid."""
    if body["link"] and WORDS_BY_KIND[engagement.provider.kind].link is None:
        refuse_field("/link", _("Say where, so that both know where to go."))
    if body["link"] and not is_web_address(body["link"]):
        refuse_field("/link", _("Give a whole address, beginning with https://"))
