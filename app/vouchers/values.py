"""What schemes and invoices say, as typed values, and how shares are counted.

Money in whole yuan, shares in basis points. A share is rounded down to the yuan: a scheme never
pays more than its share.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.vouchers.rules import FIRST_DAY, LAST_DAY, RulesValues, read_rules, write_rules
from app.words.limits import MONEY_LIMIT_YUAN
from models.funds import WHOLE_BP
from models.voucher_codes import CapBasis, CapFor, VoucherCover, YearBasis
from models.vouchers import INVOICE_LIMIT, VoucherScheme

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
class SchemeValues(RulesValues):
    """What one version of a scheme says; see `models.vouchers.VoucherScheme`."""

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

    def is_possible(self, on: date) -> bool:
        """Whether it can be kept on the day `on`: a draft may say less, and nothing impossible."""
        days = [
            day
            for day in (self.opens_on, self.apply_until, self.use_until, self.claim_until)
            if day is not None
        ]
        return (
            self.are_rules_possible(on)
            and days == sorted(days)
            and all(FIRST_DAY <= day <= LAST_DAY for day in days)
            and (self.share_bp is None or 1 <= self.share_bp <= WHOLE_BP)
            and all(
                amount is None or 0 < amount <= MONEY_LIMIT_YUAN
                for amount in (self.cap_yuan, self.other_cap_yuan, self.budget_yuan)
            )
            and (self.other_cap_yuan is None) == (self.other_cap_for is None)
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


def read_scheme(scheme: VoucherScheme) -> SchemeValues:
    """What `scheme` says."""
    return read_rules(scheme, SchemeValues)


def write_scheme(scheme: VoucherScheme, values: SchemeValues) -> None:
    """From now on `scheme` says what `values` say."""
    write_rules(scheme, values)


def count_share(fee_yuan: int, share_bp: int) -> int:
    """The share of a fee, rounded down to the yuan."""
    return fee_yuan * share_bp // WHOLE_BP
