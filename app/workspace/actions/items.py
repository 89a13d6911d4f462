"""What each side will do."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.workspace.announcements import name_item, tell_other_side
from app.workspace.trace import begin, leave_step, require_few, require_text
from models.engagements import Engagement
from models.lifecycle import ACTION_ITEM
from models.vocabulary import Side
from models.workspace import ActionItem


def add_item(
    session: Session,
    *,
    engagement: Engagement,
    text: str,
    owner_side: Side,
    due_on: date | None,
    actor: Actor,
    at: datetime,
) -> ActionItem:
    """`owner_side` will do `text`, by `due_on` if it is given; the other side is told.

    Raises NotFound, NotPermitted, NothingWritten, OutOfOrder, WorkspaceClosed, TooManyKept.
    """
    require(actor, "workspace:write", engagement)
    require_text(text)
    side = begin(session, engagement=engagement, actor=actor, at=at)
    require_few(
        session,
        select(func.count()).where(
            ActionItem.engagement_id == engagement.id, ActionItem.state == "open"
        ),
    )
    item = ActionItem(
        engagement=engagement,
        text=text,
        owner_side=owner_side,
        due_on=due_on,
        added_by_id=actor.person_id,
        added_at=at,
    )
    session.add(item)
    leave_step(
        session, engagement=engagement, subject=item, actor=actor, kind="action_item_added", at=at
    )
    tell_other_side(
        session,
        engagement=engagement,
        side=side,
        kind="action_items_added",
        actor=actor,
        at=at,
        named=name_item(item),
    )
    return item


def finish_item(session: Session, *, item: ActionItem, actor: Actor, at: datetime) -> None:
    """It is done; the other side is told. Raises NotFound, NotPermitted, ActionNotAllowed,
    WorkspaceClosed."""
    side = _settle(session, item, "finish", actor, at)
    _leave(session, item, "action_item_finished", actor, at)
    tell_other_side(
        session,
        engagement=item.engagement,
        side=side,
        kind="action_items_finished",
        actor=actor,
        at=at,
        named=name_item(item),
    )


def drop_item(session: Session, *, item: ActionItem, actor: Actor, at: datetime) -> None:
    """Nobody will do it. Raises NotFound, NotPermitted, ActionNotAllowed, WorkspaceClosed."""
    _settle(session, item, "drop", actor, at)
    _leave(session, item, "action_item_dropped", actor, at)


def reopen_item(session: Session, *, item: ActionItem, actor: Actor, at: datetime) -> None:
    """It is to be done after all. Raises NotFound, NotPermitted, ActionNotAllowed,
    WorkspaceClosed."""
    _settle(session, item, "reopen", actor, at)
    item.closed_at = None
    _leave(session, item, "action_item_reopened", actor, at)


def _settle(session: Session, item: ActionItem, action: str, actor: Actor, at: datetime) -> Side:
    require(actor, "action_item:settle", item)
    side = begin(session, engagement=item.engagement, actor=actor, at=at)
    session.refresh(item)
    item.state = ACTION_ITEM.follow(action, item.state)
    item.closed_at = at
    return side


def _leave(session: Session, item: ActionItem, kind: str, actor: Actor, at: datetime) -> None:
    leave_step(session, engagement=item.engagement, subject=item, actor=actor, kind=kind, at=at)
