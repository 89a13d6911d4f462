"""Paying tranches, and how an arrangement ends: one side proposes it, the other agrees or not."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.arrangements.errors import (
    ConversionEmpty,
    EndNotProposed,
    EndProposed,
    EndUnfit,
    NotConvertible,
    NotFulfilled,
    NothingPaid,
    OfferTooOld,
    SpeaksForBoth,
    TrancheNotProven,
    TranchePaymentUnfit,
)
from app.arrangements.proving import find_proof, list_proofs
from app.arrangements.trace import leave_step, lock_arrangement, tell_sides
from app.arrangements.values import (
    EndValues,
    compute_holding_bp,
    is_empty,
    is_too_late,
    list_outcomes,
)
from app.clock import today
from app.engagements.trace import get_other_side, get_own_side
from app.errors import ChangedMeanwhile, DomainError, ReasonMissing, expect
from app.facts.actions.standing import lock_subject
from models.arrangement_states import ARRANGEMENT, ARRANGEMENT_BINDS, TRANCHE
from models.arrangements import REASON_LIMIT, Arrangement, Tranche
from models.financing_codes import ArrangementOutcome
from models.lifecycle import ActionNotAllowed
from models.vocabulary import Side

_REFUSALS: Mapping[ArrangementOutcome, type[DomainError]] = MappingProxyType(
    {
        ArrangementOutcome.CONVERTED: NotConvertible,
        ArrangementOutcome.FULFILLED: NotFulfilled,
        ArrangementOutcome.REPAID: NothingPaid,
    }
)


def pay_tranche(
    session: Session,
    *,
    arrangement: Arrangement,
    number: int,
    paid_on: date,
    actor: Actor,
    at: datetime,
) -> Tranche:
    """The fund has paid the tranche `number` on the day `paid_on`; the startup is told.

    What it rests on is looked up now, with the startup's facts locked: nothing is paid on a gate
    that was withdrawn. Raises NotPermitted, NotFound for a number that there is not,
    ActionNotAllowed, TrancheNotProven, TranchePaymentUnfit.
    """
    require(actor, "arrangement:pay", arrangement)
    startup = arrangement.engagement.startup
    lock_subject(session, startup)
    lock_arrangement(session, arrangement)
    if arrangement.state not in ARRANGEMENT_BINDS or arrangement.agreed_at is None:
        raise ActionNotAllowed("arrangement", "pay", arrangement.state)
    tranche = expect(next((each for each in arrangement.tranches if each.number == number), None))
    state = TRANCHE.follow("pay", tranche.state)
    proof = find_proof(tranche, list_proofs(session, startup.id, today(at)))
    if tranche.gate is not None and proof is None:
        raise TrancheNotProven
    if not today(arrangement.agreed_at) <= paid_on <= today(at):
        raise TranchePaymentUnfit
    tranche.state = state
    tranche.paid_on = paid_on
    tranche.paid_by_id = actor.person_id
    tranche.fact_id = None if proof is None else proof.id
    leave_step(session, arrangement, "tranche_paid", side=Side.PROVIDER, actor=actor, at=at)
    tell_sides(session, arrangement, "tranche_paid", sides=(Side.STARTUP,), at=at, tranche=tranche)
    return tranche


def propose_end(
    session: Session,
    *,
    arrangement: Arrangement,
    values: EndValues,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """One side consents to an end, and the other is asked; nothing has ended yet.

    Raises NotPermitted, ActionNotAllowed, ChangedMeanwhile, EndProposed, EndUnfit, NotConvertible,
    NotFulfilled, NothingPaid, ConversionEmpty.
    """
    require(actor, "arrangement:propose_end", arrangement)
    lock_arrangement(session, arrangement)
    ARRANGEMENT.follow("end", arrangement.state)
    if arrangement.version != version:
        raise ChangedMeanwhile
    if arrangement.end_outcome is not None:
        raise EndProposed
    if values.find_problem() is not None:
        raise EndUnfit
    _require_possible(arrangement, values.outcome)
    if is_empty(arrangement, values):
        raise ConversionEmpty
    side = get_own_side(actor, arrangement.engagement)
    arrangement.end_outcome = values.outcome
    arrangement.end_valuation_yuan = values.valuation_yuan
    arrangement.end_holding_bp = _compute_holding(arrangement)
    arrangement.end_repaid_yuan = values.repaid_yuan
    arrangement.end_words = values.words
    arrangement.end_side = side
    arrangement.end_by_id = actor.person_id
    arrangement.end_proposed_at = at
    kind = "arrangement_end_proposed"
    leave_step(session, arrangement, kind, side=side, actor=actor, at=at, note=values.words)
    tell_sides(session, arrangement, kind, sides=(get_other_side(side),), at=at)


def agree_end(
    session: Session, *, arrangement: Arrangement, version: int, actor: Actor, at: datetime
) -> None:
    """The other side consents to the end in the `version` that it read: the arrangement is over.

    Raises NotPermitted, ActionNotAllowed, ChangedMeanwhile, EndNotProposed, SpeaksForBoth,
    OfferTooOld, NotConvertible, NotFulfilled, NothingPaid.
    """
    require(actor, "arrangement:agree_end", arrangement)
    lock_arrangement(session, arrangement)
    state = ARRANGEMENT.follow("end", arrangement.state)
    if arrangement.version != version:
        raise ChangedMeanwhile
    side = get_own_side(actor, arrangement.engagement)
    if arrangement.end_outcome is None or arrangement.end_side is side:
        raise EndNotProposed
    if arrangement.end_by_id == actor.person_id:
        raise SpeaksForBoth
    if is_too_late(arrangement, at):
        raise OfferTooOld
    _require_possible(arrangement, arrangement.end_outcome)
    if arrangement.end_holding_bp != _compute_holding(arrangement):
        # Something was paid since it was proposed.
        raise ChangedMeanwhile
    arrangement.state = state
    arrangement.ended_at = at
    leave_step(session, arrangement, "arrangement_ended", side=side, actor=actor, at=at)
    tell_sides(session, arrangement, "arrangement_ended", sides=(get_other_side(side),), at=at)


def refuse_end(
    session: Session, *, arrangement: Arrangement, words: str, actor: Actor, at: datetime
) -> None:
    """The other side does not consent, and says why: everything is as before.

    Raises NotPermitted, ReasonMissing, EndNotProposed.
    """
    require(actor, "arrangement:refuse_end", arrangement)
    if not 0 < len(words) <= REASON_LIMIT:
        raise ReasonMissing
    _clear(session, arrangement, "arrangement_end_refused", words, is_own=False, by=actor, at=at)


def withdraw_end(session: Session, *, arrangement: Arrangement, actor: Actor, at: datetime) -> None:
    """The side that proposed it does so no longer. Raises NotPermitted, EndNotProposed."""
    require(actor, "arrangement:refuse_end", arrangement)
    _clear(session, arrangement, "arrangement_end_withdrawn", "", is_own=True, by=actor, at=at)


def _clear(
    session: Session,
    arrangement: Arrangement,
    kind: str,
    words: str,
    *,
    is_own: bool,
    by: Actor,
    at: datetime,
) -> None:
    lock_arrangement(session, arrangement)
    side = get_own_side(by, arrangement.engagement)
    if not arrangement.is_end_proposed or (arrangement.end_side is side) is not is_own:
        raise EndNotProposed
    clear_end(arrangement)
    leave_step(session, arrangement, kind, side=side, actor=by, at=at, note=words)
    tell_sides(session, arrangement, kind, sides=(get_other_side(side),), at=at)


def clear_end(arrangement: Arrangement) -> None:
    """Nobody proposes any more how it ends."""
    arrangement.end_outcome = None
    arrangement.end_valuation_yuan = None
    arrangement.end_holding_bp = None
    arrangement.end_repaid_yuan = None
    arrangement.end_words = ""
    arrangement.end_side = None
    arrangement.end_by_id = None
    arrangement.end_proposed_at = None


def _require_possible(arrangement: Arrangement, outcome: ArrangementOutcome) -> None:
    """Raises NotConvertible, NotFulfilled, NothingPaid."""
    if outcome not in list_outcomes(arrangement):
        raise _REFUSALS[outcome]


def _compute_holding(arrangement: Arrangement) -> int | None:
    if arrangement.end_valuation_yuan is None:
        return None
    return compute_holding_bp(arrangement, arrangement.end_valuation_yuan)
