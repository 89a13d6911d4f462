"""The server before the application: whatever is unfinished takes no thread and has a deadline."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from waitress.adjustments import Adjustments

from app.commands.pages import HEAD_SECONDS, READ_SECONDS, _Channel, _Parser, _Server, _Task
from app.database import upgrade_schema
from app.signing import Signer
from app.web.limits import REQUEST_BYTES, STRANGERS_BYTES, BodyLimits
from models.orm import create_engine_for
from models.tokens import TOKEN_PURPOSE
from tests.rules.project import ROOT

pytestmark = [pytest.mark.trust, pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)]

HALF_OPEN = (
    b"GET / HTTP/1.1\r\nHost: x\r\nX-a: ",
    b"POST /log-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 90000\r\n\r\na=",
)


@pytest.fixture
def site(dialect: str, tmp_path: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]", Path]]:
    """The served program on an empty database: its port, its process and what it logs."""
    engine = create_engine_for(f"sqlite:///{tmp_path / 'yinqiao.db'}")
    upgrade_schema(engine)
    engine.dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    log = tmp_path / "serve.log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("YINQIAO_")}
    environment |= {"YINQIAO_INSTANCE_PATH": str(tmp_path), "YINQIAO_ENCODER": "hashing"}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, "-m", "app.commands.cli", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        until = time.monotonic() + 120
        while not _is_healthy(port, 5):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        yield port, process, log
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.mark.faults
def test_half_open_connections_keep_nobody_from_a_page_and_are_closed(
    site: tuple[int, "subprocess.Popen[bytes]", Path],
) -> None:
    port, process, log = site
    held = []
    for number in range(32):
        each = socket.create_connection(("127.0.0.1", port))
        each.sendall(HALF_OPEN[number % 2])
        held.append(each)

    assert all(_is_healthy(port, 10) for _ in range(5))

    # Dripping makes no deadline later.
    drips = held[0]
    drips.settimeout(1)
    until = time.monotonic() + HEAD_SECONDS + 30
    while time.monotonic() < until and _drip(drips):
        pass
    assert time.monotonic() < until
    for each in held:
        each.close()

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert "Traceback" not in log.read_text()


@pytest.mark.faults
def test_who_asks_much_and_reads_nothing_keeps_no_thread(
    site: tuple[int, "subprocess.Popen[bytes]", Path],
) -> None:
    """A dozen connections, each with a hundred requests for the longest answer of all."""
    port, process, _log = site
    asked = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 100
    held = []
    for _ in range(12):
        each = socket.socket()
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        each.connect(("127.0.0.1", port))
        each.sendall(asked)
        held.append(each)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert _is_healthy(port, 10)
        time.sleep(0.5)
    for each in held:
        each.close()

    # Whoever reads has every answer, in the order of the requests.
    paths = ("/healthz", "/api/v1/openapi.json", "/log-in", "/healthz", "/nowhere")
    with socket.create_connection(("127.0.0.1", port)) as several:
        several.settimeout(30)
        for path in paths:
            several.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        several.shutdown(socket.SHUT_WR)
        said = b""
        while data := several.recv(1 << 16):
            said += data
    codes = re.findall(rb"HTTP/1\.1 (\d+) .*\r\n", said)
    assert codes == [b"200", b"200", b"200", b"200", b"404"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def test_an_answer_has_to_be_read_as_fast_as_a_slow_telephone_reads(dialect: str) -> None:
    channel: Any = object.__new__(_Channel)
    channel.requests, channel.total_outbufs_len, channel._left = [], 400_000, None

    assert not channel.is_read_slowly(0)
    assert not channel.is_read_slowly(READ_SECONDS)
    assert channel.is_read_slowly(READ_SECONDS + 1)
    channel.total_outbufs_len -= 4_000 * 20
    assert not channel.is_read_slowly(READ_SECONDS + 20)
    assert channel.is_read_slowly(READ_SECONDS + 21)
    # What is being made, or was read, is nobody's to hurry with.
    channel.requests = ["one"]
    assert not channel.is_read_slowly(READ_SECONDS * 99)
    channel.requests, channel.total_outbufs_len = [], 1
    assert not channel.is_read_slowly(READ_SECONDS * 100)


@pytest.mark.parametrize(("at_work", "asked_more"), [(2, False), (3, False), (3, True)])
def test_a_client_is_sent_elsewhere_while_others_wait_for_a_thread(
    dialect: str, at_work: int, asked_more: bool
) -> None:
    server = SimpleNamespace(
        count_at_work=lambda: at_work, adj=SimpleNamespace(threads=2, ident=None)
    )
    request = SimpleNamespace(version="1.1", headers={}, command="GET", connection_close=False)
    task = _Task(SimpleNamespace(server=server, has_more=asked_more), request)
    task.status, task.content_length = "200 OK", 0

    head = task.build_response_header()

    is_sent = at_work > 2 and not asked_more
    assert (b"Connection: close" in head, task.close_on_finish) == (is_sent, is_sent)


def test_a_process_takes_no_connection_while_all_its_threads_are_at_work(app: Flask) -> None:
    never: dict[str, Any] = dict.fromkeys(("is_late", "is_read_slowly"), lambda _: False)
    never["last_activity"] = time.time() + 60
    busy, idle = (SimpleNamespace(requests=asked, **never) for asked in (["one"], []))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = _Server(
            app,
            {},
            _sock=listening,
            dispatcher=SimpleNamespace(),
            adj=Adjustments(sockets=[listening], threads=2, connection_limit=100),
            bind_socket=False,
            sockinfo=(listening.family, listening.type, 0, listening.getsockname()),
            parser_class=_Parser,
        )
        server.active_channels = {1: busy, 2: idle}
        server.accepting = True
        assert server.readable()
        server.active_channels[2] = busy
        assert not server.readable()
        server.trigger.close()


def test_what_takes_too_long_is_late(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    head = _parse(app, b"GET / HTTP/1.1\r\n")
    body = _parse(app, b"POST /log-in HTTP/1.1\r\nContent-Length: 80000\r\n\r\na")

    assert not head.is_late(head.begun_at + HEAD_SECONDS - 1)
    assert head.is_late(head.begun_at + HEAD_SECONDS + 1)
    assert not body.is_late(body.begun_at + HEAD_SECONDS + 9)
    assert body.is_late(body.begun_at + HEAD_SECONDS + 11)


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "session=forged",
        'session="',
        "session=eyJfIjp9.x.y",
        "remember_token=1|forged",
        "remember_token=1|\xe9",
    ],
)
@pytest.mark.parametrize("path", ["/log-in", "/startups/new", "/nowhere", "/%00"])
def test_the_body_of_a_stranger_is_not_even_kept(app: Flask, path: str, cookie: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nCookie: {cookie}\r\nContent-Length: {STRANGERS_BYTES + 1}"
    parser = _parse(app, head.encode() + b"\r\n\r\n")

    parser.received(b"a" * (STRANGERS_BYTES + 1))

    assert parser.completed
    assert parser.error is None
    assert parser.get_body_stream().read() == b""


def test_who_is_logged_in_may_send_a_long_form_but_not_to_a_page_for_everyone(app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = "somebody"
    cookie = f"session={client.get_cookie('session').value}"  # type: ignore[union-attr]
    limits = app.extensions["yinqiao_body_limits"]

    assert limits.find("POST", "/startups/new", cookie) == REQUEST_BYTES
    assert limits.find("POST", "/log-in", cookie) == STRANGERS_BYTES


@pytest.mark.parametrize(
    "path", ["/organisations/startup-0123456789abcdef/documents", "/incubators/0/imports"]
)
def test_a_file_of_a_program_is_kept_with_a_token_of_ours_alone(app: Flask, path: str) -> None:
    limits, path = app.extensions["yinqiao_body_limits"], f"/api/v1{path}"
    token = Signer(app.config["SECRET_KEY"]).mark(TOKEN_PURPOSE, "yq_anything")

    assert limits.find("POST", path, "", f"Bearer {token}") >= REQUEST_BYTES
    row = "/api/v1/imports/0123456789abcdef/rows/1"
    assert STRANGERS_BYTES < limits.find("POST", row, "", f"Bearer {token}") < REQUEST_BYTES
    assert limits.find("POST", row, "", "") == STRANGERS_BYTES
    assert limits.find("POST", "/api/v1/needs", "", f"Bearer {token}") == STRANGERS_BYTES
    for forged in (
        token,
        "",
        "Bearer",
        "Bearer yq_anything",
        f"Bearer {token[:-1]}",
        f"Bearer x{token}",
        f"Basic {token}",
        "Bearer \xe9\udcff",
    ):
        assert limits.find("POST", path, "", forged) == STRANGERS_BYTES, forged


def test_the_application_refuses_what_a_stranger_sends_before_it_is_parsed(app: Flask) -> None:
    body = b"x=" + b"%E9%9C%80" * 100_000
    begun = time.process_time()

    answer = app.test_client().post(
        "/log-in", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 413
    assert time.process_time() - begun < 0.3


def _parse(app: Flask, data: bytes) -> _Parser:
    limits: BodyLimits = app.extensions["yinqiao_body_limits"]
    adjustments = SimpleNamespace(
        max_request_header_size=32_768,
        max_request_body_size=REQUEST_BYTES + 1,
        inbuf_overflow=2 * REQUEST_BYTES,
        url_scheme="http",
    )
    kind: Any = type("_Limited", (_Parser,), {"limits": limits})
    parser: _Parser = kind(adjustments)
    parser.received(data)
    return parser


def _drip(each: socket.socket) -> bool:
    try:
        each.sendall(b"a")
        return each.recv(10) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def _is_healthy(port: int, limit: float) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=limit) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
