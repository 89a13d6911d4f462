"""The part of the API that this room has: its blueprint, and the workspace in JSON."""

from typing import Any

import marshmallow as ma

from app.clock import now
from app.extensions import db
from app.web.api import VERSION_PATH, ApiBlueprint
from app.web.api_fields import Day, Moment
from app.web.identity import get_current_actor
from app.workspace import queries
from app.workspace.queries.items import ItemView
from app.workspace.queries.view import MeetingView, TextView
from models.engagements import Engagement

blueprint = ApiBlueprint(
    "workspace_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="What the two sides of an engagement keep together. 对接双方的协作空间。",
)


class WrittenSchema(ma.Schema):
    """A message, a point of the agenda or a note. 留言、议题或备注。"""

    id = ma.fields.String(required=True)
    side = ma.fields.String(required=True)
    author = ma.fields.String(required=True, allow_none=True)
    text = ma.fields.String(required=True)
    at = Moment(required=True)


class ActionItemSchema(ma.Schema):
    """What one side will do. 待办。"""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    owner_side = ma.fields.String(required=True)
    due_on = Day(required=True, allow_none=True)
    added_at = Moment(required=True)
    closed_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class MinutesSchema(ma.Schema):
    """A time that was held, with its minutes and the points it took up. 纪要。

    `time` is what took place: a session, a talk or an appointment; `session`, the older name, is
    the same.
    """

    session = ma.fields.String(required=True)
    time = ma.fields.String(required=True)
    starts_at = Moment(required=True)
    minutes = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    written_by = ma.fields.String(required=True, allow_none=True)
    written_at = Moment(required=True, allow_none=True)
    agenda = ma.fields.List(ma.fields.String(), required=True)


class ChangeSchema(ma.Schema):
    """What changed in the startup's profile. 企业画像的变化。"""

    column = ma.fields.String(required=True)
    before = ma.fields.Raw(required=True, allow_none=True)
    after = ma.fields.Raw(required=True, allow_none=True)


class BriefSchema(ma.Schema):
    """What to read before the next time. 事前简报。"""

    goal = ma.fields.String(required=True)
    next_at = Moment(required=True, allow_none=True)
    since = Moment(required=True, allow_none=True)
    changes = ma.fields.List(ma.fields.Nested(ChangeSchema), required=True)


class WorkspaceSchema(ma.Schema):
    """The workspace as the person may see it; messages are a list of their own. 协作空间。

    Whoever may not read along gets numbers and times alone, and `reads` is false. `action_items`
    are those that are open and the latest that are not, `minutes` the latest; `older_minutes` is
    where they go on.
    `operators_invited_until` is when an invitation ends by itself, null before the engagement is
    over.
    """

    engagement = ma.fields.String(required=True)
    reads = ma.fields.Boolean(required=True)
    writes = ma.fields.Boolean(required=True)
    messages = ma.fields.Integer(required=True)
    last_message_at = Moment(required=True, allow_none=True)
    agenda = ma.fields.List(ma.fields.Nested(WrittenSchema), required=True)
    action_items = ma.fields.List(ma.fields.Nested(ActionItemSchema), required=True)
    minutes = ma.fields.List(ma.fields.Nested(MinutesSchema), required=True)
    older_minutes = ma.fields.String(required=True, allow_none=True)
    notes = ma.fields.List(ma.fields.Nested(WrittenSchema), required=True)
    documents = ma.fields.List(ma.fields.String(), required=True)
    operators_invited_by = ma.fields.String(required=True, allow_none=True)
    operators_invited_until = Moment(required=True, allow_none=True)
    brief = ma.fields.Nested(BriefSchema, required=True, allow_none=True)


def show_workspace(engagement: Engagement, *, met_before: str | None = None) -> dict[str, Any]:
    """The workspace as the present viewer may see it; minutes of meetings before `met_before`."""
    viewer = get_current_actor()
    view = queries.get_workspace_view(
        db.session, engagement, viewer, at=now(), met_before=met_before
    )
    closed = (
        queries.list_closed_items(db.session, engagement, viewer, at=now()).items
        if view.reads
        else ()
    )
    return {
        "engagement": view.public_id,
        "reads": view.reads,
        "writes": view.writes,
        "messages": view.count_messages,
        "last_message_at": view.last_message_at,
        "agenda": [show_written(each) for each in view.agenda],
        "action_items": [show_item(each) for each in (*view.open_items, *closed)],
        "minutes": [_show_meeting(each) for each in view.meetings],
        "older_minutes": view.older_meetings,
        "notes": [show_written(each) for each in view.notes],
        "documents": [each.public_id for each in view.files],
        "operators_invited_by": view.guest_side.value if view.guest_side else None,
        "operators_invited_until": view.guest_until,
        "brief": {
            "goal": view.brief.goal,
            "next_at": view.next_at,
            "since": view.brief.since,
            "changes": [
                {"column": each.column, "before": each.before, "after": each.after}
                for each in view.brief.changes
            ],
        }
        if view.brief
        else None,
    }


def show_written(view: TextView) -> dict[str, Any]:
    """One text in JSON."""
    return {
        "id": view.public_id,
        "side": view.side.value,
        "author": view.who,
        "text": view.text,
        "at": view.at,
    }


def show_item(view: ItemView) -> dict[str, Any]:
    """An action in JSON."""
    return {
        "id": view.public_id,
        "state": view.state,
        "text": view.text,
        "owner_side": view.owner_side.value,
        "due_on": view.due_on,
        "added_at": view.added_at,
        "closed_at": view.closed_at,
        "actions": list(view.actions),
    }


def _show_meeting(view: MeetingView) -> dict[str, Any]:
    return {
        "session": view.public_id,
        "time": view.public_id,
        "starts_at": view.starts_at,
        "minutes": view.minutes,
        "version": view.version,
        "written_by": view.written_by,
        "written_at": view.written_at,
        "agenda": list(view.points),
    }
