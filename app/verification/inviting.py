"""Telling of a slot with the entry of the calendar that goes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.engagements.announcements import CalendarEntry
from app.leaving import ERASED
from app.telling.entries import Invited, Method, Status, choose_method, write_entry
from app.telling.notices import tell
from app.verification.calendar_entries import make_entry
from app.verification.trace import list_side, tell_side
from app.words.wording import keep_moments
from models.instruments import Slot
from models.people import Person
from models.vocabulary import Side

# The words of the side that did it.
_OWN: Final = {
    "slot_booked": "slot_booked_own",
    "slot_moved": "slot_moved_own",
    "slot_cancelled": "slot_cancelled_own",
}


def tell_of_slot(
    session: Session,
    slot: Slot,
    kind: str,
    *,
    at: datetime,
    by: Side | None = None,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Both sides are told, each with the entry for their calendars.

    The side that did it, `by`, is told in words of its own; None where neither did. No reply is
    asked for: whoever does not come gives the slot up here, by the rules of the instrument.
    """
    entry = make_entry(session, slot)
    method = choose_method(entry)
    invited = [
        Invited(person.email, person.name, has_agreed=True, is_asked=False)
        for side in Side
        for person in list_side(session, slot.order, side)
    ]
    calendar = CalendarEntry(
        write_entry(entry, method=method, at=at, invited=invited), method.value
    )
    for side in Side:
        tell_side(
            session,
            slot.order,
            side,
            _OWN[kind] if side is by else kind,
            at=at,
            facts={**say_slot(slot), **(facts or {})},
            calendar=calendar,
        )


def tell_of_lost_slot(
    session: Session, slot: Slot, people: Sequence[Person], *, path: str, at: datetime
) -> None:
    """`people`, whose other side leaves for good, get the entry of a slot cancelled.

    Nothing in it names who leaves; `path` is where the mail leads, since the order goes.
    """
    entry = make_entry(session, slot)
    entry = replace(
        entry,
        sequence=entry.sequence + 1,
        status=Status.CANCELLED,
        summary=ERASED,
        location="",
        path=path,
    )
    invited = [Invited(each.email, each.name, has_agreed=True, is_asked=False) for each in people]
    for person in people:
        tell(
            session,
            person=person,
            kind="slot_lost",
            facts=keep_moments({"time": slot.starts_at}),
            path=path,
            at=at,
            calendar=write_entry(entry, method=Method.CANCEL, at=at, invited=invited),
            calendar_method=Method.CANCEL.value,
        )


def say_slot(slot: Slot) -> dict[str, str]:
    """When it begins is said, too: a mail about a time must not send its reader to look it up."""
    return {"instrument": slot.instrument.name} | keep_moments({"time": slot.starts_at})
