"""What goes when a person leaves for good, and what each room does about it.

A room that stores something of people has an `erasing.py` with one `Erasing`, which its declaration
names. `app/privacy/actions.py` finds out who leaves and calls the rooms' functions in order; the
tuple is handed down to it. What is kept and why is said in docs/privacy.md, and by each column
(`models/erasure.py`).
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, false, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.access import Actor
from models.organisations import Startup
from models.people import Person
from models.providers import Provider

# Stands where a name stood. It is data and shown to readers of either language, so it is in both.
ERASED = "已注销 (account closed)"

# The reason of what ends because somebody left: data, so it is in both languages.
LEFT = "账号已注销。The account was closed."


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who leaves, with what goes with them; all of it is locked.

    `person` is None for whoever was imported or invited and never had an account; `actor` is then
    None too, and else acts as the person could before. `names` are those by which they were known.
    """

    email: str
    person: Person | None
    providers: tuple[Provider, ...]
    startups: tuple[Startup, ...]
    names: tuple[str, ...]
    actor: Actor | None
    at: datetime

    @property
    def profiles(self) -> list[Provider | Startup]:
        """The profiles that go."""
        return [*self.providers, *self.startups]

    def is_person(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Whether `column` refers to the person's account; of whoever has none, it never does.

        Compared with None it would be what refers to nobody, which is a great deal.
        """
        return false() if self.person is None else column == self.person.id

    @property
    def provider_ids(self) -> list[int]:
        """The numbers of the providers that go."""
        return [provider.id for provider in self.providers]

    @property
    def startup_ids(self) -> list[int]:
        """The numbers of the startups that go."""
        return [startup.id for startup in self.startups]


@dataclass(frozen=True, slots=True)
class Traces:
    """What a room has of somebody who leaves, and what leads to it.

    `counts` say how much goes, by a name in the plural. Acts about `public_ids` lose what was said
    in the record; notices and mails that lead to `paths` go. `file_keys` name files in the store
    of documents, which are removed after the commit.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    public_ids: Sequence[str] = ()
    paths: Sequence[str] = ()
    file_keys: Sequence[str] = ()


def close_nothing(session: Session, leaving: Leaving) -> None:
    """Of a room in which nothing is open."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """A room's part in an erasure, in the caller's transaction: three functions, called in turn.

    `find` says what there is and changes nothing. When every room has been asked and whatever leads
    to it is gone, `erase` empties and deletes, and gives what the person wrote: the copies of it in
    what others were told are found by that. Rooms erase in the reverse order of `app/rooms.py`,
    those that refer to others first. When nothing names the person any more, `close` ends what is
    still open and tells the other side. The account goes last, and by itself.
    """

    find: Callable[[Session, Leaving], Traces]
    erase: Callable[[Session, Leaving], Sequence[str]]
    close: Callable[[Session, Leaving], None] = close_nothing


def mentions_one_of(
    column: InstrumentedAttribute[Any],
    words: Collection[str],
) -> ColumnElement[bool]:
    """Whether the stored JSON has one of `words` in it, as it is or escaped (RFC 8259, 7)."""
    stored = cast(column, Text)
    forms = {form for word in words for form in (word, json.dumps(word)[1:-1])}
    return or_(false(), *(stored.contains(form, autoescape=True) for form in sorted(forms)))
