"""Who acts for an organisation, and who is asked to, by programs."""

import pytest
from flask import Flask

from tests.app.web.test_api_walk import Site

pytestmark = [pytest.mark.api, pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)]


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def test_colleagues_are_asked_and_an_invitation_is_revoked(site: Site) -> None:
    asked = {"email": "New@Example.org", "name": "Somebody new"}
    for program, organisation, part, role in (
        (site.founder, f"/startups/{site.startup}", "invitations", "founder"),
        (site.mentor, f"/providers/{site.provider}", "invitations", "mentor"),
        (site.operator, f"/incubators/{site.incubator}", "operators", "operator"),
    ):
        path = f"{organisation}/{part}"
        made = program.post(path, asked, Idempotency_Key=role)
        assert made.status_code == 201, made.text
        assert (made.json["email"], made.json["role"]) == ("new@example.org", role)
        assert not {"token", "link"} & set(made.json)
        twice = program.post(path, asked, Idempotency_Key=f"{role}-again")
        assert (twice.status_code, twice.json["code"]) == (409, "already_invited")
        people = program.get(f"{organisation}/people").json
        assert [each["role"] for each in people["members"]] == [role]
        assert [each["id"] for each in people["invitations"]] == [made.json["id"]]
        revoke = f"/invitations/{made.json['id']}/revoke"
        assert site.stranger.post(revoke).status_code == 404
        assert program.post(revoke).json["state"] == "revoked"
        assert program.get(f"{organisation}/people").json["invitations"] == []
        assert site.stranger.get(f"{organisation}/people").status_code in (403, 404)
        wrong = program.post(path, {"email": "nobody"}, Idempotency_Key=f"{role}-wrong")
        assert [error["pointer"] for error in wrong.json["errors"]] == ["/email"]


def test_mentors_and_startups_are_asked_by_mail(site: Site) -> None:
    path = f"/incubators/{site.incubator}"
    asked = {"email": "mentor.new@example.org", "name": "A mentor"}
    entry = site.operator.post(f"{path}/mentors", asked, Idempotency_Key="m")
    assert (entry.status_code, entry.json["state"]) == (201, "invited")
    hosted = {"startup_name": "Wafer works", "email": "f@example.org", "name": "A founder"}
    startup = site.operator.post(f"{path}/startups", hosted, Idempotency_Key="s")
    assert (startup.status_code, startup.json["incubator"]) == (201, site.incubator)
    assert site.founder.post(f"{path}/mentors", asked, Idempotency_Key="m").status_code == 403
    assert site.stranger.post(f"{path}/startups", hosted, Idempotency_Key="s").status_code == 403
