"""Reading a workspace: what is kept, messages, the story."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.clock import now
from app.engagements.api.spans import SpanSchema, show_times
from app.extensions import db
from app.web.api import operation, show_list
from app.web.api_fields import ApiSchema, Id, Moment, PageSchema, State
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.workspace import queries
from app.workspace.api.room import (
    ActionItemSchema,
    WorkspaceSchema,
    WrittenSchema,
    blueprint,
    show_item,
    show_workspace,
)
from app.workspace.queries.story import StoryEntry
from models.engagements import Engagement
from models.lifecycle import ACTION_ITEM
from models.workspace import ActionItem, WorkspaceMessage


class StoryEntrySchema(ma.Schema):
    """One step of the story. 一步经过。

    `side` is whose doing it was; `who` did it in person, for `for_whom` where an operator acted for
    somebody. `times` are what it was about, several where several were offered; `former` is what
    the time was before it was moved.
    """

    kind = ma.fields.String(required=True)
    at = Moment(required=True)
    side = ma.fields.String(required=True, allow_none=True)
    who = ma.fields.String(required=True, allow_none=True)
    for_whom = ma.fields.String(required=True, allow_none=True)
    count = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    times = ma.fields.List(ma.fields.Nested(SpanSchema), required=True)
    former = ma.fields.Nested(SpanSchema, required=True, allow_none=True)


class StorySchema(ma.Schema):
    """A part of what happened in an engagement, in its order. 对接全过程。

    `earlier` is the `before` of the part before; null where the story begins.
    """

    entries = ma.fields.List(ma.fields.Nested(StoryEntrySchema), required=True)
    earlier = Moment(required=True, allow_none=True)


class StoryQuerySchema(ApiSchema):
    """Which part: the latest, or that before a moment. 哪一段。"""

    before = Moment(load_default=None)


class WorkspaceQuerySchema(ApiSchema):
    """Minutes of meetings before this one; the latest without it. 哪一段纪要。"""

    minutes_before = Id(load_default=None)


class ItemQuerySchema(PageSchema):
    """Which of them."""

    state = State(ACTION_ITEM.states, load_default=None)


@blueprint.get("/engagements/<public_id>/workspace")
@operation("workspaces:read", "workspace:view", subject=queries.find_workspace)
@blueprint.arguments(WorkspaceQuerySchema, location="query")
@blueprint.response(200, WorkspaceSchema)
def read_workspace(engagement: Engagement, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Agenda, open actions, minutes, notes, documents, and what to read before the next time."""
    return show_workspace(engagement, met_before=asked["minutes_before"])


@blueprint.get("/engagements/<public_id>/action-items")
@operation("workspaces:read", "workspace:read", subject=queries.find_workspace)
@blueprint.arguments(ItemQuerySchema, location="query")
@blueprint.response(200, show_list(ActionItemSchema))
def list_action_items(engagement: Engagement, asked: Mapping[str, Any]) -> Shown | Lines:
    """What the two sides agreed to do, also what was done or dropped, the newest first."""
    viewer = get_current_actor()
    return list_rows(
        queries.select_items(engagement, state=asked["state"]),
        asked,
        moment=ActionItem.added_at,
        key=ActionItem.id,
        show=lambda row: show_item(queries.view_item(row, viewer, at=now())),
    )


@blueprint.get("/engagements/<public_id>/story")
@operation("workspaces:read", "workspace:view", subject=queries.find_workspace)
@blueprint.arguments(StoryQuerySchema, location="query")
@blueprint.response(200, StorySchema)
def read_story(engagement: Engagement, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What happened, the latest part or that before; of what was written, what one may read."""
    page = queries.list_story(db.session, engagement, get_current_actor(), before=asked["before"])
    return {"entries": [_show_entry(each) for each in page.entries], "earlier": page.earlier}


@blueprint.get("/engagements/<public_id>/messages")
@operation("workspaces:read", "workspace:read", subject=queries.find_workspace)
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(WrittenSchema))
def list_messages(engagement: Engagement, asked: Mapping[str, Any]) -> Shown | Lines:
    """What the two sides wrote to each other, the newest first."""
    return list_rows(
        queries.select_messages(engagement),
        asked,
        moment=WorkspaceMessage.sent_at,
        key=WorkspaceMessage.id,
        show=show_message,
    )


def show_message(message: WorkspaceMessage) -> dict[str, Any]:
    """One message in JSON."""
    return {
        "id": message.public_id,
        "side": message.side.value,
        "author": message.author.name if message.author else None,
        "text": message.text,
        "at": message.sent_at,
    }


def _show_entry(entry: StoryEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "at": entry.at,
        "side": entry.side.value if entry.side else None,
        "who": entry.who or None,
        "for_whom": entry.for_whom or None,
        "count": entry.count,
        "text": entry.text,
        **show_times(entry.times, entry.former),
    }
