"""Claims and orders from a program's side."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.verification.actions.quoting import accept_quote
from models.people import Person
from models.tokens import ApiToken
from models.verification import VerificationOrder
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.verification.scenes import AT, Scene, bring_to, keep_report, make_scene
from tests.app.web.programs import Program
from tests.factories import act_for, make_engagement

pytestmark = [
    pytest.mark.api,
    pytest.mark.verification,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

CLAIM = {"metric": "Breakdown voltage", "comparator": "at_least", "low": "1200", "unit": "V"}
QUOTE = {
    "service_name": "Breakdown test",
    "method": "Ten pieces",
    "pass_rule": "All ten",
    "price_yuan": 12_345,
    "lead_days": 10,
    "claim_version": 1,
    "valid_until": "2031-01-01",
    "sample_spec": "Ten pieces",
    "service_terms": "Report",
    "property_terms": "Yours",
    "secrecy_terms": "Three years",
    "damages_terms": "At cost",
    "breach_terms": "One percent",
    "dispute_terms": "Court",
}
RESULT = {
    "verdict": "confirmed",
    "measured": "1250.5",
    "measured_on": "2026-01-05",
    "passes_gate": True,
    "readiness": 5,
}


def make_programs(
    app: Flask, prepare: Callable[[Any, Scene], Any] = lambda session, scene: None
) -> tuple[dict[str, Program], dict[str, str]]:
    """A program for each of the scene's people, and the ids of its things."""
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        publish_mandate(session, scene.funds, holding_limit_bp=None)
        document = keep_report(session, scene)
        money = make_engagement(session, scene.funds.need, scene.funds.fund, state="accepted")
        made = prepare(session, scene)
        people = {
            "founder": scene.funds.founder.id,
            "fund": scene.funds.investor.id,
            "outsider": scene.funds.outsider.id,
            "operator": scene.funds.operator.id,
            "analyst": scene.analyst.id,
            "reviewer": scene.reviewer.id,
        }
        ids = {
            "startup": scene.funds.startup.public_id,
            "engagement": scene.engagement.public_id,
            "document": document.public_id,
            "money": money.public_id,
            "order": "" if made is None else made.public_id,
            "claim": "" if made is None else made.claim.public_id,
        }
        session.commit()
    programs = {}
    for name, number in people.items():
        with app.app_context():
            person = db.session.get_one(Person, number)
            db.session.expunge_all()
        programs[name] = Program(app, person)
    return programs, ids


def test_a_claim_is_stated_quoted_tested_and_reported_by_programs(app: Flask) -> None:
    who, ids = make_programs(app)
    stated = who["founder"].post(
        f"/startups/{ids['startup']}/claims", CLAIM | {"gate": "prototype"}, Idempotency_Key="c"
    )
    assert stated.status_code == 201, stated.text
    claim = stated.json["id"]
    assert who["founder"].get(f"/claims/{claim}").json == stated.json
    tag = who["founder"].get(f"/claims/{claim}").headers["ETag"]
    assert who["founder"].patch(f"/claims/{claim}", {"unit": "V"}).status_code == 428
    changed = who["founder"].patch(f"/claims/{claim}", {"sentence": "At last."}, If_Match=tag)
    assert (changed.status_code, changed.json["metric"]) == (200, stated.json["metric"])
    late = who["founder"].patch(f"/claims/{claim}", {"sentence": "x"}, If_Match=tag)
    assert (late.status_code, late.json["present"]["id"]) == (412, claim)
    asked = who["founder"].post(
        f"/engagements/{ids['engagement']}/orders", {"claim": claim}, Idempotency_Key="o"
    )
    assert asked.status_code == 201, asked.text
    order = f"/orders/{asked.json['id']}"
    quoted = who["analyst"].post(
        f"{order}/quotes",
        QUOTE | {"claim_version": asked.json["claim"]["version"]},
        Idempotency_Key="q",
    )
    assert (quoted.status_code, quoted.json["quotes"][0]["price_yuan"]) == (200, 12_345)
    # It binds to money: programs do not accept.
    assert "accept_quote" in who["founder"].get(order).json["actions"]
    assert who["founder"].post(f"{order}/quotes/accept").status_code == 404
    _accept(app, asked.json["id"])

    sent = who["founder"].post(
        f"{order}/samples", {"description": "Ten pieces"}, Idempotency_Key="s"
    )
    code = sent.json["samples"][0]["code"]
    body = {"code": code, "condition": "Whole"}
    assert who["analyst"].post(f"{order}/samples/receive", body).json["state"] == "in_lab"
    submitted = who["analyst"].post(f"{order}/results", RESULT, Idempotency_Key="r")
    assert submitted.json["results"][0]["measured"] == "1250.5", submitted.text
    assert who["founder"].get(order).json["results"] == []
    own = who["analyst"].post(f"{order}/results/verify")
    assert (own.status_code, own.json["code"]) == (409, "same_person")
    assert who["reviewer"].post(f"{order}/results/verify").json["state"] == "verified"
    published = who["reviewer"].post(
        f"{order}/reports", {"document": ids["document"]}, Idempotency_Key="p"
    )
    assert published.json["reports"][0]["state"] == "published", published.text
    wrong = who["reviewer"].post(f"{order}/reports/invalidate", {"reason": "Wrong fixture"})
    assert wrong.json["reports"][0]["state"] == "invalidated"
    again = who["reviewer"].post(f"{order}/reports/retest", {"reason": "Again"})
    assert again.json["state"] == "in_lab"
    assert [each["id"] for each in who["founder"].get("/orders").json["items"]] == [
        asked.json["id"]
    ]


def _accept(app: Flask, public_id: str) -> None:
    with app.app_context():
        session = db.session
        order = session.scalars(
            select(VerificationOrder).where(VerificationOrder.public_id == public_id)
        ).one()
        accept_quote(
            session,
            order=order,
            number=1,
            actor=act_for(order.engagement.startup),
            at=AT,
        )
        session.commit()


def test_what_a_fund_reads_says_nothing_of_what_is_not_released(app: Flask) -> None:
    who, ids = make_programs(app, lambda session, scene: bring_to(session, scene, "reported"))
    path = f"/engagements/{ids['money']}/proof"

    assert who["fund"].get(path).json == {"items": [], "next": None, "others": "not_released"}
    released = who["founder"].post(f"/claims/{ids['claim']}/release", {"is_released": True})
    assert released.json["is_released"] is True
    (shown,) = who["fund"].get(path).json["items"]
    assert (shown["measured"], shown["gate"], shown["low"]) == ("1250", "prototype", "1200")
    for other in ("founder", "outsider", "operator", "analyst"):
        assert who[other].get(path).status_code in (403, 404), other


def test_the_centre_is_not_told_what_is_the_startups_own(app: Flask) -> None:
    who, ids = make_programs(app, lambda session, scene: bring_to(session, scene, "quoted"))
    seen = who["analyst"].get(f"/orders/{ids['order']}").json
    whole = "include=engagement,startup,centre"
    included = who["analyst"].get(f"/orders/{ids['order']}?{whole}").json["included"]
    # Its startup's profile is not for the centre.
    assert included["startup"] is None
    assert included["centre"]["id"] == seen["centre"]
    assert included["engagement"]["id"] == seen["engagement"]
    (own,) = who["founder"].get(f"/orders?{whole}").json["items"]
    assert own["included"]["startup"]["id"] == seen["startup"]

    assert (seen["claim"]["need"], seen["claim"]["is_released"]) == (None, False)
    assert who["analyst"].get(f"/claims/{ids['claim']}").status_code == 404
    for other in ("fund", "outsider", "operator"):
        assert who[other].get(f"/orders/{ids['order']}").status_code == 404, other


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"low": "about"}, "/low"),
        ({"low": 1200}, "/low"),
        ({"low": "1E+40"}, "/low"),
        ({"metric": ""}, "/metric"),
        ({"comparator": "near"}, "/comparator"),
        ({"gate": "nirvana"}, "/gate"),
        ({"unknown": 1}, "/unknown"),
    ],
)
def test_what_cannot_be_a_claim_is_refused_by_its_field(
    app: Flask, changes: dict[str, Any], pointer: str
) -> None:
    who, ids = make_programs(app)
    answer = who["founder"].post(
        f"/startups/{ids['startup']}/claims", CLAIM | changes, Idempotency_Key="one"
    )

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert who["founder"].get("/claims").json["items"] == []


def test_a_token_needs_the_scope(app: Flask) -> None:
    who, ids = make_programs(app, lambda session, scene: bring_to(session, scene, "quoted"))
    with app.app_context():
        token = db.session.get_one(ApiToken, who["founder"].token_id)
        person = db.session.get_one(Person, token.person_id)
        db.session.expunge_all()
    narrow = Program(app, person, "claims:read")

    assert narrow.get("/claims").status_code == 200
    assert narrow.get(f"/orders/{ids['order']}").status_code == 403
    assert narrow.post(f"/claims/{ids['claim']}/withdraw").status_code == 403
