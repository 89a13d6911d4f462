"""Mandates and funds from a program's side."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from models.people import Person
from models.vocabulary import Release
from tests.app.funds.scenes import make_scene, prove_gate, publish
from tests.app.web.programs import Program
from tests.factories import make_engagement

pytestmark = [
    pytest.mark.api,
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

TOLD = {
    "fields": ["metaverse", "integrated_circuits"],
    "stages": ["seed"],
    "ticket_min_yuan": 500_000,
    "ticket_max_yuan": 3_000_000,
    "places": ["310000"],
    "instruments": ["equity"],
    "holding_limit_bp": 1500,
    "excluded_topics": ["Memory chips"],
    "gate": "prototype",
}


@dataclass(frozen=True)
class Site:
    """The scene from outside, with a program for each of its people."""

    fund: str
    need: str
    founder: Program
    operator: Program
    investor: Program
    outsider: Program


def make_site(app: Flask, *, is_published: bool = True) -> Site:
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        if is_published:
            publish(session, scene)
            prove_gate(session, scene, "lab")
            make_engagement(session, scene.need, scene.fund, released=[Release.NEED_TEXT])
        fund, need = scene.fund.public_id, scene.need.public_id
        ids = [p.id for p in (scene.founder, scene.operator, scene.investor, scene.outsider)]
        session.commit()
    with app.app_context():
        people = [db.session.get_one(Person, number) for number in ids]
        db.session.expunge_all()
    return Site(f"/providers/{fund}", f"/needs/{need}", *(Program(app, each) for each in people))


def test_a_mandate_is_drafted_changed_published_and_withdrawn(app: Flask) -> None:
    site = make_site(app, is_published=False)
    path = f"{site.fund}/mandates"
    made = site.investor.post(path, TOLD, Idempotency_Key="draft")
    assert made.status_code == 201, made.text
    assert made.json | {"fields": TOLD["fields"]} == made.json | TOLD
    assert made.json["fields"] == ["integrated_circuits", "metaverse"]
    assert made.json["actions"] == ["publish", "edit", "discard"]
    one = f"/mandates/{made.json['id']}"
    assert site.founder.get(one).status_code == 404
    twice = site.investor.post(path, TOLD, Idempotency_Key="another")
    assert (twice.status_code, twice.json["code"]) == (409, "mandate_draft_exists")

    unsaid = site.investor.patch(one, {"gate": None})
    assert unsaid.status_code == 428
    changed = site.investor.patch(one, {"gate": None}, If_Match=made.headers["ETag"])
    assert (changed.status_code, changed.json["gate"]) == (200, None)
    late = site.investor.patch(one, {"gate": "lab"}, If_Match=made.headers["ETag"])
    assert (late.status_code, late.json["present"]["gate"]) == (412, None)

    published = site.investor.post(f"{one}/publish")
    assert (published.status_code, published.json["state"]) == (200, "published")
    assert published.json["actions"] == ["withdraw"]
    fixed = site.investor.patch(one, {"gate": "lab"}, If_Match=published.headers["ETag"])
    assert (fixed.status_code, fixed.json["code"]) == (409, "mandate_fixed")
    assert site.founder.get(one).json["actions"] == []
    assert [each["number"] for each in site.founder.get(path).json["items"]] == [1]
    assert site.founder.post(f"{one}/withdraw").status_code == 403
    assert site.investor.post(f"{one}/withdraw").json["state"] == "withdrawn"
    assert site.founder.get(path).json["items"] == []
    next_one = site.investor.post(path, TOLD, Idempotency_Key="next").json
    assert next_one["number"] == 2
    assert site.investor.post(f"/mandates/{next_one['id']}/discard").json == {}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"ticket_min_yuan": "500000"}, "/ticket_min_yuan"),
        ({"ticket_min_yuan": 0.5}, "/ticket_min_yuan"),
        ({"ticket_max_yuan": 499_999}, "/ticket_max_yuan"),
        ({"holding_limit_bp": 10_001}, "/holding_limit_bp"),
        ({"places": ["310000", "999999"]}, "/places/1"),
        ({"gate": "nirvana"}, "/gate"),
        ({"fields": ["alchemy"]}, "/fields/0"),
        ({"unknown": 1}, "/unknown"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    app: Flask, changes: dict[str, Any], pointer: str
) -> None:
    site = make_site(app, is_published=False)
    answer = site.investor.post(f"{site.fund}/mandates", TOLD | changes, Idempotency_Key="one")

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert site.investor.get(f"{site.fund}/mandates").json["items"] == []


def test_a_founder_learns_what_to_prove_next(app: Flask) -> None:
    site = make_site(app)
    found = site.founder.get(f"{site.need}/funds")
    assert found.status_code == 200, found.text
    (fund,) = found.json["funds"]
    assert (fund["verdict"], fund["closed"], fund["number"]) == ("fail", False, 1)
    verdicts = {each["clause"]: each["verdict"] for each in fund["findings"]}
    assert (verdicts["gate"], verdicts["holding"], verdicts["fields"]) == (
        "fail",
        "unknown",
        "pass",
    )
    assert [move["clause"] for move in fund["moves"]] == ["holding", "gate"]
    assert found.json["openings"] == []

    told = {"share_bp": 1000, "raised_yuan": 0}
    again = site.founder.post(f"{site.need}/ask", told)
    assert again.status_code == 200, again.text
    (opening,) = again.json["openings"]
    assert opening["move"]["wanted_code"] == "prototype"
    assert opening["move"]["words"] == "Have the gate “Prototype” verified"
    assert (opening["opens"], opening["certain"]) == ([site.fund.rpartition("/")[2]], True)
    unfit = site.founder.post(f"{site.need}/ask", {"raised_yuan": 2_000_001})
    assert (unfit.status_code, unfit.json["code"]) == (422, "funding_ask_unfit")
    assert site.founder.get(f"{site.need}/funds").json["ask"]["share_bp"] == 1000
    assert site.operator.get(f"{site.need}/funds").json["ask"]["share_bp"] == 1000
    assert site.operator.post(f"{site.need}/ask", told).status_code == 403
    assert site.investor.get(f"{site.need}/funds").status_code == 404


@pytest.mark.privacy
def test_a_fund_reads_its_board_and_operators_count_gates(app: Flask) -> None:
    site = make_site(app)
    board = site.investor.get(f"{site.fund}/board")
    assert board.status_code == 200, board.text
    (row,) = board.json["items"]
    assert (row["startup_name"], row["verdict"]) == ("", "unknown")
    assert {"gate", "fields", "place", "topics"} <= set(row["hidden"])
    assert "gate" not in {each["clause"] for each in row["findings"]}
    assert site.founder.get(f"{site.fund}/board").status_code == 403
    gates = site.operator.get("/gates").json
    assert (gates["startups"], gates["unconfirmed"]) == (1, 0)
    assert {row["gate"]: row["startups"] for row in gates["gates"]}["prototype"] == 1
    assert site.founder.get("/gates").status_code == 403


@pytest.mark.privacy
def test_a_deal_from_a_programs_side(app: Flask) -> None:
    site = make_site(app)
    (row,) = site.investor.get(f"{site.fund}/board").json["items"]
    engagement = f"/engagements/{row['engagement']}"
    deal = f"{engagement}/deal"
    early = site.investor.post(f"{deal}/advance", {})
    assert (early.status_code, early.json["code"]) == (409, "deal_not_begun")
    assert site.investor.get(deal).status_code == 404
    assert site.investor.post(f"{engagement}/accept").status_code == 200
    steps = site.investor.post(f"{site.fund}/deals/steps", {"steps": ["Meeting"]})
    assert (steps.status_code, steps.json["steps"]) == (200, ["Meeting"])
    unknown = site.investor.post(f"{deal}/advance", {"step": "Dinner"})
    assert (unknown.status_code, unknown.json["code"]) == (422, "deal_step_unknown")
    moved = site.investor.post(f"{deal}/advance", {"step": "Meeting"})
    assert (moved.json["state"], moved.json["step"]) == ("review", "Meeting")
    assert [visit["state"] for visit in moved.json["visits"]] == ["inbox", "review"]
    passed = site.investor.post(f"{deal}/pass", {"reason": "too_early", "words": "Zzword"})
    assert (passed.json["state"], passed.json["pass_reason"]) == ("passed", "too_early")
    shown = site.investor.post(f"{deal}/show", {"status": "talking"})
    assert shown.json["shown"] == "talking"
    (seen,) = site.founder.get(f"{site.need}/deals").json["items"]
    assert (seen["status"], seen["can_withdraw"]) == ("talking", True)
    assert "Zzword" not in site.founder.get(f"{site.need}/deals").text
    assert site.founder.get(deal).status_code == 403
    assert site.investor.post(f"{deal}/reopen").json["state"] == "review"
    assert site.investor.post(f"{deal}/agree").json["state"] == "agreed"
    assert site.investor.post(f"{deal}/withdraw").status_code == 403
    (gone,) = site.founder.post(f"{deal}/withdraw").json["items"]
    assert gone["can_withdraw"] is False
    late = site.investor.post(f"{deal}/complete")
    assert (late.status_code, late.json["code"]) == (409, "out_of_order")
    funnel = site.investor.get(f"{site.fund}/deals?limit=1").json
    (only,) = funnel["deals"]
    assert funnel["next"] is None
    assert only["state"] == "withdrawn"
