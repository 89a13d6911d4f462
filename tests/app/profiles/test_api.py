"""Profiles from a program's side: who sees which part, and what can be changed."""

from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from models.orm import new_public_id
from tests.app.web.programs import Program
from tests.app.web.test_api_walk import Site
from tests.factories import make_centre, make_investor, make_mentor, make_person

pytestmark = pytest.mark.api

COMPLETE = {
    "one_line": "Power devices",
    "description": "We make silicon-carbide power devices on six-inch wafers, yield 40 %.",
    "fields": ["integrated_circuits"],
    "languages": ["zh"],
}


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def make(program: Program, path: str, body: Any) -> Any:
    answer = program.post(path, body, Idempotency_Key=new_public_id())
    assert answer.status_code == 201, answer.text
    return answer.json


def change(program: Program, path: str, body: Any) -> Any:
    tag = program.get(path).headers["ETag"]
    return program.patch(path, body, If_Match=tag)


def test_a_startup_is_made_changed_and_published(site: Site) -> None:
    made = make(site.stranger, "/startups", {"name": "Newly founded (example)"})
    path = f"/startups/{made['id']}"
    assert (made["state"], made["incubator"], made["actions"]) == ("draft", None, ["publish"])
    early = site.stranger.post(f"{path}/publish")
    assert (early.status_code, early.json["code"]) == (422, "profile_incomplete")

    changed = change(site.stranger, path, COMPLETE)
    assert changed.status_code == 200, changed.text
    assert {name: changed.json[name] for name in COMPLETE} == COMPLETE
    assert changed.json["name"] == "Newly founded (example)"
    assert site.stranger.post(f"{path}/publish").json["state"] == "published"
    assert site.stranger.post(f"{path}/pause").json["state"] == "paused"
    assert site.founder.get(path).status_code == 404


def test_startups_are_those_of_ones_own_and_of_ones_incubators(site: Site) -> None:
    for program in (site.founder, site.operator):
        assert [each["id"] for each in program.get("/startups").json["items"]] == [site.startup]
    assert site.mentor.get("/startups").json == {"items": [], "next": None}
    assert site.startup not in [s["id"] for s in site.stranger.get("/startups").json["items"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"credit_code": "91310000"}, "/credit_code"),
        ({"website": "javascript:alert(1)"}, "/website"),
        ({"readiness": 10}, "/readiness"),
        ({"readiness": 4.0}, "/readiness"),
        ({"readiness": True}, "/readiness"),
        ({"readiness": 10**30}, "/readiness"),
        ({"fields": ["never"]}, "/fields/0"),
        ({"topics": ["x" * 41]}, "/topics/0"),
        ({"topics": ["x"] * 13}, "/topics"),
        ({"place_code": "999999"}, "/place_code"),
        ({"remote": 1}, "/remote"),
        ({"incubator": "x"}, "/incubator"),
    ],
)
def test_what_a_startup_cannot_say_is_named(site: Site, body: Any, pointer: str) -> None:
    answer = change(site.founder, f"/startups/{site.startup}", body)

    assert (answer.status_code, answer.json["code"]) == (422, "fields_invalid")
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_a_provider_shows_connections_to_its_own_people_alone(site: Site) -> None:
    path = f"/providers/{site.provider}"
    changed = change(
        site.mentor,
        path,
        {"portfolio": ["Some holding"], "capacity": 5, "mentor": {"help_modes": ["strategy"]}},
    )
    assert changed.status_code == 200, changed.text
    assert changed.json["connections"]["portfolio"] == ["Some holding"]
    assert changed.json["mentor"]["hours_per_month"] == 6

    seen = site.founder.get(path).json
    assert (seen["connections"], seen["actions"], seen["capacity"]) == (None, [], 5)
    assert change(site.founder, path, {"capacity": 1}).status_code == 403
    assert site.mentor.post(f"{path}/pause").json["state"] == "paused"
    assert site.founder.get(path).status_code == 404
    assert site.mentor.post(f"{path}/publish").json["state"] == "published"


def test_providers_of_every_kind_are_listed_with_their_parts(site: Site, app: Flask) -> None:
    with app.app_context():
        make_investor(db.session)
        centre = make_centre(db.session).public_id
        closed = make_mentor(db.session, open_to_all=False).public_id
        db.session.commit()
    listed = site.founder.get("/providers").json["items"]
    assert {each["kind"] for each in listed} == {"mentor", "investor", "centre"}
    assert closed not in {each["id"] for each in listed}
    assert site.founder.get(f"/providers/{closed}").status_code == 404
    only = site.founder.get("/providers?kind=centre").json["items"]
    assert [each["id"] for each in only] == [centre]
    shown = site.founder.get(f"/providers/{centre}").json
    assert shown["centre"]["services"][0]["name"] == "Wafer test"
    assert (shown["mentor"], shown["investor"]) == (None, None)


def test_a_provider_is_made_with_the_part_of_its_kind(app: Flask) -> None:
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge_all()
    program = Program(app, person)
    body = {
        "kind": "investor",
        "name": "A fund (example)",
        "investor": {"investor_kind": "seed_fund", "ticket_min_yuan": 500_000},
    }
    made = make(program, "/providers", body)
    assert made["investor"]["ticket_min_yuan"] == 500_000
    assert made["open_to_all"]
    for wrong, pointer in (
        ({"kind": "mentor", "name": "x", "centre": {}}, "/centre"),
        ({"kind": "mentor", "name": "x", "shareholders": ["y"]}, "/shareholders"),
        ({"kind": "centre", "name": "x", "open_to_all": False}, "/open_to_all"),
        (
            {"kind": "centre", "name": "x", "centre": {"services": [{"name": "y"}]}},
            "/centre/services/0/gate",
        ),
    ):
        answer = program.post("/providers", wrong, Idempotency_Key=new_public_id())
        assert answer.status_code == 422, answer.text
        assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    reversed_ = body | {"investor": {"ticket_min_yuan": 2, "ticket_max_yuan": 1}}
    answer = program.post("/providers", reversed_, Idempotency_Key=new_public_id())
    assert (answer.status_code, answer.json["code"]) == (422, "ticket_range_reversed")
