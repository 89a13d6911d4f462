"""Money and proof of incubators and places in counts alone: nothing of any one startup.

Operators and regulators read no claim, no voucher of a centre, no financing and no arrangement
here: only how many there are. A count of a few could tell of one of them, so those below
`FEW` are not said, nor what such few come to in yuan, nor what leaves so few of another figure that
is said.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Select,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.access import Actor
from app.clock import today
from app.home.queries import select_regulated
from app.products.queries.products import is_offered
from app.words.limits import FEW as FEW
from models.arrangement_states import ARRANGEMENT_BINDS
from models.arrangements import Arrangement, Tranche
from models.commissioner_codes import CommissionerKind
from models.commissioner_states import CASE_RUNS
from models.commissioners import Commissioner, CompanyCare, FinanceCase
from models.deals import Deal
from models.engagements import Engagement
from models.financings import Financing
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, VOUCHER_COUNTS
from models.needs import Need
from models.organisations import Incubator, Startup
from models.products import FinanceProduct
from models.providers import Provider
from models.verification import VerificationOrder
from models.vocabulary import NeedKind
from models.vouchers import Voucher, VoucherScheme

# After so long without a step a deal counts as resting.
RESTS: Final = timedelta(days=30)
# So long before its last day a voucher, or a financing without its minimum, is shown.
SOON: Final = timedelta(days=30)

_PROVEN: Final = ("reported", "settled")


@dataclass(frozen=True, slots=True)
class Total:
    """How many, and for some how many yuan together; None: it is not said, because of a few."""

    count: int | None
    yuan: int | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether it would tell of a few."""
        return self.count is None


@dataclass(frozen=True, slots=True)
class MoneyTotals:
    """The totals of one incubator or one place, each under its code."""

    incubator: Incubator | None
    place_code: str | None
    totals: Mapping[str, Total]


def hide(count: int, yuan: int | None) -> Total:
    """What is said of `count` things that come to `yuan`."""
    return _UNSAID if _is_few(count) else Total(count, yuan)


def _select(column: Any, *what: Any) -> Select[Any]:
    # Without a type of its own an amount that is none would be text to PostgreSQL.
    yuan = what[0] if what else cast(null(), BigInteger)
    return select(column, func.count(), yuan).group_by(column)


def _of_deals(at: datetime) -> Select[Any]:
    return (
        _select(Engagement.incubator_id)
        .join(Provider)
        .join(Need, Need.id == Engagement.need_id)
        .where(Provider.kind == "investor", Need.kind == NeedKind.FUNDING)
    )


def _orders(at: datetime) -> Select[Any]:
    return _select(Engagement.incubator_id).join(
        VerificationOrder, VerificationOrder.engagement_id == Engagement.id
    )


def _vouchers(at: datetime) -> Select[Any]:
    return _select(Startup.incubator_id, func.sum(Voucher.amount_yuan)).join(
        Voucher, Voucher.startup_id == Startup.id
    )


def _financings(at: datetime) -> Select[Any]:
    return (
        _select(Startup.incubator_id, func.sum(Financing.taken_yuan))
        .join(Need, Need.startup_id == Startup.id)
        .join(Financing, Financing.need_id == Need.id)
    )


def _arrangements(at: datetime) -> Select[Any]:
    return _select(Engagement.incubator_id).join(
        Arrangement, Arrangement.engagement_id == Engagement.id
    )


def _commissioners(at: datetime) -> Select[Any]:
    return _select(Commissioner.incubator_id).where(Commissioner.state == "active")


def _cares(at: datetime) -> Select[Any]:
    # A company with a bank and an equity commissioner is one.
    columns: list[Any] = [
        Commissioner.incubator_id,
        func.count(CompanyCare.startup_id.distinct()),
        cast(null(), BigInteger),
    ]
    return (
        select(*columns)
        .join(CompanyCare, CompanyCare.commissioner_id == Commissioner.id)
        .group_by(Commissioner.incubator_id)
    )


def _cases(at: datetime) -> Select[Any]:
    return (
        _select(Commissioner.incubator_id, func.sum(FinanceCase.obtained_yuan))
        .join(CompanyCare, CompanyCare.commissioner_id == Commissioner.id)
        .join(FinanceCase, FinanceCase.care_id == CompanyCare.id)
    )


# In the order in which they are shown.
FIGURES: Final[Mapping[str, Callable[[datetime], Select[Any]]]] = MappingProxyType(
    {
        "orders_open": lambda at: _orders(at).where(
            VerificationOrder.state.not_in((*_PROVEN, "cancelled"))
        ),
        "orders_reported": lambda at: _orders(at).where(VerificationOrder.state.in_(_PROVEN)),
        "vouchers_drawn": lambda at: _vouchers(at).where(Voucher.state.in_(VOUCHER_COUNTS)),
        "vouchers_paid": lambda at: _vouchers(at).where(Voucher.state == "paid"),
        "vouchers_expiring": lambda at: (
            _vouchers(at)
            .join(VoucherScheme, VoucherScheme.id == Voucher.scheme_id)
            .where(
                or_(
                    and_(
                        Voucher.state == "reserved",
                        VoucherScheme.use_until <= today(at + SOON),
                    ),
                    and_(
                        Voucher.state.in_(("used", "returned")),
                        Voucher.claim_by <= today(at + SOON),
                    ),
                )
            )
        ),
        "financings_open": lambda at: _financings(at).where(Financing.state == "open"),
        "financings_closed": lambda at: _financings(at).where(Financing.state == "closed"),
        "financings_short": lambda at: _financings(at).where(
            Financing.state == "open",
            Financing.taken_yuan < Financing.least_yuan,
            Financing.closes_on <= today(at + SOON),
        ),
        "requests_unanswered": lambda at: _of_deals(at).where(Engagement.state == "requested"),
        "deals_resting": lambda at: (
            _of_deals(at)
            .outerjoin(Deal, Deal.engagement_id == Engagement.id)
            .where(
                Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
                or_(Deal.id.is_(None), Deal.state.in_(("inbox", "review"))),
                func.coalesce(Deal.changed_at, Engagement.answered_at) <= at - RESTS,
            )
        ),
        "arrangements_bind": lambda at: _arrangements(at).where(
            Arrangement.state.in_(ARRANGEMENT_BINDS)
        ),
        "tranches_unpaid": lambda at: (
            _arrangements(at)
            .join(Tranche, Tranche.arrangement_id == Arrangement.id)
            .where(Arrangement.state.in_(ARRANGEMENT_BINDS), Tranche.state == "released")
        ),
        "arrangements_due": lambda at: _arrangements(at).where(
            Arrangement.state.in_(("pending", "convertible", "due"))
        ),
        "products_offered": lambda at: _select(FinanceProduct.incubator_id).where(is_offered(at)),
        "commissioners_bank": lambda at: _commissioners(at).where(
            Commissioner.kind == CommissionerKind.BANK
        ),
        "commissioners_equity": lambda at: _commissioners(at).where(
            Commissioner.kind == CommissionerKind.EQUITY
        ),
        "commissioners_other": lambda at: _commissioners(at).where(
            Commissioner.kind.not_in((CommissionerKind.BANK, CommissionerKind.EQUITY))
        ),
        "companies_in_care": lambda at: _cares(at).where(CompanyCare.state == "active"),
        "cases_running": lambda at: _cases(at).where(FinanceCase.state.in_(CASE_RUNS)),
        "cases_resting": lambda at: _cases(at).where(
            FinanceCase.state.in_(CASE_RUNS), FinanceCase.changed_at <= at - RESTS
        ),
        "cases_done": lambda at: _cases(at).where(FinanceCase.state == "done"),
        "cases_closed": lambda at: _cases(at).where(FinanceCase.state == "closed"),
    }
)


def list_money_totals(
    session: Session,
    viewer: Actor,
    at: datetime,
    *,
    operated: Sequence[Incubator] | None = None,
    regulated: Sequence[Incubator] | None = None,
) -> list[MoneyTotals]:
    """The totals of the incubators that `viewer` operates, then of the places that they regulate.

    `operated` are those that the viewer operates, by name, and `regulated` those within the places,
    where they were read already.

    A place has the incubators within it together: its few are counted before they are hidden.
    """
    if not (viewer.operates or viewer.regulates):
        return []
    if operated is None:
        own = select(Incubator).where(Incubator.id.in_(viewer.operates)).order_by(Incubator.name)
        operated = session.scalars(own).all() if viewer.operates else ()
    if regulated is None:
        within = select_regulated(viewer)
        regulated = session.scalars(within).all() if within is not None else ()
    counted = _count(session, {each.id for each in (*operated, *regulated)}, at)
    found = [
        MoneyTotals(incubator, None, _add_up(counted, [incubator.id])) for incubator in operated
    ]
    places: dict[str, list[int]] = {}
    for incubator in regulated:
        places.setdefault(incubator.place_code, []).append(incubator.id)
    return found + [
        MoneyTotals(None, code, _add_up(counted, ids, known=viewer.operates))
        for code, ids in sorted(places.items())
    ]


def _count(
    session: Session, incubator_ids: Iterable[int], at: datetime
) -> Mapping[str, Mapping[int, tuple[int, int]]]:
    """For each figure and incubator, how many and how many yuan."""
    ids = sorted(incubator_ids)
    if not ids:
        return {}
    parts = []
    for code, compose in FIGURES.items():
        query = compose(at)
        column = query.selected_columns[0]
        parts.append(query.where(column.in_(ids)).add_columns(literal(code)))
    counted: dict[str, dict[int, tuple[int, int]]] = {code: {} for code in FIGURES}
    # One question: they are asked at every dashboard of whoever operates or regulates.
    for incubator_id, count, yuan, code in session.execute(union_all(*parts)):
        counted[code][incubator_id] = (count, int(yuan or 0))
    return counted


def _add_up(
    counted: Mapping[str, Mapping[int, tuple[int, int]]],
    ids: Sequence[int],
    *,
    known: Collection[int] = (),
) -> Mapping[str, Total]:
    """The totals of the incubators `ids`; those `known` are said by themselves beside this."""
    counts: dict[str, int] = {}
    totals: dict[str, Total] = {}
    for code, by_incubator in counted.items():
        parts = {number: by_incubator.get(number, (0, 0)) for number in ids}
        counts[code] = sum(part[0] for part in parts.values())
        yuan = sum(part[1] for part in parts.values()) if code in WITH_YUAN else None
        totals[code] = hide(counts[code], yuan)
        others = sum(part[0] for number, part in parts.items() if number not in known)
        if _is_few(others):
            totals[code] = _UNSAID
    _hide_rests(totals, counts)
    return totals


def _hide_rests(totals: dict[str, Total], counts: Mapping[str, int]) -> None:
    """What is left of a figure without its parts, is no few either that could be told apart."""
    for whole, parts in PARTS.items():
        if whole not in totals or totals[whole].is_hidden:
            continue
        said = 0
        for part in parts:
            if totals[part].is_hidden:
                continue
            if _is_few(counts[whole] - counts[part]) or _is_few(
                counts[whole] - said - counts[part]
            ):
                totals[part] = _UNSAID
            else:
                said += counts[part]


def _is_few(count: int) -> bool:
    return 0 < count < FEW


_UNSAID: Final = Total(None)

# These come to an amount, too.
WITH_YUAN: Final = frozenset(("vouchers_drawn", "vouchers_paid", "financings_closed", "cases_done"))

# What is counted in another figure, too; parts of one figure have nothing in common.
PARTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "vouchers_drawn": ("vouchers_paid", "vouchers_expiring"),
        "financings_open": ("financings_short",),
        "arrangements_bind": ("arrangements_due",),
        "cases_running": ("cases_resting",),
    }
)
