"""What a product says, as typed values. Money in whole yuan, prices and shares in basis points."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.vouchers.rules import FIRST_DAY, LAST_DAY, RulesValues, read_rules
from app.words.limits import MONEY_LIMIT_YUAN
from models.funds import WHOLE_BP
from models.product_codes import ProductKind
from models.products import MONTHS_LIMIT, OFFERER_LIMIT, FinanceProduct

# What a published version has to say, in the order of the form.
NEEDED: Final = ("title", "kind", "offered_by", "valid_from", "valid_until", "source_title")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductValues(RulesValues):
    """What one version of a product says; see `models.products.FinanceProduct`."""

    kind: ProductKind | None = None
    offered_by: str = ""
    least_yuan: int | None = None
    most_yuan: int | None = None
    months_most: int | None = None
    yearly_bp_from: int | None = None
    yearly_bp_to: int | None = None
    fee_bp: int | None = None
    share_bp: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def is_possible(self, on: date) -> bool:
        """Whether it can be kept on the day `on`: a draft may say less, and nothing impossible."""
        prices = (self.yearly_bp_from, self.yearly_bp_to, self.fee_bp, self.share_bp)
        return (
            self.are_rules_possible(on)
            and len(self.offered_by) <= OFFERER_LIMIT
            and all(
                amount is None or 0 < amount <= MONEY_LIMIT_YUAN
                for amount in (self.least_yuan, self.most_yuan)
            )
            and _follow(self.least_yuan, self.most_yuan)
            and (self.months_most is None or 1 <= self.months_most <= MONTHS_LIMIT)
            and all(price is None or 1 <= price <= WHOLE_BP for price in prices)
            and _follow(self.yearly_bp_from, self.yearly_bp_to)
            and all(
                day is None or FIRST_DAY <= day <= LAST_DAY
                for day in (self.valid_from, self.valid_until)
            )
            and (
                self.valid_from is None
                or self.valid_until is None
                or self.valid_from <= self.valid_until
            )
        )

    def list_missing(self) -> list[str]:
        """What it would have to say before it is published, by the names of its parts."""
        return [name for name in NEEDED if not getattr(self, name)]


def read_product(product: FinanceProduct) -> ProductValues:
    """What `product` says."""
    return read_rules(product, ProductValues)


def _follow(least: int | None, most: int | None) -> bool:
    return least is None or most is None or least <= most
