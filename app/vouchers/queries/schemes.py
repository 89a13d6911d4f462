"""Reads of schemes: one version, those of an incubator, those that stand."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.access import Actor
from models.organisations import Incubator
from models.vouchers import VoucherScheme

# What may be drawn of now, or again with the next round.
STANDING = ("current", "waiting")


def find_scheme(session: Session, public_id: str) -> VoucherScheme | None:
    """The version of a scheme with that public id, with its incubator."""
    return session.scalar(
        select(VoucherScheme)
        .where(VoucherScheme.public_id == public_id)
        .options(joinedload(VoucherScheme.incubator))
    )


def select_of_incubator(incubator: Incubator) -> Select[VoucherScheme]:
    """All versions of all schemes that `incubator` administers."""
    return (
        select(VoucherScheme)
        .where(VoucherScheme.incubator_id == incubator.id)
        .options(joinedload(VoucherScheme.incubator))
    )


def list_newest(session: Session, incubator: Incubator) -> Sequence[VoucherScheme]:
    """The drafts and the versions that stand, by title; of a closed scheme nothing."""
    return session.scalars(
        select_of_incubator(incubator)
        .where(VoucherScheme.state.in_(("draft", *STANDING)))
        .order_by(VoucherScheme.title, VoucherScheme.code, VoucherScheme.number)
    ).all()


def list_versions(
    session: Session, viewer: Actor, scheme: VoucherScheme
) -> Sequence[VoucherScheme]:
    """All versions of a scheme that `viewer` may see, the newest first."""
    query = select_of_incubator(scheme.incubator).where(VoucherScheme.code == scheme.code)
    if scheme.incubator_id not in viewer.operates:
        query = query.where(VoucherScheme.state != "draft")
    return session.scalars(query.order_by(VoucherScheme.number.desc())).all()


def list_standing(session: Session, incubator_id: int | None) -> Sequence[VoucherScheme]:
    """The versions by which startups of an incubator draw now, by title."""
    if incubator_id is None:
        return ()
    return session.scalars(
        select(VoucherScheme)
        .join(VoucherScheme.incubator)
        .where(VoucherScheme.incubator_id == incubator_id, VoucherScheme.state.in_(STANDING))
        .options(contains_eager(VoucherScheme.incubator))
        .order_by(VoucherScheme.title, VoucherScheme.id)
    ).all()
