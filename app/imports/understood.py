"""What a row was understood as: for a preview on the page, and for programs."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from flask_babel import gettext as _

from app.imports.column_shapes import Column, Shape
from app.imports.planning import Plan
from app.imports.problems import Problem
from app.words.labels import get_label
from app.words.localisation import list_words
from app.words.places import name_place_in_full
from models.folding import fold_to_letters
from models.imports import RowOutcome


def show_value(column: Column, value: object) -> str:
    """A value in the words of the reader: a place with its city and province, a list as a list."""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case StrEnum():
            return str(get_label(value))
        case tuple():
            return list_words(show_value(column, item) for item in value)
        case _ if column.shape is Shape.PLACE:
            return name_place_in_full(str(value))
        case _:
            return str(value)


def is_changed(cell: str, shown: str) -> bool:
    """Whether what is shown says something else than the cell, beyond blanks and punctuation."""
    return fold_to_letters(cell) != fold_to_letters(shown)


def describe_outcome(plan: Plan) -> str:
    """The outcome of a row for programs: new, changed, same, doubtful or wrong.

    Doubtful needs somebody's answer; wrong cannot be taken.
    """
    return name_outcome(plan.outcome, plan.problems)


def name_outcome(outcome: RowOutcome, problems: Iterable[Problem]) -> str:
    """The same of a row that is stored, with what was said of it."""
    match outcome:
        case RowOutcome.CREATE:
            return "new"
        case RowOutcome.UPDATE:
            return "changed"
        case RowOutcome.UNCHANGED:
            return "same"
        case RowOutcome.REFUSED:
            blocking = [problem for problem in problems if not problem.is_note]
            return "doubtful" if all(p.is_question for p in blocking) else "wrong"


def write_values(values: Mapping[str, object]) -> dict[str, object]:
    """The values as JSON has them: codes as texts, lists as lists."""
    return {name: _write(value) for name, value in values.items()}


def _write(value: object) -> object:
    match value:
        case bool() | int():
            return value
        case tuple():
            return [_write(item) for item in value]
        case _:
            return str(value)
