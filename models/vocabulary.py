"""The closed vocabularies of the domain: every code that a column, a form or a condition may hold.

Labels are not here: what a reader sees is worded, in two languages, in `app/words/labels.py`.
Sources: Shanghai's 2+(3+6)+(4+5) list of industries; the municipal incubator measures of 2015-2024.
"""

from enum import StrEnum


class Field(StrEnum):
    """Technology fields. They are facets for conditions; the match itself is made on free text."""

    INTEGRATED_CIRCUITS = "integrated_circuits"
    BIOMEDICINE = "biomedicine"
    ARTIFICIAL_INTELLIGENCE = "artificial_intelligence"
    ELECTRONIC_INFORMATION = "electronic_information"
    LIFE_HEALTH = "life_health"
    AUTOMOBILES = "automobiles"
    HIGH_END_EQUIPMENT = "high_end_equipment"
    ADVANCED_MATERIALS = "advanced_materials"
    FASHION_CONSUMER = "fashion_consumer"
    DIGITAL_ECONOMY = "digital_economy"
    GREEN_LOW_CARBON = "green_low_carbon"
    METAVERSE = "metaverse"
    SMART_TERMINALS = "smart_terminals"
    FUTURE_HEALTH = "future_health"
    FUTURE_INTELLIGENCE = "future_intelligence"
    FUTURE_ENERGY = "future_energy"
    FUTURE_SPACE = "future_space"
    FUTURE_MATERIALS = "future_materials"
    DIGITAL_TRANSFORMATION = "digital_transformation"
    GREEN_TRANSFORMATION = "green_transformation"


class FieldGroup(StrEnum):
    """How the fields are grouped on a form."""

    LEADING = "leading"
    KEY = "key"
    NEW_TRACK = "new_track"
    FUTURE = "future"
    TRANSFORMATION = "transformation"


FIELD_GROUPS: dict[FieldGroup, tuple[Field, ...]] = {
    FieldGroup.LEADING: (
        Field.INTEGRATED_CIRCUITS,
        Field.BIOMEDICINE,
        Field.ARTIFICIAL_INTELLIGENCE,
    ),
    FieldGroup.KEY: (
        Field.ELECTRONIC_INFORMATION,
        Field.LIFE_HEALTH,
        Field.AUTOMOBILES,
        Field.HIGH_END_EQUIPMENT,
        Field.ADVANCED_MATERIALS,
        Field.FASHION_CONSUMER,
    ),
    FieldGroup.NEW_TRACK: (
        Field.DIGITAL_ECONOMY,
        Field.GREEN_LOW_CARBON,
        Field.METAVERSE,
        Field.SMART_TERMINALS,
    ),
    FieldGroup.FUTURE: (
        Field.FUTURE_HEALTH,
        Field.FUTURE_INTELLIGENCE,
        Field.FUTURE_ENERGY,
        Field.FUTURE_SPACE,
        Field.FUTURE_MATERIALS,
    ),
    FieldGroup.TRANSFORMATION: (
        Field.DIGITAL_TRANSFORMATION,
        Field.GREEN_TRANSFORMATION,
    ),
}


class ProviderKind(StrEnum):
    """Whoever a startup can be matched to."""

    MENTOR = "mentor"
    INVESTOR = "investor"
    CENTRE = "centre"


class Role(StrEnum):
    """What a person is to an organisation. Roles come only from memberships."""

    FOUNDER = "founder"
    OPERATOR = "operator"
    MENTOR = "mentor"
    INVESTOR = "investor"
    CENTRE = "centre"
    REGULATOR = "regulator"


class IncubatorKind(StrEnum):
    """The forms an incubator takes in the policies."""

    INCUBATOR = "incubator"
    MAKER_SPACE = "maker_space"
    ACCELERATOR = "accelerator"
    UNIVERSITY_SCIENCE_PARK = "university_science_park"


class Ladder(StrEnum):
    """Company ladder (企业梯次), lowest rung first."""

    PRE_INCUBATION = "pre_incubation"
    START_UP = "start_up"
    BACKBONE = "backbone"
    LEADER = "leader"


class Title(StrEnum):
    """Recognitions that a company can hold."""

    TECHNOLOGY_SME = "technology_sme"
    HIGH_TECH_ENTERPRISE = "high_tech_enterprise"
    GAZELLE = "gazelle"
    LITTLE_GIANT = "little_giant"
    UNICORN = "unicorn"


class FundingStage(StrEnum):
    """Funding stages, earliest first."""

    SEED = "seed"
    ANGEL = "angel"
    START_UP = "start_up"
    GROWTH = "growth"


class Gate(StrEnum):
    """Verification gates, earliest first."""

    PRINCIPLE = "principle"
    LAB = "lab"
    PROTOTYPE = "prototype"
    PILOT = "pilot"
    MARKET = "market"


class InvestorKind(StrEnum):
    """Kinds of investor; the seed fund comes first."""

    SEED_FUND = "seed_fund"
    ANGEL = "angel"
    VENTURE = "venture"
    RELAY = "relay"


class Instrument(StrEnum):
    """In which form an investor's money comes."""

    EQUITY = "equity"
    GRANT_THEN_EQUITY = "grant_then_equity"
    INVEST_FIRST = "invest_first"
    LOAN_LINKED_TO_EQUITY = "loan_linked_to_equity"
    GUARANTEE = "guarantee"
    RELAY = "relay"


class CentreKind(StrEnum):
    """Kinds of centre."""

    CONCEPT_VERIFICATION = "concept_verification"
    PILOT_LINE = "pilot_line"
    TEST_PLATFORM = "test_platform"
    LARGE_INSTRUMENTS = "large_instruments"


class Experience(StrEnum):
    """What kind of practical experience a mentor brings."""

    FOUNDER = "founder"
    EXECUTIVE = "executive"
    ENGINEER = "engineer"
    SCIENTIST = "scientist"
    INVESTOR = "investor"
    LAWYER = "lawyer"
    REGULATORY = "regulatory"
    FINANCE = "finance"
    SALES = "sales"


class Seat(StrEnum):
    """Which half of dual mentoring (双师型) a mentor can take."""

    ACADEMIC = "academic"
    INDUSTRIAL = "industrial"


class Route(StrEnum):
    """The six routes from which top incubation people come (六路孵化人才)."""

    TRANSFER_SCIENTIST = "transfer_scientist"
    CROSS_DISCIPLINARY = "cross_disciplinary"
    TECH_INVESTOR = "tech_investor"
    PROFESSIONAL_MANAGER = "professional_manager"
    SERIAL_FOUNDER = "serial_founder"
    RETURNEE = "returnee"


class HelpMode(StrEnum):
    """How a mentor helps."""

    TECHNICAL_REVIEW = "technical_review"
    PRODUCT_DEFINITION = "product_definition"
    MANUFACTURING = "manufacturing"
    REGULATORY_AFFAIRS = "regulatory_affairs"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    FUNDRAISING = "fundraising"
    CUSTOMER_ACCESS = "customer_access"
    TEAM_BUILDING = "team_building"
    STRATEGY = "strategy"


class Language(StrEnum):
    """Working languages of a meeting (ISO 639-1)."""

    CHINESE = "zh"
    ENGLISH = "en"
    GERMAN = "de"
    JAPANESE = "ja"
    KOREAN = "ko"
    FRENCH = "fr"


class AffiliationKind(StrEnum):
    """What an organisation is to the startup or the provider that names it.

    `employer`, `shareholder` and `related` go for both: it employs a founder or a centre's people,
    it holds shares, or it is connected otherwise. Only providers have a `portfolio` of companies
    whose shares they hold, and companies that they advise; only startups name competitors, which
    no provider gets to see.
    """

    EMPLOYER = "employer"
    SHAREHOLDER = "shareholder"
    PORTFOLIO = "portfolio"
    ADVISES = "advises"
    COMPETITOR = "competitor"
    RELATED = "related"


class NeedKind(StrEnum):
    """What a need asks for. It decides which kind of provider is shown first."""

    MENTORING = "mentoring"
    FUNDING = "funding"
    VERIFICATION = "verification"


FIRST_KIND: dict[NeedKind, ProviderKind] = {
    NeedKind.MENTORING: ProviderKind.MENTOR,
    NeedKind.FUNDING: ProviderKind.INVESTOR,
    NeedKind.VERIFICATION: ProviderKind.CENTRE,
}


class NeedRole(StrEnum):
    """What a sentence of a need does, as matching reads it."""

    WISH = "wish"
    PRODUCT = "product"
    BACKGROUND = "background"
    CONDITION = "condition"
    REFUSAL = "refusal"


class ProfileRole(StrEnum):
    """What a sentence of a provider's profile does, as matching reads it."""

    DOES = "does"
    DONE = "done"
    CONDITION = "condition"
    ANECDOTE = "anecdote"
    SEEKS = "seeks"
    REFUSAL = "refusal"


class ProposalAnswer(StrEnum):
    """What a founder makes of a condition that was read in the need's words."""

    PREFER = "prefer"
    REQUIRE = "require"
    DISMISS = "dismiss"


class ConditionAttribute(StrEnum):
    """What a condition of a need can be about."""

    FIELDS = "fields"
    PLACE = "place"
    LANGUAGES = "languages"
    FUNDING_STAGE = "funding_stage"
    AMOUNT = "amount"
    INSTRUMENTS = "instruments"
    GATE = "gate"
    LEAD_TIME = "lead_time"
    PRICE = "price"
    VOUCHER = "voucher"
    HOURS = "hours"
    SEAT = "seat"


class Strength(StrEnum):
    """How much a match's relevance stands out from unrelated pairs, strongest first."""

    STRONG = "strong"
    POSSIBLE = "possible"
    WEAK = "weak"


class DismissReason(StrEnum):
    """Why a founder sets a suggestion aside. Weights are learned from it, so it is a code."""

    OTHER_TOPIC = "other_topic"
    TOO_GENERAL = "too_general"
    NOT_THE_LEVEL = "not_the_level"
    PLACE_OR_TIME = "place_or_time"
    ALREADY_KNOWN = "already_known"
    NOT_INDEPENDENT = "not_independent"
    OTHER = "other"


class Side(StrEnum):
    """The two sides of an engagement."""

    STARTUP = "startup"
    PROVIDER = "provider"


class DeclineReason(StrEnum):
    """Why a provider says no to a request; the words come beside it."""

    NO_TIME = "no_time"
    OTHER_FIELD = "other_field"
    NOT_THE_STAGE = "not_the_stage"
    NOT_INDEPENDENT = "not_independent"
    UNCLEAR = "unclear"
    OTHER = "other"


class MeetingForm(StrEnum):
    """How two sides meet."""

    ONLINE = "online"
    IN_PERSON = "in_person"


class Release(StrEnum):
    """What a founder may release to a provider before the provider has accepted."""

    STARTUP_NAME = "startup_name"
    STARTUP_PROFILE = "startup_profile"
    NEED_TEXT = "need_text"
    CONTACT = "contact"


class PassReason(StrEnum):
    """Why a fund passes on a deal. What suits a fund is learned from it, so it is a code."""

    OUTSIDE_MANDATE = "outside_mandate"
    TOO_EARLY = "too_early"
    UNPROVEN = "unproven"
    TEAM = "team"
    MARKET = "market"
    TERMS = "terms"
    CONFLICT = "conflict"
    NO_CAPACITY = "no_capacity"
    OTHER = "other"


class ShownStatus(StrEnum):
    """What a fund lets a startup see of its deal."""

    LOOKING = "looking"
    TALKING = "talking"
    EXAMINING = "examining"
    AGREED = "agreed"
    NOT_NOW = "not_now"


class ClaimComparator(StrEnum):
    """How a claim compares what is measured with its value."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"


class ReadinessScale(StrEnum):
    """By which levels readiness is told: of a technology, or of a process (GJB 7688 leaves those
    out of the first).
    """

    TECHNOLOGY = "technology"
    PROCESS = "process"


class ClaimVerdict(StrEnum):
    """What a test says of a claim."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class DocumentKind(StrEnum):
    """What a document is for."""

    PITCH = "pitch"
    BUSINESS_PLAN = "business_plan"
    TECHNICAL = "technical"
    TEST_REPORT = "test_report"
    CERTIFICATE = "certificate"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    FINANCIAL = "financial"
    CONTRACT = "contract"
    INVOICE = "invoice"
    MINUTES = "minutes"
    OTHER = "other"


class FileType(StrEnum):
    """The types of file that are taken, by the ending of their names."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    PNG = "png"
    JPEG = "jpeg"
    TEXT = "txt"
    MARKDOWN = "md"
    CSV = "csv"


class ReportReason(StrEnum):
    """What may be wrong with a document. The first is what the law on state secrets is about."""

    CLASSIFIED = "classified"
    PERSONAL_DATA = "personal_data"
    INFRINGING = "infringing"
    UNSAFE = "unsafe"
    MISLEADING = "misleading"
    OTHER = "other"
