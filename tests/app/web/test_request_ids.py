"""Whoever meets an error names its request, and the log has it; nothing else is told."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.typing import ResponseReturnValue

from app import create_app
from app.commands.cli import main
from app.commands.logs import set_up_logs
from app.extensions import db
from app.settings import SettingInvalid, Settings, is_log_json
from app.web.guard import public

pytestmark = pytest.mark.trust


@contextmanager
def writing_logs(*, as_json: bool) -> Iterator[io.StringIO]:
    """What the program would have written, set up as it sets itself up."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    root.handlers.clear()
    try:
        set_up_logs(verbose=False, as_json=as_json, stream=stream)
        yield stream
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def add_broken(app: Flask) -> None:
    @app.get("/broken")
    @app.get("/api/broken", endpoint="broken_for_programs")
    @public
    def fail() -> ResponseReturnValue:
        # Put together, since the lines of our own source are part of what is told.
        raise ValueError("a secret " + "text")


@pytest.mark.parametrize("as_json", [False, True])
def test_an_error_is_found_in_the_log_by_what_its_reader_was_told(
    app: Flask, as_json: bool
) -> None:
    add_broken(app)
    client = app.test_client()
    with writing_logs(as_json=as_json) as written:
        page = client.get("/broken")
    request_id = page.headers["X-Request-ID"]
    assert page.status_code == 500
    assert request_id in page.text
    assert "secret text" not in page.text + written.getvalue()
    lines = written.getvalue().splitlines()
    if as_json:
        (line,) = lines
        told = json.loads(line)
        assert told["request"] == request_id
        assert (told["level"], told["error"]) == ("error", "builtins.ValueError")
        assert "in fail" in told["calls"]
    else:
        assert lines[0].endswith(f"[{request_id}]")
    problem = client.get("/api/broken")
    assert problem.json["request_id"] == problem.headers["X-Request-ID"] != request_id
    assert set(problem.json) == {"type", "title", "status", "detail", "code", "facts", "request_id"}


def test_only_a_proxy_of_ours_names_requests(settings: Settings) -> None:
    said = {"X-Request-ID": "0123456789abcdef-proxy"}
    for proxies, path in ((0, "/"), (1, "/"), (1, "/no-such-page")):
        app = create_app(replace(settings, trusted_proxies=proxies))
        answer = app.test_client().get(path, headers=said)
        assert (answer.headers["X-Request-ID"] == said["X-Request-ID"]) == (proxies == 1)
        forged = app.test_client().get(path, headers={"X-Request-ID": "a b\u2028<c>"})
        assert len(forged.headers["X-Request-ID"]) == 16
        with app.app_context():
            db.engine.dispose()


def test_the_form_of_the_log_is_checked() -> None:
    assert [is_log_json({"YINQIAO_LOGS": value}) for value in ("", "text", "JSON")] == [
        False,
        False,
        True,
    ]
    with pytest.raises(SettingInvalid, match="YINQIAO_LOGS must be text or json"):
        is_log_json({"YINQIAO_LOGS": "xml"})
    answer = CliRunner().invoke(main, ["audit", "verify"], env={"YINQIAO_LOGS": "xml"})
    assert (answer.exit_code, "YINQIAO_LOGS" in answer.output) == (1, True)
