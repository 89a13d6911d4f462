"""What a page may load is said on every answer, and browsers can say what tried otherwise."""

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.policy import POLICY, REPORT_BYTES, REPORTS_PATH

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
