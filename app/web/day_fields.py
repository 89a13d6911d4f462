"""The form field for a day."""

from flask_babel import gettext as _
from wtforms import DateField


class DayField(DateField):  # type: ignore[misc]
    """A day, with our own message for what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises ValueError with the message."""
        if not valuelist or not valuelist[0].strip():
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Give a day as year-month-day, such as 2026-11-24.")) from None
