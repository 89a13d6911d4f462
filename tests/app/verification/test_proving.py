"""Whatever becomes of reports, in whatever order: no clause passes on what no longer stands."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clauses import Verdict
from app.facts.actions import withdraw_fact
from app.funds.queries.comparing import compare
from app.verification.actions import reporting, testing
from models.facts import Fact
from models.lifecycle import REPORT_STANDS
from models.verification import VerificationOrder, VerificationReport
from models.vocabulary import ClaimVerdict, Gate
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.verification.scenes import (
    AT,
    LATER,
    ON,
    REFUTED,
    RESULT,
    Scene,
    bring_to,
    find_gate,
    make_scene,
    publish,
    submit,
)

pytestmark = [
    pytest.mark.verification,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

GATES = (Gate.LAB, Gate.PROTOTYPE, Gate.PILOT)
PLAIN = replace(RESULT, readiness=None)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["confirm", "refute", "invalidate", "correct", "withdraw"]),
        st.integers(min_value=0, max_value=len(GATES) - 1),
    ),
    min_size=2,
    max_size=7,
)


def take(session: Session, scene: Scene, order: VerificationOrder, step: str) -> None:
    """One step of whoever may take it, where it can be taken now."""
    by_centre = {"order": order, "actor": scene.by_analyst, "at": LATER}
    if step in ("confirm", "refute"):
        if order.state == "reported":
            reporting.retest_order(session, reason="Again", **by_centre)
        submit(session, scene, order, PLAIN if step == "confirm" else REFUTED)
        testing.verify_result(session, order=order, actor=scene.by_reviewer, at=AT)
        publish(session, scene, order)
    elif order.standing_report is None:
        return
    elif step == "invalidate":
        reporting.invalidate_report(session, reason="Wrong", **by_centre)
    elif step == "correct":
        publish(session, scene, order)
    elif (fact := find_fact(session, order.standing_report)) is not None:
        withdraw_fact(
            session, fact=fact, reason="Other device", actor=scene.funds.by_operator, at=LATER
        )


def find_fact(session: Session, report: VerificationReport) -> Fact | None:
    fact = None if report.gate_fact_id is None else session.get(Fact, report.gate_fact_id)
    return fact if fact is not None and fact.is_current else None


def list_proven(session: Session) -> list[Gate]:
    """The gates that reports which stand confirm, by the reports alone."""
    reports = session.scalars(
        select(VerificationReport).where(VerificationReport.state.in_(REPORT_STANDS))
    )
    return [
        report.order.claim.gate
        for report in reports
        if report.result.verdict is ClaimVerdict.CONFIRMED and report.order.claim.gate is not None
    ]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_no_clause_passes_on_what_no_longer_stands(
    session: Session, steps: list[tuple[str, int]]
) -> None:
    with session.begin_nested() as taken_back:
        scene = make_scene(session)
        publish_mandate(session, scene.funds, holding_limit_bp=None)
        orders = [bring_to(session, scene, "in_lab", gate=gate) for gate in GATES]
        was_withdrawn = False
        for step, place in steps:
            take(session, scene, orders[place], step)
            was_withdrawn = was_withdrawn or step == "withdraw"
            order = list(Gate)
            highest = max(list_proven(session), key=order.index, default=None)
            gate = find_gate(session, scene)
            if was_withdrawn:
                assert gate is None or highest is not None
                assert gate is None or order.index(Gate(gate)) <= order.index(highest or Gate.LAB)
            else:
                assert gate == highest
            (judged,) = compare(session, scene.funds.need, ON).outlook.judgements
            is_enough = gate in ("prototype", "pilot")
            assert (judged.verdict is Verdict.PASS) is is_enough
        taken_back.rollback()
    # SQLite gives the same numbers out again.
    session.expunge_all()
