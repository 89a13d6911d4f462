"""Notes that the two sides keep for themselves."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.transactions import hold
from app.workspace.trace import begin, leave_step, require_few, require_text
from models.engagements import Engagement
from models.orm import delete_where
from models.workspace import PairNote


def write_note(
    session: Session, *, engagement: Engagement, text: str, actor: Actor, at: datetime
) -> PairNote:
    """Both sides read `text`, and no operator. Raises NotFound, NotPermitted, NothingWritten,
    OutOfOrder, WorkspaceClosed, TooManyKept."""
    require(actor, "workspace:note", engagement)
    require_text(text)
    side = begin(session, engagement=engagement, actor=actor, at=at)
    require_few(session, select(func.count()).where(PairNote.engagement_id == engagement.id))
    note = PairNote(
        engagement=engagement, author_id=actor.person_id, side=side, text=text, written_at=at
    )
    session.add(note)
    leave_step(
        session, engagement=engagement, subject=note, actor=actor, kind="pair_note_written", at=at
    )
    return note


def remove_note(session: Session, *, note: PairNote, actor: Actor, at: datetime) -> None:
    """It is gone for both. Raises NotFound, NotPermitted, OutOfOrder, WorkspaceClosed."""
    require(actor, "pair_note:remove", note)
    engagement = note.engagement
    begin(session, engagement=engagement, actor=actor, at=at)
    hold(session, note)
    leave_step(
        session, engagement=engagement, subject=note, actor=actor, kind="pair_note_removed", at=at
    )
    delete_where(session, PairNote, PairNote.id == note.id)
