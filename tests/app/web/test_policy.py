"""What a page may load is said on every answer, and browsers can say what tried otherwise."""

import json
import logging
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.extensions import db
from app.settings import Settings
from app.web.policy import POLICY, REPORT_BYTES, REPORTS_PATH
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.trust

OLDER = {
    "csp-report": {
        "document-uri": "http://localhost/startups/0123456789abcdef?secret=1",
        "violated-directive": "script-src-elem 'self'",
        "blocked-uri": "https://evil.example/secret.js",
    }
}
NEWER = [
    {
        "type": "csp-violation",
        "url": "https://localhost/",
        "body": {"documentURL": "https://localhost/privacy", "effectiveDirective": "img-src"},
    },
    {"type": "deprecation", "body": {}},
]


def test_every_page_says_where_to_tell(client: FlaskClient) -> None:
    for path in ("/", "/no-such-page", "/healthz"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["Reporting-Endpoints"] == 'policy="/policy-reports"'
    assert "report-uri /policy-reports; report-to policy" in POLICY
    assert "unsafe" not in POLICY
    said = dict(each.split(" ", 1) for each in POLICY.split("; "))
    assert (said["default-src"], said["frame-ancestors"]) == ("'none'", "'none'")
    assert {said[f"{kind}-src"] for kind in ("script", "style", "connect")} == {"'self'"}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_a_browser_keeps_is_closed_to_scripts_and_other_sites(settings: Settings) -> None:
    app = create_app(replace(settings, secure_cookies=True))
    with app.app_context():
        email = make_person(db.session).email
        db.session.commit()
    client, page = app.test_client(), "https://localhost/log-in"
    asked = client.get(page)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', asked.text)
    assert token is not None
    body = {"csrf_token": token[1], "email": email, "password": PASSWORD, "remember": "y"}
    entered = client.post(page, data=body, headers={"Referer": page})

    assert entered.status_code == 303
    cookies = {each.partition("=")[0]: each for each in entered.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"session", "remember_token"}
    for cookie in cookies.values():
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain=" not in cookie
    # Nothing on the way keeps a page, or gives one reader what another was shown.
    shown = client.get("https://localhost/account")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "private, no-store")
    assert "Cookie" in shown.headers["Vary"]
    # Whoever came by https comes by nothing else; over plain http nobody could trust it.
    assert shown.headers["Strict-Transport-Security"] == "max-age=63072000"
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ):
        assert shown.headers[name] == value
    assert "camera=()" in shown.headers["Permissions-Policy"]
    with app.app_context():
        db.engine.dispose()


def send(client: FlaskClient, body: bytes, kind: str = "application/csp-report") -> int:
    return client.post(REPORTS_PATH, data=body, content_type=kind).status_code


def test_a_report_is_in_the_log_without_a_word_of_its_sender(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "app.web.policy"):
        assert send(client, json.dumps(OLDER).encode()) == 204
        assert send(client, json.dumps(NEWER).encode(), "application/reports+json") == 204
    assert [record.getMessage() for record in caplog.records] == [
        "a browser refused script-src-elem on /startups/<public_id>",
        "a browser refused img-src on /privacy",
    ]
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 204),
        (b"x" * (REPORT_BYTES + 1), 413),
        (b"no json", 204),
        (b"[" * 10_000, 204),
        (b'{"csp-report": {"document-uri": 7}}', 204),
        (b'{"csp-report": {"document-uri": "http://[", "violated-directive": ["x"]}}', 204),
        (b"\xff\xfe", 204),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_whatever_is_sent_is_no_error_and_asks_no_database(
    app: Flask, body: bytes, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", lambda *_: 1 / 0)
    assert app.test_client().post(REPORTS_PATH, data=body).status_code == status
