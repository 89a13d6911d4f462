"""Reads of instruments and slots: what is free, who has what, what no longer fits, who waits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import Actor
from app.clock import CHINA
from app.telling.waiting import WaitingItem, WaitingList
from app.verification.rules import (
    COUNTED_FOR,
    STEP,
    Breach,
    InstrumentValues,
    Span,
    list_breaches,
    list_too_near_or_far,
)
from models.engagements import Engagement
from models.instruments import Instrument, Slot, SlotStep, SlotWish
from models.lifecycle import SLOT_COUNTED
from models.organisations import Startup
from models.providers import Provider
from models.verification import Claim, VerificationOrder

# What takes time from a day's limit.
_TAKES_TIME: Final = ("booked", "used", "missed")
# So many days are looked at together.
DAYS_SHOWN: Final = 7
_NAMES: Final = tuple(each.name for each in fields(InstrumentValues))


@dataclass(frozen=True, slots=True)
class FreeTime:
    """When a slot could begin, and on how many places."""

    starts_at: datetime
    ends_at: datetime
    places: int


@dataclass(frozen=True, slots=True)
class Misfit:
    """A booked slot that the rules of now would not allow, for the centre to solve."""

    slot: Slot
    breaches: tuple[Breach, ...]


def read_values(instrument: Instrument) -> InstrumentValues:
    """What `instrument` says of itself."""
    return InstrumentValues(**{name: getattr(instrument, name) for name in _NAMES})


def find_instrument(session: Session, public_id: str) -> Instrument | None:
    """The instrument with that public id, with its centre and outages."""
    return session.scalar(
        select(Instrument)
        .where(Instrument.public_id == public_id)
        .options(joinedload(Instrument.provider), selectinload(Instrument.outages))
    )


def find_slot(session: Session, public_id: str) -> Slot | None:
    """The slot with that public id, with its order and both sides."""
    return session.scalar(with_sides(select(Slot).where(Slot.public_id == public_id)))


def list_instruments(session: Session, provider: Provider) -> Sequence[Instrument]:
    """All instruments of a centre, by name."""
    return session.scalars(
        select(Instrument)
        .where(Instrument.provider_id == provider.id)
        .options(selectinload(Instrument.outages), joinedload(Instrument.provider))
        .order_by(Instrument.name, Instrument.id)
    ).all()


def list_slots(
    session: Session, instrument: Instrument, first: date, days: int = DAYS_SHOWN
) -> Sequence[Slot]:
    """The slots that are or were at `instrument` in these days, moved and cancelled ones not."""
    begins = datetime.combine(first, time(), CHINA)
    return session.scalars(
        with_sides(
            select(Slot).where(
                Slot.instrument_id == instrument.id,
                Slot.state.in_(("booked", "used", "missed", "waived")),
                Slot.starts_at < begins + timedelta(days=days),
                Slot.ends_at > begins,
            )
        ).order_by(Slot.starts_at, Slot.place, Slot.id)
    ).all()


def list_slots_of(session: Session, order: VerificationOrder) -> Sequence[Slot]:
    """Every slot that an order has or had, the newest first."""
    return session.scalars(
        with_sides(select(Slot).where(Slot.order_id == order.id)).order_by(Slot.id.desc())
    ).all()


def list_wishes_of(
    session: Session, order: VerificationOrder, at: datetime
) -> Sequence[tuple[SlotWish, int]]:
    """Where an order waits, with its place in each line, from 1."""
    wishes = session.scalars(
        select(SlotWish)
        .where(SlotWish.order_id == order.id, SlotWish.until_at > at)
        .options(joinedload(SlotWish.instrument))
        .order_by(SlotWish.id)
    ).all()
    return [(wish, count_before(session, wish, at) + 1) for wish in wishes]


def count_before(session: Session, wish: SlotWish, at: datetime) -> int:
    """How many stand before `wish` in its line; whose last day is over stands there no more."""
    return (
        session.scalar(
            select(func.count())
            .select_from(SlotWish)
            .where(
                SlotWish.instrument_id == wish.instrument_id,
                SlotWish.id < wish.id,
                SlotWish.until_at > at,
            )
        )
        or 0
    )


def list_line(session: Session, instrument: Instrument, at: datetime) -> Sequence[SlotWish]:
    """Who waits for a slot at `instrument`, who came first first."""
    return session.scalars(
        select(SlotWish)
        .where(SlotWish.instrument_id == instrument.id, SlotWish.until_at > at)
        .options(
            joinedload(SlotWish.order)
            .joinedload(VerificationOrder.engagement)
            .options(joinedload(Engagement.startup), joinedload(Engagement.provider)),
            joinedload(SlotWish.order).joinedload(VerificationOrder.claim),
        )
        .order_by(SlotWish.id)
    ).all()


def count_lines(
    session: Session, instruments: Sequence[Instrument], at: datetime
) -> Mapping[int, int]:
    """How many wait at each of `instruments` where somebody does, by its id."""
    return {
        row[0]: row[1]
        for row in session.execute(
            select(SlotWish.instrument_id, func.count())
            .where(
                SlotWish.instrument_id.in_([each.id for each in instruments]),
                SlotWish.until_at > at,
            )
            .group_by(SlotWish.instrument_id)
        )
    }


def list_others(
    session: Session, instrument: Instrument, startup_id: int, span: Span, but: Slot | None
) -> list[Span]:
    """The other slots of a startup at `instrument` on the days of `span`."""
    day = timedelta(days=1)
    rows = session.execute(
        select(Slot.starts_at, Slot.ends_at)
        .join(Slot.order)
        .join(VerificationOrder.engagement)
        .where(
            Slot.instrument_id == instrument.id,
            Engagement.startup_id == startup_id,
            Slot.state.in_(_TAKES_TIME),
            Slot.id != (0 if but is None else but.id),
            Slot.starts_at < span.ends_at + day,
            Slot.ends_at > span.starts_at - day,
        )
    )
    return [Span(*row) for row in rows]


def count_missed(session: Session, instrument: Instrument, startup_id: int, at: datetime) -> int:
    """How many slots there a startup has lately missed, or cancelled late."""
    return (
        session.scalar(
            select(func.count(Slot.id))
            .join(Slot.order)
            .join(VerificationOrder.engagement)
            .where(
                Slot.instrument_id == instrument.id,
                Engagement.startup_id == startup_id,
                Slot.state.in_(SLOT_COUNTED),
                Slot.ended_at > at - COUNTED_FOR,
            )
        )
        or 0
    )


def has_missed_too_many(
    session: Session, instrument: Instrument, startup_id: int, at: datetime
) -> bool:
    """Whether a startup books nothing there now, by the rule of the instrument."""
    most = instrument.most_missed
    return most is not None and count_missed(session, instrument, startup_id, at) >= most


def list_taken_places(
    session: Session, instrument: Instrument, span: Span, but: Slot | None = None
) -> set[int]:
    """The places that are not free during all of `span`, as if `but` were not there."""
    return set(
        session.scalars(
            select(SlotStep.place)
            .where(
                SlotStep.instrument_id == instrument.id,
                SlotStep.begins_at >= span.starts_at,
                SlotStep.begins_at < span.ends_at,
                SlotStep.slot_id != (0 if but is None else but.id),
            )
            .distinct()
        )
    )


def list_free(
    session: Session,
    instrument: Instrument,
    minutes: int,
    within: Span,
    *,
    startup: Startup | None,
    at: datetime,
    but: Slot | None = None,
) -> list[FreeTime]:
    """When a slot of `minutes` could begin within `within` by all rules, at most four weeks.

    With `startup`, its limit a day counts; `but` is a slot of its own that would be moved.
    """
    values = read_values(instrument)
    if not instrument.is_open or not values.least_minutes <= minutes <= values.most_minutes:
        return []
    begins = max(within.starts_at, at + timedelta(hours=values.notice_hours))
    ends = min(within.ends_at, at + timedelta(days=values.horizon_days))
    ends = min(ends, within.starts_at + timedelta(days=28))
    first = _round_up(begins)
    length = minutes // int(STEP.total_seconds() // 60)
    count = max(0, (ends - first) // STEP + 1) if ends >= first else 0
    runs = _find_runs(session, instrument, first, count + length, but)
    others = (
        []
        if startup is None
        else list_others(session, instrument, startup.id, Span(first, ends), but)
    )
    outages = [Span(each.starts_at, each.ends_at) for each in instrument.outages]
    found = []
    for number in range(count):
        starts_at = first + STEP * number
        places = sum(run[number] >= length for run in runs)
        span = Span(starts_at, starts_at + STEP * length)
        if not places:
            continue
        if list_breaches(values, span, outages, others) or list_too_near_or_far(values, span, at):
            continue
        found.append(FreeTime(span.starts_at, span.ends_at, places))
    return found


def list_misfits(session: Session, instrument: Instrument, at: datetime) -> list[Misfit]:
    """The booked slots to come that the rules of now would not allow: kept, and to be solved."""
    return find_misfits(session, [instrument], at).get(instrument.id, [])


def find_misfits(
    session: Session, instruments: Sequence[Instrument], at: datetime
) -> Mapping[int, list[Misfit]]:
    """What `list_misfits` gives for each of `instruments` that has any, by its id."""
    slots = session.scalars(
        with_sides(
            select(Slot).where(
                Slot.instrument_id.in_([each.id for each in instruments]), is_to_come(at)
            )
        ).order_by(Slot.starts_at, Slot.id)
    ).all()
    return _judge_slots(slots)


def is_to_come(at: datetime) -> ColumnElement[bool]:
    """Whether a slot is booked and not over at `at`."""
    return and_(Slot.state == "booked", Slot.ends_at > at)


def _judge_slots(slots: Sequence[Slot]) -> Mapping[int, list[Misfit]]:
    """What breaks a rule of now, of all booked slots to come of some instruments, by instrument."""
    by_startup: dict[tuple[int, int], list[Slot]] = defaultdict(list)
    for slot in slots:
        by_startup[slot.instrument_id, slot.order.engagement.startup_id].append(slot)
    outages = {
        each.id: [Span(out.starts_at, out.ends_at) for out in each.outages]
        for each in {slot.instrument for slot in slots}
    }
    found: dict[int, list[Misfit]] = defaultdict(list)
    for slot in slots:
        instrument = slot.instrument
        others = [
            Span(other.starts_at, other.ends_at)
            for other in by_startup[instrument.id, slot.order.engagement.startup_id]
            if other is not slot
        ]
        span = Span(slot.starts_at, slot.ends_at)
        breaches = list_breaches(read_values(instrument), span, outages[instrument.id], others)
        if slot.place > instrument.places:
            breaches.append(Breach.PLACE)
        if breaches:
            found[instrument.id].append(Misfit(slot, tuple(breaches)))
    return found


def _select_waiting(viewer: Actor, at: datetime) -> Select[Slot] | None:
    """The booked slots to come at the instruments of the viewer's centres."""
    if viewer.is_acting_for_another or not viewer.provides:
        return None
    return (
        select(Slot)
        .join(Slot.instrument)
        .where(Instrument.provider_id.in_(viewer.provides), is_to_come(at))
        .order_by(Instrument.name, Instrument.id, Slot.starts_at, Slot.id)
    )


def _word_waiting(rows: Sequence[Slot], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """The instruments of the viewer's centres at which booked slots no longer fit."""
    return [
        WaitingItem(
            kind="slots_to_solve",
            title=misfits[0].slot.instrument.name,
            due_at=misfits[0].slot.starts_at,
            path_endpoint="verification.show_instrument",
            path_values={"public_id": misfits[0].slot.instrument.public_id},
            action=_l("Solve it"),
            detail=_l("Booked slots no longer fit the rules of the instrument."),
        )
        for misfits in _judge_slots(rows).values()
    ]


WAITING: Final = (
    WaitingList(
        ("slots_to_solve",),
        _select_waiting,
        _word_waiting,
        (Slot.instrument, Instrument.outages, Slot.order, VerificationOrder.engagement),
    ),
)


def _find_runs(
    session: Session, instrument: Instrument, first: datetime, count: int, but: Slot | None
) -> list[list[int]]:
    """For each place, how many half hours are free from each one on, up to `count` of them."""
    rows = session.execute(
        select(SlotStep.place, SlotStep.begins_at).where(
            SlotStep.instrument_id == instrument.id,
            SlotStep.begins_at >= first,
            SlotStep.begins_at < first + STEP * count,
            SlotStep.slot_id != (0 if but is None else but.id),
        )
    )
    taken: dict[int, set[int]] = defaultdict(set)
    for place, begins_at in rows:
        taken[place].add((begins_at - first) // STEP)
    runs = []
    for place in range(1, instrument.places + 1):
        run = [0] * (count + 1)
        for number in range(count - 1, -1, -1):
            run[number] = 0 if number in taken[place] else run[number + 1] + 1
        runs.append(run)
    return runs


def _round_up(moment: datetime) -> datetime:
    first = moment.astimezone(UTC)
    floor = first.replace(minute=first.minute // 30 * 30, second=0, microsecond=0)
    return floor if floor == first else floor + STEP


def with_sides(query: Select[Slot]) -> Select[Slot]:
    """With its instrument, its order and both sides."""
    of_order = joinedload(Slot.order)
    return query.options(
        joinedload(Slot.instrument).joinedload(Instrument.provider),
        of_order.joinedload(VerificationOrder.claim).joinedload(Claim.startup),
        of_order.joinedload(VerificationOrder.engagement).options(
            joinedload(Engagement.startup), joinedload(Engagement.provider)
        ),
    )
