"""Every route says here who may come in; a route that says nothing does not start the application.

`@public` needs no log-in. `@requires(permission)` asks `app/access/`; with `subject` it first
loads the thing that the address names and hands it to the view.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import PERMISSIONS, Installation, is_permitted, require
from app.errors import LogInNeeded, NotFound, expect
from app.extensions import db, login_manager
from app.web.identity import get_current_actor
from app.web.problem_details import is_for_program, is_versioned

View = Callable[..., ResponseReturnValue]
Loader = Callable[[Session, str], object | None]

PUBLIC: Final = "public"
DECLARATION: Final = "yinqiao_permission"
# By what a route loads the thing that its address names, and which part of the address names it.
SUBJECT: Final = "yinqiao_subject"

# Endpoints of libraries: their files are for everyone.
_FOREIGN_PUBLIC: Final = frozenset({"static", "bootstrap.static"})


class RouteUndeclared(Exception):
    """A route does not say who may come in."""


def public(view: View) -> View:
    """The route is for everyone, logged in or not."""
    setattr(view, DECLARATION, PUBLIC)
    return view


def requires(
    permission: str, *, subject: Loader | None = None, argument: str = "public_id"
) -> Callable[[View], View]:
    """The route asks for `permission`, over what `subject` loads by the address part `argument`.

    The view gets the loaded thing as its first argument in place of `argument`. Raises NotFound
    when there is none or the actor must not know of it, NotPermitted when they may only look.
    KeyError at import for a permission that is not in the table, ValueError for one that only the
    installation itself has.
    """
    if isinstance(PERMISSIONS[permission], Installation):
        raise ValueError(f"{permission} is not for people, so no route can ask for it")

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                if is_for_program():
                    raise LogInNeeded
                answer: ResponseReturnValue = login_manager.unauthorized()
                return answer
            actor = get_current_actor()
            if subject is None:
                require(actor, permission)
                return view(*args, **kwargs)
            thing = expect(subject(db.session, kwargs.pop(argument)))
            require(actor, permission, thing)
            return view(thing, *args, **kwargs)

        setattr(guarded, DECLARATION, permission)
        setattr(guarded, SUBJECT, None if subject is None else (subject, argument))
        return guarded

    return declare


def refuse_unstorable_address() -> None:
    """Raise NotFound for an address with a NUL in it: no record has one, and PostgreSQL fails."""
    # Tokens are hashed or verified and never looked up as they come: their views say what is wrong.
    parts = {name: part for name, part in (request.view_args or {}).items() if name != "token"}
    # Programs are told which field it was: their queries are read by schemas.
    args = {} if is_versioned() else request.args
    queried = (value for _name, value in MultiDict(args).items(multi=True))
    if any("\0" in str(text) for text in (*parts.values(), *queried)):
        raise NotFound


def get_declaration(app: Flask, endpoint: str) -> str | None:
    """What the endpoint declares: a permission, "public", or None when it says nothing."""
    if endpoint in _FOREIGN_PUBLIC:
        return PUBLIC
    return getattr(app.view_functions[endpoint], DECLARATION, None)


def get_subject(app: Flask, endpoint: str) -> tuple[Loader, str] | None:
    """What the endpoint loads before it asks for its permission, and the address part it takes."""
    return getattr(app.view_functions[endpoint], SUBJECT, None)


def is_public(app: Flask, endpoint: str) -> bool:
    """Whether the endpoint is for everyone, or there is none of that name."""
    return endpoint not in app.view_functions or get_declaration(app, endpoint) == PUBLIC


def check_declarations(app: Flask) -> None:
    """Raise RouteUndeclared when any route of `app` does not say who may come in."""
    silent = sorted(
        {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if get_declaration(app, rule.endpoint) is None
        }
    )
    if silent:
        raise RouteUndeclared(", ".join(silent))


def may(permission: str, subject: object = None) -> bool:
    """For templates: whether the present actor has `permission` over `subject`."""
    if not current_user.is_authenticated:
        return False
    return is_permitted(get_current_actor(), permission, subject)
