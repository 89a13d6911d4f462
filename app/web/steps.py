"""What pages with a button have in common: the step is taken, and one is back where it shows."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.clock import now
from app.extensions import db
from app.transactions import writing
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
