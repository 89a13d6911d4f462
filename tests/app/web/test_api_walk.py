"""The main job from a program's side: need, matches, engagement, session, feedback."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.clock import now
from app.extensions import db
from models.orm import new_public_id
from models.people import Person
from tests.app.web.programs import Program
from tests.factories import make_incubator, make_mentor, make_person, make_startup

pytestmark = pytest.mark.api

TEXT = "Our silicon-carbide yield stays at 40 %. We need someone who ran a wafer line."


class Site:
    """A founder, a mentor and an operator with a program each, and somebody of another tenant."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            session = db.session
            people = [make_person(session) for _ in range(4)]
            founder, mentor, operator, stranger = people
            incubator = make_incubator(session, operator=operator)
            self.incubator = incubator.public_id
            self.startup = make_startup(session, founder=founder, incubator=incubator).public_id
            self.provider = make_mentor(session, person=mentor, name="The mentor").public_id
            elsewhere = make_incubator(session, operator=stranger)
            make_startup(session, founder=stranger, incubator=elsewhere)
            session.commit()
            ids = [person.id for person in people]
        with app.app_context():
            known = [db.session.get_one(Person, number) for number in ids]
            db.session.expunge_all()
        self.people = known
        self.founder, self.mentor, self.operator, self.stranger = (
            Program(app, person) for person in known
        )

    def need(self, **values: Any) -> Any:
        body = {"startup": self.startup, "title": "Yield", "kind": "mentoring", "text": TEXT}
        answer = self.founder.post("/needs", body | values, Idempotency_Key=new_public_id())
        assert answer.status_code == 201, answer.text
        return answer.json

    def engagement(self, **values: Any) -> Any:
        body = {"need": self.need()["id"], "provider": self.provider} | values
        answer = self.founder.post("/engagements", body, Idempotency_Key="engagement")
        assert answer.status_code == 201, answer.text
        return answer.json


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def test_the_main_job(site: Site) -> None:
    need = site.need()
    assert (need["state"], need["startup"]) == ("open", site.startup)
    assert need["actions"] == ["close", "match"]

    answer = site.founder.post(f"/needs/{need['id']}/matches", Idempotency_Key="look")
    assert answer.status_code == 201, answer.text
    run = answer.json
    assert run["need"] == need["id"]
    mentors = run["kinds"][0]
    assert mentors["kind"] == "mentor"
    match = mentors["matches"][0]
    assert (match["provider"], match["name"]) == (site.provider, "The mentor")
    assert match["strength"] in ("strong", "possible", "weak")
    assert all(pair["need"] in TEXT for pair in match["evidence"])
    assert site.founder.get(f"/match-runs/{run['id']}").json == run
    listed = site.founder.get(f"/needs/{need['id']}/matches").json
    assert [each["id"] for each in listed["items"]] == [run["id"]]

    asked = {"need": need["id"], "provider": site.provider, "message": "Could you look at it?"}
    answer = site.founder.post("/engagements", asked, Idempotency_Key="ask")
    assert answer.status_code == 201, answer.text
    engagement = answer.json
    assert (engagement["state"], engagement["actions"]) == ("requested", ["withdraw"])
    path = f"/engagements/{engagement['id']}"
    assert site.mentor.get(path).json["actions"] == ["accept", "decline", "pass_on", "ask_back"]
    accepted = site.mentor.post(f"{path}/accept")
    assert accepted.status_code == 200, accepted.text
    assert accepted.json["state"] == "accepted"
    assert "propose_session" in accepted.json["actions"]

    begins = (now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    plan = {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=1)).isoformat(),
        "place": "Room 3",
    }
    proposed = site.mentor.post(f"{path}/sessions", plan, Idempotency_Key="plan")
    assert proposed.status_code == 201, proposed.text
    session = f"/sessions/{proposed.json['id']}"
    possible = site.founder.get(session).json["actions"]
    assert possible == ["confirm", "move", "cancel", "name_attendees"]
    included = site.founder.get(f"{session}?include=engagement").json["included"]
    assert included["engagement"]["id"] == engagement["id"]
    confirmed = site.founder.post(f"{session}/confirm", {"sequence": proposed.json["sequence"]})
    assert (confirmed.status_code, confirmed.json["state"]) == (200, "confirmed")
    early = site.founder.post(f"{session}/held")
    assert (early.status_code, early.json["code"]) == (409, "session_not_over")
    assert site.founder.get("/sessions").json["items"][0]["id"] == proposed.json["id"]


def test_feedback_after_a_session(site: Site, app: Flask) -> None:
    path = f"/engagements/{site.engagement()['id']}"
    site.mentor.post(f"{path}/accept")
    begins = (now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    plan = {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=1)).isoformat(),
        "link": "https://meet.example.org/1",
    }
    made = site.mentor.post(f"{path}/sessions", plan, Idempotency_Key="plan").json
    session = f"/sessions/{made['id']}"
    site.founder.post(f"{session}/confirm", {"sequence": 0})
    let_it_begin(app, made["id"])
    held = site.mentor.post(f"{session}/held")
    assert (held.status_code, held.json["actions"]) == (200, ["give_feedback"])
    for program in (site.founder, site.mentor):
        useful = {"rating": 5, "wants_to_continue": True, "comment": "Useful."}
        given = program.post(f"{session}/feedback", useful, Idempotency_Key="judge")
        assert given.status_code == 201, given.text
    assert [each["rating"] for each in site.founder.get(session).json["feedback"]] == [5, 5]
    site.founder.change_token(scopes=["sessions:read", "feedback:write"])
    assert len(site.founder.get(session).json["feedback"]) == 2
    site.founder.change_token(scopes=["sessions:read"])
    assert site.founder.get(session).json["feedback"] == []
    site.founder.change_token(scopes=["all"])
    assert site.founder.get(path).json["state"] == "completed"


def test_a_list_goes_on_where_it_stopped(site: Site) -> None:
    made = {site.need(title=f"Need {n}")["id"] for n in range(5)}
    seen: list[str] = []
    after = ""
    while True:
        part = site.founder.get(f"/needs?limit=2{after}").json
        seen += [each["id"] for each in part["items"]]
        if part["next"] is None:
            break
        after = f"&after={part['next']}"
        site.need(title=f"Meanwhile {len(seen)}")

    assert set(seen) == made
    assert len(seen) == 5


def test_what_belongs_to_others_is_not_there(site: Site) -> None:
    engagement = site.engagement()
    need = site.founder.get("/needs").json["items"][0]["id"]
    unknown = "0123456789abcdef"
    for program, path in (
        (site.stranger, f"/needs/{need}"),
        (site.mentor, f"/needs/{need}"),
        (site.stranger, f"/engagements/{engagement['id']}"),
    ):
        foreign, never = program.get(path), program.get(f"{path.rpartition('/')[0]}/{unknown}")
        assert foreign.status_code == never.status_code == 404
        assert foreign.json == never.json
    stolen = site.stranger.post(
        "/needs",
        {"startup": site.startup, "title": "Mine", "kind": "mentoring", "text": TEXT},
        Idempotency_Key="steal",
    )
    assert stolen.status_code == 404


def test_a_provider_learns_no_more_than_was_released(site: Site) -> None:
    engagement = site.engagement(released=["need_text"])
    seen = site.mentor.get(f"/engagements/{engagement['id']}").json

    assert (seen["startup"], seen["startup_name"], seen["need"]) == (None, None, None)
    assert seen["disclosed_need"]["text"] == TEXT
    assert seen["startup_people"] == []


def let_it_begin(app: Flask, public_id: str) -> None:
    from sqlalchemy import update

    from models.engagements import CoachingSession

    begun = (now() - timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    with app.app_context():
        db.session.execute(
            update(CoachingSession)
            .where(CoachingSession.public_id == public_id)
            .values(starts_at=begun, ends_at=begun + timedelta(hours=1))
        )
        db.session.commit()
