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

from app.access import PERMISSIONS, VIEW_PERMISSION, can_know_of, is_permitted
from app.errors import LogInNeeded, NotFound, NotPermitted
from app.extensions import db, login_manager
from app.web.identity import get_current_actor
from app.web.problem_details import is_for_program

View = Callable[..., ResponseReturnValue]
Loader = Callable[[Session, str], object | None]

PUBLIC: Final = "public"
DECLARATION: Final = "yinqiao_permission"

# Endpoints of libraries: their files are for everyone.
_FOREIGN_PUBLIC: Final = frozenset({"static", "bootstrap.static", "api-docs.openapi_json"})


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
    KeyError at import for a permission that is not in the table.
    """
    PERMISSIONS[permission]

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
                if not is_permitted(actor, permission):
                    raise NotPermitted
                return view(*args, **kwargs)
            thing = subject(db.session, kwargs.pop(argument))
            if thing is None:
                raise NotFound
            if not is_permitted(actor, permission, thing):
                known = type(thing) in VIEW_PERMISSION and can_know_of(actor, thing)
                raise NotPermitted if known else NotFound
            return view(thing, *args, **kwargs)

        setattr(guarded, DECLARATION, permission)
        return guarded

    return declare


def refuse_unstorable_address() -> None:
    """Raise NotFound for an address with a NUL in it: no record has one, and PostgreSQL fails."""
    # Tokens are hashed or verified and never looked up as they come: their views say what is wrong.
    parts = {name: part for name, part in (request.view_args or {}).items() if name != "token"}
    queried = (value for _name, value in request.args.items(multi=True))
    if any("\0" in str(text) for text in (*parts.values(), *queried)):
        raise NotFound


def get_declaration(app: Flask, endpoint: str) -> str | None:
    """What the endpoint declares: a permission, "public", or None when it says nothing."""
    if endpoint in _FOREIGN_PUBLIC:
        return PUBLIC
    return getattr(app.view_functions[endpoint], DECLARATION, None)


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
