"""What a startup does with its claims: state, change, release, withdraw."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.errors import ChangedMeanwhile, NotFound
from app.verification.errors import ClaimFixed, ClaimUnderTest, ClaimUnfit
from app.verification.trace import lock_claim
from app.verification.values import ClaimValues
from models.lifecycle import CLAIM, ORDER_UNDER_WAY
from models.needs import Need
from models.organisations import Startup
from models.verification import Claim

# Before somebody has quoted for it, and after nothing came of that.
_NOT_QUOTED = ("asked", "cancelled")


def state_claim(
    session: Session,
    *,
    startup: Startup,
    values: ClaimValues,
    actor: Actor,
    at: datetime,
    need: Need | None = None,
) -> Claim:
    """`startup` says what could be measured, for the sake of `need` or of none.

    Raises NotPermitted, NotFound for a need of somebody else, ClaimUnfit.
    """
    require(actor, "claim:state", startup)
    if need is not None and need.startup_id != startup.id:
        raise NotFound
    if not values.is_possible:
        raise ClaimUnfit
    claim = Claim(
        startup=startup, need=need, created_at=at, created_by_id=actor.acts_as_id, updated_at=at
    )
    _write(claim, values)
    session.add(claim)
    session.flush()
    _record(session, claim, "claim_stated", by=actor, at=at)
    return claim


def edit_claim(
    session: Session,
    *,
    claim: Claim,
    values: ClaimValues,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """The claim says `values`, as long as nobody has quoted for it.

    Raises NotPermitted, ActionNotAllowed once withdrawn, ChangedMeanwhile, ClaimFixed, ClaimUnfit.
    """
    require(actor, "claim:edit", claim)
    lock_claim(session, claim)
    CLAIM.follow("withdraw", claim.state)
    if claim.version != version:
        raise ChangedMeanwhile
    if any(order.state not in _NOT_QUOTED or order.quotes for order in claim.orders):
        raise ClaimFixed
    if not values.is_possible:
        raise ClaimUnfit
    _write(claim, values)
    claim.updated_at = at
    session.flush()
    _record(session, claim, "claim_edited", by=actor, at=at)


def withdraw_claim(session: Session, *, claim: Claim, actor: Actor, at: datetime) -> None:
    """The startup says so no more; what reports showed meanwhile stays.

    Raises NotPermitted, ActionNotAllowed, ClaimUnderTest.
    """
    require(actor, "claim:edit", claim)
    lock_claim(session, claim)
    state = CLAIM.follow("withdraw", claim.state)
    if any(order.state in ORDER_UNDER_WAY for order in claim.orders):
        raise ClaimUnderTest
    claim.state = state
    claim.is_released = False
    claim.updated_at = at
    session.flush()
    _record(session, claim, "claim_withdrawn", by=actor, at=at)


def release_claim(
    session: Session, *, claim: Claim, is_released: bool, actor: Actor, at: datetime
) -> None:
    """Funds that accepted a request see a confirmed result of it, or no longer.

    What is refuted, or not tested, nobody sees either way. Raises NotPermitted, ActionNotAllowed
    once withdrawn.
    """
    require(actor, "claim:release", claim)
    lock_claim(session, claim)
    CLAIM.follow("withdraw", claim.state)
    if claim.is_released is is_released:
        return
    claim.is_released = is_released
    claim.updated_at = at
    session.flush()
    _record(session, claim, "claim_released" if is_released else "claim_withheld", by=actor, at=at)


def _write(claim: Claim, values: ClaimValues) -> None:
    claim.sentence = values.sentence
    claim.metric = values.metric
    claim.comparator = values.comparator
    claim.low, claim.high = values.low, values.high
    claim.unit = values.unit
    claim.conditions = values.conditions
    claim.gate = values.gate
    claim.scale = values.scale


def _record(session: Session, claim: Claim, kind: str, *, by: Actor, at: datetime) -> None:
    """What a startup claims is its own: no operator reads it."""
    record(session, actor=by, kind=kind, subject=claim, at=at)
