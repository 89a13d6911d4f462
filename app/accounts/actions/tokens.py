"""Tokens by which programs act for a person: made, told of once, revoked."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.accounts.addresses import TOKENS
from app.accounts.errors import TokenDaysInvalid, TokenNameInvalid, TooManyTokens
from app.accounts.queries import list_tokens
from app.audit import record
from app.scopes import sort_scopes
from app.signing import Signer
from app.telling.notices import tell
from models.canonical import canonical_line
from models.orm import delete_where
from models.people import Person
from models.tokens import TOKEN_PURPOSE, ApiToken, hash_secret

PREFIX: Final = "yq_"
_HINT: Final = len(PREFIX) + 6

# For how many days a token is good: unless said otherwise, and at most.
USUAL_DAYS: Final = 90
LONGEST_DAYS: Final = 365

# In characters.
TOKEN_NAME_LIMIT: Final = 80

# How many of one person are good at a time.
MOST_TOKENS: Final = 20

# For how long one that ended can still be seen.
TOKENS_SHOWN_AFTER: Final = timedelta(days=90)


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
    days: int,
    signer: Signer,
    actor: Actor,
    at: datetime,
) -> NewToken:
    """A program that shows the secret acts for `person`, within `scopes`, for `days`.

    The person is told. The secret is marked by `signer`, so that a server knows it for ours before
    it keeps what comes with it. Raises NotFound unless `actor` is the person, TokenNameInvalid,
    TokenDaysInvalid, TooManyTokens while `MOST_TOKENS` are good, ValueError for scopes that there
    are not.
    """
    require(actor, "token:create", person)
    name = canonical_line(name)
    if not 1 <= len(name) <= TOKEN_NAME_LIMIT:
        raise TokenNameInvalid(most=TOKEN_NAME_LIMIT)
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenDaysInvalid(most=LONGEST_DAYS)
    # Two at once count in turn.
    session.refresh(person, with_for_update=True)
    if sum(token.is_good(at) for token in list_tokens(session, person)) >= MOST_TOKENS:
        raise TooManyTokens(most=MOST_TOKENS)
    secret = signer.mark(TOKEN_PURPOSE, PREFIX + secrets.token_urlsafe(32))
    token = ApiToken(
        person=person,
        name=name,
        token_hash=hash_secret(secret),
        hint=secret[:_HINT],
        scopes=sort_scopes(scopes),
        credential_version=person.credential_version,
        created_at=at,
        expires_at=at + timedelta(days=days),
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
    tell(session, person=person, kind="token_made", facts={"name": name}, path=TOKENS, at=at)
    session.flush()
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


def forget_tokens(session: Session, *, at: datetime) -> int:
    """Tokens that ended long ago leave nothing; returns how many.

    One whose person chose a new password ended without a time of its own: its last day counts.
    """
    long_ago = at - TOKENS_SHOWN_AFTER
    ended = (ApiToken.revoked_at <= long_ago) | (ApiToken.expires_at <= long_ago)
    return delete_where(session, ApiToken, ended)
