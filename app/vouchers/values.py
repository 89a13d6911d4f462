"""What schemes and invoices say, as typed values, and how shares are counted.

Money in whole yuan, shares in basis points. A share is rounded down to the yuan: a scheme never
pays more than its share.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.words.limits import MONEY_LIMIT_YUAN
from app.words.links import is_web_address
from models.funds import WHOLE_BP
from models.vocabulary import Title
from models.voucher_codes import CapBasis, CapFor, SourceGrade, VoucherCover, YearBasis
from models.vouchers import (
    ADDRESS_LIMIT,
    INVOICE_LIMIT,
    PLACES_LIMIT,
    SCHEME_NOTE_LIMIT,
    SOURCE_LIMIT,
    TITLE_LIMIT,
    VoucherScheme,
)

STAFF_LIMIT: Final = 1_000_000
AGE_LIMIT: Final = 100
# No scheme is older than the first ones, and none is planned so far ahead.
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2099, 12, 31)

# What a published version has to say, in the order of the form.
NEEDED: Final = (
    "title",
    "covers",
    "share_bp",
    "cap_yuan",
    "opens_on",
    "apply_until",
    "use_until",
    "claim_until",
    "source_title",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeValues:
    """What one version of a scheme says; see `models.vouchers.VoucherScheme`."""

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
    covers: tuple[VoucherCover, ...] = ()
    share_bp: int | None = None
    cap_yuan: int | None = None
    cap_basis: CapBasis = CapBasis.YEAR
    year_basis: YearBasis = YearBasis.CONTRACT
    other_cap_yuan: int | None = None
    other_cap_for: CapFor | None = None
    budget_yuan: int | None = None
    opens_on: date | None = None
    apply_until: date | None = None
    use_until: date | None = None
    claim_until: date | None = None
    source_title: str = ""
    source_url: str = ""
    grade: SourceGrade = SourceGrade.LEAD_ONLY
    checked_on: date | None = None

    def is_possible(self, on: date) -> bool:
        """Whether it can be kept on the day `on`: a draft may say less, and nothing impossible."""
        days = [
            day
            for day in (self.opens_on, self.apply_until, self.use_until, self.claim_until)
            if day is not None
        ]
        return (
            0 < len(self.title) <= TITLE_LIMIT
            and len(self.note) <= SCHEME_NOTE_LIMIT
            and len(self.places) <= PLACES_LIMIT
            and len(self.source_title) <= SOURCE_LIMIT
            and len(self.source_url) <= ADDRESS_LIMIT
            and (not self.source_url or is_web_address(self.source_url))
            and days == sorted(days)
            and all(_FIRST_DAY <= day <= _LAST_DAY for day in days)
            and (self.checked_on is None or _FIRST_DAY <= self.checked_on <= on)
            and (self.share_bp is None or 1 <= self.share_bp <= WHOLE_BP)
            and all(
                amount is None or 0 < amount <= MONEY_LIMIT_YUAN
                for amount in (self.cap_yuan, self.other_cap_yuan, self.budget_yuan)
            )
            and all(
                amount is None or 0 <= amount <= MONEY_LIMIT_YUAN
                for amount in (self.revenue_most_yuan, self.assets_most_yuan)
            )
            and (self.other_cap_yuan is None) == (self.other_cap_for is None)
            and (self.staff_most is None or 0 <= self.staff_most <= STAFF_LIMIT)
            and (self.age_most_years is None or 1 <= self.age_most_years <= AGE_LIMIT)
        )

    def list_missing(self) -> list[str]:
        """What it would have to say before it is published, by the names of its parts."""
        return [name for name in NEEDED if not getattr(self, name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseValues:
    """The invoice for an order: the amount with tax that was paid for it."""

    invoice: str
    invoiced_on: date
    paid_fee_yuan: int

    def is_possible(self, ordered_on: date, until: date) -> bool:
        """Whether the invoice is of a day from the order up to `until`."""
        return (
            0 < len(self.invoice) <= INVOICE_LIMIT
            and ordered_on <= self.invoiced_on <= until
            and 0 < self.paid_fee_yuan <= MONEY_LIMIT_YUAN
        )


_COPIED: Final = tuple(SchemeValues.__dataclass_fields__)
_LISTS: Final = ("places", "titles", "covers")


def read_scheme(scheme: VoucherScheme) -> SchemeValues:
    """What `scheme` says."""
    said: dict[str, Any] = {name: getattr(scheme, name) for name in _COPIED}
    for name in _LISTS:
        said[name] = tuple(said[name])
    return SchemeValues(**said)


def write_scheme(scheme: VoucherScheme, values: SchemeValues) -> None:
    """From now on `scheme` says what `values` say."""
    for name in _COPIED:
        value = getattr(values, name)
        setattr(scheme, name, list(value) if name in _LISTS else value)


def count_share(fee_yuan: int, share_bp: int) -> int:
    """The share of a fee, rounded down to the yuan."""
    return fee_yuan * share_bp // WHOLE_BP
