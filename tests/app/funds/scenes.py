"""A startup that seeks money, its operator, a fund with a mandate, and people outside."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.facts.actions import confirm_fact, state_fact
from app.facts.values import StatedFact
from app.funds.actions import draft_mandate, publish_mandate
from app.funds.values import MandateValues
from app.mandates.checking import Sought, Terms
from models.fact_types import FactType
from models.facts import Fact
from models.funds import Mandate
from models.needs import Need
from models.organisations import Incubator, Startup
from models.people import Person
from models.providers import Provider
from models.vocabulary import (
    ConditionAttribute,
    Field,
    FundingStage,
    Gate,
    Instrument,
    NeedKind,
)
from tests.factories import (
    AT,
    act_as,
    make_incubator,
    make_investor,
    make_need,
    make_person,
    make_startup,
)

ON = AT.date()

VALUES = MandateValues(
    fields=(Field.INTEGRATED_CIRCUITS,),
    stages=(FundingStage.SEED,),
    ticket_min_yuan=500_000,
    ticket_max_yuan=3_000_000,
    places=("310000",),
    instruments=(Instrument.EQUITY,),
    holding_limit_bp=1500,
    excluded_topics=("Memory chips",),
    gate=Gate.PROTOTYPE,
)

# The same for the rules alone, and a need that passes all of it.
TERMS = Terms(
    fields=frozenset({"integrated_circuits"}),
    stages=frozenset({"seed"}),
    ticket_min_yuan=500_000,
    ticket_max_yuan=3_000_000,
    places=frozenset({"310000"}),
    instruments=frozenset({"equity"}),
    holding_limit_bp=1500,
    excluded_topics=frozenset({"Memory chips"}),
    gate="prototype",
)
SOUGHT = Sought(
    fields=frozenset({"integrated_circuits", "automobiles"}),
    stage="seed",
    amount_yuan=2_000_000,
    place_code="310115",
    instruments=frozenset({"equity", "guarantee"}),
    share_bp=1000,
    topics=frozenset({"Silicon carbide"}),
    gate="pilot",
)


@dataclass(frozen=True)
class Scene:
    incubator: Incubator
    startup: Startup
    need: Need
    fund: Provider
    founder: Person
    operator: Person
    investor: Person
    outsider: Person

    @property
    def by_founder(self) -> Actor:
        return act_as(self.founder)

    @property
    def by_operator(self) -> Actor:
        return act_as(self.operator)

    @property
    def by_fund(self) -> Actor:
        return act_as(self.investor)

    @property
    def by_outsider(self) -> Actor:
        return act_as(self.outsider)


def make_scene(session: Session, **startup: Any) -> Scene:
    operator, founder, investor = (make_person(session) for _ in range(3))
    incubator = make_incubator(session, operator=operator)
    values = {"topics": ["Silicon carbide"]} | startup
    hosted = make_startup(session, incubator=incubator, founder=founder, **values)
    need = make_money_need(session, hosted)
    fund = make_investor(session, person=investor, name="First fund (example)")
    outsider = make_person(session)
    make_incubator(session, operator=outsider)
    make_startup(session, founder=outsider)
    make_investor(session, person=outsider, name="Another fund (example)")
    return Scene(incubator, hosted, need, fund, founder, operator, investor, outsider)


def make_money_need(session: Session, startup: Startup, amount: int | None = 2_000_000) -> Need:
    conditions = [
        (ConditionAttribute.FUNDING_STAGE, ["seed"], True),
        (ConditionAttribute.INSTRUMENTS, ["equity"], False),
    ]
    if amount is not None:
        conditions.append((ConditionAttribute.AMOUNT, [str(amount)], True))
    return make_need(
        session,
        startup,
        kind=NeedKind.FUNDING,
        title="Seed money for two lots",
        text="We seek two million for two more lots and a test of their reliability.",
        conditions=conditions,
    )


def draft(session: Session, scene: Scene, **changes: Any) -> Mandate:
    return draft_mandate(
        session,
        provider=scene.fund,
        values=replace(VALUES, **changes),
        actor=scene.by_fund,
        at=AT,
    )


def publish(session: Session, scene: Scene, **changes: Any) -> Mandate:
    mandate = draft(session, scene, **changes)
    publish_mandate(session, mandate=mandate, version=mandate.version, actor=scene.by_fund, at=AT)
    return mandate


def state_gate(session: Session, scene: Scene, gate: str, day: date = date(2026, 1, 5)) -> Fact:
    stated = StatedFact(fact_type=FactType.GATE_VERIFIED, value=gate, begins_on=day, ends_on=day)
    return state_fact(session, subject=scene.startup, stated=stated, actor=scene.by_founder, at=AT)


def prove_gate(session: Session, scene: Scene, gate: str, day: date = date(2026, 1, 5)) -> Fact:
    fact = state_gate(session, scene, gate, day)
    confirm_fact(session, fact=fact, actor=scene.by_operator, at=AT)
    return fact
