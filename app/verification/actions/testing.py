"""Results: submitted by one person of the centre, verified or returned by another."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.clock import today
from app.errors import OutOfOrder, ReasonMissing
from app.verification.actions.slots import free_slots_of
from app.verification.errors import ReadinessUnfit, ResultUnfit, SamePerson, VerdictUnfit
from app.verification.readiness import get_levels
from app.verification.trace import leave_step, lock_order, tell_side
from app.verification.values import ResultValues, follows
from models.lifecycle import VERIFICATION_ORDER, VERIFICATION_RESULT
from models.verification import NOTE_LIMIT, Claim, VerificationOrder, VerificationResult
from models.vocabulary import Side

# Why a slot was given up: data, so it is in both languages.
MEASURED: Final = "结果已核验，不再需要该时段。The result is verified: the time is not needed."


def submit_result(
    session: Session, *, order: VerificationOrder, values: ResultValues, actor: Actor, at: datetime
) -> VerificationResult:
    """Somebody has measured; another person of the centre has to look at it.

    Raises NotPermitted, ActionNotAllowed, ResultUnfit, VerdictUnfit where the measure says
    otherwise, ReadinessUnfit.
    """
    require(actor, "order:work", order)
    lock_order(session, order)
    state = VERIFICATION_ORDER.follow("submit_result", order.state)
    if not values.is_possible(today(at)):
        raise ResultUnfit
    if not follows(order.claim, values):
        raise VerdictUnfit
    _check_proof(order.claim, values)
    result = VerificationResult(
        number=len(order.results) + 1,
        state="submitted",
        verdict=values.verdict,
        measured=values.measured,
        uncertainty=values.uncertainty,
        note=values.note,
        measured_on=values.measured_on,
        passes_gate=values.passes_gate,
        readiness=values.readiness,
        submitted_at=at,
        submitted_by_id=actor.acts_as_id,
    )
    order.results.append(result)
    order.state = state
    leave_step(session, order, "result_submitted", actor=actor, at=at)
    tell_side(session, order, Side.PROVIDER, "result_submitted", at=at, unless=actor)
    return result


def verify_result(
    session: Session, *, order: VerificationOrder, actor: Actor, at: datetime
) -> None:
    """Another person than who submitted it vouches for the result.

    Raises NotPermitted, ActionNotAllowed, SamePerson.
    """
    require(actor, "order:work", order)
    lock_order(session, order)
    state = VERIFICATION_ORDER.follow("verify", order.state)
    _decide(order, "verify", actor, at)
    order.state = state
    leave_step(session, order, "result_verified", actor=actor, at=at)
    # What came early needs no more time on any instrument.
    free_slots_of(session, order, by=actor, at=at, reason=MEASURED)


def return_result(
    session: Session, *, order: VerificationOrder, reason: str, actor: Actor, at: datetime
) -> None:
    """Another person does not vouch for it, and says why; it is measured again.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed, SamePerson.
    """
    require(actor, "order:work", order)
    if not 0 < len(reason) <= NOTE_LIMIT:
        raise ReasonMissing
    lock_order(session, order)
    state = VERIFICATION_ORDER.follow("return_result", order.state)
    _decide(order, "return", actor, at)
    order.state = state
    leave_step(session, order, "result_returned", actor=actor, at=at, note=reason)
    tell_side(
        session,
        order,
        Side.PROVIDER,
        "result_returned",
        at=at,
        facts={"reason": reason},
        unless=actor,
    )


def _decide(order: VerificationOrder, action: str, actor: Actor, at: datetime) -> None:
    result = order.results[-1] if order.results else None
    if result is None or result.state != "submitted":
        raise OutOfOrder
    if result.submitted_by_id in (actor.person_id, actor.acts_as_id):
        raise SamePerson
    result.state = VERIFICATION_RESULT.follow(action, result.state)
    result.decided_at = at
    result.decided_by_id = actor.acts_as_id


def _check_proof(claim: Claim, values: ResultValues) -> None:
    """A gate is passed only where the claim names one, and a level goes with its gate."""
    if values.passes_gate and claim.gate is None:
        raise ResultUnfit
    if values.readiness is None or claim.gate is None:
        return
    low, high = get_levels(claim.gate, claim.startup.fields)
    # A level below is no contradiction: the gate need not be passed for it.
    if values.readiness > high or (values.passes_gate and values.readiness < low):
        raise ReadinessUnfit
