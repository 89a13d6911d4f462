"""Programs that show a bearer token (RFC 6750): for whom they act, and what they may.

A cookie is never looked at here, so that no other site can send a request in somebody's name.
"""

import logging
from datetime import datetime, timedelta
from typing import cast

from flask import g, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import joinedload

from app.access import make_actor
from app.clock import now
from app.errors import DomainError, LogInNeeded
from app.extensions import db
from app.scopes import covers
from models.orm import WRITER_OPTION
from models.people import Membership, Person
from models.tokens import ApiToken, hash_secret

log = logging.getLogger(__name__)

# Noting every use would make each reading of a program a writing.
_NOTED_EVERY = timedelta(minutes=10)


class TokenInvalid(LogInNeeded):
    """The token is unknown, has expired, was revoked, or its person has a new password."""

    code = "token_invalid"
    sentence = _l("This token is not good, or not any more. Make a new one on your account page.")


class ScopeMissing(DomainError):
    """The token is not good for this. `scope` is what it would take."""

    code = "scope_missing"
    status = 403
    sentence = _l("This token is not good for that: it lacks the scope %(scope)s.")


def get_token() -> ApiToken:
    """The token of this request. Raises LogInNeeded without one, TokenInvalid for a bad one."""
    if "api_token" not in g:
        g.api_token = _find_token(now())
        g.api_person = g.api_token.person
        g.actor = make_actor(g.api_person)
        # Said again when the answer is written: the person would have to be read once more.
        g.api_locale = g.api_person.locale
    return cast(ApiToken, g.api_token)


def check_scope(wanted: str) -> None:
    """Raise ScopeMissing when the token of this request is not good for `wanted`."""
    if not covers(get_token().scopes, wanted):
        raise ScopeMissing(scope=wanted)


def read_secret(authorization: str) -> str:
    """The token in that head line; "" for none."""
    kind, _, secret = authorization.partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _find_token(at: datetime) -> ApiToken:
    secret = read_secret(request.headers.get("Authorization", ""))
    if not secret:
        raise LogInNeeded
    token = db.session.scalar(
        select(ApiToken)
        .where(ApiToken.token_hash == hash_secret(secret))
        .options(
            joinedload(ApiToken.person)
            .selectinload(Person.memberships)
            .selectinload(Membership.startup)
        )
    )
    if token is None or not token.is_good(at):
        raise TokenInvalid
    if token.last_used_at is None or at - token.last_used_at > _NOTED_EVERY:
        _note_use(token.id, at)
    return token


def _note_use(token_id: int, at: datetime) -> None:
    """The token was used at `at`: kept on its own, whatever becomes of the request."""
    try:
        with db.engine.connect().execution_options(**{WRITER_OPTION: True}) as connection:
            connection.execute(
                update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=at)
            )
            connection.commit()
    except DBAPIError:
        # A database that is full or only read keeps nobody from reading.
        log.warning("the use of a token could not be kept")
