"""Slots for programs: what is free, booked, moved, given up, judged; and waiting for one."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import marshmallow as ma

from app.clock import now, today
from app.errors import NotFound
from app.extensions import db
from app.verification.actions import slots as actions
from app.verification.actions import waiting_lists
from app.verification.api.instruments import (
    InstrumentSchema,
    SlotSchema,
    show_instrument,
    show_slot,
)
from app.verification.api.room import blueprint
from app.verification.errors import SlotUnfit
from app.verification.queries import instruments as queries
from app.verification.queries.coming import select_slots
from app.verification.queries.orders import find_order
from app.verification.rules import Breach, Span, make_span
from app.verification.words import word_breaches
from app.web.api import operation, show_list
from app.web.api_fields import (
    ApiSchema,
    Count,
    Id,
    Moment,
    NothingSchema,
    PageSchema,
    State,
    Text,
    Whole,
)
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from models.instruments import LONGEST_MINUTES, SLOT_NOTE_LIMIT, STEP_MINUTES, Instrument, Slot
from models.lifecycle import SLOT
from models.verification import VerificationOrder


class FreeSlotSchema(ma.Schema):
    """When a slot could begin, and on how many places. 空闲机时。"""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    places = ma.fields.Integer(required=True)


class FreeSlotsSchema(ma.Schema):
    """Free times of a week. 一周空闲机时。"""

    items = ma.fields.List(ma.fields.Nested(FreeSlotSchema), required=True)


class WishSchema(ma.Schema):
    """A place in a waiting list, counted from 1. 候补名次。"""

    instrument = ma.fields.String(required=True)
    minutes = ma.fields.Integer(required=True)
    from_at = Moment(required=True)
    until_at = Moment(required=True)
    told_at = Moment(required=True, allow_none=True)
    place_in_line = ma.fields.Integer(required=True)


class OrderSlotsSchema(ma.Schema):
    """The slots of an order, what it waits for, and the instruments it can go to. 委托的机时。"""

    slots = ma.fields.List(ma.fields.Nested(SlotSchema), required=True)
    waiting = ma.fields.List(ma.fields.Nested(WishSchema), required=True)
    instruments = ma.fields.List(ma.fields.Nested(InstrumentSchema), required=True)


class FreeQuerySchema(ApiSchema):
    """At which instrument, how long, and from when; now unless said. 查询空闲机时。"""

    instrument = Id(required=True)
    minutes = Count(low=STEP_MINUTES, high=LONGEST_MINUTES, required=True)
    starts_at = Moment(load_default=None)


class SlotBookSchema(ApiSchema):
    """Which time at which instrument. 预约机时。"""

    instrument = Id(required=True)
    starts_at = Moment(required=True)
    minutes = Whole(low=STEP_MINUTES, high=LONGEST_MINUTES, required=True)


class SlotMoveSchema(ApiSchema):
    """The other time. 改期。"""

    starts_at = Moment(required=True)
    minutes = Whole(low=STEP_MINUTES, high=LONGEST_MINUTES, required=True)


class SlotQuerySchema(PageSchema):
    """Which slots. 查询机时预约。"""

    state = State(SLOT.states, load_default=None)


class SlotReasonSchema(ApiSchema):
    """Why, in words that the other side reads. 原因说明。"""

    reason = Text(least=1, most=SLOT_NOTE_LIMIT, required=True)


class LineJoinSchema(ApiSchema):
    """How long a slot, and between which moments it begins. 加入候补。"""

    instrument = Id(required=True)
    minutes = Whole(low=STEP_MINUTES, high=LONGEST_MINUTES, required=True)
    from_at = Moment(required=True)
    until_at = Moment(required=True)


class LineLeaveSchema(ApiSchema):
    """At which instrument nobody waits any more. 退出候补。"""

    instrument = Id(required=True)


@blueprint.get("/slots")
@operation("orders:read", "order:list")
@blueprint.arguments(SlotQuerySchema, location="query")
@blueprint.response(200, show_list(SlotSchema))
def list_all_slots(asked: Mapping[str, Any]) -> Shown | Lines:
    """The slots of all orders in which one stands on a side, the last booked first."""
    return list_rows(
        select_slots(get_current_actor(), state=asked["state"]),
        asked,
        moment=Slot.booked_at,
        key=Slot.id,
        show=show_slot,
    )


@blueprint.get("/slots/<public_id>")
@operation("orders:read", "slot:view", subject=queries.find_slot)
@blueprint.response(200, SlotSchema)
def read_slot(slot: Slot) -> dict[str, Any]:
    """One slot, for both sides of its order."""
    return show_slot(slot)


@blueprint.get("/orders/<public_id>/slots")
@operation("orders:read", "order:view", subject=find_order)
@blueprint.response(200, OrderSlotsSchema)
def list_slots(order: VerificationOrder) -> dict[str, Any]:
    """The slots of an order, what it waits for, and the instruments of its centre."""
    return _show(order)


@blueprint.get("/orders/<public_id>/slots/free")
@operation("orders:read", "order:view", subject=find_order)
@blueprint.arguments(FreeQuerySchema, location="query")
@blueprint.response(200, FreeSlotsSchema)
def list_free_slots(order: VerificationOrder, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is free in the week from a moment on."""
    at = now()
    begins = asked["starts_at"] or at
    if abs((today(begins) - today(at)).days) > 800:
        begins = at
    found = queries.list_free(
        db.session,
        _get_instrument(order, asked["instrument"]),
        asked["minutes"],
        Span(begins, begins + timedelta(days=queries.DAYS_SHOWN)),
        startup=order.engagement.startup,
        at=at,
    )
    return {
        "items": [
            {"starts_at": each.starts_at, "ends_at": each.ends_at, "places": each.places}
            for each in found
        ]
    }


@blueprint.post("/orders/<public_id>/slots")
@operation("orders:write", "slot:book", subject=find_order)
@once()
@blueprint.arguments(SlotBookSchema)
@blueprint.response(200, SlotSchema)
def book_slot(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take a place of an instrument; every rule is looked at."""
    instrument = _get_instrument(order, body["instrument"])
    slot = carry_out(actions.book_slot, order=order, instrument=instrument, span=_read_span(body))
    return show_slot(slot)


@blueprint.post("/slots/<public_id>/move")
@operation("orders:write", "slot:change", subject=queries.find_slot)
@once()
@blueprint.arguments(SlotMoveSchema)
@blueprint.response(200, SlotSchema)
def move_slot(slot: Slot, body: Mapping[str, Any]) -> dict[str, Any]:
    """Another slot takes its place, by every rule; gives the new one."""
    moved = carry_out(actions.move_slot, slot=slot, span=_read_span(body))
    return show_slot(moved)


@blueprint.post("/slots/<public_id>/cancel")
@operation("orders:write", "slot:change", subject=queries.find_slot)
@once(needs_key=False)
@blueprint.arguments(SlotReasonSchema)
@blueprint.response(200, SlotSchema)
def cancel_slot(slot: Slot, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give it up; who is next in line is told."""
    return _take(slot, actions.cancel_slot, reason=body["reason"])


@blueprint.post("/slots/<public_id>/use")
@operation("orders:write", "slot:judge", subject=queries.find_slot)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, SlotSchema)
def use_slot(slot: Slot, body: Mapping[str, Any]) -> dict[str, Any]:
    """It took place."""
    return _take(slot, actions.use_slot)


@blueprint.post("/slots/<public_id>/miss")
@operation("orders:write", "slot:judge", subject=queries.find_slot)
@once(needs_key=False)
@blueprint.arguments(SlotReasonSchema)
@blueprint.response(200, SlotSchema)
def miss_slot(slot: Slot, body: Mapping[str, Any]) -> dict[str, Any]:
    """Nobody came."""
    return _take(slot, actions.miss_slot, reason=body["reason"])


@blueprint.post("/slots/<public_id>/waive")
@operation("orders:write", "slot:judge", subject=queries.find_slot)
@once(needs_key=False)
@blueprint.arguments(SlotReasonSchema)
@blueprint.response(200, SlotSchema)
def waive_slot(slot: Slot, body: Mapping[str, Any]) -> dict[str, Any]:
    """What was missed or cancelled late does not count."""
    return _take(slot, actions.waive_slot, reason=body["reason"])


@blueprint.post("/orders/<public_id>/slots/wait")
@operation("orders:write", "slot:wait", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(LineJoinSchema)
@blueprint.response(200, OrderSlotsSchema)
def join_line(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Wait for a slot; another wish at that instrument gives way."""
    instrument = _get_instrument(order, body["instrument"])
    carry_out(
        waiting_lists.join_line,
        order=order,
        instrument=instrument,
        minutes=body["minutes"],
        within=Span(body["from_at"], body["until_at"]),
    )
    return _show(order)


@blueprint.post("/orders/<public_id>/slots/leave")
@operation("orders:write", "slot:wait", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(LineLeaveSchema)
@blueprint.response(200, OrderSlotsSchema)
def leave_line(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Wait no more."""
    instrument = _get_instrument(order, body["instrument"])
    carry_out(waiting_lists.leave_line, order=order, instrument=instrument)
    return _show(order)


def _read_span(body: Mapping[str, Any]) -> Span:
    span = make_span(body["starts_at"], body["minutes"])
    if span is None:
        raise SlotUnfit(because=word_breaches([Breach.HORIZON]))
    return span


def _get_instrument(order: VerificationOrder, public_id: str) -> Instrument:
    found = queries.find_instrument(db.session, public_id)
    if found is None or found.provider_id != order.engagement.provider_id:
        raise NotFound
    return found


def _take(slot: Slot, action: Callable[..., object], **values: Any) -> dict[str, Any]:
    carry_out(action, slot=slot, **values)
    return show_slot(slot)


def _show(order: VerificationOrder) -> dict[str, Any]:
    instruments = queries.list_instruments(db.session, order.engagement.provider)
    return {
        "slots": [show_slot(each) for each in queries.list_slots_of(db.session, order)],
        "waiting": [
            {
                "instrument": wish.instrument.public_id,
                "minutes": wish.minutes,
                "from_at": wish.from_at,
                "until_at": wish.until_at,
                "told_at": wish.told_at,
                "place_in_line": place,
            }
            for wish, place in queries.list_wishes_of(db.session, order, now())
        ],
        "instruments": [show_instrument(each) for each in instruments],
    }
