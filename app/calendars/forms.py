"""What a provider types of its time: weekly hours, limits, days that differ."""

from collections.abc import Iterator, Sequence
from datetime import time
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.accounts.forms import TimeZoneField
from app.calendars.values import AvailabilityValues, DayHours, Difference
from app.web.day_fields import DayField
from app.web.form_fields import (
    CanonicalTextField,
    CodeField,
    Required,
    VersionField,
    WebAddressField,
)
from app.web.number_fields import WholeNumberField
from app.web.time_fields import TimeOfDayField
from app.words.kind_words import KindWords
from models.calendars import (
    BUFFERS,
    DAY_MINUTES,
    HORIZON_DAYS_RANGE,
    LINK_LIMIT,
    MONTH_LIMIT_RANGE,
    NOTICE_HOURS_RANGE,
    SOURCE_URL_LIMIT,
    WEEK_LIMIT_RANGE,
    Availability,
    ExceptionKind,
)
from models.people import Person

# Two stretches a day are what people have; the API takes more.
_STRETCHES: Final = 2
_NOT_IN_LIST = _l("Choose from the list.")


class QuarterField(TimeOfDayField):
    """A time of day on a quarter of an hour; an end at midnight is typed as 00:00."""

    def __init__(self, label: object, **options: Any) -> None:
        super().__init__(
            label,
            [Optional()],
            # Browsers then offer quarters of an hour.
            render_kw={"step": 900},
            **options,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time. Raises ValueError with the message."""
        super().process_formdata(valuelist)
        if self.data is not None and self.data.minute % 15:
            raise ValueError(_("Give a quarter of an hour, such as 14:30 or 14:45."))

    @property
    def minute(self) -> int:
        """Minutes after midnight."""
        return self.data.hour * 60 + self.data.minute if self.data else 0


def _read_stretch(begins: QuarterField, ends: QuarterField) -> tuple[int, int] | None:
    """From when to when; None where nothing was typed or it is marked as wrong."""
    if begins.errors or ends.errors or (begins.data is None and ends.data is None):
        return None
    if begins.data is None or ends.data is None:
        missing = begins if begins.data is None else ends
        missing.errors = [*missing.errors, _("Give both, from when to when.")]
        return None
    last = ends.minute or DAY_MINUTES
    if last <= begins.minute:
        ends.errors = [*ends.errors, _("The end has to come after the beginning.")]
        return None
    return begins.minute, last


class AvailabilityForm(FlaskForm):  # type: ignore[misc]
    """When the provider can be met in every week, and within which limits."""

    time_zone = TimeZoneField()
    host = SelectField(
        _l("Who is met"),
        coerce=int,
        description=_l("Only the calendar of this person is looked at."),
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    buffer_minutes = SelectField(
        _l("Time between two sessions"),
        coerce=int,
        choices=lambda: [
            SelectChoice(value=m, label=_("%(minutes)s minutes", minutes=m)) for m in BUFFERS
        ],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    week_limit = WholeNumberField(
        _l("Sessions a week at most"), low=WEEK_LIMIT_RANGE[0], high=WEEK_LIMIT_RANGE[1]
    )
    month_limit = WholeNumberField(
        _l("Sessions a month at most"), low=MONTH_LIMIT_RANGE[0], high=MONTH_LIMIT_RANGE[1]
    )
    notice_hours = WholeNumberField(
        _l("Hours ahead at least"),
        [Required(_l("Say how many."))],
        low=NOTICE_HOURS_RANGE[0],
        high=NOTICE_HOURS_RANGE[1],
        description=_l("Nobody books a time that begins sooner."),
    )
    horizon_days = WholeNumberField(
        _l("Days ahead at most"),
        [Required(_l("Say how many."))],
        low=HORIZON_DAYS_RANGE[0],
        high=HORIZON_DAYS_RANGE[1],
    )
    link = WebAddressField(
        _l("Link to the meeting"),
        limit=LINK_LIMIT,
        description=_l("What a booked time has unless the startup gives another."),
    )
    place = CanonicalTextField(_l("Place or telephone number"))
    version = VersionField()

    def set_words(self, words: KindWords) -> None:
        """Ask as the kind of provider is met: who is only come to has no address of the web."""
        for field, text in (
            (self.host, words.host),
            (self.buffer_minutes, words.between),
            (self.week_limit, words.week_limit),
            (self.month_limit, words.month_limit),
        ):
            field.label.text = text
        if words.link is None:
            del self.link
            self.place.label.text = _("Place")
        else:
            self.link.label.text = words.link

    def set_members(self, members: Sequence[Person]) -> None:
        """Offer the people of the provider; who is alone is not asked."""
        if len(members) < 2:
            del self.host
        else:
            self.host.choices = [SelectChoice(value=each.id, label=each.name) for each in members]

    def list_days(self) -> Iterator[tuple[int, list[tuple[Any, Any]]]]:
        """Each weekday with the fields of its stretches."""
        for weekday in range(7):
            yield (
                weekday,
                [
                    (self[f"begins_{weekday}_{number}"], self[f"ends_{weekday}_{number}"])
                    for number in range(_STRETCHES)
                ],
            )

    def fill_from(self, values: AvailabilityValues, availability: Availability | None) -> None:
        """Show what is stored."""
        self.time_zone.data = values.time_zone
        self.buffer_minutes.data = values.buffer_minutes
        self.week_limit.data = values.week_limit
        self.month_limit.data = values.month_limit
        self.notice_hours.data = values.notice_hours
        self.horizon_days.data = values.horizon_days
        if self.link is not None:
            self.link.data = values.link
        self.place.data = values.place
        self.version.process_data(None if availability is None else availability.version)
        if self.host is not None:
            self.host.data = values.host_id
        for weekday, stretches in self.list_days():
            stored = [each for each in values.hours if each.weekday == weekday]
            for (begins, ends), hours in zip(stretches, stored, strict=False):
                begins.data = _make_clock(hours.begins)
                ends.data = _make_clock(hours.ends)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field alone, then each stretch."""
        valid = bool(super().validate(extra_validators))
        self.hours = []
        for weekday, stretches in self.list_days():
            for begins, ends in stretches:
                if stretch := _read_stretch(begins, ends):
                    self.hours.append(DayHours(weekday, *stretch))
        return valid and not self.errors

    hours: list[DayHours]

    def read(self, *, host_id: int | None) -> AvailabilityValues:
        """What was typed, once it is valid; `host_id` is kept where nobody was asked."""
        return AvailabilityValues(
            time_zone=self.time_zone.data,
            hours=tuple(self.hours),
            buffer_minutes=self.buffer_minutes.data,
            week_limit=self.week_limit.data,
            month_limit=self.month_limit.data,
            notice_hours=self.notice_hours.data or 0,
            horizon_days=self.horizon_days.data or 0,
            place=self.place.data,
            link=self.link.data if self.link is not None else "",
            host_id=self.host.data if self.host is not None else host_id,
        )


def _make_clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


for _weekday in range(7):
    for _number in range(_STRETCHES):
        setattr(AvailabilityForm, f"begins_{_weekday}_{_number}", QuarterField(_l("From")))
        setattr(AvailabilityForm, f"ends_{_weekday}_{_number}", QuarterField(_l("To")))


class ExceptionForm(FlaskForm):  # type: ignore[misc]
    """Days that differ; without times the whole days."""

    kind = CodeField(_l("What is different"), ExceptionKind)
    first_on = DayField(_l("First day"), [InputRequired(_l("Choose a day."))])
    last_on = DayField(
        _l("Last day"), [Optional()], description=_l("Leave it empty if it is one day.")
    )
    begins = QuarterField(_l("From"))
    ends = QuarterField(_l("To"), description=_l("Without times the whole days count."))

    difference: Difference

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field alone, then the days and the times together."""
        if not super().validate(extra_validators):
            return False
        last_on = self.last_on.data or self.first_on.data
        if last_on < self.first_on.data:
            self.last_on.errors = [_("The last day cannot come before the first.")]
            return False
        stretch = _read_stretch(self.begins, self.ends)
        if self.errors:
            return False
        begins, ends = stretch or (0, DAY_MINUTES)
        self.difference = Difference(self.kind.data, self.first_on.data, last_on, begins, ends)
        return True


class SourceForm(FlaskForm):  # type: ignore[misc]
    """The address of a calendar elsewhere."""

    url = CanonicalTextField(
        _l("Address of the calendar (iCalendar, .ics)"),
        [Required(_l("Give the address of the calendar."))],
        limit=SOURCE_URL_LIMIT,
        description=_l(
            "Your calendar program calls it a private, secret or published address. It begins with "
            "https:// or webcal://"
        ),
    )
