"""What every error of the domain is, and those that any room may raise.

An error is named by what is wrong and carries its own sentence, so that whoever meets it, a
page, a program or the command line, can say it in the reader's language. `app/web/handlers.py`
alone turns errors into a status and a page. The errors of one room stand in its `errors.py`.
"""

from typing import ClassVar, TypeVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# A fact of several names is worded as an enumeration.
Fact = str | int | tuple[str, ...]

_Found = TypeVar("_Found")


class DomainError(Exception):
    """A rule forbids it. `facts` fill the sentence that the reader sees."""

    code: ClassVar[str] = "not_possible"
    status: ClassVar[int] = 409
    sentence: ClassVar[LazyString] = _l("That is not possible now.")

    def __init__(self, **facts: Fact) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class NotFound(DomainError):
    """There is no such thing, or none that you may know of: nobody is told which of the two."""

    code = "not_found"
    status = 404
    sentence = _l("There is no such page, or it is not for you to see.")


def expect(found: _Found | None) -> _Found:
    """`found`. Raises NotFound where it is None."""
    if found is None:
        raise NotFound
    return found


class NotPermitted(DomainError):
    """You may see it, but not do this with it."""

    code = "not_permitted"
    status = 403
    sentence = _l("You can see this, but you cannot do this with it.")


class ChangedMeanwhile(DomainError):
    """Someone else changed it after this page was shown."""

    code = "changed_meanwhile"
    sentence = _l("Someone changed this after you opened the page. Look at it again, then decide.")


class OutOfOrder(DomainError):
    """The action does not follow from the present state."""

    code = "out_of_order"
    sentence = _l(
        "That does not follow from the present state: somebody may have acted before you."
    )


class ReasonMissing(DomainError):
    """The other side is owed a reason."""

    code = "reason_missing"
    status = 422
    sentence = _l("Please give a reason: the other side will read it.")


class TooOften(DomainError):
    """It was done so often within a day that the next time has to wait."""

    code = "too_often"
    status = 429
    sentence = _l("You did this %(count)s times within a day. Go on tomorrow.")


class LogInNeeded(DomainError):
    """A program asked for something without being logged in."""

    code = "log_in_needed"
    status = 401
    sentence = _l("Log in first.")
