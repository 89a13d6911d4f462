"""What the program writes of itself: never what people wrote, and never without end.

An error is told by where it happened and of which kind it is. Its message may quote a text, an
address or a link, from a database's "Key (email)=(…)" to a ValueError with the value in it. A line
that a request is to blame for ends with the id of that request, which its reader was told.
"""

import json
import logging
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

# The same line again within so many seconds is counted rather than written.
_QUIET_SECONDS: Final = 10.0
_LINES_REMEMBERED: Final = 500

# Whose messages name files and settings, which whoever runs an installation needs to know.
_PLAIN: Final = (OSError, ImportError)
_PLAIN_MODULES: Final = ("matching.encoders.", "app.settings")

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithRequest(logging.Filter):
    """Each record knows the request that it is about, as `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true."""
        # Where nothing has loaded the pages yet, there is no request.
        pages = sys.modules.get("app.web.request_ids")
        record.request_id = pages.get_request_id() if pages is not None else ""
        return True


class WithoutWords(logging.Formatter):
    """Tells errors by their place and kind alone."""

    def format(self, record: logging.LogRecord) -> str:
        """As the library does, though not with what another handler made of the error."""
        record.exc_text = None
        try:
            return super().format(record)
        finally:
            record.exc_text = None

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        """The line before the calls of an error, with the request that it is about."""
        line = super().formatMessage(record)
        request_id = getattr(record, "request_id", "")
        return f"{line} [{request_id}]" if request_id else line

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  (the library's name)
        """The calls that led to the error and to those before it, with the kind of each."""
        error, parts = ei[1], list[str]()
        while error is not None and len(parts) < 10:
            stack = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"{stack}{name_error(error)}")
            error = error.__cause__ or error.__context__
        return "\n\nafter\n\n".join(reversed(parts))


class AsJson(WithoutWords):
    """The same as one JSON object a line, for programs that gather logs."""

    def format(self, record: logging.LogRecord) -> str:
        """`at` is a time in UTC; `request` and `error` are left out where there is none."""
        fields: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if request_id := getattr(record, "request_id", ""):
            fields["request"] = request_id
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = name_error(record.exc_info[1])
            fields["calls"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


def name_error(error: BaseException) -> str:
    """The kind of `error`, and its message where that can quote nobody."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, _PLAIN) or kind.__module__.startswith(_PLAIN_MODULES):
        return f"{name}: {error}"
    return name


class Limited(logging.Filter):
    """Lets the same line pass once in `_QUIET_SECONDS`, then with how often it came meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether `record` is written; it says how many before it were not."""
        place = (record.name, record.lineno, str(record.msg))
        now = time.monotonic()
        with self._lock:
            since, kept_back = self._seen.get(place, (0.0, 0))
            if since and now - since < _QUIET_SECONDS:
                self._seen[place] = (since, kept_back + 1)
                return False
            if len(self._seen) >= _LINES_REMEMBERED:
                self._seen.clear()
            self._seen[place] = (now, 0)
        if kept_back:
            record.msg = f"{record.msg} (and {kept_back} times before, not written)"
        return True


def set_up_logs(*, verbose: bool, as_json: bool = False, stream: TextIO | None = None) -> None:
    """From here on this process writes to `stream`, which is standard error unless given."""
    handler = logging.StreamHandler(stream or sys.stderr)
    kind = AsJson if as_json else WithoutWords
    handler.setFormatter(kind("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(WithRequest())
    handler.addFilter(Limited())
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])
    # It would say so for every request of a busy minute.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
