"""A version of a scheme as it is typed."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.funds.forms.mandates import PlacesField
from app.vouchers.values import AGE_LIMIT, STAFF_LIMIT, SchemeValues
from app.web.day_fields import DayField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    CodesField,
    Required,
    VersionField,
    WebAddressField,
)
from app.web.number_fields import MoneyField, PercentField, WholeNumberField
from models.vocabulary import Title
from models.voucher_codes import CapBasis, CapFor, SourceGrade, VoucherCover, YearBasis
from models.vouchers import ADDRESS_LIMIT, SCHEME_NOTE_LIMIT, SOURCE_LIMIT, TITLE_LIMIT

_DAYS = ("opens_on", "apply_until", "use_until", "claim_until")


class SchemeForm(FlaskForm):  # type: ignore[misc]
    """A draft: it may leave open what is not known yet."""

    title = CanonicalTextField(
        _l("Name"), validators=[Required(_l("Give it a name."))], limit=TITLE_LIMIT
    )
    note = CanonicalAreaField(
        _l("What no field says"),
        limit=SCHEME_NOTE_LIMIT,
        rows=4,
        description=_l("Founders read it: what is not covered, which papers are needed."),
    )
    places = PlacesField(
        _l("Places"),
        description=_l("Provinces, cities or districts, separated by commas. Nothing: everywhere."),
    )
    needs_company = BooleanField(_l("Registered companies alone"))
    needs_resident = BooleanField(_l("Residents of an incubator alone"))
    titles = CodesField(
        _l("Titles"), Title, description=_l("One of them has to be held and confirmed.")
    )
    staff_most = WholeNumberField(_l("Staff at most"), low=0, high=STAFF_LIMIT)
    revenue_most_yuan = MoneyField(_l("Revenue of last year at most, in 10,000 CNY"))
    assets_most_yuan = MoneyField(_l("Assets at most, in 10,000 CNY"))
    age_most_years = WholeNumberField(
        _l("Years since the foundation at most"), low=1, high=AGE_LIMIT
    )
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
    source_title = CanonicalTextField(
        _l("Source"),
        limit=SOURCE_LIMIT,
        description=_l("The document with its number, and where it says so."),
    )
    source_url = WebAddressField(_l("Address of the source"), limit=ADDRESS_LIMIT)
    grade = CodeField(_l("What the source is"), SourceGrade)
    checked_on = DayField(
        _l("Compared with the source on"),
        description=_l("Nothing: nobody has. Pages say so."),
    )
    version = VersionField()

    def fill_from(self, values: SchemeValues, version: int | None) -> None:
        """Show what `values` say."""
        for name in SchemeValues.__dataclass_fields__:
            value = getattr(values, name)
            self[name].data = list(value) if isinstance(value, tuple) else value
        self.version.process_data(version)

    def get_values(self) -> SchemeValues:
        """What was typed, once it is valid."""
        said: dict[str, Any] = {name: self[name].data for name in SchemeValues.__dataclass_fields__}
        for name, vocabulary in (("titles", Title), ("covers", VoucherCover)):
            wanted = set(said[name] or ())
            said[name] = tuple(code for code in vocabulary if code in wanted)
        said["places"] = tuple(said["places"] or ())
        for name in ("note", "source_title", "source_url"):
            said[name] = said[name] or ""
        for name in ("needs_company", "needs_resident"):
            said[name] = bool(said[name])
        return SchemeValues(**said)

    def check(self, on: date) -> bool:
        """Whether it can be kept on the day `on`; says what cannot beside its field."""
        before: Any = None
        for name in _DAYS:
            field = self[name]
            if field.data is None:
                continue
            if not 2000 <= field.data.year <= 2099:
                field.errors = [_("Give a day between 2000 and 2099.")]
            elif before is not None and field.data < before:
                field.errors = [_("This is before the day above.")]
            before = field.data
        checked = self.checked_on
        if checked.data is not None and not checked.data.year >= 2000:
            checked.errors = [_("Give a day between 2000 and 2099.")]
        if checked.data is not None and checked.data > on:
            checked.errors = [_("Give a day that has been.")]
        for name in ("cap_yuan", "other_cap_yuan", "budget_yuan"):
            if self[name].data == 0:
                self[name].errors = [_("Give an amount above nothing.")]
        if (self.other_cap_yuan.data is None) != (self.other_cap_for.data is None):
            self.other_cap_for.errors = [_("Another cap needs its amount and for whom it is.")]
        return not self.errors and self.get_values().is_possible(on)
