"""Slots at instruments: every rule on booking and on every change, and who is next in line."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.clock import CHINA
from app.errors import ChangedMeanwhile, NotFound, OutOfOrder, ReasonMissing
from app.verification.actions import instruments as benches
from app.verification.actions import quoting, slots, testing, waiting_lists
from app.verification.errors import (
    InstrumentClosed,
    InstrumentUnfit,
    SlotNotPossible,
    SlotTaken,
    SlotTooLate,
    SlotUnfit,
    TooManyInstruments,
    TooManyMissed,
    WishUnfit,
)
from app.verification.queries.instruments import (
    list_free,
    list_misfits,
    list_wishes_of,
)
from app.verification.rules import Breach, InstrumentValues, Span, count_minutes, list_breaches
from app.verification.words import NOTICES
from app.words.wording import TIME_FORMATS, word_notice
from models.instruments import Instrument, Slot, SlotStep
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.verification import VerificationOrder
from tests.app.verification.scenes import Scene, bring_to, make_scene, receive, submit
from tests.factories import AT, act_as, make_centre, make_person
from tests.locks import list_locked
from tests.waiting import make_lister

list_waiting = make_lister("verification")

pytestmark = pytest.mark.verification

# A Tuesday in China; two days of notice are over by Friday.
VALUES = InstrumentValues(
    name="Ageing chamber",
    places=2,
    least_minutes=60,
    most_minutes=3 * 24 * 60,
    opens_minute=8 * 60,
    closes_minute=18 * 60,
    notice_hours=24,
    horizon_days=30,
    cancel_hours=48,
    most_missed=2,
)


def at_hour(days: int, hour: int, minute: int = 0) -> datetime:
    """So many days after AT's day in China, by the clock there."""
    day = AT.astimezone(CHINA).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), CHINA).astimezone(UTC)


def make_span(days: int, hour: int, hours: float = 2) -> Span:
    begins = at_hour(days, hour)
    return Span(begins, begins + timedelta(hours=hours))


@dataclass(frozen=True)
class Bench:
    session: Session
    scene: Scene
    order: VerificationOrder
    instrument: Instrument

    def book(self, span: Span, order: VerificationOrder | None = None, at: datetime = AT) -> Slot:
        return slots.book_slot(
            self.session,
            order=order or self.order,
            instrument=self.instrument,
            span=span,
            actor=self.scene.by_founder,
            at=at,
        )

    def edit(self, **changes: Any) -> None:
        benches.edit_instrument(
            self.session,
            instrument=self.instrument,
            values=replace(VALUES, **changes),
            version=self.instrument.version,
            actor=self.scene.by_analyst,
            at=AT,
        )

    def cancel(self, slot: Slot, at: datetime = AT, *, by_centre: bool = False) -> None:
        actor = self.scene.by_analyst if by_centre else self.scene.by_founder
        slots.cancel_slot(self.session, slot=slot, reason="Ill", actor=actor, at=at)

    def list_misfits(self) -> dict[str, tuple[Breach, ...]]:
        found = list_misfits(self.session, self.instrument, AT)
        return {each.slot.public_id: each.breaches for each in found}

    def list_notices(self, kind: str) -> list[Notice]:
        return list(self.session.scalars(select(Notice).where(Notice.kind == kind)))


@pytest.fixture
def bench(session: Session) -> Bench:
    scene = make_scene(session)
    order = bring_to(session, scene, "ordered")
    instrument = benches.add_instrument(
        session, provider=scene.centre, values=VALUES, actor=scene.by_analyst, at=AT
    )
    return Bench(session, scene, order, instrument)


def another_order(bench: Bench, metric: str = "Leakage") -> VerificationOrder:
    return bring_to(bench.session, bench.scene, "ordered", metric=metric)


def test_a_slot_takes_the_lowest_free_place_until_none_is_left(bench: Bench) -> None:
    other = another_order(bench)
    span = make_span(3, 9)
    assert [bench.book(span).place, bench.book(span, other).place] == [1, 2]
    with pytest.raises(SlotTaken):
        bench.book(make_span(3, 10))
    assert bench.book(make_span(3, 11)).place == 1
    assert [len(notice.facts["instrument"]) for notice in bench.list_notices("slot_booked")][:1]
    kinds = [step.kind for step in bench.order.steps]
    assert kinds.count("slot_booked") == 2


@pytest.mark.parametrize(
    ("span", "breaches"),
    [
        (make_span(3, 9, 0.5), [Breach.SHORT]),
        (make_span(5, 9, 73), [Breach.LONG]),
        (make_span(3, 7), [Breach.HOURS]),
        (make_span(3, 17), [Breach.HOURS]),
        (Span(at_hour(3, 9, 10), at_hour(3, 11, 10)), [Breach.STEP]),
        (make_span(3, 12, 2), [Breach.OUTAGE]),
        # Over a night, and over two: handed back while somebody is there.
        (make_span(3, 17, 24), [Breach.OUTAGE]),
        (make_span(4, 16, 2 * 24 + 1), []),
        (make_span(3, 16, 2), []),
    ],
)
def test_rules_that_hold_at_any_time(span: Span, breaches: list[Breach]) -> None:
    outages = [make_span(3, 13, 1), make_span(4, 6)]
    assert list_breaches(VALUES, span, outages, []) == breaches


def test_days_of_the_week_and_hours_a_day_are_those_of_china() -> None:
    # 23:00 to 02:00 in China: one hour on one day, two on the next.
    late = Span(at_hour(0, 23), at_hour(1, 2))
    day = AT.astimezone(CHINA).date()
    assert count_minutes(late) == {day: 60, day + timedelta(days=1): 120}
    values = replace(VALUES, opens_minute=0, closes_minute=1440, day_minutes=120)
    assert list_breaches(values, late, [], []) == []
    assert list_breaches(values, late, [], [Span(at_hour(0, 9), at_hour(0, 11))]) == [Breach.DAY]
    saturday = next(d for d in range(7) if at_hour(d, 12).astimezone(CHINA).weekday() == 5)
    weekdays = replace(VALUES, is_weekdays_only=True)
    assert list_breaches(weekdays, make_span(saturday, 9), [], []) == [Breach.HOURS]
    assert list_breaches(weekdays, make_span(saturday + 2, 9), [], []) == []


def test_a_slot_that_breaks_a_rule_is_refused_with_the_rule(bench: Bench) -> None:
    for span, words in (
        (make_span(0, 17, 1), "it begins too soon"),
        (make_span(31, 9), "it begins too far ahead"),
        (make_span(360_000, 9), "it begins too far ahead"),
        (make_span(3, 7), "it begins or ends while nobody attends the instrument"),
    ):
        with pytest.raises(SlotUnfit) as caught:
            bench.book(span)
        assert words in str(caught.value)


def test_limits_a_day_hold_after_a_move_as_well(bench: Bench) -> None:
    bench.edit(day_minutes=180)
    bench.book(make_span(3, 9))
    with pytest.raises(SlotUnfit):
        bench.book(make_span(3, 14), another_order(bench))
    slot = bench.book(make_span(4, 9), another_order(bench, "Yield"))
    for actor in (bench.scene.by_founder, bench.scene.by_analyst):
        with pytest.raises(SlotUnfit):
            slots.move_slot(bench.session, slot=slot, span=make_span(3, 14), actor=actor, at=AT)
    # In its own place it may be moved: it does not stand in its own way.
    moved = slots.move_slot(
        bench.session,
        slot=bench.book(make_span(5, 9), another_order(bench, "Voltage")),
        span=make_span(5, 10),
        actor=bench.scene.by_founder,
        at=AT,
    )
    assert (moved.place, moved.state) == (1, "booked")
    before = bench.session.get_one(Slot, moved.follows_id)
    assert (before.state, before.steps) == ("moved", [])


def test_an_edit_keeps_every_slot_moves_it_to_a_free_place_or_names_it(bench: Bench) -> None:
    span = make_span(3, 9)
    first, second = bench.book(span), bench.book(span, another_order(bench))
    alone = bench.book(make_span(5, 9), another_order(bench, "Yield"))
    beside = bench.book(make_span(5, 9), another_order(bench, "Voltage"))
    bench.cancel(alone)
    bench.edit(places=1)
    bench.session.refresh(beside)
    assert (first.place, second.place, beside.place) == (1, 2, 1)
    assert bench.list_misfits() == {second.public_id: (Breach.PLACE,)}
    bench.edit(places=1, least_minutes=180, opens_minute=600)
    assert bench.list_misfits() == {
        first.public_id: (Breach.SHORT, Breach.HOURS),
        second.public_id: (Breach.SHORT, Breach.HOURS, Breach.PLACE),
        beside.public_id: (Breach.SHORT, Breach.HOURS),
    }
    (item,) = list_waiting(bench.session, bench.scene.by_analyst, AT)
    assert (item.title, item.due_at) == ("Ageing chamber", first.starts_at)
    # The centre solves it: whatever the notice, by every rule that holds at any time.
    bench.edit(places=1)
    moved = slots.move_slot(
        bench.session, slot=second, span=make_span(1, 9), actor=bench.scene.by_analyst, at=AT
    )
    assert (moved.place, bench.list_misfits()) == (1, {})
    assert [each.person for each in bench.list_notices("slot_moved")] == [bench.scene.funds.founder]


def test_an_outage_keeps_what_is_booked_and_takes_nothing_new(bench: Bench) -> None:
    slot = bench.book(make_span(3, 9))
    outage = benches.add_outage(
        bench.session,
        instrument=bench.instrument,
        span=make_span(3, 0, 24),
        reason="Calibration",
        actor=bench.scene.by_analyst,
        at=AT,
    )
    assert bench.list_misfits() == {slot.public_id: (Breach.OUTAGE,)}
    with pytest.raises(SlotUnfit):
        bench.book(make_span(3, 14))
    benches.remove_outage(bench.session, outage=outage, actor=bench.scene.by_analyst, at=AT)
    assert bench.list_misfits() == {}
    for span in (make_span(-3, 9), make_span(9_000, 9), Span(at_hour(2, 9), at_hour(1, 9))):
        with pytest.raises(InstrumentUnfit):
            benches.add_outage(
                bench.session,
                instrument=bench.instrument,
                span=span,
                reason="",
                actor=bench.scene.by_analyst,
                at=AT,
            )


def test_free_times_are_what_can_be_booked(bench: Bench) -> None:
    bench.edit(places=1, most_minutes=480)
    bench.book(make_span(3, 10, 6))
    within = Span(at_hour(3, 0), at_hour(4, 0))
    found = list_free(
        bench.session,
        bench.instrument,
        120,
        within,
        startup=bench.scene.funds.startup,
        at=AT,
    )
    assert [each.starts_at for each in found] == [at_hour(3, 8), at_hour(3, 16)]
    assert [each.places for each in found] == [1, 1]
    for each in found:
        bench.book(Span(each.starts_at, each.ends_at))
    assert not list_free(bench.session, bench.instrument, 60, within, startup=None, at=AT)
    assert not list_free(bench.session, bench.instrument, 540, within, startup=None, at=AT)


def test_only_an_order_that_stands_books_at_its_own_centre(bench: Bench) -> None:
    quoted = bring_to(bench.session, bench.scene, "quoted", metric="Leakage")
    with pytest.raises(SlotNotPossible):
        bench.book(make_span(3, 9), quoted)
    person = make_person(bench.session)
    elsewhere = benches.add_instrument(
        bench.session,
        provider=make_centre(bench.session, person=person),
        values=VALUES,
        actor=act_as(person),
        at=AT,
    )
    with pytest.raises(SlotNotPossible):
        bench.__class__(bench.session, bench.scene, bench.order, elsewhere).book(make_span(3, 9))
    bench.edit(is_open=False)
    with pytest.raises(InstrumentClosed):
        bench.book(make_span(3, 9))


def test_who_misses_or_cancels_late_too_often_asks_the_centre(bench: Bench) -> None:
    late = bench.book(make_span(3, 9))
    bench.cancel(late, late.starts_at - timedelta(hours=47))
    missed = bench.book(make_span(4, 9))
    with pytest.raises(OutOfOrder):
        slots.miss_slot(
            bench.session,
            slot=missed,
            reason="Nobody",
            actor=bench.scene.by_analyst,
            at=missed.starts_at - timedelta(minutes=1),
        )
    over = missed.starts_at + timedelta(hours=1)
    slots.miss_slot(
        bench.session, slot=missed, reason="Nobody", actor=bench.scene.by_analyst, at=over
    )
    assert (late.state, missed.state) == ("cancelled_late", "missed")
    # What is left of it is free, what is over stays taken.
    assert len(missed.steps) == 2
    with pytest.raises(TooManyMissed):
        bench.book(make_span(9, 9), at=over)
    slots.waive_slot(
        bench.session, slot=late, reason="Snow", actor=bench.scene.by_reviewer, at=over
    )
    # The words go with whoever wrote them.
    assert late.ended_by_id == bench.scene.by_reviewer.person_id
    assert bench.book(make_span(9, 9), at=over).state == "booked"


def test_nothing_is_moved_late_or_changed_once_it_has_begun(bench: Bench) -> None:
    slot = bench.book(make_span(3, 9))
    with pytest.raises(SlotTooLate):
        slots.move_slot(
            bench.session,
            slot=slot,
            span=make_span(6, 9),
            actor=bench.scene.by_founder,
            at=slot.starts_at - timedelta(hours=47),
        )
    for by_centre in (False, True):
        with pytest.raises(SlotTooLate):
            bench.cancel(slot, slot.starts_at, by_centre=by_centre)
    with pytest.raises(ReasonMissing):
        slots.cancel_slot(bench.session, slot=slot, reason="", actor=bench.scene.by_founder, at=AT)
    slots.use_slot(bench.session, slot=slot, actor=bench.scene.by_analyst, at=slot.starts_at)
    with pytest.raises(ActionNotAllowed):
        bench.cancel(slot)


def test_the_first_in_line_is_told_and_the_next_when_nothing_comes_of_it(bench: Bench) -> None:
    bench.edit(places=1)
    slot = bench.book(make_span(3, 9))
    waiting = [another_order(bench, name) for name in ("Leakage", "Yield")]
    within = Span(at_hour(3, 8), at_hour(3, 11))

    def wait(order: VerificationOrder, minutes: int = 120) -> None:
        waiting_lists.join_line(
            bench.session,
            order=order,
            instrument=bench.instrument,
            minutes=minutes,
            within=within,
            actor=bench.scene.by_founder,
            at=AT,
        )

    with pytest.raises(WishUnfit):
        wait(waiting[0], minutes=30)
    for order in waiting:
        wait(order)
    assert [place for _wish, place in list_wishes_of(bench.session, waiting[1], AT)] == [2]
    bench.cancel(slot)

    def list_told() -> list[bool]:
        wishes = [list_wishes_of(bench.session, order, AT) for order in waiting]
        return [bool(each) and each[0][0].told_at is not None for each in wishes]

    def tick(hours: int) -> None:
        waiting_lists.tell_due(
            bench.session,
            actor=Installation.CLOCK,
            at=AT + timedelta(hours=hours),
            after=0,
            limit=9,
        )

    assert list_told() == [True, False]
    assert [each.path for each in bench.list_notices("slot_freed")] == [
        f"/orders/{waiting[0].public_id}/slots"
    ]
    tick(11)
    assert list_told() == [True, False]
    tick(12)
    assert list_told() == [True, True]
    # Who books waits no more; who leaves neither; and what is over goes.
    bench.book(make_span(3, 9), waiting[1], AT + timedelta(hours=13))
    assert list_wishes_of(bench.session, waiting[1], AT) == []
    tick(24 * 5)
    assert list_wishes_of(bench.session, waiting[0], AT) == []


def test_whoever_is_told_of_a_slot_reads_when_it_is(bench: Bench, app: Flask) -> None:
    bench.edit(places=1)
    slot = bench.book(make_span(3, 9))
    actor, session = bench.scene.by_founder, bench.session
    moved = slots.move_slot(session, slot=slot, span=make_span(4, 14), actor=actor, at=AT)
    line = {"order": another_order(bench), "instrument": bench.instrument, "minutes": 120}
    within = Span(at_hour(4, 14), at_hour(4, 16))
    waiting_lists.join_line(session, **line, within=within, actor=actor, at=AT)
    bench.cancel(moved)
    lost = bench.book(make_span(5, 9))
    judged = {"reason": "Ill", "actor": bench.scene.by_analyst, "at": lost.starts_at}
    slots.miss_slot(session, slot=lost, **judged)
    slots.waive_slot(session, slot=lost, **judged)
    days = {
        "slot_booked": [(3, 9), (5, 9)],
        "slot_moved": [(4, 14)],
        "slot_cancelled": [(4, 14)],
        "slot_freed": [(4, 14)],
        "slot_missed": [(5, 9)],
        "slot_waived": [(5, 9)],
    }
    for kind, begins in days.items():
        told = bench.list_notices(kind)
        said = {each.facts["time_at"] for each in told}
        assert said == {at_hour(*each).isoformat() for each in begins}, kind
        for locale in TIME_FORMATS:
            with app.test_request_context(), force_locale(locale):
                subject, body = word_notice(
                    NOTICES[kind], told[0].facts, locale=locale, zone="Asia/Shanghai"
                )
            clock = f"{begins[0][1]:02}:00"
            assert clock in body and (clock in subject or kind == "slot_freed")


def test_an_order_that_ends_frees_its_slots_and_its_place_in_line(bench: Bench) -> None:
    slot = bench.book(make_span(3, 9))
    quoting.cancel_order(
        bench.session,
        order=bench.order,
        reason="No money",
        actor=bench.scene.by_founder,
        at=AT,
    )
    assert (slot.state, slot.steps) == ("cancelled", [])
    assert not bench.session.scalars(select(SlotStep)).all()


def test_a_result_that_comes_early_frees_what_is_booked(bench: Bench) -> None:
    slot = bench.book(make_span(3, 9))
    session, scene = bench.session, bench.scene
    receive(session, scene, bench.order)
    submit(session, scene, bench.order)
    assert slot.state == "booked"
    testing.verify_result(session, order=bench.order, actor=scene.by_reviewer, at=AT)
    assert (slot.state, slot.steps) == ("cancelled", [])


def test_outages_that_are_over_do_not_count(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "MOST_OUTAGES", 1)

    def add(days: int, at: datetime = AT) -> None:
        benches.add_outage(
            bench.session,
            instrument=bench.instrument,
            span=make_span(days, 9),
            reason="",
            actor=bench.scene.by_analyst,
            at=at,
        )

    add(1)
    with pytest.raises(TooManyInstruments):
        add(2)
    add(9, at=AT + timedelta(days=2))


def test_a_startup_that_ends_its_order_late_is_counted(bench: Bench) -> None:
    late, early = bench.book(make_span(3, 9)), bench.book(make_span(9, 9))
    quoting.cancel_order(
        bench.session,
        order=bench.order,
        reason="No money",
        actor=bench.scene.by_founder,
        at=late.starts_at - timedelta(hours=1),
    )
    assert (late.state, early.state) == ("cancelled_late", "cancelled")


@pytest.mark.parametrize("dialect", ["postgres"], indirect=True)
def test_an_instrument_is_locked_before_its_line(bench: Bench) -> None:
    bench.book(make_span(3, 9))
    by_founder = {"session": bench.session, "order": bench.order, "actor": bench.scene.by_founder}
    with list_locked(bench.session) as locked:
        waiting_lists.join_line(
            **by_founder,
            instrument=bench.instrument,
            minutes=120,
            within=Span(at_hour(3, 8), at_hour(3, 10)),
            at=AT,
        )
    assert locked.index("instrument") < locked.index("slot_wish")
    with list_locked(bench.session) as locked:
        quoting.cancel_order(**by_founder, reason="No money", at=AT)
    assert locked.index("instrument") < locked.index("slot_wish")


def test_nothing_moves_to_what_takes_nothing_new(bench: Bench) -> None:
    slot = bench.book(make_span(4, 9))
    bench.edit(is_open=False)
    moved = {"session": bench.session, "slot": slot, "span": make_span(6, 9), "at": AT}
    with pytest.raises(InstrumentClosed):
        slots.move_slot(**moved, actor=bench.scene.by_founder)
    bench.order.engagement.state = "completed"
    bench.session.flush()
    with pytest.raises(SlotNotPossible):
        slots.move_slot(**moved, actor=bench.scene.by_analyst)


def test_in_line_nobody_is_told_who_may_book_nothing_and_a_missed_turn_comes_again(
    bench: Bench,
) -> None:
    bench.edit(places=1, most_missed=1)
    slot = bench.book(make_span(3, 9))
    order = another_order(bench)

    def tell(at: datetime = AT) -> bool:
        told = waiting_lists.tell_next(bench.session, bench.instrument, at=at)
        return told is not None and told.order is order

    waiting_lists.join_line(
        bench.session,
        order=order,
        instrument=bench.instrument,
        minutes=120,
        within=Span(at_hour(3, 8), at_hour(3, 10)),
        actor=bench.scene.by_founder,
        at=AT,
    )
    bench.cancel(slot, at=AT)
    assert len(bench.list_notices("slot_freed")) == 1
    # Somebody else was faster; then it comes free again.
    again = bench.book(make_span(3, 9))
    assert not tell()
    bench.cancel(again, at=AT)
    assert len(bench.list_notices("slot_freed")) == 2
    last = bench.book(make_span(3, 9))
    assert not tell()
    missed = bench.book(make_span(4, 9))
    bench.edit(places=1, most_missed=1, cancel_hours=14 * 24)
    bench.cancel(missed)
    bench.cancel(last, by_centre=True)
    assert not tell()
    assert len(bench.list_notices("slot_freed")) == 2


def test_edits_name_the_version_and_rules_that_go_together(bench: Bench) -> None:
    with pytest.raises(ChangedMeanwhile):
        benches.edit_instrument(
            bench.session,
            instrument=bench.instrument,
            values=VALUES,
            version=bench.instrument.version + 1,
            actor=bench.scene.by_analyst,
            at=AT,
        )
    for wrong in (
        {"least_minutes": 90, "most_minutes": 60},
        {"least_minutes": 45},
        {"places": 0},
        {"opens_minute": 600, "closes_minute": 600},
        {"day_minutes": 30},
        {"name": ""},
    ):
        with pytest.raises(InstrumentUnfit):
            bench.edit(**wrong)


def test_nobody_but_the_two_sides_knows_of_a_slot(bench: Bench) -> None:
    slot = bench.book(make_span(3, 9))
    for actor in (bench.scene.funds.by_outsider, bench.scene.funds.by_operator):
        with pytest.raises(NotFound):
            slots.cancel_slot(bench.session, slot=slot, reason="No", actor=actor, at=AT)
