"""Tokens by which programs act for a person: made, told of once, revoked."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.scopes import sort_scopes
from models.people import Person
from models.tokens import ApiToken, hash_secret

PREFIX: Final = "yq_"
_HINT: Final = len(PREFIX) + 6

# For how many days a token is good: unless said otherwise, and at most.
USUAL_DAYS: Final = 90
LONGEST_DAYS: Final = 365

# In characters.
TOKEN_NAME_LIMIT: Final = 80


class NewToken(NamedTuple):
    """A token that was made, and its secret, which is never told again."""

    token: ApiToken
    secret: str


def create_token(
    session: Session,
    *,
    person: Person,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> NewToken:
    """A program that shows the secret acts for `person`, within `scopes`, until `expires_at`.

    Raises NotFound unless `actor` is the person, ValueError for scopes that there are not.
    """
    require(actor, "token:create", person)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        name=name,
        token_hash=hash_secret(secret),
        hint=secret[:_HINT],
        scopes=sort_scopes(scopes),
        credential_version=person.credential_version,
        created_at=at,
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    record(
        session,
        actor=actor,
        kind="created_token",
        subject=token,
        at=at,
        detail={"scopes": " ".join(token.scopes)},
    )
    return NewToken(token, secret)


def revoke_token(session: Session, *, token: ApiToken, actor: Actor, at: datetime) -> None:
    """The token is good for nothing any more; one that was revoked before keeps its time.

    Raises NotFound for the token of anybody else.
    """
    require(actor, "token:revoke", token)
    if token.revoked_at is None:
        token.revoked_at = at
        session.flush()
        record(session, actor=actor, kind="revoked_token", subject=token, at=at)
