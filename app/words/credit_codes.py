"""What is wrong with a text that should be a credit code, in the reader's language."""

from flask_babel import gettext as _

from models.credit_code import LENGTH, CreditCodeInvalid, CreditCodeProblem


def word_credit_code_problem(error: CreditCodeInvalid) -> str:
    """What to look at, for whoever typed the code."""
    match error.problem:
        case CreditCodeProblem.LENGTH:
            return _(
                "A credit code has %(length)s characters; there are %(count)s here.",
                length=LENGTH,
                count=error.length,
            )
        case CreditCodeProblem.CHARACTER:
            return _(
                "A credit code has only digits and letters other than I, O, S, V and Z; the "
                "character in place %(place)s is “%(character)s”.",
                place=error.place,
                character=error.character,
            )
        case CreditCodeProblem.DIVISION:
            return _(
                "Places 3 to 8 of a credit code are digits; the character in place %(place)s is "
                "“%(character)s”.",
                place=error.place,
                character=error.character,
            )
        case CreditCodeProblem.ORGANISATION:
            return _(
                "This is no credit code: its check at place 17 does not fit. Compare places 9 to "
                "17 with the business licence."
            )
        case CreditCodeProblem.CHECK:
            return _(
                "This is no credit code: its check at the end does not fit. Compare it with the "
                "business licence."
            )
