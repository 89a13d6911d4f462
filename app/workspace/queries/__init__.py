"""Reads of this room, each as its viewer may see it."""

from app.workspace.queries.finding import find_item, find_note, find_point, find_workspace
from app.workspace.queries.items import list_closed_items, select_items, view_item
from app.workspace.queries.story import StoryEntry, list_story, read_edge
from app.workspace.queries.view import (
    WorkspaceView,
    find_minutes,
    get_workspace_view,
    list_messages,
    select_messages,
)

__all__ = [
    "StoryEntry",
    "WorkspaceView",
    "find_item",
    "find_minutes",
    "find_note",
    "find_point",
    "find_workspace",
    "get_workspace_view",
    "list_closed_items",
    "list_messages",
    "list_story",
    "read_edge",
    "select_items",
    "select_messages",
    "view_item",
]
