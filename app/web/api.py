"""The frame of the JSON API: what every operation under `/api/v1` has in common.

An operation is an ordinary view of a `flask_smorest.Blueprint` in a room's `api.py`, under
`@operation(scope, permission, …)`. It calls the same actions and queries as the pages.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Final

import flask_smorest
import marshmallow as ma
from flask import Flask, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from app.access import PERMISSIONS, VIEW_PERMISSION, can_know_of, is_permitted
from app.errors import DomainError, NotFound, NotPermitted
from app.extensions import csrf, db, limiter
from app.web.bearer import check_scope, get_token
from app.web.guard import DECLARATION, Loader, View
from app.web.identity import get_current_actor
from models.canonical import canonical_line, canonical_text

PATH: Final = "/api/v1"
PAGE: Final = 50
MOST: Final = 200
_REQUESTS: Final = "600 per minute"
_LONGEST_KEY: Final = 200

_TITLES: Mapping[int, str] = {
    400: "The request cannot be read.",
    401: "There is no token, or it is not good.",
    403: "The token or its person may not do this.",
    404: "There is no such thing, or none that the person may know of.",
    409: "The present state does not allow it.",
    412: "It changed meanwhile: the answer has the present state.",
    413: "The request is too large.",
    415: "The body is not JSON.",
    422: "What was sent is not allowed.",
    428: "The version that the change is about has to be said.",
    429: "Too many requests.",
    503: "It cannot be done at present.",
}


class ApiSchema(ma.Schema):
    """A JSON object whose fields are all known."""

    class Meta:
        """Fields stand in the order in which they are declared."""

        unknown = ma.RAISE


class Line(ma.fields.String):
    """One line of canonical text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **others: Any) -> str:
        text = super()._deserialize(value, attr, data, **others)
        return canonical_line(_refuse_unstorable(text))


class Text(ma.fields.String):
    """Canonical text of several lines."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **others: Any) -> str:
        text = super()._deserialize(value, attr, data, **others)
        return canonical_text(_refuse_unstorable(text))


def _refuse_unstorable(text: str) -> str:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ma.ValidationError(_("The text has characters that cannot be stored."))
    return text


class PageSchema(ApiSchema):
    """Which part of a list: at most `limit` items after the one that `after` names."""

    class Meta:
        """What is not known is refused."""

        unknown = ma.RAISE

    limit = ma.fields.Integer(
        load_default=PAGE,
        strict=True,
        validate=ma.validate.Range(1, MOST),
        metadata={"description": "How many items at most."},
    )
    after = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(max=400),
        metadata={"description": "The `next` of the page before."},
    )


class ProblemSchema(ApiSchema):
    """Problem details (RFC 9457)."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    facts = ma.fields.Dict(required=True)
    errors = ma.fields.List(
        ma.fields.Nested(
            ma.Schema.from_dict(
                {"pointer": ma.fields.String(required=True), "detail": ma.fields.String(required=True)},
                name="FieldProblem",
            )
        )
    )


class CursorInvalid(DomainError):
    """`after` is not the `next` of any list."""

    code = "cursor_invalid"
    status = 422
    sentence = _l("“after” has to be the “next” of an earlier answer.")


class VersionMissing(DomainError):
    """A change does not say which version it is about."""

    code = "version_missing"
    status = 428
    sentence = _l("Send the ETag that you read as If-Match, so that you overwrite nobody.")


class VersionOutdated(DomainError):
    """The thing is not the version any more that the change is about."""

    code = "version_outdated"
    status = 412
    sentence = _l("It was changed meanwhile. Read it again, then decide.")


class RestApi(flask_smorest.Api):  # type: ignore[misc]
    """The document, and our problem details in place of the library's errors."""

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Left to `app/web/handlers.py`, which answers everything else too."""
        return error

    def _register_error_handlers(self) -> None:
        return None


def make_api(app: Flask) -> RestApi:
    """The API of `app`, without operations yet."""
    app.config.update(
        API_TITLE="Yinqiao",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PATH,
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = RestApi(
        app,
        spec_kwargs={
            "info": {
                "description": "Everything that a page can do, a program can do. "
                "凡页面能做的，程序都能做。"
            },
            "servers": [{"url": "/"}],
            "security": [{"bearer": []}],
        },
    )
    api.spec.components.schema("Problem", schema=ProblemSchema)
    api.spec.components.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "description": "A token of a person."}
    )
    return api


def operation(
    scope: str,
    permission: str,
    *,
    subject: Loader | None = None,
    argument: str = "public_id",
    refusals: Sequence[int] = (),
) -> Callable[[View], View]:
    """The view is for programs whose token has `scope` and whose person has `permission`.

    With `subject` the thing that the address names is loaded and handed to the view first, as in
    `app.web.guard.requires`. `refusals` are the statuses of its own, for the document.
    """
    PERMISSIONS[permission]

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            get_token()
            check_scope(scope)
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

        limited = limiter.limit(_REQUESTS, key_func=_get_token_key)(guarded)
        setattr(limited, DECLARATION, permission)
        statuses = {400, 401, 403, 422, 429, *refusals, *((404,) if subject else ())}
        _document(limited, statuses, scope)
        return csrf.exempt(limited)  # type: ignore[no-any-return]

    return declare


def _get_token_key() -> str:
    return get_token().public_id


def _document(view: View, statuses: set[int], scope: str) -> None:
    docs = getattr(view, "_apidoc", {})
    manual = docs.setdefault("manual_doc", {})
    answers = manual.setdefault("responses", {})
    for status in sorted(statuses):
        answers[str(status)] = {
            "description": _TITLES[status],
            "content": {"application/problem+json": {"schema": PROBLEM}},
        }
    manual["security"] = [{"bearer": [scope]}]
    view._apidoc = docs  # type: ignore[attr-defined]


PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}


def name_version(public_id: str, version: int) -> str:
    """The ETag of one version of a thing, without its quotes."""
    return f"{public_id}-{version}"


def check_version(public_id: str, version: int) -> int:
    """The version that this change is about. Raises VersionMissing, VersionOutdated."""
    asked = request.if_match
    if not asked.star_tag and not list(asked):
        raise VersionMissing
    if not asked.contains(name_version(public_id, version)):
        raise VersionOutdated
    return version


def write_cursor(moment: datetime, key: int) -> str:
    """Where a list goes on: after the row with this time and key."""
    told = json.dumps([moment.isoformat(), key]).encode()
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    """What `write_cursor` wrote; None for the beginning. Raises CursorInvalid."""
    if cursor is None:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment, key = told
        read = datetime.fromisoformat(moment)
        if read.tzinfo is None or type(key) is not int or not 0 < key < 1 << 62:
            raise CursorInvalid
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise CursorInvalid from error
    return read, key
