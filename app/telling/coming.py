"""What stands in people's calendars: the shape in which rooms report it, for all who show it.

Each room in which people agree on times declares lists of them. The dashboard and the calendar show
those of all rooms together, by two questions, and the feeds of calendar programs hold them all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask_babel import LazyString
from sqlalchemy import Select
from sqlalchemy.orm import QueryableAttribute, Session

from app.access import Actor
from app.telling.entries import Entry
from app.telling.many_kinds import Asked, read_many_kinds
from models.vocabulary import Side

# How far back a feed goes, and how many times of one kind a calendar program takes.
FED_SINCE: Final = timedelta(days=183)
FED_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class ComingTime:
    """A time that is agreed on, or proposed, and not over, as one viewer may see it.

    `name` is what such a time is called, `title` what it is about. A side's name is None where it
    is not disclosed; `side` is the viewer's. `state` is one of the lifecycle `lifecycle`.
    `page` and `entry` are endpoints with their values: where it is dealt with, and where calendar
    programs get it. With `takes_people` somebody has to be there all the time. `confirm` is where
    the viewer confirms it by one button, None where nothing waits for the viewer, and `sequence`
    counts the changes of what is confirmed.
    """

    public_id: str
    name: LazyString
    title: LazyString | str
    startup_name: str | None
    provider_name: str
    side: Side | None
    lifecycle: str
    state: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    page: tuple[str, Mapping[str, str]]
    entry: tuple[str, Mapping[str, str]]
    takes_people: bool = True
    confirm: tuple[str, Mapping[str, str]] | None = None
    sequence: int = 0

    @property
    def waits(self) -> bool:
        """Whether it is the viewer who has to confirm it."""
        return self.confirm is not None


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """What of one room stands in calendars.

    `select` is what a viewer has before them at a time, in the order of its beginning; None: never
    anything for somebody like that. `view` makes a time of one of them and asks the database
    nothing: what it looks at stands in `beside`. `feed` is what the calendar programs of a person
    are given at a time, what is over of the last half year as well.
    """

    select: Callable[[Actor, datetime], Select[*tuple[Any, ...]] | None]
    view: Callable[[Any, Actor], ComingTime]
    feed: Callable[[Session, Actor, datetime], Sequence[Entry]]
    beside: tuple[QueryableAttribute[Any], ...] = ()

    def ask(self, viewer: Actor, at: datetime, *, limit: int | None = None) -> Asked:
        """What is to be read for `viewer`, the next `limit` at most."""
        query = self.select(viewer, at)
        return Asked(query if query is None else query.limit(limit), self.beside)


def join_coming(
    parts: Sequence[CalendarPart], found: Iterable[Sequence[Any]], viewer: Actor
) -> list[ComingTime]:
    """What was found of all `parts`, in one order: what begins first comes first."""
    times = [
        part.view(row, viewer) for part, rows in zip(parts, found, strict=True) for row in rows
    ]
    return sorted(times, key=lambda each: each.starts_at)


def list_coming(
    session: Session, parts: Sequence[CalendarPart], viewer: Actor, at: datetime
) -> list[ComingTime]:
    """All that is before `viewer` at `at`. Two questions, however many parts there are."""
    found = read_many_kinds(session, [each.ask(viewer, at) for each in parts])
    return join_coming(parts, found, viewer)


def find_beside(times: Sequence[ComingTime]) -> Mapping[str, Sequence[ComingTime]]:
    """Of `times`, in their order, what else is to be at the same time, by the public id of each.

    Between those of one's own sides alone at which people have to be: others see to the rest.
    """
    own = [each for each in times if each.side is not None and each.takes_people]
    beside: dict[str, list[ComingTime]] = {}
    for number, first in enumerate(own):
        for second in own[number + 1 :]:
            if second.starts_at >= first.ends_at:
                break
            beside.setdefault(first.public_id, []).append(second)
            beside.setdefault(second.public_id, []).append(first)
    return beside
