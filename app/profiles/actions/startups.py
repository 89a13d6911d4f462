"""Use cases of a startup's profile."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.errors import ChangedMeanwhile, NotPermitted
from app.profiles.actions.submission import is_member, lock_person
from app.profiles.completeness import list_missing_of_startup
from app.profiles.errors import CreditCodeTaken, ProfileIncomplete
from app.profiles.values import StartupValues, read_startup
from app.transactions import lock
from models.lifecycle import PROFILE
from models.organisations import Incubator, Startup
from models.orm import new_public_id
from models.people import Membership, Person
from models.vocabulary import Role


def create_startup(
    session: Session,
    *,
    values: StartupValues,
    founder: Person | None,
    actor: Actor,
    at: datetime,
    incubator: Incubator | None = None,
    public_id: str | None = None,
) -> Startup:
    """There is a draft with `values`, hosted by `incubator` if any, and `founder` acts for it.

    None as `founder`: an imported startup, whose founders are yet to be invited. `public_id` is
    the one that the form was shown with: sent twice, the startup is created once and the first
    one returned. Raises NotFound, NotPermitted unless `actor` is the founder, and operates the
    incubator, of those that are given; CreditCodeTaken.
    """
    if founder is None and incubator is None:
        raise NotPermitted
    if founder is not None:
        require(actor, "person:represent", founder)
    if incubator is not None:
        require(actor, "incubator:host", incubator)
    if public_id is not None:
        lock_person(session, founder)
        found = session.scalar(select(Startup).where(Startup.public_id == public_id))
        if found is not None and is_member(founder, found.memberships):
            return found
        public_id = None if found else public_id
    _check_credit_code(session, values, incubator_id=incubator.id if incubator else None)
    startup = Startup(
        public_id=public_id or new_public_id(),
        incubator=incubator,
        state="draft",
        created_at=at,
        updated_at=at,
    )
    _apply(startup, values)
    session.add(startup)
    if founder is not None:
        session.add(
            Membership(person=founder, role=Role.FOUNDER, startup=startup, created_at=at),
        )
    session.flush()
    _record(session, startup, "startup_created", actor, at)
    return startup


def edit_startup(
    session: Session,
    *,
    startup: Startup,
    values: StartupValues,
    version: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """`startup` says `values`. Nothing happens where it says them already.

    `version` is the one that `values` were written over; None replaces whatever is there. Raises
    ChangedMeanwhile for another version, CreditCodeTaken, ProfileIncomplete when a published
    profile would lose what it needs.
    """
    startup = lock(session, startup)
    require(actor, "startup:edit", startup)
    if read_startup(startup) == values:
        return
    if version is not None and startup.version != version:
        raise ChangedMeanwhile
    if startup.state == "published":
        _check(values)
    _check_credit_code(session, values, incubator_id=startup.incubator_id, besides=startup.id)
    _apply(startup, values)
    startup.updated_at = at
    session.flush()
    _record(session, startup, "startup_edited", actor, at)


def publish_startup(session: Session, *, startup: Startup, actor: Actor, at: datetime) -> None:
    """`startup` is published, for the first time or again after a pause.

    Raises ProfileIncomplete, which names what is missing.
    """
    startup = lock(session, startup)
    require(actor, "startup:publish", startup)
    state = PROFILE.follow("publish", startup.state)
    _check(read_startup(startup))
    kind = "startup_resumed" if startup.state == "paused" else "startup_published"
    startup.state = state
    startup.updated_at = at
    session.flush()
    _record(session, startup, kind, actor, at)


def pause_startup(session: Session, *, startup: Startup, actor: Actor, at: datetime) -> None:
    """`startup` is paused; publishing resumes it."""
    startup = lock(session, startup)
    require(actor, "startup:publish", startup)
    startup.state = PROFILE.follow("pause", startup.state)
    startup.updated_at = at
    session.flush()
    _record(session, startup, "startup_paused", actor, at)


def _check(values: StartupValues) -> None:
    if missing := list_missing_of_startup(values):
        raise ProfileIncomplete(missing=", ".join(missing))


def _check_credit_code(
    session: Session,
    values: StartupValues,
    *,
    incubator_id: int | None,
    besides: int | None = None,
) -> None:
    """An incubator hosts an organisation once; a startup without one may say what another says."""
    if values.credit_code is None or incubator_id is None:
        return
    found = session.scalar(
        select(Startup.id).where(
            Startup.incubator_id == incubator_id, Startup.credit_code == values.credit_code
        )
    )
    if found is not None and found != besides:
        raise CreditCodeTaken


def _apply(startup: Startup, values: StartupValues) -> None:
    for field in fields(values):
        value = getattr(values, field.name)
        setattr(startup, field.name, list(value) if isinstance(value, tuple) else value)


def _record(session: Session, startup: Startup, kind: str, actor: Actor, at: datetime) -> None:
    record(
        session,
        actor=actor,
        kind=kind,
        subject=startup,
        at=at,
        incubator_id=startup.incubator_id,
    )
