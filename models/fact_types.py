"""Which facts can be stated: the vocabulary, and of what kind and time each is.

What the policies count apart stays apart: revenue, main revenue and high-tech income are three
facts, research by the accounts and by the tax return are two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from models.vocabulary import Gate, Title


class FactKind(StrEnum):
    """What the value of a fact is."""

    MONEY = "money"
    COUNT = "count"
    AREA = "area"
    LEVEL = "level"
    DATE = "date"
    TRUTH = "truth"
    TEXT = "text"
    CODE = "code"
    CODES = "codes"


class FactTime(StrEnum):
    """What time a fact is about: none, a day, or a whole calendar year."""

    ALWAYS = "always"
    DAY = "day"
    YEAR = "year"


class FactType(StrEnum):
    """What can be known of a startup or a provider. The codes are the names that clauses use."""

    FOUNDED_ON = "founded_on"
    RESIDENT = "resident"
    MAIN_PRODUCT = "main_product"
    REGISTERED_CAPITAL = "registered_capital"
    STAFF = "staff"
    TECHNICAL_STAFF = "technical_staff"
    AREA_USED = "area_used"
    READINESS_VERIFIED = "readiness_verified"
    PROCESS_READINESS_VERIFIED = "process_readiness_verified"
    GATE_VERIFIED = "gate_verified"
    TITLES_HELD = "titles_held"
    INVENTIONS_HELD = "inventions_held"
    OTHER_RIGHTS_HELD = "other_rights_held"
    TOTAL_ASSETS = "total_assets"
    TOTAL_LIABILITIES = "total_liabilities"
    EQUITY_RAISED = "equity_raised"
    REVENUE = "revenue"
    MAIN_REVENUE = "main_revenue"
    HIGH_TECH_INCOME = "high_tech_income"
    COSTS = "costs"
    NET_PROFIT = "net_profit"
    TAXES_PAID = "taxes_paid"
    RESEARCH_BY_ACCOUNTS = "research_by_accounts"
    RESEARCH_BY_TAX_RETURN = "research_by_tax_return"
    RIGHTS_APPLIED_FOR = "rights_applied_for"
    RESULTS_TRANSFERRED = "results_transferred"
    SERIOUS_ACCIDENT = "serious_accident"
    FUND_SIZE = "fund_size"
    INVESTMENTS_MADE = "investments_made"
    TESTS_DONE = "tests_done"
    ACCREDITED_UNTIL = "accredited_until"


class FactSource(StrEnum):
    """Where a fact comes from, the strongest source last."""

    OWN_STATEMENT = "own_statement"
    CONTRACT = "contract"
    INVOICE = "invoice"
    TEST_REPORT = "test_report"
    CERTIFICATE = "certificate"
    TAX_RETURN = "tax_return"
    AUDITED_ACCOUNTS = "audited_accounts"
    PUBLIC_REGISTER = "public_register"


class FactSubject(StrEnum):
    """Whom facts are about."""

    STARTUP = "startup"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """What a type of fact is. `codes` is its vocabulary, where it holds codes."""

    kind: FactKind
    time: FactTime
    subjects: frozenset[FactSubject]
    codes: type[StrEnum] | None = None
    may_be_negative: bool = False


_STARTUP: Final = frozenset({FactSubject.STARTUP})
_PROVIDER: Final = frozenset({FactSubject.PROVIDER})
_BOTH: Final = _STARTUP | _PROVIDER

FACT_SPECS: Final[Mapping[FactType, FactSpec]] = MappingProxyType(
    {
        FactType.FOUNDED_ON: FactSpec(FactKind.DATE, FactTime.ALWAYS, _BOTH),
        FactType.RESIDENT: FactSpec(FactKind.TRUTH, FactTime.ALWAYS, _STARTUP),
        FactType.MAIN_PRODUCT: FactSpec(FactKind.TEXT, FactTime.ALWAYS, _STARTUP),
        FactType.REGISTERED_CAPITAL: FactSpec(FactKind.MONEY, FactTime.DAY, _BOTH),
        FactType.STAFF: FactSpec(FactKind.COUNT, FactTime.DAY, _BOTH),
        FactType.TECHNICAL_STAFF: FactSpec(FactKind.COUNT, FactTime.DAY, _BOTH),
        FactType.AREA_USED: FactSpec(FactKind.AREA, FactTime.DAY, _BOTH),
        FactType.READINESS_VERIFIED: FactSpec(FactKind.LEVEL, FactTime.DAY, _STARTUP),
        FactType.PROCESS_READINESS_VERIFIED: FactSpec(FactKind.LEVEL, FactTime.DAY, _STARTUP),
        FactType.GATE_VERIFIED: FactSpec(FactKind.CODE, FactTime.DAY, _STARTUP, codes=Gate),
        FactType.TITLES_HELD: FactSpec(FactKind.CODES, FactTime.DAY, _STARTUP, codes=Title),
        FactType.INVENTIONS_HELD: FactSpec(FactKind.COUNT, FactTime.DAY, _STARTUP),
        FactType.OTHER_RIGHTS_HELD: FactSpec(FactKind.COUNT, FactTime.DAY, _STARTUP),
        FactType.TOTAL_ASSETS: FactSpec(FactKind.MONEY, FactTime.DAY, _STARTUP),
        FactType.TOTAL_LIABILITIES: FactSpec(FactKind.MONEY, FactTime.DAY, _STARTUP),
        FactType.EQUITY_RAISED: FactSpec(FactKind.MONEY, FactTime.DAY, _STARTUP),
        FactType.REVENUE: FactSpec(FactKind.MONEY, FactTime.YEAR, _STARTUP),
        FactType.MAIN_REVENUE: FactSpec(FactKind.MONEY, FactTime.YEAR, _STARTUP),
        FactType.HIGH_TECH_INCOME: FactSpec(FactKind.MONEY, FactTime.YEAR, _STARTUP),
        FactType.COSTS: FactSpec(FactKind.MONEY, FactTime.YEAR, _STARTUP),
        FactType.NET_PROFIT: FactSpec(
            FactKind.MONEY, FactTime.YEAR, _STARTUP, may_be_negative=True
        ),
        FactType.TAXES_PAID: FactSpec(FactKind.MONEY, FactTime.YEAR, _STARTUP),
        FactType.RESEARCH_BY_ACCOUNTS: FactSpec(FactKind.MONEY, FactTime.YEAR, _STARTUP),
        FactType.RESEARCH_BY_TAX_RETURN: FactSpec(FactKind.MONEY, FactTime.YEAR, _STARTUP),
        FactType.RIGHTS_APPLIED_FOR: FactSpec(FactKind.COUNT, FactTime.YEAR, _STARTUP),
        FactType.RESULTS_TRANSFERRED: FactSpec(FactKind.COUNT, FactTime.YEAR, _STARTUP),
        FactType.SERIOUS_ACCIDENT: FactSpec(FactKind.TRUTH, FactTime.YEAR, _STARTUP),
        FactType.FUND_SIZE: FactSpec(FactKind.MONEY, FactTime.DAY, _PROVIDER),
        FactType.INVESTMENTS_MADE: FactSpec(FactKind.COUNT, FactTime.YEAR, _PROVIDER),
        FactType.TESTS_DONE: FactSpec(FactKind.COUNT, FactTime.YEAR, _PROVIDER),
        FactType.ACCREDITED_UNTIL: FactSpec(FactKind.DATE, FactTime.ALWAYS, _PROVIDER),
    }
)
