"""What an erasure does with claims and orders."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.verification.erasing import ERASING
from models.facts import Fact
from models.orm import Base
from models.verification import Claim, VerificationOrder, VerificationReport, VerificationStep
from tests.app.funds.test_erasing import leave
from tests.app.verification.scenes import Scene, bring_to, claim_it, find_gate, make_scene

pytestmark = [pytest.mark.verification, pytest.mark.privacy]


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def make_reported(session: Session) -> tuple[Scene, VerificationOrder]:
    scene = make_scene(session)
    return scene, bring_to(session, scene, "reported")


def test_claims_and_orders_go_with_their_startup(session: Session) -> None:
    scene, order = make_reported(session)
    claim_it(session, scene)
    leaving = leave(session, scene.funds, scene.funds.founder)

    traces = ERASING.find(session, leaving)
    ERASING.erase(session, leaving)

    assert traces.counts == {
        "claims": 2,
        "verification orders": 1,
        "verification reports": 1,
    }
    assert f"/orders/{order.public_id}" in traces.paths
    assert [count(session, each) for each in (Claim, VerificationOrder, VerificationReport)] == [
        0,
        0,
        0,
    ]


def test_orders_go_with_their_centre_and_facts_lose_its_name(session: Session) -> None:
    scene, order = make_reported(session)
    fact = session.get_one(Fact, order.reports[0].gate_fact_id)
    assert fact.source_note == scene.centre.name
    leaving = leave(session, scene.funds, scene.analyst)

    ERASING.erase(session, leaving)
    session.expire_all()

    assert (count(session, VerificationOrder), count(session, Claim)) == (0, 1)
    assert (fact.state, fact.source_note) == ("confirmed", "")
    assert find_gate(session, scene) == "prototype"


def test_of_a_colleague_who_leaves_the_words_go_and_the_order_stays(session: Session) -> None:
    scene, order = make_reported(session)
    leaving = leave(session, scene.funds, scene.analyst)
    alone = type(leaving)(
        email=leaving.email,
        person=leaving.person,
        providers=(),
        startups=(),
        names=leaving.names,
        actor=None,
        at=leaving.at,
    )

    words = ERASING.erase(session, alone)

    assert list(words) == ["Whole"]
    assert count(session, VerificationOrder) == 1
    notes = session.scalars(select(VerificationStep.note)).all()
    assert set(notes) == {""}
    assert order.state == "reported"
