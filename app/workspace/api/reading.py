"""Reading a workspace: what is kept, messages, the story."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.extensions import db
from app.web.api import operation, show_list
from app.web.api_fields import Moment, PageSchema
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.workspace import queries
from app.workspace.api.room import WorkspaceSchema, WrittenSchema, blueprint, show_workspace
from app.workspace.queries.story import StoryEntry
from models.engagements import Engagement
from models.workspace import WorkspaceMessage


class StoryEntrySchema(ma.Schema):
    """One step of the story. 一步经过。"""

    kind = ma.fields.String(required=True)
    at = Moment(required=True)
    side = ma.fields.String(required=True, allow_none=True)
    count = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)


class StorySchema(ma.Schema):
    """Everything that happened in an engagement, in its order. 对接全过程。"""

    entries = ma.fields.List(ma.fields.Nested(StoryEntrySchema), required=True)


@blueprint.get("/engagements/<public_id>/workspace")
@operation("workspaces:read", "workspace:view", subject=queries.find_workspace)
@blueprint.response(200, WorkspaceSchema)
def read_workspace(engagement: Engagement) -> dict[str, Any]:
    """Agenda, actions, minutes, notes, documents, and what to read before the next meeting."""
    return show_workspace(engagement)


@blueprint.get("/engagements/<public_id>/story")
@operation("workspaces:read", "workspace:view", subject=queries.find_workspace)
@blueprint.response(200, StorySchema)
def read_story(engagement: Engagement) -> dict[str, Any]:
    """What happened, from the request on; of what was written, what the person may read."""
    entries = queries.list_story(db.session, engagement, get_current_actor())
    return {"entries": [_show_entry(each) for each in entries]}


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
        "count": entry.count,
        "text": entry.text,
    }
