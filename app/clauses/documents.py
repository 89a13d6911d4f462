"""A rule as a tree: all of, any of, a score with a pass mark, and checks as its leaves.

A tree only ever asks for more: no node turns a passing part into a reason to fail. So whatever
makes one more check pass never makes the whole fail.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from app.clauses.calendar import find_first_begin, find_last_begin
from app.clauses.quantities import Missing, Quantity, is_number
from app.clauses.terms import Comparator, Known, Number, Verdict

Words = Mapping[str, str]
NO_WORDS: Words = MappingProxyType({})


def say_nothing() -> Words:
    """Words in no language."""
    return NO_WORDS


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from `low` to `high`; None is without end. A closed end belongs to it."""

    low: Number | None = None
    high: Number | None = None
    is_low_closed: bool = True
    is_high_closed: bool = True

    def holds(self, value: Known) -> bool:
        """Whether `value` lies in it. Raises TypeError for what is no number."""
        if not is_number(value):
            raise TypeError(value)
        if self.low is not None and (
            value < self.low or (value == self.low and not self.is_low_closed)
        ):
            return False
        return self.high is None or not (
            value > self.high or (value == self.high and not self.is_high_closed)
        )


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How much time has passed since a date, in days or months: an interval of it."""

    interval: Interval
    in_months: bool

    def resolve(self, on: date) -> Interval:
        """The dates, as ordinals, since which so much time has passed on the day `on`.

        The more time, the earlier the date: the ends change places.
        """
        span = self.interval
        latest = None if span.low is None else self._begin(on, span.low, span.is_low_closed)
        earliest = None
        if span.high is not None:
            # At most so much has passed: not more by a day, or less than so much by a day.
            earliest = self._begin(on, span.high, span.is_high_closed, is_end=True)
        return Interval(low=earliest, high=latest)

    def _begin(self, on: date, amount: Number, is_closed: bool, is_end: bool = False) -> int:
        count = int(amount)
        if not self.in_months:
            begun = on.toordinal() - count
            shift = 0 if is_closed else (1 if is_end else -1)
            return begun + shift
        if is_end:
            # Closed: add_months(begun) >= on; open: add_months(begun) > on.
            if is_closed:
                return find_first_begin(on, count).toordinal()
            return find_last_begin(on, count).toordinal() + 1
        if is_closed:
            return find_last_begin(on, count).toordinal()
        return find_first_begin(on, count).toordinal() - 1


@dataclass(frozen=True, slots=True)
class Codes:
    """Which codes, words or truth values are wanted, and how."""

    comparator: Comparator
    codes: frozenset[Known]

    def holds(self, value: Known) -> bool:
        """Whether `value` is what is wanted. Raises TypeError for a value of another kind."""
        if self.comparator is Comparator.ONE_OF:
            if isinstance(value, frozenset):
                raise TypeError(value)
            return value in self.codes
        if not isinstance(value, frozenset):
            raise TypeError(value)
        match self.comparator:
            case Comparator.OVERLAPS:
                return not value.isdisjoint(self.codes)
            case Comparator.INCLUDES:
                return self.codes <= value
            case _:
                return value.isdisjoint(self.codes)


Condition = Interval | Elapsed | Codes


@dataclass(frozen=True, slots=True)
class Check:
    """A leaf: one quantity and the condition that it must meet.

    `unit` is the one in which the bound was written; the condition is in base units.
    """

    path: str
    quantity: Quantity
    condition: Condition
    comparator: Comparator
    unit: str | None = None
    words: Words = field(default_factory=say_nothing)

    def resolve(self, on: date) -> Interval | Codes:
        """The condition as it stands on the day `on`."""
        return self.condition.resolve(on) if isinstance(self.condition, Elapsed) else self.condition

    def judge(self, value: Known | Missing, on: date) -> Verdict:
        """What the check says of `value`."""
        return judge(self.resolve(on), value)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Passes when every part passes, fails when one fails."""

    path: str
    parts: tuple["Node", ...]
    words: Words = field(default_factory=say_nothing)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Passes when one part passes, fails when every one fails."""

    path: str
    parts: tuple["Node", ...]
    words: Words = field(default_factory=say_nothing)


@dataclass(frozen=True, slots=True)
class Band:
    """So many points for what passes `node`."""

    points: Number
    node: "Node"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score: the most points of its passing bands, or the sum of its own parts.

    `least` is how many points it must bring whatever the others bring; None for no such condition.
    """

    path: str
    bands: tuple[Band, ...] = ()
    parts: tuple["Part", ...] = ()
    least: Number | None = None
    words: Words = field(default_factory=say_nothing)


@dataclass(frozen=True, slots=True)
class Score:
    """Passes when the points of its parts reach the mark (open: exceed it), each its own least."""

    path: str
    parts: tuple[Part, ...]
    mark: Number
    is_closed: bool = True
    words: Words = field(default_factory=say_nothing)

    def reaches(self, points: Number) -> bool:
        """Whether so many points are enough."""
        return points > self.mark or (points == self.mark and self.is_closed)


Node = AllOf | AnyOf | Score | Check


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a rule. A changed rule is another version: results name what they came from.

    `efforts` says for facts how hard they are to change, 1 being usual; None never changes (a day
    of founding). `fingerprint` is the SHA-256 of the data that the document was made of.
    """

    code: str
    version: int
    root: Node
    fingerprint: str
    title: Words = field(default_factory=say_nothing)
    efforts: Mapping[str, int | None] = field(default_factory=lambda: MappingProxyType({}))

    def list_checks(self) -> tuple[Check, ...]:
        """The leaves, in the order in which they stand."""
        return tuple(walk(self.root))


def walk(node: "Node | Part") -> Iterator[Check]:
    """The checks at and below `node`, in the order in which they stand."""
    match node:
        case Check():
            yield node
        case AllOf() | AnyOf():
            for child in node.parts:
                yield from walk(child)
        case Score():
            for part in node.parts:
                yield from walk(part)
        case Part():
            for band in node.bands:
                yield from walk(band.node)
            for inner in node.parts:
                yield from walk(inner)


def judge(condition: Interval | Codes, value: Known | Missing) -> Verdict:
    """Whether `value` meets `condition`; unknown where it is missing or of another kind."""
    if isinstance(value, Missing):
        return Verdict.UNKNOWN
    try:
        return Verdict.PASS if condition.holds(value) else Verdict.FAIL
    except TypeError:
        return Verdict.UNKNOWN
