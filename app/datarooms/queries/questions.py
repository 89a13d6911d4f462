"""Questions as the startup and as one investor see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.datarooms.queries.rooms import Visited
from app.telling.waiting import WaitingItem, WaitingList
from models.datarooms import DataRoom, RoomGrant, RoomQuestion
from models.engagements import Engagement
from models.organisations import Startup

# How many of each an investor's page shows.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What an investor asked, and what was answered for everybody who may have the document."""

    own: Sequence[RoomQuestion]
    common: Sequence[RoomQuestion]


def find_question(session: Session, public_id: str) -> RoomQuestion | None:
    """The question with that public id."""
    return session.scalar(
        select(RoomQuestion)
        .where(RoomQuestion.public_id == public_id)
        .options(
            joinedload(RoomQuestion.room).joinedload(DataRoom.startup),
            joinedload(RoomQuestion.grant),
        )
    )


def find_question_startup(session: Session, public_id: str) -> Startup | None:
    """The startup that is asked."""
    question = find_question(session, public_id)
    return None if question is None else question.room.startup


def select_questions(startup: Startup) -> Select[RoomQuestion]:
    """Every question to `startup`."""
    return (
        select(RoomQuestion)
        .join(RoomQuestion.room)
        .where(DataRoom.startup_id == startup.id)
        .options(
            joinedload(RoomQuestion.grant).joinedload(RoomGrant.provider),
            joinedload(RoomQuestion.document),
        )
    )


def list_questions(
    session: Session, startup: Startup, *, limit: int, offset: int = 0
) -> Sequence[RoomQuestion]:
    """The questions to `startup`: those without an answer first, then the newest."""
    return session.scalars(
        select_questions(startup)
        .order_by((RoomQuestion.state == "asked").desc(), RoomQuestion.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def count_questions(session: Session, startup: Startup) -> int:
    """How many questions there were."""
    query = select_questions(startup).with_only_columns(func.count(RoomQuestion.id))
    return session.scalar(query) or 0


def list_asked(session: Session, engagement: Engagement, visited: Visited) -> Asked:
    """The questions of the engagement's investor, and common answers about what it may have."""
    of_room = (
        select(RoomQuestion)
        .join(RoomQuestion.room)
        .outerjoin(RoomQuestion.grant)
        .where(DataRoom.startup_id == engagement.startup_id)
        .options(joinedload(RoomQuestion.document))
        .order_by(RoomQuestion.id.desc())
        .limit(_SHOWN)
    )
    if visited.accepted is None:
        return Asked((), ())
    may_have = [each.item.document_id for each in visited.items]
    own = of_room.where(
        RoomGrant.provider_id == engagement.provider_id, RoomQuestion.document_id.in_(may_have)
    )
    common = of_room.where(
        RoomQuestion.published_at.is_not(None), RoomQuestion.document_id.in_(may_have)
    )
    return Asked(session.scalars(own).all(), session.scalars(common).all())


def _select_waiting(viewer: Actor, at: datetime) -> Select[Startup, int] | None:
    """The viewer's startups that were asked, with how many questions."""
    if viewer.is_acting_for_another or not viewer.founds:
        return None
    return (
        select(Startup, func.count(RoomQuestion.id))
        .join(DataRoom, DataRoom.startup_id == Startup.id)
        .join(RoomQuestion, RoomQuestion.room_id == DataRoom.id)
        .where(Startup.id.in_(viewer.founds), RoomQuestion.state == "asked")
        # Of what whoever left had asked, no words are left to answer.
        .where(RoomQuestion.text != "")
        .group_by(Startup.id)
        .order_by(Startup.id)
    )


def _word_waiting(
    rows: Sequence[tuple[Startup, int]], viewer: Actor, at: datetime
) -> list[WaitingItem]:
    """A founder is asked: one line for each startup, however many questions there are."""
    return [
        WaitingItem(
            kind="room_questions",
            title=startup.name,
            detail=_l("Investors ask about documents in your data room: %(count)s", count=count),
            due_at=None,
            path_endpoint="datarooms.list_questions",
            path_values={"public_id": startup.public_id},
            action=_l("Answer"),
        )
        for startup, count in rows
    ]


WAITING: Final = (WaitingList(("room_questions",), _select_waiting, _word_waiting),)
