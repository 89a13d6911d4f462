"""A room as its startup and as one investor see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import Actor
from app.datarooms.standing import can_be_read_here, find_right, is_open
from app.matches.queries.conflicts import find_conflict
from models.datarooms import (
    DataRoom,
    RoomAcceptance,
    RoomAgreement,
    RoomGrant,
    RoomItem,
    RoomVisit,
)
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.organisations import Startup
from models.vocabulary import ProviderKind


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A document that an investor may have, and how."""

    item: RoomItem
    can_read: bool
    can_download: bool


@dataclass(frozen=True, slots=True)
class Visited:
    """A room from inside; `items` are empty before the agreement is accepted."""

    agreement: RoomAgreement
    accepted: RoomAcceptance | None
    items: Sequence[ShownItem]


def find_item(session: Session, public_id: str) -> RoomItem | None:
    """What is in a room under that public id."""
    return session.scalar(
        select(RoomItem)
        .where(RoomItem.public_id == public_id)
        .options(joinedload(RoomItem.room).joinedload(DataRoom.startup))
    )


def find_item_startup(session: Session, public_id: str) -> Startup | None:
    """The startup in whose room this is."""
    item = find_item(session, public_id)
    return None if item is None else item.room.startup


def find_grant(session: Session, public_id: str) -> RoomGrant | None:
    """The grant with that public id."""
    return session.scalar(
        select(RoomGrant)
        .where(RoomGrant.public_id == public_id)
        .options(joinedload(RoomGrant.room).joinedload(DataRoom.startup))
    )


def find_grant_startup(session: Session, public_id: str) -> Startup | None:
    """The startup whose grant this is."""
    grant = find_grant(session, public_id)
    return None if grant is None else grant.room.startup


def find_room(session: Session, startup: Startup) -> DataRoom | None:
    """The room of `startup`, with all that is in it; None before anything is."""
    return session.scalar(
        select(DataRoom)
        .where(DataRoom.startup_id == startup.id)
        .options(
            selectinload(DataRoom.items)
            .joinedload(RoomItem.document)
            .selectinload(Document.versions),
            selectinload(DataRoom.agreements),
            selectinload(DataRoom.grants).joinedload(RoomGrant.provider),
            selectinload(DataRoom.grants).selectinload(RoomGrant.rights),
        )
    )


def list_folders(room: DataRoom | None) -> Sequence[str]:
    """The folders of a room, by name."""
    return () if room is None else sorted({item.folder for item in room.items} - {""})


def list_candidates(session: Session, startup: Startup) -> Sequence[Engagement]:
    """The investors that can be let in, by their newest accepted request."""
    newest = {
        engagement.provider_id: engagement
        for engagement in session.scalars(
            select(Engagement)
            .where(
                Engagement.startup_id == startup.id,
                Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
                Engagement.provider.has(kind=ProviderKind.INVESTOR),
            )
            .options(joinedload(Engagement.provider))
            .order_by(Engagement.id)
        )
    }
    return list(newest.values())


def select_visits(startup: Startup) -> Select[RoomVisit]:
    """Every visit to the room of `startup`."""
    return (
        select(RoomVisit)
        .join(RoomVisit.grant)
        .join(RoomGrant.room)
        .where(DataRoom.startup_id == startup.id)
        .options(
            joinedload(RoomVisit.grant).joinedload(RoomGrant.provider),
            joinedload(RoomVisit.person),
            joinedload(RoomVisit.document),
        )
    )


def list_visits(
    session: Session, startup: Startup, *, limit: int, offset: int = 0
) -> Sequence[RoomVisit]:
    """The visits to the room of `startup`, the newest first."""
    return session.scalars(
        select_visits(startup).order_by(RoomVisit.id.desc()).limit(limit).offset(offset)
    ).all()


def count_visits(session: Session, startup: Startup) -> int:
    """How many visits there were."""
    query = select_visits(startup).with_only_columns(func.count(RoomVisit.id)).options()
    return session.scalar(query) or 0


def count_accepted(session: Session, room: DataRoom | None) -> Mapping[int, int]:
    """How many people of each grant have agreed to the text that stands, by the grants' ids."""
    if room is None or room.agreement is None:
        return {}
    rows = session.execute(
        select(RoomAcceptance.grant_id, func.count())
        .where(RoomAcceptance.agreement_id == room.agreement.id)
        .group_by(RoomAcceptance.grant_id)
    )
    return {row[0]: row[1] for row in rows}


def visit_room(session: Session, engagement: Engagement, viewer: Actor, on: date) -> Visited | None:
    """The room of the engagement's startup, as `viewer` may have it on the day `on`; None where
    they may not get in."""
    room = find_room(session, engagement.startup)
    if room is None or room.agreement is None:
        return None
    grant = next((each for each in room.grants if each.provider_id == engagement.provider_id), None)
    if (
        grant is None
        or not is_open(grant, engagement, on)
        or find_conflict(session, engagement.startup, engagement.provider)
    ):
        return None
    accepted = session.scalar(
        select(RoomAcceptance).where(
            RoomAcceptance.agreement_id == room.agreement.id,
            RoomAcceptance.grant_id == grant.id,
            RoomAcceptance.person_id == viewer.person_id,
        )
    )
    shown = []
    for item in room.items if accepted else ():
        right = find_right(grant.rights, item)
        if right is not None and item.document.state == "available":
            shown.append(ShownItem(item, can_be_read_here(item.document), right.may_download))
    return Visited(room.agreement, accepted, shown)
