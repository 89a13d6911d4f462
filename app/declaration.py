"""What a room declares of itself: everything that others show, send, run or remember for it.

A room's `declaration.py` holds one frozen `Room`, and `app/rooms.py` lists them in their order.
`create_app` hands that tuple down to whoever reads it: pages, menu, dashboard, mailer, worker.
Nothing registers itself, and importing a room changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeVar

import flask_smorest
from flask import Blueprint, Flask
from flask_babel import LazyString
from sqlalchemy.orm import Session

from app.access import Actor
from app.leaving import Erasing
from app.telling.coming import CalendarPart
from app.telling.waiting import WaitingList
from app.words.labels import Word
from app.words.wording import NoticeWording


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page in the menu of those whom `is_for` names, at `place` from the left.

    `covers` are the endpoints, or whole blueprints, whose pages belong under it; an endpoint
    goes before the blueprint it is of.
    """

    place: int
    endpoint: str
    label: LazyString
    is_for: Callable[[Actor], bool]
    covers: tuple[str, ...] = ()


# Of jobs that ask the database alone, and little of it at a time.
HOUSE_LANE: Final = "house"


@dataclass(frozen=True, slots=True)
class Job:
    """Work that happens without anybody asking, at least `every` so often.

    `run` enters the application's context itself, commits in short transactions, may run in
    several processes at once and be killed at any moment; it returns how much it did. A job that
    `goes_on` is called again at once for as long as it does something. Jobs of one `lane` wait for
    each other: those that ask other machines, or take long, have one of their own.
    """

    name: str
    every: timedelta
    run: Callable[[Flask, datetime], int]
    goes_on: bool = False
    lane: str = HOUSE_LANE


class Forget(Protocol):
    """Takes away what is over; returns how many rows that were."""

    def __call__(self, session: Session, /, *, at: datetime) -> int:
        """Take away what is over at `at`."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of data: what it is, why it is kept, and how long, as people read it.

    `since` says from when `period` counts, or, without one, until when the data is kept.
    `forget` takes away what is over at a time, within the transaction of its session, and returns
    how many rows that were. What has a period and no `forget` is taken away by the job `job`.
    """

    what: LazyString
    why: LazyString
    since: LazyString
    period: timedelta | None = None
    forget: Forget | None = None
    job: str = ""


_Name = TypeVar("_Name")
_Words = TypeVar("_Words")


@dataclass(frozen=True, slots=True)
class Room:
    """One feature.

    `blueprints` are its pages, `api` what programs use. `states` words each lifecycle by its
    name, `codes` each vocabulary that this room alone has, `notices` each kind of notice.
    `waiting` are the lists of what waits for a viewer, which dashboards ask together; `calendar` is
    what stands in calendars. `erasing` is its part when a person is erased, `kept` says how long it
    keeps what.
    """

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    api: tuple[flask_smorest.Blueprint, ...] = ()
    states: Mapping[str, Mapping[str, Word]] = field(default_factory=dict)
    codes: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = field(default_factory=dict)
    notices: Mapping[str, NoticeWording] = field(default_factory=dict)
    waiting: tuple[WaitingList, ...] = ()
    calendar: tuple[CalendarPart, ...] = ()
    jobs: tuple[Job, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    erasing: Erasing | None = None
    kept: tuple[Kept, ...] = ()


class DeclaredTwice(Exception):
    """Two rooms declare the same thing; the message names it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all rooms together."""

    states: Mapping[str, Mapping[str, Word]]
    codes: Mapping[type[StrEnum], Mapping[StrEnum, Word]]
    notices: Mapping[str, NoticeWording]


def gather_words(rooms: Iterable[Room]) -> Words:
    """The words of `rooms`. Raises DeclaredTwice for what two of them word."""
    rooms = tuple(rooms)
    return Words(
        states=_join(room.states for room in rooms),
        codes=_join(room.codes for room in rooms),
        notices=_join(room.notices for room in rooms),
    )


def _join(parts: Iterable[Mapping[_Name, _Words]]) -> Mapping[_Name, _Words]:
    joined: dict[_Name, _Words] = {}
    for part in parts:
        if twice := joined.keys() & part.keys():
            raise DeclaredTwice(", ".join(sorted(str(name) for name in twice)))
        joined |= part
    return joined
