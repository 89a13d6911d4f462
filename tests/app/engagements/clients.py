"""Programs of many people against one served site, all of whom ask at the same moment."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actions import create_token
from app.clock import now
from app.scopes import ALL
from app.signing import Signer
from models.orm import new_public_id
from models.people import Person
from tests.factories import act_as

# No answer comes later, however busy the machine is; it bounds nothing else.
_PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Ask:
    """What one program asks, with the token of its person."""

    token: str
    method: str
    path: str
    body: Any = None


@dataclass(frozen=True, slots=True)
class Told:
    """What came back."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """Why not, as a problem says it; "" where it was done."""
        return "" if self.status < 300 else str(self.body["code"])


def make_token(session: Session, person: Person, secret_key: str) -> str:
    """The secret of a token of `person`, good for a day."""
    made = create_token(
        session,
        person=person,
        name="a program",
        scopes=(ALL,),
        days=1,
        signer=Signer(secret_key),
        actor=act_as(person),
        at=now(),
    )
    return made.secret


def ask(port: int, wanted: Ask) -> Told:
    """One request on a connection of its own."""
    return ask_at_once(port, [wanted])[0]


def ask_at_once(port: int, wanted: Sequence[Ask]) -> list[Told]:
    """Each of `wanted` on a connection of its own, sent once all of them are open."""
    barrier = threading.Barrier(len(wanted))
    told: list[Told | None] = [None] * len(wanted)

    def send(number: int, each: Ask) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
        connection.connect()
        barrier.wait(_PATIENCE_SECONDS)
        body = None if each.body is None else json.dumps(each.body)
        connection.request(each.method, f"/api/v1{each.path}", body, _make_head(each))
        answer = connection.getresponse()
        told[number] = Told(answer.status, json.loads(answer.read()))
        connection.close()

    threads = [threading.Thread(target=send, args=pair) for pair in enumerate(wanted)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = [each for each in told if each is not None]
    assert len(answers) == len(wanted), "somebody got no answer"
    return answers


def _make_head(each: Ask) -> Mapping[str, str]:
    return {
        "Authorization": f"Bearer {each.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": new_public_id(),
    }
