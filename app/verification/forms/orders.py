"""What both sides type into an order: quotes, samples, results, reports, reasons."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.verification.forms.claims import MeasureField
from app.verification.values import (
    MOST_LEAD_DAYS,
    MOST_YEARS_AHEAD,
    QuoteValues,
    ResultValues,
    is_last_day,
)
from app.web.day_fields import DayField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    Required,
    VersionField,
)
from app.web.number_fields import DAYS, MoneyField, WholeNumberField
from app.web.picked_field import PickedField
from models.documents import Document
from models.providers import CentreService
from models.verification import (
    INVOICE_LIMIT,
    NOTE_LIMIT,
    SAMPLE_LIMIT,
    SERVICE_LIMIT,
    STANDARD_LIMIT,
    TERMS_LIMIT,
    UNCERTAINTY_LIMIT,
    Claim,
    VerificationQuote,
)
from models.vocabulary import ClaimVerdict

_FILLED = _l("Please fill this in.")


def _make_terms(label: Any, description: Any = "", *, rows: int = 3) -> CanonicalAreaField:
    return CanonicalAreaField(
        label,
        validators=[Required(_FILLED)],
        limit=TERMS_LIMIT,
        rows=rows,
        description=description,
    )


def check_last_day(field: DayField, today: date) -> bool:
    """Whether a last day can be one, or none is given; says so beside the field where not."""
    if field.data is None or is_last_day(field.data, today):
        return True
    field.errors = [
        _("Give a day to come.")
        if field.data < today
        else _("Give a day within %(years)s years.", years=MOST_YEARS_AHEAD)
    ]
    return False


class QuoteForm(FlaskForm):  # type: ignore[misc]
    """A plan of the test, its price, and the six heads of terms."""

    service_name = CanonicalTextField(
        _l("Service"), validators=[Required(_FILLED)], limit=SERVICE_LIMIT
    )
    method = _make_terms(_l("Method"), _l("What is done, in which order, on how many pieces."))
    standard = CanonicalTextField(
        _l("Standard"), limit=STANDARD_LIMIT, description=_l("Such as GB/T 2423.1, with its year.")
    )
    sample_spec = CanonicalAreaField(
        _l("What has to be sent in"),
        limit=TERMS_LIMIT,
        rows=2,
        description=_l("Number, size, packing. Nothing: the test needs no sample."),
    )
    pass_rule = _make_terms(
        _l("When the claim is confirmed"),
        _l("The measure decides, bounds included; say how many pieces have to meet it."),
        rows=2,
    )
    price = MoneyField(_l("Price with tax, in CNY"), validators=[Required(_FILLED)], unit_yuan=1)
    lead_days = WholeNumberField(
        _l("Lead time, in days"),
        [Required(_FILLED)],
        low=1,
        high=MOST_LEAD_DAYS,
        units=DAYS,
        description=_l("From the sample, or from the order where none is sent in."),
    )
    valid_until = DayField(_l("The quote stands until"), validators=[Required(_l("Give a day."))])
    service_terms = _make_terms(
        _l("1. Service and price"), _l("What is delivered, and when it is paid.")
    )
    property_terms = _make_terms(
        _l("2. Intellectual property"), _l("To whom data, results and improvements belong.")
    )
    secrecy_terms = _make_terms(_l("3. Secrecy"), _l("Who sees what, and for how long not."))
    damages_terms = _make_terms(
        _l("4. Damages"), _l("Who answers for a lost sample or a broken instrument.")
    )
    breach_terms = _make_terms(_l("5. Breach"), _l("What follows when one side does not keep it."))
    dispute_terms = _make_terms(_l("6. Disputes"), _l("Who decides where you do not agree."))
    # Of the claim that was read.
    version = VersionField()

    def suggest(self, service: CentreService | None) -> None:
        """Show what the centre's own list says of the service that was asked for."""
        if service is None:
            return
        self.service_name.data = service.name
        self.price.data = service.price_yuan
        self.lead_days.data = max(service.lead_time_days, 1)

    def fill_from(self, quote: VerificationQuote) -> None:
        """Show what the quote before said, but its last day."""
        for name in _COPIED:
            self[name].data = getattr(quote, name)
        self.price.data = quote.price_yuan

    def get_values(self) -> QuoteValues:
        """What was typed, once it is valid."""
        copied = {name: self[name].data or "" for name in _COPIED if name != "lead_days"}
        return QuoteValues(
            price_yuan=self.price.data or 0,
            lead_days=self.lead_days.data or 0,
            valid_until=self.valid_until.data,
            **copied,
        )

    def check_day(self, today: date) -> bool:
        """Whether the quote stands for a day at least; says so beside the field where not."""
        return check_last_day(self.valid_until, today)


_COPIED = (
    "service_name",
    "method",
    "standard",
    "sample_spec",
    "pass_rule",
    "lead_days",
    "service_terms",
    "property_terms",
    "secrecy_terms",
    "damages_terms",
    "breach_terms",
    "dispute_terms",
)


class SampleForm(FlaskForm):  # type: ignore[misc]
    """What is sent in."""

    description = CanonicalTextField(
        _l("What you send"),
        validators=[Required(_FILLED)],
        limit=SAMPLE_LIMIT,
        description=_l("Number, kind and marks, so that it is known again."),
    )


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A reason, or the condition of what came in."""

    note = CanonicalAreaField(
        _l("Reason"),
        validators=[Required(_l("Say why."))],
        limit=NOTE_LIMIT,
        rows=2,
        description=_l("The other side reads it."),
    )


class ResultForm(FlaskForm):  # type: ignore[misc]
    """What was measured, and what it says."""

    measured = MeasureField(
        _l("Measured value"), description=_l("In the unit of the claim. Nothing: not measurable.")
    )
    uncertainty = CanonicalTextField(
        _l("Uncertainty"), limit=UNCERTAINTY_LIMIT, description=_l("Such as ± 3 V (k = 2).")
    )
    measured_on = DayField(_l("Measured on"), validators=[Required(_l("Give a day."))])
    verdict = CodeField(_l("What it says of the claim"), ClaimVerdict)
    passes_gate = BooleanField(_l("The gate of the claim is passed by this"))
    readiness = WholeNumberField(
        _l("Level of readiness"),
        low=1,
        high=9,
        description=_l("From 1 to 9, on the scale of the claim. Only with a confirmed claim."),
    )
    note = CanonicalAreaField(
        _l("Deviations from the plan"),
        limit=NOTE_LIMIT,
        rows=2,
        description=_l("Stands on the result; the startup reads it with the report."),
    )

    def check_unit(self, claim: Claim) -> bool:
        """Whether no other unit than the claim's stands behind the measure."""
        if self.measured.unit and self.measured.unit != claim.unit:
            self.measured.errors = [_("The claim counts in %(unit)s.", unit=claim.unit or "1")]
            return False
        return True

    def get_values(self) -> ResultValues:
        """What was typed, once it is valid."""
        return ResultValues(
            verdict=self.verdict.data,
            measured=self.measured.data,
            uncertainty=self.uncertainty.data or "",
            measured_on=self.measured_on.data,
            passes_gate=bool(self.passes_gate.data),
            readiness=self.readiness.data,
            note=self.note.data or "",
        )


class ReportForm(FlaskForm):  # type: ignore[misc]
    """Which of the centre's documents says the result."""

    document = PickedField(_l("File of the report"))
    valid_until = DayField(
        _l("Valid until"),
        validators=[],
        description=_l("Facts that rest on it end with it. Nothing: it does not run out."),
    )

    def __init__(self, *args: Any, documents: Sequence[Document], **options: Any) -> None:
        super().__init__(*args, **options)
        self._documents = {each.public_id: each for each in documents}
        # The only document may well be the report of another order.
        self.document.offer(
            ((each.public_id, each.title) for each in documents), is_single_sure=False
        )

    def get_document(self) -> Document:
        """The one that was chosen, once it is valid."""
        return self._documents[self.document.data]


class SettleForm(FlaskForm):  # type: ignore[misc]
    """By which invoice an order was settled."""

    invoice = CanonicalTextField(
        _l("Number of the invoice"), validators=[Required(_FILLED)], limit=INVOICE_LIMIT
    )
