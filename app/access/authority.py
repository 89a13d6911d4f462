"""How a permission is asked for: by an action, by the guard of a route, by a page."""

from app.access.actor import Actor
from app.access.installation import Installation, PeopleAnd
from app.access.table import PERMISSIONS, VIEW_PERMISSION
from app.errors import NotFound, NotPermitted

# Whoever can act: a person, also for another one, or the installation itself.
Acting = Actor | Installation


def is_permitted(actor: Acting, permission: str, subject: object = None) -> bool:
    """Whether `actor` has `permission` over `subject`. KeyError for an unknown permission.

    The installation has what the table gives to it by name, people what a rule gives to them.
    """
    rule = PERMISSIONS[permission]
    if isinstance(actor, Installation):
        return actor is (rule.installation if isinstance(rule, PeopleAnd) else rule)
    if isinstance(rule, Installation):
        return False
    return (rule.people if isinstance(rule, PeopleAnd) else rule)(actor, subject)


def can_know_of(actor: Acting, subject: object) -> bool:
    """Whether `actor` may learn that `subject` exists. KeyError for what has no such rule."""
    return is_permitted(actor, VIEW_PERMISSION[type(subject)], subject)


def require(actor: Acting, permission: str, subject: object = None) -> None:
    """Go on only with `permission` over `subject`: every action asks before it changes anything.

    Raises NotFound where the actor must not know of `subject`, NotPermitted where they may only
    look, and where the permission is about nothing in particular. KeyError for an unknown one.
    """
    if is_permitted(actor, permission, subject):
        return
    if subject is None:
        raise NotPermitted
    known = type(subject) in VIEW_PERMISSION and can_know_of(actor, subject)
    if known:
        raise NotPermitted
    raise NotFound
