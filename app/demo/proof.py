"""Claims of the demonstration and their orders, told by the actions of both sides."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.demo.accounts import DEMO_ACCOUNTS
from app.demo.vouchers import administer_schemes, take_its_course
from app.verification.actions import quoting, reporting, samples, testing
from app.verification.actions.claims import release_claim, state_claim
from app.verification.values import ClaimValues, QuoteValues, ResultValues
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.needs import Need
from models.people import Membership, Person
from models.providers import Provider
from models.verification import VerificationOrder
from models.vocabulary import ClaimComparator, ClaimVerdict, DocumentKind, Gate, Role
from models.vouchers import VoucherScheme

# For how long the quotes of the demonstration still stand.
_STANDS: Final = timedelta(days=25)
# So far from each other are the steps of one order.
_STEP: Final = timedelta(minutes=40)


def prove_claims(session: Session, *, at: datetime) -> int:
    """Everything in `proof.yaml` has happened in the days before `at`; returns how many claims.

    Nothing happens where whoever it is about has left the demonstration meanwhile.
    """
    said: Mapping[str, Any] = yaml.safe_load(
        files("app.demo").joinpath("proof.yaml").read_text(encoding="utf-8")
    )
    engagement = _find_engagement(session, said)
    founder, reviewer = (_find_person(session, said[side]) for side in ("startup", "centre"))
    if engagement is None or founder is None or reviewer is None:
        return 0
    analyst = _join(session, said["analyst"], engagement.provider, at=at)
    people = {
        "founder": make_actor(founder),
        "reviewer": make_actor(reviewer),
        "analyst": make_actor(analyst),
    }
    scheme = None
    operator, incubator = _find_person(session, said["operator"]), engagement.startup.incubator
    if operator is not None and incubator is not None:
        people["officer"] = make_actor(operator)
        scheme = administer_schemes(
            session,
            incubator,
            said["scheme"],
            actor=people["officer"],
            at=at - timedelta(days=20),
        )
    for row in said["orders"]:
        begun = at - timedelta(days=row["days_ago"])
        _go_through(session, engagement, row, said["terms"], people, scheme, begun=begun, until=at)
    return len(said["orders"])


def _go_through(
    session: Session,
    engagement: Engagement,
    row: Mapping[str, Any],
    terms: Mapping[str, Any],
    people: Mapping[str, Actor],
    scheme: VoucherScheme | None,
    *,
    begun: datetime,
    until: datetime,
) -> None:
    """One claim is stated, and its order goes as far as the row says."""
    founder, analyst, reviewer = people["founder"], people["analyst"], people["reviewer"]
    claim = state_claim(
        session,
        startup=engagement.startup,
        values=_read_claim(row["claim"]),
        need=engagement.need,
        actor=founder,
        at=begun,
    )
    order = quoting.ask_quote(
        session, engagement=engagement, claim=claim, actor=founder, at=begun + _STEP
    )
    if row["state"] == "asked":
        return
    values = QuoteValues(valid_until=(until + _STANDS).date(), **terms, **row["quote"])
    quoting.offer_quote(
        session,
        order=order,
        values=values,
        claim_version=claim.version,
        actor=analyst,
        at=begun + 2 * _STEP,
    )
    if row["state"] == "quoted":
        return
    voucher = row.get("voucher") if scheme is not None else None
    quoting.accept_quote(
        session,
        order=order,
        number=1,
        scheme=scheme if voucher else None,
        actor=founder,
        at=begun + 3 * _STEP,
    )
    sample = samples.send_sample(
        session, order=order, description=row["sample"], actor=founder, at=begun + 4 * _STEP
    )
    samples.receive_sample(
        session,
        order=order,
        sample=sample,
        condition=row["condition"],
        actor=analyst,
        at=begun + 20 * _STEP,
    )
    testing.submit_result(
        session,
        order=order,
        values=_read_result(row["result"], begun),
        actor=analyst,
        at=begun + 40 * _STEP,
    )
    if row["state"] == "to_verify":
        return
    testing.verify_result(session, order=order, actor=reviewer, at=begun + 60 * _STEP)
    reporting.publish_report(
        session,
        order=order,
        document=_find_report(session, order),
        valid_until=None,
        actor=reviewer,
        at=begun + 61 * _STEP,
    )
    if voucher:
        take_its_course(
            session,
            order,
            voucher,
            founder=founder,
            officer=people["officer"],
            at=begun + 65 * _STEP,
        )
    if row.get("released"):
        release_claim(session, claim=claim, is_released=True, actor=founder, at=begun + 80 * _STEP)


def _read_claim(said: Mapping[str, Any]) -> ClaimValues:
    return ClaimValues(
        metric=said["metric"],
        comparator=ClaimComparator(said["comparator"]),
        low=Decimal(said["low"]) if "low" in said else None,
        high=Decimal(said["high"]) if "high" in said else None,
        unit=said["unit"],
        conditions=said["conditions"],
        gate=Gate(said["gate"]) if "gate" in said else None,
        sentence=said["sentence"],
    )


def _read_result(said: Mapping[str, Any], begun: datetime) -> ResultValues:
    return ResultValues(
        verdict=ClaimVerdict(said["verdict"]),
        measured=Decimal(said["measured"]),
        uncertainty=said["uncertainty"],
        measured_on=begun.date(),
        passes_gate=said.get("passes_gate", False),
        readiness=said.get("readiness"),
    )


def _find_engagement(session: Session, said: Mapping[str, Any]) -> Engagement | None:
    centre = _find_person(session, said["centre"])
    if centre is None:
        return None
    ids = [m.provider_id for m in centre.memberships if m.provider_id is not None]
    return session.scalar(
        select(Engagement)
        .join(Engagement.need)
        .where(
            Engagement.provider_id.in_(ids),
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
            Need.title == said["need"],
        )
        .limit(1)
    )


def _find_report(session: Session, order: VerificationOrder) -> Document:
    """The report that the centre keeps among its documents."""
    return session.scalars(
        select(Document)
        .where(
            Document.provider_id == order.engagement.provider_id,
            Document.kind == DocumentKind.TEST_REPORT,
        )
        .limit(1)
    ).one()


def _find_person(session: Session, key: str) -> Person | None:
    """Who acts for the organisation with that key in the files."""
    named = {account.key: account.email for account in DEMO_ACCOUNTS}
    email = named.get(key, f"{key}@example.org")
    return session.scalar(select(Person).where(Person.email == email))


def _join(session: Session, name: str, centre: Provider, *, at: datetime) -> Person:
    """A second person acts for `centre`, who cannot log in."""
    person = Person(
        email="pudong-analyst@example.org", name=name, locale="zh_Hans_CN", created_at=at
    )
    session.add(person)
    session.flush()
    session.add(Membership(person=person, role=Role.CENTRE, provider=centre, created_at=at))
    session.flush()
    return person
