"""The shapes of what is said and of what comes of it."""

from dataclasses import dataclass
from datetime import datetime

from app.engagements.queries.missed_times import MissedCounts
from models.evaluation_codes import GoalReached
from models.vocabulary import ProviderKind, Side


@dataclass(frozen=True, slots=True)
class EndFeedback:
    """What one side says at the end; ratings from 1 (poor) to 5 (excellent)."""

    usefulness: int
    goal_reached: GoalReached
    would_meet_again: bool
    understanding: int | None = None
    reliability: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class GivenFeedback:
    """What a viewer reads of it. `comment` is "" for whom it is not for."""

    side: Side
    said: EndFeedback
    given_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class EndFeedbackView:
    """What a viewer sees of the feedback on one engagement, and may do.

    `own` is what the viewer's side said, `gave` which sides have spoken. `closes_at` is when what
    was said is revealed whatever the other side does; None before anybody spoke.
    """

    own: GivenFeedback | None
    shown: tuple[GivenFeedback, ...]
    gave: frozenset[Side]
    is_revealed: bool
    may_give: bool
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one engagement adds to an evaluation. `ratings` are those that its provider can read."""

    engagement_public_id: str
    need_title: str | None
    startup_name: str | None
    requested_at: datetime
    state: str
    answer_hours: float | None
    sessions: int
    hours: float
    ratings: tuple[int, ...]
    goal_reached: GoalReached | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one provider.

    `asked` are requests that were answered or expired. `answer_hours` is the median. `rating` is
    the plain mean of `ratings` answers by startups, `weighed` the one that few answers cannot carry
    far (`shrinking`). Goals are those of the startups. `missed` are times that the provider did not
    keep; they do not weigh on the rating.
    """

    kind: ProviderKind
    asked: int
    answered: int
    answer_hours: float | None
    sessions: int
    hours: float
    ratings: int
    rating: float | None
    weighed: float
    goals_reached: int
    goals_partly: int
    goals_told: int
    would_meet_again: int
    startups: int
    fields: int
    missed: MissedCounts

    @property
    def answer_rate(self) -> float | None:
        """The part of requests that were answered, from 0 to 1."""
        return self.answered / self.asked if self.asked else None
