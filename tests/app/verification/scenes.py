"""A startup with a claim, a centre of two people that accepted its request, and a fund."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.mandates.seeking import list_passed_gates
from app.vault.actions.uploading import upload_document
from app.vault.contents import check_file
from app.vault.keeping import StoredFile
from app.verification.actions import quoting, reporting, samples, testing
from app.verification.actions.claims import state_claim
from app.verification.values import ClaimValues, QuoteValues, ResultValues
from models.documents import Document
from models.engagements import Engagement
from models.needs import Need
from models.notices import Notice
from models.people import Person
from models.providers import Provider
from models.verification import Claim, VerificationOrder, VerificationSample
from models.vocabulary import (
    ClaimComparator,
    ClaimVerdict,
    DocumentKind,
    Gate,
    NeedKind,
    Role,
)
from tests.app.funds.scenes import Scene as FundScene
from tests.app.funds.scenes import make_scene as make_fund_scene
from tests.app.vault.scenes import PDF
from tests.factories import (
    AT,
    act_as,
    join,
    make_centre,
    make_engagement,
    make_need,
    make_person,
)

ON = AT.date()
LATER = AT + timedelta(days=3)

CLAIM = ClaimValues(
    metric="Breakdown voltage",
    comparator=ClaimComparator.AT_LEAST,
    low=Decimal(1200),
    unit="V",
    conditions="25 °C, ten pieces",
    gate=Gate.PROTOTYPE,
    sentence="Our devices hold at least 1200 V.",
)
QUOTE = QuoteValues(
    service_name="Breakdown test",
    method="Ten pieces, ramped to breakdown.",
    standard="GB/T 4587",
    sample_spec="Ten packaged pieces",
    pass_rule="All ten pieces hold the value.",
    price_yuan=12_345,
    lead_days=10,
    valid_until=ON + timedelta(days=20),
    service_terms="Report and data; half in advance.",
    property_terms="All data are the startup's.",
    secrecy_terms="Three years.",
    damages_terms="Lost pieces are paid at cost.",
    breach_terms="One percent a week, ten at most.",
    dispute_terms="Court at the centre's seat.",
)
RESULT = ResultValues(
    verdict=ClaimVerdict.CONFIRMED,
    measured=Decimal(1250),
    uncertainty="± 8 V (k = 2)",
    measured_on=ON,
    passes_gate=True,
    readiness=5,
)
REFUTED = replace(
    RESULT,
    verdict=ClaimVerdict.REFUTED,
    measured=Decimal(900),
    passes_gate=False,
    readiness=None,
)


@dataclass(frozen=True)
class Scene:
    funds: FundScene
    need: Need
    centre: Provider
    engagement: Engagement
    analyst: Person
    reviewer: Person

    @property
    def by_founder(self) -> Actor:
        return self.funds.by_founder

    @property
    def by_analyst(self) -> Actor:
        return act_as(self.analyst)

    @property
    def by_reviewer(self) -> Actor:
        return act_as(self.reviewer)


def make_scene(session: Session) -> Scene:
    funds = make_fund_scene(session)
    analyst, reviewer = make_person(session), make_person(session)
    centre = make_centre(session, person=analyst, name="Device centre (example)")
    join(session, reviewer, Role.CENTRE, provider=centre)
    need = make_need(
        session,
        funds.startup,
        kind=NeedKind.VERIFICATION,
        title="Breakdown of our devices",
        text="Our devices hold at least 1200 V. We want that tested on ten pieces.",
    )
    engagement = make_engagement(session, need, centre, state="accepted", answered_at=AT)
    return Scene(funds, need, centre, engagement, analyst, reviewer)


def claim_it(session: Session, scene: Scene, **changes: Any) -> Claim:
    return state_claim(
        session,
        startup=scene.funds.startup,
        values=replace(CLAIM, **changes),
        need=scene.need,
        actor=scene.by_founder,
        at=AT,
    )


def ask(session: Session, scene: Scene, **changes: Any) -> VerificationOrder:
    return quoting.ask_quote(
        session,
        engagement=scene.engagement,
        claim=claim_it(session, scene, **changes),
        actor=scene.by_founder,
        at=AT,
    )


def quote(
    session: Session, scene: Scene, order: VerificationOrder, **changes: Any
) -> VerificationOrder:
    quoting.offer_quote(
        session,
        order=order,
        values=replace(QUOTE, **changes),
        claim_version=order.claim.version,
        actor=scene.by_analyst,
        at=AT,
    )
    return order


def accept(session: Session, scene: Scene, order: VerificationOrder) -> VerificationOrder:
    found = order.quote
    assert found is not None
    quoting.accept_quote(session, order=order, number=found.number, actor=scene.by_founder, at=AT)
    return order


def send(session: Session, scene: Scene, order: VerificationOrder) -> VerificationSample:
    return samples.send_sample(
        session, order=order, description="Ten pieces", actor=scene.by_founder, at=AT
    )


def receive(session: Session, scene: Scene, order: VerificationOrder) -> None:
    samples.receive_sample(
        session,
        order=order,
        sample=send(session, scene, order),
        condition="Whole",
        actor=scene.by_analyst,
        at=AT,
    )


def submit(
    session: Session, scene: Scene, order: VerificationOrder, values: ResultValues = RESULT
) -> None:
    testing.submit_result(session, order=order, values=values, actor=scene.by_analyst, at=AT)


def bring_to(
    session: Session,
    scene: Scene,
    state: str,
    *,
    values: ResultValues = RESULT,
    document: Document | None = None,
    **claim: Any,
) -> VerificationOrder:
    """An order in `state`, by the way that leads there."""
    order = ask(session, scene, **claim)
    steps = {
        "asked": lambda: None,
        "quoted": lambda: quote(session, scene, order),
        "ordered": lambda: accept(session, scene, order),
        "in_lab": lambda: receive(session, scene, order),
        "to_verify": lambda: submit(session, scene, order, values),
        "verified": lambda: testing.verify_result(
            session, order=order, actor=scene.by_reviewer, at=AT
        ),
        "reported": lambda: publish(session, scene, order, document),
        "settled": lambda: reporting.settle_order(
            session, order=order, invoice="No 1", actor=scene.by_analyst, at=AT
        ),
    }
    for name, step in steps.items():
        step()
        if name == state:
            break
    return order


def keep_report(session: Session, scene: Scene, content: bytes = PDF) -> Document:
    stored = StoredFile(
        f"key {len(content)} {id(scene)}", check_file("report.pdf", content, megabytes=1)
    )
    return upload_document(
        session,
        owner=scene.centre,
        stored=stored,
        title="Report",
        kind=DocumentKind.TEST_REPORT,
        is_declared=True,
        quota_megabytes=5,
        actor=scene.by_analyst,
        at=AT,
    )


def publish(
    session: Session,
    scene: Scene,
    order: VerificationOrder,
    document: Document | None = None,
    valid_until: date | None = None,
) -> None:
    reporting.publish_report(
        session,
        order=order,
        document=document or _find_report(session, scene),
        valid_until=valid_until,
        actor=scene.by_analyst,
        at=AT,
    )


def _find_report(session: Session, scene: Scene) -> Document:
    kept = session.scalar(select(Document).where(Document.provider_id == scene.centre.id))
    return kept or keep_report(session, scene)


def find_gate(session: Session, scene: Scene) -> str | None:
    number = scene.funds.startup.id
    return list_passed_gates(session, [number], ON)[number]


def list_told(session: Session, person: Person) -> list[str]:
    session.flush()
    return list(
        session.scalars(
            select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
        )
    )
