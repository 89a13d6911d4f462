"""Actions of a workspace: what is to be done, and what was done or dropped."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.access import Actor, is_permitted
from app.words.localisation import DEFAULT_TIME_ZONE
from app.workspace.trace import is_open
from models.engagements import Engagement
from models.lifecycle import ACTION_ITEM
from models.vocabulary import Side
from models.workspace import ActionItem

PAGE_SIZE: Final = 30


@dataclass(frozen=True, slots=True)
class ItemView:
    """An action, with what the viewer may do with it."""

    public_id: str
    state: str
    text: str
    owner_side: Side
    due_on: date | None
    is_late: bool
    added_at: datetime
    closed_at: datetime | None
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Actions that were done or dropped, the latest first; `older` is where they go on."""

    items: tuple[ItemView, ...]
    older: str | None


def list_open_items(
    session: Session, engagement: Engagement, at: datetime, *, writes: bool
) -> tuple[ItemView, ...]:
    """What is still to be done, by its day."""
    rows = session.scalars(
        select(ActionItem)
        .where(ActionItem.engagement_id == engagement.id, ActionItem.state == "open")
        .order_by(ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
    )
    return tuple(_view_item(row, at, writes=writes) for row in rows)


def _view_item(row: ActionItem, at: datetime, *, writes: bool) -> ItemView:
    # A day that was agreed on is one of mainland China, as in what waits and in reminders.
    today = at.astimezone(ZoneInfo(DEFAULT_TIME_ZONE)).date()
    return ItemView(
        public_id=row.public_id,
        state=row.state,
        text=row.text,
        owner_side=row.owner_side,
        due_on=row.due_on,
        is_late=row.state == "open" and row.due_on is not None and row.due_on < today,
        added_at=row.added_at,
        closed_at=row.closed_at,
        actions=ACTION_ITEM.list_actions(row.state) if writes else (),
    )


def count_closed_items(session: Session, engagement: Engagement) -> int:
    """How many were done or dropped."""
    return (
        session.scalar(
            select(func.count()).where(
                ActionItem.engagement_id == engagement.id, ActionItem.state != "open"
            )
        )
        or 0
    )


def select_items(engagement: Engagement, *, state: str | None = None) -> Select[ActionItem]:
    """The actions of the workspace; `state` narrows it."""
    query = select(ActionItem).where(ActionItem.engagement_id == engagement.id)
    return query if state is None else query.where(ActionItem.state == state)


def list_closed_items(
    session: Session,
    engagement: Engagement,
    viewer: Actor,
    *,
    at: datetime,
    before: str | None = None,
) -> ItemPage:
    """A page of what was done or dropped, by when it was agreed on, for who may read it."""
    writes = is_permitted(viewer, "workspace:write", engagement) and is_open(engagement, at)
    query = select_items(engagement).where(ActionItem.state != "open")
    if before is not None:
        edge = select(ActionItem.id).where(
            ActionItem.engagement_id == engagement.id, ActionItem.public_id == before
        )
        query = query.where(ActionItem.id < edge.scalar_subquery())
    rows = session.scalars(query.order_by(ActionItem.id.desc()).limit(PAGE_SIZE + 1)).all()
    items = tuple(_view_item(row, at, writes=writes) for row in rows[:PAGE_SIZE])
    return ItemPage(items, items[-1].public_id if len(rows) > PAGE_SIZE else None)


def view_item(row: ActionItem, viewer: Actor, *, at: datetime) -> ItemView:
    """One action, for who may read the workspace."""
    engagement = row.engagement
    writes = is_permitted(viewer, "workspace:write", engagement) and is_open(engagement, at)
    return _view_item(row, at, writes=writes)
