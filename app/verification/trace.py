"""One door for every step of an order: locked, kept in its chain, recorded, told."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, get_side
from app.audit import record
from app.engagements.announcements import CalendarEntry
from app.telling.notices import list_people_of, tell
from app.transactions import lock
from app.verification.addresses import address_of_order, address_of_released
from app.vouchers.following import follow_order
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.people import Person
from models.providers import Provider
from models.verification import (
    Claim,
    VerificationOrder,
    VerificationReport,
    VerificationSample,
    VerificationStep,
)
from models.vocabulary import ClaimVerdict, ProviderKind, Side


def lock_order(session: Session, order: VerificationOrder) -> None:
    """`order` is read afresh, and nobody else's to change until the commit. Raises NotFound."""
    lock(session, order, "quotes", "samples", "results", "reports", "steps")


def lock_claim(session: Session, claim: Claim) -> None:
    """`claim` is read afresh, and nobody else's to change until the commit. Raises NotFound.

    Whoever locks an order as well locks the claim first.
    """
    lock(session, claim, "orders")


def leave_step(
    session: Session,
    order: VerificationOrder,
    kind: str,
    *,
    actor: Acting | None,
    at: datetime,
    note: str = "",
    sample: VerificationSample | None = None,
) -> None:
    """The chain of `order`, or of its `sample`, says that `actor` did `kind`.

    What a startup and a centre do with each other is theirs: no operator reads it.
    """
    order.changed_at = at
    order.steps.append(
        VerificationStep(
            kind=kind,
            sample_id=None if sample is None else sample.id,
            side=get_side(actor, order.engagement) if isinstance(actor, Actor) else None,
            actor_id=None if actor is None else actor.person_id,
            happened_at=at,
            note=note,
        )
    )
    session.flush()
    record(session, actor=actor, kind=kind, subject=order, at=at)
    follow_order(session, order, kind, at=at)


def tell_side(
    session: Session,
    order: VerificationOrder,
    side: Side,
    kind: str,
    *,
    at: datetime,
    facts: Mapping[str, str] | None = None,
    unless: Acting | None = None,
    calendar: CalendarEntry | None = None,
) -> None:
    """Whoever acts for `side` is told, but the one who did it; `calendar` goes with the mail."""
    engagement = order.engagement
    said = {
        "centre": engagement.provider.name,
        "startup": engagement.startup.name,
        "metric": order.claim.metric,
        **(facts or {}),
    }
    for person in list_side(session, order, side):
        if unless is None or not _is(unless, person):
            tell(
                session,
                person=person,
                kind=kind,
                facts=said,
                path=address_of_order(order),
                at=at,
                calendar=calendar.text if calendar else None,
                calendar_method=calendar.method if calendar else None,
            )


def tell_readers(session: Session, report: VerificationReport, *, at: datetime) -> None:
    """`report` has fallen: every fund that could read what it confirmed is told, each once.

    Whoever committed money may have done so by it. Of a claim that is not released, or was not
    confirmed, nobody hears: not even that there was a report.
    """
    claim = report.order.claim
    if not claim.is_released or claim.state != "stated":
        return
    if report.result.verdict is not ClaimVerdict.CONFIRMED:
        return
    engagements = session.scalars(
        select(Engagement)
        .join(Engagement.provider)
        .where(
            Engagement.startup_id == claim.startup_id,
            Engagement.state.in_((*ENGAGEMENT_TAKES_PLACE, "completed")),
            Provider.kind == ProviderKind.INVESTOR,
        )
        .order_by(Engagement.id)
    ).all()
    told: set[int] = set()
    for engagement in engagements:
        end = engagement.closed_at or engagement.requested_at
        if engagement.state == "completed" and end < max(claim.updated_at, report.published_at):
            continue
        for person in list_people_of(session, provider_id=engagement.provider_id):
            if person.id in told:
                continue
            told.add(person.id)
            tell(
                session,
                person=person,
                kind="released_proof_fell",
                facts={"startup": claim.startup.name, "metric": claim.metric},
                path=address_of_released(engagement),
                at=at,
            )


def list_side(session: Session, order: VerificationOrder, side: Side) -> list[Person]:
    """Who acts for one side of `order`."""
    engagement = order.engagement
    if side is Side.STARTUP:
        return list_people_of(session, startup_id=engagement.startup_id)
    return list_people_of(session, provider_id=engagement.provider_id)


def _is(actor: Acting, person: Person) -> bool:
    return isinstance(actor, Actor) and person.id in (actor.person_id, actor.acts_as_id)
