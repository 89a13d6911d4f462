"""Before which gates an incubator's startups stand, and for how many a gate would open a fund."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.access import Actor
from app.clauses import Verdict
from app.mandates.openings import screen
from app.mandates.published import list_published
from app.mandates.seeking import list_seeking, list_sought
from models.vocabulary import Gate


@dataclass(frozen=True, slots=True)
class GateCount:
    """How many startups stand before `gate`, and for how many of them it would open a fund.

    `gate` is None for startups that have passed all of them. Where no gate is confirmed, the first
    one comes next.
    """

    gate: Gate | None
    startups: int
    would_open: int


@dataclass(frozen=True, slots=True)
class GatesAhead:
    """All startups that seek money, by the gate that comes next. `unconfirmed` have none at all."""

    rows: Sequence[GateCount]
    startups: int
    unconfirmed: int


def count_gates(session: Session, viewer: Actor, on: date) -> GatesAhead:
    """The startups of the viewer's incubators that seek money, by the gate that comes next."""
    needs = [
        need
        for need in list_seeking(session, viewer)
        if need.startup.incubator_id in viewer.operates
    ]
    terms = [each.terms for each in list_published(session)]
    known = list_sought(session, needs, on)
    order = list(Gate)
    before: dict[Gate | None, set[int]] = {}
    opened: dict[Gate | None, set[int]] = {}
    unconfirmed: set[int] = set()
    for need in needs:
        sought = known[need.id]
        passed = -1 if sought.gate is None else order.index(Gate(sought.gate))
        if sought.gate is None:
            unconfirmed.add(need.startup_id)
        ahead = order[passed + 1] if passed + 1 < len(order) else None
        before.setdefault(ahead, set()).add(need.startup_id)
        if ahead is None:
            continue
        now, then = screen(terms, [sought, replace(sought, gate=ahead.value)], on)
        if any(
            new is Verdict.PASS and old is not Verdict.PASS
            for old, new in zip(now, then, strict=True)
        ):
            opened.setdefault(ahead, set()).add(need.startup_id)
    rows = [
        GateCount(gate, len(before.get(gate, ())), len(opened.get(gate, ())))
        for gate in (*order, None)
    ]
    return GatesAhead(rows, len({need.startup_id for need in needs}), len(unconfirmed))
