"""What a grant lets somebody do, by its records alone."""

from collections.abc import Iterable
from datetime import date

from app.datarooms.marking import SHOWN_HERE
from models.datarooms import RoomGrant, RoomItem, RoomRight
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE

MOST_DAYS_AHEAD = 2 * 366


def is_open(grant: RoomGrant, engagement: Engagement, on: date) -> bool:
    """Whether the investor gets in on the day `on`, but for agreement and conflicts."""
    return (
        grant.state == "open"
        and (grant.until is None or on <= grant.until)
        and engagement.state in (*ENGAGEMENT_TAKES_PLACE, "completed")
    )


def find_right(rights: Iterable[RoomRight], item: RoomItem) -> RoomRight | None:
    """The right that goes furthest over `item`; None where there is none."""
    found = [
        right
        for right in rights
        if right.item_id == item.id or (right.folder != "" and right.folder == item.folder)
    ]
    return max(found, key=lambda right: right.may_download, default=None)


def can_be_read_here(document: Document) -> bool:
    """Whether its newest version is of a type that is shown with a mark."""
    return document.versions[-1].file_type in SHOWN_HERE
