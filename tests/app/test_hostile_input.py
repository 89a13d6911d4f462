"""Nothing that somebody can send makes the application fail: whatever comes is answered in words.

Every address is asked by every role that is let in, with nasty values behind it and in it, and
every form that those pages show is sent with nasty values in its fields; that the others are sent
away is told in `tests/rules/test_who_may.py`. Which routes, forms and names of query values there
are is read from the application, so that a new one is covered the moment it exists. The world is
the one of the rules, in which everything that has an address stands in some state.
"""

import json
import os
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html.parser import HTMLParser
from itertools import cycle, islice, product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote_from_bytes, quote_plus, unquote_to_bytes

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

import app as application
from app.accounts import passwords
from app.errors import OutOfOrder
from app.extensions import db
from app.web.guard import get_subject
from app.web.problem_details import VERSION_PATH
from models.people import Person
from tests.databases import Databases
from tests.rules.project import ROOT
from tests.rules.who_may_site import Asked, Site, open_site

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

# What people mean by a day or a number, and what is none; by the field for which they take it.
NO_FIGURES = {"date": "2027年2月30日", "decimal": "1,5", "numeric": "1.5e3"}

# What fits, by the field for which it is taken.
EXAMPLES = {
    "date": "2027-03-01",
    "decimal": "12.5",
    "email": "somebody@example.com",
    "numeric": "45",
    "time": "10:00",
    "url": "https://example.com/",
}

# What a query value or a part of a path can hold beyond text: bytes that are no UTF-8.
NASTY_BYTES = (*(text.encode()[:5000] for text in NASTY), b"\xed\xa0\x80", b"\xff\xfe")

FIELDS_AT_ONCE = 4

STRANGER = "stranger"

FORM = "application/x-www-form-urlencoded"

# Who asks: those who stand in for others, and those of other tenants, see the same pages.
ROLES = (
    STRANGER,
    "nobody",
    "founder",
    "mentor",
    "investor",
    "centre",
    "operator",
    "regulator",
)

# What programs send in place of what was asked for.
NASTY_JSON: tuple[Any, ...] = ([], "\0", 1e308, None, {"reason": "a\0b", "version": 9**40}, {})

# So many inputs are drawn at random, on each database; the environment asks for more in a long run.
FEW = 150
INPUTS = int(os.environ.get("YINQIAO_TEST_FUZZ", str(FEW)))
MOST_SECONDS = 900 if INPUTS <= FEW else 86_400

# What a drawn text is put together from, beside what is nasty.
LETTERS = "az09 \t\n'\"<>&%{}[]\\/:;=#@.,-é\u0301\u200d\u2028\ufeff\U0001f9d1良率ﷺ"

# Fewer than this many different forms, and the reading of pages would be what is broken.
LEAST_FORMS = 120

# Fewer than this many addresses at which a step with words was come to, and nothing was tried.
LEAST_STEPS = 60

# Fewer names of query values than this, and the noting of names would be what is broken.
LEAST_VALUES = 20

_FIELD_TAGS = ("input", "textarea", "select", "button")

# What tells one thing from another in an address: numbers drawn at random, and codes of samples.
_NAMES_OF_THINGS = re.compile(r"[0-9a-f]{16}|[0-9A-Z]{5}-[0-9A-Z]{5}")

# What stands in the fields of a page.
_FIELD = re.compile(r"<textarea[^>]*>[^<]*</textarea>|<input[^>]*>")

# What the summary of a form leads to.
_WRONG_FIELD = re.compile(r'<li><a href="#([\w-]+)">')

_QUERY_NAME = re.compile(r"""request\.args(?:\.get\(|\[)\s*["'](\w+)["']""")


@dataclass
class _Form:
    """A form of a page: where it goes, and what it holds before anybody types.

    `figures` are its fields for days and numbers, `texts` those for words, `fitting` what
    they take: a choice, a day, a number.
    """

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    fitting: dict[str, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class _FormReader(HTMLParser):
    """Collects the forms of a page that are sent with POST."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._form: _Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = _Form(values.get("action", "")) if values.get("method") == "post" else None
            if self._form is not None:
                self.forms.append(self._form)
        elif tag in _FIELD_TAGS and self._form is not None and values.get("name"):
            self._form.fields.setdefault(values["name"], values.get("value", ""))
            self._select = values["name"] if tag == "select" else ""
            if values.get("type") in ("radio", "checkbox"):
                self._form.fitting.setdefault(values["name"], values.get("value", ""))
            example = EXAMPLES.get(values.get("inputmode") or values.get("type", ""), "")
            if example and not values.get("value"):
                self._form.fitting[values["name"]] = example
            kind = "date" if values.get("type") == "date" else values.get("inputmode")
            if kind in NO_FIGURES:
                self._form.figures[values["name"]] = NO_FIGURES[kind]
            elif values.get("autocomplete") != "one-time-code" and (
                tag == "textarea" or (tag == "input" and values.get("type", "text") == "text")
            ):
                self._form.texts.append(values["name"])

        elif tag == "option" and self._form is not None and values.get("value"):
            self._form.fitting.setdefault(self._select, values["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests here: what is asked of it leaves nothing behind."""
    url = databases.create()
    with (
        pytest.MonkeyPatch.context() as patch,
        open_site(url, tmp_path_factory.mktemp("site"), has_words=False) as site,
    ):
        patch.setattr(urllib.parse, "unquote_to_bytes", lru_cache(256)(unquote_to_bytes))
        yield site
    databases.drop(url)


# Long values come again and again; to write and to read them takes as long as to answer them.
@lru_cache(256)
def _quote(value: bytes) -> str:
    return quote_from_bytes(value, safe="")


def _send_form(site: Site, address: str, role: str, fields: Mapping[str, str]) -> TestResponse:
    """Send `fields` as a browser does, with a token that is good."""
    sent = {**fields, "csrf_token": site.form_token}
    body = "&".join(f"{quote_plus(name)}={_encode(value)}" for name, value in sent.items())
    return site.open("POST", address, role, data=body, content_type=FORM)


@lru_cache(256)
def _encode(value: str) -> str:
    return quote_plus(value)


@cache
def _list_query_names() -> list[str]:
    """The names under which some view reads the query, and the fields of the filter form."""
    root = Path(application.__file__).parent
    names = {n for path in root.rglob("*.py") for n in _QUERY_NAME.findall(path.read_text())}
    return sorted(names | {"text", "kind", "field", "place_code", "order", "sequence"})


class _Where(NamedTuple):
    """Who asks, and where."""

    asked: Asked
    role: str
    address: str


def _list_asked(site: Site, *methods: str) -> list[Asked]:
    return [
        asked
        for asked in site.asked
        if asked.method in methods and not asked.endpoint.endswith("static")
    ]


def _is_for_program(site: Site, asked: Asked) -> bool:
    return site.asked[asked].rule.startswith(VERSION_PATH)


def _list_addresses(site: Site, *methods: str, for_program: bool | None = None) -> Iterator[_Where]:
    """Who asks, and where: those who are let in about what is there; a founder and an operator
    about what can be nowhere.

    What looks for a thing is the same for many addresses, and tells before any of them comes to
    itself that there is none: at the first of them both ask for two, at the others one for one.
    """
    have_looked: set[object] = set()
    for asked in _list_asked(site, *methods):
        if for_program not in (None, _is_for_program(site, asked)):
            continue
        for role, thing in site.list_allowed(asked, ROLES):
            yield _Where(asked, role, site.get_address(asked, thing))
        rule = site.asked[asked]
        loads, named = get_subject(site.app, asked.endpoint) or (None, "")
        looks: object = (rule.rule.startswith(VERSION_PATH), loads)
        if rule.arguments != {named}:
            looks = asked
        if rule.arguments:
            nowhere = product(("founder", "operator"), (next(_ANY_BYTES), b"a\0b"))
            for role, nasty in islice(nowhere, 1 if looks in have_looked else None):
                yield _Where(asked, role, re.sub(r"<[^>]+>", _quote(nasty), rule.rule))
            have_looked.add(looks)


_ANY_BYTES = cycle(NASTY_BYTES)


def _expect_words(answer: TestResponse, sent: object) -> None:
    # Where there is no worker, the installation says that it is not ready: that is no mistake.
    is_said = answer.request.path == "/readyz" and answer.status_code == 503
    assert answer.status_code < 500 or is_said, (answer.request.path, sent)
    if answer.mimetype == "text/html":
        page = answer.get_data(as_text=True)
        assert "Traceback" not in page, (answer.request.path, sent)
        assert SCRIPT not in page, (answer.request.path, sent)


def test_no_address_makes_a_page_fail(site: Site) -> None:
    names, nasty = cycle(_list_query_names()), cycle(NASTY_BYTES)
    for _, role, address in _list_addresses(site, "GET"):
        query = f"{next(names)}={_quote(next(nasty))}&{next(names)}={_quote(next(nasty))}"
        _expect_words(site.open("GET", f"{address}?{query}", role), (role, query))


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


def test_no_query_value_makes_a_page_fail(site: Site) -> None:
    # One name at a time, because one value that is refused hides what the others would do. A value
    # that the view does not ask for cannot make it fail: it is told by the first request, with a
    # name that nobody knows, for which names it asks when no other is there. What operations ask
    # for stands in their document, and `tests/journeys/test_programs.py` goes by that.
    named: set[tuple[str, str]] = set()
    for asked in _list_asked(site, "GET"):
        if _is_for_program(site, asked):
            continue
        # An operator looks at more lists than anybody else; lists are shown to them at all only
        # where the incubator is left out.
        allowed = site.list_allowed(asked, ("operator", *ROLES))[:1]
        for role, thing in allowed:
            address = site.get_address(asked, thing)
            with _noting_names(site.app, asked.endpoint) as wanted:
                _expect_words(site.open("GET", f"{address}?nobody-knows=1", role), address)
            for name in sorted(wanted - {"incubator", "nobody-knows"}):
                named.add((asked.endpoint, name))
                for value in NASTY_BYTES:
                    answer = site.open("GET", f"{address}?{name}={_quote(value)}", role)
                    _expect_words(answer, (name, value))
    assert len(named) > LEAST_VALUES


def test_no_form_sent_out_of_the_blue_makes_an_action_fail(site: Site) -> None:
    nasty = cycle(NASTY)
    names = ("reason", "version", "back_to", "incubator", "sequence")
    for _, role, address in _list_addresses(site, "POST", for_program=False):
        fields = {name: next(nasty) for name in names}
        _expect_words(_send_form(site, address, role, fields), (role, fields))


def test_no_body_that_a_program_sends_makes_an_operation_fail(site: Site) -> None:
    nasty = cycle(NASTY_JSON)
    methods = ("POST", "PUT", "PATCH", "DELETE")
    for asked, role, address in _list_addresses(site, *methods, for_program=True):
        body = next(nasty)
        answer = site.open(asked.method, address, role, json=body)
        _expect_words(answer, (asked.method, role, body))


# Where a form goes, without what it is about, and the names of its fields.
_Kind: TypeAlias = tuple[str, ...]


class _Look(NamedTuple):
    """Who looks at which page, and about what: the same in the world of each database."""

    endpoint: str
    role: str
    whose: str = ""
    state: str = ""


class _Shown(NamedTuple):
    """A form, where it goes, and who saw it."""

    target: str
    role: str
    form: _Form


@pytest.fixture(scope="module")
def showing() -> dict[_Look, set[_Kind]]:
    """What showed a kind of form first, with these kinds: empty before any database was asked."""
    return {}


@pytest.fixture(scope="module")
def shown(site: Site, showing: dict[_Look, set[_Kind]]) -> list[_Shown]:
    """Each kind of form that some page shows, once.

    On the second database, pages that show them are opened first, and others only if they must be:
    which of several things in one state a look is at is left to chance.
    """
    found: dict[_Kind, _Shown] = {}
    known = set().union(*showing.values())
    is_first = not known
    for look, page in sorted(_list_shown(site), key=lambda asked: asked[0] not in showing):
        if not is_first and known <= found.keys():
            break
        before = set(found)
        for form in _read_forms(site.open("GET", page, look.role)):
            # What stands in an address does not make another form of it.
            target = form.action or page
            kind = (_NAMES_OF_THINGS.sub("", target.partition("?")[0]), *sorted(form.fields))
            found.setdefault(kind, _Shown(target, look.role, form))
        if is_first and (new := found.keys() - before):
            showing[look] = new
    assert len(found) > LEAST_FORMS
    return list(found.values())


def test_no_field_of_a_form_makes_an_action_fail(site: Site, shown: list[_Shown]) -> None:
    nasty = cycle(NASTY)
    for target, role, form in shown:
        for typed in _type_nastily(form, nasty):
            _expect_words(_send_form(site, target, role, typed), (role, typed))


def test_what_is_no_day_and_no_number_stays_in_its_field_with_all_that_was_typed(
    site: Site, shown: list[_Shown]
) -> None:
    tried = 0
    for target, role, form in shown:
        words = {name: f"Zq{number}." for number, name in enumerate(form.texts)}
        for name, typed in form.figures.items():
            body = form.fields | words | {name: typed, "csrf_token": site.form_token}
            answer = site.open("POST", target, role, data=body)
            assert (answer.status_code, typed in answer.text) == (422, True), (target, name)
            assert all(word in answer.text for word in words.values()), (target, name)
            tried += 1
    assert tried > LEAST_FORMS


def test_what_was_typed_stays_in_its_field_when_the_step_is_refused(
    site: Site, shown: list[_Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody was quicker: whatever is to be stored is refused as late as it can be."""
    refused: list[str] = []

    def refuse(_session: Session) -> None:
        refused.append("")
        raise OutOfOrder

    monkeypatch.setattr(Session, "commit", refuse)
    come_to = set()
    for target, role, form in shown:
        words = {n: f"Zq{number}." for number, n in enumerate(form.texts) if n not in form.figures}
        body = form.fields | form.fitting | words | {"csrf_token": site.form_token}
        for longer in (" What is meant, said so that it is long enough.", "", None):
            answer = site.open("POST", target, role, data=body)
            if answer.status_code in (409, 422):
                fields = _FIELD.findall(answer.text)
                lost = [n for n, word in words.items() if not any(word in each for each in fields)]
                assert not lost, (target, role, answer.status_code, lost)
            wrong = _WRONG_FIELD.findall(answer.text)
            if refused or not wrong or longer is None:
                break
            # What the form itself refuses is longer, or else left out: so the step is come to.
            words = {name: word for name, word in words.items() if longer or name not in wrong}
            body |= {n: words[n] + longer if longer and n in words else "" for n in wrong}
        if refused and words:
            come_to.add(target)
        refused.clear()
    assert len(come_to) > LEAST_STEPS


@pytest.mark.timeout(MOST_SECONDS)
def test_whatever_is_drawn_for_forms_and_operations_is_answered_in_words(
    site: Site, shown: list[_Shown]
) -> None:
    """Each input follows from its number alone, which is told where one makes something fail."""
    operations = _list_operations(site)
    for number in range(INPUTS):
        chance = Random(number)  # noqa: S311  (no secret)
        if number % 2:
            target, role, form = chance.choice(shown)
            names = [name for name in form.fields if name != "csrf_token"]
            drawn = {name: _draw_text(chance) for name in names if chance.random() < 0.5}
            answer = _send_form(site, target, role, form.fields | drawn)
        else:
            method, role, target, names = chance.choice(operations)
            drawn = {name: _draw_json(chance, 3) for name in names if chance.random() < 0.8}
            answer = site.open(method, target, role, json=drawn)
        _expect_words(answer, (number, role, drawn))


def _list_operations(site: Site) -> list[tuple[str, str, str, list[str]]]:
    """Method, who is let in, address, and the names of what the document wants in the body."""
    document = json.loads((ROOT / "docs/api/openapi.json").read_text("utf-8"))
    wanted = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "requestBody" in operation:
                said = operation["requestBody"]["content"].get("application/json", {})
                name = said.get("schema", {}).get("$ref", "").rpartition("/")[2]
                schemas = document["components"]["schemas"]
                schema = schemas.get(name, {})
                forms = (
                    schemas[each["$ref"].rpartition("/")[2]] for each in schema.get("anyOf", ())
                )
                wanted[method.upper(), re.sub(r"{[^}]+}", "<>", path)] = list(
                    dict.fromkeys(
                        name for each in (schema, *forms) for name in each.get("properties", ())
                    )
                )
    operations = []
    for asked in _list_asked(site, "POST", "PUT", "PATCH", "DELETE"):
        if _is_for_program(site, asked):
            path = re.sub(r"<[^>]+>", "<>", site.asked[asked].rule)
            names = wanted.get((asked.method, path), [])
            for role, thing in site.list_allowed(asked, ROLES):
                operations.append((asked.method, role, site.get_address(asked, thing), names))
    assert sum(bool(names) for *_, names in operations) > LEAST_FORMS
    return operations


def _draw_text(chance: Random) -> str:
    match chance.randrange(4):
        case 0:
            return chance.choice(NASTY)
        case 1:
            return chance.choice(NASTY)[:40] + chance.choice(NASTY)[:40]
        case 2:
            return "".join(chance.choices(LETTERS, k=chance.randrange(60)))
        case _:
            return str(chance.choice((0, 1, -1, 7, 2**31, 2**63, 10**30)) + chance.randrange(3))


def _draw_json(chance: Random, depth: int) -> Any:
    match chance.randrange(8 if depth else 6):
        case 0 | 1 | 2:
            return _draw_text(chance)
        case 3:
            return chance.choice((True, False, None, 1e308, -0.0, 0.1, 9**40))
        case 4 | 5:
            return chance.choice((0, 1, 2, 5, 60, 10**6)) - chance.randrange(2)
        case 6:
            return [_draw_json(chance, depth - 1) for _ in range(chance.randrange(4))]
        case _:
            return {_draw_text(chance)[:30]: _draw_json(chance, depth - 1)}


def test_nothing_typed_in_place_of_a_password_makes_logging_in_fail(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", cheap)
    with site.app.app_context():
        known = db.session.scalars(select(Person.email).order_by(Person.id).limit(1)).one()
    for value in (*NASTY, "长" * 300_000):
        for email in (known, value):
            body = {"email": email, "password": value, "csrf_token": site.form_token}
            answer = site.open("POST", "/log-in", STRANGER, data=body)
            _expect_words(answer, value[:100])


def _list_shown(site: Site) -> Iterator[tuple[_Look, str]]:
    """The pages that may show a form, about things in each state, with who is let in."""
    for asked in _list_asked(site, "GET"):
        if not _is_for_program(site, asked):
            for role, thing in site.list_allowed(asked, ROLES, each_state=True):
                look = _Look(asked.endpoint, role, thing.whose, thing.state)
                yield look, site.get_address(asked, thing)
    for kind in ("mentor", "investor", "centre"):
        yield _Look("profiles.new_provider", kind), f"/providers/new?kind={kind}"


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
