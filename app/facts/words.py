"""The words of this room: types of facts and their sources, states, values, what is told."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString, format_date, format_decimal, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.words.formats import show_money
from app.words.labels import Tone, Word, get_label
from app.words.localisation import enumerate_words
from app.words.wording import DAY_FORMATS, NoticeWording
from models.fact_types import FactKind, FactSource, FactTime, FactType
from models.facts import Fact

_TYPES: Mapping[FactType, LazyString] = {
    FactType.FOUNDED_ON: _l("Day of founding"),
    FactType.RESIDENT: _l("Registered where its incubator is"),
    FactType.MAIN_PRODUCT: _l("Main product"),
    FactType.REGISTERED_CAPITAL: _l("Registered capital"),
    FactType.STAFF: _l("Staff"),
    FactType.TECHNICAL_STAFF: _l("Technical staff"),
    FactType.AREA_USED: _l("Area used"),
    FactType.READINESS_VERIFIED: _l("Technology readiness, verified"),
    FactType.PROCESS_READINESS_VERIFIED: _l("Process (manufacturing) readiness, verified"),
    FactType.GATE_VERIFIED: _l("Verification gate passed"),
    FactType.TITLES_HELD: _l("Titles held"),
    FactType.INVENTIONS_HELD: _l("Patents for inventions and equal rights held"),
    FactType.OTHER_RIGHTS_HELD: _l("Other intellectual property held"),
    FactType.TOTAL_ASSETS: _l("Total assets"),
    FactType.TOTAL_LIABILITIES: _l("Total liabilities"),
    FactType.EQUITY_RAISED: _l("Equity paid in by investors"),
    FactType.REVENUE: _l("Revenue"),
    FactType.MAIN_REVENUE: _l("Revenue of the main business"),
    FactType.HIGH_TECH_INCOME: _l("Income from high-tech products and services"),
    FactType.COSTS: _l("Costs"),
    FactType.NET_PROFIT: _l("Net profit"),
    FactType.TAXES_PAID: _l("Taxes paid"),
    FactType.RESEARCH_BY_ACCOUNTS: _l("Research and development, by the accounts"),
    FactType.RESEARCH_BY_TAX_RETURN: _l("Research and development, by the tax return"),
    FactType.RIGHTS_APPLIED_FOR: _l("Intellectual property applied for"),
    FactType.RESULTS_TRANSFERRED: _l("Research results put to use"),
    FactType.SERIOUS_ACCIDENT: _l("Serious accident, or breach of quality or environment rules"),
    FactType.FUND_SIZE: _l("Size of the fund"),
    FactType.INVESTMENTS_MADE: _l("Investments made"),
    FactType.TESTS_DONE: _l("Orders for tests completed"),
    FactType.ACCREDITED_UNTIL: _l("Accredited until"),
}

_SOURCES: Mapping[FactSource, LazyString] = {
    FactSource.OWN_STATEMENT: _l("Own statement"),
    FactSource.CONTRACT: _l("Contract"),
    FactSource.INVOICE: _l("Invoice"),
    FactSource.TEST_REPORT: _l("Test report"),
    FactSource.CERTIFICATE: _l("Certificate"),
    FactSource.TAX_RETURN: _l("Tax return"),
    FactSource.AUDITED_ACCOUNTS: _l("Audited accounts"),
    FactSource.PUBLIC_REGISTER: _l("Public register"),
}

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        FactType: {code: Word(label) for code, label in _TYPES.items()},
        FactSource: {code: Word(label) for code, label in _SOURCES.items()},
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "fact": {
            "stated": Word(_l("Not confirmed yet"), Tone.WAITS),
            "confirmed": Word(_l("Confirmed"), Tone.FITS),
            "superseded": Word(_l("Superseded"), Tone.OVER),
            "withdrawn": Word(_l("Withdrawn"), Tone.FAILS),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "fact_withdrawn": NoticeWording(
            _l("A fact about %(name)s was withdrawn"),
            _l("A fact about %(name)s was withdrawn. The reason given: %(reason)s"),
        ),
    }
)


def show_value(fact: Fact) -> str:
    """The value in the reader's language, with its unit."""
    value = fact.value
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case date():
            return _show_day(value)
        case Decimal():
            return _show_number(fact.spec.kind, value)
        case tuple():
            codes = fact.spec.codes
            if not value or codes is None:
                return _("None")
            return enumerate_words([str(get_label(codes(code))) for code in value])
    codes = fact.spec.codes
    return str(get_label(codes(value))) if codes is not None else value


def show_fact_time(fact: Fact) -> str:
    """The time that it is about, in the reader's language; "" for none."""
    if fact.begins_on is None:
        return ""
    if fact.spec.time is FactTime.YEAR:
        return _("Year %(year)s", year=fact.begins_on.year)
    return _show_day(fact.begins_on)


def _show_day(day: date) -> str:
    return str(format_date(day, DAY_FORMATS[str(get_locale())], rebase=False))


def _show_number(kind: FactKind, value: Decimal) -> str:
    if kind is FactKind.MONEY:
        yuan = int(value)
        # The unit of larger amounts goes by their size, whatever their sign.
        return f"−{show_money(-yuan)}" if yuan < 0 else show_money(yuan)
    if kind is FactKind.AREA:
        return _("%(area)s m²", area=format_decimal(value))
    return str(format_decimal(value))
