"""A site of its own for a measurement: 1,000 mentors, sixteen founders, and gunicorn before it.

Belongs here: the database, the server's processes and a client's way through the pages. What is
asked of them, and how fast they are, is said by the module that measures.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.access import make_actor
from app.database import upgrade_schema
from app.profiles.actions import NewProfile, create_providers
from app.profiles.encoding import encode_all
from app.profiles.values import MentorValues, ProviderValues
from app.ranking.indexing import DatabaseChangeSource
from app.transactions import writing
from matching.encoders.contract import TextEncoder
from matching.engine import Engine
from models.orm import create_engine_for
from models.vocabulary import Field, HelpMode, Language
from tests.bench.import_rate import make_profiles
from tests.factories import AT, PASSWORD, make_incubator, make_need, make_person, make_startup

REPOSITORY = Path(__file__).resolve().parents[2]
MENTORS = 1_000
_SECONDS_TO_START = 120
_SECONDS_KEPT_OPEN = 1

_TOKEN = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Founder:
    """Who logs in, for which startup, with which needs; all by public id but the address."""

    email: str
    startup: str
    needs: tuple[str, ...]


def fill(
    folder: Path,
    encoder: TextEncoder,
    needs: list[list[str]],
    *,
    database_url: str = "",
    mentors: int = MENTORS,
) -> list[Founder]:
    """A database with the mentors and a founder for each list of needs, in `folder` unless said."""
    database = create_engine_for(database_url or f"sqlite:///{folder}/yinqiao.db")
    upgrade_schema(database)
    engine = Engine(encoder, DatabaseChangeSource(database))
    values = [
        ProviderValues(
            name=f"Mentor {number}",
            headline=headline,
            summary=summary,
            can_help_with=offer,
            fields=(list(Field)[number % len(Field)],),
            languages=tuple(Language),
            capacity=3,
            open_to_all=True,
            extension=MentorValues(help_modes=(HelpMode.TECHNICAL_REVIEW,), hours_per_month=6),
        )
        for number, (headline, summary, offer) in enumerate(make_profiles(mentors))
    ]
    encoded = encode_all(engine, values)
    founders = []
    with Session(database) as session, writing(session):
        people = [make_person(session) for _ in needs]
        profiles = [NewProfile(*pair) for pair in zip(values, encoded, strict=True)]
        operator = make_person(session)
        make_incubator(session, operator=operator)
        made = create_providers(session, profiles=profiles, actor=make_actor(operator), at=AT)
        for provider in made:
            # Who is brought in by others stands on the open list only by an own word.
            provider.open_to_all = True
        for number, (person, texts) in enumerate(zip(people, needs, strict=True)):
            startup = make_startup(session, founder=person, name=f"Startup {number}")
            stated = [make_need(session, startup, text=text).public_id for text in texts]
            founders.append(Founder(person.email, startup.public_id, tuple(stated)))
    database.dispose()
    return founders


@contextmanager
def serve(
    folder: Path, *, processes: int, threads: int, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[int]:
    """The site of `folder` answers at the port that is given, until the end of the block.

    `more` are settings by the names of their variables.
    """
    with run_server(folder, processes=processes, threads=threads, more=more) as (port, _server):
        yield port


@contextmanager
def run_server(
    folder: Path, *, processes: int, threads: int, more: Mapping[str, str]
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """As `serve`, with the process of which those that answer are children."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "app.commands.cli",
        "serve",
        "--without-worker",
        "--port",
        str(port),
    ]
    command += ["--processes", str(processes), "--threads", str(threads)]
    environment = os.environ | {
        "YINQIAO_INSTANCE_PATH": str(folder),
        "YINQIAO_PREVIEWS_PER_MINUTE": "100000",
        **more,
    }
    server = subprocess.Popen(command, cwd=REPOSITORY, env=environment)  # noqa: S603
    try:
        _wait_for(port, server)
        yield port, server
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


class Client:
    """A founder who has logged in through the form and keeps the connection open meanwhile."""

    def __init__(self, port: int, founder: Founder) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._used_at = time.monotonic()
        self._founder = founder
        self._cookies: dict[str, str] = {}
        token = _read_token(self._get("/log-in"))
        form = {"email": founder.email, "password": PASSWORD, "csrf_token": token}
        self._send("/log-in", urlencode(form), "application/x-www-form-urlencoded", token)
        self._token = _read_token(self._get("/needs"))

    def preview(self, text: str) -> int:
        """Ask in JSON for the mentors of a need; how many came."""
        path = f"/api/startups/{self._founder.startup}/matches"
        body = json.dumps({"text": text, "kind": "mentor"})
        status, content = self._send(path, body, "application/json", self._token)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {content!r}")
        return len(json.loads(content))

    def store(self, need: str) -> None:
        """Press the button of a need: all kinds are looked for, and the run is stored."""
        path = f"/needs/{need}/matches"
        form = urlencode({"csrf_token": self._token})
        status, content = self._send(path, form, "application/x-www-form-urlencoded", self._token)
        if status != 303:
            raise RuntimeError(f"{path} answered {status}: {content!r}")

    def _get(self, path: str) -> bytes:
        return self._exchange("GET", path, None, self._list_headers())[1]

    def _send(self, path: str, body: str, content_type: str, token: str) -> tuple[int, bytes]:
        headers = self._list_headers() | {"Content-Type": content_type, "X-CSRFToken": token}
        return self._exchange("POST", path, body.encode(), headers)

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        # A server closes connections on which nothing comes; http.client opens the next by itself.
        if time.monotonic() - self._used_at > _SECONDS_KEPT_OPEN:
            self._connection.close()
        self._connection.request(method, path, body, headers)
        answer: HTTPResponse = self._connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                self._cookies[key] = kept
        self._used_at = time.monotonic()
        return answer.status, content

    def _list_headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}


def _read_token(page: bytes) -> str:
    found = _TOKEN.search(page)
    if found is None:
        raise RuntimeError("the page has no token against forgery")
    return found[1].decode()
