"""What the rules for claims, orders and reports forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class ClaimUnfit(DomainError):
    """A claim does not say what would be measured, or its value cannot be one."""

    code = "claim_unfit"
    status = 422
    sentence = _l("Say what is measured, and a value that fits how it is compared.")


class ClaimFixed(DomainError):
    """A claim is to be changed by which somebody has already quoted."""

    code = "claim_fixed"
    sentence = _l("A centre has quoted for this claim. State another one instead.")


class ClaimUnderTest(DomainError):
    """A claim is to be withdrawn while it is being tested."""

    code = "claim_under_test"
    sentence = _l("This claim is being tested. Cancel the order first.")


class OrderNotPossible(DomainError):
    """The engagement is with no centre, was not accepted, or is over."""

    code = "order_not_possible"
    sentence = _l("A quote can be asked for once a centre has accepted your request.")


class OrderExists(DomainError):
    """The same centre was asked about the same claim in the same engagement."""

    code = "order_exists"
    sentence = _l("You have asked this centre about this claim already.")


class QuoteUnfit(DomainError):
    """A part of a quote is missing, or cannot be one."""

    code = "quote_unfit"
    status = 422
    sentence = _l("A quote needs a plan, a price, a lead time, a day to come and all six terms.")


class QuoteOutdated(DomainError):
    """The quote that was read is not the one that stands now, or has run out."""

    code = "quote_outdated"
    sentence = _l("This quote no longer stands. Look at the order as it is now.")


class SampleNeeded(DomainError):
    """Work is to begin before the sample is there."""

    code = "sample_needed"
    sentence = _l("The plan asks for a sample. Work begins when it is received.")


class SampleUnfit(DomainError):
    """A sample is to be sent or described where none can be."""

    code = "sample_unfit"
    status = 422
    sentence = _l("Say in a few words what is sent, so that the centre knows it again.")


class ResultUnfit(DomainError):
    """A result lacks its measure or its day, or says more than a result can."""

    code = "result_unfit"
    status = 422
    sentence = _l("A result needs what was measured, on a day that has been.")


class VerdictUnfit(DomainError):
    """The verdict says something else than the measure does."""

    code = "verdict_unfit"
    status = 422
    sentence = _l("What was measured does not say so. Choose the verdict that follows from it.")


class ReadinessUnfit(DomainError):
    """A level of readiness does not go with the gate that is said to be passed."""

    code = "readiness_unfit"
    status = 422
    sentence = _l("This level does not go with the gate of the claim.")


class SamePerson(DomainError):
    """Somebody is to vouch for a result that they submitted themselves."""

    code = "same_person"
    sentence = _l("Somebody else has to verify what you submitted.")


class ReportFileUnfit(DomainError):
    """The file of a report is none of the centre's, or cannot be shown now."""

    code = "report_file_unfit"
    status = 422
    sentence = _l("Choose one of your own documents that can be shown.")


class ReportOfAnother(DomainError):
    """The file of a report says what another startup's sample measured."""

    code = "report_of_another"
    status = 422
    sentence = _l("That file is the report of another startup. Choose the one of this order.")


class DisputeTooLate(DomainError):
    """A report is disputed after the time for that."""

    code = "dispute_too_late"
    sentence = _l("A report can be disputed for %(days)s days. Write to the centre instead.")


class InvoiceMissing(DomainError):
    """An order is to be settled without an invoice."""

    code = "invoice_missing"
    status = 422
    sentence = _l("Name the invoice by which the order was settled.")


class NotToSettle(DomainError):
    """An order is to be settled whose report was wrong, or is disputed."""

    code = "not_to_settle"
    sentence = _l("Settle once there is a report that is neither wrong nor disputed.")


class InstrumentUnfit(DomainError):
    """A rule of an instrument cannot be kept, or its rules do not go together."""

    code = "instrument_unfit"
    status = 422
    sentence = _l("These rules do not go together. Lengths and hours are whole half hours.")


class TooManyInstruments(DomainError):
    """A centre lists more instruments, or more outages of one, than are kept."""

    code = "too_many_instruments"
    sentence = _l("More than %(limit)s cannot be listed.")


class SlotNotPossible(DomainError):
    """The order was not accepted, is over, or belongs to another centre."""

    code = "slot_not_possible"
    sentence = _l("A slot can be booked once you have ordered, until there is a result.")


class InstrumentClosed(DomainError):
    """An instrument takes no slots at present."""

    code = "instrument_closed"
    sentence = _l("This instrument takes no slots at present.")


class SlotTaken(DomainError):
    """No place is free during all of the slot."""

    code = "slot_taken"
    sentence = _l("Somebody else has this time by now. Choose another one, or wait in line.")


class SlotUnfit(DomainError):
    """A slot breaks a rule of its instrument."""

    code = "slot_unfit"
    status = 422
    sentence = _l("This slot cannot be: %(because)s")


class SlotTooLate(DomainError):
    """A slot is to be moved or cancelled that has begun, or moved later than the rules allow."""

    code = "slot_too_late"
    sentence = _l("It is too late for that. Write to the other side instead.")


class TooManyMissed(DomainError):
    """A startup has missed, or cancelled late, as many slots as the instrument allows."""

    code = "too_many_missed"
    sentence = _l("Too many slots were missed here lately. Ask the centre to waive one.")


class WishUnfit(DomainError):
    """What is waited for can never come."""

    code = "wish_unfit"
    status = 422
    sentence = _l("Give a length that the instrument allows, and days to come within two months.")
