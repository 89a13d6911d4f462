"""Showing documents of the vault to the other side, for as long as the engagement lasts."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.errors import OutOfOrder
from app.telling.notices import Named
from app.vault.actions.sharing import show_document, withdraw_shares_for
from app.workspace.announcements import tell_other_side
from app.workspace.trace import begin
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.vocabulary import Side


def show_file(
    session: Session, *, engagement: Engagement, document: Document, actor: Actor, at: datetime
) -> None:
    """The other side may open `document` of one's own until the engagement is over, and is told.

    Raises NotFound, NotPermitted, OutOfOrder once it is over, and what `show_document` raises.
    """
    require(actor, "workspace:write", engagement)
    side = begin(session, engagement=engagement, actor=actor, at=at)
    if engagement.state not in ENGAGEMENT_TAKES_PLACE or not _is_of(document, engagement, side):
        raise OutOfOrder
    show_document(
        session,
        document=document,
        receiver=engagement.provider if side is Side.STARTUP else engagement.startup,
        actor=actor,
        at=at,
        occasion=engagement,
    )
    tell_other_side(
        session,
        engagement=engagement,
        side=side,
        kind="workspace_files",
        actor=actor,
        at=at,
        named=Named(document.title),
    )


def withdraw_file(
    session: Session, *, engagement: Engagement, document: Document, actor: Actor, at: datetime
) -> None:
    """The other side may not open it any more. Raises NotFound, NotPermitted, OutOfOrder."""
    require(actor, "workspace:write", engagement)
    side = begin(session, engagement=engagement, actor=actor, at=at)
    if not _is_of(document, engagement, side):
        raise OutOfOrder
    withdraw_shares_for(session, documents=[document], occasion=engagement, actor=actor, at=at)


def _is_of(document: Document, engagement: Engagement, side: Side) -> bool:
    if side is Side.STARTUP:
        return document.startup_id == engagement.startup_id
    return document.provider_id == engagement.provider_id
