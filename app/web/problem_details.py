"""What programs are told when something is refused: problem details in JSON (RFC 9457)."""

import json
from http import HTTPStatus
from typing import Final

from flask import Response, request

API_PATH: Final = "/api/"


def is_for_program() -> bool:
    """Whether the present request expects JSON rather than a page."""
    return request.path.startswith(API_PATH)


def make_problem(status: int, sentence: str) -> Response:
    """The answer with `status` that says `sentence`, which is in the reader's language."""
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
    }
    return Response(
        json.dumps(problem, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
    )
