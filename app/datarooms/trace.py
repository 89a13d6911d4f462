"""Locks, records and notices of data rooms."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting
from app.audit import record
from app.clock import today
from app.datarooms.addresses import address_of_room, address_of_visit
from app.datarooms.standing import find_right, is_open
from app.matches.queries.conflicts import find_conflict
from app.telling.notices import list_people_of, tell
from app.transactions import hold
from models.datarooms import DataRoom, RoomAcceptance, RoomGrant, RoomQuestion
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.organisations import Startup


def lock_room(session: Session, startup: Startup) -> DataRoom | None:
    """The room of `startup`, read afresh, nobody else's to change until the commit; None without
    one. Raises NotFound for a startup that is gone.
    """
    hold(session, startup)
    room = session.scalar(
        select(DataRoom)
        .where(DataRoom.startup_id == startup.id)
        .execution_options(populate_existing=True)
    )
    if room is not None:
        session.expire(room, ["items", "agreements", "grants"])
    return room


def leave_mark(
    session: Session,
    subject: DataRoom | RoomGrant | RoomQuestion,
    kind: str,
    *,
    actor: Acting,
    at: datetime,
) -> None:
    """It is on record that `actor` did `kind`; no operator reads it."""
    session.flush()
    record(session, actor=actor, kind=kind, subject=subject, at=at)


def tell_investors(
    session: Session,
    grants: Iterable[RoomGrant],
    kind: str,
    *,
    at: datetime,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Who acts for the investors of `grants` is told, and led to its own page."""
    for grant in grants:
        engagement = find_occasion(session, grant)
        if engagement is None:
            continue
        for person in list_people_of(session, provider_id=grant.provider_id):
            tell(
                session,
                person=person,
                kind=kind,
                facts={"startup": engagement.startup.name, **(facts or {})},
                path=address_of_visit(engagement),
                at=at,
            )


def tell_readers(
    session: Session, question: RoomQuestion, *, at: datetime, facts: Mapping[str, str]
) -> None:
    """Whoever may read the answer to `question` that stands for all is told: who may have the
    document and has agreed to what stands now, but for the investor who asked.
    """
    room = question.room
    about = next((each for each in room.items if each.document_id == question.document_id), None)
    if about is None or room.agreement is None:
        return
    for grant in room.grants:
        engagement = find_occasion(session, grant)
        if (
            grant.id == question.grant_id
            or engagement is None
            or not is_open(grant, engagement, today(at))
            or find_right(grant.rights, about) is None
            or find_conflict(session, room.startup, grant.provider) is not None
        ):
            continue
        agreed = select(RoomAcceptance.person_id).where(
            RoomAcceptance.agreement_id == room.agreement.id, RoomAcceptance.grant_id == grant.id
        )
        ids = set(session.scalars(agreed))
        for person in list_people_of(session, provider_id=grant.provider_id):
            if person.id in ids:
                tell(
                    session,
                    person=person,
                    kind="room_answer_shared",
                    facts={"startup": room.startup.name, **facts},
                    path=address_of_visit(engagement),
                    at=at,
                )


def tell_founders(
    session: Session,
    room: DataRoom,
    kind: str,
    *,
    investor: str,
    at: datetime,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Who acts for the startup is told."""
    for person in list_people_of(session, startup_id=room.startup_id):
        tell(
            session,
            person=person,
            kind=kind,
            facts={"investor": investor, **(facts or {})},
            path=address_of_room(room.startup),
            at=at,
        )


def find_occasion(session: Session, grant: RoomGrant) -> Engagement | None:
    """The newest request of the startup that the investor of `grant` has accepted."""
    return session.scalar(
        select(Engagement)
        .where(
            Engagement.startup_id == grant.room.startup_id,
            Engagement.provider_id == grant.provider_id,
            Engagement.state.in_((*ENGAGEMENT_TAKES_PLACE, "completed")),
        )
        .order_by(Engagement.id.desc())
        .limit(1)
    )
