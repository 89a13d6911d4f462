"""The end of an account, when no room needs it any more."""

from sqlalchemy.orm import Session

from models.people import Person


def remove_account(session: Session, person: Person) -> None:
    """`person` is gone, with memberships, notices, mails and hours that were taken. What they did
    stands without a name."""
    # The database removes what hangs on it, also where some of it was loaded and is gone.
    session.flush()
    session.expire(person)
    session.delete(person)
    session.flush()
