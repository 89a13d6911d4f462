"""What waits for a person: the shape that every room reports in and the dashboard shows.

Each room that lets somebody wait declares lists of what waits; the dashboard reads those of all
rooms together, by two questions, and puts them in one order. No Flask here, and no decision about
what waits.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask_babel import LazyString
from sqlalchemy import Select
from sqlalchemy.orm import QueryableAttribute, Session

from app.access import Actor
from app.telling.many_kinds import Asked, read_many_kinds

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
    """One list of what waits.

    `kinds` are those of the items that it can give. `select` is what may wait for a viewer at a
    time, in its order: things, and whole numbers beside them; None: nothing ever waits for somebody
    like that. `word` makes items of what was found, things alone or tuples, and asks the database
    nothing: all that it looks at beside them stands in `beside`, as relationships from the things
    on.
    """

    kinds: tuple[str, ...]
    select: Callable[[Actor, datetime], Select[*tuple[Any, ...]] | None]
    word: Callable[[Sequence[Any], Actor, datetime], Iterable[WaitingItem]]
    beside: tuple[QueryableAttribute[Any], ...] = ()

    def ask(self, viewer: Actor, at: datetime) -> Asked:
        """What is to be read for `viewer`."""
        return Asked(self.select(viewer, at), self.beside)


def list_waiting_now(
    session: Session, lists: Sequence[WaitingList], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    """What waits of all `lists`, in their order. Two questions, however many they are."""
    found = read_many_kinds(session, [each.ask(viewer, at) for each in lists])
    for each, rows in zip(lists, found, strict=True):
        yield from each.word(rows, viewer, at)
