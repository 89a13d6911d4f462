"""What changes an incubator itself: founding, editing, and the startups that it hosts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.accounts.actions import invite, request_password_reset
from app.accounts.addresses import SECOND_FACTOR
from app.accounts.errors import AlreadyInvited
from app.accounts.queries import list_open_invitations
from app.audit import record
from app.errors import ChangedMeanwhile
from app.pools.errors import IncubatorNameTaken, OwnSecondFactorMissing
from app.signing import Signer
from app.telling.notices import list_people_of, tell
from models.credit_code import CreditCode
from models.email_addresses import canonical_email
from models.organisations import Incubator, Startup
from models.people import Invitation, Membership, Person
from models.vocabulary import IncubatorKind, Role


@dataclass(frozen=True, slots=True)
class IncubatorValues:
    """What an operator can say about the incubator. Texts are canonical."""

    name: str
    kind: IncubatorKind
    place_code: str
    introduction: str
    selection_standard: str
    service_officer: str
    credit_code: CreditCode | None = None


def edit_incubator(
    session: Session,
    *,
    incubator: Incubator,
    values: IncubatorValues,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """The incubator says what `values` say. Raises NotPermitted, ChangedMeanwhile for an older
    `version`, IncubatorNameTaken.
    """
    require(actor, "incubator:edit", incubator)
    if incubator.version != version:
        raise ChangedMeanwhile
    _check_name(session, values.name, besides=incubator)
    incubator.name = values.name
    incubator.kind = values.kind
    incubator.place_code = values.place_code
    incubator.introduction = values.introduction
    incubator.selection_standard = values.selection_standard
    incubator.service_officer = values.service_officer
    incubator.credit_code = values.credit_code
    incubator.updated_at = at
    session.flush()
    record(
        session,
        actor=actor,
        kind="incubator_edited",
        subject=incubator,
        incubator_id=incubator.id,
        at=at,
    )


def ask_for_second_factor(
    session: Session, *, incubator: Incubator, is_asked: bool, actor: Actor, at: datetime
) -> None:
    """Whoever operates the incubator and has no second factor gets at nothing of it, or again does.

    Those who lack one are told. Raises NotPermitted, OwnSecondFactorMissing when `actor` would be
    the first to be kept out.
    """
    require(actor, "incubator:edit", incubator)
    operators = list_people_of(session, incubator_id=incubator.id)
    lacking = [person for person in operators if not person.has_second_factor]
    if is_asked and actor.person_id in {person.id for person in lacking}:
        raise OwnSecondFactorMissing
    if incubator.requires_second_factor == is_asked:
        return
    incubator.requires_second_factor = is_asked
    incubator.updated_at = at
    session.flush()
    for person in lacking if is_asked else ():
        tell(
            session,
            person=person,
            kind="second_factor_asked",
            facts={"incubator": incubator.name},
            path=SECOND_FACTOR,
            at=at,
        )
    record(
        session,
        actor=actor,
        kind="asked_for_second_factor" if is_asked else "asked_for_no_second_factor",
        subject=incubator,
        incubator_id=incubator.id,
        at=at,
    )


def invite_startup(
    session: Session,
    *,
    incubator: Incubator,
    startup_name: str,
    email: str,
    name: str,
    actor: Actor,
    at: datetime,
) -> tuple[Startup, Invitation]:
    """A startup with an empty profile is hosted, and its founder gets a link.

    Raises NotPermitted, AlreadyInvited while a link to the same founder for a startup of this name
    is open.
    """
    require(actor, "incubator:host", incubator)
    for link in list_links(session, incubator=incubator, email=email, role=Role.FOUNDER, at=at):
        if link.startup is not None and link.startup.name == startup_name:
            raise AlreadyInvited
    startup = Startup(incubator_id=incubator.id, name=startup_name, created_at=at, updated_at=at)
    session.add(startup)
    session.flush()
    record(
        session,
        actor=actor,
        kind="startup_invited",
        subject=startup,
        incubator_id=incubator.id,
        at=at,
    )
    sent = invite(
        session,
        email=email,
        name=name,
        role=Role.FOUNDER,
        startup_id=startup.id,
        sender_incubator_id=incubator.id,
        actor=actor,
        at=at,
    )
    return startup, sent.invitation


def found_incubator(
    session: Session,
    *,
    values: IncubatorValues,
    operator_email: str,
    operator_name: str,
    signer: Signer,
    actor: Acting,
    at: datetime,
) -> Incubator:
    """A new incubator with its first operator, who gets a link to choose a password by mail.

    Only the command line does this: nobody in the application stands above the incubators. Who
    has an account keeps it. Raises NotPermitted, IncubatorNameTaken.
    """
    require(actor, "incubator:found")
    _check_name(session, values.name, besides=None)
    incubator = Incubator(
        name=values.name,
        kind=values.kind,
        place_code=values.place_code,
        introduction=values.introduction,
        selection_standard=values.selection_standard,
        service_officer=values.service_officer,
        credit_code=values.credit_code,
        created_at=at,
        updated_at=at,
    )
    email = canonical_email(operator_email)
    operator = session.scalar(select(Person).where(Person.email == email))
    if operator is None:
        operator = Person(email=email, name=operator_name, created_at=at)
    session.add_all([incubator, operator])
    session.flush()
    session.add(
        Membership(
            person_id=operator.id, role=Role.OPERATOR, incubator_id=incubator.id, created_at=at
        )
    )
    session.flush()
    record(
        session,
        actor=actor,
        kind="incubator_founded",
        subject=incubator,
        incubator_id=incubator.id,
        at=at,
    )
    if operator.password_hash is None:
        request_password_reset(session, email=email, signer=signer, at=at)
    return incubator


def list_links(
    session: Session, *, incubator: Incubator, email: str, role: Role, at: datetime
) -> list[Invitation]:
    """The open invitations in `role` that `incubator` has sent to `email`.

    Each invitation makes a profile of its own, so no index keeps a form that is sent twice from
    making two: whatever else asks this for the same incubator waits for the commit.
    """
    session.execute(
        select(Incubator.id).where(Incubator.id == incubator.id).with_for_update(key_share=True)
    )
    sent = list_open_invitations(session, email=email, sender_incubator_id=incubator.id, at=at)
    return [invitation for invitation in sent if invitation.role is role]


def _check_name(session: Session, name: str, *, besides: Incubator | None) -> None:
    taken = session.scalar(select(Incubator.id).where(Incubator.name == name))
    if taken is not None and (besides is None or taken != besides.id):
        raise IncubatorNameTaken
