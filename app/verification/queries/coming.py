"""What stands in people's calendars of slots at instruments."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access import Actor, get_side
from app.telling.coming import FED_MOST, FED_SINCE, CalendarPart, ComingTime
from app.telling.entries import Entry
from app.verification.calendar_entries import make_entries
from app.verification.queries.instruments import is_to_come, list_slots_of, with_sides
from app.verification.queries.orders import is_own
from app.verification.words import word_claim
from models.engagements import Engagement
from models.instruments import Slot
from models.verification import VerificationOrder


def select_coming(viewer: Actor, at: datetime) -> Select[Slot] | None:
    """The slots of the viewer's orders that are booked and not over at `at`, the next one first.

    None for somebody who never has any.
    """
    if viewer.is_acting_for_another or not (viewer.founds or viewer.provides):
        return None
    return _select_own(viewer).where(is_to_come(at)).order_by(Slot.starts_at, Slot.id)


def select_slots(viewer: Actor, *, state: str | None = None) -> Select[Slot]:
    """All slots of the viewer's orders, with their sides; `state` narrows it."""
    query = with_sides(_select_own(viewer))
    return query if state is None else query.where(Slot.state == state)


def _select_own(viewer: Actor) -> Select[Slot]:
    return select(Slot).join(Slot.order).join(VerificationOrder.engagement).where(is_own(viewer))


def view_coming(row: Slot, viewer: Actor) -> ComingTime:
    """What `viewer` sees of one of them."""
    engagement = row.order.engagement
    return ComingTime(
        public_id=row.public_id,
        name=_l("Slot"),
        title=word_claim(row.order.claim),
        startup_name=engagement.startup.name,
        provider_name=engagement.provider.name,
        side=get_side(viewer, engagement),
        lifecycle="slot",
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.instrument.name,
        link="",
        page=("verification.show_slots", {"public_id": row.order.public_id}),
        entry=("verification.download_entry", {"public_id": row.public_id}),
        # A sample may lie there for days.
        takes_people=False,
    )


def list_fed_slots(session: Session, viewer: Actor, at: datetime) -> Sequence[Slot]:
    """What the calendar of `viewer` shows: the slots of their orders that stand, from half a year
    ago on, at most as many as a calendar program takes."""
    return session.scalars(
        select_slots(viewer)
        .where(Slot.state.in_(("booked", "used")), Slot.starts_at > at - FED_SINCE)
        .order_by(Slot.starts_at.desc(), Slot.id)
        .limit(FED_MOST)
    ).all()


def find_last(session: Session, slot: Slot) -> Slot:
    """What came of `slot` by all that it was moved since: the last slot, itself where none."""
    followers = {each.follows_id: each for each in list_slots_of(session, slot.order)}
    while (follower := followers.get(slot.id)) is not None:
        slot = follower
    return slot


def feed_slots(session: Session, viewer: Actor, at: datetime) -> list[Entry]:
    """The same as entries of a calendar."""
    return make_entries(session, list_fed_slots(session, viewer, at))


CALENDAR = CalendarPart(
    select_coming,
    view_coming,
    feed_slots,
    (
        Slot.instrument,
        Slot.order,
        VerificationOrder.claim,
        VerificationOrder.engagement,
        Engagement.startup,
        Engagement.provider,
    ),
)
