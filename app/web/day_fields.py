"""The form field for a day."""

import re
from datetime import date
from typing import Final

from flask_babel import gettext as _
from wtforms import DateField

from app.web.typed_fields import ShownAsTyped

# 2027-2-8, 2027/2/8, 2027.2.8, 2027年2月8日: with the year first nothing has to be guessed.
_SIGNS: Final = re.compile(r"([0-9]{4}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
_WORDS: Final = re.compile(r"([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]?")

# What keyboards in Chinese mode type.
_FULL_WIDTH: Final = {0xFEE0 + code: chr(code) for code in b"0123456789-/."} | {
    ord("−"): "-",
    ord("\u3000"): " ",
}


class DayField(ShownAsTyped, DateField):  # type: ignore[misc]
    """A day as people write it, the year first, with our own message for what is none."""

    length = len("2026-11-24")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; nothing typed is None. Raises ValueError with the message."""
        if not valuelist:
            return
        self.data = None
        if not valuelist[0].strip():
            return
        typed = " ".join(valuelist[0].translate(_FULL_WIDTH).split())
        if found := _SIGNS.fullmatch(typed):
            year, _sign, month, day = found.groups()
        elif found := _WORDS.fullmatch(typed):
            year, month, day = found.groups()
        else:
            raise ValueError(_("Give a day as year-month-day, such as 2026-11-24."))
        try:
            self.data = date(int(year), int(month), int(day))
        except ValueError:
            raise ValueError(_("There is no such day in the calendar.")) from None
