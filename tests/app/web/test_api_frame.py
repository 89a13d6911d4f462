"""What every operation has in common: tokens, repeats, versions, refusals, words, limits."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.accounts.actions import change_password
from app.accounts.passwords import PasswordHash
from app.clock import now
from app.extensions import db
from app.profiles.api import startups
from app.settings import Settings
from app.web.lists import write_cursor
from app.web.repeats import KEPT, forget_old_requests
from models.needs import Need
from models.people import Person
from models.tokens import ApiRequest, ApiToken
from tests.app.web.programs import Program
from tests.app.web.test_api_walk import TEXT, Site
from tests.factories import act_as

pytestmark = pytest.mark.api


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def make_body(site: Site, **values: Any) -> dict[str, Any]:
    return {"startup": site.startup, "title": "Yield", "kind": "mentoring", "text": TEXT} | values


def count_needs(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Need)) or 0


# ---- tokens


def test_a_token_tells_who_it_acts_for(site: Site) -> None:
    me = site.founder.get("/me").json

    assert me["id"] == site.people[0].public_id
    assert [(m["role"], m["startup"]) for m in me["memberships"]] == [("founder", site.startup)]
    assert me["token"]["scopes"] == ["all"]


@pytest.mark.parametrize(
    "head", ["", "Bearer", "Bearer ", "Bearer unknown", "Basic Zm9vOmJhcg==", "Bearer é"]
)
def test_what_is_no_token_is_refused(app: Flask, head: str) -> None:
    answer = app.test_client().get("/api/v1/me", headers={"Authorization": head})

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["code"] in ("log_in_needed", "token_invalid")


@pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
def test_a_token_ends(site: Site, column: str) -> None:
    assert site.founder.get("/me").status_code == 200
    site.founder.change_token(**{column: now() - timedelta(seconds=1)})

    assert site.founder.get("/me").json["code"] == "token_invalid"


def test_a_token_ends_with_the_password_and_with_the_person(site: Site, app: Flask) -> None:
    with app.app_context():
        founder, mentor = (db.session.get_one(Person, p.id) for p in site.people[:2])
        change_password(
            db.session,
            person=founder,
            password_hash=PasswordHash("another"),
            actor=act_as(founder),
            at=now(),
        )
        mentor.deactivated_at = now()
        db.session.commit()

    assert site.founder.get("/me").status_code == 401
    assert site.mentor.get("/me").status_code == 401


def test_the_last_use_is_kept(site: Site, app: Flask) -> None:
    site.founder.get("/me")

    with app.app_context():
        token = db.session.get_one(ApiToken, site.founder.token_id)
        assert token.last_used_at is not None
        assert site.founder.secret not in {token.token_hash, token.hint, token.name}


def test_rights_end_where_those_of_the_person_end(site: Site, app: Flask) -> None:
    assert site.founder.get("/needs").json["items"] == []
    with app.app_context():
        founder = db.session.get_one(Person, site.people[0].id)
        founder.memberships.clear()
        db.session.commit()

    assert site.founder.get("/needs").status_code == 403


# ---- repeats


def test_a_repeat_does_nothing_twice(site: Site, app: Flask) -> None:
    first = site.founder.post("/needs", make_body(site), Idempotency_Key="one")
    again = site.founder.post("/needs", make_body(site), Idempotency_Key="one")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert count_needs(app) == 1


def test_a_key_is_for_one_request(site: Site, app: Flask) -> None:
    site.founder.post("/needs", make_body(site), Idempotency_Key="one")
    other = site.founder.post("/needs", make_body(site, title="Other"), Idempotency_Key="one")

    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert count_needs(app) == 1


def test_without_a_key_nothing_is_made(site: Site, app: Flask) -> None:
    answer = site.founder.post("/needs", make_body(site))

    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_missing")
    assert count_needs(app) == 0


@pytest.mark.parametrize("key", ["a b", "x" * 201, "ключ"])
def test_a_key_is_short_and_plain(site: Site, key: str) -> None:
    answer = site.founder.post("/needs", make_body(site), Idempotency_Key=key)

    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_invalid")


def test_a_foreign_startup_is_as_one_that_never_was(site: Site) -> None:
    """Also where something else is wrong, which only its people are told."""
    wrong = [{"attribute": "hours", "values": ["x"]}]
    told = [
        site.stranger.post("/needs", make_body(site, conditions=wrong, **change), Idempotency_Key=k)
        for k, change in (("known", {}), ("unknown", {"startup": "0" * 16}))
    ]
    assert [(answer.status_code, answer.json["code"]) for answer in told] == [
        (404, "not_found"),
        (404, "not_found"),
    ]
    own = site.founder.post("/needs", make_body(site, conditions=wrong), Idempotency_Key="own")
    assert own.status_code == 422


def test_keys_are_of_one_person(site: Site) -> None:
    site.founder.post("/needs", make_body(site), Idempotency_Key="one")
    foreign = site.stranger.post("/needs", make_body(site), Idempotency_Key="one")

    assert foreign.status_code == 404


def test_what_was_refused_can_be_sent_again(site: Site) -> None:
    refused = site.founder.post("/needs", make_body(site, text="short"), Idempotency_Key="one")
    assert (refused.status_code, refused.json["code"]) == (422, "need_too_short")
    assert site.founder.post("/needs", make_body(site), Idempotency_Key="one").status_code == 201


def test_while_the_first_is_worked_on_a_repeat_waits(site: Site, app: Flask) -> None:
    site.founder.post("/needs", make_body(site), Idempotency_Key="one")
    with app.app_context():
        row = db.session.scalars(select(ApiRequest)).one()
        row.done_at = row.status = None
        row.claimed_at = now()
        db.session.commit()
    again = site.founder.post("/needs", make_body(site), Idempotency_Key="one")

    assert (again.status_code, again.json["code"]) == (409, "still_running")


def test_a_run_that_crashed_keeps_its_key_for_minutes_alone(site: Site, app: Flask) -> None:
    make = {"name": "Wafer works"}
    first = site.founder.post("/startups", make, Idempotency_Key="one")
    with app.app_context():
        row = db.session.scalars(select(ApiRequest)).one()
        row.done_at = row.status = None
        row.claimed_at = now() - timedelta(minutes=6)
        db.session.commit()
    again = site.founder.post("/startups", make, Idempotency_Key="one")
    assert (again.status_code, again.json["id"] != first.json["id"]) == (201, True)


def test_of_a_slow_run_and_a_repeat_that_was_let_in_one_counts(
    site: Site, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = {"name": "Wafer works"}
    repeats: list[Any] = []

    def repeat() -> None:
        with app.app_context():
            row = db.session.scalars(select(ApiRequest)).one()
            row.claimed_at -= timedelta(minutes=6)
            db.session.commit()
        repeats.append(site.founder.post("/startups", make, Idempotency_Key="one"))

    def read_slowly(*args: Any) -> Any:
        if not repeats:
            repeats.append(None)
            # Another thread has a session of its own.
            with ThreadPoolExecutor(1) as pool:
                pool.submit(repeat).result()
        return read_values(*args)

    read_values = startups._read
    monkeypatch.setattr(startups, "_read", read_slowly)
    slow = site.founder.post("/startups", make, Idempotency_Key="one")

    assert repeats[1].status_code == 201, repeats[1].text
    assert (slow.status_code, slow.json["code"]) == (409, "claim_lost")
    names = [each["name"] for each in site.founder.get("/startups").json["items"]]
    assert names.count("Wafer works") == 1
    again = site.founder.post("/startups", make, Idempotency_Key="one")
    assert again.json == repeats[1].json


def test_an_answer_that_was_lost_is_said_to_be(site: Site, app: Flask) -> None:
    site.founder.post("/needs", make_body(site), Idempotency_Key="one")
    with app.app_context():
        row = db.session.scalars(select(ApiRequest)).one()
        row.status = None
        row.done_at = now() - timedelta(minutes=6)
        db.session.commit()
    again = site.founder.post("/needs", make_body(site), Idempotency_Key="one")

    assert (again.status_code, again.json["code"]) == (409, "answer_lost")
    assert count_needs(app) == 1


def test_keys_are_kept_for_a_day(site: Site, app: Flask) -> None:
    site.founder.post("/needs", make_body(site), Idempotency_Key="one")
    with app.app_context():
        assert forget_old_requests(db.session, at=now()) == 0
        assert forget_old_requests(db.session, at=now() + KEPT + timedelta(seconds=1)) == 1


# ---- versions


def test_a_change_names_the_version_that_was_read(site: Site) -> None:
    need = site.need()
    path = f"/needs/{need['id']}"
    tag = site.founder.get(path).headers["ETag"]
    blind = site.founder.patch(path, {"title": "Blind"})
    assert (blind.status_code, blind.json["code"]) == (428, "version_missing")

    changed = site.founder.patch(path, {"title": "Second"}, If_Match=tag)
    assert (changed.status_code, changed.json["title"]) == (200, "Second")
    assert changed.json["text"] == TEXT
    assert changed.headers["ETag"] != tag

    late = site.founder.patch(path, {"title": "Third"}, If_Match=tag)
    assert (late.status_code, late.json["code"]) == (412, "version_outdated")
    assert late.json["present"]["title"] == "Second"
    assert late.headers["ETag"] == changed.headers["ETag"]
    assert site.founder.patch(path, {"title": "Any"}, If_Match="*").status_code == 200
    weak = site.founder.patch(path, {"title": "Weak"}, If_Match=f"W/{changed.headers['ETag']}")
    assert weak.status_code in (412, 428)


# ---- bodies


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe{}",
        b'{"title": NaN}',
        b"7" * 200_000,
        b'{"limit": ' + b"9" * 10_000 + b"}",
        '{"标题": 1}'.encode("gb18030"),
        b'"text"',
        b"null",
        b"[]",
        b"true",
    ],
)
def test_what_is_no_body_is_a_problem(site: Site, app: Flask, raw: bytes) -> None:
    answer = site.founder.ask("POST", "/needs", raw, Idempotency_Key="one")

    assert answer.status_code in (400, 422), answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"].endswith(f"#{answer.json['code']}")
    assert count_needs(app) == 0


@pytest.mark.fuzz
def test_a_body_is_of_a_size_and_a_kind(site: Site) -> None:
    large = json.dumps(make_body(site, text="x" * 3_000_000)).encode()
    answer = site.founder.ask("POST", "/needs", large, Idempotency_Key="one")
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
    for kind in ("text/plain", "application/json; charset=gbk", "application/xml"):
        answer = site.founder.ask("POST", "/needs", b"{}", Idempotency_Key="1", Content_Type=kind)
        assert (answer.status_code, answer.json["code"]) == (415, "body_not_json")


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"startup": 7}, "/startup"),
        ({"startup": "' OR 1=1"}, "/startup"),
        ({"never": 1}, "/never"),
        ({"a~b/c": 1}, "/a~0b~1c"),
        ({"\ud800": 1}, "/?"),
        ({"text": "a\0b"}, "/text"),
        ({"text": "\ud800"}, "/text"),
        ({"text": "x" * 8_001}, "/text"),
        ({"text": None}, "/text"),
        ({"title": "   "}, "/title"),
        ({"kind": "nothing"}, "/kind"),
        ({"kind": []}, "/kind"),
        ({"state": "closed"}, "/state"),
        ({"conditions": {}}, "/conditions"),
        ({"conditions": [7]}, "/conditions/0"),
        ({"conditions": [{"attribute": "fields"}]}, "/conditions/0/values"),
        (
            {"conditions": [{"attribute": "hours", "values": ["7e9"]}]},
            "/conditions/0/values",
        ),
        (
            {"conditions": [{"attribute": "place", "values": ["000000"]}]},
            "/conditions/0/values",
        ),
        (
            {"conditions": [{"attribute": "voucher", "values": ["true"], "required": "yes"}]},
            "/conditions/0/required",
        ),
    ],
)
def test_a_field_that_is_wrong_is_named(
    site: Site, app: Flask, values: dict[str, Any], pointer: str
) -> None:
    body = json.dumps(make_body(site, **values)).encode()
    answer = site.founder.ask("POST", "/needs", body, Idempotency_Key="one")

    assert (answer.status_code, answer.json["code"]) == (422, "fields_invalid")
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert count_needs(app) == 0


@pytest.mark.parametrize(
    "conditions",
    [
        [{"attribute": "fields", "values": ["integrated_circuits"], "required": True}],
        [{"attribute": "place", "values": ["310115", "remote"], "required": False}],
        [{"attribute": "amount", "values": ["3000000"], "required": True}],
        [{"attribute": "seat", "values": ["academic"], "required": False}],
    ],
)
def test_conditions_come_back_as_they_were_sent(site: Site, conditions: list[Any]) -> None:
    assert site.need(conditions=conditions)["conditions"] == conditions


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=１０",
        "limit=1_0",
        "limit=" + "9" * 5000,
        "after=x",
        "after=!!",
        "after=" + "A" * 300,
        "after=",
        "state=never",
        "never=1",
        "kind=%ff",
    ],
)
def test_an_address_that_is_wrong_is_a_problem(site: Site, query: str) -> None:
    answer = site.founder.get(f"/needs?{query}")

    assert answer.status_code == 422, answer.text
    assert answer.content_type == "application/problem+json"


def test_a_cursor_of_any_time_leads_somewhere(site: Site) -> None:
    for moment in (now(), now().replace(year=1), now().replace(year=9999)):
        answer = site.founder.get(f"/needs?after={write_cursor(moment, 1)}")
        assert answer.status_code in (200, 422)


def test_an_address_with_a_nul_is_none(site: Site) -> None:
    assert site.founder.get("/needs/a%00b").status_code == 404
    assert site.founder.get("/never-was").json["code"] == "not_found"


def test_another_method_is_told_which_there_are(site: Site) -> None:
    answer = site.founder.ask("DELETE", "/needs")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert answer.content_type == "application/problem+json"


# ---- words and limits


def test_the_sentences_are_in_the_language_that_was_asked_for(site: Site) -> None:
    english = site.founder.get("/needs/never", Accept_Language="en")
    chinese = site.founder.get("/needs/never", Accept_Language="zh-CN")

    assert english.json["code"] == chinese.json["code"]
    assert english.json["detail"] != chinese.json["detail"]
    assert english.headers["Content-Language"] == "en"
    assert chinese.headers["Content-Language"].startswith("zh")


def test_words_are_told_in_both_languages_to_everybody(app: Flask) -> None:
    said = app.test_client().get("/api/v1/vocabularies").json

    assert {"code": "mentor", "label": {"zh": "科技创业导师", "en": "Mentor"}} in said["codes"][
        "provider_kind"
    ]
    assert [each["code"] for each in said["states"]["engagement"]][:2] == ["requested", "accepted"]


def test_no_other_site_may_read_and_nobody_keeps_a_copy(site: Site) -> None:
    answer = site.founder.get("/me", Origin="https://evil.example")

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    assert {"Accept-Language", "Authorization"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_pages_of_a_site_that_is_set_may_read_with_a_token(settings: Settings) -> None:
    app = create_app(replace(settings, api_origins=("https://city.example",)))
    site = Site(app)
    read = site.founder.get("/me", Origin="https://city.example")
    assert read.headers["Access-Control-Allow-Origin"] == "https://city.example"
    assert "ETag" in read.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in read.headers
    ask = {"Origin": "https://city.example", "Access-Control-Request-Method": "PATCH"}
    asked = app.test_client().options(f"/api/v1/startups/{site.startup}", headers=ask)
    assert asked.status_code == 200
    assert "PATCH" in asked.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in asked.headers["Access-Control-Allow-Headers"]
    refused = app.test_client().get("/api/v1/me", headers={"Origin": "https://city.example"})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == "https://city.example"
    for other in ("https://city.example.evil", "http://city.example", "null"):
        answer = site.founder.get("/me", Origin=other)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
    # Pages are for this site alone.
    page = app.test_client().get("/", headers={"Origin": "https://city.example"})
    assert "Access-Control-Allow-Origin" not in page.headers


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_person_has_so_many_requests_a_minute(
    settings: Settings,
) -> None:
    app = create_app(replace(settings, testing=False, requests_per_minute=5))
    site = Site(app)
    answer = site.founder.get("/me")
    assert answer.headers["RateLimit-Policy"] == '"person";q=5;w=60'
    assert answer.headers["RateLimit"].startswith('"person";r=4;t=')
    assert site.mentor.get("/me").headers["RateLimit"].startswith('"person";r=4;t=')
    # Another token of the same person has no requests of its own.
    another = Program(app, site.people[0])
    assert another.get("/me").headers["RateLimit"].startswith('"person";r=3;t=')
    assert app.test_client().get("/api/v1/me").status_code == 401
    for _ in range(3):
        site.founder.get("/me")
    answer = site.founder.get("/needs")
    assert (answer.status_code, answer.content_type) == (429, "application/problem+json")
    assert int(answer.headers["Retry-After"]) <= 60
    # Who waits in vain is told: the request lacks its key, whenever it is sent.
    without = site.founder.post("/needs")
    assert (without.status_code, without.json["code"]) == (400, "idempotency_key_missing")


def test_the_document_and_its_page_are_for_everybody(app: Flask) -> None:
    client = app.test_client()
    document = client.get("/api/v1/openapi.json")
    assert document.json["openapi"] == "3.1.0"
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": document.headers["ETag"]})
    assert again.status_code == 304
    page = client.get("/help/api", headers={"Accept-Language": "zh-CN"}).text
    assert "/api/v1/needs/{public_id}/matches" in page
    assert 'id="idempotency_key_missing"' in page


def test_programs_in_one_process_do_not_mix(site: Site, app: Flask) -> None:
    assert site.founder.get("/me").json["id"] != Program(app, site.people[1]).get("/me").json["id"]
