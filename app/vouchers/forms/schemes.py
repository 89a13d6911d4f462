"""A version of a scheme as it is typed."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.vouchers.forms.rules import RulesForm
from app.vouchers.values import SchemeValues
from app.web.day_fields import DayField
from app.web.form_fields import CodeField, CodesField
from app.web.number_fields import MoneyField, PercentField
from models.voucher_codes import CapBasis, CapFor, VoucherCover, YearBasis

_DAYS = ("opens_on", "apply_until", "use_until", "claim_until")


class SchemeForm(RulesForm):
    """A draft: it may leave open what is not known yet."""

    covers = CodesField(_l("What it covers"), VoucherCover)
    share_bp = PercentField(
        _l("Share of the fee, in percent"), description=_l("Rounded down to the yuan.")
    )
    cap_yuan = MoneyField(_l("Cap, in 10,000 CNY"))
    cap_basis = CodeField(_l("The cap counts over"), CapBasis)
    year_basis = CodeField(
        _l("The year is that of"),
        YearBasis,
        description=_l("Where the year ends between order and invoice, this day decides."),
    )
    other_cap_yuan = MoneyField(_l("Another cap, in 10,000 CNY"))
    other_cap_for = CodeField(_l("It is for"), CapFor, blank=_l("Nobody"))
    budget_yuan = MoneyField(
        _l("Budget of this version, in 10,000 CNY"),
        description=_l("Nothing: no limit is known."),
    )
    opens_on = DayField(_l("Opens on"))
    apply_until = DayField(_l("Last day for reserving"))
    use_until = DayField(
        _l("Last day for using"), description=_l("The invoice is of this day at the latest.")
    )
    claim_until = DayField(
        _l("Last day for claiming"),
        description=_l("A last day on which no office is open ends with the next working day."),
    )

    def get_values(self) -> SchemeValues:
        """What was typed, once it is valid."""
        said = self.read_typed(SchemeValues.__dataclass_fields__)
        wanted = set(said["covers"] or ())
        said["covers"] = tuple(code for code in VoucherCover if code in wanted)
        return SchemeValues(**said)

    def check(self, on: date) -> bool:
        """Whether it can be kept on the day `on`; says what cannot beside its field."""
        self.check_days(_DAYS, on)
        self.check_amounts(("cap_yuan", "other_cap_yuan", "budget_yuan"))
        if (self.other_cap_yuan.data is None) != (self.other_cap_for.data is None):
            self.other_cap_for.errors = [_("Another cap needs its amount and for whom it is.")]
        return not self.errors and self.get_values().is_possible(on)
