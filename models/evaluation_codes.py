"""The codes of feedback at the end of engagements and of evaluations."""

from enum import StrEnum


class GoalReached(StrEnum):
    """Whether an engagement reached what it was asked for."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Fit(StrEnum):
    """Whether the two sides fit together, as one of them thinks after the first meeting."""

    GOOD = "good"
    UNSURE = "unsure"
    POOR = "poor"


class EvaluationFigure(StrEnum):
    """What of an evaluation can be objected to."""

    ANSWERS = "answers"
    SESSIONS = "sessions"
    FEEDBACK = "feedback"
    GOALS = "goals"
    BREADTH = "breadth"
