"""What pages and operations that write have in common: the step is taken by whoever asks, and kept;
a page is then back where it shows.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import Field

from app.clock import now
from app.errors import ChangedMeanwhile, DomainError, OutOfOrder, TooOften
from app.extensions import db
from app.transactions import writing
from app.web.handlers import render_error, word_error
from app.web.identity import get_current_actor
from app.web.typed import goes_back_untyped, list_lost_texts
from models.lifecycle import ActionNotAllowed

_Made = TypeVar("_Made")

# What is refused for the sake of what was typed, or of what happened meanwhile.
_KEEPING = (OutOfOrder.status, 422, TooOften.status)

# How an action, or the database after it, refuses.
REFUSALS: Final = (ActionNotAllowed, DomainError, IntegrityError, StaleDataError)


def carry_out(action: Callable[..., _Made], /, **values: Any) -> _Made:
    """Let whoever asks carry out `action` with `values`, and keep it; what it has made.

    Raises whatever the action refuses; nothing is kept then. What has to be looked up while nobody
    else writes belongs into a function of its own, which is then the action.
    """
    with writing(db.session):
        return action(db.session, **values, actor=get_current_actor(), at=now())


def take_step(
    path: str | Callable[[Any], str], said: str, action: Callable[..., object], /, **values: Any
) -> ResponseReturnValue:
    """The same for a page: say `said` if anything, and go to `path`.

    The path is composed before, since the step may be the end of the record, or of what the action
    has made.
    """
    with writing(db.session):
        made = action(db.session, **values, actor=get_current_actor(), at=now())
        target = path if isinstance(path, str) else path(made)
    if said:
        flash(said, "success")
    return redirect(target, code=303)


def take_typed(
    show: Callable[[], str],
    path: str | Callable[[Any], str],
    said: str,
    action: Callable[..., object],
    /,
    *,
    renew: Callable[[], None] | None = None,
    mark: Callable[[DomainError], bool] | None = None,
    **values: Any,
) -> ResponseReturnValue:
    """The same for what was typed: where the action refuses it, `show` gives the page once more,
    with why and with the form as it was sent. Raises what is no matter of what was typed.

    `renew` puts the present version into the form where somebody else's change was why: who has
    read of it and sends the form again does so knowingly. `mark` says the reason beside the field
    that it is about, and whether it did; it then does not stand above the page as well.

    A page that shows the form no more, because nothing of the kind can be done now, would lose the
    words: they are then shown by themselves.
    """
    try:
        return take_step(path, said, action, **values)
    except REFUSALS as error:
        return show_refused(error, show, renew=renew, mark=mark)


def take_form(
    form: FlaskForm,
    show: Callable[[], str],
    path: str | Callable[[Any], str],
    said: str,
    action: Callable[..., object],
    /,
    *,
    check: Callable[[], bool] | None = None,
    renew: Callable[[], None] | None = None,
    mark: Callable[[DomainError], bool] | None = None,
    **values: Any,
) -> ResponseReturnValue:
    """A page with `form` from its first look to its end: `show` until it is sound, then the step.

    Of `values`, a field is what was typed into it, and what can be called is called for its value;
    both are read once the form is sound. `check` looks at what the form alone cannot know, and
    marks in it what is wrong. The rest is `take_typed`.
    """
    if not form.validate_on_submit() or not (check is None or check()):
        return show(), 422 if form.is_submitted() else 200
    read = {name: _read(value) for name, value in values.items()}
    return take_typed(show, path, said, action, renew=renew, mark=mark, **read)


def _read(value: Any) -> Any:
    if isinstance(value, Field):
        return value.data
    return value() if callable(value) else value


def mark_at(field: Field) -> Callable[[DomainError], bool]:
    """For `take_typed`: say beside `field` why it was refused."""

    def mark(refused: DomainError) -> bool:
        field.errors = [word_error(refused)]
        return True

    return mark


def show_refused(
    error: Exception,
    show: Callable[[], str],
    *,
    renew: Callable[[], None] | None = None,
    mark: Callable[[DomainError], bool] | None = None,
) -> ResponseReturnValue:
    """What `take_typed` answers where one of `REFUSALS` came of writing by other means."""
    if goes_back_untyped():
        # A button of another page: one is back there, with why.
        raise error
    if isinstance(error, ActionNotAllowed):
        refused: DomainError = OutOfOrder()
    elif isinstance(error, DomainError):
        if error.status not in _KEEPING:
            raise error
        refused = error
    else:
        current_app.logger.warning("refused on %s", request.url_rule, exc_info=error)
        refused = ChangedMeanwhile()
    db.session.rollback()
    if renew is not None and isinstance(refused, ChangedMeanwhile):
        renew()
    if mark is None or not mark(refused):
        flash(word_error(refused), "danger")
    page = show()
    if lost := list_lost_texts(page):
        return render_error(refused.status, word_error(refused), texts=lost), refused.status
    return page, refused.status
