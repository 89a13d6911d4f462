"""A startup with its founder and operator, a mentor in the pool, and people outside."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.facts.actions import confirm_fact, state_fact
from app.facts.values import StatedFact, make_year
from models.fact_types import FactType
from models.facts import Fact
from models.organisations import Incubator, Startup
from models.people import Person
from models.providers import Provider
from tests.factories import (
    AT,
    act_as,
    admit,
    make_incubator,
    make_mentor,
    make_person,
    make_startup,
)


@dataclass(frozen=True)
class Scene:
    incubator: Incubator
    startup: Startup
    mentor: Provider
    founder: Person
    operator: Person
    mentor_person: Person
    outsider: Person

    @property
    def by_founder(self) -> Actor:
        return act_as(self.founder)

    @property
    def by_operator(self) -> Actor:
        return act_as(self.operator)

    @property
    def by_mentor(self) -> Actor:
        return act_as(self.mentor_person)


def make_scene(session: Session) -> Scene:
    operator, founder = make_person(session), make_person(session)
    incubator = make_incubator(session, operator=operator)
    startup = make_startup(session, incubator=incubator, founder=founder)
    mentor_person = make_person(session)
    mentor = make_mentor(session, person=mentor_person)
    admit(session, incubator, mentor)
    outsider = make_person(session)
    make_incubator(session, operator=outsider)
    make_startup(session, founder=outsider)
    return Scene(incubator, startup, mentor, founder, operator, mentor_person, outsider)


def of_year(year: int, yuan: int, **more: Any) -> StatedFact:
    begins_on, ends_on = make_year(year)
    values: dict[str, Any] = {"fact_type": FactType.REVENUE, "unit": "ten_thousand_yuan"} | more
    return StatedFact(value=Decimal(yuan), begins_on=begins_on, ends_on=ends_on, **values)


def of_day(day: date, fact_type: FactType, value: Any) -> StatedFact:
    return StatedFact(fact_type=fact_type, value=value, begins_on=day, ends_on=day)


def state(session: Session, scene: Scene, stated: StatedFact, at: Any = AT) -> Fact:
    return state_fact(session, subject=scene.startup, stated=stated, actor=scene.by_founder, at=at)


def confirm(session: Session, scene: Scene, fact: Fact, at: Any = AT) -> None:
    confirm_fact(session, fact=fact, actor=scene.by_operator, at=at)
