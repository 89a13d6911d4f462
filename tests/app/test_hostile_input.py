"""Nothing that somebody can send makes the application fail: whatever comes is answered in words.

Every route is asked by every role, with nasty values in its address, and every form that those
pages show is sent with nasty values in its fields. Which routes, forms and names of query values
there are is read from the application, so that a new one is covered the moment it exists.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

import app as application
from app.access import make_actor
from app.accounts import passwords
from app.engagements.actions import engagements as engagement_actions
from app.engagements.actions import sessions as session_actions
from app.extensions import db
from models.imports import ImportBatch, ImportKind
from models.orm import Base
from models.people import Person
from models.vocabulary import Role
from tests.factories import (
    admit,
    join,
    log_in,
    make_centre,
    make_engagement,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.posting import post

pytestmark = pytest.mark.fuzz

# Would run in a reader's browser if a page showed it as it is.
SCRIPT = "<script>alert(1)</script>"

NASTY = (
    "",
    "\0",
    "a\0b",
    "9" * 5000,
    "9223372036854775808",
    "-1",
    "0",
    "²",
    "٣",
    "NaN",
    "1e309",
    f"{SCRIPT}\"'{{{{7*7}}}}%(name)s%s",
    "javascript:alert(1)",
    "https://[",
    "//example.com",
    "a@b\r\nBcc: c@example.com",
    "../../etc/passwd",
    "9999-12-31",
    "23:45",
    "America",
    "\u202e\u200b\U0001f9d1\u200d\U0001f680ﷺ" * 50,
    "长" * 9000,
)

# What a query value or a part of a path can hold beyond text: bytes that are no UTF-8.
NASTY_BYTES = (*(text.encode()[:5000] for text in NASTY), b"\xed\xa0\x80", b"\xff\xfe")

VISITOR = "visitor"

FIELDS_AT_ONCE = 4

# Fewer than this many different forms, and the reading of pages would be what is broken.
LEAST_FORMS = 40

# Fewer names of query values than this, and the noting of names would be what is broken.
LEAST_VALUES = 20

_FIELD_TAGS = ("input", "textarea", "select", "button")

_QUERY_NAME = re.compile(r"""request\.args(?:\.get\(|\[)\s*["'](\w+)["']""")


@dataclass
class _Form:
    """A form of a page: where it goes, and what it holds before anybody types."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _FormReader(HTMLParser):
    """Collects the forms of a page that are sent with POST."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._form: _Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = _Form(values.get("action", "")) if values.get("method") == "post" else None
            if self._form is not None:
                self.forms.append(self._form)
        elif tag in _FIELD_TAGS and self._form is not None and values.get("name"):
            self._form.fields.setdefault(values["name"], values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


@dataclass
class _World:
    """People by their role, and the ids that stand in addresses, by an address's first part."""

    people: dict[str, Person]
    ids: dict[str, list[str]]


@pytest.fixture
def world(app: Flask) -> Iterator[_World]:
    """Two incubators with everything that has an address; the people can be read afterwards."""
    with app.app_context():
        world = _build(db.session)
        db.session.commit()
        for person in world.people.values():
            db.session.refresh(person)
        db.session.expunge_all()
    yield world


def _build(session: Session) -> _World:
    people = {
        role: make_person(session, time_zone="UTC" if role == "founder" else "Asia/Shanghai")
        for role in ("founder", "mentor", "investor", "centre", "operator", "stranger", "regulator")
    }
    incubator = make_incubator(session, operator=people["operator"])
    startup = make_startup(session, founder=people["founder"], incubator=incubator)
    mentor = make_mentor(session, person=people["mentor"], open_to_all=False, capacity=50)
    entry = admit(session, incubator, mentor)
    other = make_incubator(session)
    invited = admit(session, other, mentor, "invited")
    applied = admit(session, incubator, make_mentor(session), "applied")
    investor = make_investor(session, person=people["investor"])
    centre = make_centre(session, person=people["centre"])
    join(session, people["regulator"], Role.REGULATOR, place_code="310000")
    needs = [make_need(session, startup, title=f"Need {number}") for number in range(3)]
    draft = make_need(session, startup, title="Draft", text="", state="draft")
    by_founder, by_mentor = make_actor(people["founder"]), make_actor(people["mentor"])
    engagements = [
        make_engagement(session, need, mentor, requested_by=people["founder"]) for need in needs
    ]
    present = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    sessions = []
    for engagement, days in ((engagements[1], 2), (engagements[2], 3)):
        engagement_actions.accept(session, engagement=engagement, actor=by_mentor, at=present)
        proposed = session_actions.propose(
            session,
            engagement=engagement,
            starts_at=present + timedelta(days=days),
            ends_at=present + timedelta(days=days, hours=1),
            place="Room 1",
            link="",
            actor=by_mentor,
            at=present,
        )
        sessions.append(proposed)
    session_actions.confirm(session, coaching_session=sessions[1], actor=by_founder, at=present)
    session_actions.record_held(
        session, coaching_session=sessions[1], actor=by_founder, at=sessions[1].ends_at
    )
    batch = ImportBatch(
        incubator_id=incubator.id, kind=ImportKind.MENTORS, filename="a.csv", created_at=present
    )
    session.add(batch)
    session.flush()

    def name(*records: Base) -> list[str]:
        return [record.public_id for record in records]  # type: ignore[attr-defined]

    return _World(
        people,
        {
            "startups": name(startup),
            "providers": name(mentor, investor, centre),
            "incubators": name(incubator),
            "pool-entries": name(entry, invited, applied),
            "needs": name(needs[0], draft),
            "engagements": name(*engagements),
            "sessions": name(*sessions),
            "imports": name(batch),
            "acting": name(people["mentor"]),
            "notices": ["0123456789abcdef"],
            "matches": ["0123456789abcdef"],
            "invitations": ["0123456789abcdef"],
        },
    )


def _quote(value: bytes) -> str:
    return quote_from_bytes(value, safe="")


@cache
def _list_query_names() -> list[str]:
    """The names under which some view reads the query, and the fields of the filter form."""
    root = Path(application.__file__).parent
    names = {n for path in root.rglob("*.py") for n in _QUERY_NAME.findall(path.read_text())}
    return sorted(names | {"text", "kind", "field", "place_code", "order", "sequence"})


def _fill(pattern: str, world: _World, nasty: bytes | None) -> str:
    """The address of a route: with ids that exist, or with `nasty` in place of each of them."""
    known = world.ids.get(pattern.split("/")[1], ["0123456789abcdef"])
    first = True

    def replace(match: re.Match[str]) -> str:
        nonlocal first
        value = known[0] if first else world.ids["providers"][0]
        first = False
        return value if nasty is None else _quote(nasty)

    return re.sub(r"<[^>]+>", replace, pattern)


def _list_addresses(app: Flask, world: _World, method: str) -> Iterator[tuple[str, str]]:
    """Each route that takes `method` and who asks for it: everybody with ids that exist, and with
    nasty ones those whom no permission stops before they are looked up."""
    nasty = cycle(NASTY_BYTES)
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or rule.endpoint.endswith("static"):
            continue
        for role in (VISITOR, *world.people):
            yield role, _fill(rule.rule, world, None)
        if "<" in rule.rule:
            for role in ("founder", "operator"):
                yield role, _fill(rule.rule, world, next(nasty))
                yield role, _fill(rule.rule, world, b"a\0b")


def _expect_words(answer: TestResponse, sent: object) -> None:
    # Where there is no worker, the installation says that it is not ready: that is no mistake.
    is_said = answer.request.path == "/readyz" and answer.status_code == 503
    assert answer.status_code < 500 or is_said, (answer.request.path, sent)
    if answer.mimetype == "text/html":
        page = answer.get_data(as_text=True)
        assert "Traceback" not in page, (answer.request.path, sent)
        assert SCRIPT not in page, (answer.request.path, sent)


@pytest.fixture
def clients(app: Flask, world: _World) -> dict[str, FlaskClient]:
    """A browser for each role."""
    clients = {VISITOR: app.test_client()}
    for role, person in world.people.items():
        clients[role] = app.test_client()
        log_in(clients[role], person)
    return clients


def test_no_address_makes_a_page_fail(
    app: Flask, world: _World, clients: dict[str, FlaskClient]
) -> None:
    names, nasty = cycle(_list_query_names()), cycle(NASTY_BYTES)
    for role, address in _list_addresses(app, world, "GET"):
        query = f"{next(names)}={_quote(next(nasty))}&{next(names)}={_quote(next(nasty))}"
        _expect_words(clients[role].get(f"{address}?{query}"), query)


class _NotingArgs(ImmutableMultiDict[str, str]):
    """Query values that note under which names a view asks for them."""

    # Set while a view is at work.
    asked: "set[str] | None" = None

    def _note(self, *names: str) -> None:
        if _NotingArgs.asked is not None:
            _NotingArgs.asked.update(names)

    def __contains__(self, name: object) -> bool:
        self._note(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> str:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self._note(name)
        return super().get(name, *args, **kwargs)

    def getlist(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self._note(name)
        return super().getlist(name, *args, **kwargs)

    def __iter__(self) -> Iterator[str]:
        # Whoever goes through all of them reads every name there is.
        self._note(*_list_query_names())
        return super().__iter__()

    def items(self, *args: Any, **kwargs: Any) -> Any:
        self._note(*_list_query_names())
        return super().items(*args, **kwargs)

    def lists(self) -> Any:
        self._note(*_list_query_names())
        return super().lists()

    def values(self) -> Any:
        self._note(*_list_query_names())
        return super().values()

    def to_dict(self, *args: Any, **kwargs: Any) -> Any:
        self._note(*_list_query_names())
        return super().to_dict(*args, **kwargs)

    def copy(self) -> Any:
        self._note(*_list_query_names())
        return super().copy()


@contextmanager
def _noting_names(app: Flask, endpoint: str) -> Iterator[set[str]]:
    """The names under which the view of `endpoint` asks for query values meanwhile."""
    asked: set[str] = set()
    view = app.view_functions[endpoint]

    def watched(*args: Any, **kwargs: Any) -> Any:
        _NotingArgs.asked = asked
        try:
            return view(*args, **kwargs)
        finally:
            _NotingArgs.asked = None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.request_class, "parameter_storage_class", _NotingArgs)
        patch.setitem(app.view_functions, endpoint, watched)
        yield asked


def test_no_query_value_makes_a_list_fail(app: Flask, clients: dict[str, FlaskClient]) -> None:
    # One name at a time, because one value that is refused hides what the others would do. The
    # lists of an operator are shown at all only where the incubator is left out. A value that the
    # view does not ask for cannot make it fail: it is told by the first request, with a name that
    # nobody knows, for which names it asks when no other is there.
    client = clients["operator"]
    named: set[tuple[str, str]] = set()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and "<" not in rule.rule:
            with _noting_names(app, rule.endpoint) as asked:
                _expect_words(client.get(f"{rule.rule}?nobody-knows=1"), rule.rule)
            for name in sorted(asked - {"incubator", "nobody-knows"}):
                named.add((rule.rule, name))
                for value in NASTY_BYTES:
                    answer = client.get(f"{rule.rule}?{name}={_quote(value)}")
                    _expect_words(answer, (name, value))
    assert len(named) > LEAST_VALUES


def test_no_form_sent_out_of_the_blue_makes_an_action_fail(
    app: Flask, world: _World, clients: dict[str, FlaskClient]
) -> None:
    nasty = cycle(NASTY)
    for role, address in _list_addresses(app, world, "POST"):
        if address != "/log-out":
            names = ("reason", "version", "back_to", "incubator", "sequence")
            fields = {name: next(nasty) for name in names}
            _expect_words(post(clients[role], address, **fields), fields)


def test_no_field_of_a_form_makes_an_action_fail(
    app: Flask, world: _World, clients: dict[str, FlaskClient]
) -> None:
    seen = {"/log-out", "/locale"}
    nasty = cycle(NASTY)
    for page in _list_shown(app, world):
        for client in clients.values():
            for form in _read_forms(client.get(page)):
                target = form.action or page
                if target not in seen:
                    seen.add(target)
                    for typed in _type_nastily(form, nasty):
                        _expect_words(post(client, target, **typed), typed)
    assert len(seen) > LEAST_FORMS


def test_nothing_typed_in_place_of_a_password_makes_logging_in_fail(
    clients: dict[str, FlaskClient], world: _World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", cheap)
    known = world.people["founder"].email
    for value in (*NASTY, "长" * 300_000):
        for email in (known, value):
            answer = post(clients[VISITOR], "/log-in", email=email, password=value)
            _expect_words(answer, value[:100])


def _list_shown(app: Flask, world: _World) -> Iterator[str]:
    """The pages, with each id that exists, that may show a form."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.endswith("static"):
            continue
        for public_id in world.ids.get(rule.rule.split("/")[1], [""]) if "<" in rule.rule else [""]:
            address = re.sub(r"<[^>]+>", public_id, rule.rule, count=1)
            yield re.sub(r"<[^>]+>", world.ids["providers"][0], address)
    yield from (f"/providers/new?kind={kind}" for kind in ("mentor", "investor", "centre"))


def _read_forms(answer: TestResponse) -> list[_Form]:
    reader = _FormReader()
    if answer.mimetype == "text/html":
        reader.feed(answer.get_data(as_text=True))
    return reader.forms


def _type_nastily(form: _Form, nasty: Iterator[str]) -> Iterator[dict[str, str]]:
    """The same value in all fields, then a few fields at a time among others as they were."""
    names = [name for name in form.fields if name != "csrf_token"]
    shown = {name: form.fields[name] for name in names}
    yield dict.fromkeys(names, next(nasty))
    for start in range(0, len(names), FIELDS_AT_ONCE):
        yield shown | {name: next(nasty) for name in names[start : start + FIELDS_AT_ONCE]}
