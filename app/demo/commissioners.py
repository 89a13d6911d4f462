"""Finance commissioners of the demonstration's incubator, told by the actions of all sides."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Final

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.commissioners.actions import appointing, caring, cases
from app.commissioners.values import CaseValues, CommissionerValues
from app.demo.accounts import DEMO_ACCOUNTS
from models.commissioner_codes import CaseClosure, CommissionerKind
from models.commissioners import Commissioner, CompanyCare
from models.organisations import Startup
from models.people import Person
from models.product_codes import ProductKind

# So far from each other are the steps of one commissioner.
_STEP: Final = timedelta(hours=5)


def appoint_commissioners(session: Session, *, at: datetime) -> int:
    """Everything in `commissioners.yaml` has happened in the days before `at`; gives how many.

    Whoever has left the demonstration meanwhile appoints nobody, and has no commissioner.
    """
    said: Mapping[str, Any] = yaml.safe_load(
        files("app.demo").joinpath("commissioners.yaml").read_text(encoding="utf-8")
    )
    operator = _find_person(session, said["operator"])
    incubators = [m.incubator for m in operator.memberships if m.incubator] if operator else []
    if operator is None or not incubators:
        return 0
    by_operator = make_actor(operator)
    for row in said["commissioners"]:
        begun = at - timedelta(days=row["days_ago"])
        person = _find_person(session, row["key"]) or _add_person(session, row, at=begun)
        commissioner = appointing.offer_commissioner(
            session,
            incubator=incubators[0],
            name=person.name,
            email=person.email,
            values=CommissionerValues(
                kind=CommissionerKind(row["kind"]),
                institution=row["institution"],
                words=row["words"],
                last_day=(at + timedelta(days=row["days_left"])).date(),
                most_companies=row["most_companies"],
            ),
            actor=by_operator,
            at=begun,
        )
        if row.get("accepted", True):
            appointing.accept_commissioner(
                session, commissioner=commissioner, actor=make_actor(person), at=begun + _STEP
            )
        for company in row.get("companies", ()):
            _look_after(session, commissioner, person, by_operator, company, at=begun + 2 * _STEP)
    return len(said["commissioners"])


def _look_after(
    session: Session,
    commissioner: Commissioner,
    person: Person,
    by_operator: Actor,
    said: Mapping[str, Any],
    *,
    at: datetime,
) -> None:
    founder = _find_person(session, said["startup"])
    startup = _find_startup(founder, commissioner)
    if founder is None or startup is None:
        return
    by_founder, by_person = make_actor(founder), make_actor(person)
    if said["asks"] == "operator":
        care = caring.assign_company(
            session,
            commissioner=commissioner,
            startup=startup,
            words=said["words"],
            actor=by_operator,
            at=at,
        )
    else:
        care = caring.ask_commissioner(
            session,
            commissioner=commissioner,
            startup=startup,
            words=said["words"],
            actor=by_founder,
            at=at,
        )
    if said["state"] in ("assigned", "asked"):
        return
    if said["asks"] == "operator":
        caring.consent_to_care(session, care=care, actor=by_founder, at=at + _STEP)
    caring.accept_company(session, care=care, actor=by_person, at=at + 2 * _STEP)
    for row in said["cases"]:
        _go_through(session, care, row, by_founder, by_person, at=at + 3 * _STEP)


def _go_through(
    session: Session,
    care: CompanyCare,
    said: Mapping[str, Any],
    by_founder: Actor,
    by_person: Actor,
    *,
    at: datetime,
) -> None:
    case = cases.open_case(
        session,
        care=care,
        values=CaseValues(
            kind=ProductKind(said["kind"]), amount_yuan=said["amount_yuan"], words=said["words"]
        ),
        actor=by_founder,
        at=at,
    )
    if said["state"] == "open":
        return
    cases.begin_case(session, case=case, actor=by_person, at=at + _STEP)
    cases.note_case(session, case=case, words=said["note"], actor=by_person, at=at + 2 * _STEP)
    if said["state"] == "done":
        cases.finish_case(
            session,
            case=case,
            kind=ProductKind(said["kind"]),
            obtained_yuan=said["obtained_yuan"],
            words="",
            actor=by_person,
            at=at + 9 * _STEP,
        )
    elif said["state"] == "closed":
        cases.close_case(
            session,
            case=case,
            closure=CaseClosure(said["closure"]),
            words="",
            actor=by_person,
            at=at + 9 * _STEP,
        )


def _find_startup(founder: Person | None, commissioner: Commissioner) -> Startup | None:
    memberships = founder.memberships if founder else []
    return next(
        (
            m.startup
            for m in memberships
            if m.startup and m.startup.incubator_id == commissioner.incubator_id
        ),
        None,
    )


def _find_person(session: Session, key: str) -> Person | None:
    """Who acts for the organisation with that key in the files."""
    named = {account.key: account.email for account in DEMO_ACCOUNTS}
    return session.scalar(select(Person).where(Person.email == _address(named, key)))


def _address(named: Mapping[str, str], key: str) -> str:
    return named.get(key, f"{key}@example.org")


def _add_person(session: Session, said: Mapping[str, Any], *, at: datetime) -> Person:
    """Somebody who acts for no organisation here, and cannot log in."""
    person = Person(
        email=f"{said['key']}@example.org", name=said["name"], locale="zh_Hans_CN", created_at=at
    )
    session.add(person)
    session.flush()
    return person
