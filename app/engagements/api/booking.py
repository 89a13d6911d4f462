"""Free times and offered times for programs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import marshmallow as ma
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.calendars.local_times import FURTHEST
from app.clock import now
from app.engagements import queries
from app.engagements.actions import booking as actions
from app.engagements.api import planning
from app.engagements.api.room import blueprint
from app.engagements.api.shown_times import BookedSchema
from app.engagements.attending import choose_by_address
from app.engagements.errors import NotTogether
from app.engagements.forms import LINK_LIMIT
from app.engagements.queries.booking import get_booking_view, read_free_times
from app.engagements.together import find_partner
from app.extensions import db
from app.transactions import writing
from app.web.api import operation
from app.web.api_body import refuse_field
from app.web.api_fields import ApiSchema, Count, Flag, Line, Listed, Moment, NothingSchema, Whole
from app.web.api_variants import Variant, vary
from app.web.identity import get_current_actor
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.kind_words import WORDS_BY_KIND
from app.words.limits import LINE_LIMIT
from models.attendees import MOST_ATTENDEES
from models.calendars import LENGTHS, MOST_OFFERED
from models.engagements import CoachingSession, Engagement
from models.vocabulary import ProviderKind

# What can be asked for at once: six weeks, as a month is shown.
_LONGEST = timedelta(days=42)
# Characters: every one of them can take twelve bytes in an address, which has 32 kB with its head.
_ADDRESSES_LIMIT = 2_000


class FreeTimesQuerySchema(ApiSchema):
    """From when to when, up to six weeks, and for how long: 30, 45, 60 or 90 minutes."""

    since = Moment(required=True)
    until = Moment(required=True)
    minutes = Count(low=LENGTHS[0], high=LENGTHS[-1], load_default=60)
    # 1: with the second mentor as well.
    together = Count(low=0, high=1, load_default=0)
    attendees = Line(
        most=_ADDRESSES_LIMIT,
        load_default="",
        metadata={
            "description": "Mail addresses of who comes from the startup, with commas. 到场人员。"
        },
    )


class FreeTimesSchema(ma.Schema):
    """The beginnings of all times that can be booked. 空闲时间。"""

    minutes = ma.fields.Integer(required=True)
    starts = ma.fields.List(Moment(), required=True)


@vary(
    Variant(
        "BookSession",
        "A free time of a mentor; without place and link as the mentor has set. 预约辅导。 "
        "`together` books it with the second mentor as well.",
    ),
    Variant(
        "BookTalk",
        "A free time of an investor; without place and link as the fund has set. 预约会谈。",
        without=("together",),
    ),
    Variant(
        "BookAppointment",
        "A free time of a centre; without a place at the one that the centre has set. "
        "预约到中心的时间。",
        without=("link", "together"),
    ),
)
class BookSchema(ApiSchema):
    """A free time; `attendees` are the mail addresses of who comes from the startup. 预约。

    All of them are free then.
    """

    starts_at = Moment(required=True)
    minutes = Whole(low=LENGTHS[0], high=LENGTHS[-1], required=True)
    place = Line(most=LINE_LIMIT, load_default="")
    link = Line(most=LINK_LIMIT, load_default="")
    together = Flag(load_default=False)
    attendees = Listed(
        Line(least=1, most=planning.ADDRESS_LIMIT), most=MOST_ATTENDEES, load_default=list
    )


@vary(
    Variant("OfferMeetings", "Times at which one can be met, and where. 可见面的时间和方式。"),
    Variant(
        "OfferAppointments",
        "Times at which a centre receives, and at which place of it. 中心的接待时间和地点。",
        without=("link",),
    ),
)
class NewOfferSchema(ApiSchema):
    """Up to five times of one length, and where. 提供的时间。"""

    starts = Listed(Moment(), least=1, most=MOST_OFFERED, required=True)
    minutes = Whole(low=LENGTHS[0], high=LENGTHS[-1], required=True)
    place = Line(most=LINE_LIMIT, load_default="")
    link = Line(most=LINK_LIMIT, load_default="")


@vary(
    Variant("OfferedMeetings", "Times at which one can be met. 可见面的时间。", always=("link",)),
    Variant(
        "OfferedAppointments",
        "Times at which a centre receives. 中心的接待时间。",
        without=("link",),
    ),
)
class OfferSchema(ma.Schema):
    """Times of which the startup picks one; none where nothing is offered. 可选时间。"""

    starts = ma.fields.List(Moment(), required=True)
    minutes = ma.fields.Integer(required=True, allow_none=True)
    place = ma.fields.String(required=True)
    link = ma.fields.String()


class PickSchema(ApiSchema):
    """Which of the offered times. 选定的时间。"""

    starts_at = Moment(required=True)


@blueprint.get("/engagements/<public_id>/free-times")
@operation("sessions:read", "session:book", subject=queries.find_engagement)
@blueprint.arguments(FreeTimesQuerySchema, location="query")
@blueprint.response(200, FreeTimesSchema)
def list_free_times(engagement: Engagement, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The times that are free for both sides, by the provider's hours and limits."""
    is_near = asked["since"] > now() - FURTHEST and asked["until"] < now() + FURTHEST
    if not (is_near and timedelta() < asked["until"] - asked["since"] <= _LONGEST):
        refuse_field("until", _("Ask for at most six weeks at once, within the next two years."))
    diary = read_free_times(
        db.session,
        engagement,
        get_current_actor(),
        since=asked["since"],
        until=asked["until"],
        at=now(),
        attendees=choose_by_address(
            db.session, engagement, filter(None, asked["attendees"].split(","))
        ),
        partner=_find_partner(engagement) if asked["together"] else None,
    )
    starts = diary.list_free(asked["minutes"], asked["since"], asked["until"])
    return {"minutes": asked["minutes"], "starts": starts}


@blueprint.post("/engagements/<public_id>/book")
@operation("sessions:write", "session:book", subject=queries.find_engagement, refusals=(409,))
@once()
@blueprint.arguments(BookSchema)
@blueprint.response(201, BookedSchema)
def book_time(engagement: Engagement, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Take a free time: it is confirmed at once, or the answer says who was in the way."""
    planning.check_link(engagement, body)
    with writing(db.session):
        made = actions.book(
            db.session,
            engagement=engagement,
            actor=get_current_actor(),
            at=now(),
            **dict(body)
            | {
                "attendees": choose_by_address(db.session, engagement, body["attendees"]),
            },
        )
    return _answer(made)


@blueprint.get("/engagements/<public_id>/offer")
@operation("sessions:read", "engagement:view", subject=queries.find_engagement)
@blueprint.response(200, OfferSchema)
def read_offer(engagement: Engagement) -> dict[str, Any]:
    """The times that the provider offers."""
    return _show_offer(engagement)


@blueprint.post("/engagements/<public_id>/offer")
@operation("sessions:write", "session:offer", subject=queries.find_engagement, refusals=(409,))
@once(needs_key=False)
@blueprint.arguments(NewOfferSchema)
@blueprint.response(200, OfferSchema)
def offer_times(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """Offer up to five times in place of what was offered before."""
    planning.check_link(engagement, body)
    carry_out(actions.offer_times, engagement=engagement, **body)
    return _show_offer(engagement)


@blueprint.post("/engagements/<public_id>/offer/pick")
@operation("sessions:write", "session:pick", subject=queries.find_engagement, refusals=(409,))
@once()
@blueprint.arguments(PickSchema)
@blueprint.response(201, BookedSchema)
def pick_offered(engagement: Engagement, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Pick one of the offered times: it is confirmed at once."""
    made = carry_out(
        actions.pick_offered,
        engagement=engagement,
        starts_at=body["starts_at"],
    )
    return _answer(made)


@blueprint.post("/engagements/<public_id>/offer/withdraw")
@operation("sessions:write", "session:offer", subject=queries.find_engagement, refusals=(409,))
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, OfferSchema)
def withdraw_offer(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """None of the offered times can be picked any more."""
    carry_out(actions.withdraw_offer, engagement=engagement)
    return _show_offer(engagement)


def _find_partner(engagement: Engagement) -> Engagement:
    """Raises NotTogether."""
    partner = find_partner(db.session, engagement)
    if partner is None:
        raise NotTogether
    return partner


def _answer(made: CoachingSession) -> ResponseReturnValue:
    is_coaching = made.engagement.provider.kind is ProviderKind.MENTOR
    name = "read_session" if is_coaching else "read_time"
    found_at = url_for(f"engagements_api.{name}", public_id=made.public_id)
    return planning.show(made), 201, {"Location": found_at}


def _show_offer(engagement: Engagement) -> dict[str, Any]:
    offer = get_booking_view(db.session, engagement, get_current_actor(), at=now()).offer
    return {
        "starts": list(offer.starts) if offer else [],
        "minutes": offer.minutes if offer else None,
        "place": offer.place if offer else "",
        **(
            {}
            if WORDS_BY_KIND[engagement.provider.kind].link is None
            else {"link": offer.link if offer else ""}
        ),
    }
