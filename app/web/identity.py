"""Who is at the other end of a request: the link between Flask-Login and our people."""

from typing import cast

from flask import g, session
from flask_login import UserMixin, current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import Actor, make_actor
from app.extensions import db, login_manager
from models.people import Membership, Person

# Keys of the signed cookie under which an operator stands in for somebody.
ACTING_FOR = "acting_for"
ACTING_WITHIN = "acting_within"


class LoggedInPerson(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps of a person. A new password ends every log-in made with the old."""

    def __init__(self, person: Person) -> None:
        self.person_id = person.id
        self._id = f"{person.public_id}:{person.credential_version}"

    def get_id(self) -> str:
        """What the cookie holds: the public id and the version of the credentials."""
        return self._id


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_logged_in(cookie_id: str) -> LoggedInPerson | None:
    """The person of a cookie, or None when it is no longer good."""
    public_id, _, version = cookie_id.partition(":")
    person = db.session.scalar(select(Person).where(Person.public_id == public_id))
    if person is None or not person.is_active or str(person.credential_version) != version:
        return None
    return LoggedInPerson(person)


def find_current_person() -> Person | None:
    """The person who is logged in."""
    if not current_user.is_authenticated:
        return None
    return db.session.get(Person, current_user.person_id)


def get_current_person() -> Person:
    """The person who is logged in; only for routes that ask for a log-in."""
    person = find_current_person()
    if person is None:
        raise RuntimeError("nobody is logged in on a route that asks for it")
    return person


def find_acted_for() -> Person | None:
    """The person for whom the present one, an operator, acts."""
    public_id = session.get(ACTING_FOR)
    if public_id is None:
        return None
    return db.session.scalar(
        select(Person)
        .where(Person.public_id == public_id)
        .options(selectinload(Person.memberships).selectinload(Membership.startup))
    )


def find_current_actor() -> Actor | None:
    """The actor of this request, worked out once; None when nobody is logged in."""
    if "actor" not in g:
        g.actor = _work_out_actor()
    return cast(Actor | None, g.actor)


def get_current_actor() -> Actor:
    """The actor of this request; only for routes that ask for a log-in."""
    actor = find_current_actor()
    if actor is None:
        raise RuntimeError("nobody is logged in on a route that asks for it")
    return actor


def renew_actor() -> Actor:
    """The actor of this request, worked out afresh, with rights over what was just made."""
    g.pop("actor", None)
    return get_current_actor()


def _work_out_actor() -> Actor | None:
    person = find_current_person()
    if person is None:
        return None
    own = make_actor(person)
    other = find_acted_for()
    within = session.get(ACTING_WITHIN)
    if other is None or within is None or not other.is_active:
        return own
    # The operator may have lost the incubator since standing in began.
    if within not in own.operates:
        session.pop(ACTING_FOR, None)
        session.pop(ACTING_WITHIN, None)
        return own
    return make_actor(person, on_behalf_of=other, within_incubator_id=within)
