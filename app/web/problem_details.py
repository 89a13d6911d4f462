"""What programs are told when something is refused: problem details in JSON (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from flask import Response, request

from app.web.request_ids import get_request_id

API_PATH: Final = "/api/"
VERSION_PATH: Final = "/api/v1"
PROBLEMS_PATH: Final = "/help/api"


class FieldError(NamedTuple):
    """What is wrong with one field of what was sent: a JSON pointer (RFC 6901) and a sentence."""

    pointer: str
    detail: str


def is_for_program() -> bool:
    """Whether the present request expects JSON rather than a page."""
    return request.path.startswith(API_PATH)


def is_versioned() -> bool:
    """Whether the present request is one of `/api/v1`, where a cookie counts for nothing."""
    return request.path.startswith(f"{VERSION_PATH}/") or request.path == VERSION_PATH


def make_problem(
    status: int,
    sentence: str,
    *,
    code: str = "",
    facts: Mapping[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
    present: object = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer with `status` that says `sentence`, which is in the reader's language.

    `code` is stable and names the kind; `facts` are what the sentence is made of; `errors` say
    which fields are wrong; `present` is the present state of what has changed meanwhile. Of an
    error of ours, the answer says in which request it was.
    """
    code = code or HTTPStatus(status).name.lower()
    problem: dict[str, Any] = {
        "type": f"{PROBLEMS_PATH}#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "code": code,
        "facts": dict(facts or {}),
    }
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        problem["request_id"] = get_request_id()
    if errors:
        problem["errors"] = [error._asdict() for error in errors]
    if present is not None:
        problem["present"] = present
    response = Response(
        # A field that nobody knows may be called by half a character.
        json.dumps(problem, ensure_ascii=False).encode("utf-8", "replace"),
        status=status,
        content_type="application/problem+json",
        headers=dict(headers or {}),
    )
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def list_field_errors(messages: Any, at: str = "") -> list[FieldError]:
    """marshmallow's messages, nested as what was sent, as JSON pointers (RFC 6901)."""
    if isinstance(messages, Mapping):
        return [
            error
            for name, inner in messages.items()
            for error in list_field_errors(inner, _extend(at, name))
        ]
    if isinstance(messages, (list, tuple)):
        return [error for inner in messages for error in list_field_errors(inner, at)]
    return [FieldError(at, str(messages))]


def _extend(pointer: str, name: object) -> str:
    # The libraries' names for the whole of what was sent, and for an object as a whole.
    if name == "_schema" or (name in ("json", "query") and not pointer):
        return pointer
    # A name of any length would come back as long as it was.
    shown = str(name)[:200].replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{shown}"
