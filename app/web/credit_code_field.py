"""The form field for a unified social credit code."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.words.credit_codes import word_credit_code_problem
from models.canonical import canonical_line
from models.credit_code import CreditCode, CreditCodeInvalid

# Longer than anybody types with blanks and hyphens; the rest is not looked at.
_READ_CHARACTERS = 100


class CreditCodeField(StringField):  # type: ignore[misc]
    """A credit code, however it is typed; None where nothing is. What is none stays as typed."""

    def __init__(self, label: object = None, **options: Any) -> None:
        options.setdefault("render_kw", {"autocomplete": "off", "spellcheck": "false"})
        options.setdefault(
            "description",
            _l(
                "The 18 characters on the business licence. The same organisation is recognised "
                "by it, whatever name it goes by."
            ),
        )
        super().__init__(label or _l("Unified social credit code"), **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the code. Raises ValueError with what is wrong, in words."""
        if not valuelist:
            return
        self.data = None
        typed = canonical_line(valuelist[0][:_READ_CHARACTERS])
        if not typed:
            return
        try:
            self.data = CreditCode(typed)
        except CreditCodeInvalid as error:
            raise ValueError(word_credit_code_problem(error)) from None

    def _value(self) -> str:
        if self.raw_data:
            return canonical_line(self.raw_data[0])
        return "" if self.data is None else str(self.data)
