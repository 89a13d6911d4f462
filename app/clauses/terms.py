"""The words that rules are made of: verdicts, comparators, units, and facts as they are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

# What is computed with. A Fraction never has the denominator 1 (see `make_number`).
Number = int | Fraction

# What a fact can be, as it is handed in.
Scalar = int | Decimal | Fraction | bool | date | str | frozenset[str]

# What a fact is once it is read: dates are their ordinal numbers.
Known = int | Fraction | bool | str | frozenset[str]


class Verdict(StrEnum):
    """What a rule says. Unknown is neither of the two: something that it asks for is not known."""

    PASS = "pass"  # noqa: S105  # nosec B105  # a verdict, no secret
    FAIL = "fail"
    UNKNOWN = "unknown"


class Comparator(StrEnum):
    """How a check compares. The last three are for facts that hold several codes."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    EQUALS = "equals"
    ONE_OF = "one_of"
    OVERLAPS = "overlaps"
    INCLUDES = "includes"
    EXCLUDES = "excludes"


class Aggregate(StrEnum):
    """What the values of a window come to. `growth` is the last year as a multiple of the first."""

    LAST = "last"
    SUM = "sum"
    MEAN = "mean"
    LEAST = "least"
    MOST = "most"
    GROWTH = "growth"


class Dimension(StrEnum):
    """What a number measures: only numbers of one dimension are compared."""

    MONEY = "money"
    COUNT = "count"
    SHARE = "share"
    AREA = "area"
    LEVEL = "level"
    TIME = "time"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: how many base units it is, and whether base units come in whole numbers."""

    dimension: Dimension
    factor: Number = 1
    is_whole: bool = True


# Base units: yuan, one, square metre, day. Elapsed months and years are counted by the calendar.
UNITS: Final[Mapping[str, Unit]] = MappingProxyType(
    {
        "yuan": Unit(Dimension.MONEY),
        "thousand_yuan": Unit(Dimension.MONEY, 1_000),
        "ten_thousand_yuan": Unit(Dimension.MONEY, 10_000),
        "hundred_million_yuan": Unit(Dimension.MONEY, 100_000_000),
        "count": Unit(Dimension.COUNT),
        "ratio": Unit(Dimension.SHARE, 1, is_whole=False),
        "percent": Unit(Dimension.SHARE, Fraction(1, 100), is_whole=False),
        "basis_point": Unit(Dimension.SHARE, Fraction(1, 10_000), is_whole=False),
        "square_metre": Unit(Dimension.AREA, 1, is_whole=False),
        "level": Unit(Dimension.LEVEL),
        "date": Unit(Dimension.DATE),
        "day": Unit(Dimension.TIME),
        "month": Unit(Dimension.TIME),
        "year": Unit(Dimension.TIME, 12),
    }
)

# The units in which time that has passed since a date is counted.
ELAPSED_UNITS: Final = frozenset({"day", "month", "year"})


@dataclass(frozen=True, slots=True)
class Stated:
    """One value that a fact is stated to have, over a period, on a day (both ends) or always.

    `begins_on` and `ends_on` belong to the period. Both None: it holds until another one is said.
    """

    value: Scalar
    begins_on: date | None = None
    ends_on: date | None = None

    @property
    def year(self) -> int | None:
        """The calendar year that the period is, exactly; None for any other."""
        first, last = self.begins_on, self.ends_on
        if first is None or last is None or first.year != last.year:
            return None
        is_whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
        return first.year if is_whole else None


# What is known of one subject, by the names of facts. What is not in it is not known.
Facts = Mapping[str, Sequence[Stated]]


def make_number(value: int | Decimal | Fraction) -> Number:
    """`value` as it is computed with: a whole number, or else a fraction. Nothing is rounded."""
    if isinstance(value, int):
        return int(value)
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else exact
