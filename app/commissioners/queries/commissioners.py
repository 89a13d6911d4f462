"""Reads of commissioners: one, those of an incubator with how many there may be, one's own."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.commissioners.values import DEFAULT_QUOTAS
from models.commissioner_codes import CommissionerKind
from models.commissioner_states import COMMISSIONER_STANDS
from models.commissioners import Commissioner, CommissionerQuota
from models.organisations import Incubator, Startup


def find_commissioner(session: Session, public_id: str) -> Commissioner | None:
    """The commissioner with that public id, with the incubator."""
    return session.scalar(
        select(Commissioner)
        .where(Commissioner.public_id == public_id)
        .options(joinedload(Commissioner.incubator))
    )


def select_of_incubator(incubator: Incubator) -> Select[Commissioner]:
    """All who are, were or are asked to be commissioners of `incubator`."""
    return (
        select(Commissioner)
        .where(Commissioner.incubator_id == incubator.id)
        .options(joinedload(Commissioner.incubator))
    )


def select_known(viewer: Actor) -> Select[Commissioner]:
    """One's own appointments, those one decides about, and those whom one's startups may ask."""
    may_ask = and_(Commissioner.incubator_id.in_(viewer.hosted_by), Commissioner.state == "active")
    return (
        select(Commissioner)
        .where(
            or_(
                Commissioner.person_id == viewer.person_id,
                Commissioner.incubator_id.in_(viewer.operates),
                may_ask,
            )
        )
        .options(joinedload(Commissioner.incubator))
    )


def list_own(session: Session, viewer: Actor) -> Sequence[Commissioner]:
    """What the viewer is or was asked to be, those that stand first."""
    rows = session.scalars(
        select(Commissioner)
        .where(Commissioner.person_id == viewer.person_id)
        .options(joinedload(Commissioner.incubator))
        .order_by(Commissioner.id.desc())
    ).all()
    return sorted(rows, key=lambda row: row.state not in COMMISSIONER_STANDS)


def list_standing(session: Session, viewer: Actor) -> Sequence[Commissioner]:
    """What the viewer is asked to be, or is; in person alone."""
    if viewer.is_acting_for_another:
        return []
    return session.scalars(
        select(Commissioner)
        .where(
            Commissioner.person_id == viewer.person_id,
            Commissioner.state.in_(COMMISSIONER_STANDS),
        )
        .options(joinedload(Commissioner.incubator))
        .order_by(Commissioner.id)
    ).all()


def list_of_startup(session: Session, startup: Startup) -> Sequence[Commissioner]:
    """Who can be asked: the commissioners of the startup's incubator."""
    if startup.incubator_id is None:
        return []
    return session.scalars(
        select(Commissioner)
        .where(Commissioner.incubator_id == startup.incubator_id, Commissioner.state == "active")
        .order_by(Commissioner.kind, Commissioner.id)
    ).all()


def list_of_desk(session: Session, incubator: Incubator) -> Sequence[Commissioner]:
    """All of an incubator, those that stand first, the newest first."""
    rows = session.scalars(select_of_incubator(incubator).order_by(Commissioner.id.desc())).all()
    return sorted(rows, key=lambda row: row.state not in COMMISSIONER_STANDS)


def read_quotas(session: Session, incubator: Incubator) -> Mapping[CommissionerKind, int | None]:
    """How many of each kind `incubator` has at most; what it has not said is the default."""
    said = {
        row.kind: row.most
        for row in session.scalars(
            select(CommissionerQuota).where(CommissionerQuota.incubator_id == incubator.id)
        )
    }
    return {kind: said.get(kind, DEFAULT_QUOTAS[kind]) for kind in CommissionerKind}
