"""Reports: published, disputed, upheld, tested again, invalidated; and the settled invoice.

Whatever makes a report stand or fall goes through `app.verification.proving`, so that facts, and
the mandates judged by them, follow in the same transaction.
"""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.clock import today
from app.errors import OutOfOrder, ReasonMissing
from app.vault.actions.sharing import show_document
from app.vault.queries.documents import get_newest
from app.verification.errors import (
    DisputeTooLate,
    InvoiceMissing,
    NotToSettle,
    ReportFileUnfit,
    ReportOfAnother,
    ResultUnfit,
)
from app.verification.proving import list_grounds, tell_what_changed
from app.verification.standing import can_settle, find_publishable
from app.verification.trace import leave_step, lock_order, tell_readers, tell_side
from app.verification.values import is_last_day
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import REPORT_STANDS, VERIFICATION_ORDER, VERIFICATION_REPORT
from models.verification import (
    INVOICE_LIMIT,
    NOTE_LIMIT,
    VerificationOrder,
    VerificationReport,
)
from models.vocabulary import Side

# For how long a startup can dispute a report: this product's rule, no source sets one.
DISPUTED_WITHIN: Final = timedelta(days=10)


def publish_report(
    session: Session,
    *,
    order: VerificationOrder,
    document: Document,
    valid_until: date | None,
    actor: Actor,
    at: datetime,
) -> VerificationReport:
    """The verified result stands in `document`, which the startup may open from now on.

    A confirmed claim becomes facts, and mandates are judged again. A report that stood before
    gives way. Raises NotPermitted, ActionNotAllowed, OutOfOrder for a result whose report was
    wrong, ReportFileUnfit, ReportOfAnother, ResultUnfit for a day that has been or is too far
    ahead, and what `show_document` raises.
    """
    require(actor, "order:report", order)
    lock_order(session, order)
    state = VERIFICATION_ORDER.follow("publish", order.state)
    result = find_publishable(order)
    if result is None:
        raise OutOfOrder
    if document.provider_id != order.engagement.provider_id or document.state != "available":
        raise ReportFileUnfit
    if _is_of_another(session, document, order):
        raise ReportOfAnother
    if valid_until is not None and not is_last_day(valid_until, today(at)):
        raise ResultUnfit
    grounds = list_grounds(session, order, at)
    if (before := order.standing_report) is not None:
        _end(before, "supersede", at)
        grounds.take_away(before, actor=actor, at=at)
        session.flush()
    newest = get_newest(document)
    report = VerificationReport(
        number=len(order.reports) + 1,
        state="published",
        result=result,
        document=document,
        document_number=newest.number,
        sha256=newest.sha256,
        valid_until=valid_until,
        published_at=at,
        published_by_id=actor.acts_as_id,
    )
    order.reports.append(report)
    order.state = state
    if not _is_shown(document, order):
        show_document(
            session,
            document=document,
            receiver=order.engagement.startup,
            actor=actor,
            at=at,
            occasion=order,
        )
    leave_step(session, order, "report_published", actor=actor, at=at)
    grounds.lay(actor=actor, at=at)
    tell_side(session, order, Side.STARTUP, "report_published", at=at)
    tell_what_changed(session, grounds, at=at)
    return report


def _is_of_another(session: Session, document: Document, order: VerificationOrder) -> bool:
    """Whether `document` is a report for another startup than that of `order`."""
    found = session.scalar(
        select(VerificationReport.id)
        .join(VerificationReport.order)
        .join(VerificationOrder.engagement)
        .where(
            VerificationReport.document_id == document.id,
            Engagement.startup_id != order.engagement.startup_id,
        )
        .limit(1)
    )
    return found is not None


def dispute_report(
    session: Session, *, order: VerificationOrder, reason: str, actor: Actor, at: datetime
) -> None:
    """The startup disputes the report that stands; it stands until the centre has decided.

    Raises NotPermitted, ReasonMissing, OutOfOrder without one, ActionNotAllowed, DisputeTooLate.
    """
    require(actor, "order:dispute", order)
    _require_reason(reason)
    lock_order(session, order)
    report = _get_standing(order)
    state = VERIFICATION_REPORT.follow("dispute", report.state)
    if at > report.published_at + DISPUTED_WITHIN:
        raise DisputeTooLate(days=DISPUTED_WITHIN.days)
    report.state = state
    report.disputed_at = at
    leave_step(session, order, "report_disputed", actor=actor, at=at, note=reason)
    tell_side(session, order, Side.PROVIDER, "report_disputed", at=at, facts={"reason": reason})


def uphold_report(
    session: Session, *, order: VerificationOrder, reason: str, actor: Actor, at: datetime
) -> None:
    """The centre stands by a disputed report, and says why.

    Raises NotPermitted, ReasonMissing, OutOfOrder, ActionNotAllowed.
    """
    require(actor, "order:report", order)
    _require_reason(reason)
    lock_order(session, order)
    report = _get_standing(order)
    report.state = VERIFICATION_REPORT.follow("uphold", report.state)
    leave_step(session, order, "report_upheld", actor=actor, at=at, note=reason)
    tell_side(session, order, Side.STARTUP, "report_upheld", at=at, facts={"reason": reason})


def retest_order(
    session: Session, *, order: VerificationOrder, reason: str, actor: Actor, at: datetime
) -> None:
    """It is measured again: a report that stands gives way at once, with all that rests on it.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    require(actor, "order:report", order)
    _require_reason(reason)
    lock_order(session, order)
    order.state = VERIFICATION_ORDER.follow("retest", order.state)
    grounds = list_grounds(session, order, at)
    if (report := order.standing_report) is not None:
        _end(report, "supersede", at)
        grounds.take_away(report, actor=actor, at=at)
    leave_step(session, order, "retest_begun", actor=actor, at=at, note=reason)
    grounds.lay(actor=actor, at=at)
    tell_side(session, order, Side.STARTUP, "retest_begun", at=at, facts={"reason": reason})
    if report is not None:
        tell_readers(session, report, at=at)
    tell_what_changed(session, grounds, at=at)


def invalidate_report(
    session: Session, *, order: VerificationOrder, reason: str, actor: Actor, at: datetime
) -> None:
    """The report was wrong: nothing rests on it any more, and all concerned are told.

    Money that has moved meanwhile is not touched, and what was known when stays on record. Raises
    NotPermitted, ReasonMissing, OutOfOrder where none stands.
    """
    require(actor, "order:report", order)
    _require_reason(reason)
    lock_order(session, order)
    report = _get_standing(order)
    grounds = list_grounds(session, order, at)
    _end(report, "invalidate", at)
    grounds.take_away(report, actor=actor, at=at)
    leave_step(session, order, "report_invalidated", actor=actor, at=at, note=reason)
    grounds.lay(actor=actor, at=at)
    tell_side(session, order, Side.STARTUP, "report_invalidated", at=at, facts={"reason": reason})
    tell_readers(session, report, at=at)
    tell_what_changed(session, grounds, at=at)


def settle_order(
    session: Session, *, order: VerificationOrder, invoice: str, actor: Actor, at: datetime
) -> None:
    """The invoice is paid, and nothing is open.

    Raises NotPermitted, InvoiceMissing, ActionNotAllowed, NotToSettle without a report that is
    neither wrong nor disputed.
    """
    require(actor, "order:report", order)
    if not 0 < len(invoice) <= INVOICE_LIMIT:
        raise InvoiceMissing
    lock_order(session, order)
    state = VERIFICATION_ORDER.follow("settle", order.state)
    if not can_settle(order):
        raise NotToSettle
    order.state = state
    order.settled_at = at
    order.invoice = invoice
    leave_step(session, order, "order_settled", actor=actor, at=at)
    tell_side(session, order, Side.STARTUP, "order_settled", at=at)


def lapse_reports(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` reports whose last day is over at `at` say nothing any more; gives how many.

    Raises NotPermitted for anybody but the clock.
    """
    require(actor, "order:expire")
    due = session.scalars(
        select(VerificationReport)
        .where(
            VerificationReport.state.in_(REPORT_STANDS),
            VerificationReport.valid_until < today(at),
        )
        .order_by(VerificationReport.id)
        .limit(limit)
    ).all()
    for report in due:
        order = report.order
        lock_order(session, order)
        session.refresh(report)
        if report.state not in REPORT_STANDS:
            continue
        grounds = list_grounds(session, order, at)
        _end(report, "lapse", at)
        grounds.take_away(report, actor=actor, at=at)
        leave_step(session, order, "report_lapsed", actor=actor, at=at)
        grounds.lay(actor=actor, at=at)
        for side in Side:
            tell_side(session, order, side, "report_lapsed", at=at)
        tell_readers(session, report, at=at)
        tell_what_changed(session, grounds, at=at)
    return len(due)


def _get_standing(order: VerificationOrder) -> VerificationReport:
    report = order.standing_report
    if report is None:
        raise OutOfOrder
    return report


def _end(report: VerificationReport, action: str, at: datetime) -> None:
    report.state = VERIFICATION_REPORT.follow(action, report.state)
    report.ended_at = at


def _is_shown(document: Document, order: VerificationOrder) -> bool:
    return any(
        share.revoked_at is None
        and share.occasion_public_id == order.public_id
        and share.to_startup_id == order.engagement.startup_id
        for share in document.shares
    )


def _require_reason(reason: str) -> None:
    if not 0 < len(reason) <= NOTE_LIMIT:
        raise ReasonMissing
