"""What the list of exported tables is made of: parts of the archive, whose rows, which columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy import ColumnElement

from models.orm import Base


class Part(Enum):
    """A file of the archive, and a heading of its page."""

    ACCOUNT = "account"
    TOLD = "told"
    RECORD = "record"
    PROFILES = "profiles"
    NEEDS = "needs"
    ENGAGEMENTS = "engagements"
    FACTS = "facts"
    DOCUMENTS = "documents"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Mine:
    """Whoever asks, and for what they act."""

    person_id: int
    email: str
    startup_ids: tuple[int, ...]
    provider_ids: tuple[int, ...]


Condition = Callable[[Mine], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Exported:
    """The rows of one table that `is_mine` finds, without the columns `withheld`.

    A column in `shown_where` is given in those of the rows for which its condition holds.
    """

    part: Part
    model: type[Base]
    is_mine: Condition
    withheld: frozenset[str] = frozenset()
    shown_where: Mapping[str, Condition] = field(default_factory=dict)
