"""The shape of what a founder types to ask a provider: one form for each kind."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields import SelectChoice

from app.clock import now
from app.engagements.asking import (
    QUANTITY_LIMIT,
    CoachingAsk,
    FundingAsk,
    OrderAsk,
    is_gone_by,
)
from app.mandates.values import AskValues
from app.vault.forms import DocumentsField
from app.web.day_fields import DayField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    CodesField,
    Required,
)
from app.web.number_fields import MoneyField, WholeNumberField
from app.words.formats import show_money
from app.words.kind_words import WORDS_BY_KIND
from app.words.limits import LINE_LIMIT, NAME_LIMIT, TEXT_LIMIT
from models.documents import Document
from models.needs import Need
from models.providers import CentreService, Provider
from models.vocabulary import (
    ConditionAttribute,
    FundingStage,
    Instrument,
    MeetingForm,
    ProviderKind,
    Release,
)

MESSAGE_LIMIT = 2000
ASK_LIMIT = 1000

_NOT_IN_LIST = _l("Choose from the list.")


class RequestForm(FlaskForm):  # type: ignore[misc]
    """What every request has: a message, the story behind it, documents, what may be seen."""

    message = CanonicalAreaField(limit=MESSAGE_LIMIT, rows=5)
    background = CanonicalAreaField(
        _l("Background"),
        limit=TEXT_LIMIT,
        rows=5,
        description=_l(
            "Taken over from your need, so that you tell it once. It is shown before accepting "
            "where you let the whole text of the need be seen."
        ),
    )
    documents = DocumentsField(
        _l("Documents"),
        description=_l("The provider can open them until the engagement is over."),
    )
    released = CodesField(
        _l("What the provider may see before accepting"),
        Release,
        default=(Release.STARTUP_NAME, Release.NEED_TEXT),
    )

    def prepare(self, need: Need, provider: Provider, documents: Sequence[Document]) -> None:
        """Word it for `provider`, offer `documents`, and take over what is known already."""
        words = WORDS_BY_KIND[provider.kind]
        self.message.label.text = words.message
        self.message.description = words.message_hint
        self.documents.offer(documents)
        if not documents:
            del self.documents
        if not self.is_submitted():
            self.background.data = need.text

    def get_documents(self) -> list[Document]:
        """The documents that were ticked."""
        return self.documents.get_chosen() if self.documents is not None else []

    def _check_coming(self, field: Any, at: datetime) -> bool:
        if field.errors or field.data is None or not is_gone_by(field.data, at):
            return not field.errors
        field.errors = [_("That day has gone by. Choose a later one.")]
        return False


class CoachingRequestForm(RequestForm):
    """To a mentor."""

    goal = CanonicalAreaField(
        _l("Your goal"),
        limit=ASK_LIMIT,
        rows=2,
        description=_l("What you want to be able to do or decide afterwards."),
    )
    meeting_form = CodeField(_l("Form"), MeetingForm, blank=_l("Either will do"))
    wished_time = CanonicalTextField(
        _l("When it would suit you"),
        limit=LINE_LIMIT,
        description=_l("For example: weekday evenings, before 10 December."),
    )

    def make_ask(self) -> CoachingAsk:
        """Goal, form and time."""
        return CoachingAsk(self.goal.data, self.meeting_form.data, self.wished_time.data)


class FundingRequestForm(RequestForm):
    """To an investor."""

    amount = MoneyField(_l("Amount sought, in 10,000 CNY"), [Required(_l("Say how much."))])
    instrument = CodeField(_l("Instrument"), Instrument, blank=_l("Open to proposals"))
    stage = CodeField(_l("Funding stage"), FundingStage, blank=_l("Not said"))
    milestone = CanonicalAreaField(
        _l("Milestone reached"),
        limit=ASK_LIMIT,
        rows=3,
        description=_l("What has been shown so far, with figures."),
    )
    use_of_funds = CanonicalAreaField(
        _l("Use of funds"),
        limit=ASK_LIMIT,
        rows=3,
        description=_l("What the money buys, and which milestone comes after it."),
    )
    closing_on = DayField(_l("The round closes on"), validators=[])

    def prepare(self, need: Need, provider: Provider, documents: Sequence[Document]) -> None:
        """Stage, amount and instrument are known where startup and need say them."""
        super().prepare(need, provider, documents)
        if self.is_submitted():
            return
        self.stage.data = need.startup.funding_stage
        said = {each.attribute: each.values for each in need.conditions}
        amounts = said.get(ConditionAttribute.AMOUNT, ())
        instruments = said.get(ConditionAttribute.INSTRUMENTS, ())
        if len(amounts) == 1 and amounts[0].isdecimal():
            self.amount.data = int(amounts[0])
        if len(instruments) == 1 and instruments[0] in set(Instrument):
            self.instrument.data = Instrument(instruments[0])

    def ask_for_rest(self, ask: AskValues) -> None:
        """What others have promised is not asked for again; `ask` says how much that is."""
        whole = self.amount.data if ask.target_yuan is None else ask.target_yuan
        if whole is not None and not self.is_submitted():
            self.amount.data = max(whole - ask.raised_yuan, 0) or None

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field alone; some money, and a day to come."""
        valid = bool(super().validate(extra_validators))
        if self.amount.data == 0:
            self.amount.errors = [_("Say how much.")]
            valid = False
        return self._check_coming(self.closing_on, now()) and valid

    def make_ask(self) -> FundingAsk:
        """Amount, instrument, stage, milestone, use and closing."""
        return FundingAsk(
            amount_yuan=self.amount.data or 0,
            instrument=self.instrument.data,
            stage=self.stage.data,
            milestone=self.milestone.data,
            use_of_funds=self.use_of_funds.data,
            closing_on=self.closing_on.data,
        )


class OrderRequestForm(RequestForm):
    """To a centre."""

    service = SelectField(
        _l("Service"),
        choices=(),
        default="",
        invalid_choice_message=_NOT_IN_LIST,
        invalid_value_message=_NOT_IN_LIST,
    )
    service_name = CanonicalTextField(
        _l("Another service"),
        limit=NAME_LIMIT,
        description=_l("What is to be done, where the list does not have it."),
    )
    quantity = WholeNumberField(
        _l("Quantity"),
        [Required(_l("Say how many."))],
        low=1,
        high=QUANTITY_LIMIT,
        default=1,
        description=_l("Pieces, samples or batches, as the service counts."),
    )
    wished_on = DayField(_l("Wished date"), validators=[])
    sample = CanonicalAreaField(
        _l("Sample"),
        limit=ASK_LIMIT,
        rows=3,
        description=_l("What you send in: material, size, number, how it has to be handled."),
    )
    claim = CanonicalAreaField(
        _l("What it is to show"),
        limit=ASK_LIMIT,
        rows=3,
        description=_l("The claim that the result confirms or refutes, with its limits."),
    )

    def prepare(self, need: Need, provider: Provider, documents: Sequence[Document]) -> None:
        """The services of the centre can be chosen, and something else."""
        super().prepare(need, provider, documents)
        self.service.flags.required = True
        services = provider.centre.services if provider.centre else []
        self.service.choices = [
            SelectChoice(value="", label=_("Another service, said below")),
            *(SelectChoice(value=each.public_id, label=_word_service(each)) for each in services),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field alone; some service, and a day to come."""
        valid = bool(super().validate(extra_validators))
        if not self.service.data and not self.service_name.data and not self.service_name.errors:
            self.service_name.errors = [
                _("Choose a service of the centre, or say in words what is to be done.")
            ]
            valid = False
        return self._check_coming(self.wished_on, now()) and valid

    def make_ask(self) -> OrderAsk:
        """Service, quantity, day, sample and claim."""
        return OrderAsk(
            service_id=self.service.data or None,
            service_name="" if self.service.data else self.service_name.data,
            quantity=self.quantity.data or 1,
            wished_on=self.wished_on.data,
            sample=self.sample.data,
            claim=self.claim.data,
        )


AnyRequestForm = CoachingRequestForm | FundingRequestForm | OrderRequestForm

_FORMS: Final[dict[ProviderKind, type[AnyRequestForm]]] = {
    ProviderKind.MENTOR: CoachingRequestForm,
    ProviderKind.INVESTOR: FundingRequestForm,
    ProviderKind.CENTRE: OrderRequestForm,
}


def make_request_form(
    need: Need, provider: Provider, documents: Sequence[Document]
) -> AnyRequestForm:
    """The form by which `provider` is asked about `need`, with `documents` to send along."""
    form = _FORMS[provider.kind]()
    form.prepare(need, provider, documents)
    return form


def _word_service(service: CentreService) -> str:
    """Name, lead time and price of a service in one line."""
    return _(
        "%(name)s · %(days)s days · %(price)s",
        name=service.name,
        days=service.lead_time_days,
        price=show_money(service.price_yuan),
    )
