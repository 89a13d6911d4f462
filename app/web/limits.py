"""How much a request may bring, decided from its head: before anything is parsed, or even kept.

The server asks before it keeps a body, and the application asks again before it reads one, with
the person then known.
"""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from flask import Flask, current_app, request
from flask.sessions import SecureCookieSessionInterface
from flask_login import current_user
from itsdangerous import BadSignature
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.web.guard import is_public
from app.web.problem_details import is_versioned
from app.web.uploads import find_file_limit

# What a person can type into one form, in bytes; an import file may be larger than its fields.
FORM_BYTES: Final = 10_000_000
REQUEST_BYTES: Final = 12_000_000

# What a stranger may send: log-in, registration, and a form whose sender's log-in has ended, with
# 28,000 Chinese characters in it. Parsing it takes a tenth of a second at worst.
STRANGERS_BYTES: Final = 262_144

# More fields than any of our forms has, and more than any form for strangers has.
_FORM_FIELDS: Final = 2_000


class BodyLimits:
    """How large a body may be, for a server that has read the head of a request alone."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._routes = app.url_map.bind("")

    def find(self, method: str, path: str, cookies: str) -> int:
        """The limit in bytes for a body sent to `path`; `cookies` is that head line.

        Whoever brings no cookie of ours, and whatever goes to a page for everyone, gets the small
        one. Whether the log-in in the cookie still holds is found out later.
        """
        try:
            endpoint, _values = self._routes.match(path, method)
        except HTTPException:
            return STRANGERS_BYTES
        if is_public(self._app, endpoint) or not self._has_log_in(cookies):
            return STRANGERS_BYTES
        return max(REQUEST_BYTES, find_file_limit(self._app, endpoint))

    @property
    def largest(self) -> int:
        """The most that any request may bring."""
        return max(
            REQUEST_BYTES, *(find_file_limit(self._app, name) for name in self._app.view_functions)
        )

    def _has_log_in(self, cookies: str) -> bool:
        try:
            jar = SimpleCookie(cookies)
        except CookieError:
            return False
        names = (
            self._app.config["SESSION_COOKIE_NAME"],
            self._app.config.get("REMEMBER_COOKIE_NAME", "remember_token"),
        )
        kept, remembered = (jar[name].value if name in jar else "" for name in names)
        if remembered:
            # Its signature is checked by the library, within a request.
            return True
        serializer = SecureCookieSessionInterface().get_signing_serializer(self._app)
        if serializer is None:
            return False
        try:
            return "_user_id" in serializer.loads(kept)
        except BadSignature:
            return False


def limit_body() -> None:
    """Raise RequestEntityTooLarge before a body is parsed that is too much for who sends it.

    Werkzeug holds only forms with files to a length and a number of parts; we hold the others.
    A text of a million characters is read of who is logged in, so that its form can come back
    with what was typed.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if is_versioned() or not is_known_sender():
        # A program's body too: it is read before its token is looked at.
        request.max_content_length = STRANGERS_BYTES
    elif request.mimetype != "multipart/form-data":
        request.max_content_length = FORM_BYTES
    else:
        request.max_content_length = max(
            REQUEST_BYTES, find_file_limit(current_app, request.endpoint or "")
        )
    if (request.content_length or 0) > (request.max_content_length or 0):
        raise RequestEntityTooLarge
    # Every field takes far more memory than its bytes: they are counted before they are parsed.
    if (
        not is_versioned()
        and request.mimetype != "multipart/form-data"
        and (request.get_data().count(b"&") > _FORM_FIELDS)
    ):
        raise RequestEntityTooLarge


def is_known_sender() -> bool:
    """Whether the request is for a page that asks for a log-in, and has one."""
    return not is_public(current_app, request.endpoint or "") and current_user.is_authenticated
