"""Slots at instruments: booked, moved, cancelled, used, missed, waived.

Every rule is looked at under the lock of the instrument, and a unique index keeps two slots of one
place apart whatever else goes wrong. Whoever moves keeps every rule as if it were booked anew.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Acting, Actor, get_side, require
from app.errors import NotFound, OutOfOrder, ReasonMissing
from app.verification.actions.instruments import lock_instrument
from app.verification.actions.waiting_lists import end_wish, tell_next
from app.verification.errors import (
    InstrumentClosed,
    SlotNotPossible,
    SlotTaken,
    SlotTooLate,
    SlotUnfit,
    TooManyMissed,
)
from app.verification.inviting import say_slot, tell_of_slot
from app.verification.queries.instruments import (
    has_missed_too_many,
    list_others,
    list_taken_places,
    read_values,
)
from app.verification.rules import Breach, Span, is_far, list_breaches, list_too_near_or_far
from app.verification.standing import can_book
from app.verification.trace import leave_step, lock_order, tell_side
from app.verification.words import word_breaches
from app.words.wording import keep_moments
from models.instruments import SLOT_NOTE_LIMIT, Instrument, Slot, SlotStep
from models.lifecycle import SLOT
from models.verification import VerificationOrder
from models.vocabulary import Side


def book_slot(
    session: Session,
    *,
    order: VerificationOrder,
    instrument: Instrument,
    span: Span,
    actor: Actor,
    at: datetime,
) -> Slot:
    """`order` has a place of `instrument` during `span`, and waits there no more.

    Raises NotPermitted, SlotNotPossible, InstrumentClosed, TooManyMissed, SlotUnfit, SlotTaken.
    """
    require(actor, "slot:book", order)
    lock_order(session, order)
    if not can_book(order) or instrument.provider_id != order.engagement.provider_id:
        raise SlotNotPossible
    lock_instrument(session, instrument)
    if not instrument.is_open:
        raise InstrumentClosed
    if has_missed_too_many(session, instrument, order.engagement.startup_id, at):
        raise TooManyMissed
    place = _find_place(session, order, instrument, span, at=at)
    slot = _put(session, order, instrument, place, span, actor=actor, at=at)
    end_wish(session, order, instrument)
    leave_step(session, order, "slot_booked", actor=actor, at=at)
    tell_of_slot(session, slot, "slot_booked", by=Side.STARTUP, at=at)
    return slot


def move_slot(session: Session, *, slot: Slot, span: Span, actor: Actor, at: datetime) -> Slot:
    """Another slot takes the place of `slot`, which ends; gives the new one.

    The startup can no more once it would be late to cancel; the centre until it begins, whatever
    the notice, and also where nothing new is taken. Raises NotPermitted, ActionNotAllowed,
    SlotTooLate, SlotNotPossible for an order that goes on no more, InstrumentClosed, SlotUnfit,
    SlotTaken.
    """
    order = slot.order
    require(actor, "slot:change", slot)
    _lock(session, slot)
    state = SLOT.follow("move", slot.state)
    is_centre = get_side(actor, order.engagement) is Side.PROVIDER
    if slot.starts_at <= at or (not is_centre and _is_late(slot, at)):
        raise SlotTooLate
    if not can_book(order):
        raise SlotNotPossible
    if not is_centre and not slot.instrument.is_open:
        raise InstrumentClosed
    place = _find_place(
        session, order, slot.instrument, span, at=at, is_of_centre=is_centre, but=slot
    )
    _end(session, slot, state, actor=actor, at=at)
    moved = _put(session, order, slot.instrument, place, span, actor=actor, at=at)
    moved.follows_id = slot.id
    session.flush()
    leave_step(session, order, "slot_moved", actor=actor, at=at)
    tell_of_slot(
        session,
        moved,
        "slot_moved",
        by=Side.PROVIDER if is_centre else Side.STARTUP,
        at=at,
        facts=keep_moments({"former": slot.starts_at}),
    )
    tell_next(session, slot.instrument, at=at)
    return moved


def cancel_slot(session: Session, *, slot: Slot, reason: str, actor: Actor, at: datetime) -> None:
    """One side gives it up, and says why; who is next in line is told.

    A startup that does so later than the rules allow is counted. Raises NotPermitted,
    ReasonMissing, ActionNotAllowed, SlotTooLate once it has begun.
    """
    order = slot.order
    require(actor, "slot:change", slot)
    _require_note(reason)
    _lock(session, slot)
    is_centre = get_side(actor, order.engagement) is Side.PROVIDER
    is_late = not is_centre and _is_late(slot, at)
    state = SLOT.follow("cancel_late" if is_late else "cancel", slot.state)
    if slot.starts_at <= at:
        raise SlotTooLate
    _end(session, slot, state, actor=actor, at=at, note=reason)
    leave_step(session, order, "slot_cancelled", actor=actor, at=at, note=reason)
    by = Side.PROVIDER if is_centre else Side.STARTUP
    tell_of_slot(session, slot, "slot_cancelled", by=by, at=at, facts={"reason": reason})
    tell_next(session, slot.instrument, at=at)


def use_slot(session: Session, *, slot: Slot, actor: Actor, at: datetime) -> None:
    """The centre says that it took place. Raises NotPermitted, ActionNotAllowed, OutOfOrder."""
    require(actor, "slot:judge", slot)
    _lock(session, slot)
    state = SLOT.follow("use", slot.state)
    if at < slot.starts_at:
        raise OutOfOrder
    _close(slot, state, actor=actor, at=at)
    leave_step(session, slot.order, "slot_used", actor=actor, at=at)


def miss_slot(session: Session, *, slot: Slot, reason: str, actor: Actor, at: datetime) -> None:
    """The centre says that nobody came; the startup is told, and what is left of it is free.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed, OutOfOrder before it has begun.
    """
    require(actor, "slot:judge", slot)
    _require_note(reason)
    _lock(session, slot)
    state = SLOT.follow("miss", slot.state)
    if at < slot.starts_at:
        raise OutOfOrder
    _end(session, slot, state, actor=actor, at=at, note=reason)
    leave_step(session, slot.order, "slot_missed", actor=actor, at=at, note=reason)
    facts = say_slot(slot) | {"reason": reason}
    tell_side(session, slot.order, Side.STARTUP, "slot_missed", at=at, facts=facts)
    tell_next(session, slot.instrument, at=at)


def waive_slot(session: Session, *, slot: Slot, reason: str, actor: Actor, at: datetime) -> None:
    """What was missed or cancelled late does not count, says the centre, and why.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    require(actor, "slot:judge", slot)
    _require_note(reason)
    _lock(session, slot)
    slot.state = SLOT.follow("waive", slot.state)
    # The words are theirs now, and go with them.
    slot.ended_by_id = actor.person_id
    slot.note = reason
    leave_step(session, slot.order, "slot_waived", actor=actor, at=at, note=reason)
    facts = say_slot(slot) | {"reason": reason}
    tell_side(session, slot.order, Side.STARTUP, "slot_waived", at=at, facts=facts)


def free_slots_of(
    session: Session, order: VerificationOrder, *, by: Acting, at: datetime, reason: str
) -> None:
    """`order`, which is locked, ends: slots that have not begun are free, and it waits no more.

    A startup that ends it is counted for those that it could not have given up for nothing.
    """
    slots = session.scalars(
        select(Slot)
        .where(Slot.order_id == order.id, Slot.state == "booked", Slot.starts_at > at)
        .order_by(Slot.instrument_id, Slot.id)
    ).all()
    # Before any wish: whoever tells a line has locked its instrument, then changes wishes.
    for slot in slots:
        lock_instrument(session, slot.instrument)
    end_wish(session, order)
    is_startup = isinstance(by, Actor) and get_side(by, order.engagement) is Side.STARTUP
    for slot in slots:
        action = "cancel_late" if is_startup and _is_late(slot, at) else "cancel"
        _end(session, slot, SLOT.follow(action, slot.state), actor=by, at=at, note=reason)
        tell_of_slot(session, slot, "slot_not_needed", at=at)
        tell_next(session, slot.instrument, at=at)


def _find_place(
    session: Session,
    order: VerificationOrder,
    instrument: Instrument,
    span: Span,
    *,
    at: datetime,
    is_of_centre: bool = False,
    but: Slot | None = None,
) -> int:
    """The lowest place that is free, where no rule stands against it; `but` is in nobody's way."""
    if is_far(span, at):
        raise SlotUnfit(because=word_breaches([Breach.HORIZON]))
    values = read_values(instrument)
    outages = [Span(each.starts_at, each.ends_at) for each in instrument.outages]
    others = list_others(session, instrument, order.engagement.startup_id, span, but)
    breaches = list_breaches(values, span, outages, others)
    if not is_of_centre:
        breaches += list_too_near_or_far(values, span, at)
    elif span.starts_at <= at:
        raise SlotTooLate
    if breaches:
        raise SlotUnfit(because=word_breaches(breaches))
    taken = list_taken_places(session, instrument, span, but)
    free = [place for place in range(1, instrument.places + 1) if place not in taken]
    if not free:
        raise SlotTaken
    return free[0]


def _put(
    session: Session,
    order: VerificationOrder,
    instrument: Instrument,
    place: int,
    span: Span,
    *,
    actor: Actor,
    at: datetime,
) -> Slot:
    slot = Slot(
        instrument=instrument,
        order=order,
        place=place,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        booked_at=at,
        booked_by_id=actor.person_id,
        state="booked",
        steps=[
            SlotStep(instrument_id=instrument.id, place=place, begins_at=begins_at)
            for begins_at in span.list_steps()
        ],
    )
    try:
        with session.begin_nested():
            session.add(slot)
    except IntegrityError as error:
        raise SlotTaken from error
    return slot


def _lock(session: Session, slot: Slot) -> None:
    lock_order(session, slot.order)
    lock_instrument(session, slot.instrument)
    found = session.scalar(
        select(Slot).where(Slot.id == slot.id).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound


def _end(
    session: Session, slot: Slot, state: str, *, actor: Acting, at: datetime, note: str = ""
) -> None:
    """It takes no time any more, but what is over of it."""
    _close(slot, state, actor=actor, at=at)
    slot.note = note
    session.flush()
    session.execute(
        delete(SlotStep)
        .where(SlotStep.slot_id == slot.id, SlotStep.begins_at >= at)
        .execution_options(synchronize_session="fetch")
    )
    session.expire(slot, ["steps"])


def _close(slot: Slot, state: str, *, actor: Acting, at: datetime) -> None:
    slot.state = state
    slot.ended_at = at
    slot.ended_by_id = actor.person_id


def _is_late(slot: Slot, at: datetime) -> bool:
    return at > slot.starts_at - timedelta(hours=slot.instrument.cancel_hours)


def _require_note(words: str) -> None:
    if not 0 < len(words) <= SLOT_NOTE_LIMIT:
        raise ReasonMissing
