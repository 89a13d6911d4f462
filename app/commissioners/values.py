"""What is said of commissioners and cases, as typed values. Money in whole yuan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from app.clock import today
from app.words.answer_times import get_last_day
from app.words.limits import MONEY_LIMIT_YUAN
from models.commissioner_codes import CommissionerKind
from models.commissioners import MOST_COMPANIES, Commissioner, CompanyCare
from models.product_codes import ProductKind
from models.products import FinanceProduct

LAST_DAY: Final = date(2099, 12, 31)

# Guangzhou documents one bank and one equity commissioner for each incubator (1+1). Whoever says
# nothing has these; every incubator may say otherwise. None: no limit.
DEFAULT_QUOTAS: Final[Mapping[CommissionerKind, int | None]] = MappingProxyType(
    {
        CommissionerKind.BANK: 1,
        CommissionerKind.EQUITY: 1,
        CommissionerKind.GUARANTEE: None,
        CommissionerKind.INSURANCE: None,
        CommissionerKind.ADVICE: None,
    }
)

# How often the same may be begun anew within a day: an appointment of one person, the care of one
# company, cases of a company, notes of a case.
APPOINTMENTS_A_DAY: Final = 5
CARES_A_DAY: Final = 5
CASES_A_DAY: Final = 20
NOTES_A_DAY: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionerValues:
    """What an offer or an application says; see `models.commissioners.Commissioner`."""

    kind: CommissionerKind
    institution: str
    words: str = ""
    last_day: date | None = None
    most_companies: int | None = None

    def is_possible(self, on: date) -> bool:
        """Whether it can be offered on the day `on`."""
        return (
            bool(self.institution.strip())
            and (self.last_day is None or on <= self.last_day <= LAST_DAY)
            and is_possible_limit(self.most_companies)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseValues:
    """What a company needs; `product` is one of its incubator's catalogue."""

    kind: ProductKind
    amount_yuan: int | None = None
    product: FinanceProduct | None = None
    words: str = ""


def find_answer_day(row: Commissioner | CompanyCare) -> date | None:
    """Until when whoever is asked can answer; None where nobody is."""
    if isinstance(row, CompanyCare):
        asked_at = {"assigned": row.created_at, "asked": row.consented_at}.get(row.state)
        return None if asked_at is None else get_last_day(asked_at)
    if row.state not in ("offered", "applied"):
        return None
    # An offer that has found its account waits from then on.
    day = get_last_day(row.updated_at)
    return day if row.last_day is None else min(day, row.last_day)


def is_too_late(row: Commissioner | CompanyCare, at: datetime) -> bool:
    """Whether nobody can agree to it any more at `at`; the clock says so a little later."""
    day = find_answer_day(row)
    return day is not None and day < today(at)


def is_possible_limit(most: int | None) -> bool:
    """Whether a commissioner can take at most so many companies."""
    return most is None or 1 <= most <= MOST_COMPANIES


def is_possible_amount(yuan: int | None) -> bool:
    """Whether it is an amount, or none is said."""
    return yuan is None or 0 < yuan <= MONEY_LIMIT_YUAN
