"""What an erasure does with workspaces: that something was written stays, and not a word of it.

Where a side goes, all that the two kept goes with it; where both stay, what the person wrote goes.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.leaving import Erasing, Leaving, Traces
from app.workspace.addresses import address_of_workspace
from models.engagements import Engagement
from models.orm import delete_where
from models.workspace import (
    ActionItem,
    AgendaPoint,
    MinutesWriter,
    PairNote,
    ProfileSnapshot,
    SessionMinutes,
    WorkspaceMessage,
)

_KEPT = (WorkspaceMessage, AgendaPoint, SessionMinutes, ActionItem, PairNote)


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """What is in the workspaces of the profiles that go, and what the person wrote in others."""
    messages = session.scalar(
        select(func.count())
        .select_from(WorkspaceMessage)
        .where(or_(_is_theirs(leaving, WorkspaceMessage), _is_written_by(leaving)))
    )
    ids = [
        public_id
        for kept in _KEPT
        for public_id in session.scalars(select(kept.public_id).where(_is_theirs(leaving, kept)))
    ]
    theirs = session.scalars(select(Engagement).where(_is_of_profile(leaving)))
    return Traces(
        counts={"messages": messages or 0},
        public_ids=ids,
        paths=[address_of_workspace(each) for each in theirs],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Nothing is left of the workspaces that go but how many messages there were; of others what
    the other side wrote. Gives what the person wrote there."""
    words = [
        text
        for kept in _KEPT
        for text in session.scalars(select(kept.text).where(_is_theirs(leaving, kept)))
    ]
    for message in session.scalars(
        select(WorkspaceMessage).where(
            or_(_is_theirs(leaving, WorkspaceMessage), _is_written_by(leaving))
        )
    ):
        words.append(message.text)
        message.text = ""
    session.flush()
    delete_where(
        session,
        ProfileSnapshot,
        ProfileSnapshot.engagement_id.in_(select(Engagement.id).where(_is_of_profile(leaving))),
    )
    for kept, written in (
        (AgendaPoint, leaving.is_person(AgendaPoint.author_id)),
        (SessionMinutes, _has_written_in(leaving)),
        (ActionItem, leaving.is_person(ActionItem.added_by_id)),
        (PairNote, leaving.is_person(PairNote.author_id)),
    ):
        words += session.scalars(select(kept.text).where(written))
        delete_where(session, kept, or_(_is_theirs(leaving, kept), written))
    return [each for each in words if each]


def _is_of_profile(leaving: Leaving) -> ColumnElement[bool]:
    return or_(
        Engagement.provider_id.in_(leaving.provider_ids),
        Engagement.startup_id.in_(leaving.startup_ids),
    )


def _is_theirs(
    leaving: Leaving,
    kept: type[WorkspaceMessage | AgendaPoint | SessionMinutes | ActionItem | PairNote],
) -> ColumnElement[bool]:
    return kept.engagement_id.in_(select(Engagement.id).where(_is_of_profile(leaving)))


def _has_written_in(leaving: Leaving) -> ColumnElement[bool]:
    """Minutes of which the person wrote any version: what stands there may still be theirs."""
    written = select(MinutesWriter.minutes_id).where(leaving.is_person(MinutesWriter.person_id))
    return SessionMinutes.id.in_(written)


def _is_written_by(leaving: Leaving) -> ColumnElement[bool]:
    return leaving.is_person(WorkspaceMessage.author_id)


ERASING = Erasing(find_traces, erase_traces)
