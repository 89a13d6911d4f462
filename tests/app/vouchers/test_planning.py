"""The cheapest proof for a need: services and quotes, vouchers, and why not more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now, today
from app.extensions import db
from app.funds.actions import draft_mandate
from app.funds.actions import publish_mandate as publish_one
from app.vouchers.queries.cheapest import ProofPlan, plan_proof
from models.people import Person
from models.providers import Centre, CentreService, Provider
from models.vocabulary import Gate
from tests.app.funds.scenes import VALUES as MANDATE
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.home.page_figures import read_rows, say, visit
from tests.app.verification.scenes import Scene
from tests.app.vouchers.scenes import make_quoted, offer_scheme
from tests.app.web.programs import Program
from tests.factories import AT, act_as, log_in, make_centre, make_investor, make_person

pytestmark = [
    pytest.mark.vouchers,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

CAP = 20_000


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


def test_its_figures_add_up(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        session = db.session
        scene = make_plannable(session)
        on = today(now())
        offer_scheme(
            session,
            scene,
            cap_yuan=CAP,
            opens_on=on - timedelta(days=1),
            apply_until=on + timedelta(days=40),
            use_until=on + timedelta(days=80),
            claim_until=on + timedelta(days=90),
        )
        fees = {
            "principle test": 7_777,
            "lab test": 2_000,
            "prototype test": 31,
            "pilot test": 90_000,
        }
        for gate, fee in ((Gate.PRINCIPLE, 7_777), (Gate.PROTOTYPE, 31)):
            offer_service(session, gate, fee, 3)
        for centre in session.scalars(select(Centre)):
            centre.accepts_vouchers = True
        path = f"/needs/{scene.funds.need.public_id}/cheapest-proof"
        log_in(client, scene.funds.founder)
        page = visit(client, path, every_gate="y")
        rows = {row[0].partition(" test")[0] + " test": row for row in read_rows(page)}
        assert {name: row[2] for name, row in rows.items()} == {
            name: say(fee) for name, fee in fees.items()
        }
        shares = {name: read_yuan(row[3]) for name, row in rows.items()}
        # A third of each fee, rounded down, as far as the cap goes: as much as there is.
        thirds = {name: fee * 3333 // 10_000 for name, fee in fees.items()}
        assert all(shares[name] <= thirds[name] for name in fees)
        assert sum(shares.values()) == min(CAP, sum(thirds.values()))
        own = {name: read_yuan(row[4]) for name, row in rows.items()}
        assert all(own[name] == fees[name] - shares[name] for name in fees)
        assert f"It opens 2 funds more, for {say(sum(own.values()))} of your own money." in page
        days = [int(row[5].split()[0]) for row in rows.values()]
        assert f"It takes {sum(days)} days." in page
        assert "Compared: 4 tests. Open already: 0 funds." in page
        assert "Left out, because they say no price: 1." in page


def read_yuan(cell: str) -> int:
    """The amount that a cell begins with."""
    return int(cell.split()[1].replace(",", ""))
