"""The words of this room: goals, fits, figures, objections, and what people are told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.evaluation_codes import EvaluationFigure, Fit, GoalReached

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        GoalReached: {
            GoalReached.YES: Word(_l("Yes")),
            GoalReached.PARTLY: Word(_l("Partly")),
            GoalReached.NO: Word(_l("No")),
        },
        Fit: {
            Fit.GOOD: Word(_l("Yes, let us go on")),
            Fit.UNSURE: Word(_l("Not sure yet")),
            Fit.POOR: Word(_l("No, somebody else would fit better")),
        },
        EvaluationFigure: {
            EvaluationFigure.ANSWERS: Word(_l("Answers to requests")),
            EvaluationFigure.SESSIONS: Word(_l("Times held, and hours")),
            EvaluationFigure.FEEDBACK: Word(_l("Feedback of startups")),
            EvaluationFigure.GOALS: Word(_l("Goals reached")),
            EvaluationFigure.BREADTH: Word(_l("Breadth")),
        },
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "objection": {
            "open": Word(_l("Waits for an answer"), Tone.WAITS),
            "answered": Word(_l("Answered"), Tone.FITS),
            "withdrawn": Word(_l("Withdrawn"), Tone.OVER),
        }
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "end_feedback_wanted": NoticeWording(
            _l("How was the engagement? %(need)s"),
            _l(
                "The other side has said how the engagement about “%(need)s” was. Say it too "
                "within seven days: both of you then read it at the same time."
            ),
        ),
        "end_feedback_revealed": NoticeWording(
            _l("Both sides have said how it was: %(need)s"),
            _l("You can now read what the other side says of the engagement about “%(need)s”."),
        ),
        "fit_is_poor": NoticeWording(
            _l("Two who do not fit: %(need)s"),
            _l(
                "%(startup)s finds that somebody else than %(provider)s would fit better for "
                "“%(need)s”, after a first time together. Perhaps you can help."
            ),
        ),
        "evaluation_objected": NoticeWording(
            _l("%(provider)s objects to its evaluation: %(figure)s"),
            _l("%(provider)s finds “%(figure)s” wrong. Please answer: %(words)s"),
        ),
        "objection_answered": NoticeWording(
            _l("%(incubator)s answered your objection"),
            _l(
                "You objected to “%(figure)s” in your evaluation. It was looked into, and this is"
                " the answer: %(answer)s"
            ),
        ),
    }
)
