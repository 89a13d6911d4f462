"""How much a request may bring, decided from its head: before anything is parsed, or even kept.

The server asks before it keeps a body, and the application asks again before it reads one, with
the person then known.
"""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from flask import Flask, current_app, request
from flask.sessions import SecureCookieSessionInterface
from flask_login import current_user
from flask_login.utils import decode_cookie
from itsdangerous import BadSignature
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.signing import Signer
from app.web.bearer import get_token, read_secret
from app.web.guard import is_public
from app.web.problem_details import VERSION_PATH, is_versioned
from app.web.uploads import FORM_WITH_FILE, find_own_limit
from models.tokens import TOKEN_PURPOSE

# What a person can type into one form, in bytes; an import file may be larger than its fields.
FORM_BYTES: Final = 10_000_000
REQUEST_BYTES: Final = 12_000_000

# What a stranger may send: log-in, registration, and a form whose sender's log-in has ended, with
# 28,000 Chinese characters in it. Parsing it takes a tenth of a second at worst.
STRANGERS_BYTES: Final = 262_144

# A file in base64 has at most 240,000 characters; a program that writes each of another text as
# two escapes is told which field is wrong, rather than that all of it is too much.
FILE_IN_JSON_BYTES: Final = 4_000_000

# More fields than any of our forms has, and more than any form for strangers has.
_FORM_FIELDS: Final = 2_000


class BodyLimits:
    """How large a body may be, for a server that has read the head of a request alone."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._routes = app.url_map.bind("")

    def find(self, method: str, path: str, cookies: str, authorization: str = "") -> int:
        """The limit in bytes for a body sent to `path`; the others are those head lines.

        Whoever brings no cookie of ours, and whatever goes to a page for everyone, gets the small
        one; so does a program, but with a token of ours where a file or a long body is taken.
        Whether the log-in in the cookie, or the token, still holds is found out later.
        """
        try:
            endpoint, _values = self._routes.match(path, method)
        except HTTPException:
            return STRANGERS_BYTES
        if path.startswith(f"{VERSION_PATH}/"):
            limit = find_own_limit(self._app, endpoint)
            return limit if limit and self._has_token(authorization) else STRANGERS_BYTES
        if is_public(self._app, endpoint) or not self._has_log_in(cookies):
            return STRANGERS_BYTES
        return max(REQUEST_BYTES, find_own_limit(self._app, endpoint))

    @property
    def largest(self) -> int:
        """The most that any request may bring."""
        return max(
            REQUEST_BYTES, *(find_own_limit(self._app, name) for name in self._app.view_functions)
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
        # The library cannot compare what is not ASCII, which a signature of its own always is.
        key = self._app.config["SECRET_KEY"]
        if remembered.isascii() and remembered and decode_cookie(remembered, key=key):
            return True
        serializer = SecureCookieSessionInterface().get_signing_serializer(self._app)
        if serializer is None:
            return False
        try:
            return "_user_id" in serializer.loads(kept)
        except BadSignature:
            return False

    def _has_token(self, authorization: str) -> bool:
        secret = read_secret(authorization)
        return Signer(self._app.config["SECRET_KEY"]).is_marked(TOKEN_PURPOSE, secret)


def limit_body() -> None:
    """Raise RequestEntityTooLarge before a body is parsed that is too much for who sends it.

    Werkzeug holds only forms with files to a length and a number of parts; we hold the others.
    A text of a million characters is read of who is logged in, so that its form can come back
    with what was typed.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if is_versioned():
        request.max_content_length = _find_programs_limit()
        # Of what stands in a form beside its file.
        request.max_form_memory_size = STRANGERS_BYTES
    elif not is_known_sender():
        request.max_content_length = STRANGERS_BYTES
    elif request.mimetype != FORM_WITH_FILE:
        request.max_content_length = FORM_BYTES
    else:
        request.max_content_length = max(
            REQUEST_BYTES, find_own_limit(current_app, request.endpoint or "")
        )
    if (request.content_length or 0) > (request.max_content_length or 0):
        raise RequestEntityTooLarge
    # Every field takes far more memory than its bytes: they are counted before they are parsed.
    if (
        not is_versioned()
        and request.mimetype != FORM_WITH_FILE
        and (request.get_data().count(b"&") > _FORM_FIELDS)
    ):
        raise RequestEntityTooLarge


def _find_programs_limit() -> int:
    """Raise LogInNeeded before a large body is read that comes without a good token."""
    limits: BodyLimits = current_app.extensions["yinqiao_body_limits"]
    head = request.headers.get("Authorization", "")
    limit = limits.find(request.method, request.path, "", head)
    if request.mimetype != FORM_WITH_FILE:
        limit = min(limit, FILE_IN_JSON_BYTES)
    if limit > STRANGERS_BYTES and (request.content_length or limit) > STRANGERS_BYTES:
        get_token()
    return limit


def is_known_sender() -> bool:
    """Whether the request is for a page that asks for a log-in, and has one."""
    return not is_public(current_app, request.endpoint or "") and current_user.is_authenticated
