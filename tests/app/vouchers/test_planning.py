"""The cheapest proof for a need: services and quotes, vouchers, and why not more."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.extensions import db
from app.funds.actions import draft_mandate
from app.funds.actions import publish_mandate as publish_one
from app.vouchers.queries.cheapest import ProofPlan, plan_proof
from models.people import Person
from models.providers import CentreService, Provider
from models.vocabulary import Gate
from tests.app.funds.scenes import VALUES as MANDATE
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.verification.scenes import Scene
from tests.app.vouchers.scenes import make_quoted, offer_scheme
from tests.app.web.programs import Program
from tests.factories import AT, act_as, log_in, make_centre, make_investor, make_person

pytestmark = [
    pytest.mark.vouchers,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def offer_service(session: Session, gate: Gate, price: int, days: int, **values: Any) -> Provider:
    centre = make_centre(session, **values)
    assert centre.centre is not None
    centre.centre.services = [
        CentreService(name=f"{gate.value} test", gate=gate, price_yuan=price, lead_time_days=days)
    ]
    session.flush()
    return centre


def plan(session: Session, scene: Scene, **limits: Any) -> ProofPlan:
    given = {"lead_days": None, "own_yuan": None, "every_gate": False} | limits
    return plan_proof(session, scene.funds.need, **given, at=AT)


def make_plannable(session: Session) -> Scene:
    """One fund asks for a prototype, another for a pilot; a quote stands for the prototype."""
    scene, _order = make_quoted(session)
    assert scene.centre.centre is not None
    scene.centre.centre.services = []
    publish_mandate(session, scene.funds, holding_limit_bp=None)
    person = make_person(session)
    other = make_investor(session, person=person, name="Second fund (example)")
    mandate = draft_mandate(
        session,
        provider=other,
        values=replace(MANDATE, holding_limit_bp=None, gate=Gate.PILOT),
        actor=act_as(person),
        at=AT,
    )
    publish_one(session, mandate=mandate, version=mandate.version, actor=act_as(person), at=AT)
    offer_service(session, Gate.LAB, 2_000, 5, name="Lab (example)")
    offer_service(session, Gate.PILOT, 90_000, 60, name="Pilot (example)")
    offer_service(session, Gate.PILOT, 0, 1, name="No price (example)")
    return scene


def test_one_test_opens_both_or_the_cheaper_one_where_time_is_short(session: Session) -> None:
    scene = make_plannable(session)
    whole = plan(session, scene)
    assert [fund.name for fund in whole.opens] == [
        "First fund (example)",
        "Second fund (example)",
    ]
    (test,) = whole.tests
    assert (test.offered.service, whole.plan.own_yuan, whole.unpriced) == ("pilot test", 90_000, 1)
    assert (whole.shut, whole.plan.is_proven) == ([], True)

    quick = plan(session, scene, lead_days=30)
    (test,) = quick.tests
    assert test.offered.order_public_id is not None
    assert (quick.plan.own_yuan, quick.plan.lead_days) == (12_345, 10)
    (shut,) = quick.shut
    assert (shut.fund.name, shut.needs_days, shut.needs_yuan) == (
        "Second fund (example)",
        60,
        90_000,
    )
    assert plan(session, scene, own_yuan=12_344).tests == []


def test_vouchers_lower_what_is_paid_and_every_gate_can_be_asked_for(session: Session) -> None:
    scene = make_plannable(session)
    offer_scheme(session, scene)
    quick = plan(session, scene, lead_days=30)
    assert quick.tests[0].scheme == "Scheme of the town (example)"
    assert (quick.tests[0].share_yuan, quick.plan.own_yuan) == (4_114, 8_231)

    offer_service(session, Gate.PRINCIPLE, 500, 3, name="Principle (example)")
    steps = plan(session, scene, every_gate=True)
    gates = {test.offered.gate.value for test in steps.tests}
    assert gates == {"principle", "lab", "prototype", "pilot"}
    assert steps.plan.lead_days == 3 + 5 + 10 + 60


def test_a_fund_that_no_test_opens_says_by_which_clause(session: Session) -> None:
    scene = make_plannable(session)
    scene.funds.startup.place_code = "110105"
    session.flush()
    found = plan(session, scene)
    assert found.tests == []
    assert all(
        "place" in [finding.clause.value for finding in each.judgement.list_open()]
        for each in found.shut
    )
    assert len(found.shut) == 2


def test_it_is_on_a_page_and_for_programs(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = make_plannable(db.session)
        need = scene.funds.need.public_id
        people = [scene.funds.founder.id, scene.funds.operator.id]
        db.session.commit()
        founder = db.session.get_one(Person, people[0])
        founder.locale = "en"
        log_in(client, founder)
        db.session.commit()
    path = f"/needs/{need}/cheapest-proof"
    assert f'href="{path}"' in client.get(f"/needs/{need}/funds").text
    page = client.get(path)
    assert (page.status_code, "It opens 2 funds more" in page.text) == (200, True)
    assert "Why not more" in client.get(f"{path}?days=30&own=9万&every_gate=").text
    for wrong in ("days=0", "days=99999999999999", "own=-1", "own=1e99", "days=nan"):
        assert client.get(f"{path}?{wrong}").status_code == 422, wrong
    programs = []
    for number in people:
        with app.app_context():
            person = db.session.get_one(Person, number)
            db.session.expunge_all()
        programs.append(Program(app, person))
    # The quote has run out by today: only what centres list is left.
    found = programs[0].get(f"/needs/{need}/cheapest-proof?lead_days=60").json
    assert (found["own_yuan"], found["proven"], len(found["opens"])) == (90_000, True, 2)
    found = programs[0].get(f"/needs/{need}/cheapest-proof?lead_days=59").json
    assert [each["needs_days"] for each in found["shut"]] == [60, 60]
    assert programs[1].get(f"/needs/{need}/cheapest-proof").status_code in (403, 404)
