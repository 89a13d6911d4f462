"""How requests are answered: what a provider said, and the rules that an incubator sets."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.erasure import erasure_empties
from models.orm import Base, UtcDateTime, code_type
from models.vocabulary import DeclineReason

# Working hours until a request expires: three days, on which offices in China are open.
ANSWER_HOURS = 72
# So many requests in a row without an answer, and the provider is asked no more.
SILENCES = 3
# How many answers a startup may wait for at the same time: some four providers for each of three
# needs. Whoever asks everybody is heard by nobody, and keeps others from free places.
OPEN_REQUESTS = 12

ANSWER_HOURS_RANGE = (8, 720)
SILENCES_RANGE = (1, 20)
OPEN_REQUESTS_RANGE = (1, 100)


class EngagementAnswer(Base):
    """What the provider said when it accepted or declined.

    The words of a decline are the engagement's reason; `words` are those of an acceptance.
    """

    __tablename__ = "engagement_answer"

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    decline_reason: Mapped[DeclineReason | None] = mapped_column(
        code_type(DeclineReason, "decline_reason")
    )
    words: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())


class RequestRules(Base):
    """What an incubator asks of requests by its startups; without a row the defaults hold."""

    __tablename__ = "request_rules"
    __table_args__ = (
        CheckConstraint("answer_hours BETWEEN 8 AND 720", name="answer_hours"),
        CheckConstraint("silences BETWEEN 1 AND 20", name="silences"),
        CheckConstraint("open_requests BETWEEN 1 AND 100", name="open_requests"),
    )

    incubator_id: Mapped[int] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), primary_key=True
    )
    answer_hours: Mapped[int] = mapped_column(default=ANSWER_HOURS)
    silences: Mapped[int] = mapped_column(default=SILENCES)
    open_requests: Mapped[int] = mapped_column(default=OPEN_REQUESTS)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
