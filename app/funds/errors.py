"""What the rules for mandates forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class MandateUnfit(DomainError):
    """An amount, a share or a place of a mandate cannot be one."""

    code = "mandate_unfit"
    status = 422
    sentence = _l("An amount, a share or a place of this mandate cannot be one.")


class TicketReversed(DomainError):
    """The largest ticket is smaller than the smallest one."""

    code = "ticket_reversed"
    status = 422
    sentence = _l("The largest ticket is smaller than the smallest one.")


class TooManyFields(DomainError):
    """A seed fund names more fields than it may."""

    code = "too_many_fields"
    status = 422
    sentence = _l("The mandate of a seed fund covers at most %(limit)s fields.")


class MandateIncomplete(DomainError):
    """What a published mandate has to say is missing. `missing` names it."""

    code = "mandate_incomplete"
    status = 422
    sentence = _l(
        "The mandate cannot be published yet: fields, stages, both ends of the ticket and "
        "instruments have to be said."
    )


class MandateFixed(DomainError):
    """A version that was published is to be changed."""

    code = "mandate_fixed"
    sentence = _l("A published version is never changed. Begin the next version instead.")


class DraftExists(DomainError):
    """A second draft is begun beside the first one."""

    code = "mandate_draft_exists"
    sentence = _l("There is a draft of this mandate already. Change that one.")


class NoMoneySought(DomainError):
    """A need that asks for no funding is to say what it asks of funds."""

    code = "no_money_sought"
    sentence = _l("This need does not ask for funding.")


class AskUnfit(DomainError):
    """Parts of what is asked of a fund do not fit each other."""

    code = "funding_ask_unfit"
    status = 422
    sentence = _l("The parts have to be smaller than the amount that is sought.")


class DealNotBegun(DomainError):
    """The fund has not accepted the request, or no money is asked for."""

    code = "deal_not_begun"
    sentence = _l("A deal begins when the fund accepts a request for money.")


class StepUnknown(DomainError):
    """A deal is to go where the fund has no step."""

    code = "deal_step_unknown"
    status = 422
    sentence = _l("Choose one of your own steps.")


class StepsUnfit(DomainError):
    """There are too many steps, one is too long, or one is there twice."""

    code = "deal_steps_unfit"
    status = 422
    sentence = _l("At most %(most)s different steps, each of at most %(length)s characters.")


class PassReasonMissing(DomainError):
    """Passing needs a reason by its code, and words that are not too long."""

    code = "pass_reason_missing"
    status = 422
    sentence = _l("Say why, and keep the words short.")


class AssigneeUnfit(DomainError):
    """Somebody who does not act for the fund is to look after its deal."""

    code = "assignee_unfit"
    status = 422
    sentence = _l("Choose somebody who acts for your fund.")


class NoFund(DomainError):
    """The provider is a mentor or a centre."""

    code = "no_fund"
    sentence = _l("This provider is not a fund.")
