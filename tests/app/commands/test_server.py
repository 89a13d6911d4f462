"""Where the pages are reached, for links in mails, and how long the process for the jobs lives."""

import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from app.commands import server
from app.commands.server import assume_public_url


@pytest.mark.parametrize(
    ("given", "host", "port", "expected"),
    [
        ({}, "127.0.0.1", 8500, "http://127.0.0.1:8500"),
        ({"YINQIAO_PUBLIC_URL": ""}, "0.0.0.0", 80, "http://127.0.0.1:80"),  # noqa: S104
        ({}, "::1", 8000, "http://[::1]:8000"),
        (
            {"YINQIAO_PUBLIC_URL": "https://yinqiao.example.org"},
            "127.0.0.1",
            8500,
            "https://yinqiao.example.org",
        ),
    ],
)
def test_links_lead_to_where_the_pages_are_served(
    given: dict[str, str], host: str, port: int, expected: str
) -> None:
    assume_public_url(given, host=host, port=port)
    assert given["YINQIAO_PUBLIC_URL"] == expected


@pytest.mark.faults
def test_a_process_for_the_jobs_that_ends_is_started_again_until_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(server, "_WORKER_PAUSE_SECONDS", 0)
    monkeypatch.setattr(
        server._JobsKeeper,
        "_start",
        lambda self: subprocess.Popen(sleeping),  # noqa: S603  (our own program)
    )
    keeper = server._JobsKeeper()
    first = keeper._process
    first.kill()
    until = time.monotonic() + 20
    while keeper._process is first and time.monotonic() < until:
        time.sleep(0.01)
    second = keeper._process
    assert second is not first
    keeper.stop()
    assert second.returncode is not None
    assert keeper._process is second


@pytest.mark.faults
def test_a_process_for_the_jobs_stops_when_those_who_keep_it_are_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped: list[bool] = []

    def work(app: object, stop: threading.Event) -> None:
        stopped.append(stop.wait(20))

    nothing: Any = lambda *_: None  # noqa: E731
    monkeypatch.setattr(server, "_require_schema", nothing)
    monkeypatch.setattr(server, "create_app", nothing)
    monkeypatch.setattr(server.signal, "signal", nothing)
    monkeypatch.setattr("app.jobs.run_worker", work)
    # Nobody's parent.
    server.work(kept_by=0)
    assert stopped == [True]
