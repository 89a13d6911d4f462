"""What pages with a button have in common: the step is taken, and one is back where it shows."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.clock import now
from app.errors import ChangedMeanwhile, DomainError, OutOfOrder
from app.extensions import db
from app.transactions import writing
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from models.lifecycle import ActionNotAllowed


def take_step(
    path: str | Callable[[Any], str], said: str, action: Callable[..., object], **values: Any
) -> ResponseReturnValue:
    """Let whoever asks carry out `action` with `values`, say `said`, and go to `path`.

    The path is composed before, since the step may be the end of the record, or of what the action
    has made. Raises whatever the action refuses; nothing is kept then.
    """
    with writing(db.session):
        made = action(db.session, **values, actor=get_current_actor(), at=now())
        target = path if isinstance(path, str) else path(made)
    flash(said, "success")
    return redirect(target, code=303)


def take_typed(
    show: Callable[[], str],
    path: str | Callable[[Any], str],
    said: str,
    action: Callable[..., object],
    *,
    renew: Callable[[], None] | None = None,
    **values: Any,
) -> ResponseReturnValue:
    """The same for what was typed: where the action refuses it, `show` gives the page once more,
    with why and with the form as it was sent. Raises what is no matter of what was typed.

    `renew` puts the present version into the form where somebody else's change was why: who has
    read of it and sends the form again does so knowingly.
    """
    try:
        return take_step(path, said, action, **values)
    except ActionNotAllowed:
        refused: DomainError = OutOfOrder()
    except DomainError as error:
        if error.status not in (409, 422):
            raise
        refused = error
    db.session.rollback()
    if renew is not None and isinstance(refused, ChangedMeanwhile):
        renew()
    flash(word_error(refused), "danger")
    return show(), refused.status
