"""Versions of products: drafted, edited, discarded, published, withdrawn."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.clock import today
from app.products.catalogue import find_listed
from app.products.errors import (
    ProductDraftExists,
    ProductFixed,
    ProductIncomplete,
    ProductOver,
    ProductUnfit,
    ProductUnknown,
)
from app.products.trace import leave_mark
from app.products.values import ProductValues, read_product
from app.products.words import PARTS
from app.transactions import hold
from app.vouchers.rules import write_rules
from app.vouchers.versioning import (
    find_in_state,
    lock_draft,
    lock_version,
    number_draft,
    publish_draft,
)
from models.lifecycle import FINANCE_PRODUCT
from models.organisations import Incubator
from models.orm import new_public_id
from models.products import FinanceProduct


def draft_product(
    session: Session,
    *,
    incubator: Incubator,
    values: ProductValues,
    actor: Actor,
    at: datetime,
    code: str = "",
) -> FinanceProduct:
    """A draft for the catalogue of `incubator`: of its own, or the next version of `code`.

    `code` is that of a product which it has already, or of one in the list that comes with the
    house. Raises NotPermitted, ProductUnfit, ProductUnknown, ProductDraftExists.
    """
    require(actor, "product:draft", incubator)
    _check(values, at)
    hold(session, incubator)
    public_id, number = new_public_id(), 1
    if code:
        number = number_draft(
            session,
            FinanceProduct,
            incubator,
            code,
            is_listed=find_listed(code) is not None,
            unknown=ProductUnknown,
            exists=ProductDraftExists,
        )
    product = FinanceProduct(
        public_id=public_id,
        incubator=incubator,
        code=code or f"own-{public_id}",
        number=number,
        state="draft",
        created_at=at,
        updated_at=at,
    )
    write_rules(product, values)
    session.add(product)
    leave_mark(session, product, "product_drafted", actor=actor, at=at)
    return product


def edit_product(
    session: Session,
    *,
    product: FinanceProduct,
    values: ProductValues,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """The draft says what `values` say.

    Raises NotPermitted, ProductUnfit, ProductFixed, ChangedMeanwhile when the row is not the
    `version` that was edited.
    """
    require(actor, "product:edit", product)
    _check(values, at)
    lock_draft(session, FinanceProduct, product, version, fixed=ProductFixed)
    write_rules(product, values)
    leave_mark(session, product, "product_edited", actor=actor, at=at)


def discard_product(
    session: Session, *, product: FinanceProduct, actor: Actor, at: datetime
) -> None:
    """The draft is gone; its number is given to the next one. Raises NotPermitted, ProductFixed."""
    require(actor, "product:edit", product)
    lock_draft(session, FinanceProduct, product, product.version, fixed=ProductFixed)
    leave_mark(session, product, "product_discarded", actor=actor, at=at)
    session.delete(product)
    session.flush()


def publish_product(
    session: Session, *, product: FinanceProduct, version: int, actor: Actor, at: datetime
) -> None:
    """Founders are shown this version from now on; it takes the place of the one before.

    Raises NotPermitted, ProductFixed, ChangedMeanwhile, ProductIncomplete, ProductOver.
    """
    require(actor, "product:publish", product)
    lock_draft(session, FinanceProduct, product, version, fixed=ProductFixed)
    if missing := read_product(product).list_missing():
        raise ProductIncomplete(missing=tuple(str(PARTS[name]) for name in missing))
    if product.valid_until is not None and product.valid_until < today(at):
        raise ProductOver
    before = find_in_state(session, FinanceProduct, product.incubator_id, product.code, "current")
    publish_draft(session, product, before, FINANCE_PRODUCT, at=at)
    leave_mark(session, product, "product_published", actor=actor, at=at)


def withdraw_product(
    session: Session, *, product: FinanceProduct, actor: Actor, at: datetime
) -> None:
    """Founders are shown it no more. Raises NotPermitted, ActionNotAllowed."""
    require(actor, "product:publish", product)
    lock_version(session, product)
    product.state = FINANCE_PRODUCT.follow("withdraw", product.state)
    product.ended_at = at
    leave_mark(session, product, "product_withdrawn", actor=actor, at=at)


def _check(values: ProductValues, at: datetime) -> None:
    if not values.is_possible(today(at)):
        raise ProductUnfit
