"""A voucher is used with an invoice, and claimed with evidence."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.clock import today
from app.errors import OutOfOrder
from app.vault.actions.sharing import show_document
from app.vault.queries.documents import get_newest
from app.vouchers.errors import (
    EvidenceUnfit,
    InvoiceUsed,
    NothingLeft,
    ReportNeeded,
    ShareTooSmall,
    UseUnfit,
    WindowClosed,
)
from app.vouchers.queries.offers import (
    count_budget_left,
    count_taken,
    find_affiliation,
    get_cap,
    list_known,
    list_last_days,
)
from app.vouchers.queries.vouchers import is_invoice_given, is_invoice_used
from app.vouchers.trace import (
    leave_step,
    lock_purse,
    lock_voucher,
    tell_founders,
    tell_officers,
)
from app.vouchers.values import UseValues, count_share
from models.documents import Document
from models.lifecycle import VOUCHER
from models.verification import VerificationReport
from models.voucher_codes import YearBasis
from models.vouchers import EVIDENCE_LIMIT, Voucher, VoucherEvidence


def use_voucher(
    session: Session, *, voucher: Voucher, values: UseValues, actor: Actor, at: datetime
) -> None:
    """The report is there and the invoice paid: the share is counted on what was paid.

    What came back from the officers is recorded once more, with the invoice as it is.

    It counts in the year of the day that the scheme names (order, report or invoice); where that
    is another year than the one in which it was reserved, it is worth no more than what is left of
    the cap there. Raises NotPermitted, ActionNotAllowed, OutOfOrder where the order is gone,
    ReportNeeded, UseUnfit, WindowClosed, InvoiceUsed, ShareTooSmall, NothingLeft.
    """
    require(actor, "voucher:use", voucher)
    startup, scheme = voucher.startup, voucher.scheme
    if startup is None:
        raise OutOfOrder
    lock_purse(session, startup, scheme)
    lock_voucher(session, voucher)
    state = VOUCHER.follow("use", voucher.state)
    order = voucher.order
    if order is None:
        raise OutOfOrder
    session.refresh(order)
    report = order.standing_report
    if report is None or report.state == "disputed":
        raise ReportNeeded
    on = today(at)
    if on > voucher.claim_by:
        raise WindowClosed
    _apply_until, use_until, _claim_until = list_last_days(scheme)
    if not values.is_possible(today(voucher.reserved_at), min(on, use_until)):
        raise UseUnfit
    if is_invoice_used(session, voucher, startup, values.invoice):
        raise InvoiceUsed
    year = _find_year(voucher, report, values)
    amount = min(
        voucher.reserved_yuan,
        count_share(min(voucher.fee_yuan, values.paid_fee_yuan), scheme.share_bp or 0),
    )
    if amount <= 0:
        raise ShareTooSmall
    # A corrected invoice can be worth more again, as far as others have not drawn it meanwhile.
    rises = amount > voucher.amount_yuan
    if rises and (left := count_budget_left(session, scheme)) is not None:
        amount = min(amount, left + voucher.amount_yuan)
    if rises or year != voucher.year:
        cap = get_cap(scheme, startup, list_known(session, startup, at))
        taken = count_taken(session, startup.id, scheme, year, but=voucher.id)
        amount = min(amount, cap - taken)
    if amount <= 0:
        raise NothingLeft(year=str(year))
    voucher.state = state
    voucher.year = year
    voucher.amount_yuan = amount
    voucher.invoice = values.invoice
    voucher.invoiced_on = values.invoiced_on
    voucher.paid_fee_yuan = values.paid_fee_yuan
    voucher.report_number = report.number
    voucher.report_sha256 = report.sha256
    voucher.report_fell_at = None
    leave_step(session, voucher, "voucher_used", actor=actor, at=at)


def claim_voucher(
    session: Session,
    *,
    voucher: Voucher,
    documents: Sequence[Document],
    actor: Actor,
    at: datetime,
) -> None:
    """The startup claims it; the officers may open `documents`, in the versions of now.

    An invoice is evidence of one voucher alone, wherever it is claimed. Where startup and centre
    are connected by now, it is held until an officer has decided with words. Raises NotPermitted,
    ActionNotAllowed, WindowClosed, ReportNeeded, EvidenceUnfit, InvoiceUsed, and what
    `show_document` raises.
    """
    require(actor, "voucher:use", voucher)
    startup = voucher.startup
    if startup is None:
        raise EvidenceUnfit
    # Two that are claimed with one file come one after the other.
    lock_purse(session, startup, voucher.scheme)
    lock_voucher(session, voucher)
    VOUCHER.follow("claim", voucher.state)
    order = voucher.order
    if today(at) > voucher.claim_by:
        raise WindowClosed
    if voucher.report_fell_at is not None:
        raise ReportNeeded
    if not 1 <= len(documents) <= EVIDENCE_LIMIT:
        raise EvidenceUnfit
    for document in documents:
        if document.startup_id != startup.id or document.state != "available":
            raise EvidenceUnfit
        if is_invoice_given(session, voucher, document):
            raise InvoiceUsed
        _give(session, voucher, document, actor=actor, at=at)
    because: tuple[str, ...] = ()
    if order is not None:
        because = find_affiliation(session, startup, order.engagement.provider)
    action = "hold" if because else "claim"
    voucher.state = VOUCHER.follow(action, voucher.state)
    voucher.held_because = list(because)
    voucher.claimed_at = at
    voucher.claimed_by_id = actor.acts_as_id
    voucher.reviewed_at = None
    voucher.reviewed_by_id = None
    if because:
        leave_step(session, voucher, "voucher_held", actor=actor, at=at)
        tell_founders(session, voucher, "voucher_held", at=at)
    else:
        leave_step(session, voucher, "voucher_claimed", actor=actor, at=at)
    tell_officers(session, voucher, "voucher_claimed", at=at)


def _find_year(voucher: Voucher, report: VerificationReport, values: UseValues) -> int:
    days: dict[YearBasis, date] = {
        YearBasis.CONTRACT: today(voucher.reserved_at),
        YearBasis.REPORT: today(report.published_at),
        YearBasis.INVOICE: values.invoiced_on,
    }
    return days[voucher.scheme.year_basis].year


def _give(
    session: Session, voucher: Voucher, document: Document, *, actor: Actor, at: datetime
) -> None:
    """`document` is evidence, in its newest version, and the incubator may open it."""
    newest = get_newest(document)
    given = next((each for each in voucher.evidence if each.document_id == document.id), None)
    if given is None:
        given = VoucherEvidence(document=document)
        voucher.evidence.append(given)
    given.document_number = newest.number
    given.kind = document.kind
    given.sha256 = newest.sha256
    is_shown = any(
        share.revoked_at is None
        and share.occasion_public_id == voucher.public_id
        and share.to_incubator_id == voucher.scheme.incubator_id
        for share in document.shares
    )
    if not is_shown:
        show_document(
            session,
            document=document,
            receiver=voucher.scheme.incubator,
            actor=actor,
            at=at,
            occasion=voucher,
        )
