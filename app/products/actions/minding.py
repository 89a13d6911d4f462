"""What the clock does: products run out, and whoever keeps the catalogue is told before."""

from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access import Acting, require
from app.clock import today
from app.products.queries.products import SOON
from app.products.trace import leave_mark, tell_operators
from app.transactions import lock
from models.lifecycle import FINANCE_PRODUCT
from models.products import FinanceProduct

_STANDS: Final = FinanceProduct.state == "current"


def lapse_products(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` products whose last day is over are shown no more; gives how many.

    Raises NotPermitted for anybody but the clock.
    """
    require(actor, "product:mind")
    due = session.scalars(
        select(FinanceProduct)
        .where(_STANDS, FinanceProduct.valid_until < today(at))
        .order_by(FinanceProduct.id)
        .limit(limit)
    ).all()
    for product in due:
        lock(session, product)
        if product.state != "current":
            continue
        product.state = FINANCE_PRODUCT.follow("lapse", product.state)
        product.ended_at = at
        leave_mark(session, product, "product_lapsed", actor=actor, at=at)
        tell_operators(session, product, "product_lapsed", at=at)
    return len(due)


def remind_of_products(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Operators are told of up to `limit` last days that are near, of each once; gives how many.

    Raises NotPermitted for anybody but the clock.
    """
    require(actor, "product:mind")
    on = today(at)
    due = session.scalars(
        select(FinanceProduct)
        .where(
            _STANDS,
            FinanceProduct.valid_until.between(on, on + SOON),
            or_(
                FinanceProduct.reminded_of.is_(None),
                FinanceProduct.reminded_of != FinanceProduct.valid_until,
            ),
        )
        .order_by(FinanceProduct.id)
        .limit(limit)
    ).all()
    for product in due:
        lock(session, product)
        product.reminded_of = product.valid_until
        session.flush()
        if product.state == "current":
            tell_operators(session, product, "product_expiring", at=at)
    return len(due)
