"""Everything a page can do, a program can do: the actions and rights of pages, beside those of the
API.

What pages do stands in their views as functions of `actions`; an operation that does the same calls
the same function.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from app.web.guard import PUBLIC, get_declaration
from app.web.problem_details import API_PATH, VERSION_PATH
from tests.rules.project import ROOT

pytestmark = pytest.mark.api

_CREDENTIALS = "it asks for the password: no token changes who logs in, or binds to money"
_IN_A_BROWSER = "it is about the browser in which a person is logged in"
_NOBODY_YET = "who does it is not known yet, so has no token"
_NO_CHANGE = "it changes nothing: it says whether something can be done, or reads a link"

# Functions of actions that pages call and no operation does, by the reason.
_LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    _CREDENTIALS: (
        "accounts.actions.add_passkey",
        "accounts.actions.add_second_factor",
        "accounts.actions.begin_address_change",
        "accounts.actions.change_password",
        "accounts.actions.confirm_address_change",
        "accounts.actions.create_token",
        "accounts.actions.link_provider",
        "accounts.actions.offer_passkey",
        "accounts.actions.offer_second_factor",
        "accounts.actions.remove_passkey",
        "accounts.actions.remove_second_factor",
        "accounts.actions.renew_recovery_codes",
        "accounts.actions.repeat_offer",
        "accounts.actions.revoke_token",
        "accounts.actions.stop_address_change",
        "accounts.actions.take_back_second_factor",
        "accounts.actions.unlink_provider",
        "accounts.actions.withdraw_address_change",
        "arrangements.actions.agreeing.agree_arrangement",
        "arrangements.actions.agreeing.offer_arrangement",
        "arrangements.actions.ending.agree_end",
        "arrangements.actions.ending.propose_end",
        "datarooms.actions.visiting.accept_agreement",
        "financings.actions.committing.commit",
        "financings.actions.raising.close_financing",
        "pools.actions.incubators.ask_for_second_factor",
        "verification.actions.quoting.accept_quote",
    ),
    _IN_A_BROWSER: (
        "accounts.actions.ask_for_passkey",
        "accounts.actions.begin_acting",
        "accounts.actions.begin_log_in",
        "accounts.actions.confirm_log_in",
        "accounts.actions.edit_account",
        "accounts.actions.end_acting",
        "accounts.actions.end_log_in",
        "accounts.actions.end_log_ins",
        "accounts.actions.keep_newer_hash",
        "accounts.actions.use_code",
        "accounts.actions.use_passkey",
        "home.actions.choose_locale",
    ),
    _NOBODY_YET: (
        "accounts.actions.accept_invitation",
        "accounts.actions.accept_invitation_as_newcomer",
        "accounts.actions.begin_registration",
        "accounts.actions.confirm_registration",
        "accounts.actions.find_person_of_identity",
        "accounts.actions.register",
        "accounts.actions.remind_of_account",
        "accounts.actions.request_password_reset",
        "accounts.actions.reset_password",
        "accounts.actions.reset_password_and_devices",
    ),
    _NO_CHANGE: (
        "accounts.actions.get_person_of_reset",
        "accounts.actions.list_new_devices",
        "accounts.actions.read_confirming",
        "accounts.actions.read_registration",
        "accounts.actions.read_stopping",
        "accounts.actions.read_taking_back",
        "needs.actions.says_enough",
        "vault.actions.states.require_state",
    ),
    "a program names the columns of its file as the import does": (
        "imports.actions.remember_layout",
    ),
    "`change_need` says conditions, then `find_matches` looks": (
        "needs.actions.soften_conditions",
    ),
    "the archive of all that is known of a person asks for the password": (
        "privacy.actions.export_data",
    ),
}
ACTIONS_OF_PAGES_ALONE: Mapping[str, str] = {
    f"app.{name}": reason for reason, names in _LEFT_OUT.items() for name in names
}
# Rights of pages that no operation asks for, each with the reason.
RIGHTS_OF_PAGES_ALONE: Mapping[str, str] = {
    "account:edit": _CREDENTIALS,
    "acting:begin": _IN_A_BROWSER,
    "acting:end": _IN_A_BROWSER,
    "token:revoke": _CREDENTIALS,
    "match:preview": "the preview has a route of its own, and stores nothing",
    "need:create": "the right to open a form; `state_need` asks for `need:state`",
    "engagement:request": "asked for by `request_engagement`, over the need that its body names",
    "pool:apply": "the right to open a form; `apply_to_pool` asks for `incubator:apply`",
    "arrangement:agree": _CREDENTIALS,
    "arrangement:agree_end": _CREDENTIALS,
    "arrangement:look": "`list_arrangements` and `read_one_arrangement` show what its page shows",
    "arrangement:offer": _CREDENTIALS,
    "arrangement:propose_end": _CREDENTIALS,
    "order:accept_quote": _CREDENTIALS,
    "financing:close": _CREDENTIALS,
    "room:agree": _CREDENTIALS,
    "commitment:bind": _CREDENTIALS,
    "order:queue": "`list_orders` lists what waits, by its state",
    "fund:list": "`list_providers` lists funds, too",
}


def list_used_actions(layer: str) -> dict[str, set[str]]:
    """The functions of `actions` that the modules of `layer` name, and where each is named."""
    used: dict[str, set[str]] = {}
    for path in sorted(ROOT.glob("app/*/")):
        for module in (*path.glob(f"{layer}.py"), *path.glob(f"{layer}/*.py")):
            for name in _list_actions(module):
                used.setdefault(name, set()).add(str(module.relative_to(ROOT)))
    return used


def _list_actions(module: Path) -> Iterator[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        for alias in node.names:
            if alias.name == "actions" or _is_module(f"{node.module}.{alias.name}"):
                modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif ".actions" in node.module and alias.name[0].islower():
                yield f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            home = modules.get(node.value.id, "")
            if ".actions" in home and node.attr[0].islower():
                yield f"{home}.{node.attr}"


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return ".actions." in f"{name}." and (path.is_dir() or path.with_suffix(".py").exists())


def test_what_pages_do_programs_do() -> None:
    pages, programs = list_used_actions("views"), list_used_actions("api")
    by_name = {name.rpartition(".")[2] for name in programs}
    missing = {
        name: sorted(where)
        for name, where in pages.items()
        if name.rpartition(".")[2] not in by_name and name not in ACTIONS_OF_PAGES_ALONE
    }

    assert missing == {}, "give it an operation, or the reason why there is none"
    assert set(ACTIONS_OF_PAGES_ALONE) <= set(pages), "no page does that any more"
    assert not {n for n in ACTIONS_OF_PAGES_ALONE if n.rpartition(".")[2] in by_name}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_pages_need_a_right_for_an_operation_does_too(app: Flask) -> None:
    pages: dict[str, set[str]] = {}
    programs: set[str] = set()
    for rule in app.url_map.iter_rules():
        right = get_declaration(app, rule.endpoint)
        if right in (None, PUBLIC):
            continue
        if rule.rule.startswith(f"{VERSION_PATH}/"):
            programs.add(right)
        elif not rule.rule.startswith(API_PATH):
            pages.setdefault(right, set()).add(rule.endpoint)
    missing = {
        right: sorted(endpoints)
        for right, endpoints in pages.items()
        if right not in programs and right not in RIGHTS_OF_PAGES_ALONE
    }

    assert missing == {}, "give it an operation, or the reason why there is none"
