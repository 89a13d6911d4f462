"""What a profile says, as typed values: what forms, imports and demonstration data hand to actions.

Texts are canonical already (`models.canonical`), money is in whole yuan. `read_…` gives the
values of a stored profile: two profiles say the same exactly when their values are equal.
"""

from dataclasses import dataclass

from models.credit_code import CreditCode
from models.organisations import Startup
from models.provider_texts import TextSource
from models.providers import Provider
from models.vocabulary import (
    CentreKind,
    Experience,
    Field,
    FundingStage,
    Gate,
    HelpMode,
    Instrument,
    InvestorKind,
    Ladder,
    Language,
    ProviderKind,
    Route,
    Seat,
    Title,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartupValues:
    """What a startup says of itself. Which incubator hosts it is not its own to say."""

    name: str
    credit_code: CreditCode | None = None
    one_line: str = ""
    description: str = ""
    fields: tuple[Field, ...] = ()
    topics: tuple[str, ...] = ()
    ladder: Ladder | None = None
    titles: tuple[Title, ...] = ()
    funding_stage: FundingStage | None = None
    readiness: int | None = None
    gate: Gate | None = None
    place_code: str | None = None
    remote: bool = True
    languages: tuple[Language, ...] = ()
    website: str | None = None
    shareholders: tuple[str, ...] = ()
    employers: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextValues:
    """A further text of a provider, and what there is to say of it."""

    title: str
    source: TextSource
    year: int | None = None
    address: str = ""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorValues:
    """What only a mentor says."""

    experience: tuple[Experience, ...] = ()
    seat: Seat | None = None
    routes: tuple[Route, ...] = ()
    help_modes: tuple[HelpMode, ...] = ()
    hours_per_month: int = 4
    years_of_experience: int | None = None
    employer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestorValues:
    """What only an investor says: the mandate. Money in yuan."""

    investor_kind: InvestorKind = InvestorKind.SEED_FUND
    ticket_min_yuan: int | None = None
    ticket_max_yuan: int | None = None
    funding_stages: tuple[FundingStage, ...] = ()
    instruments: tuple[Instrument, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceValues:
    """One service of a centre: price in yuan per unit, lead time in days."""

    name: str
    description: str = ""
    gate: Gate
    lead_time_days: int = 0
    price_yuan: int = 0
    price_unit: str = ""
    free_slots: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreValues:
    """What only a centre says."""

    centre_kind: CentreKind = CentreKind.CONCEPT_VERIFICATION
    accepts_vouchers: bool = False
    services: tuple[ServiceValues, ...] = ()


Extension = MentorValues | InvestorValues | CentreValues


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderValues:
    """What a provider says; its kind follows from what it is extended by."""

    name: str
    # Never of a mentor, who is a person.
    credit_code: CreditCode | None = None
    headline: str = ""
    summary: str = ""
    can_help_with: str = ""
    fields: tuple[Field, ...] = ()
    topics: tuple[str, ...] = ()
    place_code: str | None = None
    remote: bool = True
    languages: tuple[Language, ...] = ()
    capacity: int = 3
    open_to_all: bool = False
    shareholders: tuple[str, ...] = ()
    portfolio: tuple[str, ...] = ()
    advised: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    extension: Extension

    @property
    def kind(self) -> ProviderKind:
        """Mentor, investor or centre."""
        match self.extension:
            case MentorValues():
                return ProviderKind.MENTOR
            case InvestorValues():
                return ProviderKind.INVESTOR
            case CentreValues():
                return ProviderKind.CENTRE


def read_startup(startup: Startup) -> StartupValues:
    """The values of a stored startup."""
    return StartupValues(
        name=startup.name,
        credit_code=startup.credit_code,
        one_line=startup.one_line,
        description=startup.description,
        fields=tuple(startup.fields),
        topics=tuple(startup.topics),
        ladder=startup.ladder,
        titles=tuple(startup.titles),
        funding_stage=startup.funding_stage,
        readiness=startup.readiness,
        gate=startup.gate,
        place_code=startup.place_code,
        remote=startup.remote,
        languages=tuple(startup.languages),
        website=startup.website,
        shareholders=startup.shareholders,
        employers=startup.employers,
        competitors=startup.competitors,
        affiliations=startup.affiliations,
    )


def read_provider(provider: Provider) -> ProviderValues:
    """The values of a stored provider."""
    return ProviderValues(
        name=provider.name,
        credit_code=provider.credit_code,
        headline=provider.headline,
        summary=provider.summary,
        can_help_with=provider.can_help_with,
        fields=tuple(provider.fields),
        topics=tuple(provider.topics),
        place_code=provider.place_code,
        remote=provider.remote,
        languages=tuple(provider.languages),
        capacity=provider.capacity,
        open_to_all=provider.open_to_all,
        shareholders=provider.shareholders,
        portfolio=provider.portfolio,
        advised=provider.advised,
        affiliations=provider.affiliations,
        extension=_read_extension(provider),
    )


def _read_extension(provider: Provider) -> Extension:
    if (mentor := provider.mentor) is not None:
        return MentorValues(
            experience=tuple(mentor.experience),
            seat=mentor.seat,
            routes=tuple(mentor.routes),
            help_modes=tuple(mentor.help_modes),
            hours_per_month=mentor.hours_per_month,
            years_of_experience=mentor.years_of_experience,
            employer=mentor.employer,
        )
    if (investor := provider.investor) is not None:
        return InvestorValues(
            investor_kind=investor.investor_kind,
            ticket_min_yuan=investor.ticket_min_yuan,
            ticket_max_yuan=investor.ticket_max_yuan,
            funding_stages=tuple(investor.funding_stages),
            instruments=tuple(investor.instruments),
        )
    if (centre := provider.centre) is not None:
        return CentreValues(
            centre_kind=centre.centre_kind,
            accepts_vouchers=centre.accepts_vouchers,
            services=tuple(
                ServiceValues(
                    name=service.name,
                    description=service.description,
                    gate=service.gate,
                    lead_time_days=service.lead_time_days,
                    price_yuan=service.price_yuan,
                    price_unit=service.price_unit,
                    free_slots=service.free_slots,
                )
                for service in centre.services
            ),
        )
    raise RuntimeError(f"provider {provider.id} lacks what makes it a {provider.kind}")
