"""What pages of orders and instruments say in figures, added up here in plain Python."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import CHINA, now, today
from app.extensions import db
from models.instruments import Instrument, Slot, SlotStep, SlotWish
from models.lifecycle import VERIFICATION_ORDER
from models.verification import Claim, VerificationOrder, VerificationQuote
from models.vocabulary import ClaimComparator
from tests.app.home.page_figures import (
    read_cards,
    read_facts,
    read_headings,
    read_section,
    say,
    visit,
)
from tests.app.verification.scenes import QUOTE, Scene, make_scene
from tests.factories import AT, log_in, make_engagement, make_need

pytestmark = [
    pytest.mark.verification,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
    pytest.mark.parametrize("seed", [3, 8]),
]

COLUMNS = {
    "asked": "To quote",
    "expired": "To quote",
    "quoted": "Waiting for the startup",
    "ordered": "Waiting for the startup",
    "in_lab": "On the bench",
    "to_verify": "Results to verify",
    "verified": "Reports to publish",
    "reported": "Reported, to be settled",
    "settled": "Over",
    "cancelled": "Over",
}
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


def make_order(session: Session, scene: Scene, state: str, chance: Random) -> VerificationOrder:
    claim = Claim(
        startup=scene.funds.startup,
        metric="Leak",
        comparator=ClaimComparator.AT_MOST,
        high=Decimal(5),
        state="withdrawn" if state == "asked" and chance.random() < 0.3 else "stated",
        created_at=AT,
        updated_at=AT,
    )
    order = VerificationOrder(
        engagement=scene.engagement, claim=claim, state=state, asked_at=AT, changed_at=AT
    )
    order.settled_at = AT if state == "settled" else None
    # Of several quotes the accepted one is what it costs, else the newest.
    count = 0 if state == "asked" else chance.randrange(1, 4)
    is_ordered = state not in ("quoted", "expired", "cancelled")
    for number in range(1, count + 1):
        is_accepted = is_ordered and number == (count + 1) // 2
        stands = state == "quoted" and number == count
        terms = {name: getattr(QUOTE, name) for name in QUOTE.__dataclass_fields__}
        made = VerificationQuote(number=number, offered_at=AT, **terms)
        made.price_yuan = chance.randrange(1, 90_000)
        made.accepted_at = AT if is_accepted else None
        made.ended_at = None if is_accepted or stands else AT
        order.quotes.append(made)
    session.add(order)
    return order


def draw_bench(session: Session, scene: Scene, chance: Random) -> list[Instrument]:
    """Instruments with slots on several places, and lines in which some have waited too long."""
    monday = datetime.combine(today(now()) + timedelta(days=7), time(), CHINA).astimezone(UTC)
    ordered = [make_order(session, scene, "ordered", chance) for _ in range(9)]
    found = []
    for name in ("Chamber", "Bench"):
        instrument = Instrument(
            provider=scene.centre, name=name, places=3, created_at=AT, updated_at=AT
        )
        session.add(instrument)
        session.flush()
        for place in (1, 2, 3):
            begins = monday
            while begins < monday + WEEK:
                begins += HOUR / 2 * chance.randrange(1, 60)
                ends = begins + HOUR / 2 * chance.randrange(2, 40)
                slot = Slot(
                    instrument=instrument,
                    order=chance.choice(ordered),
                    state=chance.choice(["booked", "booked", "cancelled"]),
                    place=place,
                    starts_at=begins,
                    ends_at=ends,
                    booked_at=AT,
                    ended_at=AT,
                )
                session.add(slot)
                if slot.state == "booked":
                    for step in range((ends - begins) // (HOUR / 2)):
                        at = begins + HOUR / 2 * step
                        taken = SlotStep(instrument_id=instrument.id, place=place, begins_at=at)
                        slot.steps.append(taken)
                begins = ends
        for order in chance.sample(ordered, 7):
            wish = SlotWish(
                instrument=instrument,
                order=order,
                minutes=60,
                from_at=AT,
                # The clock takes away whose last day is over, a little later.
                until_at=now() + chance.choice([-HOUR, WEEK, WEEK]),
                created_at=AT,
            )
            session.add(wish)
        found.append(instrument)
    session.flush()
    return found


def test_queue_bench_and_lines_add_up(app: Flask, client: FlaskClient, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        # More are over than are listed.
        states = [*VERIFICATION_ORDER.states, *["cancelled", "settled"] * 8]
        for state in states + chance.choices(VERIFICATION_ORDER.states, k=20):
            make_order(session, scene, state, chance)
        need = make_need(session, scene.funds.startup)
        make_engagement(session, need, scene.centre, state="accepted", answered_at=AT)
        instruments = draw_bench(session, scene, chance)
        log_in(client, scene.analyst)
        address = f"/providers/{scene.centre.public_id}"
        orders = session.scalars(select(VerificationOrder)).all()
        counted: Counter[str] = Counter()
        for order in orders:
            is_gone = order.state in ("asked", "quoted", "expired")
            is_gone = is_gone and order.claim.state == "withdrawn"
            counted["Over" if is_gone else COLUMNS[order.state]] += 1
        page = visit(client, f"{address}/orders")
        headings = [each for each in read_headings(page) if "without a claim" not in each]
        assert sorted(headings) == sorted(f"{word} {many}" for word, many in counted.items())
        for order in chance.sample(orders, 12):
            facts = read_facts(visit(client, f"/orders/{order.public_id}"))
            rows = session.scalars(
                select(VerificationQuote).where(VerificationQuote.order_id == order.id)
            ).all()
            accepted = [each for each in rows if each.accepted_at]
            shown = accepted or rows[-1:]
            assert facts.get("Price with tax") == (say(shown[0].price_yuan) if shown else None)
        listed = read_cards(visit(client, f"{address}/instruments"))
        at = now()
        lines = {}
        for instrument in instruments:
            wishes = session.scalars(
                select(SlotWish)
                .where(SlotWish.instrument_id == instrument.id)
                .order_by(SlotWish.id)
            ).all()
            lines[instrument.id] = [wish for wish in wishes if wish.until_at > at]
            card = next(each for each in listed if each.startswith(instrument.name))
            assert f"{len(lines[instrument.id])} in line" in card
        log_in(client, scene.funds.founder)
        for instrument in instruments:
            check_slots(session, client, instrument, lines)


def check_slots(
    session: Session,
    client: FlaskClient,
    instrument: Instrument,
    lines: dict[int, list[SlotWish]],
) -> None:
    """What a startup is told of an instrument: its number in line, and when a place is free."""
    last = lines[instrument.id][-1]
    first = today(now()) + timedelta(days=7)
    page = visit(
        client,
        f"/orders/{last.order.public_id}/slots",
        **{"instrument": instrument.public_id, "minutes": 120, "from": first},
    )
    number = len(lines[instrument.id])
    cards = read_cards(read_section(page, "waiting"))
    (card,) = [each for each in cards if each.startswith(instrument.name)]
    assert f"Number {number} in line, for 1 hour" in card
    booked = session.scalars(
        select(Slot).where(Slot.instrument_id == instrument.id, Slot.state == "booked")
    ).all()
    begins = datetime.combine(first, time(), CHINA)
    free = 0
    for step in range(7 * 48 + 1):
        starts_at = begins + HOUR / 2 * step
        taken = {
            slot.place
            for slot in booked
            if slot.starts_at < starts_at + 2 * HOUR and starts_at < slot.ends_at
        }
        free += len(taken) < instrument.places
    assert read_section(page, "pick").count('name="starts_at"') == free
