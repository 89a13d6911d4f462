"""Writing to the other side."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.workspace.announcements import tell_other_side
from app.workspace.trace import begin, leave_step, require_text
from models.engagements import Engagement
from models.workspace import WorkspaceMessage


def send_message(
    session: Session, *, engagement: Engagement, text: str, actor: Actor, at: datetime
) -> WorkspaceMessage:
    """The other side reads `text`, and is told of messages of some minutes together.

    Raises NotFound, NotPermitted, NothingWritten, OutOfOrder, WorkspaceClosed.
    """
    require(actor, "workspace:write", engagement)
    require_text(text)
    side = begin(session, engagement=engagement, actor=actor, at=at)
    message = WorkspaceMessage(
        engagement=engagement, author_id=actor.person_id, side=side, text=text, sent_at=at
    )
    session.add(message)
    leave_step(
        session, engagement=engagement, subject=message, actor=actor, kind="message_sent", at=at
    )
    tell_other_side(
        session, engagement=engagement, side=side, kind="workspace_messages", actor=actor, at=at
    )
    return message
