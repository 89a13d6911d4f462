"""The question that is open within a request, and its end with the request."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.engagements import Engagement
from models.lifecycle import QUESTION
from models.questions import EngagementQuestion

# Each question stops the clock: without a limit a request would never end.
QUESTIONS_LIMIT = 5

# Of working time, that a reply leaves the provider at least.
LEAST_MINUTES = 60


def find_open_question(session: Session, engagement: Engagement) -> EngagementQuestion | None:
    """What the provider has asked back and was not told yet."""
    return session.scalar(
        select(EngagementQuestion).where(
            EngagementQuestion.engagement_id == engagement.id, EngagementQuestion.state == "asked"
        )
    )


def let_lapse(session: Session, engagement: Engagement) -> bool:
    """The request is over, and so is a question that waited for a reply; whether there was one."""
    question = find_open_question(session, engagement)
    if question is None:
        return False
    question.state = QUESTION.follow("lapse", question.state)
    session.flush()
    return True
