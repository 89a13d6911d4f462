"""What calendar programs answered, for the pages of both sides."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engagements.announcements import list_people
from app.engagements.queries.shapes import ReplyView
from models.engagements import CoachingSession, Engagement
from models.lifecycle import SESSION_OPEN
from models.session_replies import SessionReply
from models.vocabulary import Side


def list_replies(session: Session, engagement: Engagement) -> Mapping[int, tuple[ReplyView, ...]]:
    """Of times that are to come, as they are now, by people who stand on a side still."""
    rows = session.scalars(
        select(SessionReply)
        .join(SessionReply.coaching_session)
        .where(
            CoachingSession.engagement_id == engagement.id,
            CoachingSession.state.in_(SESSION_OPEN),
            SessionReply.sequence == CoachingSession.sequence,
        )
    ).all()
    if not rows:
        return {}
    sides = {
        person.id: (person.name, side)
        for side in Side
        for person in list_people(session, engagement, side)
    }
    found: defaultdict[int, list[ReplyView]] = defaultdict(list)
    for row in rows:
        if row.person_id in sides:
            found[row.coaching_session_id].append(ReplyView(*sides[row.person_id], row.answer))
    return {
        number: tuple(sorted(replies, key=lambda one: (one.side, one.name)))
        for number, replies in found.items()
    }
