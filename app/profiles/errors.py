"""What the rules for profiles forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class ProfileIncomplete(DomainError):
    """A profile lacks what it needs to be published. `missing` names the fields."""

    code = "profile_incomplete"
    status = 422
    sentence = _l("The profile cannot be published yet. What is missing is marked below.")


class SeedFundTooBroad(DomainError):
    """A seed fund names more technology fields than it may cover, which are `limit`."""

    code = "seed_fund_too_broad"
    status = 422
    sentence = _l("A seed fund covers at most %(limit)s technology fields.")


class TicketRangeReversed(DomainError):
    """The largest ticket is smaller than the smallest one."""

    code = "ticket_range_reversed"
    status = 422
    sentence = _l("The largest ticket is smaller than the smallest one.")


class CreditCodeTaken(DomainError):
    """The incubator hosts another startup with the same credit code."""

    code = "credit_code_taken"
    sentence = _l(
        "Your incubator hosts another startup with this credit code. Its operators can see both."
    )


class PassageGone(DomainError):
    """The profile does not say this sentence."""

    code = "passage_gone"
    status = 422
    sentence = _l("The profile does not say this sentence any more. Look at it again.")


class TextKnown(DomainError):
    """The provider has exactly this text already."""

    code = "text_known"
    sentence = _l("This text is there already.")


class TooManyTexts(DomainError):
    """The provider has as many further texts as it may, which are `limit`."""

    code = "too_many_texts"
    sentence = _l("There are %(limit)s texts, which is all that fit. Take one back first.")


class EncodingNotReady(DomainError):
    """The encoder is not on this machine, so that nothing can be published."""

    code = "encoding_not_ready"
    status = 503
    sentence = _l("Profiles cannot be published at present. Try again later.")
