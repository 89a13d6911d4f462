"""Every operation of the API says who may call it, keeps to it, and stands in the document."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.extensions import db
from app.scopes import ALL, SCOPES, WRITE
from app.web.api import get_document
from app.web.guard import PUBLIC, get_declaration
from app.web.problem_details import VERSION_PATH
from tests.app.web.programs import Program
from tests.factories import log_in, make_person
from tests.rules.api_document import DOCUMENT
from tests.rules.test_permissions import NOBODY, list_methods, list_rules

pytestmark = [
    pytest.mark.api,
    pytest.mark.permissions,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def list_operations(app: Flask) -> list[tuple[str, str, Rule]]:
    """Method, path with an id that nothing has, and rule, of all that is not for everyone."""
    return [
        (method, re.sub(r"<[^>]*>", NOBODY, rule.rule).removeprefix(VERSION_PATH), rule)
        for rule in list_rules(app)
        if rule.rule.startswith(VERSION_PATH) and get_declaration(app, rule.endpoint) != PUBLIC
        for method in list_methods(rule)
    ]


def get_scopes(app: Flask) -> dict[tuple[str, str], str | None]:
    """The scope that the document names, by method and path."""
    with app.app_context():
        document = get_document()
    return {
        (method.upper(), path): next(iter(said["security"][0]["bearer"]), None)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
        if method != "parameters" and said["security"]
    }


@pytest.fixture
def nobody(app: Flask) -> Any:
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge_all()
    return person


def test_the_committed_document_is_that_of_the_code(app: Flask) -> None:
    with app.app_context():
        document = get_document()

    assert json.loads(DOCUMENT.read_text(encoding="utf-8")) == json.loads(json.dumps(document)), (
        "run `make api`; a change that breaks clients needs a new version"
    )


def test_every_operation_stands_in_the_document(app: Flask) -> None:
    spelled = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for method, _path, rule in list_operations(app)
    }

    assert spelled == set(get_scopes(app))
    assert len(spelled) > 30


def test_scopes_are_known_and_what_changes_needs_one_that_writes(app: Flask) -> None:
    scopes = get_scopes(app)

    assert {scope for scope in scopes.values() if scope is not None} <= set(SCOPES)
    # Reading feedback is no operation of its own: it comes with sessions, to who may read it.
    asked = {scope for scope in scopes.values() if scope is not None} | {ALL, "feedback:read"}
    assert asked == set(SCOPES)
    for (method, path), scope in scopes.items():
        if method != "GET":
            assert scope is not None, path
            assert scope.endswith(WRITE), path


def test_operations_have_names_of_their_own(app: Flask) -> None:
    with app.app_context():
        document = get_document()
    names = [
        said["operationId"]
        for methods in document["paths"].values()
        for method, said in methods.items()
        if method != "parameters"
    ]

    assert len(names) == len(set(names))
    assert document["openapi"].startswith("3.1")


def test_without_a_token_nobody_gets_in_and_a_cookie_is_none(app: Flask, nobody: Any) -> None:
    client = app.test_client()
    log_in(client, nobody)
    let_in = {}
    for method, path, _rule in list_operations(app):
        answer = client.open(VERSION_PATH + path, method=method, json={})
        if answer.status_code != 401 or answer.headers["WWW-Authenticate"] != "Bearer":
            let_in[method, path] = answer.status_code

    assert let_in == {}


def test_a_token_is_good_for_its_scopes_alone(app: Flask, nobody: Any) -> None:
    scopes = get_scopes(app)
    # One token that changes: a person has only so many.
    program = Program(app, nobody)
    let_in = {}
    for method, path, rule in list_operations(app):
        scope = scopes[method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)]
        if scope is None:
            continue
        resource = scope.partition(":")[0]
        others = [s for s in SCOPES if s != ALL and s.partition(":")[0] != resource]
        if scope.endswith(WRITE):
            others.append(f"{resource}:read")
        program.change_token(scopes=others)
        answer = program.ask(method, path, {})
        if (answer.status_code, answer.json["code"]) != (403, "scope_missing"):
            let_in[method, path] = answer.json

    assert let_in == {}


def test_who_belongs_to_nothing_gets_at_nothing_that_an_address_names(
    app: Flask, nobody: Any
) -> None:
    program = Program(app, nobody)
    let_in = {}
    for method, path, rule in list_operations(app):
        if rule.arguments and program.ask(method, path, {}).status_code not in (403, 404):
            let_in[method, path] = program.ask(method, path, {}).json

    assert let_in == {}
