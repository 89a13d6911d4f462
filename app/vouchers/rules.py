"""For whom something is and who says so, as typed values: schemes and products have it alike."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from app.words.limits import MONEY_LIMIT_YUAN
from app.words.links import is_web_address
from models.public_rules import (
    ADDRESS_LIMIT,
    PLACES_LIMIT,
    RULES_NOTE_LIMIT,
    SOURCE_LIMIT,
    TITLE_LIMIT,
    PublicRules,
)
from models.vocabulary import Title
from models.voucher_codes import SourceGrade

STAFF_LIMIT: Final = 1_000_000
AGE_LIMIT: Final = 100
# No scheme is older than the first ones, and none is planned so far ahead.
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesValues:
    """See `models.public_rules.PublicRules`. Money in whole yuan."""

    title: str
    note: str = ""
    places: tuple[str, ...] = ()
    titles: tuple[Title, ...] = ()
    needs_company: bool = False
    needs_resident: bool = False
    staff_most: int | None = None
    revenue_most_yuan: int | None = None
    assets_most_yuan: int | None = None
    age_most_years: int | None = None
    source_title: str = ""
    source_url: str = ""
    grade: SourceGrade = SourceGrade.LEAD_ONLY
    checked_on: date | None = None

    @property
    def is_unverified(self) -> bool:
        """Whether nobody has compared it with an official text."""
        return self.grade is SourceGrade.LEAD_ONLY or self.checked_on is None

    def are_rules_possible(self, on: date) -> bool:
        """Whether conditions and source can be kept on the day `on`."""
        return (
            0 < len(self.title) <= TITLE_LIMIT
            and len(self.note) <= RULES_NOTE_LIMIT
            and len(self.places) <= PLACES_LIMIT
            and len(self.source_title) <= SOURCE_LIMIT
            and len(self.source_url) <= ADDRESS_LIMIT
            and (not self.source_url or is_web_address(self.source_url))
            and (self.checked_on is None or FIRST_DAY <= self.checked_on <= on)
            and all(
                amount is None or 0 <= amount <= MONEY_LIMIT_YUAN
                for amount in (self.revenue_most_yuan, self.assets_most_yuan)
            )
            and (self.staff_most is None or 0 <= self.staff_most <= STAFF_LIMIT)
            and (self.age_most_years is None or 1 <= self.age_most_years <= AGE_LIMIT)
        )


Said = TypeVar("Said", bound=RulesValues)


def read_rules(record: PublicRules, kind: type[Said]) -> Said:
    """What `record` says, as values of `kind`, whose parts it has as columns."""
    said: dict[str, Any] = {}
    for name in kind.__dataclass_fields__:
        value = getattr(record, name)
        said[name] = tuple(value) if isinstance(value, list) else value
    return kind(**said)


def write_rules(record: PublicRules, values: RulesValues) -> None:
    """From now on `record` says what `values` say."""
    for name in values.__dataclass_fields__:
        value = getattr(values, name)
        setattr(record, name, list(value) if isinstance(value, tuple) else value)
