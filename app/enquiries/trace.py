"""Records and notices of questions about lists."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Acting
from app.audit import record
from app.enquiries.addresses import address_of_enquiry
from app.telling.notices import list_people_of, send_mail, tell
from app.words.localisation import DEFAULT_LOCALE
from app.words.wording import keep_moments
from models.enquiries import ListEnquiry
from models.organisations import Incubator
from models.people import Person


def list_operators(session: Session, incubator: Incubator | None) -> list[Person]:
    """Who answers for `incubator`."""
    return [] if incubator is None else list_people_of(session, incubator_id=incubator.id)


def leave_mark(
    session: Session, enquiry: ListEnquiry, kind: str, *, actor: Acting, at: datetime
) -> None:
    """It is on record that `actor` did `kind`."""
    session.flush()
    record(
        session,
        actor=actor,
        kind=kind,
        subject=enquiry,
        at=at,
        incubator_id=enquiry.incubator_id,
        detail={"outcome": enquiry.outcome.value} if enquiry.outcome else {},
    )
    session.flush()


def tell_who_answers(
    session: Session, enquiry: ListEnquiry, kind: str, *, contact: str, at: datetime
) -> None:
    """The operators are told, or by mail `contact` where there is none; "" is nobody."""
    path = address_of_enquiry(enquiry)
    facts = {"asker": enquiry.asker_name, "words": enquiry.words} | keep_moments(
        {"due": enquiry.due_at}
    )
    operators = list_operators(session, enquiry.incubator)
    for person in operators:
        tell(session, person=person, kind=kind, facts=facts, path=path, at=at)
    if contact and not operators:
        send_mail(
            session,
            address=contact,
            locale=DEFAULT_LOCALE,
            kind="enquiry_to_installation",
            facts=facts | {"id": enquiry.public_id},
            path=path,
            at=at,
        )
