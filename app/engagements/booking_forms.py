"""The shape of what is typed to book a free time, and to offer some."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.calendars.local_times import (
    FURTHEST,
    LocalTimeRepeated,
    LocalTimeSkipped,
    is_session_span,
    resolve_local,
)
from app.clock import now
from app.engagements.forms import LINK_LIMIT, word_length
from app.engagements.queries.booking import FreeDay
from app.web.day_fields import DayField
from app.web.form_fields import CanonicalTextField, WebAddressField
from app.web.presentation import show_clock, show_full_day
from app.web.reader import select_time_zone
from app.web.time_fields import TimeOfDayField
from app.words.kind_words import KindWords
from models.calendars import LENGTHS, MOST_OFFERED
from models.people import Person

_NOT_IN_LIST = _l("Choose from the list.")


def read_moment(text: str) -> datetime | None:
    """A moment in UTC as our pages name it; None for what is none, or in no calendar."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 2000 < moment.year < 9000 else None


def _make_people_field() -> SelectMultipleField:
    return SelectMultipleField(
        _l("Who comes from your startup"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Their time is taken. Your others see the time as well."),
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )


class _PeopleForm(FlaskForm):  # type: ignore[misc]
    """Who of the startup comes."""

    attendees = _make_people_field()

    def offer_people(self, people: Sequence[Person]) -> None:
        """Let `people` be chosen; whoever is alone is not asked."""
        self._people = people
        if len(people) < 2:
            del self.attendees
        else:
            self.attendees.choices = [
                SelectChoice(value=each.public_id, label=each.name) for each in people
            ]

    def tick(self, people: Iterable[Person]) -> None:
        """These are ticked beforehand."""
        if self.attendees is not None:
            self.attendees.data = [each.public_id for each in people]

    def get_people(self) -> list[Person]:
        """Who was chosen; [] where nobody was asked."""
        if self.attendees is None:
            return []
        return [each for each in self._people if each.public_id in (self.attendees.data or ())]


class AttendeesForm(_PeopleForm):
    """Who comes to a session that is planned."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody has to."""
        valid = bool(super().validate(extra_validators))
        if valid and self.attendees is not None and not self.attendees.data:
            self.attendees.errors = [_("Choose who comes.")]
            return False
        return valid


class _PlaceForm(FlaskForm):  # type: ignore[misc]
    """Where to meet."""

    link = WebAddressField(
        _l("Link to the meeting"),
        limit=LINK_LIMIT,
        description=_l("Leave it empty if you meet in person or by telephone."),
    )
    place = CanonicalTextField(
        _l("Place or telephone number"), description=_l("Give a place or a link, or both.")
    )

    def set_words(self, words: KindWords) -> None:
        """Ask as the kind of provider meets: who is only come to has no address of the web."""
        if words.link is None:
            del self.link
            self.place.label.text = _("Place")
            self.place.description = _("Where the sample or whoever brings it is expected.")
        else:
            self.link.label.text = words.link

    def get_link(self) -> str:
        """The address of the web that was given, "" where none was asked for."""
        return str(self.link.data or "") if self.link is not None else ""

    def _check_place(self) -> bool:
        if self.place.data or self.get_link() or (self.link is not None and self.link.errors):
            return True
        missing = (
            _("Say where, so that both know where to go.")
            if self.link is None
            else _("Give a place or a link, so that both know where to meet.")
        )
        self.place.errors = [*self.place.errors, missing]
        return False


class BookingForm(_PeopleForm, _PlaceForm):
    """Where to meet at a free time; empty is as the provider has set it."""

    # Whether it is free is seen when it is booked, as with any other time.
    instead = SelectField(_l("Another free time"), choices=[], validate_choice=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instead.flags.required = True

    @property
    def asks_instead(self) -> bool:
        """Whether it was sent with the question which time it is to be in place of one refused."""
        return bool(self.instead.raw_data)

    def choose_instead(self, starts_at: datetime) -> datetime:
        """The time that was chosen in place of `starts_at`; itself where none was."""
        return read_moment(self.instead.data or "") or starts_at

    def offer_instead(self, days: Iterable[FreeDay]) -> None:
        """Let one of the free times of `days` be chosen."""
        self.instead.choices = [
            SelectChoice(
                value=each.isoformat(), label=show_clock(each), optgroup=show_full_day(day.on)
            )
            for day in days
            for each in day.starts
        ]
        if self.instead.choices:
            self.instead.choices.insert(0, SelectChoice(value="", label=_("Choose one")))

    def validate(self, extra_validators: Any = None) -> bool:
        """Where another time is asked for, one has to be chosen."""
        valid = bool(super().validate(extra_validators))
        if self.asks_instead and read_moment(self.instead.data or "") is None:
            self.instead.errors = [_("Choose one of the free times.")]
            return False
        return valid

    def require_place(self) -> bool:
        """Whether something was given where the provider has set nothing; marked if not."""
        return self._check_place()


class OfferForm(_PlaceForm):
    """Up to five times by the clock of the reader. After it is valid, `starts` are in UTC."""

    minutes = SelectField(
        _l("Length"),
        coerce=int,
        default=60,
        choices=lambda: [SelectChoice(value=m, label=word_length(m)) for m in LENGTHS],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )

    starts: list[datetime]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = ZoneInfo(select_time_zone())
        for field in (self.minutes, *self.list_rows()[0]):
            field.flags.required = True

    def set_words(self, words: KindWords) -> None:
        """Where there is only a place, it is needed."""
        super().set_words(words)
        self.place.flags.required = self.link is None

    def list_rows(self) -> list[tuple[Any, Any]]:
        """The day and the clock of each time."""
        return [(self[f"on_{number}"], self[f"clock_{number}"]) for number in _NUMBERS]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field alone, then each moment, all of them and the place together."""
        valid = bool(super().validate(extra_validators))
        self.starts = []
        for on, clock in self.list_rows():
            if on.errors or clock.errors:
                continue
            if on.data and clock.data:
                self._resolve(on, clock)
            elif on.data or clock.data:
                missing = clock if on.data else on
                missing.errors = [*missing.errors, _("Give the day and the time.")]
        first = self["on_1"]
        if not self.starts and not self.errors:
            first.errors = [*first.errors, _("Offer at least one time.")]
        return self._check_place() and valid and not self.errors

    def _resolve(self, on: Any, clock: Any) -> None:
        try:
            starts_at = resolve_local(on.data, clock.data, self.zone)
        except LocalTimeSkipped:
            problem = _("The clocks are put forward then: this time does not exist on that day.")
        except LocalTimeRepeated:
            problem = _("The clocks are put back then: this time comes twice. Choose another.")
        except OverflowError:
            problem = _("Choose a day within the next two years.")
        else:
            problem = self._find_problem(starts_at)
            if not problem:
                self.starts.append(starts_at)
                return
        clock.errors = [*clock.errors, problem]

    def _find_problem(self, starts_at: datetime) -> str:
        present = now()
        if starts_at <= present:
            return _("That time has gone by. Choose a later one.")
        if starts_at > present + FURTHEST:
            return _("Choose a day within the next two years.")
        if not is_session_span(starts_at, starts_at + timedelta(minutes=LENGTHS[0])):
            return _("A time begins on a quarter of an hour.")
        if starts_at in self.starts:
            return _("This time is offered already.")
        return ""


_NUMBERS = range(1, MOST_OFFERED + 1)

for _number in _NUMBERS:
    _day = DayField(_l("Time %(number)s: day", number=_number), [Optional()])
    setattr(OfferForm, f"on_{_number}", _day)
    setattr(
        OfferForm,
        f"clock_{_number}",
        TimeOfDayField(
            _l("Time %(number)s: begins at", number=_number),
            [Optional()],
            format=["%H:%M", "%H:%M:%S"],
            render_kw={"step": 900},
        ),
    )
