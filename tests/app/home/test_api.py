"""Notices, figures and the record of acts from a program's side."""

import pytest
from flask import Flask

from tests.app.web.test_api_walk import Site

pytestmark = pytest.mark.api


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def test_notices_are_ones_own_in_the_language_of_the_request(site: Site) -> None:
    site.engagement()
    notices = site.mentor.get("/notices", Accept_Language="en").json["items"]
    assert [each["kind"] for each in notices] == ["engagement_requested", "token_made"]
    chinese = site.mentor.get("/notices", Accept_Language="zh-CN").json["items"]
    assert chinese[0]["subject"] != notices[0]["subject"]

    path = f"/notices/{notices[0]['id']}/read"
    assert site.founder.post(path).status_code == 404
    assert site.mentor.post(path).json["read_at"] is not None
    unread = site.mentor.get("/notices?unread=true").json["items"]
    assert [each["kind"] for each in unread] == ["token_made"]
    every = site.mentor.get("/notices").json["items"]
    assert site.mentor.get("/notices?unread=false").json["items"] == every[:1]
    assert [site.mentor.post("/notices/read").json for _ in range(2)] == [{"read": 1}, {"read": 0}]


def test_the_record_is_read_by_the_operators_of_the_tenant(site: Site) -> None:
    need = site.need()
    entries = site.operator.get("/audit").json["items"]
    assert ("need_opened", need["id"]) in [(e["kind"], e["subject"]) for e in entries]
    assert entries[0]["actor"] == site.people[0].public_id
    assert need["id"] not in site.stranger.get("/audit").text
    assert site.founder.get("/audit").status_code == 403


def test_figures_are_those_that_one_may_read(site: Site) -> None:
    site.engagement()
    figures = site.operator.get("/figures").json
    assert figures["incubators"] == [
        {
            "incubator": site.incubator,
            "startups": 1,
            "pool": {},
            "engagements": {"requested": 1},
        }
    ]
    assert site.founder.get("/figures").json["incubators"] == []
