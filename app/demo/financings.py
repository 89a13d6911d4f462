"""Financings of the demonstration, told by the actions of founders and funds."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Final

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.arrangements.actions import agreeing, ending
from app.arrangements.values import ArrangementValues, TrancheValues
from app.clock import today
from app.demo.accounts import DEMO_ACCOUNTS
from app.financings.actions import committing
from app.financings.actions.raising import draft_financing, open_financing
from app.financings.values import FinancingValues
from models.engagements import Engagement
from models.financing_codes import PartiesShown
from models.financings import Financing
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.needs import Need
from models.people import Person
from models.vocabulary import Gate, Instrument, NeedKind

# So long before the present they were begun.
_BEGUN: Final = timedelta(days=6)


def raise_money(session: Session, *, at: datetime) -> int:
    """Everything in `financings.yaml` has happened in the days before `at`; returns how much.

    Whoever has left the demonstration meanwhile is left out.
    """
    rows = yaml.safe_load(files("app.demo").joinpath("financings.yaml").read_text(encoding="utf-8"))
    return sum(_raise(session, row, at=at) for row in rows)


def _raise(session: Session, row: Mapping[str, Any], *, at: datetime) -> int:
    founder = _find_person(session, row["startup"])
    need = None if founder is None else _find_need(session, founder)
    if founder is None or need is None:
        return 0
    actor, begun = make_actor(founder), at - _BEGUN
    financing = draft_financing(
        session,
        need=need,
        values=FinancingValues(
            kind=Instrument(row["kind"]),
            target_yuan=row["target_yuan"],
            least_yuan=row["least_yuan"],
            places=row.get("places"),
            terms=row["terms"],
            closes_on=today(at + timedelta(days=row["closes"])),
            shown=PartiesShown(row["shown"]),
        ),
        actor=actor,
        at=begun,
    )
    if row["state"] == "open":
        open_financing(
            session, financing=financing, version=financing.version, actor=actor, at=begun
        )
        for part in row["funds"]:
            _take_part(session, financing, part, at=begun + timedelta(days=2))
    if "arrangement" in row:
        _arrange(session, need, row["arrangement"], founder=actor, begun=begun, at=at)
    return 1


def _arrange(
    session: Session,
    need: Need,
    said: Mapping[str, Any],
    *,
    founder: Actor,
    begun: datetime,
    at: datetime,
) -> None:
    """The fund has offered an arrangement, the founder has agreed, and some of it was paid."""
    person = _find_person(session, said["fund"])
    engagement = None if person is None else _find_deal(session, need, person)
    if person is None or engagement is None:
        return
    fund = make_actor(person)
    arrangement = agreeing.draft_arrangement(
        session,
        engagement=engagement,
        values=ArrangementValues(
            form=Instrument(said["form"]),
            tranches=tuple(
                TrancheValues(
                    amount_yuan=part["amount_yuan"],
                    gate=Gate(part["gate"]) if "gate" in part else None,
                )
                for part in said["tranches"]
            ),
            words=said["words"],
            trigger_yuan=said["trigger_yuan"],
            due_on=today(at + timedelta(days=said["due"])),
            holding_bp=said["holding_bp"],
            discount_bp=said["discount_bp"],
        ),
        actor=fund,
        at=begun,
    )
    agreeing.offer_arrangement(
        session, arrangement=arrangement, version=arrangement.version, actor=fund, at=begun
    )
    agreed = begun + timedelta(days=1)
    agreeing.agree_arrangement(
        session, arrangement=arrangement, version=arrangement.version, actor=founder, at=agreed
    )
    for number in range(1, said["paid"] + 1):
        ending.pay_tranche(
            session,
            arrangement=arrangement,
            number=number,
            paid_on=today(agreed),
            actor=fund,
            at=agreed + timedelta(days=number),
        )


def _take_part(
    session: Session, financing: Financing, part: Mapping[str, Any], *, at: datetime
) -> None:
    person = _find_person(session, part["fund"])
    if person is None:
        return
    engagement = _find_deal(session, financing.need, person)
    if engagement is None:
        return
    actor, amount = make_actor(person), part["amount_yuan"]
    committing.observe(session, engagement=engagement, actor=actor, at=at)
    committing.consider(session, engagement=engagement, amount_yuan=amount, actor=actor, at=at)
    if part["course"] == "committed":
        committing.commit(session, engagement=engagement, amount_yuan=amount, actor=actor, at=at)


def _find_deal(session: Session, need: Need, person: Person) -> Engagement | None:
    """The request for `need` that the fund of `person` has accepted."""
    (provider,) = [m.provider for m in person.memberships if m.provider is not None]
    return session.scalar(
        select(Engagement).where(
            Engagement.need_id == need.id,
            Engagement.provider_id == provider.id,
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
        )
    )


def _find_need(session: Session, founder: Person) -> Need | None:
    (startup,) = [m.startup for m in founder.memberships if m.startup is not None]
    return session.scalar(
        select(Need)
        .where(Need.startup_id == startup.id, Need.kind == NeedKind.FUNDING, Need.state == "open")
        .order_by(Need.id)
        .limit(1)
    )


def _find_person(session: Session, key: str) -> Person | None:
    """Who acts for the organisation with that key in the files."""
    named = {account.key: account.email for account in DEMO_ACCOUNTS}
    email = named.get(key, f"{key}@example.org")
    return session.scalar(select(Person).where(Person.email == email))
