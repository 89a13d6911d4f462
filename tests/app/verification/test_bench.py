"""Samples under their codes, and results that two people answer for."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import NotFound, NotPermitted, ReasonMissing
from app.verification.actions import samples, testing
from app.verification.errors import (
    OrderNotPossible,
    ReadinessUnfit,
    ResultUnfit,
    SamePerson,
    SampleNeeded,
    SampleUnfit,
    VerdictUnfit,
)
from app.verification.queries.orders import view_order
from models.lifecycle import ActionNotAllowed
from models.verification import VerificationOrder, VerificationSample
from models.vocabulary import ClaimVerdict
from tests.app.verification.scenes import (
    AT,
    LATER,
    ON,
    REFUTED,
    RESULT,
    Scene,
    accept,
    ask,
    bring_to,
    list_told,
    make_scene,
    quote,
    receive,
    send,
    submit,
)
from tests.waiting import make_lister

list_waiting = make_lister("verification")

pytestmark = [
    pytest.mark.verification,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def refuse(
    session: Session, scene: Scene, order: VerificationOrder, sample: VerificationSample
) -> None:
    samples.refuse_sample(
        session,
        order=order,
        sample=sample,
        reason="Broken in transit",
        actor=scene.by_analyst,
        at=LATER,
    )


def test_the_way_of_a_sample_is_kept_step_by_step(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "in_lab")
    (sample,) = order.samples
    given: dict[str, Any] = {"order": order, "sample": sample, "actor": scene.by_reviewer}
    samples.return_sample(session, at=LATER, **given)

    chain = [step for step in order.steps if step.sample_id == sample.id]
    assert [(step.kind, step.side, step.note) for step in chain] == [
        ("sample_sent", "startup", ""),
        ("sample_received", "provider", "Whole"),
        ("sample_returned", "provider", ""),
    ]
    assert (sample.state, order.state) == ("returned", "in_lab")
    with pytest.raises(ActionNotAllowed):
        samples.destroy_sample(session, at=LATER, **given)


def test_a_refused_sample_says_why_and_another_one_can_follow(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "ordered")
    sample = send(session, scene, order)
    with pytest.raises(ReasonMissing):
        samples.refuse_sample(
            session, order=order, sample=sample, reason="", actor=scene.by_analyst, at=AT
        )
    refuse(session, scene, order, sample)

    assert (order.state, sample.state) == ("ordered", "refused")
    assert list_told(session, scene.funds.founder)[-1] == "sample_refused"
    receive(session, scene, order)
    assert [each.state for each in order.samples] == ["refused", "received"]
    assert order.state == "in_lab"


@pytest.mark.parametrize("state", ["asked", "quoted", "to_verify", "reported"])
def test_samples_are_sent_for_what_is_ordered_and_not_finished(
    session: Session, state: str
) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, state)

    with pytest.raises(OrderNotPossible):
        send(session, scene, order)


def test_a_sample_is_described_and_is_of_its_own_order(session: Session) -> None:
    scene = make_scene(session)
    order, other = bring_to(session, scene, "ordered"), bring_to(session, scene, "ordered")
    sample = send(session, scene, order)

    with pytest.raises(SampleUnfit):
        samples.send_sample(session, order=order, description="", actor=scene.by_founder, at=AT)
    with pytest.raises(NotFound):
        refuse(session, scene, other, sample)
    with pytest.raises(NotPermitted):
        samples.receive_sample(
            session,
            order=order,
            sample=sample,
            condition="Whole",
            actor=scene.by_founder,
            at=AT,
        )


def test_work_begins_without_a_sample_only_where_the_plan_asks_for_none(
    session: Session,
) -> None:
    scene = make_scene(session)
    with_sample = bring_to(session, scene, "ordered")
    without = accept(session, scene, quote(session, scene, ask(session, scene), sample_spec=""))

    with pytest.raises(SampleNeeded):
        samples.begin_work(session, order=with_sample, actor=scene.by_analyst, at=AT)
    samples.begin_work(session, order=without, actor=scene.by_analyst, at=AT)
    assert without.state == "in_lab"


def test_nobody_vouches_for_their_own_result(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "to_verify")

    for act in (testing.verify_result, testing.return_result):
        given = {"reason": "No"} if act is testing.return_result else {}
        with pytest.raises(SamePerson):
            act(session, order=order, actor=scene.by_analyst, at=AT, **given)
    assert [each.kind for each in list_waiting(session, scene.by_analyst, AT)] == []
    assert [each.kind for each in list_waiting(session, scene.by_reviewer, AT)] == [
        "result_to_verify"
    ]
    testing.verify_result(session, order=order, actor=scene.by_reviewer, at=LATER)
    (result,) = order.results
    assert (result.state, result.submitted_by, result.decided_by) == (
        "verified",
        scene.analyst,
        scene.reviewer,
    )


def test_the_database_holds_that_it_takes_two(session: Session) -> None:
    scene = make_scene(session)
    (result,) = bring_to(session, scene, "verified").results
    result.decided_by_id = scene.analyst.id

    with pytest.raises(IntegrityError, match="two_people"):
        session.flush()


def test_a_result_that_is_sent_back_is_measured_again(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "to_verify")
    testing.return_result(
        session, order=order, reason="Wrong fixture", actor=scene.by_reviewer, at=LATER
    )
    assert list_told(session, scene.analyst)[-1] == "result_returned"
    submit(session, scene, order, replace(RESULT, measured=Decimal(1300)))

    assert [(each.number, each.state) for each in order.results] == [
        (1, "returned"),
        (2, "submitted"),
    ]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        (replace(RESULT, measured=Decimal(900)), VerdictUnfit),
        (replace(REFUTED, measured=Decimal(1200)), VerdictUnfit),
        (replace(RESULT, measured=None), ResultUnfit),
        (replace(RESULT, measured_on=ON + timedelta(days=1)), ResultUnfit),
        (replace(RESULT, readiness=7), ReadinessUnfit),
        (replace(RESULT, readiness=4), ReadinessUnfit),
        (replace(REFUTED, passes_gate=True), ResultUnfit),
        (replace(REFUTED, verdict=ClaimVerdict.INCONCLUSIVE, readiness=2), ResultUnfit),
    ],
)
def test_a_result_says_no_more_than_was_measured(
    session: Session, values: Any, error: type[Exception]
) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "in_lab")

    with pytest.raises(error):
        submit(session, scene, order, values)
    assert (order.state, order.results) == ("in_lab", [])


def test_a_level_below_the_gate_is_told_where_the_gate_is_not_passed(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "in_lab")
    submit(session, scene, order, replace(RESULT, passes_gate=False, readiness=4))

    assert order.results[0].readiness == 4


def test_a_claim_without_a_gate_passes_none(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "in_lab", gate=None)

    with pytest.raises(ResultUnfit):
        submit(session, scene, order)
    submit(session, scene, order, replace(RESULT, passes_gate=False, readiness=9))
    assert order.state == "to_verify"


def test_the_startup_sees_no_result_before_it_is_published(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "verified")

    seen = view_order(session, order, scene.by_founder)
    assert (seen.results, [step.kind for step in seen.steps if "result" in step.kind]) == ([], [])
    assert len(view_order(session, order, scene.by_analyst).results) == 1
