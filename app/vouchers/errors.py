"""What the rules for schemes and vouchers forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class SchemeUnfit(DomainError):
    """A scheme says what it cannot: days in no order, a source that is no address."""

    code = "scheme_unfit"
    status = 422
    sentence = _l("Days have to follow each other, amounts be above nothing, and links be whole.")


class SchemeIncomplete(DomainError):
    """A draft is to be published that does not say all."""

    code = "scheme_incomplete"
    status = 422
    sentence = _l("Before it is published, a scheme has to say: %(missing)s")


class SchemeFixed(DomainError):
    """A version that was published is to be changed."""

    code = "scheme_fixed"
    sentence = _l("A published version is never changed. Begin the next one.")


class SchemeDraftExists(DomainError):
    """A second draft of one scheme is to be begun."""

    code = "scheme_draft_exists"
    sentence = _l("There is a draft of this scheme already.")


class SchemeUnknown(DomainError):
    """A scheme is to be taken up that is in no list."""

    code = "scheme_unknown"
    status = 422
    sentence = _l("There is no such scheme in the list.")


class VoucherNotPossible(DomainError):
    """A scheme does not pay a part of this order now."""

    code = "voucher_not_possible"
    sentence = _l("This voucher cannot be reserved for this order: %(because)s")


class VoucherAffiliated(DomainError):
    """Startup and centre are connected, so nothing is reserved."""

    code = "voucher_affiliated"
    sentence = _l("Startup and centre are connected, so no voucher pays for this: %(because)s")


class VoucherDrawn(DomainError):
    """The order, or the same claim elsewhere, has a voucher already."""

    code = "voucher_drawn"
    sentence = _l("A voucher pays for this order or this claim already.")


class ReportNeeded(DomainError):
    """A voucher is to be used or paid for which no report stands."""

    code = "voucher_report_needed"
    sentence = _l("A voucher needs a report that stands and is not disputed.")


class UseUnfit(DomainError):
    """An invoice is missing or says what it cannot."""

    code = "voucher_use_unfit"
    status = 422
    sentence = _l(
        "Give the invoice: its number, its amount, and its day, from the order up to today and"
        " within the window of the scheme."
    )


class InvoiceUsed(DomainError):
    """An invoice is given for a second voucher."""

    code = "voucher_invoice_used"
    sentence = _l("Another voucher was used or claimed with this invoice already.")


class WindowClosed(DomainError):
    """A step comes after its last day."""

    code = "voucher_window_closed"
    sentence = _l("The last day for this is over.")


class NothingLeft(DomainError):
    """In the year in which it counts nothing is left of the cap."""

    code = "voucher_nothing_left"
    sentence = _l("In the year %(year)s nothing is left of the cap.")


class ShareTooSmall(DomainError):
    """What was paid is so little that its share is less than one yuan."""

    code = "voucher_share_too_small"
    status = 422
    sentence = _l("The share of this invoice is less than one yuan.")


class EvidenceUnfit(DomainError):
    """A claim lacks its evidence, or names documents of others."""

    code = "voucher_evidence_unfit"
    status = 422
    sentence = _l(
        "Choose one to five of your own documents that can be shown, such as the invoice."
    )


class PaymentUnfit(DomainError):
    """A payment does not say how it was made."""

    code = "voucher_payment_unfit"
    status = 422
    sentence = _l("Name the payment, such as its number in your books.")
