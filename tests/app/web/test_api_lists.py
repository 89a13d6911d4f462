"""What of a list a program asks for: an order, some fields, what belongs to it, or all in lines."""

import json
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.web import lists
from tests.app.web.test_api_walk import Site
from tests.factories import make_centre, make_mentor

pytestmark = [
    pytest.mark.api,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def read_all(site: Site, path: str) -> list[Any]:
    items: list[Any] = []
    after = ""
    while True:
        part = site.founder.get(f"{path}{after}").json
        items += part["items"]
        if part["next"] is None:
            return items
        after = f"&after={part['next']}"


def test_an_order_can_be_chosen_and_a_cursor_keeps_to_it(app: Flask, site: Site) -> None:
    with app.app_context():
        # Two of the same name: a key tells them apart.
        for name in ("丙", "甲", "甲", "Zeta"):
            make_centre(db.session, name=name)
        db.session.commit()
    newest = [each["id"] for each in read_all(site, "/providers?limit=2&sort=newest")]
    oldest = [each["id"] for each in read_all(site, "/providers?limit=2&sort=oldest")]
    named = [each["name"] for each in read_all(site, "/providers?limit=2&sort=name")]

    assert newest == oldest[::-1]
    assert len(set(newest)) == len(newest) == len(named) == 5
    assert named == sorted(named)
    after = site.founder.get("/providers?limit=2&sort=name").json["next"]
    other = site.founder.get(f"/providers?limit=2&after={after}")
    assert (other.status_code, other.json["code"]) == (422, "cursor_invalid")
    assert site.founder.get("/needs?sort=name").status_code == 422


def test_a_list_that_is_worked_out_goes_on_after_the_last_row_wherever_it_stands(
    app: Flask,
) -> None:
    def take(rows: list[str], after: str | None) -> tuple[str, Any]:
        shown = lists.take_ordered(
            rows,
            {"limit": 2, "after": after},
            identify=lambda row: row,
            show=lambda row: {"id": row},
        )
        return "".join(each["id"] for each in shown["items"]), shown["next"]

    first, after = take(list("abcde"), None)
    assert first == "ab"
    # One more before it, and one fewer: the one that the cursor names, then all but one.
    assert take(list("xabcde"), after)[0] == "cd"
    assert take(list("acde"), after)[0] == "cd"
    assert take(["a"], after) == ("", None)
    assert take(list("abc"), after) == ("c", None)
    with pytest.raises(lists.CursorInvalid):
        take(list("abc"), lists.write_cursor("b", 2, "name"))


def test_who_is_left_out_can_be_asked_for_by_the_reason(site: Site) -> None:
    elsewhere = [{"attribute": "place", "values": ["440300"], "required": True}]
    path = f"/needs/{site.need(conditions=elsewhere)['id']}/left-out"
    (left_out,) = site.founder.get(f"{path}?reason=place").json["items"]
    assert left_out["provider"] == site.provider
    assert left_out["reasons"]
    whole = site.founder.get(path).json
    assert (whole["items"], whole["count"], whole["next"]) == ([left_out], 1, None)
    assert site.founder.get(f"{path}?reason=capacity").json["items"] == []
    refused = site.founder.get(f"{path}?reason=never")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/reason")


def test_fields_can_be_chosen(site: Site) -> None:
    need = site.need()
    (listed,) = site.founder.get("/needs?fields=title,state").json["items"]
    assert listed == {"id": need["id"], "title": need["title"], "state": "open"}
    read = site.founder.get(f"/needs/{need['id']}?fields=kind")
    assert read.json == {"id": need["id"], "kind": "mentoring"}
    assert read.headers["ETag"]
    assert site.founder.get("/me?fields=email").json.keys() == {"id", "email"}
    for wrong in ("never", "", "title,", "title,password_hash", "%00"):
        answer = site.founder.get(f"/needs?fields={wrong}")
        assert (answer.status_code, answer.json["code"]) == (422, "fields_invalid"), wrong
    assert site.founder.get("/needs/0123456789abcdef?fields=never").status_code == 404


def test_what_belongs_to_a_thing_can_come_with_it(site: Site) -> None:
    site.engagement()
    (need,) = site.founder.get("/needs?include=startup").json["items"]
    assert need["included"]["startup"]["id"] == site.startup
    assert (
        site.founder.get(f"/needs/{need['id']}?include=startup").json["included"]
        == need["included"]
    )
    path = "/engagements?include=need,startup,provider,sessions"
    (own,) = site.founder.get(path).json["items"]
    assert own["included"]["need"]["id"] == need["id"]
    assert own["included"]["provider"]["id"] == site.provider
    assert own["included"]["sessions"] == []
    # Whom a page is not for, its thing does not come to either.
    (others,) = site.mentor.get(path).json["items"]
    assert (others["included"]["need"], others["included"]["startup"]) == (None, None)
    assert others["included"]["provider"]["id"] == site.provider
    assert "included" not in site.founder.get("/engagements").json["items"][0]


def test_what_belongs_to_one_thing_can_come_with_it(site: Site) -> None:
    need = site.need()["id"]
    run = site.founder.post(f"/needs/{need}/matches", Idempotency_Key="look").json["id"]
    path = f"/match-runs/{run}"
    told = site.founder.get(f"{path}?include=need,providers").json["included"]
    assert told["need"]["id"] == need
    assert [each["id"] for each in told["providers"]] == [site.provider]
    assert "included" not in site.founder.get(path).json

    body = {"need": need, "provider": site.provider}
    asked = site.founder.post("/engagements", body, Idempotency_Key="ask").json["id"]
    path = f"/engagements/{asked}?include=need,startup,provider,sessions"
    (listed,) = site.founder.get(path.replace(asked, "").replace("/?", "?")).json["items"]
    assert site.founder.get(path).json["included"] == listed["included"]
    others = site.mentor.get(path).json["included"]
    assert (others["need"], others["startup"]) == (None, None)

    profile = f"/startups/{site.startup}?include=people"
    assert len(site.founder.get(profile).json["included"]["people"]["members"]) == 1
    profile = f"/providers/{site.provider}?include=people"
    assert len(site.mentor.get(profile).json["included"]["people"]["members"]) == 1
    assert site.founder.get(profile).json["included"] == {"people": None}

    for wrong in ("never", "people,", ""):
        answer = site.founder.get(f"/startups/{site.startup}?include={wrong}")
        assert (answer.status_code, answer.json["code"]) == (422, "fields_invalid"), wrong
    site.founder.change_token(scopes=["startups:read", "matches:read"])
    for path in (f"/startups/{site.startup}?include=people", f"/match-runs/{run}?include=need"):
        answer = site.founder.get(path)
        assert (answer.status_code, answer.json["code"]) == (403, "scope_missing"), path


def test_what_a_token_is_not_good_for_does_not_come_along(site: Site) -> None:
    site.engagement()
    site.founder.change_token(scopes=["engagements:read", "needs:read"])
    assert site.founder.get("/engagements?include=need").status_code == 200
    refused = site.founder.get("/engagements?include=need,provider")
    assert (refused.status_code, refused.json["code"]) == (403, "scope_missing")
    assert site.founder.get("/needs?include=startup").status_code == 403
    assert site.founder.get("/needs?include=provider").status_code == 422


def test_words_narrow_a_list_as_on_its_page(site: Site) -> None:
    site.need(title="Yield of wafers")
    site.need(title="Patents")
    titles = [each["title"] for each in site.founder.get("/needs?text=wafers").json["items"]]
    assert "Patents" not in titles or len(titles) == 2
    assert site.founder.get("/needs?text=nowheretobefound").json["items"] == []
    assert len(site.founder.get("/startups?text=").json["items"]) == 1
    assert site.founder.get("/startups?text=nowheretobefound").json["items"] == []
    assert site.operator.get("/pool-entries?text=nowheretobefound").json["items"] == []


def test_many_rows_come_as_lines(app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        for number in range(6):
            make_mentor(db.session, name=f"Mentor {number}", open_to_all=True)
        db.session.commit()
    monkeypatch.setattr(lists, "_LINES_AT_ONCE", 2)
    plain = read_all(site, "/providers?limit=3&sort=oldest")
    answer = site.founder.get("/providers?sort=oldest", Accept=lists.LINES)
    assert (answer.status_code, answer.content_type) == (200, lists.LINES)
    assert [json.loads(line) for line in answer.text.splitlines()] == plain
    assert "Link" not in answer.headers

    monkeypatch.setattr(lists, "MOST_LINES", 5)
    first = site.founder.get("/providers?sort=oldest&fields=name", Accept=lists.LINES)
    link, _, rest = first.headers["Link"].partition("; ")
    assert rest == 'rel="next"'
    more = site.founder.get(link.strip("<>").removeprefix("/api/v1"), Accept=lists.LINES)
    told = [json.loads(line) for line in (first.text + more.text).splitlines()]
    assert told == [{"id": each["id"], "name": each["name"]} for each in plain]

    refused = site.stranger.get("/providers?kind=never", Accept=lists.LINES)
    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
    both = site.founder.get("/providers", Accept=f"application/json, {lists.LINES}")
    assert both.content_type == "application/json"
