"""Before asking, rules and answers, through pages and programs."""

import pytest
from flask import Flask

from app.extensions import db
from models.engagements import Engagement
from models.vocabulary import ProviderKind
from tests.app.engagements.sites import Site

pytestmark = [
    pytest.mark.engagements,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

MENTOR = ProviderKind.MENTOR


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def test_the_form_says_what_to_expect(site: Site) -> None:
    page = site.browse("founder").get(f"/needs/{site.need}/request/{site.providers[MENTOR]}").text
    assert "New here: no answers yet" in page
    assert "3 of 3 places free" in page
    assert "has no account here yet" not in page


def test_programs_read_what_to_expect(site: Site) -> None:
    founder = site.program("founder")
    path = f"/needs/{site.need}/outlook?provider={site.providers[MENTOR]}"
    outlook = founder.get(path)
    assert outlook.status_code == 200, outlook.text
    expected = {"answer_hours": None, "answers": 0, "free_places": 3, "waiting": 0}
    assert {name: outlook.json[name] for name in expected} == expected
    assert (outlook.json["place_in_queue"], outlook.json["has_account"]) == (None, True)
    assert founder.get(f"/needs/{site.need}/outlook?provider={'0' * 16}").status_code == 404
    # Nobody else learns that there is such a need.
    assert site.program(MENTOR).get(path).status_code == 404


def test_an_operator_sets_the_rules_and_they_hold(site: Site) -> None:
    operator = site.browse("operator")
    path = f"/incubators/{site.incubator}/request-rules"
    assert 'value="72"' in operator.get(path).text
    wrong = operator.post(path, data={"answer_hours": "1", "silences": "3", "open_requests": "12"})
    assert wrong.status_code == 422
    assert 'id="answer_hours-error"' in wrong.text
    times = {
        "late_cancel_hours": "48",
        "late_move_hours": "0",
        "appeal_days": "7",
        "offer_hours": "8",
    }
    rules = {"answer_hours": "24", "silences": "2", "open_requests": "1"} | times
    assert operator.post(path, data=rules).status_code == 303
    assert site.browse("founder").get(path).status_code == 403
    assert site.ask(MENTOR).status_code == 303
    refused = site.ask(ProviderKind.CENTRE, service="", service_name="Work", quantity="1")
    assert refused.status_code == 409
    assert "You wait for 1 answers already," in refused.text


def test_programs_read_and_change_the_rules(site: Site) -> None:
    operator, founder = site.program("operator"), site.program("founder")
    path = f"/incubators/{site.incubator}/request-rules"
    times = {"late_cancel_hours": 24, "late_move_hours": 24, "appeal_days": 14, "offer_hours": 24}
    rules = {"answer_hours": 72, "silences": 3, "open_requests": 12} | times
    read = founder.get(path)
    assert read.json == rules
    assert operator.patch(path, {"silences": 5}).status_code == 428
    changed = operator.patch(path, {"silences": 5}, If_Match=read.headers["ETag"])
    assert changed.json == rules | {"silences": 5}
    late = operator.patch(path, {"silences": 6}, If_Match=read.headers["ETag"])
    assert (late.status_code, late.json["present"]) == (412, changed.json)
    assert operator.patch(path, {"answer_hours": 7}).status_code == 422
    assert founder.patch(path, {"silences": 5}).status_code == 403


def test_a_yes_with_words_is_read_by_the_startup(site: Site) -> None:
    address = site.ask(MENTOR).location
    mentor = site.browse(MENTOR)
    long = mentor.post(f"{address}/accept", data={"words": "x" * 1001})
    assert (long.status_code, "x" * 1001 in long.text) == (422, True)
    mentor.post(f"{address}/accept", data={"words": "Send the maps first."})
    assert "Send the maps first." in site.browse("founder").get(address).text


def test_a_no_shows_its_reason_and_whom_to_ask_next(site: Site) -> None:
    address = site.ask(MENTOR).location
    said = {"code": "other_field", "reason": "Never ran such a line"}
    site.browse(MENTOR).post(f"{address}/decline", data=said)
    page = site.browse("founder").get(address).text
    for words in ("Another field", "Never ran such a line", "Who else fits", "Nobody is left"):
        assert words in page
    assert "Who else fits" not in site.browse(MENTOR).get(address).text


def test_programs_answer_with_code_and_words(site: Site) -> None:
    founder, mentor = site.program("founder"), site.program(MENTOR)
    body = {"need": site.need, "provider": site.providers[MENTOR]}
    path = f"/engagements/{founder.post('/engagements', body, Idempotency_Key='a').json['id']}"
    wrong = mentor.post(f"{path}/decline", {"code": "mood", "reason": "No"})
    assert [each["pointer"] for each in wrong.json["errors"]] == ["/code"]
    declined = mentor.post(f"{path}/decline", {"code": "no_time", "reason": "Until spring"})
    assert declined.json["decline_reason"] == "no_time"
    assert founder.get(path).json["next_best"] == []
    path = f"/engagements/{founder.post('/engagements', body, Idempotency_Key='b').json['id']}"
    mentor.post(f"{path}/accept", {"words": "Gladly"})
    assert founder.get(path).json["answer"] == "Gladly"
    with site.app.app_context():
        assert db.session.query(Engagement).count() == 2
