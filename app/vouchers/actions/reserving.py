"""A voucher is reserved when its order is placed, and given back."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.clock import today
from app.errors import OutOfOrder
from app.vouchers.checking import Hindrance
from app.vouchers.errors import VoucherAffiliated, VoucherDrawn, VoucherNotPossible
from app.vouchers.queries.offers import make_offer
from app.vouchers.trace import leave_step, lock_purse, lock_voucher, tell_officers
from app.vouchers.words import HINDRANCES
from models.lifecycle import VOUCHER
from models.verification import VerificationOrder
from models.vouchers import Voucher, VoucherScheme


def reserve_voucher(
    session: Session,
    *,
    order: VerificationOrder,
    scheme: VoucherScheme,
    actor: Actor,
    at: datetime,
) -> Voucher:
    """`scheme` pays a part of `order`, which its startup has just placed and locked.

    The share of the fee is rounded down to the yuan, and is never more than what is left of the
    cap and of the budget. Of two that reserve the same remaining amount exactly one gets it.
    Raises NotPermitted, OutOfOrder for an order that is not placed, VoucherAffiliated,
    VoucherDrawn, and VoucherNotPossible with every other reason.
    """
    require(actor, "voucher:choose", order)
    require(actor, "scheme:view", scheme)
    quote = order.quote
    if order.state != "ordered" or quote is None or quote.accepted_at is None:
        raise OutOfOrder
    startup = order.engagement.startup
    if scheme.state == "draft" or scheme.incubator_id != startup.incubator_id:
        raise VoucherNotPossible(because=(str(HINDRANCES[Hindrance.WAITING]),))
    lock_purse(session, startup, scheme)
    offer = make_offer(session, order, scheme, at)
    if offer.because:
        raise VoucherAffiliated(because=offer.because)
    if Hindrance.DRAWN in offer.hindrances:
        raise VoucherDrawn
    if offer.hindrances:
        raise VoucherNotPossible(because=tuple(str(HINDRANCES[each]) for each in offer.hindrances))
    try:
        with session.begin_nested():
            voucher = Voucher(
                scheme=scheme,
                startup=startup,
                order=order,
                claim_id=order.claim_id,
                code=scheme.code,
                state="reserved",
                # Decided again when it is used, where another day than the order's decides.
                year=today(at).year,
                fee_yuan=quote.price_yuan,
                reserved_yuan=offer.share_yuan,
                amount_yuan=offer.share_yuan,
                claim_by=offer.row.claim_until,
                reserved_at=at,
                reserved_by_id=actor.acts_as_id,
                changed_at=at,
            )
            session.add(voucher)
    except IntegrityError:
        raise VoucherDrawn from None
    leave_step(session, voucher, "voucher_reserved", actor=actor, at=at)
    tell_officers(session, voucher, "voucher_reserved", at=at)
    return voucher


def release_voucher(
    session: Session, *, voucher: Voucher, reason: str, actor: Actor, at: datetime
) -> None:
    """The startup gives it back before it is claimed; the amount is free again.

    `reason` may be empty. Raises NotPermitted, ActionNotAllowed.
    """
    require(actor, "voucher:release", voucher)
    lock_voucher(session, voucher)
    voucher.state = VOUCHER.follow("release", voucher.state)
    leave_step(session, voucher, "voucher_released", actor=actor, at=at, note=reason)
    tell_officers(session, voucher, "voucher_released", at=at)
