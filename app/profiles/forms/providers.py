"""The profiles of mentors and investors as they are typed, and what all providers have."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.profiles.completeness import is_mandate_too_broad, is_ticket_range_reversed
from app.profiles.forms.profile import CODE_BEHIND_NAME, NAME_NEEDED, ProfileForm, in_order
from app.profiles.values import Extension, InvestorValues, MentorValues, ProviderValues
from app.web.credit_code_field import CreditCodeField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    CodesField,
    GroupedCodesField,
    OrganisationsField,
    PlaceField,
    Required,
    TopicsField,
)
from app.web.number_fields import HOURS, TEN_THOUSAND_YUAN, YEARS, MoneyField, WholeNumberField
from app.words.limits import NAME_LIMIT
from models.providers import SEED_FUND_FIELDS_LIMIT
from models.vocabulary import (
    FIELD_GROUPS,
    Experience,
    Field,
    FundingStage,
    HelpMode,
    Instrument,
    InvestorKind,
    Language,
    ProviderKind,
    Route,
    Seat,
)


class ProviderForm(ProfileForm):
    """What every provider says; each kind adds its own part."""

    kind: ProviderKind

    name = CanonicalTextField(
        _l("Name"),
        [Required(NAME_NEEDED)],
        limit=NAME_LIMIT,
        description=_l("How you appear to startups."),
    )
    credit_code: CreditCodeField | None = CreditCodeField()
    headline = CanonicalTextField(_l("Headline"), description=_l("In one line: what you bring."))
    summary = CanonicalAreaField(
        _l("Summary"),
        rows=8,
        description=_l(
            "What you have done, concretely: processes, figures, tools, mistakes. Each sentence "
            "is compared with each sentence of a need."
        ),
    )
    can_help_with = CanonicalAreaField(
        _l("Can help with"),
        rows=5,
        description=_l("Which questions of a startup you can answer, and how you work."),
    )
    fields = GroupedCodesField(_l("Fields"), Field, groups=FIELD_GROUPS)
    topics = TopicsField(
        _l("Topics"), description=_l("Finer than fields, separated by commas: SiC epitaxy, ALD.")
    )
    place_code = PlaceField(_l("Place"))
    remote = BooleanField(_l("Meetings can be online"), default=True)
    languages = CodesField(_l("Languages"), Language, default=(Language.CHINESE,))
    capacity = WholeNumberField(
        _l("Engagements at the same time"),
        [Required(_l("Give a whole number."))],
        low=0,
        high=500,
        default=3,
        description=_l("When they are all taken, you are not suggested until one is over."),
    )
    shareholders: OrganisationsField | None = OrganisationsField(
        _l("Who owns you"),
        description=_l("Organisations that hold shares in you or pay for you, one a line."),
    )
    portfolio = OrganisationsField(
        _l("Companies whose shares you hold"),
        description=_l(
            "One a line. Neither they nor their direct competitors are matched with you."
        ),
    )
    advised = OrganisationsField(
        _l("Companies that you advise"),
        description=_l("One a line. Their direct competitors are not matched with you."),
    )
    affiliations = OrganisationsField(
        _l("Other connected organisations"),
        description=_l("Whatever else would make you partial, for or against a startup."),
    )

    def get_extension(self) -> Extension:
        """What only this kind of provider says."""
        raise TypeError(f"{type(self).__name__} is the form of no kind of provider")

    def get_values(self) -> ProviderValues:
        """What was typed, once it is valid."""
        return ProviderValues(
            name=self.name.data,
            credit_code=None if self.credit_code is None else self.credit_code.data,
            headline=self.headline.data,
            summary=self.summary.data,
            can_help_with=self.can_help_with.data,
            fields=in_order(Field, self.fields.data),
            topics=tuple(self.topics.data),
            place_code=self.place_code.data,
            remote=self.remote.data,
            languages=in_order(Language, self.languages.data),
            capacity=self.capacity.data or 0,
            shareholders=() if self.shareholders is None else tuple(self.shareholders.data),
            portfolio=tuple(self.portfolio.data),
            advised=tuple(self.advised.data),
            affiliations=tuple(self.affiliations.data),
            extension=self.get_extension(),
        )


class MentorForm(ProviderForm):
    """A mentor's profile."""

    kind = ProviderKind.MENTOR

    # A person has neither a code nor an owner.
    credit_code = None
    shareholders = None
    experience = CodesField(_l("Kind of experience"), Experience)
    years_of_experience = WholeNumberField(_l("Years of experience"), low=0, high=80, units=YEARS)
    employer = CanonicalTextField(_l("Employer"), limit=NAME_LIMIT, description=CODE_BEHIND_NAME)
    seat = CodeField(
        _l("Academic or industrial"),
        Seat,
        blank=_l("Not said"),
        description=_l("Dual mentoring brings one of each together."),
    )
    routes = CodesField(_l("Route"), Route)
    help_modes = CodesField(_l("How you help"), HelpMode)
    hours_per_month = WholeNumberField(
        _l("Hours a month"),
        [Required(_l("Give a whole number."))],
        low=0,
        high=200,
        units=HOURS,
        default=4,
    )

    def get_extension(self) -> MentorValues:
        """What only a mentor says."""
        return MentorValues(
            experience=in_order(Experience, self.experience.data),
            seat=self.seat.data,
            routes=in_order(Route, self.routes.data),
            help_modes=in_order(HelpMode, self.help_modes.data),
            hours_per_month=self.hours_per_month.data or 0,
            years_of_experience=self.years_of_experience.data,
            employer=self.employer.data,
        )


class InvestorForm(ProviderForm):
    """An investor's mandate. Tickets are typed in 万元 and kept in yuan."""

    kind = ProviderKind.INVESTOR

    investor_kind = CodeField(_l("Kind of investor"), InvestorKind)
    ticket_min_yuan = MoneyField(_l("Smallest ticket, in CNY 10,000"), unit_yuan=TEN_THOUSAND_YUAN)
    ticket_max_yuan = MoneyField(_l("Largest ticket, in CNY 10,000"), unit_yuan=TEN_THOUSAND_YUAN)
    funding_stages = CodesField(_l("Funding stages"), FundingStage)
    instruments = CodesField(_l("Instruments"), Instrument)

    def get_extension(self) -> InvestorValues:
        """What only an investor says."""
        return InvestorValues(
            investor_kind=self.investor_kind.data,
            ticket_min_yuan=self.ticket_min_yuan.data,
            ticket_max_yuan=self.ticket_max_yuan.data,
            funding_stages=in_order(FundingStage, self.funding_stages.data),
            instruments=in_order(Instrument, self.instruments.data),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field on its own, then the rules that hold between them."""
        if not super().validate(extra_validators):
            return False
        values = self.get_values()
        if is_mandate_too_broad(values):
            self.fields.errors = [
                _(
                    "A seed fund covers at most %(limit)s technology fields.",
                    limit=SEED_FUND_FIELDS_LIMIT,
                )
            ]
        if is_ticket_range_reversed(values):
            self.ticket_max_yuan.errors = [
                _("The largest ticket is smaller than the smallest one.")
            ]
        return not self.errors
