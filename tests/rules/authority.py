"""The actions of all rooms, and whether each asks for a permission itself.

An action is a public function of a module `actions`, or of a module in a folder of that name, that
takes an `actor`.
"""

import ast
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import app
from app.access import PERMISSIONS, require

Action = Callable[..., Any]

_QUOTED = re.compile(r'"([a-z_]+:[a-z_]+)"')


def list_action_modules() -> list[ModuleType]:
    """The modules of actions of every room, in a fixed order."""
    names = sorted(found.name for found in pkgutil.walk_packages(app.__path__, "app."))
    return [import_module(name) for name in names if "actions" in name.split(".")[2:]]


def list_actions(modules: Iterable[ModuleType]) -> dict[str, Action]:
    """The actions that `modules` define, by their full names."""
    return {
        f"{module.__name__}.{name}": function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "actor" in inspect.signature(function).parameters
    }


def list_unchecked(actions: dict[str, Action]) -> list[str]:
    """A sentence for each action that asks for no permission, neither itself nor through another
    function of its room to which it hands the actor."""
    return [
        f"{name} takes an actor and does not check a permission: call require(actor, …)."
        for name, function in actions.items()
        if not _asks(function, seen=set())
    ]


def list_without_scene(actions: dict[str, Action], scenes: Iterable[str]) -> list[str]:
    """A sentence for each action that no scene calls, and for each scene without an action."""
    known = set(scenes)
    lacking = [
        f"{name} has no scene in tests/rules/authority_scenes.py that shows whom it refuses."
        for name in actions
        if name not in known
    ]
    return lacking + [
        f"The scene of {name} has no action." for name in sorted(known - set(actions))
    ]


def list_permissions_named(paths: Iterable[Path]) -> set[str]:
    """The permissions that the modules at `paths` name: in actions, routes, pages, queries."""
    sources = (path.read_text(encoding="utf-8") for path in paths)
    return {
        node.value
        for source in sources
        # Most modules quote none; to go through all that every module says takes seconds.
        if not PERMISSIONS.keys().isdisjoint(_QUOTED.findall(source))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        if isinstance(node.value, str) and node.value in PERMISSIONS
    }


def _asks(function: Action, *, seen: set[Action]) -> bool:
    seen.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if not _hands_over_actor(call):
            continue
        called = _resolve(call.func, function)
        if called is require:
            return True
        if (
            inspect.isfunction(called)
            and called not in seen
            and _get_room(called) == _get_room(function)
            and _asks(called, seen=seen)
        ):
            return True
    return False


def _hands_over_actor(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(value, ast.Name) and value.id == "actor" for value in given)


def _resolve(func: ast.expr, function: Action) -> object:
    names = list(_list_names(func))
    found: object = function.__globals__.get(names[0]) if names else None
    for name in names[1:]:
        found = getattr(found, name, None)
    return found


def _list_names(func: ast.expr) -> Iterator[str]:
    if isinstance(func, ast.Attribute):
        yield from _list_names(func.value)
        yield func.attr
    elif isinstance(func, ast.Name):
        yield func.id


def _get_room(function: Action) -> list[str]:
    return function.__module__.split(".")[:2]
