"""The words of this room: kinds, parts, states, what is told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.product_codes import ProductKind

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        ProductKind: {
            ProductKind.BANK_LOAN: Word(_l("Bank loan")),
            ProductKind.GUARANTEE: Word(_l("Credit guarantee")),
            ProductKind.INSURANCE: Word(_l("Insurance")),
            ProductKind.LEASING: Word(_l("Leasing")),
            ProductKind.EQUITY: Word(_l("Equity at once")),
            ProductKind.GRANT_THEN_EQUITY: Word(_l("Grant, then equity")),
            ProductKind.INVEST_FIRST: Word(_l("Money first, shares later")),
            ProductKind.LOAN_LINKED_TO_EQUITY: Word(_l("Loan linked to equity")),
        }
    }
)

# The parts of a product that have to be said before it is published.
PARTS: Mapping[str, LazyString] = MappingProxyType(
    {
        "title": _l("Name"),
        "kind": _l("Form of money"),
        "offered_by": _l("Offered by"),
        "valid_from": _l("Valid from"),
        "valid_until": _l("Last day"),
        "source_title": _l("Source"),
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "finance product": {
            "draft": Word(_l("Draft"), Tone.WAITS),
            "current": Word(_l("In the catalogue"), Tone.FITS),
            "replaced": Word(_l("Replaced by a newer version"), Tone.OVER),
            "withdrawn": Word(_l("Taken out"), Tone.OVER),
            "over": Word(_l("Its last day is over"), Tone.OVER),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "product_expiring": NoticeWording(
            _l("A finance product runs out soon"),
            _l(
                "“%(product)s” of %(offerer)s: its last day is %(day)s. Look up whether it goes on."
            ),
        ),
        "product_lapsed": NoticeWording(
            _l("A finance product has run out"),
            _l("“%(product)s” of %(offerer)s is shown no more: its last day was %(day)s."),
        ),
    }
)
