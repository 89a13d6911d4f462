"""The frame of the JSON API: what every operation under `/api/v1` has in common.

An operation is an ordinary view of an `ApiBlueprint` in a room's `api.py`, under
`@operation(scope, permission, …)`. It calls the same actions and queries as the pages.
"""

import inspect
import threading
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any, Final

import flask_smorest
import marshmallow as ma
from flask import Flask, Response, current_app
from werkzeug.exceptions import HTTPException, TooManyRequests

from app.access import PERMISSIONS, require
from app.errors import expect
from app.extensions import csrf, db
from app.web.allowance import count_request, find_left, start_counting
from app.web.api_body import BodyParser
from app.web.api_chosen import describe_fields, read_fields, write_lines
from app.web.api_document import tidy
from app.web.api_fields import ApiSchema, make_next
from app.web.api_origins import let_origins_read
from app.web.api_variants import list_variants
from app.web.api_versions import VERSION_HEADER
from app.web.api_writing import write_answer
from app.web.bearer import check_scope, get_token
from app.web.guard import DECLARATION, PUBLIC, SUBJECT, Loader, View
from app.web.identity import get_current_actor
from app.web.lists import Lines
from app.web.problem_details import VERSION_PATH, is_versioned
from app.web.reader import select_locale
from app.words.localisation import HTML_LANGUAGES

# What a header or a list of statuses of one decorator is handed on by to the outermost one.
HEADERS: Final = "yinqiao_api_headers"
STATUSES: Final = "yinqiao_api_statuses"
# What raises where the present request lacks something that the view needs always.
NEEDED: Final = "yinqiao_api_needed"

# The schema of what a view answers.
_ANSWERS: Final = "yinqiao_api_answers"

_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}

_TITLES: Final = {
    400: "The request cannot be read, or lacks its Idempotency-Key. 请求无法读取，或缺少幂等键。",
    401: "There is no token, or it is not good. 没有令牌，或令牌无效。",
    403: "The token or its person may not do this. 令牌或其所有者无此权限。",
    404: "There is no such thing, or none that the person may know of. 不存在，或无权知晓。",
    409: "The present state does not allow it. 当前状态不允许。",
    412: "It changed meanwhile; `present` has the present state. 已被更改，`present` 为现状。",
    413: "The request is too large. 请求过大。",
    415: "The body is not JSON. 正文不是 JSON。",
    422: "What was sent is not allowed; `errors` names the fields. 内容不合规，`errors` 指明字段。",
    428: "The version that the change is about has to be said. 须说明所改的版本。",
    429: "Too many requests. 请求过多。",
    503: "It cannot be done at present. 暂时无法处理。",
}


class FieldProblemSchema(ma.Schema):
    """What is wrong with one field."""

    pointer = ma.fields.String(required=True, metadata={"description": "A JSON pointer."})
    detail = ma.fields.String(required=True)


class ProblemSchema(ma.Schema):
    """Problem details (RFC 9457). 问题详情。"""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    facts = ma.fields.Dict(required=True)
    errors = ma.fields.List(ma.fields.Nested(FieldProblemSchema))
    present = ma.fields.Dict()
    request_id = ma.fields.String(
        metadata={"description": "Of an error of ours: what to name. 系统错误时的请求编号。"}
    )


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """What programs use of one room."""

    ARGUMENTS_PARSER = BodyParser()

    # The library has no types: these are said here, once.
    def get(self, rule: str, **options: Any) -> Callable[[View], View]:
        """The view answers GET at `rule`, with the fields that are chosen alone."""
        declare: Callable[[View], View] = super().get(rule, **options)

        def offer(view: View) -> View:
            if (schema := getattr(view, _ANSWERS, None)) is not None:
                docs: dict[str, Any] = view._apidoc  # type: ignore[attr-defined]
                taken = docs.setdefault("arguments", {}).setdefault("parameters", [])
                taken.append(describe_fields(schema))
                answers = docs.setdefault("manual_doc", {}).setdefault("responses", {})
                answers.setdefault("422", _describe_refusal(422))
            return declare(view)

        return offer

    def post(self, rule: str, **options: Any) -> Callable[[View], View]:
        """The view answers POST at `rule`."""
        declare: Callable[[View], View] = super().post(rule, **options)
        return declare

    def patch(self, rule: str, **options: Any) -> Callable[[View], View]:
        """The view answers PATCH at `rule`."""
        declare: Callable[[View], View] = super().patch(rule, **options)
        return declare

    def arguments(self, schema: type[ma.Schema], **options: Any) -> Callable[[View], View]:
        """The view is handed what `schema` makes of the body, or of another `location`."""
        declare: Callable[[View], View] = super().arguments(schema, **options)
        return declare

    def response(
        self, status_code: int, schema: type[ma.Schema], **options: Any
    ) -> Callable[[Callable[..., Any]], View]:
        """What the view returns is answered with `status_code`, as `schema` has it.

        A view that reads gives the fields that are chosen alone, and `Lines` as lines.
        """
        declare: Callable[[View], View] = super().response(status_code, schema, **options)

        def answer(view: Callable[..., Any]) -> View:
            @wraps(view)
            def told(*args: Any, **kwargs: Any) -> Response:
                # Told before the work: what cannot be chosen is no reason to read anything.
                wanted = read_fields(schema)
                result = view(*args, **kwargs)
                if isinstance(result, Lines):
                    return write_lines(result, schema, wanted)
                return write_answer(schema, status_code, result, wanted)

            # The library writes no answer that is one already, and describes it all the same.
            whole = declare(told)
            setattr(whole, _ANSWERS, schema)
            return whole

        return answer


_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token, made on the account page. 个人令牌，在账号页创建。 "
    "The scopes `sessions:…` are for all times that are agreed on: sessions with mentors, talks "
    "with investors, appointments at centres. "
    "权限 `sessions:…` 涵盖所有约定的时间：辅导、会谈和预约。",
}


class RestApi(flask_smorest.Api):  # type: ignore[misc]
    """The operations of all rooms; the document is written when it is first asked for."""

    # Every status of an operation is said one by one.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask, **options: Any) -> None:
        self._blueprints: list[ApiBlueprint] = []
        self._lock = threading.Lock()
        self._document: dict[str, Any] | None = None
        self._described: dict[str, Any] = {}
        super().__init__(app, **options)

    def _init_spec(self, **options: Any) -> None:
        """Later: what a document needs is made with it, and most processes are never asked."""
        self._described = options

    def register_blueprint(self, blueprint: ApiBlueprint, **options: Any) -> None:
        """The operations of `blueprint` can be called, and stand in the document."""
        self._app.register_blueprint(blueprint)
        self._blueprints.append(blueprint)

    def get_document(self) -> dict[str, Any]:
        """The OpenAPI document of what is registered."""
        with self._lock:
            if self._document is None:
                super()._init_spec(**self._described)
                self.spec.components.schema("Problem", schema=ProblemSchema)
                self.spec.components.security_scheme("bearer", _BEARER)
                for each in self._blueprints:
                    each.register_views_in_doc(
                        self, self._app, self.spec, name=each.name, parameters=None
                    )
                    self.spec.tag({"name": each.name, "description": each.description})
                described = {
                    name: inspect.getdoc(key[0]) or ""
                    for key, name in self.ma_plugin.converter.refs.items()
                    if vars(key[0]).get("__doc__")
                }
                variants = {
                    name: forms
                    for key, name in self.ma_plugin.converter.refs.items()
                    if (forms := list_variants(key[0]))
                }
                self._document = tidy(self.spec.to_dict(), described, variants)
            return self._document

    def _register_error_handlers(self) -> None:
        """None: `app/web/handlers.py` answers everything."""

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Left to `app/web/handlers.py`."""
        return error


def make_api(app: Flask) -> RestApi:
    """The API of `app`, without operations yet."""
    app.config.update(API_TITLE="Yinqiao 引桥", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    api = RestApi(
        app,
        spec_kwargs={
            "info": {
                "description": "What pages do, for programs: the same rules, the same rights. "
                "页面的功能，供程序调用：规则相同，权限相同。"
            },
            "servers": [{"url": "/"}],
            "security": [{"bearer": []}],
        },
    )
    app.extensions["yinqiao_api"] = api
    start_counting(app)
    app.after_request(_say_limits)
    return api


def get_document() -> dict[str, Any]:
    """The OpenAPI document of the present application."""
    api: RestApi = current_app.extensions["yinqiao_api"]
    return api.get_document()


def operation(
    scope: str | None,
    permission: str,
    *,
    subject: Loader | None = None,
    argument: str = "public_id",
    refusals: Sequence[int] = (),
) -> Callable[[View], View]:
    """The view is for programs whose token has `scope` and whose person has `permission`.

    None as `scope`: whatever the token is good for. With `subject` the thing that the address
    names is loaded and handed to the view first, as in `app.web.guard.requires`. `refusals` are
    the statuses of its own, for the document. KeyError at import for an unknown permission.
    """
    PERMISSIONS[permission]

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                count_request(get_token().person_id)
            except TooManyRequests:
                # Waiting does not help a request that lacks what it can never do without.
                getattr(view, NEEDED, _need_nothing)()
                raise
            if scope is not None:
                check_scope(scope)
            actor = get_current_actor()
            if subject is None:
                require(actor, permission)
                return view(*args, **kwargs)
            thing = expect(subject(db.session, kwargs.pop(argument)))
            require(actor, permission, thing)
            return view(thing, *args, **kwargs)

        setattr(guarded, DECLARATION, permission)
        setattr(guarded, SUBJECT, None if subject is None else (subject, argument))
        statuses = {400, 401, 403, 429, *refusals, *getattr(view, STATUSES, ())}
        _document(guarded, statuses | ({404} if subject else set()), scope)
        return csrf.exempt(guarded)  # type: ignore[no-any-return]

    return declare


def _need_nothing() -> None:
    """Most operations run whatever headers a request has."""


def open_operation(view: View) -> View:
    """The view is for every program, with a token or without."""
    setattr(view, DECLARATION, PUBLIC)
    _document(view, {400}, None)
    view._apidoc["manual_doc"]["security"] = []  # type: ignore[attr-defined]
    return view


def get_answer_schema(view: Callable[..., Any]) -> type[ma.Schema] | None:
    """The schema of what `view` answers; None for what is no JSON, and for what is no operation."""
    schema: type[ma.Schema] | None = getattr(view, _ANSWERS, None)
    return schema


def _document(view: View, statuses: set[int], scope: str | None) -> None:
    """Say in the document what the decorators know."""
    docs = getattr(view, "_apidoc", {})
    parameters = docs.get("arguments", {}).get("parameters", ())
    if any(each["in"] == "json" for each in parameters):
        statuses = statuses | {413, 415, 422}
    elif parameters:
        statuses = statuses | {422}
    docs.get("arguments", {}).pop("responses", None)
    manual = docs.setdefault("manual_doc", {})
    manual["operationId"] = view.__name__
    answers = manual.setdefault("responses", {})
    for status in sorted(statuses):
        answers[str(status)] = _describe_refusal(status)
    if headers := getattr(view, HEADERS, ()):
        manual["parameters"] = list(headers)
    manual["security"] = [{"bearer": [scope] if scope else []}]
    view._apidoc = docs  # type: ignore[attr-defined]


def _describe_refusal(status: int) -> dict[str, Any]:
    """A refusal with this status, for the document."""
    return {
        "description": _TITLES[status],
        "content": {"application/problem+json": {"schema": _PROBLEM}},
    }


def answers_file(view: View) -> View:
    """The view answers with the bytes of a file."""
    docs = getattr(view, "_apidoc", {})
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    answers = docs.setdefault("manual_doc", {}).setdefault("responses", {})
    answers["200"] = {"description": "OK", "content": content}
    view._apidoc = docs  # type: ignore[attr-defined]
    return view


def changes_version(view: View) -> View:
    """The view changes a version that the request names in If-Match."""
    setattr(view, HEADERS, (*getattr(view, HEADERS, ()), VERSION_HEADER))
    setattr(view, STATUSES, (*getattr(view, STATUSES, ()), 412, 428))
    return view


@cache
def show_list(item: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a part of a list whose items are `item`."""
    name = item.__name__.removesuffix("Schema")
    schema = ma.Schema.from_dict(
        {
            "items": ma.fields.List(ma.fields.Nested(item), required=True),
            "next": make_next(),
        },
        name=f"{name}List",
    )
    schema.item_schema = item  # type: ignore[attr-defined]
    return schema


def _say_limits(response: Response) -> Response:
    """How much is left to the person (IETF draft httpapi-ratelimit-headers); who may keep it."""
    if not is_versioned():
        return response
    headers = response.headers
    headers.setdefault("Cache-Control", "private, no-store")
    headers.setdefault("Content-Language", HTML_LANGUAGES[select_locale()])
    headers["Vary"] = "Accept, Accept-Language, Authorization"
    let_origins_read(response)
    if (left := find_left()) is not None:
        headers["RateLimit-Policy"] = f'"person";q={left.most};w={left.window}'
        headers["RateLimit"] = f'"person";r={left.requests};t={left.seconds}'
        if response.status_code == 429 and not left.requests:
            headers["Retry-After"] = str(left.seconds)
    if response.status_code == 429:
        # One of the person's own requests has to end first, which is soon.
        headers.setdefault("Retry-After", "1")
    return response


__all__ = [
    "VERSION_PATH",
    "ApiBlueprint",
    "ApiSchema",
    "RestApi",
    "answers_file",
    "changes_version",
    "get_answer_schema",
    "get_document",
    "make_api",
    "open_operation",
    "operation",
    "show_list",
]
