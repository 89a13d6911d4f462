"""The address of a page is made in one place a room, `addresses.py`, and leads to a page."""

import ast
import importlib
import inspect
from pathlib import Path
from types import SimpleNamespace

from flask import Flask
from werkzeug.exceptions import MethodNotAllowed

from tests.rules.project import ROOT, list_modules, name_of

# What names a route may spell it out; so may a blueprint, what all its routes begin with.
_ROUTES = {"route", "get", "post", "put", "patch", "delete", "Blueprint"}


def list_rooms() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "app").glob("*/declaration.py"))


def list_first_parts(app: Flask) -> set[str]:
    """What the addresses of pages begin with: needs, engagements, …"""
    parts = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    return {part for part in parts if part and not part.startswith("<")}


def find_built_by_hand(source: str, first_parts: set[str]) -> list[tuple[int, str]]:
    """Each line of `source` in which a text is an address of this site, and the text."""
    tree = ast.parse(source)
    allowed = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _get_name(call.func) in _ROUTES
        for part in ast.walk(call)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in allowed
        and node.value.startswith("/")
        and node.value.split("/")[1] in first_parts
    ]


def _get_name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_no_address_is_built_by_hand(app: Flask) -> None:
    first_parts = list_first_parts(app)
    folders = [*(f"app/{room}" for room in list_rooms()), "app/telling", "app/ranking", "app/demo"]
    found = [
        f"{name_of(path)}:{line}: {text!r} is an address: make it in addresses.py of its room"
        for path in list_modules(*folders)
        if path.name != "addresses.py"
        for line, text in find_built_by_hand(path.read_text(encoding="utf-8"), first_parts)
    ]
    assert found == []


def test_one_that_is_built_by_hand_is_found() -> None:
    parts = {"pool-entries", "account"}
    assert find_built_by_hand('x = f"/pool-entries/{entry}"', parts) == [(1, "/pool-entries/")]
    assert find_built_by_hand('tell(path="/account")', parts) == [(1, "/account")]
    assert find_built_by_hand('@blueprint.get("/account")\ndef show(): ...', parts) == []
    assert find_built_by_hand('"/tmp/account and / or"', parts) == []


def list_addresses(module: Path) -> list[str]:
    """Every address that an `addresses.py` makes, for records whose ids and tokens are "x"."""
    loaded = importlib.import_module(".".join(module.relative_to(ROOT).with_suffix("").parts))
    record = SimpleNamespace(public_id="x", engagement=SimpleNamespace(public_id="x"))
    made = [
        function("x" if "token" in inspect.signature(function).parameters else record)
        for _name, function in inspect.getmembers(loaded, inspect.isfunction)
        if function.__module__ == loaded.__name__
    ]
    return made + [value for name, value in vars(loaded).items() if name.isupper()]


def test_every_address_leads_to_a_page(app: Flask) -> None:
    modules = [ROOT / f"app/{room}/addresses.py" for room in list_rooms()]
    addresses = [made for path in modules if path.exists() for made in list_addresses(path)]
    adapter = app.url_map.bind("site.example")

    assert len(addresses) >= 9
    for address in addresses:
        try:
            adapter.match(address.partition("#")[0], method="GET")
        except MethodNotAllowed:
            raise AssertionError(f"{address} is no page") from None
