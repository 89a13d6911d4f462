"""What is typed of instruments and slots. Days and times are those of China."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from app.clock import CHINA
from app.verification.rules import InstrumentValues, Span, make_span
from app.web.day_fields import DayField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    PublicIdField,
    Required,
    VersionField,
)
from app.web.number_fields import DAYS, HOURS, MINUTES, WholeNumberField
from models.instruments import (
    DAY_MINUTES,
    INSTRUMENT_LIMIT,
    LONGEST_MINUTES,
    MOST_HORIZON_DAYS,
    MOST_MISSED,
    MOST_NOTICE_HOURS,
    MOST_PLACES,
    SLOT_NOTE_LIMIT,
    STEP_MINUTES,
)

_FILLED = _l("Please fill this in.")
_HALF_HOURS = _l("In minutes, whole half hours: 30, 60, 90 and so on.")
_HOURS_A_DAY = 24


def _make_number(
    label: Any, low: int, high: int, *, hint: Any = "", units: Sequence[str] = ()
) -> WholeNumberField:
    return WholeNumberField(
        label, [Required(_FILLED)], low=low, high=high, units=units, description=hint
    )


class InstrumentForm(FlaskForm):  # type: ignore[misc]
    """An instrument and its rules."""

    name = CanonicalTextField(_l("Lab instrument"), [Required(_FILLED)], limit=INSTRUMENT_LIMIT)
    description = CanonicalAreaField(
        _l("What it can do, and what to bring"), limit=SLOT_NOTE_LIMIT, rows=3
    )
    is_open = BooleanField(_l("Takes new slots"))
    places = _make_number(
        _l("Number of places"),
        1,
        MOST_PLACES,
        hint=_l("How many orders it takes at the same time."),
    )
    least_minutes = _make_number(
        _l("Shortest slot"), STEP_MINUTES, LONGEST_MINUTES, hint=_HALF_HOURS, units=MINUTES
    )
    most_minutes = _make_number(
        _l("Longest slot"), STEP_MINUTES, LONGEST_MINUTES, hint=_HALF_HOURS, units=MINUTES
    )
    opens_hour = _make_number(
        _l("Attended from, hour of the day"),
        0,
        _HOURS_A_DAY - 1,
        hint=_l("Slots begin and end between these hours, by the clock of China."),
    )
    closes_hour = _make_number(_l("Attended to, hour of the day"), 1, _HOURS_A_DAY)
    is_weekdays_only = BooleanField(_l("From Monday to Friday alone"))
    notice_hours = _make_number(_l("Hours ahead at least"), 0, MOST_NOTICE_HOURS, units=HOURS)
    horizon_days = _make_number(_l("Days ahead at most"), 1, MOST_HORIZON_DAYS, units=DAYS)
    day_minutes = WholeNumberField(
        _l("Minutes a day for one startup at most"),
        low=STEP_MINUTES,
        high=DAY_MINUTES,
        units=MINUTES,
        description=_l("Nothing: no limit."),
    )
    cancel_hours = _make_number(
        _l("Cancelled for nothing, hours ahead"),
        0,
        MOST_NOTICE_HOURS,
        units=HOURS,
        hint=_l("Who cancels later is counted like one who does not come."),
    )
    most_missed = WholeNumberField(
        _l("Missed slots in ninety days at most"),
        low=1,
        high=MOST_MISSED,
        description=_l("After so many a startup has to ask you before it books. Nothing: no rule."),
    )
    version = VersionField()

    def fill_from(self, values: InstrumentValues, version: int | None = None) -> None:
        """Show what is stored, or what a new instrument begins with."""
        for name in _COPIED:
            self[name].data = getattr(values, name)
        self.opens_hour.data = values.opens_minute // 60
        self.closes_hour.data = values.closes_minute // 60
        self.version.process_data(version)

    def get_values(self) -> InstrumentValues:
        """What was typed, once it is valid."""
        return InstrumentValues(
            **{name: self[name].data for name in _COPIED},
            opens_minute=60 * (self.opens_hour.data or 0),
            closes_minute=60 * (self.closes_hour.data or 0),
        )


_COPIED = (
    "name",
    "description",
    "is_open",
    "places",
    "least_minutes",
    "most_minutes",
    "is_weekdays_only",
    "notice_hours",
    "horizon_days",
    "day_minutes",
    "cancel_hours",
    "most_missed",
)


class OutageForm(FlaskForm):  # type: ignore[misc]
    """Whole days on which an instrument cannot be used."""

    first_on = DayField(_l("First day"), [InputRequired(_l("Choose a day."))])
    last_on = DayField(_l("Last day"), [InputRequired(_l("Choose a day."))])
    reason = CanonicalTextField(_l("Why"), limit=INSTRUMENT_LIMIT)

    def get_span(self) -> Span | None:
        """The days, once they are valid; None, said beside the field, where they are turned."""
        span = make_days(self.first_on.data, self.last_on.data)
        if span is None:
            self.last_on.errors = [_("The last day cannot come before the first.")]
        return span


class SlotForm(FlaskForm):  # type: ignore[misc]
    """A time that was picked from those that were free."""

    instrument = PublicIdField()
    starts_at = StringField()
    minutes = WholeNumberField(low=STEP_MINUTES, high=LONGEST_MINUTES)

    def get_span(self) -> Span | None:
        """What was picked; None for what no page of ours offers."""
        return read_span(self.starts_at.data or "", self.minutes.data)


class WishForm(FlaskForm):  # type: ignore[misc]
    """Between which days a slot is waited for."""

    instrument = PublicIdField()
    minutes = _make_number(
        _l("Length"), STEP_MINUTES, LONGEST_MINUTES, hint=_HALF_HOURS, units=MINUTES
    )
    first_on = DayField(_l("First day"), [InputRequired(_l("Choose a day."))])
    last_on = DayField(_l("Last day"), [InputRequired(_l("Choose a day."))])

    def get_span(self) -> Span | None:
        """The days, once they are valid; None, said beside the field, where they are turned."""
        span = make_days(self.first_on.data, self.last_on.data)
        if span is None:
            self.last_on.errors = [_("The last day cannot come before the first.")]
        return span


def make_days(first: date, last: date) -> Span | None:
    """From the beginning of the first day to the end of the last one; None where they cannot be."""
    if last < first or not date(2000, 1, 1) < first or not last < date(2200, 1, 1):
        return None
    return Span(
        datetime.combine(first, time(), CHINA).astimezone(UTC),
        datetime.combine(last + timedelta(days=1), time(), CHINA).astimezone(UTC),
    )


def read_span(starts_at: str, minutes: int | None) -> Span | None:
    """A moment with its zone and a length; None where they cannot be read."""
    try:
        begins = datetime.fromisoformat(starts_at)
        if begins.tzinfo is None or minutes is None:
            return None
        return make_span(begins, minutes)
    except (ValueError, OverflowError):
        return None
