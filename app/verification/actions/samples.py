"""The way of a sample: sent under a code, received or refused, returned or destroyed."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.errors import NotFound, ReasonMissing
from app.verification.errors import OrderNotPossible, SampleNeeded, SampleUnfit
from app.verification.trace import leave_step, lock_order, tell_side
from app.verification.values import is_sample_description
from models.lifecycle import SAMPLE, VERIFICATION_ORDER
from models.verification import NOTE_LIMIT, VerificationOrder, VerificationSample
from models.vocabulary import Side

# A sample can be sent, and another one after it was refused or is to be tested again.
_TAKES_SAMPLES = ("ordered", "in_lab")


def send_sample(
    session: Session, *, order: VerificationOrder, description: str, actor: Actor, at: datetime
) -> VerificationSample:
    """Something is on its way to the centre; its code stands on the label.

    Raises NotPermitted, OrderNotPossible before the order and after the work, SampleUnfit.
    """
    require(actor, "order:send_sample", order)
    lock_order(session, order)
    if order.state not in _TAKES_SAMPLES:
        raise OrderNotPossible
    if not is_sample_description(description):
        raise SampleUnfit
    sample = VerificationSample(description=description, sent_at=at, changed_at=at, state="sent")
    order.samples.append(sample)
    session.flush()
    leave_step(session, order, "sample_sent", actor=actor, at=at, sample=sample)
    tell_side(session, order, Side.PROVIDER, "sample_sent", at=at, facts={"code": sample.code})
    return sample


def receive_sample(
    session: Session,
    *,
    order: VerificationOrder,
    sample: VerificationSample,
    condition: str,
    actor: Actor,
    at: datetime,
) -> None:
    """The centre has it, in this `condition`; with the first one, work begins.

    Raises NotPermitted, NotFound for a sample of another order, ActionNotAllowed, ReasonMissing.
    """
    require(actor, "order:work", order)
    _require_note(condition)
    _follow(session, order, sample, "receive", at)
    if order.state == "ordered":
        order.state = VERIFICATION_ORDER.follow("begin", order.state)
    leave_step(session, order, "sample_received", actor=actor, at=at, note=condition, sample=sample)
    tell_side(session, order, Side.STARTUP, "sample_received", at=at, facts={"code": sample.code})


def refuse_sample(
    session: Session,
    *,
    order: VerificationOrder,
    sample: VerificationSample,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """The centre does not take it, and says why; another one can be sent.

    Raises NotPermitted, NotFound, ActionNotAllowed, ReasonMissing.
    """
    require(actor, "order:work", order)
    _require_note(reason)
    _follow(session, order, sample, "refuse", at)
    leave_step(session, order, "sample_refused", actor=actor, at=at, note=reason, sample=sample)
    tell_side(
        session,
        order,
        Side.STARTUP,
        "sample_refused",
        at=at,
        facts={"code": sample.code, "reason": reason},
    )


def return_sample(
    session: Session,
    *,
    order: VerificationOrder,
    sample: VerificationSample,
    actor: Actor,
    at: datetime,
) -> None:
    """It goes back to the startup. Raises NotPermitted, NotFound, ActionNotAllowed."""
    require(actor, "order:work", order)
    _follow(session, order, sample, "return", at)
    leave_step(session, order, "sample_returned", actor=actor, at=at, sample=sample)
    tell_side(session, order, Side.STARTUP, "sample_returned", at=at, facts={"code": sample.code})


def destroy_sample(
    session: Session,
    *,
    order: VerificationOrder,
    sample: VerificationSample,
    actor: Actor,
    at: datetime,
) -> None:
    """Nothing is left of it. Raises NotPermitted, NotFound, ActionNotAllowed."""
    require(actor, "order:work", order)
    _follow(session, order, sample, "destroy", at)
    leave_step(session, order, "sample_destroyed", actor=actor, at=at, sample=sample)
    tell_side(session, order, Side.STARTUP, "sample_destroyed", at=at, facts={"code": sample.code})


def begin_work(session: Session, *, order: VerificationOrder, actor: Actor, at: datetime) -> None:
    """Work begins on a test for which nothing is sent in.

    Raises NotPermitted, ActionNotAllowed, SampleNeeded where the plan asks for a sample.
    """
    require(actor, "order:work", order)
    lock_order(session, order)
    state = VERIFICATION_ORDER.follow("begin", order.state)
    if order.quote is not None and order.quote.sample_spec:
        raise SampleNeeded
    order.state = state
    leave_step(session, order, "work_begun", actor=actor, at=at)
    tell_side(session, order, Side.STARTUP, "work_begun", at=at)


def _follow(
    session: Session,
    order: VerificationOrder,
    sample: VerificationSample,
    action: str,
    at: datetime,
) -> None:
    lock_order(session, order)
    session.refresh(sample)
    if sample.order_id != order.id:
        raise NotFound
    sample.state = SAMPLE.follow(action, sample.state)
    sample.changed_at = at


def _require_note(words: str) -> None:
    if not 0 < len(words) <= NOTE_LIMIT:
        raise ReasonMissing
