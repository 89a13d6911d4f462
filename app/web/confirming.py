"""Dangerous acts ask for the password again: whoever finds a browser open cannot do them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from app.clock import now
from app.errors import DomainError
from app.extensions import db
from app.web.identity import find_current_log_in_id
from models.log_ins import LogIn

# For how long a password that was typed counts, in the browser in which it was.
CONFIRMED_FOR: Final = timedelta(minutes=10)

# On a view: for what it asks.
_ACT: Final = "asks_again_for"

View = Callable[..., ResponseReturnValue]


class PasswordNeeded(DomainError):
    """The password was typed too long ago for this."""

    code = "password_needed"
    status = 403
    sentence = _l("Type your password again first.")


def asks_again(act: LazyString) -> Callable[[View], View]:
    """The route goes on only when the password was typed in this browser a short while ago.

    It stands below `@requires`. Raises PasswordNeeded, which the room of accounts answers with a
    form that says that it is for `act`; what was sent comes back behind it.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def asking(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not is_confirmed(at=now()):
                raise PasswordNeeded
            return view(*args, **kwargs)

        setattr(asking, _ACT, act)
        return asking

    return declare


def name_act(path: str, method: str) -> str:
    """For what the password is asked for again at `path` of this site; "" where it is not."""
    try:
        endpoint, _values = current_app.url_map.bind("").match(
            path.partition("?")[0], method=method
        )
    except HTTPException:
        return ""
    return str(getattr(current_app.view_functions[endpoint], _ACT, ""))


def is_confirmed(*, at: datetime) -> bool:
    """Whether the password of the present log-in was typed a short while before `at`."""
    log_in_id = find_current_log_in_id()
    log_in = db.session.get(LogIn, log_in_id) if log_in_id is not None else None
    if log_in is None or log_in.confirmed_at is None:
        return False
    return log_in.confirmed_at <= at < log_in.confirmed_at + CONFIRMED_FOR
