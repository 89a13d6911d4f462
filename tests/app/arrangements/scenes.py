"""An arrangement between a fund and a startup, set down, offered, agreed on."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.arrangements.actions import agreeing, ending
from app.arrangements.values import ArrangementValues, EndValues, TrancheValues
from models.arrangements import Arrangement
from models.engagements import Engagement
from models.financing_codes import ArrangementOutcome
from models.vocabulary import Gate, Instrument
from tests.app.financings.scenes import Scene
from tests.factories import AT

ON = AT.date()
DUE_ON = ON + timedelta(days=200)
GRANT = ArrangementValues(
    form=Instrument.GRANT_THEN_EQUITY,
    tranches=(
        TrancheValues(amount_yuan=400_000),
        TrancheValues(amount_yuan=600_000, gate=Gate.PROTOTYPE),
    ),
    words="The team keeps control, and sells no shares during the research.",
    trigger_yuan=1_000_000,
    due_on=DUE_ON,
    holding_bp=1000,
    discount_bp=2000,
)
EQUITY = ArrangementValues(
    form=Instrument.EQUITY,
    tranches=(TrancheValues(amount_yuan=500_000),),
    words="Shares at once.",
    holding_bp=500,
)
CONVERSION = EndValues(outcome=ArrangementOutcome.CONVERTED, valuation_yuan=10_000_000)


def draft(
    session: Session, scene: Scene, values: ArrangementValues = GRANT, **changes: Any
) -> Arrangement:
    return agreeing.draft_arrangement(
        session,
        engagement=scene.first,
        values=replace(values, **changes),
        actor=scene.by_first,
        at=AT,
    )


def offer(
    session: Session, scene: Scene, values: ArrangementValues = GRANT, **changes: Any
) -> Arrangement:
    arrangement = draft(session, scene, values, **changes)
    agreeing.offer_arrangement(
        session,
        arrangement=arrangement,
        version=arrangement.version,
        actor=scene.by_first,
        at=AT,
    )
    return arrangement


def agree(
    session: Session, scene: Scene, values: ArrangementValues = GRANT, **changes: Any
) -> Arrangement:
    arrangement = offer(session, scene, values, **changes)
    agreeing.agree_arrangement(
        session,
        arrangement=arrangement,
        version=arrangement.version,
        actor=scene.by_founder,
        at=AT,
    )
    return arrangement


def pay(
    session: Session, scene: Scene, arrangement: Arrangement, number: int, day: date = ON
) -> None:
    ending.pay_tranche(
        session, arrangement=arrangement, number=number, paid_on=day, actor=scene.by_first, at=AT
    )


def list_states(arrangement: Arrangement) -> list[str]:
    return [each.state for each in arrangement.tranches]


def make_arrangement(session: Session, engagement: Engagement, **changes: Any) -> Arrangement:
    """A draft of equity, as the database alone has it."""
    values = {"form": Instrument.EQUITY, "amount_yuan": 100, "words": "Terms"} | changes
    arrangement = Arrangement(engagement=engagement, created_at=AT, changed_at=AT, **values)
    session.add(arrangement)
    session.flush()
    return arrangement
