"""A startup that raises money, and two funds that have accepted its request."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.financings.actions import committing, raising
from app.financings.trace import count_taken
from app.financings.values import FinancingValues
from models.engagements import Engagement
from models.financing_codes import PartiesShown
from models.financings import Financing, Interest
from models.needs import Need
from models.people import Person
from models.providers import Provider
from models.vocabulary import Instrument
from tests.app.funds.scenes import Scene as FundScene
from tests.app.funds.scenes import make_scene as make_fund_scene
from tests.factories import AT, act_as, make_engagement, make_investor, make_person

CLOSES_ON = AT.date() + timedelta(days=30)
FINANCING = FinancingValues(
    kind=Instrument.EQUITY,
    target_yuan=2_000_000,
    least_yuan=1_000_000,
    terms="Pre-money valuation of twenty million, pro rata rights.",
    closes_on=CLOSES_ON,
    shown=PartiesShown.CONTACTS,
)


@dataclass(frozen=True)
class Scene:
    of_funds: FundScene
    first: Engagement
    second: Engagement
    other_person: Person

    @property
    def need(self) -> Need:
        return self.of_funds.need

    @property
    def by_founder(self) -> Actor:
        return self.of_funds.by_founder

    @property
    def by_first(self) -> Actor:
        return self.of_funds.by_fund

    @property
    def by_second(self) -> Actor:
        return act_as(self.other_person)

    @property
    def other_fund(self) -> Provider:
        return self.second.provider

    def act(self, engagement: Engagement) -> Actor:
        return self.by_first if engagement is self.first else self.by_second


def make_scene(session: Session) -> Scene:
    of_funds = make_fund_scene(session)
    person = make_person(session, name="Wen Second")
    other = make_investor(session, person=person, name="Second fund (example)")
    accepted = {"state": "accepted", "answered_at": AT}
    return Scene(
        of_funds,
        make_engagement(session, of_funds.need, of_funds.fund, **accepted),
        make_engagement(session, of_funds.need, other, **accepted),
        person,
    )


def make_financing(session: Session, need: Need, **changes: Any) -> Financing:
    """A financing that is open, as the database alone has it."""
    values = replace(FINANCING, **changes)
    financing = Financing(
        need=need,
        state="open",
        kind=values.kind,
        target_yuan=values.target_yuan,
        least_yuan=values.least_yuan,
        places=values.places,
        terms=values.terms,
        closes_on=values.closes_on,
        shown=values.shown,
        created_at=AT,
        changed_at=AT,
        opened_at=AT,
    )
    session.add(financing)
    session.flush()
    return financing


def make_interest(
    session: Session, financing: Financing, fund: Provider, state: str, amount: int = 500_000
) -> Interest:
    interest = Interest(
        financing=financing,
        provider_id=fund.id,
        state=state,
        amount_yuan=amount,
        observed_at=AT,
        changed_at=AT,
    )
    session.add(interest)
    count_taken(session, financing)
    return interest


def open_one(session: Session, scene: Scene, **changes: Any) -> Financing:
    """A financing through its actions, open."""
    financing = raising.draft_financing(
        session,
        need=scene.need,
        values=replace(FINANCING, **changes),
        actor=scene.by_founder,
        at=AT,
    )
    raising.open_financing(
        session, financing=financing, version=financing.version, actor=scene.by_founder, at=AT
    )
    return financing


def consider(session: Session, scene: Scene, engagement: Engagement, amount: int) -> Interest:
    by = scene.act(engagement)
    committing.observe(session, engagement=engagement, actor=by, at=AT)
    return committing.consider(session, engagement=engagement, amount_yuan=amount, actor=by, at=AT)


def commit(session: Session, scene: Scene, engagement: Engagement, amount: int) -> Interest:
    consider(session, scene, engagement, amount)
    return committing.commit(
        session, engagement=engagement, amount_yuan=amount, actor=scene.act(engagement), at=AT
    )
