"""What follows for vouchers from the steps of an order: the room of verification calls it."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.vouchers.trace import leave_step, lock_voucher, tell_founders, tell_officers
from models.lifecycle import VOUCHER, VOUCHER_COUNTS
from models.verification import VerificationOrder
from models.vouchers import Voucher

# By these a report is no longer true. One that has run out was true when it was used.
_FELL: Final = ("report_invalidated", "retest_begun")


def follow_order(session: Session, order: VerificationOrder, kind: str, *, at: datetime) -> None:
    """`kind` is the step that an order took: a voucher of an order that fell is free again.

    When the report behind a voucher falls, nothing more is claimed or paid on it, and officers and
    founders are told; a new report of the same order takes its place.
    """
    if kind not in ("order_cancelled", "report_published", *_FELL):
        return
    found = session.scalars(
        select(Voucher).where(Voucher.order_id == order.id, Voucher.state.in_(VOUCHER_COUNTS))
    ).all()
    for voucher in found:
        lock_voucher(session, voucher)
        if kind == "order_cancelled" and VOUCHER.is_allowed("release", voucher.state):
            voucher.state = VOUCHER.follow("release", voucher.state)
            leave_step(session, voucher, "voucher_released", actor=None, at=at)
            tell_founders(session, voucher, "voucher_released", at=at)
            tell_officers(session, voucher, "voucher_released", at=at)
        elif kind == "report_published":
            _take_report(voucher, order)
            session.flush()
        elif kind in _FELL and voucher.state != "reserved" and voucher.report_fell_at is None:
            voucher.report_fell_at = at
            leave_step(session, voucher, "voucher_report_fell", actor=None, at=at)
            tell_founders(session, voucher, "voucher_report_fell", at=at)
            tell_officers(session, voucher, "voucher_report_fell", at=at)


def _take_report(voucher: Voucher, order: VerificationOrder) -> None:
    """A voucher that was used rests on the report that stands now."""
    report = order.standing_report
    if report is not None and voucher.report_number is not None:
        voucher.report_number = report.number
        voucher.report_sha256 = report.sha256
        voucher.report_fell_at = None
