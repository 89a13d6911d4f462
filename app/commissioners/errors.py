"""What the rules for finance commissioners forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class CommissionerKnown(DomainError):
    """A second appointment of one person by one incubator is to be begun."""

    code = "commissioner_known"
    sentence = _l("This person is a commissioner of the incubator, or is asked to be.")


class CommissionerUnfit(DomainError):
    """An offer or application says what it cannot."""

    code = "commissioner_unfit"
    status = 422
    sentence = _l(
        "Give a name, an institution and an address for mail, and a last day that is to come."
    )


class AnswerTooLate(DomainError):
    """An offer, application or suggestion is to be accepted after the last day for an answer."""

    code = "commissioner_answer_too_late"
    sentence = _l("The last day for an answer is over. It can be asked again.")


class OneSided(DomainError):
    """Somebody is to decide about what they asked themselves."""

    code = "one_sided"
    sentence = _l("The other side has to decide: nobody agrees with themselves.")


class QuotaFull(DomainError):
    """The incubator has as many commissioners of the kind as it set."""

    code = "commissioner_quota_full"
    sentence = _l("The incubator has as many commissioners of this kind as it wants.")


class CompaniesFull(DomainError):
    """The commissioner has as many companies as they take."""

    code = "commissioner_companies_full"
    sentence = _l("This commissioner has as many companies as they take.")


class NotYetTheirs(DomainError):
    """A company is to be taken into the care of somebody who is no commissioner now."""

    code = "commissioner_not_active"
    sentence = _l("This commissioner is not active.")


class StartupElsewhere(DomainError):
    """A startup is to have the commissioner of an incubator that does not host it."""

    code = "startup_elsewhere"
    status = 422
    sentence = _l("Choose a startup that this incubator hosts.")


class CareKnown(DomainError):
    """A startup is to be given or asked for a second time."""

    code = "care_known"
    sentence = _l("This startup is with this commissioner, or is asked to be.")


class CareOver(DomainError):
    """A case is to be opened or changed while the startup is not in the commissioner's care."""

    code = "care_not_active"
    sentence = _l("The startup is not in the care of this commissioner.")


class CaseUnfit(DomainError):
    """A case says what it cannot."""

    code = "case_unfit"
    status = 422
    sentence = _l("An amount has to be above nothing, and a product one of the incubator's.")
