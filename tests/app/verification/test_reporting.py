"""Reports, the facts that rest on them, and the mandates judged by those."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.clauses import Verdict
from app.errors import NotPermitted, OutOfOrder, ReasonMissing
from app.facts.actions import state_fact, withdraw_fact
from app.funds.actions import state_ask
from app.funds.queries.comparing import compare
from app.mandates.values import AskValues
from app.vault.queries.documents import list_shown_for
from app.verification.actions import reporting, testing
from app.verification.errors import (
    DisputeTooLate,
    InvoiceMissing,
    ReportFileUnfit,
    ReportOfAnother,
    ResultUnfit,
)
from models.audit import AuditEntry
from models.facts import Fact
from models.lifecycle import ActionNotAllowed
from models.verification import VerificationOrder
from models.vocabulary import Gate, NeedKind, ReadinessScale
from models.webhooks import WebhookEvent
from tests.app.facts.scenes import of_year
from tests.app.funds.scenes import make_scene as make_fund_scene
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.vault.scenes import PDF
from tests.app.verification.scenes import (
    AT,
    LATER,
    ON,
    REFUTED,
    RESULT,
    Scene,
    bring_to,
    find_gate,
    keep_report,
    list_told,
    make_scene,
    publish,
    submit,
)
from tests.app.webhooks.wanting import list_events, want_everything
from tests.factories import make_engagement, make_need

pytestmark = pytest.mark.verification

only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def invalidate(session: Session, scene: Scene, order: VerificationOrder) -> None:
    reporting.invalidate_report(
        session, order=order, reason="Wrong fixture", actor=scene.by_analyst, at=LATER
    )


def list_facts(session: Session, scene: Scene) -> list[tuple[str, str, Any]]:
    found = session.scalars(
        select(Fact).where(Fact.startup_id == scene.funds.startup.id).order_by(Fact.id)
    )
    return [(fact.fact_type.value, fact.state, fact.value) for fact in found]


def judge(session: Session, scene: Scene) -> Verdict:
    (judged,) = compare(session, scene.funds.need, ON).outlook.judgements
    return judged.verdict


def test_a_confirmed_claim_becomes_facts_that_two_people_answer_for(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported")

    assert list_facts(session, scene) == [
        ("gate_verified", "confirmed", "prototype"),
        ("readiness_verified", "confirmed", Decimal(5)),
    ]
    (report,) = order.reports
    fact = session.get_one(Fact, report.gate_fact_id)
    assert (fact.stated_by, fact.confirmed_by, fact.source, fact.source_note) == (
        scene.analyst,
        scene.reviewer,
        "test_report",
        "Device centre (example)",
    )
    assert (fact.begins_on, find_gate(session, scene)) == (ON, "prototype")
    kinds = session.scalars(
        select(AuditEntry.kind).where(
            AuditEntry.incubator_id == scene.funds.incubator.id, AuditEntry.kind.like("fact%")
        )
    ).all()
    assert list(kinds) == ["fact_confirmed", "fact_confirmed"]


def test_a_result_opens_a_fund_and_its_fall_closes_it_again(session: Session) -> None:
    scene = make_scene(session)
    publish_mandate(session, scene.funds, holding_limit_bp=None)
    want_everything(session, scene.funds.incubator)
    assert judge(session, scene) is not Verdict.PASS

    order = bring_to(session, scene, "reported")
    assert judge(session, scene) is Verdict.PASS
    assert list_told(session, scene.funds.founder)[-2:] == ["report_published", "funds_opened"]
    # Other systems of the incubator learn what its operators may read: nothing of the order.
    opened = [*2 * [WebhookEvent.FACT_CONFIRMED], WebhookEvent.NEED_FUNDS_OPENED]
    assert list_events(session) == opened

    invalidate(session, scene, order)
    assert judge(session, scene) is not Verdict.PASS
    assert find_gate(session, scene) is None
    assert list_told(session, scene.funds.founder)[-2:] == ["report_invalidated", "funds_closed"]
    assert list_told(session, scene.funds.operator) == ["gate_fell"]
    assert list_events(session)[len(opened) :] == [
        *2 * [WebhookEvent.FACT_WITHDRAWN],
        WebhookEvent.STARTUP_GATE_FELL,
        WebhookEvent.NEED_FUNDS_CLOSED,
    ]
    assert {state for _, state, _ in list_facts(session, scene)} == {"withdrawn"}
    assert (order.state, order.reports[0].state) == ("reported", "invalidated")


@only_sqlite
@pytest.mark.parametrize("shows", [True, False])
def test_a_fund_is_told_where_it_takes_care_of_the_request_and_the_founder_shows_it(
    session: Session, shows: bool
) -> None:
    scene = make_scene(session)
    funds = scene.funds
    publish_mandate(session, funds, holding_limit_bp=None)
    make_engagement(session, funds.need, funds.fund, state="accepted")
    state_ask(
        session,
        need=funds.need,
        values=AskValues(shows_gate=shows),
        actor=scene.by_founder,
        at=AT,
    )
    order = bring_to(session, scene, "reported")
    invalidate(session, scene, order)

    told = ["mandate_opened", "mandate_closed"] if shows else []
    assert list_told(session, funds.investor) == told
    assert list_told(session, funds.outsider) == []


@only_sqlite
def test_a_refuted_claim_makes_no_fact_and_is_told_to_the_startup_alone(
    session: Session,
) -> None:
    scene = make_scene(session)
    publish_mandate(session, scene.funds)
    want_everything(session, scene.funds.incubator)
    order = bring_to(session, scene, "reported", values=REFUTED)

    assert list_facts(session, scene) == []
    assert list_told(session, scene.funds.founder)[-1] == "report_published"
    invalidate(session, scene, order)
    assert list_told(session, scene.funds.operator) == []
    assert list_told(session, scene.funds.investor) == []
    assert list_events(session) == []


@only_sqlite
def test_a_process_has_levels_of_its_own(session: Session) -> None:
    scene = make_scene(session)
    bring_to(session, scene, "reported", scale=ReadinessScale.PROCESS)

    assert [name for name, _, _ in list_facts(session, scene)] == [
        "gate_verified",
        "process_readiness_verified",
    ]


def test_of_one_day_the_highest_gate_stands_and_the_next_one_comes_back(
    session: Session,
) -> None:
    scene = make_scene(session)
    low = bring_to(session, scene, "reported", values=_plain(), gate=Gate.LAB)
    high = bring_to(session, scene, "reported", values=_plain(), gate=Gate.PILOT)
    assert find_gate(session, scene) == "pilot"

    middle = bring_to(session, scene, "reported", values=_plain())
    assert middle.reports[0].gate_fact_id is None
    assert find_gate(session, scene) == "pilot"
    invalidate(session, scene, high)
    assert find_gate(session, scene) == "prototype"
    invalidate(session, scene, middle)
    invalidate(session, scene, low)
    assert find_gate(session, scene) is None
    assert all(state != "confirmed" for _, state, _ in list_facts(session, scene))


def _plain() -> Any:
    return replace(RESULT, readiness=None)


@only_sqlite
def test_what_somebody_withdrew_does_not_come_back_with_another_report(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported", values=_plain())
    fact = session.get_one(Fact, order.reports[0].gate_fact_id)
    withdraw_fact(session, fact=fact, reason="Another device", actor=scene.funds.by_operator, at=AT)
    bring_to(session, scene, "reported", values=REFUTED)

    assert find_gate(session, scene) is None


@only_sqlite
def test_the_startup_opens_the_file_whose_hash_the_report_keeps(session: Session) -> None:
    scene = make_scene(session)
    document = keep_report(session, scene)
    order = bring_to(session, scene, "reported", document=document)

    shown = list_shown_for(
        session, occasion_table="verification_order", occasion_public_id=order.public_id
    )
    assert shown == [document]
    assert order.reports[0].sha256 == document.versions[0].sha256


@only_sqlite
def test_a_corrected_report_takes_the_place_of_the_one_before(session: Session) -> None:
    scene = make_scene(session)
    publish_mandate(session, scene.funds, holding_limit_bp=None)
    order = bring_to(session, scene, "reported")
    told = len(list_told(session, scene.funds.founder))
    publish(session, scene, order, keep_report(session, scene, PDF + b"\n"))

    assert [(each.number, each.state) for each in order.reports] == [
        (1, "superseded"),
        (2, "published"),
    ]
    assert find_gate(session, scene) == "prototype"
    assert judge(session, scene) is Verdict.PASS
    # Nothing opened or closed by it.
    assert list_told(session, scene.funds.founder)[told:] == ["report_published"]


@only_sqlite
def test_the_file_of_a_report_is_the_centres_own_and_can_be_shown(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "verified")
    document = keep_report(session, scene)
    document.provider_id = scene.funds.fund.id

    with pytest.raises(ReportFileUnfit):
        publish(session, scene, order, document)
    document.provider_id = scene.centre.id
    document.state = "reported"
    with pytest.raises(ReportFileUnfit):
        publish(session, scene, order, document)
    document.state = "available"
    with pytest.raises(ResultUnfit):
        publish(session, scene, order, document, valid_until=ON - timedelta(days=1))


@only_sqlite
def test_the_report_of_another_startup_is_published_to_nobody(session: Session) -> None:
    scene = make_scene(session)
    document = bring_to(session, scene, "reported").reports[0].document
    elsewhere = make_fund_scene(session)
    need = make_need(session, elsewhere.startup, kind=NeedKind.VERIFICATION)
    engagement = make_engagement(session, need, scene.centre, state="accepted")
    other = replace(scene, funds=elsewhere, need=need, engagement=engagement)
    theirs = bring_to(session, other, "verified")
    with pytest.raises(ReportOfAnother):
        reporting.publish_report(
            session,
            order=theirs,
            document=document,
            valid_until=None,
            actor=scene.by_analyst,
            at=LATER,
        )
    # A second report for the same startup may well stand in one file.
    second = bring_to(session, scene, "reported", document=document, metric="Leakage current")
    assert second.reports[0].document is document


def test_a_dispute_is_decided_once_and_the_report_stands_meanwhile(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported")
    by_founder = {"order": order, "reason": "Other pieces", "actor": scene.by_founder}
    by_centre = {"order": order, "reason": "Same pieces", "actor": scene.by_reviewer}
    with pytest.raises(ActionNotAllowed):
        reporting.uphold_report(session, at=LATER, **by_centre)
    reporting.dispute_report(session, at=LATER, **by_founder)
    assert find_gate(session, scene) == "prototype"
    assert list_told(session, scene.analyst)[-1] == "report_disputed"
    reporting.uphold_report(session, at=LATER, **by_centre)

    assert (order.reports[0].state, find_gate(session, scene)) == ("upheld", "prototype")
    with pytest.raises(ActionNotAllowed):
        reporting.dispute_report(session, at=LATER, **by_founder)


@only_sqlite
def test_a_dispute_comes_within_ten_days_with_a_reason_and_from_the_startup(
    session: Session,
) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported")
    late = AT + timedelta(days=10, seconds=1)

    with pytest.raises(DisputeTooLate):
        reporting.dispute_report(session, order=order, reason="No", actor=scene.by_founder, at=late)
    with pytest.raises(ReasonMissing):
        reporting.dispute_report(session, order=order, reason="", actor=scene.by_founder, at=AT)
    with pytest.raises(NotPermitted):
        reporting.dispute_report(session, order=order, reason="No", actor=scene.by_analyst, at=AT)


@only_sqlite
def test_what_is_tested_again_proves_nothing_until_it_is_published(session: Session) -> None:
    scene = make_scene(session)
    publish_mandate(session, scene.funds, holding_limit_bp=None)
    order = bring_to(session, scene, "settled")
    reporting.retest_order(
        session, order=order, reason="Disputed", actor=scene.by_analyst, at=LATER
    )
    assert (order.state, find_gate(session, scene)) == ("in_lab", None)
    assert judge(session, scene) is not Verdict.PASS

    submit(session, scene, order, REFUTED)
    testing.verify_result(session, order=order, actor=scene.by_reviewer, at=AT)
    publish(session, scene, order)
    assert (order.state, find_gate(session, scene)) == ("reported", None)
    assert [each.state for each in order.reports] == ["superseded", "published"]


@only_sqlite
def test_only_what_stands_is_invalidated_and_only_by_its_centre(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "verified")
    with pytest.raises(OutOfOrder):
        invalidate(session, scene, order)
    publish(session, scene, order)
    with pytest.raises(NotPermitted):
        reporting.invalidate_report(
            session, order=order, reason="No", actor=scene.by_founder, at=AT
        )
    invalidate(session, scene, order)
    with pytest.raises(OutOfOrder):
        invalidate(session, scene, order)


@only_sqlite
def test_the_clock_lets_a_report_lapse_with_its_facts(session: Session) -> None:
    scene = make_scene(session)
    publish_mandate(session, scene.funds, holding_limit_bp=None)
    order = bring_to(session, scene, "verified")
    publish(session, scene, order, valid_until=ON + timedelta(days=5))
    clock: dict[str, Any] = {"actor": Installation.CLOCK, "limit": 9}
    with pytest.raises(NotPermitted):
        reporting.lapse_reports(session, actor=scene.by_analyst, at=AT, limit=9)

    assert reporting.lapse_reports(session, at=AT + timedelta(days=5), **clock) == 0
    assert reporting.lapse_reports(session, at=AT + timedelta(days=6), **clock) == 1
    assert (order.reports[0].state, find_gate(session, scene)) == ("lapsed", None)
    assert list_told(session, scene.funds.founder)[-2:] == ["report_lapsed", "funds_closed"]


@only_sqlite
def test_an_order_is_settled_by_an_invoice(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported")
    given: dict[str, Any] = {"order": order, "actor": scene.by_analyst, "at": LATER}
    with pytest.raises(InvoiceMissing):
        reporting.settle_order(session, invoice="", **given)
    reporting.settle_order(session, invoice="2026-17", **given)

    assert (order.state, order.invoice, order.settled_at) == ("settled", "2026-17", LATER)


@only_sqlite
def test_other_facts_of_the_startup_are_not_touched(session: Session) -> None:
    scene = make_scene(session)
    state_fact(
        session,
        subject=scene.funds.startup,
        stated=of_year(2024, 90),
        actor=scene.by_founder,
        at=AT,
    )
    invalidate(session, scene, bring_to(session, scene, "reported"))

    assert list_facts(session, scene)[0][1] == "stated"
