"""Requests of programs that are sent again: the same `Idempotency-Key` never does a thing twice.

The header is that of the IETF draft `httpapi-idempotency-key-header`. A key is kept for a day.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final, NamedTuple

from flask import Response, make_response, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import DomainError
from app.extensions import db
from app.transactions import writing
from app.web.api import HEADERS, NEEDED, STATUSES
from app.web.bearer import get_token
from app.web.guard import View
from app.web.typed import get_sealer
from app.web.uploads import is_upload
from models.orm import delete_where
from models.tokens import ApiRequest

HEADER: Final = "Idempotency-Key"
KEY_HEADER: Final = {
    "name": HEADER,
    "in": "header",
    "description": "A new random text; a repeat with the same one does nothing twice. "
    "新的随机文本；重复同一个键不会执行两次。",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
KEPT = timedelta(hours=24)
# Longer than any request takes: whoever claimed the key has been killed by then.
_CLAIM_LASTS = timedelta(minutes=5)
_LONGEST_KEY: Final = 200
_PURPOSE: Final = "repeat"
_KEPT_HEADERS: Final = ("Location", "ETag", "Content-Type")


_KEY: Final = re.compile(f"[!-~]{{1,{_LONGEST_KEY}}}")


class KeyMissing(DomainError):
    """A repeat would make a second thing, and there is no key to tell it by."""

    code = "idempotency_key_missing"
    status = 400
    sentence = _l("Send a header Idempotency-Key, so that a repeat makes no second one.")


class KeyInvalid(DomainError):
    """The key is longer than it may be, or has other characters than printable ASCII."""

    code = "idempotency_key_invalid"
    status = 400
    sentence = _l("An Idempotency-Key has 1 to %(limit)s printable characters.")


class KeyUsedOtherwise(DomainError):
    """The same key came with another request."""

    code = "idempotency_key_reused"
    status = 422
    sentence = _l("This Idempotency-Key was sent with another request. Choose a new one.")


class StillRunning(DomainError):
    """The first request with this key has not ended."""

    code = "still_running"
    sentence = _l("The same request is still being worked on. Ask again in a moment.")


class AnswerLost(DomainError):
    """The work was done, and its answer was lost on the way."""

    code = "answer_lost"
    sentence = _l("This was done, but its answer was lost. Look for it in the list.")


class ClaimLost(DomainError):
    """The work took so long that a repeat was let in: only that one counts."""

    code = "claim_lost"
    sentence = _l("This took so long that a repeat of it was begun. Only the repeat was saved.")


class _Claim(NamedTuple):
    """A key that is ours: numbers of rows are given again, so that the time tells claims apart."""

    row_id: int
    at: datetime


def once(*, needs_key: bool = True) -> Callable[[View], View]:
    """The view runs once for each key of a person; a repeat gets the answer of the first.

    It stands below `operation`. What refuses the first request leaves the key free. Raises
    KeyMissing, KeyInvalid, KeyUsedOtherwise, StillRunning, AnswerLost, ClaimLost.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if needs_key:
                _require_key()
            key = request.headers.get(HEADER)
            if key is None:
                return view(*args, **kwargs)
            if not _KEY.fullmatch(key):
                raise KeyInvalid(limit=_LONGEST_KEY)
            person_id = get_token().person_id
            claimed = _claim(person_id, key, _hash_request(), now())
            if isinstance(claimed, Response):
                return claimed
            return _run(claimed, lambda: view(*args, **kwargs))

        header = KEY_HEADER | {"required": needs_key}
        if needs_key:
            setattr(guarded, NEEDED, _require_key)
        setattr(guarded, HEADERS, (*getattr(view, HEADERS, ()), header))
        setattr(guarded, STATUSES, (*getattr(view, STATUSES, ()), 409, 422))
        return guarded

    return declare


def _require_key() -> None:
    if HEADER not in request.headers:
        raise KeyMissing


def forget_old_requests(session: Session, *, at: datetime) -> int:
    """Keys older than a day are free again; returns how many there were."""
    return delete_where(session, ApiRequest, ApiRequest.claimed_at < at - KEPT)


def _hash_request() -> str:
    told = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if not is_upload():
        told.update(request.get_data())
        return told.hexdigest()
    # Around the same fields and files each sending has another line.
    for name, text in request.form.items(multi=True):
        told.update(json.dumps([name, text]).encode())
    for name, file in request.files.items(multi=True):
        told.update(json.dumps([name, file.filename]).encode())
        told.update(hashlib.sha256(file.stream.read()).digest())
        file.stream.seek(0)
    return told.hexdigest()


def _claim(person_id: int, key: str, content_hash: str, at: datetime) -> _Claim | Response:
    """Our claim when the key is ours now; else the answer of the first request."""
    chosen = select(ApiRequest).where(ApiRequest.person_id == person_id, ApiRequest.key == key)
    try:
        with writing(db.session):
            row = db.session.scalar(chosen.with_for_update())
            if row is not None and (
                row.claimed_at < at - KEPT
                or (row.done_at is None and row.claimed_at < at - _CLAIM_LASTS)
            ):
                db.session.delete(row)
                db.session.flush()
                row = None
            if row is None:
                row = ApiRequest(
                    person_id=person_id, key=key, content_hash=content_hash, claimed_at=at
                )
                db.session.add(row)
                db.session.flush()
                return _Claim(row.id, at)
            return _tell_again(row, content_hash, at)
    except IntegrityError as error:
        # Another request claimed the key between our look and our row.
        raise StillRunning from error


def _tell_again(row: ApiRequest, content_hash: str, at: datetime) -> Response:
    if row.content_hash != content_hash:
        raise KeyUsedOtherwise
    if row.done_at is None:
        raise StillRunning
    if row.status is None:
        # The answer is kept a moment after the work was committed, unless its process was killed.
        raise StillRunning if at - row.done_at < _CLAIM_LASTS else AnswerLost
    body = get_sealer().open(_PURPOSE, row.body)
    if body is None:
        raise AnswerLost
    response = Response(body, status=row.status)
    response.headers.update(row.headers)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _run(claim: _Claim, view: Callable[[], Any]) -> Response:
    session = db.session
    ours = ApiRequest.id == claim.row_id, ApiRequest.claimed_at == claim.at

    def mark_done(committed: Session) -> None:
        """What was done is committed with our claim, or not at all: another request may have the
        key by now, because we were thought to be dead."""
        row = committed.scalar(select(ApiRequest).where(*ours).with_for_update())
        if row is None:
            raise ClaimLost
        if row.done_at is None:
            row.done_at = now()
            committed.flush()

    event.listen(session, "before_commit", mark_done)
    try:
        response = make_response(view())
    except BaseException:
        event.remove(session, "before_commit", mark_done)
        session.rollback()
        with writing(session):
            session.execute(delete(ApiRequest).where(*ours, ApiRequest.done_at.is_(None)))
        raise
    event.remove(session, "before_commit", mark_done)
    with writing(session):
        row = session.scalar(select(ApiRequest).where(*ours))
        if row is not None:
            row.done_at = row.done_at or now()
            row.status = response.status_code
            row.headers = {
                name: value for name, value in response.headers.items() if name in _KEPT_HEADERS
            }
            # An answer can hold a secret, and holds what people wrote.
            row.body = get_sealer().seal(_PURPOSE, response.get_data(as_text=True))
    return response
