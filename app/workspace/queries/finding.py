"""Finding a workspace, and what is kept in it, by public ids."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.engagements.disclosure import was_accepted
from app.engagements.queries import find_engagement
from models.engagements import Engagement
from models.workspace import ActionItem, AgendaPoint, PairNote


def find_workspace(session: Session, public_id: str) -> Engagement | None:
    """The engagement with this public id, once the provider has accepted it."""
    engagement = find_engagement(session, public_id)
    return engagement if engagement is not None and was_accepted(engagement) else None


def find_point(session: Session, public_id: str) -> AgendaPoint | None:
    """The point of an agenda with this public id."""
    return session.scalar(
        select(AgendaPoint)
        .where(AgendaPoint.public_id == public_id)
        .options(joinedload(AgendaPoint.engagement))
    )


def find_item(session: Session, public_id: str) -> ActionItem | None:
    """The action with this public id."""
    return session.scalar(
        select(ActionItem)
        .where(ActionItem.public_id == public_id)
        .options(joinedload(ActionItem.engagement))
    )


def find_note(session: Session, public_id: str) -> PairNote | None:
    """The note of a pair with this public id."""
    return session.scalar(
        select(PairNote)
        .where(PairNote.public_id == public_id)
        .options(joinedload(PairNote.engagement))
    )
