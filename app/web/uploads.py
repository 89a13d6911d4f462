"""Files that are sent to us: how large they may be, and where they are until a view has them.

They stay in memory: a list of people is never laid down on a disk.
"""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, Final, TypeVar

from flask import Flask, Request

from app.settings import MEGABYTE, Settings

_TAKES_FILE: Final = "yinqiao_takes_file"

# What stands around a file in a form.
_AROUND_FILE: Final = MEGABYTE

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(view: View) -> View:
    """The route takes a file as large as a document may be, from whoever is logged in."""
    setattr(view, _TAKES_FILE, True)
    return view


def find_file_limit(app: Flask, endpoint: str) -> int:
    """How large a request to `endpoint` may be, in bytes, for the file in it; 0 for none."""
    if not getattr(app.view_functions.get(endpoint), _TAKES_FILE, False):
        return 0
    settings: Settings = app.extensions["yinqiao_settings"]
    return settings.file_megabytes * MEGABYTE + _AROUND_FILE


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
