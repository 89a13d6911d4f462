"""What a startup does with its claims, and what others see: nothing, or what is released."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import ChangedMeanwhile, NotFound
from app.verification.actions import claims as actions
from app.verification.actions import reporting
from app.verification.errors import ClaimFixed, ClaimUnderTest, ClaimUnfit
from app.verification.queries.claims import (
    compose_said,
    list_askable,
    list_gates_ahead,
    list_own,
    list_released,
    read_standing,
)
from app.verification.reading import read_claims
from models.audit import AuditEntry
from models.briefs import OrderBrief
from models.lifecycle import ActionNotAllowed
from models.verification import Claim
from models.vocabulary import ClaimComparator, Gate
from tests.app.funds.scenes import prove_gate
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.verification.scenes import (
    AT,
    CLAIM,
    LATER,
    ON,
    REFUTED,
    Scene,
    bring_to,
    claim_it,
    make_scene,
)
from tests.factories import make_need, make_startup

pytestmark = [
    pytest.mark.verification,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def release(session: Session, scene: Scene, claim: Claim, is_released: bool = True) -> None:
    actions.release_claim(
        session, claim=claim, is_released=is_released, actor=scene.by_founder, at=AT
    )


def test_a_claim_says_what_was_stated_and_no_operator_reads_it(session: Session) -> None:
    scene = make_scene(session)
    claim = claim_it(session, scene)

    assert (claim.metric, claim.low, claim.unit, claim.need) == (
        "Breakdown voltage",
        Decimal(1200),
        "V",
        scene.need,
    )
    entries = session.scalars(select(AuditEntry).where(AuditEntry.kind == "claim_stated")).all()
    assert [entry.incubator_id for entry in entries] == [None]


@pytest.mark.parametrize("who", ["by_operator", "by_fund", "by_outsider"])
def test_nobody_else_states_or_finds_a_claim(session: Session, who: str) -> None:
    scene = make_scene(session)
    claim = claim_it(session, scene)
    actor = getattr(scene.funds, who)

    with pytest.raises(NotFound):
        actions.withdraw_claim(session, claim=claim, actor=actor, at=AT)
    assert [each for each in list_own(session, actor) if each is claim] == []
    assert list_released(session, scene.funds.startup) == []


def test_a_claim_without_its_value_is_none(session: Session) -> None:
    scene = make_scene(session)

    with pytest.raises(ClaimUnfit):
        claim_it(session, scene, low=None)


def test_the_need_of_somebody_else_is_not_found(session: Session) -> None:
    scene = make_scene(session)
    other = make_need(session, make_startup(session))

    with pytest.raises(NotFound):
        actions.state_claim(
            session,
            startup=scene.funds.startup,
            values=CLAIM,
            need=other,
            actor=scene.by_founder,
            at=AT,
        )


def test_a_claim_is_changed_until_somebody_has_quoted(session: Session) -> None:
    scene = make_scene(session)
    claim = bring_to(session, scene, "asked").claim
    values = replace(CLAIM, comparator=ClaimComparator.AT_MOST, low=None, high=Decimal(5))
    given = {"values": values, "actor": scene.by_founder, "at": LATER}

    actions.edit_claim(session, claim=claim, version=claim.version, **given)
    assert (claim.low, claim.high, claim.updated_at) == (None, Decimal(5), LATER)
    with pytest.raises(ChangedMeanwhile):
        actions.edit_claim(session, claim=claim, version=claim.version - 1, **given)

    quoted = bring_to(session, scene, "quoted").claim
    with pytest.raises(ClaimFixed):
        actions.edit_claim(session, claim=quoted, version=quoted.version, **given)


def test_a_claim_under_test_is_not_withdrawn(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "in_lab")

    with pytest.raises(ClaimUnderTest):
        actions.withdraw_claim(session, claim=order.claim, actor=scene.by_founder, at=AT)


def test_a_withdrawn_claim_is_neither_changed_nor_released(session: Session) -> None:
    scene = make_scene(session)
    claim = claim_it(session, scene)
    actions.withdraw_claim(session, claim=claim, actor=scene.by_founder, at=AT)

    assert (claim.state, list_own(session, scene.by_founder)) == ("withdrawn", [claim])
    for again in (
        lambda: release(session, scene, claim),
        lambda: actions.withdraw_claim(session, claim=claim, actor=scene.by_founder, at=AT),
        lambda: actions.edit_claim(
            session,
            claim=claim,
            values=CLAIM,
            version=claim.version,
            actor=scene.by_founder,
            at=AT,
        ),
    ):
        with pytest.raises(ActionNotAllowed):
            again()


def test_a_fund_sees_a_confirmed_claim_once_it_is_released(session: Session) -> None:
    scene = make_scene(session)
    claim = bring_to(session, scene, "reported").claim
    startup = scene.funds.startup

    assert list_released(session, startup) == []
    release(session, scene, claim)
    (shown,) = list_released(session, startup)
    assert (shown.metric, shown.measured, shown.gate, shown.readiness, shown.centre) == (
        "Breakdown voltage",
        Decimal(1250),
        Gate.PROTOTYPE,
        5,
        "Device centre (example)",
    )
    release(session, scene, claim, False)
    assert list_released(session, startup) == []


def test_what_is_refuted_leaves_no_trace_even_when_released(session: Session) -> None:
    scene = make_scene(session)
    claim = bring_to(session, scene, "reported", values=REFUTED).claim
    release(session, scene, claim)

    assert list_released(session, scene.funds.startup) == []
    standing = read_standing(claim)
    assert standing is not None
    assert standing.result.verdict == "refuted"


def test_what_is_invalidated_is_shown_no_more(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported")
    release(session, scene, order.claim)
    reporting.invalidate_report(
        session, order=order, reason="Wrong fixture", actor=scene.by_analyst, at=LATER
    )

    assert list_released(session, scene.funds.startup) == []
    assert read_standing(order.claim) is None


def test_gates_that_would_open_funds_are_named(session: Session) -> None:
    scene = make_scene(session)
    publish_mandate(session, scene.funds, holding_limit_bp=None)

    (row,) = list_gates_ahead(session, scene.by_founder, ON)
    assert (row.gate, row.opens, list(row.names)) == (Gate.PROTOTYPE, 1, ["First fund (example)"])
    prove_gate(session, scene.funds, "prototype")
    assert list_gates_ahead(session, scene.by_founder, ON) == []


def test_a_quote_can_be_asked_for_where_a_centre_has_accepted(session: Session) -> None:
    scene = make_scene(session)
    claim = claim_it(session, scene)

    assert list_askable(session, claim) == [scene.engagement]
    scene.engagement.state = "requested"
    session.flush()
    assert list_askable(session, claim) == []


def test_the_database_refuses_a_value_that_does_not_fit(session: Session) -> None:
    scene = make_scene(session)
    claim = claim_it(session, scene)
    claim.comparator = ClaimComparator.BETWEEN

    with pytest.raises(IntegrityError, match="value"):
        session.flush()


def test_what_a_request_asks_a_centre_to_show_is_read_with_the_need(session: Session) -> None:
    scene = make_scene(session)
    scene.engagement.order_brief = OrderBrief(service_name="Test", claim="漏电流不超过 10 mA。")
    session.flush()

    reads = read_claims(compose_said(session, scene.need))
    assert [(read.low, read.high, read.unit) for read in reads] == [
        (Decimal(1200), None, "V"),
        (None, Decimal(10), "mA"),
    ]
