"""How much somebody may ask for: so many requests a minute, in all processes together.

What is counted together takes a statement, so each process takes a hundredth of the limit at a
time, and lets the first hundredth of a minute pass before it takes any: whoever asks for little
costs nothing, and whoever asks for too much is refused without a look at anything shared. A limit
is therefore held to one in a hundred for each process, and to the letter where it is below that.

Minutes are those of the clock, so that all counts are forgotten at once when the next one begins.
"""

import hashlib
import hmac
import logging
import threading
import time
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, NamedTuple

from flask import Flask, current_app, g
from werkzeug.exceptions import TooManyRequests

from app.extensions import db, get_settings
from app.settings import Settings
from app.web.guard import View
from app.web.identity import get_current_person
from app.web.shared_counts import CountsAway, SharedCounts, make_shared_counts

log = logging.getLogger(__name__)

_WINDOW: Final = 60

# How much of a limit a process takes at a time: one in so many.
_PARTS: Final = 100

# For so many seconds a process counts alone after the others could not be reached.
_ALONE_SECONDS: Final = 10.0

_COUNTS: Final = "yinqiao_request_counts"


class Left(NamedTuple):
    """What is left to a person: of `most` requests in `window` seconds, which end in `seconds`."""

    most: int
    requests: int
    window: int
    seconds: int


class Counted(NamedTuple):
    """Whether one more is let pass, and how many more are left."""

    is_allowed: bool
    left: int


@dataclass(slots=True)
class _Taken:
    """What one process has of one key in the present minute."""

    # What may pass: what was granted, and what passes before anybody is told of it.
    allowed: int
    used: int = 0
    # What the others were told of, are being told of, and the most that they said there is.
    told: int = 0
    asking: int = 0
    total: int = 0
    is_over: bool = False


@dataclass(slots=True)
class Counts:
    """How many requests of each key passed in the present minute."""

    shared: SharedCounts
    # What stands for a key elsewhere is a hash under it.
    secret: bytes = field(repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _minute: int = 0
    _taken: dict[str, _Taken] = field(default_factory=dict)
    _alone_until: float = 0.0

    def add(self, key: str, most: int, at: float) -> Counted:
        """One request more of `key` at `at`, in seconds since the epoch, where `most` may pass."""
        minute, part = int(at // _WINDOW), most // _PARTS
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._taken.clear()
            taken = self._taken.setdefault(key, _Taken(allowed=part))
            if taken.used < taken.allowed:
                return self._pass(taken, most)
            if taken.is_over:
                return Counted(False, 0)
            if time.monotonic() < self._alone_until:
                return self._pass_alone(taken, most)
            # With what passed before anybody was told.
            owed = max(0, taken.used - taken.told - taken.asking)
            wanted = max(1, part) + owed
            taken.asking += wanted
        try:
            name = hmac.digest(self.secret, f"{key}:{minute}".encode(), hashlib.sha256).hex()
            total = self.shared.add(name, wanted, ends_at=(minute + 1.0) * _WINDOW)
        except CountsAway:
            log.warning("requests are counted by each process alone", exc_info=True)
            with self._lock:
                taken.asking -= wanted
                self._alone_until = time.monotonic() + _ALONE_SECONDS
                return self._pass_alone(taken, most)
        with self._lock:
            taken.asking -= wanted
            taken.told += wanted
            taken.total = max(taken.total, total)
            # Of these alone, wherever answers to others that were asked for meanwhile are.
            granted = min(wanted, max(0, most - (total - wanted)))
            taken.allowed += granted - owed
            taken.is_over = taken.total >= most
            if taken.used < taken.allowed:
                return self._pass(taken, most)
            return Counted(False, 0)

    @staticmethod
    def _pass(taken: _Taken, most: int) -> Counted:
        taken.used += 1
        return Counted(True, max(0, most - taken.total + taken.told - taken.used))

    def _pass_alone(self, taken: _Taken, most: int) -> Counted:
        """As if there were no other process: the limit holds for each."""
        if taken.used >= most:
            return Counted(False, 0)
        taken.allowed = max(taken.allowed, taken.used + 1)
        return self._pass(taken, most)


def start_counting(app: Flask) -> None:
    """`app` counts requests, from none. Raises SettingInvalid."""
    settings: Settings = app.extensions["yinqiao_settings"]
    shared = make_shared_counts(settings, lambda: db.engine)
    app.extensions[_COUNTS] = Counts(shared, settings.secret_key.encode())


def count_request(person_id: int) -> None:
    """The present request is one of a program of the person. Raises TooManyRequests."""
    most = get_settings().requests_per_minute
    at = time.time()
    counted = _count("requests", person_id, most, at)
    if counted is not None:
        g.requests_left = Left(most, counted.left, _WINDOW, _WINDOW - int(at % _WINDOW))
        if not counted.is_allowed:
            raise TooManyRequests


def counts_previews(view: View) -> View:
    """The view is for somebody logged in, and looks ahead. Raises TooManyRequests."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        most = get_settings().previews_per_minute
        seen = _count("previews", get_current_person().id, most, time.time())
        if seen is not None and not seen.is_allowed:
            raise TooManyRequests
        return view(*args, **kwargs)

    return counted


def find_left() -> Left | None:
    """What is left to the person of the present request; None where nothing is counted."""
    left: Left | None = g.get("requests_left")
    return left


def _count(kind: str, person_id: int, most: int, at: float) -> Counted | None:
    if not current_app.config["COUNTS_REQUESTS"]:
        return None
    counts: Counts = current_app.extensions[_COUNTS]
    return counts.add(f"{kind}:{person_id}", most, at)
