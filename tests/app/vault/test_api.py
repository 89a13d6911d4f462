"""Documents by programs."""

import base64

import pytest
from flask import Flask

from tests.app.web.test_api_walk import Site

pytestmark = [pytest.mark.api, pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)]


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def make_file(text: str, **values: object) -> dict[str, object]:
    content = base64.b64encode(text.encode()).decode()
    return {"filename": "notes.txt", "content": content, "declared": True, **values}


def test_kept_read_shown_reported_decided_and_deleted(site: Site) -> None:
    path = f"/organisations/startup-{site.startup}/documents"
    new = make_file("Yield by wafer.", kind="other", title="Yields")
    made = site.founder.post(path, new, Idempotency_Key="a")
    assert made.status_code == 201, made.text
    assert site.founder.post(path, new, Idempotency_Key="a").json == made.json
    document = f"/documents/{made.json['id']}"
    assert made.headers["Location"].endswith(document)
    file = site.founder.get(f"{document}/versions/newest/file")
    assert (file.data, file.content_type) == (b"Yield by wafer.", "application/octet-stream")
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.headers["Content-Security-Policy"].endswith("sandbox")

    blind = site.founder.patch(document, {"title": "Yields 2026"})
    assert blind.status_code == 428
    changed = site.founder.patch(document, {"title": "Yields 2026"}, If_Match=made.headers["ETag"])
    assert (changed.status_code, changed.json["title"]) == (200, "Yields 2026")
    assert (
        site.founder.patch(document, {"title": "x"}, If_Match=made.headers["ETag"]).status_code
        == 412
    )
    again = site.founder.post(
        f"{document}/versions", make_file("Yield by wafer and week."), Idempotency_Key="b"
    )
    assert [each["number"] for each in again.json["versions"]] == [2, 1]

    # Nobody else knows of it until it is shown, and then from that version on.
    assert site.stranger.get(document).status_code == 404
    shown = site.founder.post(f"{document}/show-incubator")
    (share,) = shown.json["shares"]
    assert share["receiver"] == f"incubator-{site.incubator}"
    seen = site.operator.get(document).json
    assert ([each["number"] for each in seen["versions"]], seen["shares"]) == ([2], [])
    assert [each["id"] for each in site.operator.get("/documents").json["items"]] == [seen["id"]]
    assert site.operator.get(f"{document}/versions/1/file").status_code == 404

    reported = site.operator.post(f"{document}/report", {"reason": "unsafe"})
    assert (reported.status_code, reported.json["state"]) == (200, "reported")
    assert site.founder.get(document).json["reports"] == []
    assert site.operator.post(f"{document}/set-aside").json["state"] == "available"
    stopped = site.operator.post(f"{document}/stop", {"reason": "It names people."})
    assert stopped.json["stop_reason"] == "It names people."
    assert site.founder.get(f"{document}/versions/newest/file").status_code == 409
    assert site.operator.post(f"{document}/resume").json["state"] == "available"
    withdrawn = site.founder.post(f"{document}/shares/{share['id']}/withdraw")
    assert withdrawn.json["shares"] == []
    assert site.founder.post(f"{document}/delete").json["state"] == "deleted"
    assert site.founder.get(path).json["items"] == []


@pytest.mark.fuzz
def test_what_cannot_be_kept_is_a_problem(site: Site) -> None:
    path = f"/organisations/startup-{site.startup}/documents"
    for number, change in enumerate(
        (
            {"content": "not base64"},
            {"content": ""},
            {"content": "A" * 250_000},
            {"content": "\N{DRAGON}" * 250_000},
            {"content": "A" * 4_100_000},
            {"declared": False},
            {"filename": "run.exe"},
            {"filename": "notes.pdf"},
            {"kind": "never"},
            {"filename": "a\0.txt"},
        )
    ):
        sent = make_file("Yield.", kind="other") | change
        answer = site.founder.post(path, sent, Idempotency_Key=str(number))
        # Which field is wrong is said up to many times what is asked for.
        is_heavy = len(str(change.get("content", ""))) > 4_000_000
        assert answer.status_code == (413 if is_heavy else 422), (change, answer.text)
        assert answer.content_type == "application/problem+json"
    assert site.founder.get(path).json["items"] == []
    for owner in ("nobody", "startup-", "startup-0123456789abcdef", f"provider-{site.startup}"):
        assert site.founder.get(f"/organisations/{owner}/documents").status_code == 404
