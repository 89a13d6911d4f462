"""One door for every step of a financing: locked, recorded, told.

Whoever changes a financing or an interest in it locks the need first, then the financing: nobody
commits what somebody else is committing.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor
from app.audit import record
from app.financings.addresses import address_of_commitment, address_of_financing
from app.telling.notices import list_people_of, tell
from app.transactions import hold, lock
from models.engagements import Engagement
from models.financings import Financing, Interest
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, INTEREST
from models.needs import Need
from models.people import Person


def lock_need(session: Session, need: Need) -> None:
    """Nobody else begins, ends or takes part in a financing for `need` until the commit.

    Raises NotFound.
    """
    hold(session, need)


def lock_financing(session: Session, financing: Financing) -> None:
    """`financing` and its interests are read afresh, and nobody else's to change until the commit.

    Raises NotFound.
    """
    lock(session, financing, "interests")


def find_running(session: Session, need: Need) -> Financing | None:
    """The financing of `need` that is open, locked until the commit."""
    financing = session.scalar(
        select(Financing).where(Financing.need_id == need.id, Financing.state == "open")
    )
    if financing is None:
        return None
    lock_financing(session, financing)
    return financing if financing.state == "open" else None


def count_taken(session: Session, financing: Financing) -> None:
    """What is committed and paid is counted anew, from the interests themselves."""
    session.flush()
    session.expire(financing, ["interests"])
    taken = [each for each in financing.interests if each.state in ("committed", "invested")]
    financing.taken_yuan = sum(each.amount_yuan or 0 for each in taken)
    financing.taken_places = len(taken)
    session.flush()


def end_interests(
    session: Session, financing: Financing, states: Iterable[str], at: datetime
) -> list[Interest]:
    """The interests in one of `states` lapse; gives them."""
    wanted = set(states)
    ended = [each for each in financing.interests if each.state in wanted]
    for interest in ended:
        interest.state = INTEREST.follow("lapse", interest.state)
        interest.changed_at = at
    return ended


def leave_mark(
    session: Session, subject: Financing | Interest, kind: str, *, actor: Acting, at: datetime
) -> None:
    """It is on record that `actor` did `kind`, without an amount; no operator reads it."""
    subject.changed_at = at
    session.flush()
    record(session, actor=actor, kind=kind, subject=subject, at=at)


def tell_founders(
    session: Session, financing: Financing, kind: str, *, fund: str = "", at: datetime
) -> None:
    """Who acts for the startup is told, without an amount: mail is read by others, too."""
    need = financing.need
    for person in list_people_of(session, startup_id=need.startup_id):
        tell(
            session,
            person=person,
            kind=kind,
            facts={"need": need.title, "fund": fund},
            path=address_of_financing(financing),
            at=at,
        )


def tell_funds(
    session: Session,
    financing: Financing,
    kind: str,
    *,
    at: datetime,
    among: Iterable[int | None] | None = None,
    unless: Acting | None = None,
) -> None:
    """Who acts for funds that can take part is told; `among` are ids of the funds meant.

    None: all whose request for this money takes place. Each is led to its own page.
    """
    wanted = None if among is None else {number for number in among if number is not None}
    for engagement in list_parties(session, financing.need):
        if wanted is not None and engagement.provider_id not in wanted:
            continue
        for person in list_people_of(session, provider_id=engagement.provider_id):
            if not _is(unless, person):
                tell(
                    session,
                    person=person,
                    kind=kind,
                    facts={"need": financing.need.title, "startup": engagement.startup.name},
                    path=address_of_commitment(engagement),
                    at=at,
                )


def list_parties(session: Session, need: Need) -> list[Engagement]:
    """The newest accepted request for `need` to each fund, by the funds' ids."""
    newest: dict[int, Engagement] = {}
    for engagement in session.scalars(
        select(Engagement)
        .where(
            Engagement.need_id == need.id,
            Engagement.state.in_((*ENGAGEMENT_TAKES_PLACE, "completed")),
            Engagement.provider.has(kind="investor"),
        )
        .order_by(Engagement.id)
    ):
        newest[engagement.provider_id] = engagement
    return [newest[number] for number in sorted(newest)]


def _is(actor: Acting | None, person: Person) -> bool:
    return isinstance(actor, Actor) and person.id in (actor.person_id, actor.acts_as_id)
