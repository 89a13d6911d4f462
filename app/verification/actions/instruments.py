"""What a centre does with its instruments: lists them, changes their rules, says when they are out.

No edit takes a slot from anybody: what no longer fits stays, and is named for the centre to solve.
"""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.errors import ChangedMeanwhile, NotFound
from app.transactions import hold, lock
from app.verification.actions.waiting_lists import tell_next
from app.verification.errors import InstrumentUnfit, TooManyInstruments
from app.verification.queries.instruments import list_taken_places
from app.verification.rules import InstrumentValues, Span, is_far
from models.instruments import (
    INSTRUMENT_LIMIT,
    MOST_INSTRUMENTS,
    MOST_OUTAGES,
    Instrument,
    InstrumentOutage,
    Slot,
)
from models.providers import Provider


def lock_instrument(session: Session, instrument: Instrument) -> None:
    """`instrument` is read afresh, and its slots are nobody else's to change until the commit.

    Whoever locks an order as well locks the order first. Raises NotFound.
    """
    lock(session, instrument, "outages")


def add_instrument(
    session: Session, *, provider: Provider, values: InstrumentValues, actor: Actor, at: datetime
) -> Instrument:
    """A centre lists an instrument. Raises NotPermitted, InstrumentUnfit, TooManyInstruments."""
    require(actor, "instrument:add", provider)
    if not values.is_possible:
        raise InstrumentUnfit
    hold(session, provider)
    theirs = select(Instrument.id).where(Instrument.provider_id == provider.id)
    if (session.scalar(select(func.count()).select_from(theirs.subquery())) or 0) >= (
        MOST_INSTRUMENTS
    ):
        raise TooManyInstruments(limit=MOST_INSTRUMENTS)
    instrument = Instrument(provider=provider, created_at=at, updated_at=at)
    _take(instrument, values)
    session.add(instrument)
    session.flush()
    record(session, actor=actor, kind="instrument_added", subject=instrument, at=at)
    return instrument


def edit_instrument(
    session: Session,
    *,
    instrument: Instrument,
    values: InstrumentValues,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Its rules are others from now on. Slots on places that are gone move to free ones.

    What finds none, or breaks a rule now, stays and is named (`list_misfits`). `version` is that
    of what was shown. Raises NotPermitted, InstrumentUnfit, ChangedMeanwhile.
    """
    require(actor, "instrument:edit", instrument)
    if not values.is_possible:
        raise InstrumentUnfit
    lock_instrument(session, instrument)
    if instrument.version != version:
        raise ChangedMeanwhile
    _take(instrument, values)
    instrument.updated_at = at
    session.flush()
    _seat_again(session, instrument, at)
    record(session, actor=actor, kind="instrument_edited", subject=instrument, at=at)
    tell_next(session, instrument, at=at)


def add_outage(
    session: Session,
    *,
    instrument: Instrument,
    span: Span,
    reason: str,
    actor: Actor,
    at: datetime,
) -> InstrumentOutage:
    """It cannot be used for a time; what is booked then stays, and is named.

    Raises NotPermitted, InstrumentUnfit for a time that cannot be, TooManyInstruments.
    """
    require(actor, "instrument:edit", instrument)
    if (
        not at < span.ends_at
        or not span.starts_at < span.ends_at
        or is_far(span, at)
        or len(reason) > INSTRUMENT_LIMIT
    ):
        raise InstrumentUnfit
    lock_instrument(session, instrument)
    # Those that are over stay on record, and hinder nobody.
    if sum(each.ends_at > at for each in instrument.outages) >= MOST_OUTAGES:
        raise TooManyInstruments(limit=MOST_OUTAGES)
    outage = InstrumentOutage(starts_at=span.starts_at, ends_at=span.ends_at, reason=reason)
    instrument.outages.append(outage)
    # The row itself says that something changed: two forms at once are noticed.
    instrument.updated_at = at
    session.flush()
    record(session, actor=actor, kind="instrument_outage_added", subject=instrument, at=at)
    return outage


def remove_outage(
    session: Session, *, outage: InstrumentOutage, actor: Actor, at: datetime
) -> None:
    """It can be used again; who waits for such a time is told. Raises NotPermitted, NotFound."""
    instrument = outage.instrument
    require(actor, "instrument:edit", instrument)
    lock_instrument(session, instrument)
    if outage not in instrument.outages:
        raise NotFound
    instrument.outages.remove(outage)
    instrument.updated_at = at
    session.flush()
    record(session, actor=actor, kind="instrument_outage_removed", subject=instrument, at=at)
    tell_next(session, instrument, at=at)


def _take(instrument: Instrument, values: InstrumentValues) -> None:
    for each in fields(values):
        setattr(instrument, each.name, getattr(values, each.name))


def _seat_again(session: Session, instrument: Instrument, at: datetime) -> None:
    """Booked slots on places that are gone get free ones, the earliest first."""
    homeless = session.scalars(
        select(Slot)
        .where(
            Slot.instrument_id == instrument.id,
            Slot.state == "booked",
            Slot.place > instrument.places,
            Slot.ends_at > at,
        )
        .order_by(Slot.starts_at, Slot.id)
    ).all()
    for slot in homeless:
        taken = list_taken_places(session, instrument, Span(slot.starts_at, slot.ends_at))
        free = [place for place in range(1, instrument.places + 1) if place not in taken]
        if free:
            slot.place = free[0]
            for step in slot.steps:
                step.place = free[0]
            session.flush()
