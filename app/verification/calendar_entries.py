"""What stands in calendars of slots: a slot that was moved stays one entry, wherever it went."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.telling.entries import Entry, Status
from app.verification.addresses import address_of_slots
from models.instruments import Slot

_STANDS: Final = ("booked", "used")


def make_entries(session: Session, slots: Sequence[Slot]) -> list[Entry]:
    """The entries of `slots`, which are loaded with their sides. One question, whatever their
    number.

    The entry has the id of the slot that was booked first, and counts how often it was moved.
    Whatever program keeps it may be read by others than those who may see the order: what is
    tested is not said.
    """
    rows = session.execute(
        select(Slot.id, Slot.follows_id, Slot.public_id).where(
            Slot.order_id.in_({each.order_id for each in slots})
        )
    )
    chains = {row[0]: (row[1], row[2]) for row in rows}
    return [_make_entry(each, *_find_first(chains, each.id)) for each in slots]


def make_entry(session: Session, slot: Slot) -> Entry:
    """The entry of one slot."""
    (entry,) = make_entries(session, [slot])
    return entry


def _find_first(chains: dict[int, tuple[int | None, str]], number: int) -> tuple[str, int]:
    """The public id of the slot that was booked first, and how often it was moved since."""
    moves = 0
    former, public_id = chains[number]
    while former is not None:
        former, public_id = chains[former]
        moves += 1
    return public_id, moves


def _make_entry(slot: Slot, uid: str, moves: int) -> Entry:
    engagement = slot.order.engagement
    names = f"{engagement.startup.name} · {engagement.provider.name}"
    stands = slot.state in _STANDS
    return Entry(
        uid=uid,
        sequence=moves if stands else moves + 1,
        status=Status.CONFIRMED if stands else Status.CANCELLED,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=f"{slot.instrument.name} ({names})",
        location=slot.instrument.name,
        path=address_of_slots(slot.order),
    )
