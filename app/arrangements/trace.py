"""One door for every step of an arrangement: locked, kept in its chain, recorded, told.

Whoever pays or judges tranches locks the startup first, whose facts they rest on, then the
arrangement.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access import Acting
from app.arrangements.addresses import address_of_arrangement
from app.audit import record
from app.engagements.announcements import list_people
from app.telling.notices import tell
from app.transactions import lock
from app.words.wording import keep_days, keep_money
from models.arrangements import Arrangement, ArrangementStep, Tranche
from models.vocabulary import Side

BOTH_SIDES = (Side.STARTUP, Side.PROVIDER)


def lock_arrangement(session: Session, arrangement: Arrangement) -> None:
    """It is read afresh with its tranches, and nobody else's to change until the commit.

    Raises NotFound.
    """
    found = lock(session, arrangement, "tranches", "steps")
    # Else those that were read before would say what was so then: a tranche, that it is not paid.
    session.scalars(
        select(Tranche)
        .where(Tranche.arrangement_id == found.id)
        .execution_options(populate_existing=True)
    ).all()


def leave_step(
    session: Session,
    arrangement: Arrangement,
    kind: str,
    *,
    side: Side | None,
    actor: Acting | None,
    at: datetime,
    note: str = "",
) -> None:
    """The chain says that `actor` did `kind`; None: it followed. No operator reads it."""
    arrangement.changed_at = at
    # Also where only a tranche changes, it is another version: whoever consents reads it again.
    flag_modified(arrangement, "changed_at")
    arrangement.steps.append(
        ArrangementStep(
            kind=kind,
            side=side,
            actor_id=None if actor is None else actor.person_id,
            happened_at=at,
            note=note,
        )
    )
    session.flush()
    record(session, actor=actor, kind=kind, subject=arrangement, at=at)


def tell_sides(
    session: Session,
    arrangement: Arrangement,
    kind: str,
    *,
    at: datetime,
    sides: Iterable[Side] = BOTH_SIDES,
    tranche: Tranche | None = None,
) -> None:
    """Whoever acts for `sides` is told; of a `tranche` which it is, how much, and when paid."""
    engagement = arrangement.engagement
    for side in sides:
        for person in list_people(session, engagement, side):
            tell(
                session,
                person=person,
                kind=kind,
                facts={
                    "need": engagement.need.title,
                    "startup": engagement.startup.name,
                    "fund": engagement.provider.name,
                }
                | ({} if tranche is None else _say_tranche(tranche)),
                path=address_of_arrangement(engagement),
                at=at,
            )


def _say_tranche(tranche: Tranche) -> dict[str, str]:
    days = {} if tranche.paid_on is None else keep_days({"day": tranche.paid_on})
    return {"number": str(tranche.number)} | keep_money({"amount": tranche.amount_yuan}) | days
