"""What the rules for feedback at the end, and for evaluations, forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class FeedbackRevealed(DomainError):
    """Both sides can read it, so nothing is added or changed."""

    code = "feedback_revealed"
    sentence = _l("Both sides can read the feedback now, so it can no longer be given or changed.")


class FeedbackTooLate(DomainError):
    """The engagement has been over for too long."""

    code = "feedback_too_late"
    sentence = _l("Feedback can be given for %(days)s days after the end of an engagement.")


class ObjectionOpen(DomainError):
    """The same figure was objected to, and is not answered yet."""

    code = "objection_open"
    sentence = _l("You have objected to this already. Wait for the answer.")


class NotInPool(DomainError):
    """The provider does not stand in the pool of the incubator whose operators should answer."""

    code = "not_in_pool"
    status = 422
    sentence = _l("Choose an incubator in whose pool you are.")
