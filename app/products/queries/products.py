"""Reads of the catalogue: one version, those of an incubator, and which fit a startup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.clauses import Verdict
from app.clock import today
from app.products.values import read_product
from app.telling.waiting import WaitingItem, WaitingList
from app.vouchers.checking import Eligibility, judge
from app.vouchers.queries.offers import list_known
from app.words.answer_times import end_of
from models.organisations import Incubator, Startup
from models.products import FinanceProduct

# So long before its last day a product runs out soon.
SOON: Final = timedelta(days=30)

_ORDER: Final = (Verdict.PASS, Verdict.UNKNOWN, Verdict.FAIL)


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a product says of one startup. `days_left` counts up to its last day, 0 on that day."""

    product: FinanceProduct
    eligibility: Eligibility
    days_left: int

    @property
    def is_soon_over(self) -> bool:
        """Whether its last day is near."""
        return self.days_left <= SOON.days


def find_product(session: Session, public_id: str) -> FinanceProduct | None:
    """The version of a product with that public id, with its incubator."""
    return session.scalar(
        select(FinanceProduct)
        .where(FinanceProduct.public_id == public_id)
        .options(joinedload(FinanceProduct.incubator))
    )


def select_of_incubator(incubator: Incubator) -> Select[FinanceProduct]:
    """All versions of all products in the catalogue of `incubator`."""
    return (
        select(FinanceProduct)
        .where(FinanceProduct.incubator_id == incubator.id)
        .options(joinedload(FinanceProduct.incubator))
    )


def select_known(viewer: Actor) -> Select[FinanceProduct]:
    """All versions in the catalogues that `viewer` keeps, and what others show their startups."""
    return (
        select(FinanceProduct)
        .where(
            or_(
                FinanceProduct.incubator_id.in_(viewer.operates),
                and_(
                    FinanceProduct.incubator_id.in_(viewer.hosted_by),
                    FinanceProduct.state != "draft",
                ),
            )
        )
        .options(joinedload(FinanceProduct.incubator))
    )


def list_newest(session: Session, incubator: Incubator) -> Sequence[FinanceProduct]:
    """The drafts, what stands, and what ran out without a next version; by title."""
    rows = session.scalars(
        select_of_incubator(incubator)
        .where(FinanceProduct.state.in_(("draft", "current", "over")))
        .order_by(FinanceProduct.title, FinanceProduct.code, FinanceProduct.number)
    ).all()
    newest = {row.code: row.number for row in rows}
    return [row for row in rows if row.state != "over" or newest[row.code] == row.number]


def list_versions(
    session: Session, viewer: Actor, product: FinanceProduct
) -> Sequence[FinanceProduct]:
    """All versions of a product that `viewer` may see, the newest first."""
    query = select_of_incubator(product.incubator).where(FinanceProduct.code == product.code)
    if product.incubator_id not in viewer.operates:
        query = query.where(FinanceProduct.state != "draft")
    return session.scalars(query.order_by(FinanceProduct.number.desc())).all()


def list_offered(session: Session, incubator: Incubator, at: datetime) -> Sequence[FinanceProduct]:
    """Every product that `incubator` offers today, by title."""
    return session.scalars(
        select_of_incubator(incubator)
        .where(is_offered(at))
        .order_by(FinanceProduct.title, FinanceProduct.id)
    ).all()


def list_fitting(session: Session, startup: Startup, at: datetime) -> list[Fitting]:
    """Every product that its incubator offers `startup` today, those that fit first, by title."""
    on = today(at)
    incubator = None if startup.incubator_id is None else startup.incubator
    products = [] if incubator is None else list_offered(session, incubator, at)
    if not products:
        return []
    facts = list_known(session, startup, at)
    found = [
        Fitting(product, judge(read_product(product), facts, on), (product.valid_until - on).days)
        for product in products
        if product.valid_until is not None
    ]
    return sorted(found, key=lambda each: _ORDER.index(each.eligibility.verdict))


def is_offered(at: datetime) -> ColumnElement[bool]:
    """Whether a product is in its catalogue and its days have come and are not over."""
    on = today(at)
    return and_(
        FinanceProduct.state == "current",
        FinanceProduct.valid_from <= on,
        FinanceProduct.valid_until >= on,
    )


def _select_waiting(viewer: Actor, at: datetime) -> Select[FinanceProduct] | None:
    """What runs out soon in the incubators of an operator, and has no next version yet."""
    if not viewer.operates:
        return None
    on = today(at)
    begun = select(FinanceProduct.code).where(
        FinanceProduct.incubator_id.in_(viewer.operates), FinanceProduct.state == "draft"
    )
    return (
        select(FinanceProduct)
        .where(
            FinanceProduct.incubator_id.in_(viewer.operates),
            FinanceProduct.state == "current",
            FinanceProduct.valid_until.between(on, on + SOON),
            FinanceProduct.code.not_in(begun),
        )
        .order_by(FinanceProduct.valid_until, FinanceProduct.id)
    )


def _word_waiting(rows: Sequence[FinanceProduct], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """Operators look up whether what runs out soon goes on."""
    return [
        WaitingItem(
            kind="product_to_renew",
            title=product.title,
            detail=_l("This finance product runs out soon."),
            due_at=end_of(product.valid_until),
            path_endpoint="products.show_product",
            path_values={"public_id": product.public_id},
            action=_l("Look up whether it goes on"),
        )
        for product in rows
        if product.valid_until is not None
    ]


WAITING: Final = (WaitingList(("product_to_renew",), _select_waiting, _word_waiting),)
