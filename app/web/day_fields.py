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
# 28 November 2026, as English pages write it, and Nov 28, 2026: the month has its name.
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
)
_NAMED: Final = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th)? )?(?:of )?(?P<month>[a-z]{3,9})\.?"
    r"(?(day)| (?P<later>[0-9]{1,2})(?:st|nd|rd|th)?),? (?P<year>[0-9]{4})",
    re.IGNORECASE,
)
_LONG_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december", "sept"),
)

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
        elif (found := _NAMED.fullmatch(typed)) and (number := _count_month(found["month"])):
            year, month, day = found["year"], number, found["day"] or found["later"]
        else:
            raise ValueError(_("Give a day as year-month-day, such as 2026-11-24."))
        try:
            self.data = date(int(year), int(month), int(day))
        except ValueError:
            raise ValueError(_("There is no such day in the calendar.")) from None


def _count_month(name: str) -> int | None:
    """Which month of the year is called `name`, in English; None for none."""
    folded = name.lower()
    if folded not in _MONTHS and folded not in _LONG_MONTHS:
        return None
    return _MONTHS.index(folded[:3]) + 1
