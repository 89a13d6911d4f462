"""Incubators and pools from a program's side."""

import pytest
from flask import Flask

from app.extensions import db
from models.orm import new_public_id
from tests.app.web.programs import Program
from tests.app.web.test_api_walk import Site
from tests.factories import make_mentor, make_person

pytestmark = pytest.mark.api


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def test_an_application_is_decided_on(site: Site) -> None:
    applied = site.mentor.post(
        f"/incubators/{site.incubator}/applications",
        {"provider": site.provider, "application": "Ten years of practice."},
        Idempotency_Key="apply",
    )
    assert applied.status_code == 201, applied.text
    path = f"/pool-entries/{applied.json['id']}"
    told = site.operator.get(f"{path}?include=provider,incubator").json["included"]
    assert (told["provider"]["id"], told["incubator"]["id"]) == (site.provider, site.incubator)
    assert (applied.json["state"], applied.json["actions"]) == ("applied", ["decline"])
    assert site.stranger.get(path).status_code == 404
    assert site.mentor.post(f"{path}/admit").status_code == 403

    admitted = site.operator.post(f"{path}/admit")
    assert (admitted.status_code, admitted.json["state"]) == (200, "admitted")
    assert admitted.json["actions"] == ["pause", "retire"]
    again = site.operator.post(f"{path}/admit")
    assert (again.status_code, again.json["code"]) == (409, "out_of_order")
    silent = site.operator.post(f"{path}/pause")
    assert (silent.status_code, silent.json["errors"][0]["pointer"]) == (422, "/reason")
    assert site.operator.post(f"{path}/pause", {"reason": "On leave"}).json["state"] == "paused"
    assert site.mentor.get(path).json["reason"] == "On leave"


def test_a_note_is_for_operators_alone(site: Site) -> None:
    invited = site.operator.post(
        f"/incubators/{site.incubator}/invitations",
        {"provider": site.provider},
        Idempotency_Key="invite",
    )
    assert invited.status_code == 201, invited.text
    path = f"/pool-entries/{invited.json['id']}"
    noted = site.operator.post(f"{path}/note", {"private_note": "Met at the fair"})
    assert noted.json["private_note"] == "Met at the fair"
    seen = site.mentor.get(path)
    assert (seen.json["private_note"], seen.json["actions"]) == (
        None,
        ["accept_invitation", "decline"],
    )
    assert "Met at the fair" not in seen.text
    assert site.mentor.post(f"{path}/accept").json["state"] == "admitted"


def test_a_pool_is_listed_for_its_operators(site: Site, app: Flask) -> None:
    site.mentor.post(
        f"/incubators/{site.incubator}/applications",
        {"provider": site.provider},
        Idempotency_Key="apply",
    )
    path = f"/incubators/{site.incubator}/pool"
    assert [e["provider"] for e in site.operator.get(path).json["items"]] == [site.provider]
    assert [e["provider"] for e in site.mentor.get("/pool-entries").json["items"]] == [
        site.provider
    ]
    assert site.operator.get(f"{path}?state=admitted").json["items"] == []
    assert site.mentor.get(path).status_code == 403
    assert site.stranger.get("/pool-entries").json["items"] == []


def test_nobody_applies_for_another(site: Site, app: Flask) -> None:
    with app.app_context():
        person = make_person(db.session)
        make_mentor(db.session, person=person)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge_all()
    answer = Program(app, person).post(
        f"/incubators/{site.incubator}/applications",
        {"provider": site.provider},
        Idempotency_Key=new_public_id(),
    )
    assert answer.status_code == 403


def test_an_incubator_is_changed_by_its_operators(site: Site) -> None:
    path = f"/incubators/{site.incubator}"
    read = site.operator.get(path)
    assert read.json["actions"] == ["edit", "invite_mentor"]
    changed = site.operator.patch(
        path, {"selection_standard": "Ten years."}, If_Match=read.headers["ETag"]
    )
    assert changed.status_code == 200, changed.text
    assert changed.json["selection_standard"] == "Ten years."
    assert changed.json["name"] == read.json["name"]
    late = site.operator.patch(path, {"name": "x"}, If_Match=read.headers["ETag"])
    assert (late.status_code, late.json["present"]["selection_standard"]) == (412, "Ten years.")
    assert site.founder.get(path).json["actions"] == []
    foreign = site.stranger.patch(path, {"name": "Mine"}, If_Match="*")
    assert foreign.status_code == 403
    assert len(site.mentor.get("/incubators").json["items"]) == 2
