"""Reads about people, their invitations, and for whom an operator may act."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.access import POOL_STATES_LOOKED_AFTER, Actor
from app.accounts.passwords import is_password_right
from app.telling.waiting import WaitingItem, WaitingList
from models.address_changes import AddressChange
from models.email_addresses import canonical_email
from models.log_ins import LogIn
from models.organisations import Incubator, Startup
from models.passkeys import Passkey
from models.people import Invitation, Membership, Person
from models.pools import PoolEntry
from models.provider_links import ProviderLink
from models.providers import Provider
from models.refusals import Refusal
from models.second_factors import RecoveryCode, SecondFactor
from models.tokens import ApiToken
from models.vocabulary import Role

# The latest of these; more tell an owner nothing.
_REFUSALS_SHOWN = 10


def find_person(session: Session, public_id: str) -> Person | None:
    """The person with this public id."""
    return session.scalar(select(Person).where(Person.public_id == public_id))


def find_person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, however it is written."""
    return session.scalar(select(Person).where(Person.email == canonical_email(email)))


def find_person_by_credentials(session: Session, *, email: str, password: str) -> Person | None:
    """The active person with this address and password; None, after as long a time, for others."""
    person = find_person_by_email(session, email)
    stored = person.password_hash if person and person.is_active else None
    return person if is_password_right(password, stored) else None


def list_memberships(session: Session, person: Person) -> list[Membership]:
    """For whom `person` acts, with the organisations loaded, in the order of joining."""
    return list(
        session.scalars(
            select(Membership)
            .where(Membership.person_id == person.id)
            .options(
                selectinload(Membership.startup),
                selectinload(Membership.incubator),
                selectinload(Membership.provider),
            )
            .order_by(Membership.id)
        )
    )


def hash_token(token: str) -> str:
    """What is stored of an invitation's token. It is random, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_second_factor(
    session: Session, person: Person, *, lock: bool = False
) -> SecondFactor | None:
    """What tells `person` codes. With `lock` nobody else uses it meanwhile."""
    query = select(SecondFactor).where(SecondFactor.person_id == person.id)
    return session.scalar(query.with_for_update() if lock else query)


def list_passkeys(session: Session, person: Person) -> list[Passkey]:
    """The passkeys of `person`, the first first."""
    query = select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id)
    return list(session.scalars(query))


def find_passkey(session: Session, public_id: str, *, person: Person) -> Passkey | None:
    """The passkey of `person` with this public id."""
    return session.scalar(
        select(Passkey).where(Passkey.public_id == public_id, Passkey.person_id == person.id)
    )


def list_provider_links(session: Session, person: Person) -> list[ProviderLink]:
    """By which accounts elsewhere `person` logs in, the first first."""
    query = select(ProviderLink).where(ProviderLink.person_id == person.id)
    return list(session.scalars(query.order_by(ProviderLink.id)))


def find_provider_link(session: Session, *, issuer: str, subject: str) -> ProviderLink | None:
    """The link of whoever is `subject` at `issuer`."""
    return session.scalar(
        select(ProviderLink).where(ProviderLink.issuer == issuer, ProviderLink.subject == subject)
    )


def find_own_provider_link(
    session: Session, public_id: str, *, person: Person
) -> ProviderLink | None:
    """The link of `person` with this public id."""
    return session.scalar(
        select(ProviderLink).where(
            ProviderLink.public_id == public_id, ProviderLink.person_id == person.id
        )
    )


def count_recovery_codes(session: Session, person: Person) -> int:
    """How many codes on paper still let `person` in."""
    query = select(func.count()).where(RecoveryCode.person_id == person.id)
    return session.scalar(query) or 0


def find_asking_incubator(session: Session, person: Person) -> Incubator | None:
    """An incubator that `person` operates and that asks for a second factor."""
    return session.scalar(
        select(Incubator)
        .join(Membership, Membership.incubator_id == Incubator.id)
        .where(Membership.person_id == person.id, Incubator.requires_second_factor)
        .order_by(Incubator.id)
        .limit(1)
    )


def find_address_change(session: Session, person: Person) -> AddressChange | None:
    """The last change of the address of `person`, confirmed or not."""
    return session.scalar(select(AddressChange).where(AddressChange.person_id == person.id))


def find_address_change_by_id(
    session: Session, public_id: str, *, lock: bool = False
) -> AddressChange | None:
    """The change with this public id. With `lock` nobody confirms or stops it meanwhile."""
    query = select(AddressChange).where(AddressChange.public_id == public_id)
    return session.scalar(query.with_for_update() if lock else query)


def select_withholding(actor: Actor) -> Select[Incubator] | None:
    """The incubators that give `actor` no right before there is a second factor; None: none."""
    if not actor.withheld:
        return None
    return select(Incubator).where(Incubator.id.in_(actor.withheld)).order_by(Incubator.name)


def list_withholding(session: Session, actor: Actor) -> list[Incubator]:
    """What `select_withholding` finds."""
    query = select_withholding(actor)
    return [] if query is None else list(session.scalars(query))


def _word_waiting(rows: Sequence[Incubator], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """A second factor, for each incubator that asks `viewer` for one."""
    return [
        WaitingItem(
            kind="second_factor",
            title=incubator.name,
            due_at=None,
            path_endpoint="accounts.show_second_factor",
            action=_l("Set up a second factor"),
            detail=_l("It asks its operators for one. Until then you cannot work there."),
        )
        for incubator in rows
    ]


WAITING: Final = (
    WaitingList(("second_factor",), lambda viewer, at: select_withholding(viewer), _word_waiting),
)


def list_refusals(session: Session, person: Person) -> Sequence[Refusal]:
    """What was refused to `person`, or tried on their account, the latest hours first."""
    query = select(Refusal).where(Refusal.person_id == person.id)
    return session.scalars(
        query.order_by(Refusal.hour_at.desc(), Refusal.id.desc()).limit(_REFUSALS_SHOWN)
    ).all()


def list_log_ins(session: Session, person: Person, *, at: datetime) -> list[LogIn]:
    """Where `person` is logged in at `at`, the latest used first."""
    rows = session.scalars(
        select(LogIn).where(LogIn.person_id == person.id).order_by(LogIn.seen_at.desc(), LogIn.id)
    )
    return [row for row in rows if not row.is_over(at)]


def find_log_in(session: Session, public_id: str, *, person: Person) -> LogIn | None:
    """The log-in of `person` with this public id."""
    return session.scalar(
        select(LogIn).where(LogIn.public_id == public_id, LogIn.person_id == person.id)
    )


def find_invitation(session: Session, public_id: str) -> Invitation | None:
    """The invitation with this public id, as those who sent it know it."""
    return session.scalar(select(Invitation).where(Invitation.public_id == public_id))


def find_usable_invitation(
    session: Session, *, token: str, at: datetime, lock: bool = False
) -> Invitation | None:
    """The invitation that `token` opens at `at`; None when it is used, revoked, old or unknown.

    With `lock` nobody else can answer it until the transaction ends.
    """
    query = select(Invitation).where(
        Invitation.token_hash == hash_token(token),
        Invitation.state == "sent",
        Invitation.expires_at > at,
    )
    return session.scalar(query.with_for_update() if lock else query)


def list_open_invitations(
    session: Session,
    *,
    at: datetime,
    startup_id: int | None = None,
    incubator_id: int | None = None,
    provider_id: int | None = None,
    sender_incubator_id: int | None = None,
    email: str | None = None,
) -> list[Invitation]:
    """The invitations that can still be accepted, oldest first.

    Each argument given narrows the list: to one organisation that is joined, to those sent on
    behalf of one incubator, or to one address, however it is written.
    """
    query = (
        select(Invitation)
        .where(Invitation.state == "sent", Invitation.expires_at > at)
        .options(selectinload(Invitation.invited_by))
        .order_by(Invitation.id)
    )
    for column, value in (
        (Invitation.startup_id, startup_id),
        (Invitation.incubator_id, incubator_id),
        (Invitation.provider_id, provider_id),
        (Invitation.sender_incubator_id, sender_incubator_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if email is not None:
        query = query.where(Invitation.email == canonical_email(email))
    return list(session.scalars(query))


def list_incubators_looking_after(session: Session, person: Person) -> list[int]:
    """The ids of the incubators that host a startup of `person` or have them in their pool."""
    hosting = (
        select(Startup.incubator_id)
        .join(Membership, Membership.startup_id == Startup.id)
        .where(Membership.person_id == person.id, Startup.incubator_id.is_not(None))
    )
    pooling = (
        select(PoolEntry.incubator_id)
        .join(Membership, Membership.provider_id == PoolEntry.provider_id)
        .where(Membership.person_id == person.id, PoolEntry.state.in_(POOL_STATES_LOOKED_AFTER))
    )
    found = {i for i in session.scalars(hosting) if i is not None} | set(session.scalars(pooling))
    return sorted(found)


def can_be_stood_in_for(session: Session, person: Person) -> bool:
    """Whether `person` neither operates an incubator nor regulates: such rights are not lent."""
    query = select(Membership.id).where(
        Membership.person_id == person.id, Membership.role.in_((Role.OPERATOR, Role.REGULATOR))
    )
    return session.scalar(query.limit(1)) is None


def get_organisation(invitation: Invitation | Membership) -> Startup | Incubator | Provider:
    """The organisation that is joined. Raises LookupError for a regulator, who joins none."""
    organisation = invitation.startup or invitation.incubator or invitation.provider
    if organisation is None:
        raise LookupError("this role goes with no organisation")
    return organisation


def list_tokens(session: Session, person: Person) -> list[ApiToken]:
    """Every token of `person`, ended ones too, the newest first."""
    return list(
        session.scalars(
            select(ApiToken).where(ApiToken.person_id == person.id).order_by(ApiToken.id.desc())
        )
    )


def find_token(session: Session, public_id: str) -> ApiToken | None:
    """The token with this public id."""
    return session.scalar(select(ApiToken).where(ApiToken.public_id == public_id))
