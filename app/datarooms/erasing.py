"""What an erasure does with data rooms: a room goes with its startup, a grant with its investor.

What somebody did in a room of a startup that stays, for an investor that stays, is kept without
the person.
"""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.datarooms.addresses import address_of_room
from app.datarooms.trace import tell_founders
from app.leaving import Erasing, Leaving, Traces
from models.datarooms import DataRoom, RoomGrant, RoomQuestion


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The rooms of startups that go, and grants to investors that go."""
    rooms = session.scalars(
        select(DataRoom).where(DataRoom.startup_id.in_(leaving.startup_ids))
    ).all()
    grants = session.scalars(
        select(RoomGrant).where(
            or_(
                RoomGrant.provider_id.in_(leaving.provider_ids),
                RoomGrant.room_id.in_([room.id for room in rooms]),
            )
        )
    ).all()
    return Traces(
        counts={"data rooms": len(rooms), "grants of data rooms": len(grants)},
        public_ids=[
            *(each.public_id for each in rooms),
            *(each.public_id for each in grants),
        ],
        paths=[address_of_room(startup) for startup in leaving.startups],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Rooms go with all that hangs on them, grants with their visits and questions: founders are
    told.

    What a startup answered for all stays where it stands, under its own words: the question goes.
    Of questions that stay, what the person wrote or was answered goes; gives it.
    """
    for room in session.scalars(
        select(DataRoom)
        .join(RoomGrant, RoomGrant.room_id == DataRoom.id)
        .where(
            RoomGrant.provider_id.in_(leaving.provider_ids),
            DataRoom.startup_id.not_in(leaving.startup_ids),
            RoomGrant.state != "closed",
        )
        .distinct()
        .order_by(DataRoom.id)
    ).all():
        tell_founders(session, room, "room_left", investor="", at=leaving.at)
    session.execute(delete(DataRoom).where(DataRoom.startup_id.in_(leaving.startup_ids)))
    words: list[str] = []
    going = select(RoomGrant.id).where(RoomGrant.provider_id.in_(leaving.provider_ids))
    for question in session.scalars(select(RoomQuestion).where(RoomQuestion.grant_id.in_(going))):
        words.append(question.text)
        if question.published_at is None:
            session.delete(question)
        else:
            question.text, question.asked_by_id = "", None
    session.flush()
    session.execute(delete(RoomGrant).where(RoomGrant.provider_id.in_(leaving.provider_ids)))
    left = None if leaving.person is None else leaving.person.id
    for question in session.scalars(
        select(RoomQuestion).where(
            leaving.is_person(RoomQuestion.asked_by_id)
            | leaving.is_person(RoomQuestion.answered_by_id)
        )
    ):
        words.append(question.text)
        question.text = ""
        if question.published_at is not None and question.answered_by_id != left:
            continue
        # A question and its answer quote each other: with one of them both go, unless the startup
        # has worded it for all.
        words += [question.answer, question.common_text]
        question.answer = question.common_text = ""
        question.published_at = None
    session.flush()
    return [each for each in words if each]


ERASING = Erasing(find_traces, erase_traces)
