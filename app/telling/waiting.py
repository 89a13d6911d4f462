"""What waits for a person: the shape that every room reports in and the dashboard shows.

Each room that lets somebody wait has `queries.list_waiting(session, viewer, at)`, or lists of what
waits now and then; the dashboard puts their answers together. No Flask here, and no decision about
what waits.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask_babel import LazyString
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access import Actor

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


@dataclass(frozen=True, slots=True)
class WaitingList:
    """What waits now and then, and mostly does not.

    `select` is what there has to be in the database for something to wait for a viewer at a time;
    None: nothing ever waits for somebody like that. `list` words what `select` finds.
    """

    select: Callable[[Actor, datetime], Select[*tuple[Any, ...]] | None]
    list: Callable[[Session, Actor, datetime], Iterable[WaitingItem]]


def find_filled(
    session: Session, lists: Iterable[WaitingList], viewer: Actor, at: datetime
) -> frozenset[WaitingList]:
    """Which of `lists` have anything for `viewer`. One question, however many they are."""
    asked = [(each, there) for each in lists if (there := each.select(viewer, at)) is not None]
    if not asked:
        return frozenset()
    found: Sequence[Any] = session.execute(select(*(there.exists() for _, there in asked))).one()
    return frozenset(each for (each, _), is_there in zip(asked, found, strict=True) if is_there)


def list_waiting_now(
    session: Session, lists: Sequence[WaitingList], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    """What waits of all `lists`, in their order; those that are empty are asked nothing more."""
    filled = find_filled(session, lists, viewer, at)
    for each in lists:
        if each in filled:
            yield from each.list(session, viewer, at)
