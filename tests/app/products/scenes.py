"""Products in the catalogue of an incubator."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.products.actions.keeping import draft_product, publish_product
from app.products.values import ProductValues
from app.vouchers.rules import write_rules
from models.organisations import Incubator
from models.orm import new_public_id
from models.product_codes import ProductKind
from models.products import FinanceProduct
from models.voucher_codes import SourceGrade
from tests.factories import AT

ON = AT.date()
VALUES = ProductValues(
    title="Loan on patents (example)",
    kind=ProductKind.BANK_LOAN,
    offered_by="Bank (example)",
    least_yuan=500_000,
    most_yuan=5_000_000,
    months_most=36,
    yearly_bp_from=310,
    yearly_bp_to=430,
    valid_from=ON,
    valid_until=ON + timedelta(days=90),
    source_title="Leaflet 7 (example)",
    grade=SourceGrade.OFFICIAL,
    checked_on=ON,
)


def offer_product(
    session: Session, incubator: Incubator, actor: Actor, *, code: str = "", **changes: Any
) -> FinanceProduct:
    product = draft_product(
        session,
        incubator=incubator,
        values=replace(VALUES, **changes),
        code=code,
        actor=actor,
        at=AT,
    )
    publish_product(session, product=product, version=product.version, actor=actor, at=AT)
    return product


def make_product(session: Session, incubator: Incubator, **changes: Any) -> FinanceProduct:
    """As the database alone has it, in the catalogue."""
    code = new_public_id()
    said = {"state": "current", "code": code, "number": 1, "published_at": AT} | changes
    product = FinanceProduct(incubator=incubator, created_at=AT, updated_at=AT, **said)
    write_rules(product, VALUES)
    session.add(product)
    session.flush()
    return product
