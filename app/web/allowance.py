"""How many requests programs may send: so many a minute for each person, in each process.

The library that holds pages to their limits starts a thread at every request, to forget old counts,
which costs a short answer a tenth of its time. Minutes are those of the clock here, so that all
counts are forgotten at once when the next one begins.
"""

import threading
import time
from typing import Final, NamedTuple

from flask import Flask, current_app, g
from werkzeug.exceptions import TooManyRequests

from app.settings import Settings

_WINDOW: Final = 60

_COUNTS: Final = "yinqiao_api_counts"


class Left(NamedTuple):
    """What is left to a person: of `most` requests in `window` seconds, which end in `seconds`."""

    most: int
    requests: int
    window: int
    seconds: int


class Counts:
    """How many requests each person sent in the present minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: dict[int, int] = {}

    def add(self, person_id: int, at: float) -> int:
        """One request more at `at`, in seconds; returns how many there are now."""
        minute = int(at // _WINDOW)
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._counts.clear()
            count = self._counts[person_id] = self._counts.get(person_id, 0) + 1
            return count


def start_counting(app: Flask) -> None:
    """`app` counts the requests of programs, from none."""
    app.extensions[_COUNTS] = Counts()


def count_request(person_id: int) -> None:
    """The present request is one of the person's. Raises TooManyRequests for one too many."""
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    settings: Settings = current_app.extensions["yinqiao_settings"]
    counts: Counts = current_app.extensions[_COUNTS]
    at = time.time()
    count, most = counts.add(person_id, at), settings.requests_per_minute
    seconds = _WINDOW - int(at % _WINDOW)
    g.requests_left = Left(most, max(0, most - count), _WINDOW, seconds)
    if count > most:
        raise TooManyRequests


def find_left() -> Left | None:
    """What is left to the person of the present request; None where nothing is counted."""
    left: Left | None = g.get("requests_left")
    return left
