"""Records and notices of commissioners."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Acting, Actor
from app.audit import record
from app.commissioners.addresses import (
    COMMISSIONERS,
    address_of_care,
    address_of_case,
    address_of_commissioner,
)
from app.telling.notices import list_people_of, send_mail, tell
from models.commissioners import Commissioner, CompanyCare, FinanceCase
from models.people import Person


def leave_mark(
    session: Session,
    subject: Commissioner | CompanyCare | FinanceCase,
    kind: str,
    *,
    actor: Acting,
    at: datetime,
) -> None:
    """It is on record that `actor` did `kind`; operators read that of a case nobody tells what."""
    session.flush()
    if isinstance(subject, FinanceCase):
        incubator_id = subject.care.commissioner.incubator_id
    elif isinstance(subject, CompanyCare):
        incubator_id = subject.commissioner.incubator_id
    else:
        incubator_id = subject.incubator_id
    record(session, actor=actor, kind=kind, subject=subject, at=at, incubator_id=incubator_id)


def tell_operators(
    session: Session, commissioner: Commissioner, kind: str, *, at: datetime
) -> None:
    """Whoever appointed, or is asked to, is told."""
    people = list_people_of(session, incubator_id=commissioner.incubator_id)
    _tell(session, people, commissioner, kind, address_of_commissioner(commissioner), at)


def tell_commissioner(
    session: Session, commissioner: Commissioner, kind: str, *, at: datetime
) -> None:
    """The person is told, by mail alone where there is no account yet."""
    if commissioner.person is not None:
        path = address_of_commissioner(commissioner)
        _tell(session, [commissioner.person], commissioner, kind, path, at)
    elif kind == "commissioner_offered":
        send_mail(
            session,
            address=commissioner.contact,
            locale="zh_Hans_CN",
            kind="commissioner_sought",
            facts=_say(commissioner),
            path=COMMISSIONERS,
            at=at,
        )


def tell_startup(
    session: Session,
    care: CompanyCare,
    kind: str,
    *,
    at: datetime,
    case: FinanceCase | None = None,
    but: Acting | None = None,
) -> None:
    """Whoever acts for the startup is told, but for whoever did it."""
    people = list_people_of(session, startup_id=care.startup_id)
    _tell_of_care(session, people, care, kind, case, but, at)


def tell_carer(
    session: Session,
    care: CompanyCare,
    kind: str,
    *,
    at: datetime,
    case: FinanceCase | None = None,
    but: Acting | None = None,
) -> None:
    """The commissioner is told of what a startup did that has consented to be known."""
    person = care.commissioner.person
    if person is not None and care.consented_at is not None:
        _tell_of_care(session, [person], care, kind, case, but, at)


def tell_operators_of_care(session: Session, care: CompanyCare, kind: str, *, at: datetime) -> None:
    """Whoever suggested the startup is told."""
    people = list_people_of(session, incubator_id=care.commissioner.incubator_id)
    _tell_of_care(session, people, care, kind, None, None, at)


def _tell_of_care(
    session: Session,
    people: list[Person],
    care: CompanyCare,
    kind: str,
    case: FinanceCase | None,
    but: Acting | None,
    at: datetime,
) -> None:
    path = address_of_care(care) if case is None else address_of_case(case)
    others = [
        person
        for person in people
        if not (isinstance(but, Actor) and person.id in (but.person_id, but.acts_as_id))
    ]
    _tell(session, others, care.commissioner, kind, path, at, startup=care.startup.name)


def _tell(
    session: Session,
    people: list[Person],
    commissioner: Commissioner,
    kind: str,
    path: str,
    at: datetime,
    **more: str,
) -> None:
    for person in people:
        facts = _say(commissioner) | more
        tell(session, person=person, kind=kind, facts=facts, path=path, at=at)


def _say(commissioner: Commissioner) -> dict[str, str]:
    return {
        "commissioner": commissioner.name,
        "institution": commissioner.institution,
        "incubator": commissioner.incubator.name,
    }
