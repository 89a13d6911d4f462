"""The shapes of what is typed in this room."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from app.accounts.forms import EmailField
from app.commissioners.values import CaseValues, CommissionerValues
from app.web.day_fields import DayField
from app.web.form_fields import CanonicalAreaField, CanonicalTextField, CodeField, Required
from app.web.number_fields import MoneyField, WholeNumberField
from models.commissioner_codes import CaseClosure, CommissionerKind
from models.commissioners import (
    INSTITUTION_LIMIT,
    MOST_COMPANIES,
    MOST_OF_A_KIND,
    PERSON_NAME_LIMIT,
    WORDS_LIMIT,
)
from models.organisations import Startup
from models.product_codes import ProductKind
from models.products import FinanceProduct

_FILLED = _l("Please fill this in.")


class ApplyForm(FlaskForm):  # type: ignore[misc]
    """What a person says who would be a commissioner."""

    kind = CodeField(_l("Kind"), CommissionerKind)
    institution = CanonicalTextField(
        _l("Institution"),
        validators=[Required(_FILLED)],
        limit=INSTITUTION_LIMIT,
        description=_l("The bank with its branch, the fund, the guarantor, the firm."),
    )
    most_companies = WholeNumberField(
        _l("Companies at most"),
        low=1,
        high=MOST_COMPANIES,
        description=_l("Nothing: no limit. It can be changed later."),
    )
    last_day = DayField(_l("Last day of the term"), description=_l("Nothing: until it is ended."))
    words = CanonicalAreaField(
        _l("Words to the other side"),
        limit=WORDS_LIMIT,
        rows=3,
        description=_l("What is expected, what can be given."),
    )

    def get_values(self) -> CommissionerValues:
        """What was typed, once it is valid."""
        return CommissionerValues(
            kind=self.kind.data,
            institution=self.institution.data or "",
            words=self.words.data or "",
            last_day=self.last_day.data,
            most_companies=self.most_companies.data,
        )

    def check(self, on: date) -> bool:
        """Whether it can be offered on the day `on`; says what cannot beside its field."""
        if self.get_values().is_possible(on):
            return True
        self.last_day.errors = [_("Give a day that is to come, up to 2099.")]
        return False


class OfferForm(ApplyForm):
    """Whom an incubator asks."""

    name = CanonicalTextField(
        _l("Name of the person"), validators=[Required(_FILLED)], limit=PERSON_NAME_LIMIT
    )
    email = EmailField(
        _l("Address for mail"),
        is_new=True,
        autocomplete="off",
        description=_l("Whoever has an account with it finds the offer there; others are written."),
    )


class LimitsForm(FlaskForm):  # type: ignore[misc]
    """How many of each kind an incubator has at most."""

    bank = WholeNumberField(_l("Bank commissioner"), low=0, high=MOST_OF_A_KIND)
    equity = WholeNumberField(_l("Equity commissioner"), low=0, high=MOST_OF_A_KIND)
    guarantee = WholeNumberField(_l("Guarantee commissioner"), low=0, high=MOST_OF_A_KIND)
    insurance = WholeNumberField(_l("Insurance commissioner"), low=0, high=MOST_OF_A_KIND)
    advice = WholeNumberField(_l("Law or accounting commissioner"), low=0, high=MOST_OF_A_KIND)


class TakeForm(FlaskForm):  # type: ignore[misc]
    """How many companies a commissioner takes."""

    most_companies = WholeNumberField(
        _l("Companies at most"), low=1, high=MOST_COMPANIES, description=_l("Nothing: no limit.")
    )


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why it ends, in words that the other side reads."""

    note = CanonicalAreaField(
        _l("Reason"),
        validators=[Required(_l("Say why."))],
        limit=WORDS_LIMIT,
        rows=2,
        description=_l("The other side reads it."),
    )


class CompanyForm(FlaskForm):  # type: ignore[misc]
    """Which startup, with words."""

    startup = SelectField(_l("Startup"), choices=[])
    words = CanonicalAreaField(_l("Words to the other side"), limit=WORDS_LIMIT, rows=2)

    def offer(self, startups: Sequence[Startup]) -> None:
        """Let one of `startups` be chosen."""
        self.startup.choices = [(each.public_id, each.name) for each in startups]


class CaseForm(FlaskForm):  # type: ignore[misc]
    """What a company needs."""

    kind = CodeField(_l("Form of money"), ProductKind)
    amount_yuan = MoneyField(_l("Amount, in 10,000 CNY"), description=_l("Nothing: not known yet."))
    product = SelectField(_l("Product of the catalogue"), choices=[])
    words = CanonicalAreaField(
        _l("What it is for"),
        limit=WORDS_LIMIT,
        rows=4,
        description=_l("Only the startup and its commissioner read it."),
    )

    def offer(self, products: Sequence[FinanceProduct]) -> None:
        """Let one of `products` be chosen, or none."""
        self.product.choices = [("", _("None in particular"))] + [
            (product.public_id, f"{product.title} · {product.offered_by}") for product in products
        ]

    def check(self) -> bool:
        """Whether it can be kept; says what cannot beside its field."""
        if self.amount_yuan.data == 0:
            self.amount_yuan.errors = [_("Give an amount above nothing.")]
            return False
        return True

    def get_values(self, products: Sequence[FinanceProduct]) -> CaseValues:
        """What was typed, once it is valid."""
        chosen = {product.public_id: product for product in products}
        return CaseValues(
            kind=self.kind.data,
            amount_yuan=self.amount_yuan.data,
            product=chosen.get(self.product.data or ""),
            words=self.words.data or "",
        )


class FinishForm(FlaskForm):  # type: ignore[misc]
    """What the company has got."""

    kind = CodeField(_l("In which form"), ProductKind)
    obtained_yuan = MoneyField(_l("Amount obtained, in 10,000 CNY"), validators=[Required(_FILLED)])
    words = CanonicalAreaField(_l("Words to the other side"), limit=WORDS_LIMIT, rows=2)

    def check(self) -> bool:
        """Whether it can be kept; says what cannot beside its field."""
        if not self.obtained_yuan.data:
            self.obtained_yuan.errors = [_("Give an amount above nothing.")]
            return False
        return True


class CloseForm(FlaskForm):  # type: ignore[misc]
    """Why a case came to nothing."""

    closure = CodeField(_l("Reason"), CaseClosure)
    words = CanonicalAreaField(_l("Words to the other side"), limit=WORDS_LIMIT, rows=2)


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note that both sides read."""

    words = CanonicalAreaField(
        _l("Note"),
        validators=[Required(_FILLED)],
        limit=WORDS_LIMIT,
        rows=3,
        description=_l("The startup and its commissioner read it, nobody else."),
    )
