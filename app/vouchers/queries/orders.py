"""Whose purse and whose desk it is, and the order that a voucher would pay a part of."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from models.engagements import Engagement
from models.organisations import Incubator, Startup
from models.providers import Provider
from models.verification import VerificationOrder


def find_order(session: Session, public_id: str) -> VerificationOrder | None:
    """The order with that public id, with both sides."""
    return session.scalar(
        select(VerificationOrder)
        .where(VerificationOrder.public_id == public_id)
        .options(
            joinedload(VerificationOrder.engagement)
            .joinedload(Engagement.provider)
            .joinedload(Provider.centre),
            joinedload(VerificationOrder.engagement).joinedload(Engagement.startup),
            joinedload(VerificationOrder.claim),
        )
    )


def list_founded(session: Session, viewer: Actor) -> Sequence[Startup]:
    """The startups for which `viewer` acts in person, by name."""
    if viewer.is_acting_for_another:
        return ()
    return session.scalars(
        select(Startup)
        .where(Startup.id.in_(viewer.founds))
        .options(joinedload(Startup.incubator))
        .order_by(Startup.name, Startup.id)
    ).all()


def list_operated(session: Session, viewer: Actor) -> Sequence[Incubator]:
    """The incubators whose desk `viewer` has, by name."""
    return session.scalars(
        select(Incubator)
        .where(Incubator.id.in_(viewer.operates))
        .order_by(Incubator.name, Incubator.id)
    ).all()
