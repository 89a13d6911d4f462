"""Records and notices of the catalogue."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Acting
from app.audit import record
from app.products.addresses import address_of_product
from app.telling.notices import list_people_of, tell
from app.words.wording import keep_days
from models.products import FinanceProduct


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
            }
            | ({"day": ""} if day is None else keep_days({"day": day})),
            path=address_of_product(product),
            at=at,
        )
