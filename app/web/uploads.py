"""Files that are sent to us stay in memory: a list of people is never laid down on a disk."""

from io import BytesIO
from typing import IO

from flask import Request


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
