"""Instruments of centres for programs: listed, changed, out of use, who comes when."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import marshmallow as ma
from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.clock import now, today
from app.errors import NotFound
from app.extensions import db
from app.transactions import writing
from app.verification.actions import instruments as actions
from app.verification.api.room import blueprint
from app.verification.queries import instruments as queries
from app.verification.queries.orders import find_centre
from app.verification.rules import InstrumentValues, Span
from app.web.api import changes_version, operation
from app.web.api_fields import (
    ApiSchema,
    Day,
    Flag,
    Id,
    Line,
    Moment,
    Text,
    Whole,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.repeats import once
from app.web.steps import carry_out
from models.instruments import (
    DAY_MINUTES,
    INSTRUMENT_LIMIT,
    LONGEST_MINUTES,
    MOST_HORIZON_DAYS,
    MOST_MISSED,
    MOST_NOTICE_HOURS,
    MOST_PLACES,
    SLOT_NOTE_LIMIT,
    STEP_MINUTES,
    Instrument,
    InstrumentOutage,
    Slot,
)
from models.providers import Provider


class OutageSchema(ma.Schema):
    """When an instrument cannot be used. 停用时段。"""

    id = ma.fields.String(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    reason = ma.fields.String(required=True)


class InstrumentSchema(ma.Schema):
    """An instrument with its rules; minutes of the day by the clock of China. 仪器设备。"""

    id = ma.fields.String(required=True)
    centre = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    is_open = ma.fields.Boolean(required=True)
    places = ma.fields.Integer(required=True)
    least_minutes = ma.fields.Integer(required=True)
    most_minutes = ma.fields.Integer(required=True)
    opens_minute = ma.fields.Integer(required=True)
    closes_minute = ma.fields.Integer(required=True)
    is_weekdays_only = ma.fields.Boolean(required=True)
    notice_hours = ma.fields.Integer(required=True)
    horizon_days = ma.fields.Integer(required=True)
    day_minutes = ma.fields.Integer(required=True, allow_none=True)
    cancel_hours = ma.fields.Integer(required=True)
    most_missed = ma.fields.Integer(required=True, allow_none=True)
    version = ma.fields.Integer(required=True)
    outages = ma.fields.List(ma.fields.Nested(OutageSchema), required=True)


class InstrumentsSchema(ma.Schema):
    """All instruments of a centre: it has a hundred at most. 仪器设备清单，最多一百台。"""

    items = ma.fields.List(ma.fields.Nested(InstrumentSchema), required=True)


class SlotSchema(ma.Schema):
    """A place of an instrument for one order, from when to when. 机时预约。"""

    id = ma.fields.String(required=True)
    instrument = ma.fields.String(required=True)
    order = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    place = ma.fields.Integer(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    booked_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)
    note = ma.fields.String(required=True)


class MisfitSchema(ma.Schema):
    """A booked slot that the rules of now would not allow, and why. 待处理的冲突。"""

    slot = ma.fields.String(required=True)
    breaches = ma.fields.List(ma.fields.String(), required=True)


class InLineSchema(ma.Schema):
    """Who waits for a slot. 候补。"""

    order = ma.fields.String(required=True)
    minutes = ma.fields.Integer(required=True)
    from_at = Moment(required=True)
    until_at = Moment(required=True)
    told_at = Moment(required=True, allow_none=True)


class BenchSchema(ma.Schema):
    """A week of an instrument: who comes, what no longer fits, who waits. 一周排程。"""

    slots = ma.fields.List(ma.fields.Nested(SlotSchema), required=True)
    misfits = ma.fields.List(ma.fields.Nested(MisfitSchema), required=True)
    waiting = ma.fields.List(ma.fields.Nested(InLineSchema), required=True)


class InstrumentValuesSchema(ApiSchema):
    """What a centre says of an instrument. 仪器设备内容与规则。"""

    name = Line(least=1, most=INSTRUMENT_LIMIT, required=True)
    description = Text(most=SLOT_NOTE_LIMIT, load_default="")
    is_open = Flag(load_default=True)
    places = Whole(low=1, high=MOST_PLACES, load_default=1)
    least_minutes = Whole(low=STEP_MINUTES, high=LONGEST_MINUTES, load_default=60)
    most_minutes = Whole(low=STEP_MINUTES, high=LONGEST_MINUTES, load_default=480)
    opens_minute = Whole(low=0, high=DAY_MINUTES, load_default=0)
    closes_minute = Whole(low=0, high=DAY_MINUTES, load_default=DAY_MINUTES)
    is_weekdays_only = Flag(load_default=False)
    notice_hours = Whole(low=0, high=MOST_NOTICE_HOURS, load_default=24)
    horizon_days = Whole(low=1, high=MOST_HORIZON_DAYS, load_default=60)
    day_minutes = Whole(low=STEP_MINUTES, high=DAY_MINUTES, load_default=None, allow_none=True)
    cancel_hours = Whole(low=0, high=MOST_NOTICE_HOURS, load_default=24)
    most_missed = Whole(low=1, high=MOST_MISSED, load_default=None, allow_none=True)


class InstrumentChangeSchema(ApiSchema):
    """What of an instrument is to be changed. 修改仪器设备。"""

    name = Line(least=1, most=INSTRUMENT_LIMIT)
    description = Text(most=SLOT_NOTE_LIMIT)
    is_open = Flag()
    places = Whole(low=1, high=MOST_PLACES)
    least_minutes = Whole(low=STEP_MINUTES, high=LONGEST_MINUTES)
    most_minutes = Whole(low=STEP_MINUTES, high=LONGEST_MINUTES)
    opens_minute = Whole(low=0, high=DAY_MINUTES)
    closes_minute = Whole(low=0, high=DAY_MINUTES)
    is_weekdays_only = Flag()
    notice_hours = Whole(low=0, high=MOST_NOTICE_HOURS)
    horizon_days = Whole(low=1, high=MOST_HORIZON_DAYS)
    day_minutes = Whole(low=STEP_MINUTES, high=DAY_MINUTES, allow_none=True)
    cancel_hours = Whole(low=0, high=MOST_NOTICE_HOURS)
    most_missed = Whole(low=1, high=MOST_MISSED, allow_none=True)


class OutageAddSchema(ApiSchema):
    """When it cannot be used. 新增停用时段。"""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    reason = Line(most=INSTRUMENT_LIMIT, load_default="")


class OutageRemoveSchema(ApiSchema):
    """Which outage is over. 取消停用。"""

    outage = Id(required=True)


class BenchQuerySchema(ApiSchema):
    """From which day a week is shown, today unless said. 起始日。"""

    first_on = Day(load_default=None)


@blueprint.get("/providers/<public_id>/instruments")
@operation("orders:read", "instrument:list", subject=find_centre)
@blueprint.response(200, InstrumentsSchema)
def list_instruments(provider: Provider) -> dict[str, Any]:
    """All instruments of a centre."""
    found = queries.list_instruments(db.session, provider)
    return {"items": [show_instrument(each) for each in found]}


@blueprint.post("/providers/<public_id>/instruments")
@operation("orders:write", "instrument:add", subject=find_centre)
@once()
@blueprint.arguments(InstrumentValuesSchema)
@blueprint.response(201, InstrumentSchema)
def add_instrument(provider: Provider, body: Mapping[str, Any]) -> ResponseReturnValue:
    """List an instrument."""
    instrument = carry_out(
        actions.add_instrument, provider=provider, values=InstrumentValues(**body)
    )
    path = url_for("verification_api.read_instrument", public_id=instrument.public_id)
    return show_instrument(instrument), 201, {"Location": path}


@blueprint.get("/instruments/<public_id>")
@operation("orders:read", "instrument:view", subject=queries.find_instrument)
@blueprint.response(200, InstrumentSchema, headers=ETAG)
def read_instrument(instrument: Instrument) -> Response:
    """One instrument with its rules."""
    return _VERSIONS.answer(instrument)


@blueprint.patch("/instruments/<public_id>")
@operation("orders:write", "instrument:edit", subject=queries.find_instrument, refusals=(409,))
@changes_version
@blueprint.arguments(InstrumentChangeSchema)
@blueprint.response(200, InstrumentSchema, headers=ETAG)
def edit_instrument(instrument: Instrument, body: Mapping[str, Any]) -> Response:
    """Change its rules, only what is given; booked slots stay, what no longer fits is named."""
    with _VERSIONS.changing(instrument) as version, writing(db.session):
        actions.edit_instrument(
            db.session,
            instrument=instrument,
            values=replace(queries.read_values(instrument), **body),
            version=version,
            actor=get_current_actor(),
            at=now(),
        )
    return _VERSIONS.answer(instrument)


@blueprint.post("/instruments/<public_id>/outages")
@operation("orders:write", "instrument:edit", subject=queries.find_instrument)
@once()
@blueprint.arguments(OutageAddSchema)
@blueprint.response(200, InstrumentSchema)
def add_outage(instrument: Instrument, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say when it cannot be used."""
    return _take(
        instrument,
        actions.add_outage,
        instrument=instrument,
        span=Span(body["starts_at"], body["ends_at"]),
        reason=body["reason"],
    )


@blueprint.post("/instruments/<public_id>/outages/remove")
@operation("orders:write", "instrument:edit", subject=queries.find_instrument)
@once(needs_key=False)
@blueprint.arguments(OutageRemoveSchema)
@blueprint.response(200, InstrumentSchema)
def remove_outage(instrument: Instrument, body: Mapping[str, Any]) -> dict[str, Any]:
    """It can be used again."""
    outages = [each for each in instrument.outages if each.public_id == body["outage"]]
    if not outages:
        raise NotFound
    return _take(instrument, actions.remove_outage, outage=outages[0])


@blueprint.get("/instruments/<public_id>/bench")
@operation("orders:read", "instrument:view", subject=queries.find_instrument)
@blueprint.arguments(BenchQuerySchema, location="query")
@blueprint.response(200, BenchSchema)
def read_bench(instrument: Instrument, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A week of it: who comes when, what no longer fits, who waits."""
    at = now()
    first = asked["first_on"] or today(at)
    if abs((first - today(at)).days) > 800:
        first = today(at)
    return {
        "slots": [show_slot(each) for each in queries.list_slots(db.session, instrument, first)],
        "misfits": [
            {
                "slot": each.slot.public_id,
                "breaches": [breach.value for breach in each.breaches],
            }
            for each in queries.list_misfits(db.session, instrument, at)
        ],
        "waiting": [
            {
                "order": wish.order.public_id,
                "minutes": wish.minutes,
                "from_at": wish.from_at,
                "until_at": wish.until_at,
                "told_at": wish.told_at,
            }
            for wish in queries.list_line(db.session, instrument, at)
        ],
    }


def show_instrument(instrument: Instrument) -> dict[str, Any]:
    """An instrument as programs read it."""
    shown = {
        name: getattr(instrument, name)
        for name in InstrumentSchema().fields
        if name not in ("id", "centre", "outages")
    }
    return shown | {
        "id": instrument.public_id,
        "centre": instrument.provider.public_id,
        "outages": [_show_outage(each) for each in instrument.outages],
    }


def show_slot(slot: Slot) -> dict[str, Any]:
    """A slot as programs of either side read it."""
    return {
        "id": slot.public_id,
        "instrument": slot.instrument.public_id,
        "order": slot.order.public_id,
        "state": slot.state,
        "place": slot.place,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "booked_at": slot.booked_at,
        "ended_at": slot.ended_at,
        "note": slot.note,
    }


def _take(shown: Instrument, action: Callable[..., object], **values: Any) -> dict[str, Any]:
    carry_out(action, **values)
    return show_instrument(shown)


def _show_outage(outage: InstrumentOutage) -> dict[str, Any]:
    return {name: getattr(outage, name) for name in ("starts_at", "ends_at", "reason")} | {
        "id": outage.public_id
    }


_VERSIONS = Versions(InstrumentSchema, queries.find_instrument, show_instrument)
