"""The mandates of the demonstration's funds, and what its needs ask of one fund."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import make_actor
from app.demo.accounts import DEMO_ACCOUNTS
from app.funds.actions import dealing, draft_mandate, publish_mandate, state_ask
from app.funds.queries.deals import read_funnel
from app.funds.values import MandateValues
from app.mandates.values import AskValues
from models.needs import Need
from models.people import Person
from models.vocabulary import Field, FundingStage, Gate, Instrument, NeedKind


def publish_mandates(session: Session, *, at: datetime) -> int:
    """Everything in `mandates.yaml` is published as if in the weeks before `at`; returns how much.

    Whoever has left the demonstration meanwhile is left out.
    """
    said: Mapping[str, Any] = yaml.safe_load(
        files("app.demo").joinpath("mandates.yaml").read_text(encoding="utf-8")
    )
    count = 0
    for row in said["mandates"]:
        person = _find_person(session, row["fund"])
        if person is None:
            continue
        (provider,) = [m.provider for m in person.memberships if m.provider is not None]
        for version in row["versions"]:
            when = at - timedelta(days=version["days_ago"])
            mandate = draft_mandate(
                session,
                provider=provider,
                values=_read_values(version),
                actor=make_actor(person),
                at=when,
            )
            publish_mandate(
                session,
                mandate=mandate,
                version=mandate.version,
                actor=make_actor(person),
                at=when,
            )
            count += 1
    for row in said["funnels"]:
        _take_on(session, row, at=at)
    for row in said["asks"]:
        _ask(session, dict(row), at=at)
    return count


def _take_on(session: Session, row: Mapping[str, Any], *, at: datetime) -> None:
    """The fund has steps of its own, and its accepted requests for money stand at one of them."""
    person = _find_person(session, row["fund"])
    if person is None:
        return
    (provider,) = [m.provider for m in person.memberships if m.provider is not None]
    actor = make_actor(person)
    dealing.set_steps(session, provider=provider, steps=row["steps"], actor=actor, at=at)
    deals = [deal for column in read_funnel(session, provider) for deal in column.deals]
    for deal in deals:
        dealing.advance_deal(
            session, engagement=deal.engagement, step=row["at_step"], actor=actor, at=at
        )


def _ask(session: Session, row: dict[str, Any], *, at: datetime) -> None:
    person = _find_person(session, row.pop("startup"))
    if person is None:
        return
    (startup,) = [m.startup for m in person.memberships if m.startup is not None]
    need = session.scalar(
        select(Need)
        .where(Need.startup_id == startup.id, Need.kind == NeedKind.FUNDING)
        .order_by(Need.id)
        .limit(1)
    )
    if need is not None:
        state_ask(session, need=need, values=AskValues(**row), actor=make_actor(person), at=at)


def _find_person(session: Session, key: str) -> Person | None:
    """Who acts for the organisation with that key in the files."""
    named = {account.key: account.email for account in DEMO_ACCOUNTS}
    email = named.get(key, f"{key}@example.org")
    return session.scalar(select(Person).where(Person.email == email))


def _read_values(said: Mapping[str, Any]) -> MandateValues:
    least, most = said["ticket"]
    return MandateValues(
        fields=tuple(Field(code) for code in said["fields"]),
        stages=tuple(FundingStage(code) for code in said["stages"]),
        ticket_min_yuan=least,
        ticket_max_yuan=most,
        places=tuple(said.get("places", ())),
        instruments=tuple(Instrument(code) for code in said["instruments"]),
        holding_limit_bp=said.get("holding_limit_bp"),
        excluded_topics=tuple(said.get("excluded_topics", ())),
        gate=Gate(said["gate"]) if "gate" in said else None,
    )
