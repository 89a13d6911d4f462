"""What takes the processors for seconds waits its turn: one person has two such requests at most.

Whoever sends many at once would otherwise hold all threads of a process, and everybody else's
requests with them. Counted in each process by itself, as the threads are.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, TypeVar

from flask import request
from flask_babel import lazy_gettext as _l

from app.errors import DomainError
from app.web.identity import get_current_actor
from app.web.problem_details import is_versioned

AT_ONCE: Final = 2

Answer = TypeVar("Answer")


class TooMuchAtOnce(DomainError):
    """So much of the same person is being worked on already."""

    code = "too_much_at_once"
    status = 429
    sentence = _l("Your earlier requests are still being worked on. Wait for them, then try again.")


class Turns:
    """How many dear requests of each person are under way in this process."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._under_way: Counter[int] = Counter()

    @contextmanager
    def take(self, person_id: int) -> Iterator[None]:
        """Work for `person_id`. Raises TooMuchAtOnce, without waiting."""
        with self._lock:
            if self._under_way[person_id] >= self._most:
                raise TooMuchAtOnce
            self._under_way[person_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[person_id] -= 1
                if not self._under_way[person_id]:
                    del self._under_way[person_id]


_turns = Turns()


def in_turn(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """The view encodes or searches: it is one of the few that its person has at once.

    Showing a form is not counted, but whatever a program asks for is. To be written below
    `requires`, which finds out who asks.
    """

    @wraps(view)
    def taking_turns(*args: Any, **kwargs: Any) -> Answer:
        if request.method in ("GET", "HEAD") and not is_versioned():
            return view(*args, **kwargs)
        with _turns.take(get_current_actor().person_id):
            return view(*args, **kwargs)

    return taking_turns
