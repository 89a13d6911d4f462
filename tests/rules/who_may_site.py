"""A site with two tenants that is asked everything in everybody's name, and keeps none of it."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app
from app.access import Actor, is_permitted, make_actor
from app.errors import DomainError
from app.extensions import db
from app.settings import Settings
from app.vault.storage.port import KeptFile
from app.web.guard import PUBLIC, Loader, get_declaration, get_subject
from app.web.identity import ACTING_FOR, ACTING_WITHIN
from app.web.problem_details import VERSION_PATH
from models.orm import new_public_id
from models.people import Person
from tests.app.vault.scenes import PDF
from tests.app.web.programs import Program
from tests.factories import log_in
from tests.posting import RAW_TOKEN, sign_form_token
from tests.rules.who_may_people import Marked, Row, settle

# Nobody has it, and it has the right shape.
NOBODY = "0123456789abcdef"

# Endpoints that look their thing up by themselves, and in which table.
LOOKED_UP = {
    "accounts.begin_acting": "person",
    "accounts.disconnect_provider": "provider_link",
    "accounts.end_log_in": "log_in",
    "accounts.remove_passkey": "passkey",
    "home.open_notice": "notice",
    "home.read_notice": "notice",
    "home_api.read_notice": "notice",
    "pools.apply_to_pool": "incubator",
    "pools.show_incubator": "incubator",
}
# Organisations, which an address also names by their kind and id.
_NAMED_BY_KIND = ("startup", "provider", "incubator")

# Parts of an address beside the thing that the route loads; any other is one that nothing has.
BESIDE = {
    "action": "admit",
    "purpose": "open_list",
    "code": "S1",
    "ending": "csv",
    "item": "1",
    "key": "nobody",
    "kind": "mentors",
    "filename": "nothing.css",
    "number": "1",
    "outage_id": "1",
}

_WORD = re.compile(r"qz([0-9]+)zq")

_REFUSED = (401, 403, 404)
_KNOWN_STATUSES = (200, 201, 202, 204, 302, 303, 304, 400, 409, 412, 413, 415, 422, 428, 503)


class Asked(NamedTuple):
    """One method of one address, as the two tables name it."""

    method: str
    endpoint: str

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


class Found(NamedTuple):
    """What came of asking in everybody's name: role and whose thing; role, column and whose row."""

    let_in: frozenset[tuple[str, str]]
    read: frozenset[tuple[str, str, str]]
    wrong: tuple[str, ...]


class Thing(NamedTuple):
    """Something that a route can load."""

    public_id: str
    whose: str
    state: str


class _Caller(NamedTuple):
    """The cookie of a browser and the token of a program; neither changes by what is answered."""

    cookie: str
    program: Program | None
    actor: Actor | None


def list_asked(app: Flask) -> dict[Asked, Rule]:
    """Every method of every route and operation, from the URL map."""
    return {
        Asked(method, rule.endpoint): rule
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }


class _Files:
    """The files of the documents in the world: none is written, and none goes."""

    def put(self, key: str, content: bytes) -> None:
        pass

    def read(self, key: str) -> bytes:
        return next(each for each in (PDF, PDF + b"\n") if sha256(each).hexdigest() in key)

    def remove(self, key: str) -> None:
        pass

    def list_files(self) -> Iterator[KeptFile]:
        return iter(())


class Site:
    """Two tenants, everybody with a browser and a program."""

    def __init__(self, app: Flask, *, has_words: bool = True) -> None:
        self.app = app
        app.extensions["yinqiao_file_store"] = _Files()
        self._client = app.test_client(use_cookies=False)
        self.form_token = sign_form_token(app)
        self.asked = list_asked(app)
        self._marked = Marked(has_words=has_words)
        self._things: dict[Loader, list[Thing]] = {}
        self._permitted: dict[tuple[Loader, str], set[tuple[Actor, str]]] = {}
        self._personal: set[Loader] = set()
        with app.app_context():
            people = settle(db.session, self._marked)
            db.session.commit()
            ids = {
                name: (person.id, other.id if other else None, within)
                for name, (person, other, within) in people.items()
            }
        cookie = _read_cookie(app.test_client(), {})
        self.callers = {"stranger": _Caller(cookie, None, None)} | {
            name: self._call_as(*each) for name, each in ids.items()
        }

    def ask(self, asked: Asked) -> Found:
        """Ask in everybody's name; nothing is changed.

        Who has the permission over which things is worked out for all of them. Sent is then what
        the guard should let in, each kind and state of each tenant once; what a stranger asks; and
        for one of those whom it should refuse, another one for each address.
        """
        rule = self.asked[asked]
        let_in, read, wrong = set(), set(), []
        if not self._list_things(rule):
            wrong.append(f"{asked} finds nothing in the world of the rules")
        for role, thing, is_expected in self._choose(asked, rule):
            answer = self._send(asked, role, thing)
            told = f"{asked} for {role} about {thing.whose} {thing.state}: {answer.status_code}"
            is_refused = _is_refusal(answer)
            if answer.status_code not in (*_REFUSED, *_KNOWN_STATUSES):
                wrong.append(told)
            if role == "stranger" and is_expected is False and answer.status_code not in (303, 401):
                wrong.append(f"{told}, which sends nobody to log in")
            if is_expected is False and not is_refused:
                wrong.append(f"{told}, though the permission is not theirs")
            if not is_refused:
                let_in.add((role, thing.whose))
            read |= {(role, *self._marked.sources[word]) for word in _list_words(answer)}
        return Found(frozenset(let_in), frozenset(read), tuple(wrong))

    def list_allowed(
        self, asked: Asked, roles: Collection[str], *, each_state: bool = False
    ) -> list[tuple[str, Thing]]:
        """Who of `roles` is let in to `asked`, and about which of the things of their own tenant.

        Each is named with one thing, or with one in each state; where no table says who is let in,
        all of `roles` are. Empty where nothing in the world has such an address.
        """
        rule = self.asked[asked]
        tell = _tell_states if each_state else _tell_tenants
        things = [thing for thing in self._list_things(rule) if thing.whose in ("-", "here")]
        permission = get_declaration(self.app, rule.endpoint) or PUBLIC
        is_open = permission == PUBLIC or rule.endpoint in LOOKED_UP
        allowed = []
        for role in roles:
            caller = self.callers[role]
            theirs = things
            if not is_open:
                theirs = (caller.actor and self._list_theirs(rule.endpoint, caller, things)) or []
            allowed += [(role, thing) for thing in _choose_some(theirs, tell)]
        return allowed

    def get_address(self, asked: Asked, thing: Thing) -> str:
        """Where `asked` is asked about `thing`."""
        rule = self.asked[asked]
        named = self._get_argument(rule)
        parts = {
            name: thing.public_id if name == named else BESIDE.get(name, NOBODY)
            for name in rule.arguments
        }
        urls = self.app.url_map.bind("localhost")
        return urls.build(rule.endpoint, parts, method=asked.method)

    def open(self, method: str, address: str, role: str, **body: Any) -> TestResponse:
        """What `role` is answered; forms carry the token `form_token`, programs a key."""
        caller = self.callers[role]
        head: dict[str, str] = {"Cookie": caller.cookie, "Origin": "http://localhost"}
        if address.startswith(VERSION_PATH):
            if caller.program is not None:
                head["Authorization"] = f"Bearer {caller.program.secret}"
            head["Idempotency-Key"] = new_public_id()
        answer: TestResponse = self._client.open(address, method=method, headers=head, **body)
        return answer

    def _call_as(self, person_id: int, other_id: int | None, within: int | None) -> _Caller:
        client = self.app.test_client()
        with self.app.app_context():
            person = db.session.get_one(Person, person_id)
            other = None if other_id is None else db.session.get_one(Person, other_id)
            actor = make_actor(person, on_behalf_of=other, within_incubator_id=within)
            acted_for = other.public_id if other else None
            db.session.expunge_all()
        log_in(client, person)
        if acted_for is None:
            return _Caller(_read_cookie(client, {}), Program(self.app, person), actor)
        acting = {ACTING_FOR: acted_for, ACTING_WITHIN: within}
        return _Caller(_read_cookie(client, acting), None, actor)

    def _send(self, asked: Asked, role: str, thing: Thing) -> TestResponse:
        body: dict[str, Any] = {}
        if asked.method != "GET":
            for_program = self.asked[asked].rule.startswith(VERSION_PATH)
            body = {"json": {}} if for_program else {"data": {"csrf_token": self.form_token}}
        return self.open(asked.method, self.get_address(asked, thing), role, **body)

    def _get_argument(self, rule: Rule) -> str | None:
        if found := get_subject(self.app, rule.endpoint):
            return found[1]
        return "public_id" if rule.endpoint in LOOKED_UP else None

    def _choose(self, asked: Asked, rule: Rule) -> list[tuple[str, Thing, bool | None]]:
        """Who asks about what, and whether they should be let in; None where no table says so."""
        for_program = rule.rule.startswith(VERSION_PATH)
        roles = [
            role
            for role, caller in self.callers.items()
            if not for_program or caller.program is not None or caller.actor is None
        ]
        things = self._list_things(rule) or [Thing(NOBODY, "-", "")]
        permission = get_declaration(self.app, rule.endpoint) or PUBLIC
        if permission == PUBLIC or rule.endpoint in LOOKED_UP:
            return [
                (role, thing, None)
                for role in roles
                for thing in _choose_some(things, _tell_tenants)
            ]
        tell = _tell_states if asked.method == "GET" else _tell_tenants
        chosen: list[tuple[str, Thing, bool | None]] = [("stranger", things[0], False)]
        refused: list[tuple[str, Thing]] = []
        for role in roles[1:]:
            theirs = self._list_theirs(rule.endpoint, self.callers[role], things)
            refused += [(role, thing) for thing in things if thing not in theirs]
            chosen += [(role, thing, True) for thing in _choose_some(theirs, tell)]
        if refused:
            # Another one for each address, the same in each run.
            chosen.append((*refused[zlib.crc32(str(asked).encode()) % len(refused)], False))
        return chosen

    def _list_things(self, rule: Rule) -> list[Thing]:
        """What the address of `rule` can name, in any tenant."""
        if self._get_argument(rule) is None:
            return [Thing("", "-", "")]
        found = get_subject(self.app, rule.endpoint)
        if found is None:
            table = LOOKED_UP[rule.endpoint]
            return [
                self._tell(each) for each, row in self._marked.rows.items() if row.table == table
            ]
        load = found[0]
        if load not in self._things:
            known = self._find_known(load)
            self._things[load] = [
                Thing(name, row.whose, row.state)
                for public_id, row in self._marked.rows.items()
                for name in _list_names(public_id, row)
                if name in known
            ]
        return self._things[load]

    def _find_known(self, load: Loader) -> set[str]:
        """What `load` finds for anybody here, by what stands in an address."""
        try:
            with self.app.app_context():
                names = self._list_candidates(load)
                return {name for name in names if _load(load, name) is not None}
        except RuntimeError:
            # It looks at who asks, as some do that must not tell that something is there.
            self._personal.add(load)
        known: set[str] = set()
        with self.app.test_request_context(f"{VERSION_PATH}/"):
            for caller in self.callers.values():
                if caller.actor is not None:
                    g.actor = caller.actor
                    names = self._list_candidates(load)
                    known |= {n for n in names if n not in known and _load(load, n) is not None}
        return known

    def _list_candidates(self, load: Loader) -> list[str]:
        """The names of those rows whose tables `load` reads when it finds nothing.

        There are hundreds of rows, each of which would be asked for; all of them are when it reads
        no table at all.
        """
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
            statements.append(statement)

        nothing = [NOBODY, *(f"{kind}-{NOBODY}" for kind in _NAMED_BY_KIND)]
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            for name in nothing:
                assert _load(load, name) is None
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        read = set(re.findall(r"\w+", " ".join(statements)))
        return [
            name
            for public_id, row in self._marked.rows.items()
            if not statements or row.table in read
            for name in _list_names(public_id, row)
        ]

    def _tell(self, public_id: str) -> Thing:
        row = self._marked.rows[public_id]
        return Thing(public_id, row.whose, row.state)

    def _list_theirs(self, endpoint: str, caller: _Caller, things: list[Thing]) -> list[Thing]:
        """Over which of `things` the caller has the permission that the endpoint asks for."""
        permission = get_declaration(self.app, endpoint) or PUBLIC
        found = get_subject(self.app, endpoint)
        assert caller.actor is not None
        if found is None:
            return things if is_permitted(caller.actor, permission) else []
        key = (found[0], permission)
        if key not in self._permitted:
            self._permitted[key] = self._find_permitted(found[0], permission, things)
        return [t for t in things if (caller.actor, t.public_id) in self._permitted[key]]

    def _find_permitted(
        self, load: Loader, permission: str, things: list[Thing]
    ) -> set[tuple[Actor, str]]:
        """Who has `permission` over which of `things`."""
        actors = [caller.actor for caller in self.callers.values() if caller.actor is not None]
        permitted = set()
        with self.app.test_request_context(f"{VERSION_PATH}/"):
            for thing in things:
                subject = None
                for actor in actors:
                    # What looks at who asks is loaded for each of them.
                    g.actor = actor
                    if subject is None or load in self._personal:
                        subject = _load(load, thing.public_id)
                    if subject is not None and is_permitted(actor, permission, subject):
                        permitted.add((actor, thing.public_id))
        return permitted


@contextmanager
def open_site(url: str, folder: Path, *, has_words: bool = True) -> Iterator[Site]:
    """A site on the empty database at `url` that keeps nothing of what is asked of it.

    With `has_words` each typed text ends in a word that tells whose it is.
    """
    app = create_app(
        Settings(
            instance_path=folder / "instance",
            database_url=url,
            secret_key="only for tests",
            encoder="hashing",
            testing=True,
            requests_per_minute=1_000_000,
        )
    )
    site = Site(app, has_words=has_words)
    with pytest.MonkeyPatch.context() as patch:
        # Each request sees what it did and takes it back at its end.
        patch.setattr(Session, "commit", Session.flush)
        yield site
    with app.app_context():
        db.engine.dispose()


def _list_names(public_id: str, row: Row) -> list[str]:
    """How an address may name a row: by its id, an organisation also by its kind and that."""
    if row.table in _NAMED_BY_KIND:
        return [public_id, f"{row.table}-{public_id}"]
    return [public_id]


def _load(load: Loader, public_id: str) -> object | None:
    try:
        return load(db.session, public_id)
    except DomainError:
        # Whoever asks must not know of it.
        return None


def _tell_tenants(thing: Thing) -> tuple[str, ...]:
    return (thing.whose,)


def _tell_states(thing: Thing) -> tuple[str, ...]:
    return (thing.whose, thing.state)


def _choose_some(things: Iterable[Thing], tell: Callable[[Thing], tuple[str, ...]]) -> list[Thing]:
    """The first of those that `tell` does not tell apart."""
    chosen: dict[tuple[str, ...], Thing] = {}
    for thing in things:
        chosen.setdefault(tell(thing), thing)
    return list(chosen.values())


def _read_cookie(client: FlaskClient, more: Mapping[str, object]) -> str:
    """The cookie of `client` with `more` and the secret of its forms in it."""
    with client.session_transaction() as cookie:
        cookie.update(more, csrf_token=RAW_TOKEN)
    kept = client.get_cookie("session")
    assert kept is not None
    return f"session={kept.value}"


def _is_refusal(answer: TestResponse) -> bool:
    if answer.status_code in _REFUSED:
        return True
    return answer.status_code == 303 and answer.headers["Location"].startswith("/log-in")


def _list_words(answer: TestResponse) -> set[str]:
    """The words of rows in a body, also in one that is an archive or a sheet."""
    body = answer.get_data()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    head = " ".join(f"{name} {value}" for name, value in answer.headers)
    return set(_WORD.findall(body.decode("utf-8", "replace") + head))
