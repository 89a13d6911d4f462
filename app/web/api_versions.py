"""Which version of a thing a change is about: `ETag` and `If-Match` (RFC 9110), strong ones."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, Final, Generic, Protocol, TypeVar

import marshmallow as ma
from flask import Response, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.errors import ChangedMeanwhile, DomainError, expect
from app.extensions import db
from app.web.api_writing import find_writer, write_answer

VERSION_HEADER: Final = {
    "name": "If-Match",
    "in": "header",
    # Not "required" for the document, which would promise a 400: what lacks it is told 428.
    "required": False,
    "description": "The ETag that was read; 428 without. 读取时得到的 ETag，缺少时为 428。",
    "schema": {"type": "string"},
}

# How the document says that an answer has the version.
ETAG: Final = {
    "ETag": {
        "description": "The version, for If-Match. 版本，用于 If-Match。",
        "schema": {"type": "string"},
    }
}


class VersionMissing(DomainError):
    """A change does not say which version it is about."""

    code = "version_missing"
    status = 428
    sentence = _l("Send the ETag that you read as If-Match, so that you overwrite nobody.")


class VersionOutdated(DomainError):
    """The thing is not the version any more that the change is about. `present` shows it."""

    code = "version_outdated"
    status = 412
    sentence = _l("It was changed meanwhile. Read it again, then decide.")

    def __init__(self, present: Any, tag: str) -> None:
        super().__init__()
        self.present = present
        self.headers = {"ETag": tag}


def write_tag(public_id: str, version: int) -> str:
    """The ETag of one version of a thing."""
    return f'"{public_id}-{version}"'


def is_present_version(public_id: str, version: int) -> bool:
    """Whether the change is about this version. Raises VersionMissing when it does not say."""
    asked = request.if_match
    if not asked.star_tag and not list(asked):
        raise VersionMissing
    return asked.contains(f"{public_id}-{version}")


def write_content_tag(shown: Mapping[str, Any]) -> str:
    """The ETag of what has no version of its own: it is another one when `shown` is."""
    told = json.dumps(shown, sort_keys=True, default=str).encode()
    return f'"{hashlib.sha256(told).hexdigest()[:32]}"'


def require_present(shown: Mapping[str, Any], present: Any) -> None:
    """The change is about what `shown` is made of, whose ETag is `write_content_tag`.

    To be asked within the transaction of the change. Raises VersionMissing, VersionOutdated with
    `present`, the present state in JSON.
    """
    asked, tag = request.if_match, write_content_tag(shown)
    if not asked.star_tag and not list(asked):
        raise VersionMissing
    if not asked.contains(tag.strip('"')):
        raise VersionOutdated(present, tag)


class _Named(Protocol):
    @property
    def public_id(self) -> str: ...


Thing = TypeVar("Thing", bound=_Named)


class Versions(Generic[Thing]):
    """The versions of one kind of thing, which `find` finds and `show` shows as `schema` has it.

    `attribute` is where a thing has the number of its version.
    """

    def __init__(
        self,
        schema: type[ma.Schema],
        find: Callable[[Session, str], Thing | None],
        show: Callable[[Thing], Mapping[str, Any]],
        *,
        attribute: str = "version",
    ) -> None:
        self._schema = schema
        self._find = find
        self._show = show
        self._get_number: Callable[[Thing], int] = attrgetter(attribute)

    def answer(
        self, thing: Thing, status: int = 200, *, shown: Mapping[str, Any] | None = None
    ) -> Response:
        """The thing with its version; `shown` where more of it is told than `show` does."""
        told = self._show(thing) if shown is None else shown
        response = write_answer(self._schema, status, told)
        response.headers["ETag"] = self._write_tag(thing)
        return response

    @contextmanager
    def changing(self, thing: Thing) -> Iterator[int]:
        """Within it `thing` is changed, as the version that is handed out and the request names.

        Raises VersionMissing, VersionOutdated where it is another one, also one that came in
        between, NotFound where the thing is gone by then.
        """
        public_id, number = thing.public_id, self._get_number(thing)
        if not is_present_version(public_id, number):
            raise self._make_outdated(public_id)
        try:
            yield number
        except (ChangedMeanwhile, StaleDataError) as error:
            raise self._make_outdated(public_id) from error

    def _make_outdated(self, public_id: str) -> VersionOutdated:
        present = expect(self._find(db.session, public_id))
        shown = find_writer(self._schema).write(self._show(present))
        return VersionOutdated(shown, self._write_tag(present))

    def _write_tag(self, thing: Thing) -> str:
        return write_tag(thing.public_id, self._get_number(thing))
