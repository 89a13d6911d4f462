"""Tokens by which programs act for a person: made, told of once, revoked."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.access import Actor
from app.audit import record
from app.scopes import sort_scopes
from models.people import Person
from models.tokens import ApiToken, hash_secret

PREFIX: Final = "yq_"
_HINT: Final = len(PREFIX) + 6


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

    Raises ValueError for scopes that there are not.
    """
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
    """The token is good for nothing any more; one that was revoked before keeps its time."""
    if token.revoked_at is None:
        token.revoked_at = at
        session.flush()
        record(session, actor=actor, kind="revoked_token", subject=token, at=at)
