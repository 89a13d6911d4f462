"""Reads of vouchers: one, a purse, a desk with its totals, what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.access import Actor, is_permitted
from app.clock import today
from app.telling.waiting import WaitingItem, WaitingList
from app.vault.queries.documents import get_newest
from app.vouchers.standing import is_disputed
from app.vouchers.working_time import find_last_day
from app.web.paging import count_pages
from app.words.answer_times import end_of
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import VOUCHER, VOUCHER_COUNTS
from models.organisations import Incubator, Startup
from models.verification import VerificationOrder
from models.vocabulary import DocumentKind
from models.vouchers import Voucher, VoucherEvidence, VoucherScheme

PAGE_SIZE = 50

# Which permission each step of a voucher needs; others follow from orders, or from the clock.
_PERMISSIONS: Mapping[str, str] = {
    "use": "voucher:use",
    "claim": "voucher:use",
    "release": "voucher:release",
    "allow": "voucher:review",
    "return": "voucher:review",
    "accept": "voucher:review",
    "refuse": "voucher:review",
    "pay": "voucher:pay",
    "recover": "voucher:pay",
}

# What an officer has to do with a voucher in each of these states.
_FOR_OFFICERS = ("claimed", "held", "accepted")
_FOR_FOUNDERS = ("reserved", "used", "returned")

_WITH_ALL = (
    joinedload(Voucher.scheme).joinedload(VoucherScheme.incubator),
    joinedload(Voucher.startup),
    joinedload(Voucher.order)
    .joinedload(VerificationOrder.engagement)
    .joinedload(Engagement.provider),
    joinedload(Voucher.order).selectinload(VerificationOrder.quotes),
)
_WITH_STORY = (
    selectinload(Voucher.steps),
    selectinload(Voucher.evidence).joinedload(VoucherEvidence.document),
)


@dataclass(frozen=True, slots=True)
class VoucherPage:
    """One page of vouchers; `count` is over all pages, which are numbered from 1."""

    rows: Sequence[Voucher]
    count: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return count_pages(self.count, PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class Total:
    """What was drawn of one version, by state, in yuan and in vouchers; from the records alone."""

    scheme: VoucherScheme
    yuan: Mapping[str, int]
    count: Mapping[str, int]

    @property
    def drawn_yuan(self) -> int:
        """What counts against caps and budget."""
        return sum(self.yuan.get(state, 0) for state in VOUCHER_COUNTS)

    @property
    def budget_left_yuan(self) -> int | None:
        """What is left of the budget; None where none is said."""
        if self.scheme.budget_yuan is None:
            return None
        return self.scheme.budget_yuan - self.drawn_yuan


def find_voucher(session: Session, public_id: str) -> Voucher | None:
    """The voucher with that public id, with all that is shown of it."""
    return session.scalar(
        select(Voucher).where(Voucher.public_id == public_id).options(*_WITH_ALL, *_WITH_STORY)
    )


def list_actions(viewer: Actor, voucher: Voucher) -> frozenset[str]:
    """What `viewer` can do with it now."""
    possible = {
        action
        for action in VOUCHER.list_actions(voucher.state)
        if action in _PERMISSIONS and is_permitted(viewer, _PERMISSIONS[action], voucher)
    }
    if voucher.order_id is None:
        # Its centre has gone: no report is there any more with which it could be used once more.
        possible -= {"use"}
    if voucher.report_fell_at is not None:
        possible -= {"claim", "accept", "pay"}
    if possible & {"accept", "pay"} and is_disputed(voucher):
        possible -= {"accept", "pay"}
    return frozenset(possible)


def select_known(viewer: Actor) -> Select[Voucher]:
    """The vouchers of the viewer's startups, and those of schemes that they administer."""
    own: ColumnElement[bool] = Voucher.startup_id.in_(viewer.founds)
    if viewer.is_acting_for_another:
        own = false()
    return (
        select(Voucher)
        .join(Voucher.scheme)
        .where(or_(own, VoucherScheme.incubator_id.in_(viewer.operates)))
        .options(
            contains_eager(Voucher.scheme).joinedload(VoucherScheme.incubator),
            joinedload(Voucher.startup),
            joinedload(Voucher.order)
            .joinedload(VerificationOrder.engagement)
            .joinedload(Engagement.provider),
            *_WITH_STORY,
        )
    )


def list_of_startup(session: Session, startup: Startup, *, number: int = 1) -> VoucherPage:
    """Page `number` of what a startup has drawn, the last step first."""
    return _make_page(session, Voucher.startup_id == startup.id, number)


def list_of_desk(
    session: Session, incubator: Incubator, *, state: str = "", number: int = 1
) -> VoucherPage:
    """Page `number` of what was drawn of an incubator's schemes, maybe in one state."""
    condition: ColumnElement[bool] = Voucher.scheme_id.in_(
        select(VoucherScheme.id).where(VoucherScheme.incubator_id == incubator.id)
    )
    if state in VOUCHER.states:
        condition = and_(condition, Voucher.state == state)
    return _make_page(session, condition, number)


def _make_page(session: Session, condition: ColumnElement[bool], number: int) -> VoucherPage:
    count = session.scalar(select(func.count()).select_from(Voucher).where(condition)) or 0
    rows = session.scalars(
        select(Voucher)
        .where(condition)
        .options(*_WITH_ALL)
        .order_by(Voucher.changed_at.desc(), Voucher.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return VoucherPage(rows, count, number)


def count_totals(session: Session, incubator: Incubator) -> list[Total]:
    """What was drawn of each version that an incubator published, by title and version."""
    found = session.execute(
        select(Voucher.scheme_id, Voucher.state, func.count(), func.sum(Voucher.amount_yuan))
        .join(Voucher.scheme)
        .where(VoucherScheme.incubator_id == incubator.id)
        .group_by(Voucher.scheme_id, Voucher.state)
    )
    yuan: dict[int, dict[str, int]] = {}
    counts: dict[int, dict[str, int]] = {}
    for scheme_id, state, count, amount in found:
        yuan.setdefault(scheme_id, {})[state] = int(amount)
        counts.setdefault(scheme_id, {})[state] = count
    schemes = session.scalars(
        select(VoucherScheme)
        .where(VoucherScheme.incubator_id == incubator.id, VoucherScheme.state != "draft")
        .order_by(VoucherScheme.title, VoucherScheme.number.desc(), VoucherScheme.id)
    )
    return [Total(each, yuan.get(each.id, {}), counts.get(each.id, {})) for each in schemes]


def find_of_order(session: Session, order: VerificationOrder) -> Voucher | None:
    """The voucher that pays, or paid, a part of `order`."""
    return session.scalar(
        select(Voucher)
        .where(Voucher.order_id == order.id)
        .options(joinedload(Voucher.scheme))
        .order_by(Voucher.state.in_(VOUCHER_COUNTS).desc(), Voucher.id.desc())
        .limit(1)
    )


def is_invoice_used(session: Session, voucher: Voucher, startup: Startup, invoice: str) -> bool:
    """Whether another voucher of `startup` that counts was used with the invoice so numbered."""
    others = session.scalars(
        select(Voucher.invoice).where(
            Voucher.startup_id == startup.id,
            Voucher.id != voucher.id,
            Voucher.state.in_(VOUCHER_COUNTS),
            Voucher.invoice != "",
        )
    )
    return _fold(invoice) in {_fold(each) for each in others}


def is_invoice_given(session: Session, voucher: Voucher, document: Document) -> bool:
    """Whether `document` is an invoice that is evidence of another voucher that counts.

    The same file counts, whoever uploaded it and wherever it was claimed.
    """
    if document.kind is not DocumentKind.INVOICE:
        return False
    found = session.scalar(
        select(VoucherEvidence.id)
        .join(Voucher, Voucher.id == VoucherEvidence.voucher_id)
        .where(
            VoucherEvidence.sha256 == get_newest(document).sha256,
            VoucherEvidence.kind == DocumentKind.INVOICE,
            VoucherEvidence.voucher_id != voucher.id,
            Voucher.state.in_(VOUCHER_COUNTS),
        )
        .limit(1)
    )
    return found is not None


def _fold(invoice: str) -> str:
    return "".join(invoice.split()).casefold()


def get_next_day(voucher: Voucher) -> date | None:
    """The last day of what has to be done next; None where nothing runs out."""
    if voucher.state == "reserved" and voucher.scheme.use_until is not None:
        return min(find_last_day(voucher.scheme.use_until), voucher.claim_by)
    return voucher.claim_by if voucher.state in ("used", "returned") else None


def _select_waiting(viewer: Actor, at: datetime) -> Select[Voucher] | None:
    """What founders may have to use or claim, and what may wait for officers."""
    if not (viewer.founds or viewer.operates):
        return None
    own: ColumnElement[bool] = and_(
        Voucher.startup_id.in_(viewer.founds),
        Voucher.state.in_(_FOR_FOUNDERS),
        # What was not claimed in time lapses a little later.
        Voucher.claim_by >= today(at),
    )
    if viewer.is_acting_for_another:
        own = false()
    desk = and_(
        VoucherScheme.incubator_id.in_(viewer.operates),
        or_(
            Voucher.state.in_(_FOR_OFFICERS),
            and_(Voucher.state == "paid", Voucher.report_fell_at.is_not(None)),
        ),
    )
    return (
        select(Voucher)
        .join(Voucher.scheme)
        .where(or_(own, desk))
        .order_by(Voucher.changed_at, Voucher.id)
    )


def _word_waiting(rows: Sequence[Voucher], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """What founders have to use or claim, and what officers have to decide, pay or recover."""
    items = []
    for voucher in rows:
        said = _say_waiting(viewer, voucher)
        if said is None:
            continue
        kind, title, detail, action = said
        day = get_next_day(voucher)
        items.append(
            WaitingItem(
                kind=kind,
                title=title,
                detail=detail,
                due_at=None if day is None else end_of(day),
                path_endpoint="vouchers.show_voucher",
                path_values={"public_id": voucher.public_id},
                action=action,
            )
        )
    return items


WAITING: Final = (
    WaitingList(
        (
            "voucher_to_use",
            "voucher_to_claim",
            "voucher_to_review",
            "voucher_to_pay",
            "voucher_to_recover",
        ),
        _select_waiting,
        _word_waiting,
        (
            Voucher.scheme,
            Voucher.startup,
            Voucher.order,
            VerificationOrder.reports,
            VerificationOrder.engagement,
            Engagement.provider,
        ),
    ),
)


def _say_waiting(viewer: Actor, voucher: Voucher) -> tuple[str, str, LazyString, LazyString] | None:
    """By a stable word, a title, a sentence and the action: what `viewer` is expected to do."""
    scheme, actions = voucher.scheme.title, list_actions(viewer, voucher)
    startup = voucher.startup.name if voucher.startup is not None else scheme
    if "use" in actions:
        order = voucher.order
        if order is None or order.standing_report is None:
            return None
        return (
            "voucher_to_use",
            scheme,
            _l("The report is there. Record the invoice, so that the voucher is used in time."),
            _l("Use the voucher"),
        )
    if "claim" in actions:
        return "voucher_to_claim", scheme, _l("The voucher is used."), _l("Claim it with evidence")
    if actions & {"accept", "allow"}:
        return "voucher_to_review", startup, _l("A voucher is claimed."), _l("Review the claim")
    if "pay" in actions:
        return "voucher_to_pay", startup, _l("A voucher is accepted."), _l("Pay it")
    if voucher.report_fell_at is not None and actions & {"refuse", "recover"}:
        return (
            "voucher_to_recover",
            startup,
            _l("The report behind a voucher is no longer true."),
            _l("Decide on it"),
        )
    return None
