"""Other sites whose pages may call the API from a browser (CORS, Fetch standard): none unless set.

Cookies are never let in: such a page shows a token, as any program does.
"""

from typing import Final

from flask import Response, request

from app.extensions import get_settings

_METHODS: Final = "GET, POST, PATCH"
_SENT: Final = (
    "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
)
_SHOWN: Final = (
    "Content-Language, ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, "
    "Retry-After"
)
# For how long a browser need not ask again, in seconds.
_ASKED_ONCE_IN: Final = "600"


def let_origins_read(response: Response) -> None:
    """Let the page that asked read `response`, where its origin is one that is set."""
    settings = get_settings()
    if not settings.api_origins:
        return
    headers = response.headers
    headers["Vary"] = f"{headers['Vary']}, Origin"
    origin = request.headers.get("Origin")
    if origin not in settings.api_origins:
        return
    headers["Access-Control-Allow-Origin"] = origin
    headers["Access-Control-Expose-Headers"] = _SHOWN
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        headers["Access-Control-Allow-Methods"] = _METHODS
        headers["Access-Control-Allow-Headers"] = _SENT
        headers["Access-Control-Max-Age"] = _ASKED_ONCE_IN
