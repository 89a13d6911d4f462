"""Each request has an id: in the answer, in each line that the log has of it, and on error pages.

Whoever meets an error needs to say no more than that.
"""

import re
import secrets
from typing import Final

from flask import Flask, Response, g, has_request_context, request

from app.extensions import get_settings

HEADER: Final = "X-Request-ID"

# What a proxy of ours may say: nothing that could be taken for anything else in a log.
_FROM_PROXY: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


def get_request_id() -> str:
    """The id of the present request; "" outside of one."""
    if not has_request_context():
        return ""
    if "request_id" not in g:
        g.request_id = _choose()
    found: str = g.request_id
    return found


def name_requests(app: Flask) -> None:
    """Each answer of `app` says the id of its request."""
    app.after_request(_say)
    app.jinja_env.globals["get_request_id"] = get_request_id


def _choose() -> str:
    said = request.headers.get(HEADER, "")
    # Believed where a proxy of ours sets it, as other heads of a proxy are.
    if get_settings().trusted_proxies and _FROM_PROXY.fullmatch(said):
        return said
    return secrets.token_hex(8)


def _say(response: Response) -> Response:
    response.headers[HEADER] = get_request_id()
    return response
