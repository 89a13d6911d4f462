"""What founders and officers type into a voucher."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.vault.forms import DocumentsField
from app.vouchers.values import UseValues
from app.web.day_fields import DayField
from app.web.form_fields import CanonicalAreaField, CanonicalTextField, Required
from app.web.number_fields import MoneyField
from models.vouchers import INVOICE_LIMIT, NOTE_LIMIT, REFERENCE_LIMIT

_FILLED = _l("Please fill this in.")


class UseForm(FlaskForm):  # type: ignore[misc]
    """The invoice for the order."""

    invoice = CanonicalTextField(
        _l("Number of the invoice"), validators=[Required(_FILLED)], limit=INVOICE_LIMIT
    )
    invoiced_on = DayField(_l("Day of the invoice"), validators=[Required(_l("Give a day."))])
    paid_fee = MoneyField(
        _l("Amount of the invoice with tax, in CNY"),
        validators=[Required(_FILLED)],
        unit_yuan=1,
        description=_l("Where it is less than the order, the voucher is worth less too."),
    )

    def get_values(self) -> UseValues:
        """What was typed, once it is valid."""
        return UseValues(
            invoice=self.invoice.data or "",
            invoiced_on=self.invoiced_on.data,
            paid_fee_yuan=self.paid_fee.data or 0,
        )


class ClaimForm(FlaskForm):  # type: ignore[misc]
    """The evidence."""

    documents = DocumentsField(
        _l("Evidence"),
        description=_l("The invoice, your copy of the report, the contract: one to five."),
    )


class NoteForm(FlaskForm):  # type: ignore[misc]
    """Words that the other side reads."""

    note = CanonicalAreaField(
        _l("Reason"),
        validators=[Required(_l("Say why."))],
        limit=NOTE_LIMIT,
        rows=2,
        description=_l("The startup reads it."),
    )


class PayForm(FlaskForm):  # type: ignore[misc]
    """How it was paid."""

    reference = CanonicalTextField(
        _l("Number of the payment"), validators=[Required(_FILLED)], limit=REFERENCE_LIMIT
    )
