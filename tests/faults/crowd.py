"""People and programs at work on a served installation that is killed meanwhile.

Each act carries a mark of its own and is noted in the `Ledger`: acknowledged when it was answered
that it is done, open when the answer was lost and nobody knows. A program sends an act again, with
the same key, until it is answered or its patience ends; a browser does not.
"""

import json
import re
import threading
import time
from abc import ABC, abstractmethod
from base64 import b64encode
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from itertools import count
from random import Random
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.clock import now
from models.engagements import CoachingSession
from models.orm import new_public_id
from models.vocabulary import HelpMode
from tests.app.engagements.clients import make_token
from tests.app.imports.files import COMPLETE_MENTOR, make_csv_of
from tests.factories import (
    PASSWORD,
    admit,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.faults.installation import SECRET_KEY

_PATIENCE_SECONDS: Final = 3.0
_ANSWER_SECONDS: Final = 20.0
_THINKS: Final = (0.0, 0.1)
# Marks are hexadecimal.
_AS_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
_TOKEN: Final = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Founder:
    """By whom and for whom needs are stated."""

    token: str
    email: str
    startup: str
    first_need: str


@dataclass(slots=True)
class World:
    """Who is there, by tokens and public ids, and what they made that others go on from."""

    founders: list[Founder]
    # Tokens and providers.
    mentors: list[tuple[str, str]]
    operator: str
    incubator: str
    incubator_name: str
    # Meetings that are over, each with who coached and who was coached.
    over: list[tuple[str, str, str]]
    requested: list[tuple[str, int, Founder]] = field(default_factory=list)
    accepted: list[tuple[str, int, Founder]] = field(default_factory=list)
    hours: Any = field(default_factory=count)


def fill(session: Session, *, meetings: int) -> World:
    """Two founders, four mentors, an operator, and `meetings` that are over."""
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    coaches = [make_person(session) for _ in range(4)]
    helps = {"hours_per_month": 6, "help_modes": [HelpMode.TECHNICAL_REVIEW]}
    providers = [
        make_mentor(session, person=each, capacity=500, open_to_all=False, mentor=helps)
        for each in coaches
    ]
    for each in providers:
        admit(session, incubator, each)
    tokens = [make_token(session, each, SECRET_KEY) for each in coaches]
    founders, over = [], []
    for number in range(2):
        person = make_person(session)
        startup = make_startup(session, founder=person, incubator=incubator)
        need = make_need(session, startup)
        token = make_token(session, person, SECRET_KEY)
        founders.append(Founder(token, person.email, startup.public_id, need.public_id))
        for meeting in range(meetings):
            which = (number + meeting) % len(providers)
            engagement = make_engagement(
                session,
                make_need(session, startup),
                providers[which],
                state="accepted",
                requested_by=person,
                answered_at=now(),
            )
            ended = now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
            held = CoachingSession(
                engagement=engagement,
                state="confirmed",
                starts_at=ended - timedelta(hours=1),
                ends_at=ended,
                place="Room 2",
                proposed_by_side="provider",
                created_at=ended,
            )
            session.add(held)
            session.flush()
            over.append((held.public_id, tokens[which], token))
    mentors = [(token, each.public_id) for token, each in zip(tokens, providers, strict=True)]
    by_operator = make_token(session, operator, SECRET_KEY)
    return World(founders, mentors, by_operator, incubator.public_id, incubator.name, over)


class Ledger:
    """What everybody was told, by kind of act."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.done: defaultdict[str, list[str]] = defaultdict(list)
        self.open: defaultdict[str, list[str]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.mistakes: list[str] = []

    def acknowledge(self, kind: str, mark: str) -> None:
        with self._lock:
            self.done[kind].append(mark)

    def leave_open(self, kind: str, mark: str) -> None:
        with self._lock:
            self.open[kind].append(mark)

    def refuse(self, kind: str, code: str) -> None:
        with self._lock:
            self.refused[f"{kind}: {code}"] += 1

    def blame(self, told: str) -> None:
        """Answers that nobody ever wants."""
        with self._lock:
            self.mistakes.append(told)

    def count(self) -> int:
        """How many acts were acknowledged."""
        with self._lock:
            return sum(map(len, self.done.values()))


def name_row(mark: str, number: int) -> str:
    """Who stands in a row of the file of `mark`; its digits as letters, for a row of digits in
    place of a name is refused."""
    return f"{mark.translate(_AS_LETTERS)}-{number}"


def list_rows(mark: str, number: int) -> bytes:
    """A file of mentors, all of whose names tell of `mark`."""
    rows = [
        dict(COMPLETE_MENTOR) | {"导师姓名": name_row(mark, n), "邮箱": f"{mark}-{n}@example.org"}
        for n in range(number)
    ]
    return make_csv_of(*rows)


class Client(threading.Thread, ABC):
    """Somebody who does one thing after another until `stop`."""

    def __init__(self, port: int, world: World, ledger: Ledger, seed: int) -> None:
        super().__init__(name=f"{type(self).__name__} {seed}", daemon=True)
        self.port, self.world, self.ledger = port, world, ledger
        self.chance = Random(seed)  # noqa: S311  (no secret)
        self.stop = threading.Event()
        self.tag = ""

    def run(self) -> None:
        while not self.stop.wait(self.chance.uniform(*_THINKS)):
            self.take_a_step()

    @abstractmethod
    def take_a_step(self) -> None:
        """Do one thing, and note what came of it."""

    def do(
        self, token: str, path: str, body: Any, *, act: str, mark: str, **headers: str
    ) -> dict[str, Any] | None:
        """What came of an act; None where it was refused or nobody knows."""
        head = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": new_public_id(),
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        method = "PATCH" if headers else "POST"
        until, was_lost = time.monotonic() + _PATIENCE_SECONDS, False
        while True:
            status, content = self.send(method, f"/api/v1{path}", json.dumps(body), head)
            told = json.loads(content) if status else {}
            code = told.get("code", "")
            if 200 <= status < 300 or code == "answer_lost":
                self.ledger.acknowledge(act, mark)
                return dict(told)
            if status == 500:
                self.ledger.blame(f"{act} {path}: {told}")
            if status not in (0, 503) and code != "still_running":
                if was_lost:
                    self.ledger.leave_open(act, mark)
                else:
                    self.ledger.refuse(act, code or str(status))
                return None
            was_lost = True
            if time.monotonic() > until:
                self.ledger.leave_open(act, mark)
                return None
            time.sleep(0.1)

    def send(self, method: str, path: str, body: str, head: dict[str, str]) -> tuple[int, bytes]:
        """Status and content of one request; 0 where none came."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_ANSWER_SECONDS)
        try:
            connection.request(method, path, body.encode() or None, head)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            connection.close()
        self.tag = answer.headers.get("ETag", "")
        for value in answer.headers.get_all("Set-Cookie", []):
            self.take_cookie(value)
        return answer.status, content

    def take_cookie(self, value: str) -> None:
        """Programs keep none."""


class FounderProgram(Client):
    """States needs, asks for mentors, writes to them, keeps documents, judges meetings."""

    def take_a_step(self) -> None:
        founder = self.chance.choice(self.world.founders)
        mark = new_public_id()
        match self.chance.randrange(5):
            case 0 | 1:
                self._ask_for_a_mentor(founder, mark)
            case 2:
                if self.world.accepted:
                    engagement, _, asked_by = self.chance.choice(self.world.accepted)
                    path = f"/engagements/{engagement}/messages"
                    self.do(asked_by.token, path, {"text": mark}, act="message", mark=mark)
            case 3:
                content = b64encode(mark.encode() * 500).decode()
                body = {
                    "content": content, "declared": True, "filename": "a.txt",
                    "kind": "other", "title": mark,
                }  # fmt: skip
                path = f"/organisations/startup-{founder.startup}/documents"
                self.do(founder.token, path, body, act="document", mark=mark)
            case _:
                if self.world.over:
                    meeting, coach, coached = self.world.over.pop()
                    path = f"/sessions/{meeting}"
                    if self.do(coach, f"{path}/held", {}, act="held", mark=meeting) is not None:
                        body = {"rating": 5, "wants_to_continue": True, "comment": mark}
                        self.do(coached, f"{path}/feedback", body, act="feedback", mark=mark)

    def _ask_for_a_mentor(self, founder: Founder, mark: str) -> None:
        text = "We look for whoever ran a wafer line, since our yield stays low."
        stated = {"startup": founder.startup, "title": mark, "kind": "mentoring", "text": text}
        need = self.do(founder.token, "/needs", stated, act="need", mark=mark)
        if need and "id" in need:
            which = self.chance.randrange(len(self.world.mentors))
            body = {"need": need["id"], "provider": self.world.mentors[which][1], "message": mark}
            made = self.do(founder.token, "/engagements", body, act="request", mark=mark)
            if made and "id" in made:
                self.world.requested.append((made["id"], which, founder))


class MentorProgram(Client):
    """Answers requests, plans meetings, which founders confirm, and rewrites profiles."""

    def take_a_step(self) -> None:
        if self.world.requested and self.chance.random() < 0.6:
            engagement, which, founder = self.world.requested.pop()
            token, path = self.world.mentors[which][0], f"/engagements/{engagement}"
            if self.do(token, f"{path}/accept", {}, act="accept", mark=engagement) is not None:
                self.world.accepted.append((engagement, which, founder))
                self._plan(token, path, founder)
        else:
            self._rewrite(*self.chance.choice(self.world.mentors))

    def _plan(self, token: str, path: str, founder: Founder) -> None:
        mark = new_public_id()
        begins = now().replace(minute=0, second=0, microsecond=0)
        begins += timedelta(days=3, hours=next(self.world.hours))
        plan = {"starts_at": _write(begins), "ends_at": _write(begins + timedelta(hours=1))}
        body = plan | {"place": mark}
        made = self.do(token, f"{path}/sessions", body, act="meeting", mark=mark)
        if made and "id" in made:
            confirm = {"sequence": made["sequence"]}
            path = f"/sessions/{made['id']}/confirm"
            self.do(founder.token, path, confirm, act="confirm", mark=made["id"])

    def _rewrite(self, token: str, provider: str) -> None:
        head = {"Authorization": f"Bearer {token}"}
        status, _ = self.send("GET", f"/api/v1/providers/{provider}", "", head)
        if status == 200:
            mark, tag = new_public_id(), self.tag
            body = {"can_help_with": f"Reads your defect maps. {mark}"}
            path = f"/providers/{provider}"
            self.do(token, path, body, act="rewrite", mark=f"{provider} {mark}", If_Match=tag)


class OperatorProgram(Client):
    """Brings in small files of mentors, one after another."""

    def take_a_step(self) -> None:
        mark = new_public_id()
        content = b64encode(list_rows(mark, 2)).decode()
        body = {"kind": "mentors", "filename": "mentors.csv", "content": content}
        path = f"/incubators/{self.world.incubator}/imports"
        made = self.do(self.world.operator, path, body, act="preview", mark=mark)
        if made and "id" in made:
            path = f"/imports/{made['id']}/apply"
            self.do(self.world.operator, path, {}, act="import", mark=mark)
        self.stop.wait(0.5)


class Browser(Client):
    """A founder in front of a browser, who sends each form once."""

    def __init__(self, port: int, world: World, ledger: Ledger, seed: int) -> None:
        super().__init__(port, world, ledger, seed)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def take_cookie(self, value: str) -> None:
        name, _, kept = value.partition(";")[0].partition("=")
        self._cookies[name] = kept

    def take_a_step(self) -> None:
        founder = self.world.founders[0]
        if not self._token:
            self._read_token("/log-in")
            self._post("/log-in", {"email": founder.email, "password": PASSWORD})
            self._read_token(f"/startups/{founder.startup}/needs/new")
            return
        mark = new_public_id()
        form = {"title": mark, "kind": "mentoring", "text": "Who ran a wafer line?"}
        status, content = self._post(f"/startups/{founder.startup}/needs/new", form)
        if status in (302, 303):
            self.ledger.acknowledge("need", mark)
        elif status in (0, 503):
            self.ledger.leave_open("need", mark)
            self.stop.wait(0.5)
        elif status == 500:
            self.ledger.blame(f"a form: {content!r}")
        else:
            self.ledger.refuse("form", str(status))
            self._token = ""

    def _read_token(self, path: str) -> None:
        _, content = self.send("GET", path, "", self._make_head())
        if found := _TOKEN.search(content):
            self._token = found[1].decode()

    def _post(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        head = self._make_head() | {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(form | {"csrf_token": self._token}), head)

    def _make_head(self) -> dict[str, str]:
        kept = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {"Cookie": kept, "Origin": f"http://127.0.0.1:{self.port}"}


def _write(at: datetime) -> str:
    return at.isoformat()
