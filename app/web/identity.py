"""Who is at the other end of a request: the link between Flask-Login and our people."""

import hashlib
import logging
from datetime import datetime
from typing import cast

from flask import g, session
from flask_login import UserMixin, current_user
from sqlalchemy import delete, inspect, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.access import Actor, make_actor
from app.clock import now
from app.extensions import db, login_manager
from app.web.problem_details import is_versioned
from models.log_ins import SEEN_EVERY, LogIn
from models.orm import WRITER_OPTION
from models.people import Membership, Person

log = logging.getLogger(__name__)

# Keys of the signed cookie under which an operator stands in for somebody.
ACTING_FOR = "acting_for"
ACTING_WITHIN = "acting_within"


class LoggedInPerson(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps of a person. A new password ends every log-in made with the old."""

    def __init__(self, person: Person, token: str, *, log_in_id: int | None = None) -> None:
        self.person_id = person.id
        self.log_in_id = log_in_id
        self._id = f"{person.public_id}:{person.credential_version}:{token}"

    def get_id(self) -> str:
        """What the cookie holds: the public id, the version of the credentials, the secret."""
        return self._id


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_logged_in(cookie_id: str) -> LoggedInPerson | None:
    """The person of a cookie, or None when it is no longer good."""
    public_id, _, rest = cookie_id.partition(":")
    version, _, token = rest.partition(":")
    log_in = db.session.scalar(
        select(LogIn)
        .where(LogIn.token_hash == hashlib.sha256(token.encode()).hexdigest())
        .options(joinedload(LogIn.person))
    )
    if log_in is None or log_in.is_over(at := now()):
        return None
    person = log_in.person
    if (
        not person.is_active
        or person.public_id != public_id
        or str(person.credential_version) != version
    ):
        return None
    if at - log_in.seen_at >= SEEN_EVERY:
        _keep_seen(log_in.id, at)
    # Held until the answer is written: what nobody holds, the database is asked for again.
    g.person = person
    return LoggedInPerson(person, token, log_in_id=log_in.id)


def _keep_seen(log_in_id: int, at: datetime) -> None:
    """The log-in was used at `at`: kept on its own, whatever becomes of the request."""
    try:
        with db.engine.connect().execution_options(**{WRITER_OPTION: True}) as connection:
            connection.execute(update(LogIn).where(LogIn.id == log_in_id).values(seen_at=at))
            connection.commit()
    except DBAPIError:
        # A database that is full or only read keeps nobody from reading.
        log.warning("the use of a log-in could not be kept")


def find_current_log_in_id() -> int | None:
    """The row of the log-in by which this request came in."""
    return current_user.log_in_id if current_user.is_authenticated else None


def forget_current_log_in() -> None:
    """The log-in by which this request came in is over. To be committed by the caller."""
    log_in_id = find_current_log_in_id()
    if log_in_id is not None:
        db.session.execute(delete(LogIn).where(LogIn.id == log_in_id))


def find_current_person() -> Person | None:
    """The person who is logged in, or whose token a program shows."""
    if is_versioned():
        # Set by app/web/bearer.py: a cookie counts for nothing there.
        return cast(Person | None, g.get("api_person"))
    if not current_user.is_authenticated:
        return None
    person_id = current_user.person_id
    if not _is_held(held := g.get("person"), person_id):
        g.person = held = db.session.get(Person, person_id)
    return cast(Person | None, held)


def _is_held(person: Person | None, person_id: int) -> bool:
    """Whether it is who it should be, as the session knows them: a page asks a dozen times."""
    if person is None:
        return False
    state = inspect(person)
    return state.persistent and not state.expired and state.identity == (person_id,)


def get_current_person() -> Person:
    """The person who is logged in; only for routes that ask for a log-in."""
    person = find_current_person()
    if person is None:
        raise RuntimeError("nobody is logged in on a route that asks for it")
    return person


def find_acted_for() -> Person | None:
    """The person for whom the present one, an operator, acts."""
    public_id = None if is_versioned() else session.get(ACTING_FOR)
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
    _load_rights(person)
    own = make_actor(person)
    other = find_acted_for()
    if other is None:
        return own
    within = session.get(ACTING_WITHIN)
    if within is None or not other.is_active:
        return own
    # The operator may have lost the incubator since standing in began.
    if within not in own.operates:
        session.pop(ACTING_FOR, None)
        session.pop(ACTING_WITHIN, None)
        return own
    return make_actor(person, on_behalf_of=other, within_incubator_id=within)


def _load_rights(person: Person) -> None:
    """Whatever is asked of the memberships, in one query: every page asks it."""
    if "memberships" in inspect(person).unloaded:
        asked = select(Membership).where(Membership.person_id == person.id)
        held = db.session.scalars(asked.options(joinedload(Membership.startup)))
        set_committed_value(person, "memberships", list(held))
