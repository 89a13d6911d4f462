"""What programs do with the hours of a provider."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import marshmallow as ma
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.calendars import actions, queries
from app.calendars.addresses import address_of_feed
from app.calendars.values import DayHours, Difference
from app.clock import now
from app.extensions import db, get_settings
from app.profiles.queries import find_provider
from app.transactions import writing
from app.web.api import VERSION_PATH, ApiBlueprint, changes_version, operation
from app.web.api_body import refuse_field
from app.web.api_fields import (
    ApiSchema,
    Code,
    Day,
    Line,
    Listed,
    Moment,
    NothingSchema,
    Whole,
)
from app.web.api_variants import Variant, vary
from app.web.api_versions import ETAG, require_present, write_content_tag
from app.web.identity import get_current_actor, get_current_person
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.kind_words import WORDS_BY_KIND
from app.words.limits import LINE_LIMIT
from models.calendars import (
    DAY_MINUTES,
    HORIZON_DAYS_RANGE,
    LINK_LIMIT,
    MONTH_LIMIT_RANGE,
    NOTICE_HOURS_RANGE,
    SOURCE_URL_LIMIT,
    WEEK_LIMIT_RANGE,
    AvailabilityException,
    BusySource,
    ExceptionKind,
)
from models.providers import Provider

blueprint = ApiBlueprint(
    "calendars_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="When providers can be met. 支持方何时可以见面。",
)


class HoursSchema(ApiSchema):
    """From when to when on one weekday, Monday is 1, in minutes after midnight. 每周时段。"""

    weekday = Whole(low=1, high=7, required=True)
    begins = Whole(low=0, high=DAY_MINUTES, required=True)
    ends = Whole(low=0, high=DAY_MINUTES, required=True)


@vary(
    Variant("MeetingHoursChange", "Of a mentor or an investor. 导师或投资机构的可约时间的更改。"),
    Variant(
        "ReceivingHoursChange",
        "Of a centre, whose startups come to its `place`. 中心的接待时间的更改。",
        without=("link",),
    ),
)
class AvailabilityChangeSchema(ApiSchema):
    """What is to be changed; quarters of an hour; null takes a limit away. 可约时间的更改。"""

    time_zone = Line(least=1, most=64)
    hours = Listed(ma.fields.Nested(HoursSchema), most=42)
    buffer_minutes = Whole(low=0, high=120)
    week_limit = Whole(low=WEEK_LIMIT_RANGE[0], high=WEEK_LIMIT_RANGE[1], allow_none=True)
    month_limit = Whole(low=MONTH_LIMIT_RANGE[0], high=MONTH_LIMIT_RANGE[1], allow_none=True)
    notice_hours = Whole(low=NOTICE_HOURS_RANGE[0], high=NOTICE_HOURS_RANGE[1])
    horizon_days = Whole(low=HORIZON_DAYS_RANGE[0], high=HORIZON_DAYS_RANGE[1])
    place = Line(most=LINE_LIMIT)
    link = Line(most=LINK_LIMIT)


class NewExceptionSchema(ApiSchema):
    """Days that differ from every week, between two minutes of the day. 例外日期。"""

    kind = Code(ExceptionKind, required=True)
    first_on = Day(required=True)
    last_on = Day(required=True)
    begins = Whole(low=0, high=DAY_MINUTES, load_default=0)
    ends = Whole(low=0, high=DAY_MINUTES, load_default=DAY_MINUTES)


class FeedSchema(ma.Schema):
    """The address for calendar programs; null where there is none. 日历订阅地址。"""

    url = ma.fields.String(required=True, allow_none=True)


class NewBusyCalendarSchema(ApiSchema):
    """The public address of a calendar in iCalendar form. 要读取的日历地址。"""

    url = Line(least=1, most=SOURCE_URL_LIMIT, required=True)


class BusyCalendarSchema(ma.Schema):
    """A calendar elsewhere; `problem` says why the last reading failed. 忙闲日历。"""

    id = ma.fields.String(required=True)
    url = ma.fields.String(required=True)
    created_at = Moment(required=True)
    read_at = Moment(required=True, allow_none=True)
    problem = ma.fields.String(required=True, allow_none=True)


class BusyCalendarsSchema(ma.Schema):
    """All of them: a person has three at most. 忙闲日历列表，每人最多三个。"""

    items = ma.fields.List(ma.fields.Nested(BusyCalendarSchema), required=True)


class ExceptionSchema(ma.Schema):
    """Days that differ. 例外日期。"""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    first_on = ma.fields.Date(required=True)
    last_on = ma.fields.Date(required=True)
    begins = ma.fields.Integer(required=True)
    ends = ma.fields.Integer(required=True)


class ShownHoursSchema(ma.Schema):
    """A stretch of every week. 每周时段。"""

    weekday = ma.fields.Integer(required=True)
    begins = ma.fields.Integer(required=True)
    ends = ma.fields.Integer(required=True)


@vary(
    Variant(
        "MeetingHours",
        "When a mentor or an investor can be met. 导师或投资机构的可约时间。",
        always=("link",),
    ),
    Variant(
        "ReceivingHours",
        "When a centre receives, at its `place`. 中心的接待时间。",
        without=("link",),
    ),
)
class AvailabilitySchema(ma.Schema):
    """When a provider can be met; `updated_at` is null where nothing was set. 可约时间。"""

    provider = ma.fields.String(required=True)
    time_zone = ma.fields.String(required=True)
    hours = ma.fields.List(ma.fields.Nested(ShownHoursSchema), required=True)
    buffer_minutes = ma.fields.Integer(required=True)
    week_limit = ma.fields.Integer(required=True, allow_none=True)
    month_limit = ma.fields.Integer(required=True, allow_none=True)
    notice_hours = ma.fields.Integer(required=True)
    horizon_days = ma.fields.Integer(required=True)
    place = ma.fields.String(required=True)
    link = ma.fields.String()
    exceptions = ma.fields.List(ma.fields.Nested(ExceptionSchema), required=True)
    updated_at = Moment(required=True, allow_none=True)


@blueprint.get("/providers/<public_id>/availability")
@operation("providers:read", "availability:view", subject=find_provider)
@blueprint.response(200, AvailabilitySchema, headers=ETAG)
def read_availability(provider: Provider) -> ResponseReturnValue:
    """Weekly hours, limits, and the days that differ."""
    return _answer(provider)


@blueprint.patch("/providers/<public_id>/availability")
@operation("providers:write", "availability:edit", subject=find_provider)
@changes_version
@once(needs_key=False)
@blueprint.arguments(AvailabilityChangeSchema)
@blueprint.response(200, AvailabilitySchema, headers=ETAG)
def change_availability(provider: Provider, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Change what is given; `hours` replaces all weekly hours. What is booked stays."""
    changes = dict(body)
    if "link" in changes and not _meets_at_links(provider):
        refuse_field("/link", _("Say where, so that both know where to go."))
    if "hours" in changes:
        changes["hours"] = tuple(
            DayHours(each["weekday"] - 1, each["begins"], each["ends"]) for each in body["hours"]
        )
    with writing(db.session):
        _lock(provider)
        present = _show(provider)
        require_present(_list_set(present), AvailabilitySchema().dump(present))
        stored = queries.find_availability(db.session, provider.id)
        zone = _get_zone(provider)
        actions.set_availability(
            db.session,
            provider=provider,
            values=replace(queries.read_values(stored, time_zone=zone), **changes),
            actor=get_current_actor(),
            at=now(),
        )
    return _answer(provider)


@blueprint.post("/providers/<public_id>/availability/exceptions")
@operation("providers:write", "availability:edit", subject=find_provider, refusals=(409,))
@once()
@blueprint.arguments(NewExceptionSchema)
@blueprint.response(201, ExceptionSchema)
def add_availability_exception(provider: Provider, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Some days differ: away, or to be met in addition."""
    added = carry_out(
        actions.add_exception,
        provider=provider,
        difference=Difference(
            body["kind"], body["first_on"], body["last_on"], body["begins"], body["ends"]
        ),
    )
    found_at = url_for("calendars_api.read_availability", public_id=provider.public_id)
    return _show_exception(added), 201, {"Location": found_at}


@blueprint.post("/availability-exceptions/<public_id>/remove")
@operation("providers:write", "availability:remove_exception", subject=queries.find_exception)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ExceptionSchema)
def remove_availability_exception(
    exception: AvailabilityException, body: Mapping[str, Any]
) -> dict[str, Any]:
    """The weekly hours hold again; the answer is what was removed."""
    shown = _show_exception(exception)
    carry_out(actions.remove_exception, exception=exception)
    return shown


@blueprint.post("/calendar-feed")
@operation("sessions:write", "account:edit")
@once()
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(201, FeedSchema)
def renew_calendar_feed(body: Mapping[str, Any]) -> ResponseReturnValue:
    """A new secret address of one's own times, told this once; a former one is void."""
    token = carry_out(actions.renew_feed, person=get_current_person())
    address = get_settings().public_url + address_of_feed(token)
    return {"url": address}, 201, {"Location": address_of_feed(token)}


@blueprint.post("/calendar-feed/revoke")
@operation("sessions:write", "account:edit")
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, FeedSchema)
def revoke_calendar_feed(body: Mapping[str, Any]) -> dict[str, Any]:
    """Nobody fetches one's own times any more."""
    carry_out(actions.revoke_feed, person=get_current_person())
    return {"url": None}


@blueprint.get("/busy-calendars")
@operation("sessions:read", "account:edit")
@blueprint.response(200, BusyCalendarsSchema)
def list_busy_calendars() -> dict[str, Any]:
    """The calendars elsewhere that are read for oneself."""
    found = queries.list_sources(db.session, get_current_person())
    return {"items": [_show_source(each) for each in found]}


@blueprint.post("/busy-calendars")
@operation("sessions:write", "account:edit", refusals=(409,))
@once()
@blueprint.arguments(NewBusyCalendarSchema)
@blueprint.response(201, BusyCalendarSchema)
def add_busy_calendar(body: Mapping[str, Any]) -> ResponseReturnValue:
    """A calendar elsewhere is read: one cannot be booked when it says that one is taken."""
    source = carry_out(actions.add_source, person=get_current_person(), url=body["url"])
    found_at = url_for("calendars_api.list_busy_calendars")
    return _show_source(source), 201, {"Location": found_at}


@blueprint.post("/busy-calendars/<public_id>/remove")
@operation("sessions:write", "calendar:remove_source", subject=queries.find_source)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, BusyCalendarSchema)
def remove_busy_calendar(source: BusySource, body: Mapping[str, Any]) -> dict[str, Any]:
    """It is read no more, and what was read is gone; the answer is what it was."""
    shown = _show_source(source)
    carry_out(actions.remove_source, source=source)
    return shown


def _show_source(source: BusySource) -> dict[str, Any]:
    return {
        "id": source.public_id,
        "url": source.url,
        "created_at": source.created_at,
        "read_at": source.read_at,
        "problem": source.problem or None,
    }


def _get_zone(provider: Provider) -> str:
    """That of whoever is met, where the provider has set none."""
    members = queries.list_members(db.session, provider)
    return members[0].time_zone if members else "UTC"


def _answer(provider: Provider) -> ResponseReturnValue:
    shown = _show(provider)
    return shown, {"ETag": write_content_tag(_list_set(shown))}


def _list_set(shown: Mapping[str, Any]) -> dict[str, Any]:
    """What a change can be about: days that differ come and go with operations of their own."""
    return {name: value for name, value in shown.items() if name != "exceptions"}


def _show(provider: Provider) -> dict[str, Any]:
    availability = queries.find_availability(db.session, provider.id)
    values = queries.read_values(availability, time_zone=_get_zone(provider))
    return {
        "provider": provider.public_id,
        "time_zone": values.time_zone,
        "hours": [
            {"weekday": each.weekday + 1, "begins": each.begins, "ends": each.ends}
            for each in values.hours
        ],
        "buffer_minutes": values.buffer_minutes,
        "week_limit": values.week_limit,
        "month_limit": values.month_limit,
        "notice_hours": values.notice_hours,
        "horizon_days": values.horizon_days,
        "place": values.place,
        **({"link": values.link} if _meets_at_links(provider) else {}),
        "exceptions": [
            _show_exception(each)
            for each in (queries.list_exceptions(availability, now()) if availability else ())
        ],
        "updated_at": availability.updated_at if availability else None,
    }


def _meets_at_links(provider: Provider) -> bool:
    """A centre is met at its place."""
    return WORDS_BY_KIND[provider.kind].link is not None


def _show_exception(exception: AvailabilityException) -> dict[str, Any]:
    return {
        "id": exception.public_id,
        "kind": exception.kind.value,
        "first_on": exception.first_on,
        "last_on": exception.last_on,
        "begins": exception.begins_minute,
        "ends": exception.ends_minute,
    }


def _lock(provider: Provider) -> None:
    """Whoever else changes it waits for the commit; it is read afresh."""
    # Apart from the refresh, which joins tables that cannot be locked.
    chosen = select(Provider.id).where(Provider.id == provider.id)
    db.session.execute(chosen.with_for_update(key_share=True))
    db.session.refresh(provider)
