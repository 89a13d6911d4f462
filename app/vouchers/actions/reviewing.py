"""Officers look at claims: let on, returned, accepted, refused, paid, recovered."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.clock import today
from app.errors import ReasonMissing
from app.vouchers.errors import PaymentUnfit, ReportNeeded
from app.vouchers.standing import is_disputed
from app.vouchers.trace import leave_step, lock_voucher, tell_founders
from app.vouchers.working_time import find_last_day
from models.lifecycle import VOUCHER
from models.vouchers import NOTE_LIMIT, REFERENCE_LIMIT, Voucher

# So long a startup has for claiming again what was returned: this product's rule.
CLAIMED_AGAIN_WITHIN: Final = timedelta(days=14)


def allow_voucher(
    session: Session, *, voucher: Voucher, reason: str, actor: Actor, at: datetime
) -> None:
    """The connection between startup and centre is no reason against it; the words say why.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    _decide(session, voucher, "allow", "voucher_allowed", reason=reason, actor=actor, at=at)


def return_voucher(
    session: Session, *, voucher: Voucher, reason: str, actor: Actor, at: datetime
) -> None:
    """Something is missing: the startup reads what, and claims again, for two weeks at least.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    _decide(session, voucher, "return", "voucher_returned", reason=reason, actor=actor, at=at)
    voucher.claim_by = max(voucher.claim_by, find_last_day(today(at + CLAIMED_AGAIN_WITHIN)))
    session.flush()
    tell_founders(session, voucher, "voucher_returned", at=at, facts={"reason": reason})


def accept_voucher(session: Session, *, voucher: Voucher, actor: Actor, at: datetime) -> None:
    """The claim is right and will be paid.

    Raises NotPermitted (also for whoever claimed it), ActionNotAllowed, ReportNeeded.
    """
    require(actor, "voucher:review", voucher)
    lock_voucher(session, voucher)
    state = VOUCHER.follow("accept", voucher.state)
    _require_report(session, voucher)
    require(actor, "voucher:review", voucher)
    voucher.state = state
    voucher.reviewed_at = at
    voucher.reviewed_by_id = actor.person_id
    leave_step(session, voucher, "voucher_accepted", actor=actor, at=at)
    tell_founders(session, voucher, "voucher_accepted", at=at)


def refuse_voucher(
    session: Session, *, voucher: Voucher, reason: str, actor: Actor, at: datetime
) -> None:
    """Nothing is paid, and the startup reads why; the amount is free again.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    _decide(session, voucher, "refuse", "voucher_refused", reason=reason, actor=actor, at=at)
    tell_founders(session, voucher, "voucher_refused", at=at, facts={"reason": reason})


def pay_voucher(
    session: Session, *, voucher: Voucher, reference: str, actor: Actor, at: datetime
) -> None:
    """The money has gone to the startup; `reference` names the payment.

    Raises NotPermitted, PaymentUnfit, ActionNotAllowed, ReportNeeded.
    """
    require(actor, "voucher:pay", voucher)
    if not 0 < len(reference) <= REFERENCE_LIMIT:
        raise PaymentUnfit
    lock_voucher(session, voucher)
    state = VOUCHER.follow("pay", voucher.state)
    _require_report(session, voucher)
    voucher.state = state
    voucher.paid_at = at
    voucher.reference = reference
    leave_step(session, voucher, "voucher_paid", actor=actor, at=at)
    tell_founders(session, voucher, "voucher_paid", at=at)


def recover_voucher(
    session: Session, *, voucher: Voucher, reason: str, actor: Actor, at: datetime
) -> None:
    """The money has come back: the report was wrong, or the claim was.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    require(actor, "voucher:pay", voucher)
    _require_reason(reason)
    lock_voucher(session, voucher)
    voucher.state = VOUCHER.follow("recover", voucher.state)
    leave_step(session, voucher, "voucher_recovered", actor=actor, at=at, note=reason)
    tell_founders(session, voucher, "voucher_recovered", at=at, facts={"reason": reason})


def _decide(
    session: Session,
    voucher: Voucher,
    action: str,
    kind: str,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    require(actor, "voucher:review", voucher)
    _require_reason(reason)
    lock_voucher(session, voucher)
    state = VOUCHER.follow(action, voucher.state)
    # Whoever claimed it meanwhile does not decide on it.
    require(actor, "voucher:review", voucher)
    voucher.state = state
    voucher.reviewed_at = at
    voucher.reviewed_by_id = actor.person_id
    leave_step(session, voucher, kind, actor=actor, at=at, note=reason)


def _require_report(session: Session, voucher: Voucher) -> None:
    if voucher.order is not None:
        session.expire(voucher.order, ["reports"])
    if voucher.report_fell_at is not None or is_disputed(voucher):
        raise ReportNeeded


def _require_reason(reason: str) -> None:
    if not 0 < len(reason) <= NOTE_LIMIT:
        raise ReasonMissing
