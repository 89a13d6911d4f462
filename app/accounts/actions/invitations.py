"""Inviting people to act for an organisation, and answering such an invitation."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, make_actor, require
from app.accounts.actions.registration import show_notice
from app.accounts.addresses import DASHBOARD, address_of_invitation
from app.accounts.errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationForSomeoneElse,
    InvitationInvalid,
)
from app.accounts.passwords import PasswordHash
from app.accounts.queries import (
    find_person_by_email,
    find_usable_invitation,
    get_organisation,
    hash_token,
)
from app.audit import record
from app.telling.notices import send_mail, tell
from models.email_addresses import canonical_email
from models.lifecycle import INVITATION
from models.organisations import Incubator, Startup
from models.orm import delete_where
from models.people import Invitation, Membership, Person
from models.providers import Provider
from models.vocabulary import Role

INVITATION_DAYS = 14
INVITATIONS_KEPT: Final = timedelta(days=90)

# Which organisation each role goes with; a regulator is appointed, not invited.
_TARGET_OF_ROLE = {
    Role.FOUNDER: "startup_id",
    Role.OPERATOR: "incubator_id",
    Role.MENTOR: "provider_id",
    Role.INVESTOR: "provider_id",
    Role.CENTRE: "provider_id",
}


class SentInvitation(NamedTuple):
    """An invitation and its secret, which is not stored: the link is `/invitations/<token>`."""

    invitation: Invitation
    token: str


def invite(
    session: Session,
    *,
    email: str,
    role: Role,
    actor: Actor,
    at: datetime,
    name: str = "",
    startup_id: int | None = None,
    incubator_id: int | None = None,
    provider_id: int | None = None,
    sender_incubator_id: int | None = None,
) -> SentInvitation:
    """A mail asks whoever has `email` to act for one organisation in `role`.

    Exactly the organisation that `role` goes with is given: a founder's startup, an operator's
    incubator, a provider for the others. `sender_incubator_id` is the incubator on whose behalf
    it is sent, operated by `actor`. The link is good for `INVITATION_DAYS`. Raises NotFound,
    NotPermitted, AlreadyInvited when an earlier
    invitation is still open, AlreadyMember when that person already acts for the organisation,
    ValueError when role and organisation do not go together.
    """
    target = {"startup_id": startup_id, "incubator_id": incubator_id, "provider_id": provider_id}
    if [key for key, value in target.items() if value is not None] != [_TARGET_OF_ROLE.get(role)]:
        raise ValueError(f"an invitation of a {role.value} names exactly what that role goes with")
    _check_inviter(session, actor, target, sender_incubator_id)
    email = canonical_email(email)
    invited = find_person_by_email(session, email)
    if invited is not None and session.scalar(
        select(Membership.id).filter_by(person_id=invited.id, **target)
    ):
        raise AlreadyMember
    _close_expired(session, email=email, target=target, at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=hash_token(token),
        email=email,
        name=name,
        role=role,
        sender_incubator_id=sender_incubator_id,
        invited_by_id=actor.person_id,
        created_at=at,
        expires_at=at + timedelta(days=INVITATION_DAYS),
        **target,
    )
    try:
        with session.begin_nested():
            session.add(invitation)
    except IntegrityError:
        # Partial unique indexes hold one open invitation for each address and organisation.
        raise AlreadyInvited from None
    inviter = session.get_one(Person, actor.person_id)
    send_mail(
        session,
        address=email,
        locale=invited.locale if invited else inviter.locale,
        person=invited,
        kind="invitation_sent",
        facts={
            "inviter": inviter.name,
            "organisation": get_organisation(invitation).name,
            "days": str(INVITATION_DAYS),
            "link": address_of_invitation(token),
        },
        path="",
        at=at,
    )
    record(
        session,
        actor=actor,
        kind="sent_invitation",
        subject=invitation,
        at=at,
        incubator_id=_get_tenant(invitation),
        detail={"email": email, "role": role.value},
    )
    return SentInvitation(invitation, token)


def accept_invitation(session: Session, *, token: str, person: Person, at: datetime) -> Membership:
    """`person`, who is logged in, acts for the organisation; whoever invited is told.

    Raises InvitationInvalid, or InvitationForSomeoneElse when it went to another address.
    """
    invitation = _get_usable(session, token=token, at=at)
    if invitation.email != person.email:
        raise InvitationForSomeoneElse
    return _join(session, invitation=invitation, person=person, at=at)


def accept_invitation_as_newcomer(
    session: Session,
    *,
    token: str,
    name: str,
    password_hash: PasswordHash,
    locale: str,
    time_zone: str,
    at: datetime,
) -> Person:
    """The person to whose address the link was sent has an account and acts for the organisation.

    Also for those who were imported and have no way in yet: the link proves the mailbox, and
    stands in for no second factor. Raises InvitationInvalid, also when that address already has an
    account with one (its owner logs in instead).
    """
    invitation = _get_usable(session, token=token, at=at)
    person = find_person_by_email(session, invitation.email)
    if person is None:
        person = Person(email=invitation.email, created_at=at)
        session.add(person)
    elif person.has_way_in or not person.is_active:
        raise InvitationInvalid
    else:
        person.credential_version += 1
    person.name = name
    person.password_hash = password_hash
    person.locale = locale
    person.time_zone = time_zone
    session.flush()
    show_notice(session, person=person, at=at)
    _join(session, invitation=invitation, person=person, at=at)
    return person


def revoke_invitation(
    session: Session, *, invitation: Invitation, actor: Actor, at: datetime
) -> None:
    """The link is dead.

    Raises NotFound for others than who could send it, ActionNotAllowed when it was answered or
    revoked before.
    """
    require(actor, "invitation:revoke", invitation)
    invitation.state = INVITATION.follow("revoke", invitation.state)
    record(
        session,
        actor=actor,
        kind="revoked_invitation",
        subject=invitation,
        at=at,
        incubator_id=_get_tenant(invitation),
    )
    session.flush()


def _check_inviter(
    session: Session,
    actor: Actor,
    target: Mapping[str, int | None],
    sender_incubator_id: int | None,
) -> None:
    """Whoever invites has the right to, for the organisation and for the incubator that sends."""
    incubators = {target["incubator_id"], sender_incubator_id} - {None}
    for incubator in [session.get_one(Incubator, incubator_id) for incubator_id in incubators]:
        require(actor, "incubator:invite", incubator)
    if target["startup_id"] is not None:
        require(actor, "startup:invite", session.get_one(Startup, target["startup_id"]))
    if target["provider_id"] is not None:
        require(actor, "provider:ask_owner", session.get_one(Provider, target["provider_id"]))


def _get_usable(session: Session, *, token: str, at: datetime) -> Invitation:
    invitation = find_usable_invitation(session, token=token, at=at, lock=True)
    if invitation is None:
        raise InvitationInvalid
    return invitation


def _get_tenant(invitation: Invitation) -> int | None:
    if invitation.sender_incubator_id is not None:
        return invitation.sender_incubator_id
    if invitation.startup is not None:
        return invitation.startup.incubator_id
    return invitation.incubator_id


def _close_expired(
    session: Session, *, email: str, target: dict[str, int | None], at: datetime
) -> None:
    """An expired invitation would keep a new one out: the unique indexes know no clock."""
    session.execute(
        update(Invitation)
        .where(Invitation.email == email, Invitation.state == "sent", Invitation.expires_at <= at)
        .filter_by(**target)
        .values(state=INVITATION.follow("revoke", "sent"))
    )


def _join(session: Session, *, invitation: Invitation, person: Person, at: datetime) -> Membership:
    invitation.state = INVITATION.follow("accept", invitation.state)
    invitation.accepted_at = at
    target = {
        "startup_id": invitation.startup_id,
        "incubator_id": invitation.incubator_id,
        "provider_id": invitation.provider_id,
    }
    membership = session.scalar(select(Membership).filter_by(person_id=person.id, **target))
    if membership is None:
        membership = Membership(person=person, role=invitation.role, created_at=at, **target)
        session.add(membership)
    session.flush()
    record(
        session,
        actor=make_actor(person),
        kind="accepted_invitation",
        subject=invitation,
        at=at,
        incubator_id=_get_tenant(invitation),
    )
    if invitation.invited_by is not None and invitation.invited_by.is_active:
        tell(
            session,
            person=invitation.invited_by,
            kind="invitation_accepted",
            facts={"person": person.name, "organisation": get_organisation(invitation).name},
            path=DASHBOARD,
            at=at,
        )
    session.flush()
    return membership


def forget_invitations(session: Session, *, at: datetime) -> int:
    """Invitations whose link ran out long ago leave nothing, whatever became of them; how many."""
    return delete_where(session, Invitation, Invitation.expires_at < at - INVITATIONS_KEPT)
