"""What is stated, as typed values: what forms, imports and demonstration data hand to actions."""

from dataclasses import dataclass
from datetime import date

from models.fact_types import FactSource, FactType
from models.facts import FactValue


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFact:
    """One value of one type, in base units, with its time and source.

    `begins_on` and `ends_on` are both the day for a fact about a day, the first and last of the
    year for one about a year, and None for one about no time. `unit` is the one in which the value
    was typed. `source_note` says where in the source it stands.
    """

    fact_type: FactType
    value: FactValue
    begins_on: date | None = None
    ends_on: date | None = None
    unit: str = ""
    source: FactSource = FactSource.OWN_STATEMENT
    source_note: str = ""


def make_year(year: int) -> tuple[date, date]:
    """The first and the last day of a calendar year."""
    return date(year, 1, 1), date(year, 12, 31)
