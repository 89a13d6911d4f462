"""The pages and the API of a workspace: each side writes, the other reads, an operator looks."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.extensions import db
from models.engagements import CoachingSession, Engagement
from models.vocabulary import ProviderKind
from models.workspace import ActionItem, AgendaPoint, PairNote
from tests.app.engagements.sites import Site

pytestmark = [
    pytest.mark.engagements,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def accept(site: Site, kind: ProviderKind) -> str:
    """An engagement that was accepted and has a session that was held."""
    site.ask(kind)
    with site.app.app_context():
        public_id = db.session.scalars(select(Engagement.public_id)).one()
    site.browse(kind).post(f"/engagements/{public_id}/accept")
    with site.app.app_context():
        engagement = db.session.scalars(select(Engagement)).one()
        db.session.add(
            CoachingSession(
                engagement=engagement,
                state="held",
                starts_at=now() - timedelta(days=1, hours=1),
                ends_at=now() - timedelta(days=1),
                link="https://meet.example.org/x",
                proposed_by_side="startup",
                created_at=now(),
            )
        )
        db.session.commit()
    return str(public_id)


def find(site: Site, model: Any) -> str:
    with site.app.app_context():
        return str(db.session.scalars(select(model.public_id)).one())


def test_each_side_writes_and_the_other_reads(app: Flask) -> None:
    site = Site(app)
    own = accept(site, ProviderKind.MENTOR)
    founder, mentor = site.browse("founder"), site.browse(ProviderKind.MENTOR)
    where = f"/engagements/{own}"
    held = find(site, CoachingSession)
    assert "Workspace" in founder.get(where).text
    for path, form in (
        ("messages", {"text": "<b>Map</b> attached"}),
        ("agenda", {"point": "Talk about epitaxy"}),
        ("actions", {"item": "Send maps", "owner_side": "startup", "due_on": "2020-01-02"}),
        ("notes", {"note": "Between the two of us"}),
    ):
        assert founder.post(f"{where}/{path}", data={}).status_code == 422
        assert founder.post(f"{where}/{path}", data=form).status_code == 303
    assert founder.get(f"/sessions/{held}/minutes").status_code == 200
    written = {"minutes": "Slow the ramp", "version": "0"}
    assert founder.post(f"/sessions/{held}/minutes", data=written).status_code == 303
    again = mentor.post(f"/sessions/{held}/minutes", data={"minutes": "Mine", "version": "0"})
    assert again.status_code == 409
    assert "Slow the ramp" in again.text
    assert "Mine" in again.text
    page = mentor.get(f"{where}/workspace").text
    for said in ("Talk about epitaxy", "Send maps", "Between the two of us", "Slow the ramp"):
        assert said in page
    assert "&lt;b&gt;Map&lt;/b&gt;" in page
    assert "was due on" in page
    story = mentor.get(f"{where}/story").text
    assert "wrote a message." in story
    assert re.search(r"wrote the minutes of \w+day \d+ \w+ \d{4}, \d\d:\d\d–", story)
    assert "Slow the ramp" in story
    for path in (
        f"/agenda-points/{find(site, AgendaPoint)}/remove",
        f"/action-items/{find(site, ActionItem)}/finish",
        f"/action-items/{find(site, ActionItem)}/reopen",
        f"/action-items/{find(site, ActionItem)}/drop",
        f"/pair-notes/{find(site, PairNote)}/remove",
    ):
        assert mentor.post(path).status_code == 303, path
    page = mentor.get(f"{where}/workspace").text
    assert "Between the two of us" not in page
    # Another page, in the other language.
    mentor.post("/locale", data={"locale": "zh_Hans_CN"})
    assert mentor.get(f"{where}/workspace").status_code == 200


@pytest.mark.privacy
def test_an_operator_looks_on_until_invited(app: Flask) -> None:
    site = Site(app)
    own = accept(site, ProviderKind.MENTOR)
    founder, operator = site.browse("founder"), site.browse("operator")
    founder.post(f"/engagements/{own}/messages", data={"text": "Secretword"})
    founder.post(f"/engagements/{own}/notes", data={"note": "Pairword"})

    def read() -> str:
        pages = (operator.get(f"/engagements/{own}/{path}") for path in ("workspace", "story"))
        return "".join(page.text for page in pages)

    assert "Secretword" not in read()
    assert founder.post(f"/engagements/{own}/operators/invite").status_code == 303
    assert "Secretword" in read()
    assert "Pairword" not in read()
    assert founder.post(f"/engagements/{own}/operators/dismiss").status_code == 303
    assert "Secretword" not in read()
    assert operator.post(f"/engagements/{own}/messages", data={"text": "Hi"}).status_code == 403


@pytest.mark.api
def test_programs_do_the_same(app: Flask) -> None:
    site = Site(app)
    own = accept(site, ProviderKind.MENTOR)
    founder, mentor = site.program("founder"), site.program(ProviderKind.MENTOR)
    operator = site.program("operator")
    where = f"/engagements/{own}"
    sent = founder.post(f"{where}/messages", {"text": "Map"}, Idempotency_Key="one")
    assert (sent.status_code, sent.json["text"]) == (200, "Map")
    again = founder.post(f"{where}/messages", {"text": "Map"}, Idempotency_Key="one")
    assert again.json["id"] == sent.json["id"]
    item = {"text": "Send maps", "owner_side": "provider", "due_on": "2030-01-02"}
    made = founder.post(f"{where}/action-items", item, Idempotency_Key="two").json
    assert [each["text"] for each in made["action_items"]] == ["Send maps"]
    done = mentor.post(f"/action-items/{made['action_items'][0]['id']}/finish")
    assert done.json["action_items"][0]["state"] == "done"
    founder.post(f"{where}/agenda", {"text": "Epitaxy"}, Idempotency_Key="three")
    founder.post(f"{where}/notes", {"text": "Pairword"}, Idempotency_Key="four")
    session_id = find(site, CoachingSession)
    minutes = {"text": "Slow the ramp", "version": 0}
    seen = mentor.post(f"/sessions/{session_id}/minutes", minutes).json
    assert seen["minutes"][0]["minutes"] == "Slow the ramp"
    assert mentor.post(f"/sessions/{session_id}/minutes", minutes).status_code == 409
    assert [m["text"] for m in mentor.get(f"{where}/messages").json["items"]] == ["Map"]
    assert operator.get(f"{where}/messages").status_code == 403
    looked = operator.get(f"{where}/workspace").json
    assert (looked["reads"], looked["messages"], looked["notes"]) == (False, 1, [])
    founder.post(f"{where}/operators/invite")
    assert operator.get(f"{where}/messages").json["items"][0]["text"] == "Map"
    assert operator.get(f"{where}/workspace").json["notes"] == []
    day = (now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    offered = {"starts": [f"{day + timedelta(days=n):%Y-%m-%dT%H:%M:%SZ}" for n in range(2)]}
    of_offer = offered | {"minutes": 45, "place": "Room 2"}
    made = mentor.post(f"{where}/offer", of_offer, Idempotency_Key="five")
    assert made.status_code == 200, made.json
    told = mentor.get(f"{where}/story").json["entries"]
    kinds = [each["kind"] for each in told]
    (of_times,) = (each for each in told if each["kind"] == "times_offered")
    assert [each["starts_at"] for each in of_times["times"]] == offered["starts"]
    traced = mentor.get(where).json["trace"][-1]
    assert traced["times"] == of_times["times"]
    assert (of_times["side"], of_times["who"]) == ("provider", traced["who"])
    assert offered["starts"][0][:4] in site.browse("founder").get(f"{where}/story").text
    assert {"requested", "accepted", "message", "held", "minutes", "item_done"} <= set(kinds)
