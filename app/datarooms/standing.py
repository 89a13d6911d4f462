"""What a grant lets somebody do, by its records alone."""

from collections.abc import Iterable
from datetime import date

from models.datarooms import RoomGrant, RoomItem, RoomRight
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.vocabulary import FileType

# What is shown as text, with who reads it and when on every part of it.
SHOWN_HERE = (FileType.TEXT, FileType.MARKDOWN, FileType.CSV)
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
    """Whether its newest version is shown as text, with a watermark."""
    return document.versions[-1].file_type in SHOWN_HERE


def mark_lines(text: str, mark: str, *, every: int = 40) -> list[tuple[str, str]]:
    """`text` in parts of `every` lines, each with `mark`: what is copied out says whose it was."""
    lines = text.splitlines() or [""]
    return [
        (mark, "\n".join(lines[start : start + every])) for start in range(0, len(lines), every)
    ]


def read_text(content: bytes, *, most: int = 200_000) -> str:
    """What stands in a text file, in UTF-8 or GB 18030; at most `most` characters."""
    try:
        return content.decode("utf-8-sig")[:most]
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")[:most]
