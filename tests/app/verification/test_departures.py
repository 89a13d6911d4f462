"""What is over when a centre, a startup or a fund closes its account, and who is told of it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Installation
from app.financings.actions import committing, raising
from app.privacy.actions import erase_person
from app.rooms import ERASINGS
from app.verification.actions import instruments, quoting, slots, waiting_lists
from models.datarooms import DataRoom, RoomGrant
from models.facts import Fact
from models.instruments import Instrument, Slot, SlotWish
from models.notices import Notice, OutboxMail
from models.orm import Base
from models.people import Person
from models.verification import Claim, VerificationOrder
from models.vocabulary import Gate
from tests.app.financings import scenes as money
from tests.app.verification.scenes import (
    ON,
    RESULT,
    ask,
    bring_to,
    make_scene,
    publish,
    quote,
    send,
)
from tests.app.verification.test_slots import VALUES, make_span
from tests.app.vouchers.scenes import offer_scheme, order_with, take_vouchers
from tests.factories import AT, make_engagement

pytestmark = [pytest.mark.verification, pytest.mark.privacy]


def go(session: Session, person: Person) -> None:
    erase_person(
        session,
        email=person.email,
        rooms=ERASINGS,
        actor=Installation.COMMAND_LINE,
        at=AT + timedelta(days=1),
    )
    session.expire_all()


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def list_new(session: Session, person: Person) -> Counter[str]:
    session.flush()
    kinds = session.scalars(
        select(Notice.kind).where(Notice.person_id == person.id, Notice.created_at > AT)
    )
    return Counter(kinds)


def test_all_that_was_open_at_a_centre_ends_and_its_founder_hears_of_each(
    session: Session,
) -> None:
    scene = make_scene(session)
    take_vouchers(session, scene)
    founder, centre = scene.funds.founder, scene.centre.name
    for state in ("asked", "quoted", "to_verify"):
        bring_to(session, scene, state)
    paid = quote(session, scene, ask(session, scene))
    voucher = order_with(session, scene, paid, offer_scheme(session, scene))
    instrument = instruments.add_instrument(
        session, provider=scene.centre, values=VALUES, actor=scene.by_analyst, at=AT
    )
    slot = slots.book_slot(
        session,
        order=paid,
        instrument=instrument,
        span=make_span(3, 9),
        actor=scene.by_founder,
        at=AT,
    )
    uid = f"{slot.public_id}@yinqiao"
    waiting_lists.join_line(
        session,
        order=paid,
        instrument=instrument,
        minutes=60,
        within=make_span(4, 9, 4),
        actor=scene.by_founder,
        at=AT,
    )
    send(session, scene, paid)
    bring_to(session, scene, "settled")
    piloted = replace(RESULT, readiness=7)
    dated = bring_to(session, scene, "verified", values=piloted, gate=Gate.PILOT)
    publish(session, scene, dated, valid_until=ON + timedelta(days=90))
    dated.claim.is_released = True
    reader = make_engagement(session, scene.funds.need, scene.funds.fund, state="accepted")
    over = bring_to(session, scene, "quoted")
    quoting.cancel_order(session, order=over, reason="No", actor=scene.by_founder, at=AT)
    assert session.get_one(Fact, dated.reports[0].gate_fact_id).state == "confirmed"
    claims = count(session, Claim)

    go(session, scene.reviewer)
    assert not list_new(session, founder)
    go(session, scene.analyst)

    told = list_new(session, founder)
    assert told == Counter(
        order_gone_unquoted=2,
        order_gone=2,
        order_gone_reported=2,
        slot_lost=1,
        # One that is on its way, and those of the three that were tested.
        sample_left_at_centre=4,
        voucher_released=1,
        engagement_cancelled=1,
    )
    lost = session.scalars(select(OutboxMail).where(OutboxMail.kind == "slot_lost")).one()
    assert centre not in (lost.calendar or "")
    (event,) = Calendar.from_ical(lost.calendar or "").events
    assert (event["uid"], lost.calendar_method, lost.address) == (uid, "CANCEL", founder.email)
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 1)
    assert list_new(session, scene.funds.operator)["voucher_released"] == 1
    assert list_new(session, scene.funds.investor)["released_proof_fell"] == 1
    assert reader.state == "accepted"
    for notice in session.scalars(select(Notice).where(Notice.created_at > AT)):
        assert centre not in str(notice.facts)
    assert [count(session, each) for each in (VerificationOrder, Instrument, Slot, SlotWish)] == [
        0
    ] * 4
    assert (voucher.state, voucher.order_id, count(session, Claim)) == ("released", None, claims)


def test_a_centre_hears_which_samples_of_a_startup_that_goes_it_has(session: Session) -> None:
    scene = make_scene(session)
    code = send(session, scene, bring_to(session, scene, "ordered")).code
    bring_to(session, scene, "settled").samples[0].state = "returned"
    go(session, scene.funds.founder)
    notices = session.scalars(select(Notice).where(Notice.kind == "order_left_by_startup")).all()
    assert {(each.person_id, each.facts["samples"]) for each in notices} == {
        (scene.analyst.id, code),
        (scene.reviewer.id, code),
    }
    assert {each.path for each in notices} == {f"/providers/{scene.centre.public_id}/orders"}


@pytest.mark.parametrize("state", ["open", "closed", "paid"])
def test_a_founder_hears_what_a_fund_that_goes_leaves_behind(session: Session, state: str) -> None:
    scene = money.make_scene(session)
    founder = scene.of_funds.founder
    financing = money.open_one(session, scene, least_yuan=100_000)
    interest = money.commit(session, scene, scene.first, 500_000)
    money.commit(session, scene, scene.second, 300_000)
    by: dict[str, Any] = {"actor": scene.by_founder, "at": AT}
    if state != "open":
        raising.close_financing(session, financing=financing, taken_yuan=800_000, **by)
    if state == "paid":
        committing.confirm_payment(session, interest=interest, paid_on=ON, **by)
    room = DataRoom(startup=scene.of_funds.startup, created_at=AT)
    session.add(
        RoomGrant(room=room, provider_id=scene.of_funds.fund.id, granted_at=AT, changed_at=AT)
    )
    session.flush()
    go(session, scene.of_funds.investor)
    told = list_new(session, founder)
    assert told.pop("engagement_cancelled") == told.pop("room_left") == 1
    said = {"open": "commitment_gone", "closed": "commitment_left_unpaid"}
    assert dict(told) == ({said[state]: 1} if state in said else {})
    assert financing.taken_yuan == (300_000 if state == "open" else 800_000)
    if state == "closed":
        # Nobody is left to ask: the founder alone says whether the money has come.
        committing.let_go(session, interest=interest, words="It left", **by)
        assert financing.taken_yuan == 300_000
