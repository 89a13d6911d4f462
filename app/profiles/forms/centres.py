"""A centre's profile as it is typed, with a list of services that grows without JavaScript."""

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, FormField

from app.profiles.forms.profile import NAME_NEEDED
from app.profiles.forms.providers import ProviderForm
from app.profiles.values import CentreValues, ServiceValues
from app.web.form_fields import CanonicalAreaField, CanonicalTextField, CodeField, RowsField
from app.web.number_fields import DAYS, MoneyField, WholeNumberField
from app.words.limits import NAME_LIMIT
from models.vocabulary import CentreKind, Gate, ProviderKind

SERVICES_LIMIT = 20
_SERVICE_TEXT_LIMIT = 2000


class ServiceForm(Form):  # type: ignore[misc]
    """One service of a centre, a row of its form. A row without name and description is none."""

    name = CanonicalTextField(_l("Name of the service"), limit=NAME_LIMIT)
    description = CanonicalAreaField(_l("Description"), rows=3, limit=_SERVICE_TEXT_LIMIT)
    gate = CodeField(_l("Verification gate"), Gate, default=Gate.LAB)
    lead_time_days = WholeNumberField(
        _l("Lead time in days"), low=0, high=3650, units=DAYS, default=14
    )
    price_yuan = MoneyField(_l("Price in CNY"), unit_yuan=1, default=0)
    price_unit = CanonicalTextField(
        _l("Price per"), limit=40, description=_l("For example batch, sample, hour.")
    )
    free_slots = WholeNumberField(_l("Free slots"), low=0, high=10_000, default=0)
    remove = BooleanField(_l("Remove this service"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Of a row that is none nothing is asked; of any other one its name.
        self.name.flags.required = True

    def is_blank(self) -> bool:
        """Whether the row was left empty."""
        return not self.name.data and not self.description.data

    def validate(self, extra_validators: Any = None) -> bool:
        """Rows that are removed or left empty may hold anything."""
        if self.remove.data or self.is_blank():
            return True
        is_valid = super().validate(extra_validators)
        if not self.name.data:
            self.name.errors = [*self.name.errors, NAME_NEEDED]
            return False
        return bool(is_valid)

    def get_values(self) -> ServiceValues:
        """What was typed, once it is valid."""
        return ServiceValues(
            name=self.name.data,
            description=self.description.data,
            gate=self.gate.data,
            lead_time_days=self.lead_time_days.data or 0,
            price_yuan=self.price_yuan.data or 0,
            price_unit=self.price_unit.data,
            free_slots=self.free_slots.data or 0,
        )


class CentreForm(ProviderForm):
    """A centre's profile with the services that it sells."""

    kind = ProviderKind.CENTRE

    centre_kind = CodeField(_l("Kind of centre"), CentreKind)
    accepts_vouchers = BooleanField(_l("Accepts vouchers"))
    services = RowsField(
        FormField(ServiceForm), _l("Services"), min_entries=1, max_entries=SERVICES_LIMIT
    )

    def get_extension(self) -> CentreValues:
        """What only a centre says."""
        return CentreValues(
            centre_kind=self.centre_kind.data,
            accepts_vouchers=self.accepts_vouchers.data,
            services=tuple(form.get_values() for form in self._list_kept()),
        )

    def add_service(self) -> None:
        """There is one more empty row, and none of those that were ticked to be removed."""
        for index in reversed(range(len(self.services))):
            if self.services[index].form.remove.data:
                self.services.pop_entry(index)
        if len(self.services) < SERVICES_LIMIT:
            self.services.append_entry()

    def _list_kept(self) -> Iterator[ServiceForm]:
        for entry in self.services:
            if not entry.form.remove.data and not entry.form.is_blank():
                yield entry.form
