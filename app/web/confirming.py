"""Dangerous acts ask for the password again: whoever finds a browser open cannot do them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.clock import now
from app.errors import DomainError
from app.extensions import db
from app.web.identity import find_current_log_in_id
from models.log_ins import LogIn

# For how long a password that was typed counts, in the browser in which it was.
CONFIRMED_FOR: Final = timedelta(minutes=10)


class PasswordNeeded(DomainError):
    """The password was typed too long ago for this."""

    code = "password_needed"
    status = 403
    sentence = _l("Type your password again first.")


def asks_again(
    view: Callable[..., ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    """The route goes on only when the password was typed in this browser a short while ago.

    It stands below `@requires`. Raises PasswordNeeded, which the room of accounts answers with a
    form; what was sent comes back behind it.
    """

    @wraps(view)
    def asking(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not is_confirmed(at=now()):
            raise PasswordNeeded
        return view(*args, **kwargs)

    return asking


def is_confirmed(*, at: datetime) -> bool:
    """Whether the password of the present log-in was typed a short while before `at`."""
    log_in_id = find_current_log_in_id()
    log_in = db.session.get(LogIn, log_in_id) if log_in_id is not None else None
    if log_in is None or log_in.confirmed_at is None:
        return False
    return log_in.confirmed_at <= at < log_in.confirmed_at + CONFIRMED_FOR
