"""What an answer of the document leads to: the main job, by nothing but links and tokens.

Whoever knows the document alone follows them: from a need to its matches, to a request, to the
answer, a session and feedback.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.clock import now
from app.web.api import get_document
from tests.app.web.programs import Program
from tests.app.web.test_api_walk import TEXT, Site, let_it_begin

pytestmark = [pytest.mark.api, pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)]


class Walker:
    """Calls operations by their names, with the parameters that the links of an answer give."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.document = get_document()
        self.operations = {
            said["operationId"]: (method.upper(), path, said)
            for path, methods in self.document["paths"].items()
            for method, said in methods.items()
            if isinstance(said, dict) and "operationId" in said
        }
        self.links: dict[str, Any] = {}
        self.answer: Any = None

    def follow(self, program: Program, name: str, body: Any = None) -> Any:
        """Call `name`, to which the last answer with links has to lead."""
        link = self.links[name]
        assert link["operationId"] == name
        method, path, said = self.operations[name]
        values = {key: self._read(value) for key, value in link.get("parameters", {}).items()}
        sent = {key: self._read(value) for key, value in link.get("requestBody", {}).items()}
        path = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], path)
        return self.call(program, method, path, said, sent | (body or {}))

    def call(self, program: Program, method: str, path: str, said: Any, body: Any) -> Any:
        headers = {"Idempotency_Key": f"{path}{len(str(body))}".replace("/", "-")}
        answer = program.ask(method, path.removeprefix("/api/v1"), body, **headers)
        assert answer.status_code in (200, 201), answer.text
        if links := said["responses"][str(answer.status_code)].get("links"):
            self.links, self.answer = links, answer.json
        return answer.json

    def _read(self, expression: str) -> Any:
        """The value of a runtime expression, `$response.body#/…` (RFC 6901)."""
        found = self.answer
        for part in expression.removeprefix("$response.body#/").split("/"):
            found = found[int(part)] if isinstance(found, list) else found[part]
        return found


def test_links_lead_from_a_need_to_feedback(app: Flask) -> None:
    site, walker = Site(app), Walker(app)
    founder, mentor = site.founder, site.mentor
    method, path, said = walker.operations["state_need"]
    need = {"startup": site.startup, "title": "Yield", "kind": "mentoring", "text": TEXT}
    walker.call(founder, method, path, said, need)
    run = walker.follow(founder, "find_matches")
    assert run["kinds"][0]["matches"][0]["provider"] == site.provider
    walker.follow(founder, "request_engagement")
    assert walker.follow(mentor, "accept_engagement")["state"] == "accepted"
    begins = (now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    ends = begins + timedelta(hours=1)
    plan = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat(), "place": "Room 3"}
    session = walker.follow(mentor, "propose_session", plan)
    walker.follow(founder, "confirm_session", {"sequence": session["sequence"]})
    let_it_begin(app, session["id"])
    walker.follow(mentor, "record_held")
    useful = {"rating": 5, "wants_to_continue": True, "comment": "Useful."}
    told = walker.follow(founder, "give_feedback", useful)
    assert [each["rating"] for each in told["feedback"]] == [5]


def test_a_list_leads_to_what_is_done_with_its_first_item(app: Flask) -> None:
    site, walker = Site(app), Walker(app)
    engagement = site.engagement()
    method, path, said = walker.operations["list_engagements"]
    walker.call(site.mentor, method, path, said, None)
    assert walker.follow(site.mentor, "accept_engagement")["id"] == engagement["id"]


def test_whatever_is_made_leads_on(app: Flask) -> None:
    """But for what is told once and has no operation of its own."""
    document = Walker(app).document
    ends = {
        said["operationId"]
        for methods in document["paths"].values()
        for said in methods.values()
        if isinstance(said, dict) and (made := said.get("responses", {}).get("201")) is not None
        if not made.get("links")
    }
    assert ends <= {"renew_calendar_feed"}
