"""Which providers to list, as it stands in the address."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields import SelectChoice

from app.profiles.queries import ProviderFilter, ProviderOrder
from app.web.form_fields import CanonicalTextField, CodeField, PlaceField
from models.vocabulary import Field, ProviderKind


class ProviderFilterForm(FlaskForm):  # type: ignore[misc]
    """Which providers to list, as it stands in the address. What cannot be read is left open."""

    class Meta:
        csrf = False

    text = CanonicalTextField(_l("Text"), limit=100)
    kind = CodeField(_l("Kind"), ProviderKind, blank=_l("All kinds"))
    field = CodeField(_l("Field"), Field, blank=_l("All fields"))
    place_code = PlaceField(_l("Place"), blank=_l("Anywhere"))
    order = SelectField(
        _l("Order"),
        coerce=lambda value: ProviderOrder(str(value)),
        choices=lambda: [
            SelectChoice(value=ProviderOrder.NAME.value, label=_("By name")),
            SelectChoice(value=ProviderOrder.NEWEST.value, label=_("Newest first")),
        ],
        default=ProviderOrder.NAME,
        invalid_value_message=_l("Choose from the list."),
        invalid_choice_message=_l("Choose from the list."),
    )

    def get_filter(self) -> ProviderFilter:
        """What was chosen and could be read; ask after validation."""
        return ProviderFilter(
            kind=self.kind.data if not self.kind.errors else None,
            field=self.field.data if not self.field.errors else None,
            place_code=self.place_code.data if not self.place_code.errors else None,
            text=self.text.data if not self.text.errors else "",
            order=self.order.data if not self.order.errors else ProviderOrder.NAME,
        )

    def get_address(self) -> dict[str, str]:
        """The same choice as parts of an address, to go on to another page of the list."""
        chosen = self.get_filter()
        parts = {
            "text": chosen.text,
            "kind": chosen.kind,
            "field": chosen.field,
            "place_code": chosen.place_code,
            "order": None if chosen.order is ProviderOrder.NAME else chosen.order,
        }
        return {name: str(value) for name, value in parts.items() if value}
