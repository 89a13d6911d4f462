"""What pages with a button have in common: the step is taken, and one is back where it shows."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.clock import now
from app.errors import DomainError
from app.extensions import db
from app.transactions import writing
from app.web.handlers import word_error
from app.web.identity import get_current_actor


def take_step(
    path: str, said: str, action: Callable[..., object], **values: Any
) -> ResponseReturnValue:
    """Let whoever asks carry out `action` with `values`, say `said`, and go to `path`.

    The path is composed before, since the step may be the end of the record. Raises whatever the
    action refuses; nothing is kept then.
    """
    with writing(db.session):
        action(db.session, **values, actor=get_current_actor(), at=now())
    flash(said, "success")
    return redirect(path, code=303)


def take_typed(
    show: Callable[[], str], path: str, said: str, action: Callable[..., object], **values: Any
) -> ResponseReturnValue:
    """The same for what was typed: where the action refuses it, `show` gives the page once more,
    with why and with the form as it was sent. Raises what is no matter of what was typed.
    """
    try:
        return take_step(path, said, action, **values)
    except DomainError as error:
        if error.status not in (409, 422):
            raise
        db.session.rollback()
        flash(word_error(error), "danger")
        return show(), error.status
