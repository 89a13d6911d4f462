"""The words for the codes of `models.vocabulary`, in the reader's language, and what a word is.

States, and vocabularies that one room alone has, are worded in that room.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.provider_texts import TextSource
from models.vocabulary import (
    CentreKind,
    ConditionAttribute,
    DismissReason,
    Experience,
    Field,
    FieldGroup,
    FundingStage,
    Gate,
    HelpMode,
    IncubatorKind,
    Instrument,
    InvestorKind,
    Ladder,
    Language,
    NeedKind,
    NeedRole,
    ProfileRole,
    ProposalAnswer,
    ProviderKind,
    Release,
    Role,
    Route,
    Seat,
    Side,
    Strength,
    Title,
)


class Tone(StrEnum):
    """How a word feels, in its colour and in the shape before it; never said by these alone."""

    WAITS = "waits"
    FITS = "fits"
    FAILS = "fails"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Word:
    """What a state or a code is called, and its tone."""

    label: LazyString
    tone: Tone = Tone.OVER


LABELS: Mapping[type[StrEnum], Mapping[str, LazyString]] = MappingProxyType(
    {
        Field: {
            Field.INTEGRATED_CIRCUITS: _l("Integrated circuits"),
            Field.BIOMEDICINE: _l("Biomedicine"),
            Field.ARTIFICIAL_INTELLIGENCE: _l("Artificial intelligence"),
            Field.ELECTRONIC_INFORMATION: _l("Electronic information"),
            Field.LIFE_HEALTH: _l("Life and health"),
            Field.AUTOMOBILES: _l("Automobiles"),
            Field.HIGH_END_EQUIPMENT: _l("High-end equipment"),
            Field.ADVANCED_MATERIALS: _l("Advanced materials"),
            Field.FASHION_CONSUMER: _l("Fashion consumer goods"),
            Field.DIGITAL_ECONOMY: _l("Digital economy"),
            Field.GREEN_LOW_CARBON: _l("Green and low-carbon"),
            Field.METAVERSE: _l("Metaverse"),
            Field.SMART_TERMINALS: _l("Smart terminals"),
            Field.FUTURE_HEALTH: _l("Future health"),
            Field.FUTURE_INTELLIGENCE: _l("Future intelligence"),
            Field.FUTURE_ENERGY: _l("Future energy"),
            Field.FUTURE_SPACE: _l("Future space"),
            Field.FUTURE_MATERIALS: _l("Future materials"),
            Field.DIGITAL_TRANSFORMATION: _l("Digital transformation"),
            Field.GREEN_TRANSFORMATION: _l("Green transformation"),
        },
        FieldGroup: {
            FieldGroup.LEADING: _l("Leading industries"),
            FieldGroup.KEY: _l("Key industries"),
            FieldGroup.NEW_TRACK: _l("New tracks"),
            FieldGroup.FUTURE: _l("Future industries"),
            FieldGroup.TRANSFORMATION: _l("Transformation"),
        },
        ProviderKind: {
            ProviderKind.MENTOR: _l("Mentor"),
            ProviderKind.INVESTOR: _l("Investor"),
            ProviderKind.CENTRE: _l("Concept-verification centre"),
        },
        Role: {
            Role.FOUNDER: _l("Founder"),
            Role.OPERATOR: _l("Operator"),
            Role.MENTOR: _l("Mentor"),
            Role.INVESTOR: _l("Investor"),
            Role.CENTRE: _l("Concept-verification centre"),
            Role.REGULATOR: _l("Regulator"),
        },
        IncubatorKind: {
            IncubatorKind.INCUBATOR: _l("Incubator"),
            IncubatorKind.MAKER_SPACE: _l("Maker space"),
            IncubatorKind.ACCELERATOR: _l("Accelerator"),
            IncubatorKind.UNIVERSITY_SCIENCE_PARK: _l("University science park"),
        },
        Ladder: {
            Ladder.PRE_INCUBATION: _l("Pre-incubation"),
            Ladder.START_UP: _l("Start-up"),
            Ladder.BACKBONE: _l("Backbone"),
            Ladder.LEADER: _l("Leader"),
        },
        Title: {
            Title.TECHNOLOGY_SME: _l("Technology SME"),
            Title.HIGH_TECH_ENTERPRISE: _l("High-tech enterprise"),
            Title.GAZELLE: _l("Gazelle"),
            Title.LITTLE_GIANT: _l("Little giant"),
            Title.UNICORN: _l("Unicorn"),
        },
        FundingStage: {
            FundingStage.SEED: _l("Seed stage"),
            FundingStage.ANGEL: _l("Angel stage"),
            FundingStage.START_UP: _l("Start-up stage"),
            FundingStage.GROWTH: _l("Growth stage"),
        },
        Gate: {
            Gate.PRINCIPLE: _l("Principle"),
            Gate.LAB: _l("Lab"),
            Gate.PROTOTYPE: _l("Prototype"),
            Gate.PILOT: _l("Pilot"),
            Gate.MARKET: _l("Market"),
        },
        InvestorKind: {
            InvestorKind.SEED_FUND: _l("Seed fund"),
            InvestorKind.ANGEL: _l("Angel fund"),
            InvestorKind.VENTURE: _l("Venture fund"),
            InvestorKind.RELAY: _l("Relay fund"),
        },
        Instrument: {
            Instrument.EQUITY: _l("Equity"),
            Instrument.GRANT_THEN_EQUITY: _l("Grant, then equity"),
            Instrument.INVEST_FIRST: _l("Investment first, equity later"),
            Instrument.LOAN_LINKED_TO_EQUITY: _l("Loan linked to equity"),
            Instrument.GUARANTEE: _l("Guarantee"),
            Instrument.RELAY: _l("Relay"),
        },
        CentreKind: {
            CentreKind.CONCEPT_VERIFICATION: _l("Concept verification"),
            CentreKind.PILOT_LINE: _l("Pilot line"),
            CentreKind.TEST_PLATFORM: _l("Test and inspection platform"),
            CentreKind.LARGE_INSTRUMENTS: _l("Shared large instruments"),
        },
        Experience: {
            Experience.FOUNDER: _l("Company founder"),
            Experience.EXECUTIVE: _l("Executive"),
            Experience.ENGINEER: _l("Engineer"),
            Experience.SCIENTIST: _l("Scientist"),
            Experience.INVESTOR: _l("Technology investor"),
            Experience.LAWYER: _l("Lawyer"),
            Experience.REGULATORY: _l("Regulatory expert"),
            Experience.FINANCE: _l("Finance expert"),
            Experience.SALES: _l("Sales expert"),
        },
        Seat: {
            Seat.ACADEMIC: _l("Academic mentor"),
            Seat.INDUSTRIAL: _l("Industrial mentor"),
        },
        Route: {
            Route.TRANSFER_SCIENTIST: _l("Scientist experienced in transfer"),
            Route.CROSS_DISCIPLINARY: _l("Cross-disciplinary talent"),
            Route.TECH_INVESTOR: _l("Technology venture investor"),
            Route.PROFESSIONAL_MANAGER: _l("Professional manager"),
            Route.SERIAL_FOUNDER: _l("Serial founder"),
            Route.RETURNEE: _l("Returnee"),
        },
        HelpMode: {
            HelpMode.TECHNICAL_REVIEW: _l("Technical review"),
            HelpMode.PRODUCT_DEFINITION: _l("Product definition"),
            HelpMode.MANUFACTURING: _l("Manufacturing"),
            HelpMode.REGULATORY_AFFAIRS: _l("Registration and certification"),
            HelpMode.INTELLECTUAL_PROPERTY: _l("Intellectual property"),
            HelpMode.FUNDRAISING: _l("Fundraising"),
            HelpMode.CUSTOMER_ACCESS: _l("Access to customers"),
            HelpMode.TEAM_BUILDING: _l("Team building"),
            HelpMode.STRATEGY: _l("Strategy"),
        },
        Language: {
            Language.CHINESE: _l("Chinese"),
            Language.ENGLISH: _l("English"),
            Language.GERMAN: _l("German"),
            Language.JAPANESE: _l("Japanese"),
            Language.KOREAN: _l("Korean"),
            Language.FRENCH: _l("French"),
        },
        NeedKind: {
            NeedKind.MENTORING: _l("Mentoring"),
            NeedKind.FUNDING: _l("Funding"),
            NeedKind.VERIFICATION: _l("Verification"),
        },
        ConditionAttribute: {
            ConditionAttribute.FIELDS: _l("Fields"),
            ConditionAttribute.PLACE: _l("Place"),
            ConditionAttribute.LANGUAGES: _l("Languages"),
            ConditionAttribute.FUNDING_STAGE: _l("Funding stage"),
            ConditionAttribute.AMOUNT: _l("Amount"),
            ConditionAttribute.INSTRUMENTS: _l("Instruments"),
            ConditionAttribute.GATE: _l("Verification gate"),
            ConditionAttribute.LEAD_TIME: _l("Lead time"),
            ConditionAttribute.PRICE: _l("Price"),
            ConditionAttribute.VOUCHER: _l("Vouchers"),
            ConditionAttribute.HOURS: _l("Hours a month"),
            ConditionAttribute.SEAT: _l("Academic or industrial"),
        },
        Strength: {
            Strength.STRONG: _l("Strong match"),
            Strength.POSSIBLE: _l("Possible match"),
            Strength.WEAK: _l("Weak match"),
        },
        NeedRole: {
            NeedRole.WISH: _l("Problem or wish"),
            NeedRole.PRODUCT: _l("What is made"),
            NeedRole.BACKGROUND: _l("Background"),
            NeedRole.CONDITION: _l("Condition"),
            NeedRole.REFUSAL: _l("Not wanted"),
        },
        ProfileRole: {
            ProfileRole.DOES: _l("Does it"),
            ProfileRole.DONE: _l("Has done it"),
            ProfileRole.CONDITION: _l("Condition"),
            ProfileRole.ANECDOTE: _l("Anecdote"),
            ProfileRole.SEEKS: _l("Looks for it"),
            ProfileRole.REFUSAL: _l("Does not do it"),
        },
        TextSource: {
            TextSource.PAPER: _l("Paper"),
            TextSource.PATENT: _l("Patent"),
            TextSource.PRODUCT: _l("Product"),
            TextSource.ENGAGEMENT: _l("Earlier engagement"),
            TextSource.OTHER: _l("Another text"),
        },
        ProposalAnswer: {
            ProposalAnswer.PREFER: _l("Prefer it"),
            ProposalAnswer.REQUIRE: _l("Require it"),
            ProposalAnswer.DISMISS: _l("Not meant"),
        },
        DismissReason: {
            DismissReason.OTHER_TOPIC: _l("Works on something else"),
            DismissReason.TOO_GENERAL: _l("Too general for this need"),
            DismissReason.NOT_THE_LEVEL: _l("Too early or too late for us"),
            DismissReason.PLACE_OR_TIME: _l("Place or time does not suit"),
            DismissReason.ALREADY_KNOWN: _l("We know each other already"),
            DismissReason.NOT_INDEPENDENT: _l("Not independent of us or of a competitor"),
            DismissReason.OTHER: _l("Another reason"),
        },
        Side: {Side.STARTUP: _l("Startup"), Side.PROVIDER: _l("Provider")},
        Release: {
            Release.STARTUP_NAME: _l("The name of your startup"),
            Release.STARTUP_PROFILE: _l("The profile of your startup"),
            Release.NEED_TEXT: _l("The whole text of the need"),
            Release.CONTACT: _l("Your name and e-mail address"),
        },
    }
)


def get_label(code: StrEnum) -> LazyString:
    """The words for one code of `models.vocabulary`. KeyError for any other."""
    return LABELS[type(code)][code]
