"""Files that are sent to us: how large they may be, and where they are until a view has them.

They stay in memory: a list of people is never laid down on a disk.
"""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, Final, TypeVar

from flask import Flask, Request
from flask_login import current_user

from app.settings import MEGABYTE, Settings

_TAKES_FILE: Final = "yinqiao_takes_file"

# What stands around a file in a form.
_AROUND_FILE: Final = MEGABYTE

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(view: View) -> View:
    """The route takes a file as large as a document may be, from whoever is logged in."""
    setattr(view, _TAKES_FILE, True)
    return view


def allow_file(app: Flask, request: Request) -> None:
    """Let `request` be larger than others where its route takes a file and its sender is known.

    To be called before anything reads the form.
    """
    view = app.view_functions.get(request.endpoint or "")
    if getattr(view, _TAKES_FILE, False) and current_user.is_authenticated:
        settings: Settings = app.extensions["yinqiao_settings"]
        limit = settings.file_megabytes * MEGABYTE + _AROUND_FILE
        request.max_content_length = max(request.max_content_length or 0, limit)


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
