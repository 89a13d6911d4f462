"""Which tranches rest on something that is confirmed now, and which no longer do."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.arrangements.trace import leave_step, tell_sides
from app.facts.queries import list_known_of_many
from models.arrangement_states import TRANCHE
from models.arrangements import Arrangement, Tranche
from models.fact_types import FactType
from models.facts import Fact
from models.organisations import Startup
from models.vocabulary import Gate

_GATES = list(Gate)


def list_proofs(session: Session, startup_id: int, on: date) -> list[Fact]:
    """The startup's confirmed gates on the day `on`, the highest first."""
    known = list_known_of_many(session, Startup, [startup_id], confirmed=True)
    found = [
        fact
        for fact in known.get(startup_id, ())
        if fact.fact_type is FactType.GATE_VERIFIED
        and fact.state == "confirmed"
        and (fact.begins_on is None or fact.begins_on <= on)
    ]
    return sorted(found, key=lambda fact: (-_rank(fact), fact.id))


def find_proof(tranche: Tranche, proofs: Iterable[Fact]) -> Fact | None:
    """What of `proofs` says that the gate of `tranche` is passed: a later gate is as good."""
    if tranche.gate is None:
        return None
    wanted = _GATES.index(tranche.gate)
    return next((fact for fact in proofs if _rank(fact) >= wanted), None)


def judge_tranches(
    session: Session, arrangement: Arrangement, proofs: list[Fact], *, at: datetime
) -> None:
    """Each tranche can be paid when it rests on something now, and both sides are told of changes.

    The startup and the arrangement are locked. What was paid stays paid; of one that has ended it
    is said whether it still rests on something, and nothing more is paid.
    """
    for tranche in arrangement.tranches:
        if arrangement.state == "ended" and tranche.state != "paid":
            continue
        proof = find_proof(tranche, proofs)
        stands = tranche.gate is None or proof is not None
        kind = None
        if tranche.state == "waiting" and stands:
            tranche.state = TRANCHE.follow("release", tranche.state)
            tranche.released_at = at
            kind = "tranche_released"
        elif tranche.state == "released" and not stands:
            tranche.state = TRANCHE.follow("hold", tranche.state)
            tranche.released_at = None
            kind = "tranche_held"
        elif tranche.state == "paid" and not stands and tranche.fell_at is None:
            tranche.fell_at = at
            kind = "tranche_fell"
        elif tranche.state == "paid" and stands and tranche.fell_at is not None:
            tranche.fell_at = None
            kind = "tranche_restored"
        if tranche.state != "paid" or kind == "tranche_restored":
            tranche.fact_id = None if proof is None else proof.id
        if kind is not None:
            leave_step(session, arrangement, kind, side=None, actor=None, at=at)
            tell_sides(session, arrangement, kind, at=at, tranche=tranche)
    session.flush()


def _rank(fact: Fact) -> int:
    return _GATES.index(Gate(str(fact.value)))
