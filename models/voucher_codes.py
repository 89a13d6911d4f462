"""The codes of voucher schemes."""

from enum import StrEnum


class VoucherCover(StrEnum):
    """What a voucher pays a part of."""

    TESTING = "testing"
    INSTRUMENTS = "instruments"
    CONCEPT = "concept"
    PILOT = "pilot"
    DESIGN = "design"
    COMPUTE = "compute"


class CapBasis(StrEnum):
    """Over what a cap counts."""

    YEAR = "year"
    COMPANY = "company"
    ORDER = "order"


class YearBasis(StrEnum):
    """By which day it is decided in which year a voucher counts."""

    CONTRACT = "contract"
    REPORT = "report"
    INVOICE = "invoice"


class CapFor(StrEnum):
    """For whom another cap stands."""

    TEAM = "team"
    RESIDENT = "resident"


class SourceGrade(StrEnum):
    """How good the source of a scheme's rules is."""

    OFFICIAL = "official"
    OFFICIAL_REPOST = "official_repost"
    LEAD_ONLY = "lead_only"
