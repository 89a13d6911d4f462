"""Which version of a thing a change is about: `ETag` and `If-Match` (RFC 9110), strong ones."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from flask import request
from flask_babel import lazy_gettext as _l

from app.errors import DomainError

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
