"""What to ask about a number that may be meant in two ways, in the reader's language."""

from flask_babel import gettext as _

from app.words.numbers import NumberProblem


def word_number_problem(problem: NumberProblem) -> str:
    """The question; "" for a text that is no number at all, of which each place says its own."""
    match problem:
        case NumberProblem.DECIMAL_COMMA:
            return _(
                "A comma groups thousands here (1,000). If a decimal point is meant, write a "
                "point: 2.5"
            )
        case NumberProblem.GROUPING_POINT:
            return _(
                "This can be read in two ways. Write thousands as 1000 or 1,000, and decimals "
                "without zeros behind them."
            )
        case NumberProblem.RANGE:
            return _("This can be more than one number. Give one.")
        case NumberProblem.PERCENT:
            return _("This is a percentage. Give the number itself.")
        case NumberProblem.OTHER_CURRENCY:
            return _("Give the amount in CNY: other currencies are not converted.")
        case NumberProblem.NO_NUMBER:
            return ""
