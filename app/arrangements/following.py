"""What follows for arrangements from facts, from financings, and from the calendar.

The room of verification calls `follow_gates` when a report makes facts or they fall, that of
financings `follow_financing` when one ends and `follow_release` when less comes of it afterwards;
the clock looks at all of it once more, for what an operator confirms or withdraws by hand.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.access import Installation
from app.arrangements.actions.ending import clear_end
from app.arrangements.proving import judge_tranches, list_proofs
from app.arrangements.trace import leave_step, lock_arrangement, tell_sides
from app.arrangements.values import CONVERTIBLE
from app.clock import today
from models.arrangement_states import ARRANGEMENT, ARRANGEMENT_BINDS
from models.arrangements import Arrangement, Tranche
from models.engagements import Engagement
from models.financing_codes import ArrangementOutcome
from models.financings import Financing
from models.needs import Need
from models.organisations import Startup

# What binds; and what was paid by a gate and stays with the startup after it has ended.
RESTS_ON_GATES = or_(
    Arrangement.state.in_(ARRANGEMENT_BINDS),
    and_(
        Arrangement.state == "ended",
        Arrangement.end_outcome.in_((ArrangementOutcome.CONVERTED, ArrangementOutcome.FULFILLED)),
        Arrangement.tranches.any(and_(Tranche.state == "paid", Tranche.gate.is_not(None))),
    ),
)


def follow_gates(session: Session, startup: Startup, *, at: datetime) -> None:
    """What `startup` can prove may have changed; its row is locked."""
    found = session.scalars(_select_of(startup.id, RESTS_ON_GATES)).all()
    if not found:
        return
    proofs = list_proofs(session, startup.id, today(at))
    for arrangement in found:
        lock_arrangement(session, arrangement)
        judge_tranches(session, arrangement, proofs, at=at)


def follow_financing(session: Session, financing: Financing, *, at: datetime) -> None:
    """`financing` has ended: what waited for enough money is convertible, what was pending due."""
    waiting = Arrangement.state.in_(("running", "pending", "due"))
    for arrangement in session.scalars(_select_of(financing.need.startup_id, waiting)).all():
        lock_arrangement(session, arrangement)
        judge_end(session, arrangement, at=at)


def follow_release(
    session: Session, financing: Financing, released_yuan: int, *, at: datetime
) -> None:
    """Of `financing`, which had closed, a commitment of `released_yuan` was released.

    What was convertible by it alone is not any more; what has been converted by it stays so, and
    both sides are told.
    """
    before = financing.taken_yuan + released_yuan
    rests = and_(
        Arrangement.financing_id == financing.id,
        Arrangement.trigger_yuan > financing.taken_yuan,
        Arrangement.trigger_yuan <= before,
    )
    for arrangement in session.scalars(_select_of(financing.need.startup_id, rests)).all():
        lock_arrangement(session, arrangement)
        if arrangement.state == "convertible":
            _take_trigger_away(session, arrangement, at=at)
        elif arrangement.end_outcome is ArrangementOutcome.CONVERTED:
            _say(session, arrangement, "arrangement_trigger_fell", at=at)


def _take_trigger_away(session: Session, arrangement: Arrangement, *, at: datetime) -> None:
    """Another financing, or its last day, may make it convertible as well; else it is as before."""
    enough = _find_enough(session, arrangement)
    arrangement.financing_id = None if enough is None else enough.id
    if enough is not None or (arrangement.converts_when_due and _is_over(arrangement, at)):
        leave_step(
            session,
            arrangement,
            "arrangement_other_trigger",
            side=None,
            actor=Installation.CLOCK,
            at=at,
        )
        return
    arrangement.state = ARRANGEMENT.follow("untrigger", arrangement.state)
    arrangement.triggered_at = None
    if arrangement.end_outcome is ArrangementOutcome.CONVERTED:
        clear_end(arrangement)
    _say(session, arrangement, "arrangement_untriggered", at=at)
    judge_end(session, arrangement, at=at)


def judge_end(session: Session, arrangement: Arrangement, *, at: datetime) -> None:
    """Whether it is convertible, pending or due now; told to both when that is new."""
    if arrangement.state not in ("running", "pending", "due"):
        return
    converts = arrangement.form in CONVERTIBLE
    enough = _find_enough(session, arrangement) if converts else None
    is_over = _is_over(arrangement, at)
    if enough is not None:
        arrangement.financing_id = enough.id
        _move(session, arrangement, "trigger", "arrangement_convertible", at=at)
    elif not is_over or arrangement.state == "due":
        return
    elif arrangement.converts_when_due:
        _move(session, arrangement, "trigger", "arrangement_convertible", at=at)
    elif converts and _has_open(session, arrangement):
        if arrangement.state == "running":
            _move(session, arrangement, "wait", "arrangement_pending", at=at)
    else:
        _move(session, arrangement, "run_out", "arrangement_due", at=at)


def _move(
    session: Session, arrangement: Arrangement, action: str, kind: str, *, at: datetime
) -> None:
    arrangement.state = ARRANGEMENT.follow(action, arrangement.state)
    if action == "trigger":
        arrangement.triggered_at = at
    _say(session, arrangement, kind, at=at)


def _say(session: Session, arrangement: Arrangement, kind: str, *, at: datetime) -> None:
    leave_step(session, arrangement, kind, side=None, actor=Installation.CLOCK, at=at)
    tell_sides(session, arrangement, kind, at=at)


def _is_over(arrangement: Arrangement, at: datetime) -> bool:
    return arrangement.due_on is not None and arrangement.due_on < today(at)


def _find_enough(session: Session, arrangement: Arrangement) -> Financing | None:
    """The first financing of the startup that has closed with enough since both had agreed."""
    return session.scalar(
        _select_financings(arrangement)
        .where(
            Financing.state == "closed",
            Financing.ended_at >= arrangement.agreed_at,
            Financing.taken_yuan >= arrangement.trigger_yuan,
        )
        .order_by(Financing.ended_at, Financing.id)
        .limit(1)
    )


def _has_open(session: Session, arrangement: Arrangement) -> bool:
    query = _select_financings(arrangement).where(Financing.state == "open").limit(1)
    return session.scalar(query) is not None


def _select_financings(arrangement: Arrangement) -> Select[Financing]:
    return (
        select(Financing)
        .join(Need, Need.id == Financing.need_id)
        .where(Need.startup_id == arrangement.engagement.startup_id)
    )


def _select_of(startup_id: int, is_wanted: ColumnElement[bool]) -> Select[Arrangement]:
    return (
        select(Arrangement)
        .join(Arrangement.engagement)
        .where(Engagement.startup_id == startup_id, is_wanted)
        .order_by(Arrangement.id)
    )
