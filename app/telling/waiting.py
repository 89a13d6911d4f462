"""What waits for a person: the shape that every room reports in and the dashboard shows.

Each room that lets somebody wait has `queries.list_waiting(session, viewer, at)`; the dashboard
puts their answers together. No Flask here, and no decision about what waits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask_babel import LazyString

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """One thing that somebody is expected to do, and the one action that does it.

    `kind` is a stable word for tests and styling ("engagement_request"). `title` says what it is
    about in words that are shown as they are: a startup's name, a need's title, or a lazy
    translation. `due_at` is when it will be too late, None when nothing runs out.
    `path_endpoint` with `path_values` is the address that `action` leads to; with `is_post` the
    action is a form of one button that sends there, else a link. `detail` may add one short
    sentence (who asks, for when).
    """

    kind: str
    title: LazyString | str
    due_at: datetime | None
    path_endpoint: str
    path_values: Mapping[str, str] = field(default_factory=dict)
    action: LazyString | str = ""
    is_post: bool = False
    detail: LazyString | str = ""


def sort_by_due_time(items: Iterable[WaitingItem]) -> list[WaitingItem]:
    """What runs out first comes first; what never runs out comes last, in the order given."""
    return sorted(items, key=lambda item: item.due_at or _NEVER)
