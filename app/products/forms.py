"""A version of a product as it is typed."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.products.values import ProductValues
from app.vouchers.forms.rules import RulesForm
from app.web.day_fields import DayField
from app.web.form_fields import CanonicalTextField, CodeField
from app.web.number_fields import MoneyField, PercentField, WholeNumberField
from models.product_codes import ProductKind
from models.products import MONTHS_LIMIT, OFFERER_LIMIT


class ProductForm(RulesForm):
    """A draft: it may leave open what is not known yet."""

    kind = CodeField(_l("Form of money"), ProductKind, blank=_l("Not known yet"))
    offered_by = CanonicalTextField(
        _l("Offered by"),
        limit=OFFERER_LIMIT,
        description=_l("The bank, insurer, guarantor, lessor, fund or authority."),
    )
    least_yuan = MoneyField(_l("Amount from, in 10,000 CNY"))
    most_yuan = MoneyField(_l("Amount up to, in 10,000 CNY"))
    months_most = WholeNumberField(_l("Months at most"), low=1, high=MONTHS_LIMIT)
    yearly_bp_from = PercentField(_l("Costs a year from, in percent"))
    yearly_bp_to = PercentField(_l("Costs a year up to, in percent"))
    fee_bp = PercentField(_l("Costs once, in percent"))
    share_bp = PercentField(
        _l("Part that they bear or take, in percent"),
        description=_l("Of a guarantee the part of the debt, of equity the most of the shares."),
    )
    valid_from = DayField(_l("Valid from"))
    valid_until = DayField(
        _l("Last day"), description=_l("You are told 30 days before, and founders see it.")
    )

    def get_values(self) -> ProductValues:
        """What was typed, once it is valid."""
        said = self.read_typed(ProductValues.__dataclass_fields__)
        said["offered_by"] = said["offered_by"] or ""
        return ProductValues(**said)

    def check(self, on: date) -> bool:
        """Whether it can be kept on the day `on`; says what cannot beside its field."""
        self.check_days(("valid_from", "valid_until"), on)
        self.check_amounts(("least_yuan", "most_yuan"))
        for least, most in (("least_yuan", "most_yuan"), ("yearly_bp_from", "yearly_bp_to")):
            low, high = self[least].data, self[most].data
            if low is not None and high is not None and low > high:
                self[most].errors = [_("This is less than the one above.")]
        return not self.errors and self.get_values().is_possible(on)
