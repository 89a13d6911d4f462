"""What waits for a viewer: the actions of their own side that have a day."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, or_, select

from app.access import Actor
from app.engagements.queries.lists import is_of_side
from app.telling.waiting import WaitingItem, WaitingList
from app.words.answer_times import end_of
from models.engagements import Engagement
from models.vocabulary import Side
from models.workspace import ActionItem

# An action waits from so long before its day on.
AHEAD: Final = timedelta(days=7)


def _select_waiting(viewer: Actor, at: datetime) -> Select[ActionItem] | None:
    """Open actions of one's own side whose day is near or over."""
    if viewer.is_acting_for_another or not (viewer.founds or viewer.provides):
        return None
    return (
        select(ActionItem)
        .join(ActionItem.engagement)
        .where(
            ActionItem.state == "open",
            ActionItem.due_on <= (at + AHEAD).date(),
            or_(*(and_(is_of_side(viewer, side), ActionItem.owner_side == side) for side in Side)),
        )
        .order_by(ActionItem.due_on, ActionItem.id)
    )


def _word_waiting(rows: Sequence[ActionItem], viewer: Actor, at: datetime) -> Iterable[WaitingItem]:
    """`action_item` for each open action of one's own side whose day is near or over."""
    for item in rows:
        if item.due_on is None:
            continue
        yield WaitingItem(
            kind="action_item",
            title=item.text,
            detail=_l("Agreed about “%(need)s”.", need=item.engagement.need.title),
            due_at=end_of(item.due_on),
            path_endpoint="workspace.show_workspace",
            path_values={"public_id": item.engagement.public_id, "_anchor": "actions"},
            action=_l("To the action"),
        )


WAITING: Final = (
    WaitingList(
        ("action_item",),
        _select_waiting,
        _word_waiting,
        (ActionItem.engagement, Engagement.need),
    ),
)
