"""Reads of this room, each as its viewer may see it: one engagement, lists, whose turn it is."""

from app.engagements.queries.finding import (
    find_engagement,
    find_latest_match,
    find_session,
    has_given_feedback,
)
from app.engagements.queries.lists import (
    count_by_state,
    get_heading,
    list_engagements,
)
from app.engagements.queries.next_best import list_next_best
from app.engagements.queries.outlook import Outlook, get_outlook
from app.engagements.queries.shapes import EngagementView
from app.engagements.queries.turns import list_turns
from app.engagements.queries.views_of_one import get_engagement_view

__all__ = [
    "EngagementView",
    "Outlook",
    "count_by_state",
    "find_engagement",
    "find_latest_match",
    "find_session",
    "get_engagement_view",
    "get_heading",
    "get_outlook",
    "has_given_feedback",
    "list_engagements",
    "list_next_best",
    "list_turns",
]
