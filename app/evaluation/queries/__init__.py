"""Reads of this room: feedback at the end, evaluations, objections, what waits."""

from app.evaluation.queries.ending import find_ended, find_fit, get_end_feedback, list_given
from app.evaluation.queries.figures import evaluate, list_contributions
from app.evaluation.queries.objections import (
    find_objection,
    list_objections,
    list_pool,
)

__all__ = [
    "evaluate",
    "find_ended",
    "find_fit",
    "find_objection",
    "get_end_feedback",
    "list_contributions",
    "list_given",
    "list_objections",
    "list_pool",
]
