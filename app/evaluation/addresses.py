"""The addresses on this site to which this room's notices and mails lead."""

from models.engagements import Engagement
from models.evaluation import EvaluationObjection
from models.providers import Provider


def address_of_end_feedback(engagement: Engagement) -> str:
    """The page on which a side says how an engagement was."""
    return f"/engagements/{engagement.public_id}/end-feedback"


def address_of_evaluation(provider: Provider) -> str:
    """The evaluation of a provider."""
    return f"/providers/{provider.public_id}/evaluation"


def address_of_objection(objection: EvaluationObjection) -> str:
    """The page on which an objection is answered."""
    return f"/objections/{objection.public_id}"
