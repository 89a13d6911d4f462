"""What the clock does: vouchers lapse, and founders are told before."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access import Acting, require
from app.clock import today
from app.vouchers.queries.vouchers import get_next_day
from app.vouchers.trace import leave_step, lock_voucher, tell_founders
from app.words.wording import keep_days
from models.lifecycle import VOUCHER
from models.vouchers import Voucher, VoucherScheme

# So long before the last day founders are told.
REMINDED: Final = timedelta(days=30)

_OPEN: Final = ("reserved", "used", "returned")


def lapse_vouchers(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` vouchers that were not claimed in time lapse; gives how many.

    Raises NotPermitted for anybody but the clock.
    """
    require(actor, "voucher:lapse")
    due = session.scalars(
        select(Voucher)
        .where(Voucher.state.in_(_OPEN), Voucher.claim_by < today(at))
        .order_by(Voucher.id)
        .limit(limit)
    ).all()
    for voucher in due:
        lock_voucher(session, voucher)
        if voucher.state not in _OPEN or voucher.claim_by >= today(at):
            continue
        voucher.state = VOUCHER.follow("lapse", voucher.state)
        leave_step(session, voucher, "voucher_lapsed", actor=actor, at=at)
        tell_founders(session, voucher, "voucher_lapsed", at=at)
    return len(due)


def remind_of_vouchers(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Founders of up to `limit` vouchers are told of a last day that is near, each day once.

    Gives how many were looked at. Raises NotPermitted for anybody but the clock.
    """
    require(actor, "voucher:lapse")
    on = today(at)
    soon = on + REMINDED
    due = session.scalars(
        select(Voucher)
        .join(Voucher.scheme)
        .where(
            Voucher.state.in_(_OPEN),
            or_(
                Voucher.reminded_of.is_(None) & (VoucherScheme.use_until <= soon),
                (Voucher.state != "reserved")
                & (Voucher.claim_by <= soon)
                & (Voucher.reminded_of.is_(None) | (Voucher.reminded_of < Voucher.claim_by)),
            ),
        )
        .order_by(Voucher.id)
        .limit(limit)
    ).all()
    for voucher in due:
        lock_voucher(session, voucher)
        day = get_next_day(voucher)
        if day is None or day < on:
            day = voucher.claim_by
        is_new = voucher.reminded_of is None or voucher.reminded_of < day
        voucher.reminded_of = day
        session.flush()
        if is_new:
            tell_founders(
                session, voucher, "voucher_expiring", at=at, facts=keep_days({"day": day})
            )
    return len(due)
