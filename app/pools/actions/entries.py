"""What changes a pool: inviting, applying, deciding, pausing, retiring."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, is_permitted, require
from app.accounts.actions import invite
from app.accounts.errors import AlreadyInvited
from app.audit import record
from app.errors import ReasonMissing
from app.pools.actions.incubators import list_links
from app.pools.addresses import address_of_entry
from app.pools.errors import AlreadyInPool, ProviderNotAvailable
from app.telling.notices import list_people_of, tell
from models.email_addresses import canonical_email
from models.lifecycle import POOL_ENTRY
from models.organisations import Incubator
from models.orm import new_public_id
from models.people import Membership, Person
from models.pools import PoolEntry
from models.providers import Mentor, Provider
from models.revisions import mark_changed
from models.vocabulary import ProviderKind, Role

# What the record and the notices call each step of the pool's lifecycle.
_HAPPENED: Final[Mapping[str, str]] = {
    "invite": "pool_invited",
    "apply": "pool_applied",
    "admit": "pool_admitted",
    "accept_invitation": "pool_admitted",
    "decline": "pool_declined",
    "pause": "pool_paused",
    "resume": "pool_resumed",
    "retire": "pool_retired",
}

# Who may take each step: whoever decides for the incubator, or answers for the mentor.
_PERMISSION_OF_STEP: Final[Mapping[str, str]] = {
    "admit": "pool_entry:decide",
    "invite": "pool_entry:decide",
    "pause": "pool_entry:decide",
    "resume": "pool_entry:decide",
    "retire": "pool_entry:decide",
    "accept_invitation": "pool_entry:answer",
    "apply": "pool_entry:answer",
    "decline": "pool_entry:decline",
}

# Of these the other side is told why.
NEEDS_REASON: Final = frozenset({"decline", "pause", "retire"})


def invite_mentor(
    session: Session, *, incubator: Incubator, email: str, name: str, actor: Actor, at: datetime
) -> PoolEntry:
    """Whoever reads mail at `email` is asked to join the pool as a mentor.

    Who already has a mentor profile is asked in the application; anyone else gets a link, behind
    which an empty profile called `name` waits. Raises AlreadyInPool, AlreadyInvited while such a
    link of this incubator is open.
    """
    require(actor, "pool:invite", incubator)
    known = session.scalar(
        select(Provider)
        .join(Membership)
        .join(Person)
        .where(Person.email == canonical_email(email), Membership.role == Role.MENTOR)
        .order_by(Provider.id)
    )
    if known is not None:
        return invite_addressed(session, incubator=incubator, provider=known, actor=actor, at=at)
    if list_links(session, incubator=incubator, email=email, role=Role.MENTOR, at=at):
        raise AlreadyInvited
    provider = Provider(
        kind=ProviderKind.MENTOR, name=name, created_at=at, updated_at=at, mentor=Mentor()
    )
    session.add(provider)
    session.flush()
    entry = _enter(
        session, incubator=incubator, provider=provider, state="invited", actor=actor, at=at
    )
    invite(
        session,
        email=email,
        name=name,
        role=Role.MENTOR,
        provider_id=provider.id,
        sender_incubator_id=incubator.id,
        actor=actor,
        at=at,
    )
    return entry


def invite_provider(
    session: Session, *, incubator: Incubator, provider: Provider, actor: Actor, at: datetime
) -> PoolEntry:
    """A mentor whose profile the operator may see is asked to join, also one who had left the pool.

    Raises NotFound, NotPermitted, AlreadyInPool, ProviderNotAvailable for anything but a mentor.
    """
    # A draft that nobody has shown to this operator stays unknown to them.
    require(actor, "provider:view", provider)
    return invite_addressed(session, incubator=incubator, provider=provider, actor=actor, at=at)


def invite_addressed(
    session: Session, *, incubator: Incubator, provider: Provider, actor: Actor, at: datetime
) -> PoolEntry:
    """A mentor is asked to join by whoever knows their address, and need not see their profile.

    Raises NotPermitted, AlreadyInPool, ProviderNotAvailable for anything but a mentor.
    """
    require(actor, "pool:invite", incubator)
    return _step_in(
        session,
        incubator=incubator,
        provider=provider,
        action="invite",
        application="",
        actor=actor,
        at=at,
    )


def apply_to_pool(
    session: Session,
    *,
    incubator: Incubator,
    provider: Provider,
    application: str,
    actor: Actor,
    at: datetime,
) -> PoolEntry:
    """The mentor asks for admission.

    Raises NotFound, NotPermitted unless `actor` acts for the mentor, in this pool too;
    AlreadyInPool, ProviderNotAvailable.
    """
    require(actor, "incubator:apply", incubator)
    require(actor, "provider:edit", provider)
    return _step_in(
        session,
        incubator=incubator,
        provider=provider,
        action="apply",
        application=application,
        actor=actor,
        at=at,
    )


def _step_in(
    session: Session,
    *,
    incubator: Incubator,
    provider: Provider,
    action: str,
    application: str,
    actor: Actor,
    at: datetime,
) -> PoolEntry:
    if provider.kind is not ProviderKind.MENTOR:
        raise ProviderNotAvailable
    entry = session.scalar(
        select(PoolEntry).where(
            PoolEntry.incubator_id == incubator.id, PoolEntry.provider_id == provider.id
        )
    )
    if entry is None:
        state = "invited" if action == "invite" else "applied"
        entry = _enter(
            session, incubator=incubator, provider=provider, state=state, actor=actor, at=at
        )
        entry.application = application
        session.flush()
        _tell_other_side(session, entry, action, actor, at)
        return entry
    if not POOL_ENTRY.is_allowed(action, entry.state):
        raise AlreadyInPool
    entry.application = application
    return change_entry(session, entry=entry, action=action, reason="", actor=actor, at=at)


def _enter(
    session: Session,
    *,
    incubator: Incubator,
    provider: Provider,
    state: str,
    actor: Actor,
    at: datetime,
) -> PoolEntry:
    entry = PoolEntry(
        incubator_id=incubator.id,
        provider_id=provider.id,
        state=state,
        created_at=at,
        changed_at=at,
        changed_by_id=actor.person_id,
    )
    try:
        with session.begin_nested():
            session.add(entry)
    except IntegrityError as error:
        # Two operators at once: the unique index decides, the second one is told.
        raise AlreadyInPool from error
    record(
        session,
        actor=actor,
        kind=f"pool_{state}",
        subject=entry,
        incubator_id=incubator.id,
        at=at,
    )
    return entry


def admit_imported(
    session: Session, *, incubator: Incubator, provider: Provider, actor: Actor, at: datetime
) -> PoolEntry:
    """An operator who imports a mentor admits them at once; who stands there already, stays.

    A mentor who had left is admitted again. Raises NotPermitted.
    """
    require(actor, "pool:admit", incubator)
    entry = session.scalar(
        select(PoolEntry).where(
            PoolEntry.incubator_id == incubator.id, PoolEntry.provider_id == provider.id
        )
    )
    if entry is None:
        entry = _enter(
            session, incubator=incubator, provider=provider, state="admitted", actor=actor, at=at
        )
        entry.admitted_at = at
        session.flush()
        mark_changed(session, provider.id, standing_only=True)
        return entry
    if entry.state in ("declined", "retired"):
        entry.state = POOL_ENTRY.follow("apply", entry.state)
    if entry.state == "applied":
        change_entry(session, entry=entry, action="admit", reason="", actor=actor, at=at)
    return entry


def admit_created(
    session: Session,
    *,
    incubator: Incubator,
    providers: Sequence[Provider],
    actor: Actor,
    at: datetime,
) -> None:
    """As `admit_imported` for mentors who were just created and stand in no pool, all at once.

    Raises NotPermitted.
    """
    require(actor, "pool:admit", incubator)
    entries = [
        PoolEntry(
            incubator_id=incubator.id,
            provider_id=provider.id,
            state="admitted",
            created_at=at,
            admitted_at=at,
            changed_at=at,
            changed_by_id=actor.person_id,
            public_id=new_public_id(),
        )
        for provider in providers
    ]
    session.add_all(entries)
    for entry in entries:
        mark_changed(session, entry.provider_id, standing_only=True)
        record(
            session,
            actor=actor,
            kind="pool_admitted",
            subject=entry,
            incubator_id=incubator.id,
            at=at,
        )
    session.flush()


def change_entry(
    session: Session, *, entry: PoolEntry, action: str, reason: str, actor: Actor, at: datetime
) -> PoolEntry:
    """The entry takes one step of its lifecycle; matching and the other side learn of it.

    Engagements that are under way go on. Raises NotFound, NotPermitted, ActionNotAllowed,
    ReasonMissing for a step of
    `NEEDS_REASON` without one.
    """
    require(actor, _PERMISSION_OF_STEP.get(action, "pool_entry:decide"), entry)
    target = POOL_ENTRY.follow(action, entry.state)
    if action in NEEDS_REASON and not reason.strip():
        raise ReasonMissing
    entry.state = target
    entry.reason = reason
    entry.changed_at = at
    entry.changed_by_id = actor.person_id
    if entry.state == "admitted" and entry.admitted_at is None:
        entry.admitted_at = at
    session.flush()
    mark_changed(session, entry.provider_id, standing_only=True)
    record(
        session,
        actor=actor,
        kind=_HAPPENED[action],
        subject=entry,
        incubator_id=entry.incubator_id,
        at=at,
        detail={"reason": reason} if reason else None,
    )
    _tell_other_side(session, entry, action, actor, at)
    return entry


def _tell_other_side(
    session: Session, entry: PoolEntry, action: str, actor: Actor, at: datetime
) -> None:
    incubator = session.get_one(Incubator, entry.incubator_id)
    provider = session.get_one(Provider, entry.provider_id)
    kind = _HAPPENED[action]
    if is_permitted(actor, "pool_entry:answer", entry):
        people = list_people_of(session, incubator_id=incubator.id)
        kind = {"accept_invitation": "pool_joined", "decline": "pool_invitation_declined"}.get(
            action, kind
        )
    else:
        people = list_people_of(session, provider_id=provider.id)
    for person in people:
        tell(
            session,
            person=person,
            kind=kind,
            facts={
                "incubator": incubator.name,
                "mentor": provider.name,
                "reason": entry.reason,
            },
            path=address_of_entry(entry),
            at=at,
        )


def note_privately(session: Session, *, entry: PoolEntry, note: str, actor: Actor) -> None:
    """Only operators of the incubator read `note`, which replaces the former one, and write it.

    Raises NotFound, NotPermitted.
    """
    require(actor, "pool_entry:decide", entry)
    entry.private_note = note
    session.flush()
