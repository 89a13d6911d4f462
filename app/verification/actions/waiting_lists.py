"""The waiting list of an instrument: who came first is told first when a slot comes free."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.audit import record
from app.telling.notices import list_people_of, tell
from app.verification.addresses import address_of_slots
from app.verification.errors import InstrumentClosed, SlotNotPossible, WishUnfit
from app.verification.queries.instruments import has_missed_too_many, list_free, list_line
from app.verification.rules import Span
from app.verification.standing import can_book
from app.verification.trace import lock_order
from app.words.wording import keep_moments
from models.instruments import Instrument, SlotWish
from models.verification import VerificationOrder

# Two months ahead, nobody waits any more.
FURTHEST_WISH: Final = timedelta(days=62)
# So long has who is next before the one behind is told as well; nothing is held for anybody.
ANSWERS_WITHIN: Final = timedelta(hours=12)


def join_line(
    session: Session,
    *,
    order: VerificationOrder,
    instrument: Instrument,
    minutes: int,
    within: Span,
    actor: Actor,
    at: datetime,
) -> SlotWish:
    """`order` waits for a slot that begins in `within`. Another wish of it there gives way, and
    with it the place in the line.

    Raises NotPermitted, SlotNotPossible, InstrumentClosed, WishUnfit.
    """
    require(actor, "slot:wait", order)
    lock_order(session, order)
    if not can_book(order) or instrument.provider_id != order.engagement.provider_id:
        raise SlotNotPossible
    # Before any wish: whoever tells the line has locked the instrument, then changes wishes.
    _lock_line(session, instrument)
    if not instrument.is_open:
        raise InstrumentClosed
    if (
        not instrument.least_minutes <= minutes <= instrument.most_minutes
        or minutes % 30
        or not within.starts_at < within.ends_at
        or not at < within.ends_at <= at + FURTHEST_WISH
    ):
        raise WishUnfit
    end_wish(session, order, instrument)
    wish = SlotWish(
        instrument=instrument,
        order=order,
        minutes=minutes,
        from_at=within.starts_at,
        until_at=within.ends_at,
        created_at=at,
    )
    session.add(wish)
    session.flush()
    record(session, actor=actor, kind="slot_line_joined", subject=order, at=at)
    return wish


def leave_line(
    session: Session,
    *,
    order: VerificationOrder,
    instrument: Instrument,
    actor: Actor,
    at: datetime,
) -> None:
    """The order waits there no more, where it did. Raises NotPermitted."""
    require(actor, "slot:wait", order)
    lock_order(session, order)
    end_wish(session, order, instrument)
    record(session, actor=actor, kind="slot_line_left", subject=order, at=at)


def end_wish(
    session: Session, order: VerificationOrder, instrument: Instrument | None = None
) -> None:
    """`order` waits no more, at `instrument` or anywhere."""
    query = delete(SlotWish).where(SlotWish.order_id == order.id)
    if instrument is not None:
        query = query.where(SlotWish.instrument_id == instrument.id)
    session.execute(query.execution_options(synchronize_session="fetch"))


def tell_next(session: Session, instrument: Instrument, *, at: datetime) -> SlotWish | None:
    """The first in line for whom a slot is free now is told; gives whom, None for nobody.

    Who was told already has `ANSWERS_WITHIN` before the next one is told, and is told again once
    that was gone. Who may book nothing there, because it missed too many, is passed over.
    """
    for wish in list_line(session, instrument, at):
        if not can_book(wish.order) or has_missed_too_many(
            session, instrument, wish.order.engagement.startup_id, at
        ):
            continue
        free = list_free(
            session,
            instrument,
            wish.minutes,
            Span(max(wish.from_at, at), wish.until_at),
            startup=wish.order.engagement.startup,
            at=at,
        )
        if not free:
            # What it was told of is gone: with the next one it is its turn again.
            wish.told_at = None
            continue
        if wish.told_at is not None:
            if at < wish.told_at + ANSWERS_WITHIN:
                return None
            continue
        wish.told_at = at
        session.flush()
        for person in list_people_of(session, startup_id=wish.order.engagement.startup_id):
            tell(
                session,
                person=person,
                kind="slot_freed",
                facts={
                    "instrument": instrument.name,
                    "centre": wish.order.engagement.provider.name,
                    **keep_moments({"time": free[0].starts_at}),
                },
                path=address_of_slots(wish.order),
                at=at,
            )
        return wish
    return None


def tell_due(session: Session, *, actor: Acting, at: datetime, after: int, limit: int) -> list[int]:
    """In the lines of up to `limit` instruments with numbers above `after`, who is next is told.

    Wishes whose last day is over go. Gives the numbers of the instruments. Raises NotPermitted for
    anybody but the clock.
    """
    require(actor, "slot:tell_next")
    instruments = session.scalars(
        select(Instrument)
        .where(
            Instrument.id > after,
            Instrument.id.in_(select(SlotWish.instrument_id)),
        )
        .order_by(Instrument.id)
        .limit(limit)
    ).all()
    for instrument in instruments:
        _lock_line(session, instrument)
        session.execute(
            delete(SlotWish)
            .where(SlotWish.instrument_id == instrument.id, SlotWish.until_at <= at)
            .execution_options(synchronize_session="fetch")
        )
        tell_next(session, instrument, at=at)
    return [instrument.id for instrument in instruments]


def _lock_line(session: Session, instrument: Instrument) -> None:
    """`instrument` is read afresh, and nobody else's to change until the commit."""
    session.scalar(
        select(Instrument)
        .where(Instrument.id == instrument.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
