"""For whom something is and who says so, as it is typed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.funds.forms.mandates import PlacesField
from app.vouchers.rules import AGE_LIMIT, FIRST_DAY, LAST_DAY, STAFF_LIMIT, RulesValues
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
from app.web.number_fields import MoneyField, WholeNumberField
from models.public_rules import ADDRESS_LIMIT, RULES_NOTE_LIMIT, SOURCE_LIMIT, TITLE_LIMIT
from models.vocabulary import Title
from models.voucher_codes import SourceGrade


class RulesForm(FlaskForm):  # type: ignore[misc]
    """A draft: it may leave open what is not known yet."""

    title = CanonicalTextField(
        _l("Name"), validators=[Required(_l("Give it a name."))], limit=TITLE_LIMIT
    )
    note = CanonicalAreaField(
        _l("What no field says"),
        limit=RULES_NOTE_LIMIT,
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

    def fill_from(self, values: RulesValues, version: int | None) -> None:
        """Show what `values` say."""
        for name in values.__dataclass_fields__:
            value = getattr(values, name)
            self[name].data = list(value) if isinstance(value, tuple) else value
        self.version.process_data(version)

    def read_typed(self, names: Iterable[str]) -> dict[str, Any]:
        """What was typed into the fields `names`, once it is valid; those of the rules as values
        have them."""
        said: dict[str, Any] = {name: self[name].data for name in names}
        wanted = set(said["titles"] or ())
        said["titles"] = tuple(code for code in Title if code in wanted)
        said["places"] = tuple(said["places"] or ())
        for name in ("note", "source_title", "source_url"):
            said[name] = said[name] or ""
        for name in ("needs_company", "needs_resident"):
            said[name] = bool(said[name])
        return said

    def check_days(self, names: Iterable[str], on: date) -> None:
        """Say beside its field which of the days `names` does not follow the one before, or cannot
        be one."""
        before: Any = None
        for name in names:
            field = self[name]
            if field.data is None:
                continue
            if not FIRST_DAY <= field.data <= LAST_DAY:
                field.errors = [_("Give a day between 2000 and 2099.")]
            elif before is not None and field.data < before:
                field.errors = [_("This is before the day above.")]
            before = field.data
        checked = self.checked_on
        if checked.data is not None and checked.data < FIRST_DAY:
            checked.errors = [_("Give a day between 2000 and 2099.")]
        if checked.data is not None and checked.data > on:
            checked.errors = [_("Give a day that has been.")]

    def check_amounts(self, names: Iterable[str]) -> None:
        """Say beside its field which amount is nothing."""
        for name in names:
            if self[name].data == 0:
                self[name].errors = [_("Give an amount above nothing.")]
