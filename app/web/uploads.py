"""Files that are sent to us: how large they may be, and where they are until a view has them.

They stay in memory: a list of people is never laid down on a disk.
"""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, Final, TypeVar

from flask import Flask, Request, current_app, request

from app.settings import MEGABYTE, Settings

_TAKES_FILE: Final = "yinqiao_takes_file"
_TAKES_MUCH: Final = "yinqiao_takes_much"

FORM_WITH_FILE: Final = "multipart/form-data"

# A profile whose texts are all as long as they may be, of characters that JSON writes as two
# escapes, has 410,000 bytes.
PROFILE_BYTES: Final = 600_000

# What stands around a file in a form.
_AROUND_FILE: Final = MEGABYTE

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(view: View) -> View:
    """The route takes a file as large as a document may be, from whoever is logged in."""
    setattr(view, _TAKES_FILE, True)
    return view


def takes_upload(*, most: int | None = None) -> Callable[[View], View]:
    """The operation takes its body also as a form with a file in it, of `most` bytes in all.

    None: as large as a document may be. The fields are those of the JSON; the one that is a
    `FileContent` comes as it is. To be written above the schema of the body.
    """

    def declare(view: View) -> View:
        setattr(view, _TAKES_FILE, True if most is None else most)
        docs = getattr(view, "_apidoc", {})
        body = docs.setdefault("manual_doc", {}).setdefault("requestBody", {})
        # Its schema is made of the one for JSON when the document is written.
        body.setdefault("content", {})[FORM_WITH_FILE] = {"schema": {}}
        view._apidoc = docs  # type: ignore[attr-defined]
        return view

    return declare


def takes_much(most: int) -> Callable[[View], View]:
    """The operation takes a body of `most` bytes from whoever has a token, as its fields allow.

    Where one is too long, it is named, rather than told that all of it is too much.
    """

    def declare(view: View) -> View:
        setattr(view, _TAKES_MUCH, most)
        return view

    return declare


def find_own_limit(app: Flask, endpoint: str) -> int:
    """How large a request to `endpoint` may be, in bytes, by what it takes; 0: as any other."""
    view = app.view_functions.get(endpoint)
    if much := getattr(view, _TAKES_MUCH, 0):
        return int(much)
    taken = getattr(view, _TAKES_FILE, False)
    if taken is not True:
        return int(taken)
    settings: Settings = app.extensions["yinqiao_settings"]
    return settings.file_megabytes * MEGABYTE + _AROUND_FILE


def is_upload() -> bool:
    """Whether the present request brings a form with a file to a route that takes one."""
    return request.mimetype == FORM_WITH_FILE and hasattr(
        current_app.view_functions.get(request.endpoint or ""), _TAKES_FILE
    )


class RequestInMemory(Request):
    """A request whose files are kept in memory; `MAX_CONTENT_LENGTH` limits how much that is."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        # Werkzeug names this as the place to decide it; its own choice is a temporary file for
        # everything above half a megabyte.
        return BytesIO()
