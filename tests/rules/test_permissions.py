"""Every route says who may come in, and keeps to it: found by walking the URL map."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.access import PERMISSIONS, VIEW_PERMISSION
from app.extensions import db
from app.web.guard import PUBLIC, RouteUndeclared, check_declarations, get_declaration
from app.web.problem_details import API_PATH, VERSION_PATH
from tests.factories import log_in, make_person
from tests.posting import post
from tests.rules.authority import list_permissions_named
from tests.rules.project import ROOT, list_modules

pytestmark = [
    pytest.mark.permissions,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

# An id of the right shape that nothing has.
NOBODY = "0123456789abcdef"

# Mail programs end mails by one request without a cookie or a token of ours (RFC 8058): what it
# stands for is signed into the address.
ONE_CLICK = {"delivering.stop_mail"}

# Public addresses that take a form from somebody without an account.
# Sent by browsers themselves, to be noted, and they change nothing: they have no token.
REPORTS = {"home.take_policy_report"}

PUBLIC_FORMS = {
    "accounts.accept_invitation",
    "accounts.ask_for_new_password",
    "accounts.confirm_address_change",
    "accounts.confirm_registration",
    "accounts.enter_by_passkey",
    "accounts.enter_code",
    "accounts.enter_second_step_by_passkey",
    "accounts.log_in",
    "accounts.log_out",
    "accounts.register",
    "accounts.reset_password",
    "accounts.stop_address_change",
    "accounts.take_back_second_factor",
    "home.choose_locale",
    *ONE_CLICK,
    *REPORTS,
}


def list_rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def list_page_rules(app: Flask) -> list[Rule]:
    """All but what programs use with tokens: see test_api.py."""
    return [rule for rule in list_rules(app) if not rule.rule.startswith(VERSION_PATH)]


def list_methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def list_templates(app: Flask) -> list[str]:
    loader = app.jinja_env.loader
    assert loader is not None
    names = [name for name in loader.list_templates() if not name.startswith("bootstrap")]
    return [loader.get_source(app.jinja_env, name)[0] for name in names]


def fill(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, NOBODY))


def ask(client: Any, method: str, path: str) -> Any:
    if method == "GET":
        return client.get(path)
    assert method == "POST", f"{path} takes {method}: say here what that means"
    return post(client, path)


def test_every_route_declares_a_permission_or_that_it_is_public(app: Flask) -> None:
    declared = {rule.endpoint: get_declaration(app, rule.endpoint) for rule in list_rules(app)}

    assert {name for name, said in declared.items() if said not in {*PERMISSIONS, PUBLIC}} == set()


def test_a_route_that_says_nothing_does_not_start(app: Flask) -> None:
    app.add_url_rule("/silent", endpoint="silent", view_func=lambda: "", methods=["POST"])

    with pytest.raises(RouteUndeclared, match="silent"):
        check_declarations(app)


def test_every_permission_of_the_table_is_asked_for(app: Flask) -> None:
    used = {get_declaration(app, rule.endpoint) for rule in list_rules(app)}
    # Actions ask for all that they do, and pages for what they show.
    table = ROOT / "app" / "access" / "table.py"
    used |= list_permissions_named(path for path in list_modules("app") if path != table)

    # Whoever is refused is asked whether they may know of the thing.
    assert set(PERMISSIONS) - used - set(VIEW_PERMISSION.values()) == set()


def test_templates_ask_for_permissions_that_exist(app: Flask) -> None:
    asked = {
        permission
        for source in list_templates(app)
        for permission in re.findall(r'may\("([^"]+)"', source)
    }

    assert asked
    assert asked - set(PERMISSIONS) == set()


def test_visitors_are_sent_to_log_in_from_whatever_is_not_public(app: Flask) -> None:
    wrong = {}
    for rule in list_page_rules(app):
        if get_declaration(app, rule.endpoint) == PUBLIC:
            continue
        for method in list_methods(rule):
            answer = ask(app.test_client(), method, fill(app, rule))
            location = answer.headers.get("Location", "")
            # A program is told so, and not sent to a page for people.
            if rule.rule.startswith(API_PATH):
                if answer.status_code != 401:
                    wrong[method, rule.rule] = (answer.status_code, location)
            elif answer.status_code != 303 or not location.startswith("/log-in"):
                wrong[method, rule.rule] = (answer.status_code, location)

    assert wrong == {}


def test_who_belongs_to_nothing_gets_at_nothing_that_an_address_names(
    app: Flask, client: Any
) -> None:
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        log_in(client, person)
    let_in = {}
    asked = 0
    for rule in list_page_rules(app):
        if get_declaration(app, rule.endpoint) == PUBLIC or not rule.arguments:
            continue
        for method in list_methods(rule):
            asked += 1
            answer = ask(client, method, fill(app, rule))
            if answer.status_code not in (403, 404):
                let_in[method, rule.endpoint] = answer.status_code

    assert let_in == {}
    assert asked > 20


def test_whatever_takes_a_form_asks_for_the_token_against_forgery(app: Flask) -> None:
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        logged_in = app.test_client()
        log_in(logged_in, person)
    unprotected = {}
    for rule in list_page_rules(app):
        if "POST" not in list_methods(rule) or rule.endpoint in ONE_CLICK | REPORTS:
            continue
        answer = logged_in.post(fill(app, rule), data={"name": "x"})
        if answer.status_code != 400:
            unprotected[rule.endpoint] = answer.status_code

    assert unprotected == {}


def test_addresses_take_get_and_post_alone(app: Flask) -> None:
    taken = {method for rule in list_page_rules(app) for method in list_methods(rule)}

    assert taken == {"GET", "POST"}


def test_no_more_than_these_forms_are_open_to_visitors(app: Flask) -> None:
    open_forms = {
        rule.endpoint
        for rule in list_page_rules(app)
        if "POST" in list_methods(rule) and get_declaration(app, rule.endpoint) == PUBLIC
    }

    assert open_forms == PUBLIC_FORMS
