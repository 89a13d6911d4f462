"""Terms of one incubator of the demonstration: what its startups call things among themselves."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import make_actor
from app.demo.accounts import DEMO_ACCOUNTS
from app.pools.actions.terms import TermValues, add_term
from models.people import Person
from models.vocabulary import Role

_TERMS: Final = (
    TermValues(chinese=("背减", "晶圆背面减薄"), english=("wafer back thinning",)),
    TermValues(chinese=("小批量试流", "工程批流片"), english=("engineering lot run",)),
    TermValues(chinese=("高温反偏试验",), english=("high-temperature reverse bias",)),
)
_AGO = timedelta(days=30)


def add_terms(session: Session, *, at: datetime) -> int:
    """The terms are added as if some weeks before `at`; returns how many. None is, where the
    operator has left the demonstration."""
    email = next(each.email for each in DEMO_ACCOUNTS if each.role is Role.OPERATOR)
    person = session.scalar(select(Person).where(Person.email == email))
    if person is None:
        return 0
    incubator = next((each.incubator for each in person.memberships if each.incubator), None)
    if incubator is None:
        return 0
    for values in _TERMS:
        add_term(
            session, incubator=incubator, values=values, actor=make_actor(person), at=at - _AGO
        )
    return len(_TERMS)
