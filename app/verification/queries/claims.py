"""Reads of claims: one, all of a viewer's startups, what would open funds, what is released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, false, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.access import Actor
from app.funds.queries.comparing import compare
from app.mandates.checking import Clause
from app.mandates.seeking import list_seeking
from models.briefs import OrderBrief
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, ORDER_UNDER_WAY, REPORT_STANDS
from models.needs import Need
from models.organisations import Startup
from models.providers import Provider
from models.verification import (
    Claim,
    VerificationOrder,
    VerificationReport,
    VerificationResult,
)
from models.vocabulary import ClaimVerdict, Gate, ProviderKind

# For how many needs it is worked out at once what they would have to prove.
_NEEDS_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class GateAhead:
    """A gate that would open funds for a need, were it verified. `names` are those funds."""

    need: Need
    gate: Gate
    opens: int
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReleasedClaim:
    """A confirmed claim as a fund may see it."""

    metric: str
    claim: Claim
    measured: Decimal | None
    uncertainty: str
    gate: Gate | None
    readiness: int | None
    centre: str
    published_at: datetime
    sha256: str


def find_claim(session: Session, public_id: str) -> Claim | None:
    """The claim with that public id, with its startup."""
    return session.scalar(
        select(Claim).where(Claim.public_id == public_id).options(joinedload(Claim.startup))
    )


def select_own(viewer: Actor) -> Select[Claim]:
    """The claims of all startups for which `viewer` acts."""
    founded: ColumnElement[bool] = Claim.startup_id.in_(viewer.founds)
    query = select(Claim).join(Claim.startup).options(contains_eager(Claim.startup))
    if viewer.within_incubator_id is not None:
        founded = and_(founded, Startup.incubator_id == viewer.within_incubator_id)
    if viewer.is_acting_for_another:
        founded = false()
    return query.where(founded)


def list_own(session: Session, viewer: Actor) -> Sequence[Claim]:
    """The claims of the viewer's startups: those that stand, then the withdrawn, newest first."""
    found = session.scalars(
        select_own(viewer)
        .options(
            selectinload(Claim.orders)
            .selectinload(VerificationOrder.reports)
            .joinedload(VerificationReport.result),
            selectinload(Claim.orders)
            .joinedload(VerificationOrder.engagement)
            .joinedload(Engagement.provider),
        )
        .order_by(Claim.created_at.desc(), Claim.id.desc())
    ).unique()
    return sorted(found, key=lambda claim: claim.state != "stated")


def read_standing(claim: Claim) -> VerificationReport | None:
    """The newest report on `claim` that stands, of whichever centre."""
    reports = [
        report
        for order in claim.orders
        for report in order.reports
        if report.state in REPORT_STANDS
    ]
    return max(reports, key=lambda report: (report.published_at, report.id), default=None)


def is_under_test(claim: Claim) -> bool:
    """Whether a centre has an order for it that is not finished."""
    return any(order.state in ORDER_UNDER_WAY for order in claim.orders)


def list_gates_ahead(session: Session, viewer: Actor, on: date) -> Sequence[GateAhead]:
    """For each open need for funding of the viewer's startups the gates that open most funds."""
    needs = [
        need
        for need in list_seeking(session, viewer, limit=_NEEDS_LOOKED_AT)
        if need.startup_id in viewer.founds
    ]
    rows: list[GateAhead] = []
    for need in needs:
        comparison = compare(session, need, on)
        rows += [
            GateAhead(
                need,
                Gate(str(opening.move.wanted)),
                len(opening.opens),
                [fund.name for fund in comparison.name_funds(opening.opens)],
            )
            for opening in comparison.openings
            if opening.move.clause is Clause.GATE and opening.opens
        ]
    return rows


def list_askable(session: Session, claim: Claim) -> Sequence[Engagement]:
    """The engagements with centres in which a quote for `claim` can be asked for now."""
    asked = select(VerificationOrder.engagement_id).where(
        VerificationOrder.claim_id == claim.id, VerificationOrder.state != "cancelled"
    )
    return session.scalars(
        select(Engagement)
        .join(Engagement.provider)
        .where(
            Engagement.startup_id == claim.startup_id,
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
            Provider.kind == ProviderKind.CENTRE,
            Engagement.id.not_in(asked),
        )
        .options(contains_eager(Engagement.provider), joinedload(Engagement.need))
        .order_by(Provider.name, Engagement.id)
    ).all()


def can_see_released(engagement: Engagement) -> bool:
    """Whether the fund of `engagement` took care of the request up to its end, or does so now."""
    return engagement.state in (*ENGAGEMENT_TAKES_PLACE, "completed")


def get_end(engagement: Engagement) -> datetime | None:
    """Up to when released claims are for the fund of `engagement`; None: it takes place."""
    if engagement.state in ENGAGEMENT_TAKES_PLACE:
        return None
    return engagement.closed_at or engagement.requested_at


def list_released(
    session: Session, startup: Startup, *, until: datetime | None = None
) -> Sequence[ReleasedClaim]:
    """What funds may see: released claims that a standing report confirms.

    With `until`, only those that were released, and their report published, by then. Whatever
    else there is, tested or not, confirmed or refuted, leaves no trace here.
    """
    in_time: list[ColumnElement[bool]] = []
    if until is not None:
        # A claim is changed last when it is released, or later: what is not sure is not shown.
        in_time = [Claim.updated_at <= until, VerificationReport.published_at <= until]
    rows = session.scalars(
        select(VerificationReport)
        .join(VerificationReport.order)
        .join(VerificationOrder.claim)
        .join(VerificationReport.result)
        .where(
            Claim.startup_id == startup.id,
            *in_time,
            Claim.state == "stated",
            Claim.is_released.is_(True),
            VerificationReport.state.in_(REPORT_STANDS),
            VerificationResult.verdict == ClaimVerdict.CONFIRMED,
        )
        .options(
            contains_eager(VerificationReport.result),
            contains_eager(VerificationReport.order).contains_eager(VerificationOrder.claim),
            contains_eager(VerificationReport.order)
            .joinedload(VerificationOrder.engagement)
            .joinedload(Engagement.provider),
        )
        .order_by(VerificationReport.published_at.desc(), VerificationReport.id.desc())
    ).all()
    shown: dict[int, ReleasedClaim] = {}
    for report in rows:
        claim, result = report.order.claim, report.result
        # The newest word on a claim counts, should two centres have spoken.
        shown.setdefault(
            claim.id,
            ReleasedClaim(
                metric=claim.metric,
                claim=claim,
                measured=result.measured,
                uncertainty=result.uncertainty,
                gate=claim.gate if result.passes_gate else None,
                readiness=result.readiness,
                centre=report.order.engagement.provider.name,
                published_at=report.published_at,
                sha256=report.sha256,
            ),
        )
    return list(shown.values())


def compose_said(session: Session, need: Need) -> str:
    """What a need says, and what requests for it ask centres to show: texts to read claims in."""
    asked = session.scalars(
        select(OrderBrief.claim)
        .join(Engagement, Engagement.id == OrderBrief.engagement_id)
        .where(Engagement.need_id == need.id, OrderBrief.claim != "")
        .order_by(OrderBrief.engagement_id)
    )
    return "\n".join([need.text, *dict.fromkeys(asked)])


def list_startups(session: Session, viewer: Actor) -> Sequence[Startup]:
    """The startups for which `viewer` can state claims, by name."""
    query = select(Startup).where(Startup.id.in_(viewer.founds)).order_by(Startup.name, Startup.id)
    if viewer.within_incubator_id is not None:
        query = query.where(Startup.incubator_id == viewer.within_incubator_id)
    return session.scalars(query).all()
