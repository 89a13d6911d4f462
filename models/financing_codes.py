"""The codes of financings."""

from enum import StrEnum


class PartiesShown(StrEnum):
    """What a fund in a financing sees of the others that have committed themselves.

    In the order of how much it is; each shows what the one before does.
    """

    SUMMARY = "summary"
    NAMES = "names"
    CONTACTS = "contacts"


class ArrangementOutcome(StrEnum):
    """How an arrangement ends: the money becomes shares, comes back, is given up, or did its work.

    The last is for forms in which nothing is converted.
    """

    CONVERTED = "converted"
    REPAID = "repaid"
    WAIVED = "waived"
    FULFILLED = "fulfilled"
