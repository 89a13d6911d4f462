"""Claims of the demonstration and their orders, told by the actions of both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.clock import CHINA
from app.demo.accounts import DEMO_ACCOUNTS
from app.demo.products import fill_catalogue
from app.demo.vouchers import administer_schemes, take_its_course
from app.verification.actions import quoting, reporting, samples, testing
from app.verification.actions.claims import release_claim, state_claim
from app.verification.actions.instruments import add_instrument
from app.verification.actions.slots import book_slot
from app.verification.rules import InstrumentValues, Span
from app.verification.values import ClaimValues, QuoteValues, ResultValues
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.needs import Need
from models.people import Membership, Person
from models.providers import Provider
from models.verification import Claim, VerificationOrder
from models.vocabulary import ClaimComparator, ClaimVerdict, DocumentKind, Gate, Role
from models.vouchers import VoucherScheme

# For how long the quotes of the demonstration still stand.
_STANDS: Final = timedelta(days=25)
_ANALYST: Final = "pudong-analyst@example.org"
# So far from each other are the steps of one order.
_STEP: Final = timedelta(minutes=40)


@dataclass(frozen=True, slots=True)
class Proven:
    """How many claims were told of, and how many were left out for what is not there."""

    claims: int
    left_out: int


def prove_claims(session: Session, *, at: datetime) -> Proven:
    """Everything in `proof.yaml` has happened in the days before `at`.

    What whoever it is about, or a file, is missing for is left out: a database that an older build
    has filled may lack them, and people may have left meanwhile.
    """
    said: Mapping[str, Any] = yaml.safe_load(
        files("app.demo").joinpath("proof.yaml").read_text(encoding="utf-8")
    )
    engagement = _find_engagement(session, said)
    founder, reviewer = (_find_person(session, said[side]) for side in ("startup", "centre"))
    if engagement is None or founder is None or reviewer is None:
        return Proven(0, len(said["orders"]))
    has_report = _find_report(session, engagement.provider) is not None
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
        fill_catalogue(
            session,
            incubator,
            said["products"],
            said["drafted_product"],
            actor=people["officer"],
            at=at - timedelta(days=20),
        )
    rows = [row for row in said["orders"] if has_report or row["state"] != "reported"]
    for row in rows:
        begun = at - timedelta(days=row["days_ago"])
        _go_through(session, engagement, row, said["terms"], people, scheme, begun=begun, until=at)
    return Proven(len(rows), len(said["orders"]) - len(rows))


def list_instruments(session: Session, *, at: datetime) -> int:
    """The centre's instruments are there, and orders that stand have slots; returns how many.

    Who has left the demonstration meanwhile lists nothing, and what no longer stands books nothing.
    """
    said: Mapping[str, Any] = yaml.safe_load(
        files("app.demo").joinpath("proof.yaml").read_text(encoding="utf-8")
    )
    engagement = _find_engagement(session, said)
    founder, reviewer = (_find_person(session, said[side]) for side in ("startup", "centre"))
    if engagement is None or founder is None or reviewer is None:
        return 0
    listed = {
        row["name"]: add_instrument(
            session,
            provider=engagement.provider,
            values=InstrumentValues(**row),
            actor=make_actor(reviewer),
            at=at - _STANDS,
        )
        for row in said["instruments"]
    }
    for row in said["orders"]:
        order = session.scalar(
            select(VerificationOrder)
            .join(VerificationOrder.claim)
            .where(
                VerificationOrder.engagement_id == engagement.id,
                VerificationOrder.state == "ordered",
                Claim.metric == row["claim"]["metric"],
            )
        )
        if order is not None and "slot" in row:
            wanted = row["slot"]
            day = at.astimezone(CHINA).date() + timedelta(days=wanted["in_days"])
            begins = datetime.combine(day, time(wanted["hour"]), CHINA)
            book_slot(
                session,
                order=order,
                instrument=listed[wanted["instrument"]],
                span=Span(begins, begins + timedelta(minutes=wanted["minutes"])),
                actor=make_actor(founder),
                at=at,
            )
    return len(listed)


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
    if row["state"] == "ordered":
        return
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
        document=_get_report(session, order.engagement.provider),
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


def _find_report(session: Session, centre: Provider) -> Document | None:
    """The report that the centre keeps among its documents; None where it keeps none."""
    return session.scalars(
        select(Document)
        .where(
            Document.provider_id == centre.id,
            Document.kind == DocumentKind.TEST_REPORT,
            Document.state == "available",
        )
        .limit(1)
    ).first()


def _get_report(session: Session, centre: Provider) -> Document:
    found = _find_report(session, centre)
    if found is None:
        raise LookupError(centre.public_id)
    return found


def _find_person(session: Session, key: str) -> Person | None:
    """Who acts for the organisation with that key in the files."""
    named = {account.key: account.email for account in DEMO_ACCOUNTS}
    email = named.get(key, f"{key}@example.org")
    return session.scalar(select(Person).where(Person.email == email))


def _join(session: Session, name: str, centre: Provider, *, at: datetime) -> Person:
    """A second person acts for `centre`, who cannot log in."""
    known = session.scalar(select(Person).where(Person.email == _ANALYST))
    if known is not None:
        return known
    person = Person(email=_ANALYST, name=name, locale="zh_Hans_CN", created_at=at)
    session.add(person)
    session.flush()
    session.add(Membership(person=person, role=Role.CENTRE, provider=centre, created_at=at))
    session.flush()
    return person
