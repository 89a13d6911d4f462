"""Locks, records and notices of the catalogue."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting
from app.audit import record
from app.errors import NotFound
from app.products.addresses import address_of_product
from app.telling.notices import list_people_of, tell
from app.transactions import hold
from models.organisations import Incubator
from models.products import FinanceProduct


def lock_catalogue(session: Session, incubator: Incubator) -> None:
    """Whoever else changes the catalogue of `incubator` waits for the commit. Raises NotFound."""
    hold(session, incubator)


def lock_product(session: Session, product: FinanceProduct) -> None:
    """`product` is read afresh, and nobody else's to change until the commit. Raises NotFound."""
    found = session.scalar(
        select(FinanceProduct)
        .where(FinanceProduct.id == product.id)
        .with_for_update(of=FinanceProduct)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound


def leave_mark(
    session: Session, product: FinanceProduct, kind: str, *, actor: Acting, at: datetime
) -> None:
    """It is on record that `actor` did `kind`."""
    product.updated_at = at
    session.flush()
    record(
        session,
        actor=actor,
        kind=kind,
        subject=product,
        at=at,
        incubator_id=product.incubator_id,
        detail={"product": product.code, "version": str(product.number)},
    )


def tell_operators(session: Session, product: FinanceProduct, kind: str, *, at: datetime) -> None:
    """Whoever keeps the catalogue is told."""
    day = product.valid_until
    for person in list_people_of(session, incubator_id=product.incubator_id):
        tell(
            session,
            person=person,
            kind=kind,
            facts={
                "product": product.title,
                "offerer": product.offered_by,
                "day": "" if day is None else day.isoformat(),
            },
            path=address_of_product(product),
            at=at,
        )
