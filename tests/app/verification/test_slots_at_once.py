"""Many clients at the same moment: no place of an instrument is ever given twice."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from app.transactions import writing
from app.verification.actions import slots
from app.verification.actions.instruments import add_instrument
from app.verification.errors import SlotTaken
from app.verification.rules import InstrumentValues, Span
from models.instruments import Instrument, Slot, SlotStep
from models.verification import VerificationOrder
from tests.app.engagements.races import Step, run_at_once
from tests.app.verification.scenes import bring_to, make_scene
from tests.factories import AT

pytestmark = [pytest.mark.concurrency, pytest.mark.verification]

PLACES = 3
# SQLite lets one write after the other; PostgreSQL has a connection for each.
CLIENTS = {"sqlite": 8, "postgresql": 64}


def test_no_place_is_given_twice(fresh_engine: Engine) -> None:
    with Session(fresh_engine) as session:
        with writing(session):
            scene = make_scene(session)
            orders = [bring_to(session, scene, "ordered", metric=str(n)).id for n in range(8)]
            values = InstrumentValues(name="Chamber", places=PLACES, most_minutes=240)
            instrument_id = add_instrument(
                session, provider=scene.centre, values=values, actor=scene.by_analyst, at=AT
            ).id
            actor = scene.by_founder
        begins = AT + timedelta(days=3)

        def book(number: int) -> Step:
            # Half of them an hour later: any two of them overlap.
            starts_at = begins + timedelta(hours=number // 2 % 2)

            def step(own: Session) -> object:
                return slots.book_slot(
                    own,
                    order=own.get_one(VerificationOrder, orders[number % len(orders)]),
                    instrument=own.get_one(Instrument, instrument_id),
                    span=Span(starts_at, starts_at + timedelta(hours=2)),
                    actor=actor,
                    at=AT,
                )

            return step

        clients = CLIENTS[fresh_engine.dialect.name]
        engine = _widen(fresh_engine, clients)
        outcomes = run_at_once(engine, *(book(number) for number in range(clients)))
        engine.dispose()
        assert Counter(outcomes) == {None: PLACES, SlotTaken: clients - PLACES}
        booked = session.scalars(select(Slot).order_by(Slot.place)).all()
        assert [slot.place for slot in booked] == [1, 2, 3]
        steps = session.execute(select(SlotStep.place, SlotStep.begins_at)).all()
        assert len(steps) == len(set(steps)) == PLACES * 4


def _widen(engine: Engine, clients: int) -> Engine:
    """With a connection for every client at once."""
    if engine.dialect.name == "sqlite":
        return engine
    return create_engine(engine.url, pool_size=clients, max_overflow=0)
