"""The shape of what people type about engagements, sessions and feedback."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.calendars.errors import TimeInThePast
from app.calendars.local_times import (
    FURTHEST,
    LocalTimeRepeated,
    LocalTimeSkipped,
    is_session_span,
    resolve_local,
)
from app.clock import now
from app.engagements.errors import SessionAlreadyPlanned
from app.engagements.words import RATING_WORDS
from app.errors import DomainError
from app.web.day_fields import DayField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    Required,
    WebAddressField,
)
from app.web.handlers import word_error
from app.web.number_fields import DAYS, HOURS, WholeNumberField
from app.web.reader import select_time_zone
from app.web.time_fields import TimeOfDayField
from app.words.kind_words import KindWords
from models.answers import ANSWER_HOURS_RANGE, OPEN_REQUESTS_RANGE, SILENCES_RANGE
from models.engagements import CoachingSession
from models.missed_times import APPEAL_DAYS_RANGE, LATE_HOURS_RANGE
from models.queues import OFFER_HOURS_RANGE
from models.vocabulary import DeclineReason

REASON_LIMIT = 1000
LINK_LIMIT = 500

# By the quarter up to two hours, then by the half hour up to eight.
SESSION_MINUTES: Final = (*range(15, 121, 15), *range(150, 481, 30))

_NOT_IN_LIST = _l("Choose from the list.")


def word_length(minutes: int) -> str:
    """A length of time in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s minutes", minutes=rest)
    if not rest:
        return str(ngettext("%(num)s hour", "%(num)s hours", hours))
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why not, or no longer."""

    reason = CanonicalAreaField(
        _l("Reason"),
        [Required(_l("Please give a reason: the other side will read it."))],
        limit=REASON_LIMIT,
        rows=3,
    )


class DeclineForm(ReasonForm):
    """Why not, by a code of the list and in words."""

    code = CodeField(
        _l("What stands in the way"),
        DeclineReason,
        [InputRequired(_l("Choose what stands in the way."))],
        blank=_l("Choose one"),
    )


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """What a provider has to know before it answers."""

    question = CanonicalAreaField(
        _l("Your question to the startup"),
        [Required(_l("Please write your question."))],
        limit=REASON_LIMIT,
        rows=3,
    )


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """What the provider is told."""

    reply = CanonicalAreaField(
        _l("Your reply"),
        [Required(_l("Please write your reply."))],
        limit=REASON_LIMIT,
        rows=4,
        description=_l("The provider reads it at once."),
    )


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """A few words that go with a yes."""

    words = CanonicalAreaField(
        _l("A few words"),
        limit=REASON_LIMIT,
        rows=2,
        description=_l("What should come next, what you need first. The startup reads it."),
    )


class RulesForm(FlaskForm):  # type: ignore[misc]
    """What an incubator asks of requests by its startups."""

    answer_hours = WholeNumberField(
        _l("Hours to answer"),
        [Required(_l("Say how many."))],
        low=ANSWER_HOURS_RANGE[0],
        high=ANSWER_HOURS_RANGE[1],
        units=HOURS,
        description=_l(
            "Hours of working days in mainland China, holidays left out: 72 are three working "
            "days. Then a request expires."
        ),
    )
    silences = WholeNumberField(
        _l("Requests in a row without an answer"),
        [Required(_l("Say how many."))],
        low=SILENCES_RANGE[0],
        high=SILENCES_RANGE[1],
        description=_l("After so many a provider is paused and told; one click brings it back."),
    )
    open_requests = WholeNumberField(
        _l("Answers that a startup may wait for at the same time"),
        [Required(_l("Say how many."))],
        low=OPEN_REQUESTS_RANGE[0],
        high=OPEN_REQUESTS_RANGE[1],
    )
    late_cancel_hours = WholeNumberField(
        _l("Hours before a time from which on cancelling it is late"),
        [InputRequired(_l("Say how many."))],
        low=LATE_HOURS_RANGE[0],
        high=LATE_HOURS_RANGE[1],
        units=HOURS,
        description=_l("All hours count. 0: cancelling is never late."),
    )
    late_move_hours = WholeNumberField(
        _l("Hours before a time from which on moving it is late"),
        [InputRequired(_l("Say how many."))],
        low=LATE_HOURS_RANGE[0],
        high=LATE_HOURS_RANGE[1],
        units=HOURS,
        description=_l("All hours count. 0: moving is never late."),
    )
    appeal_days = WholeNumberField(
        _l("Days to appeal"),
        [Required(_l("Say how many."))],
        low=APPEAL_DAYS_RANGE[0],
        high=APPEAL_DAYS_RANGE[1],
        units=DAYS,
        description=_l(
            "So long a side can say that it should not be counted as missing or late. You decide."
        ),
    )
    offer_hours = WholeNumberField(
        _l("Hours in which a place is kept for the first in a queue"),
        [Required(_l("Say how many."))],
        low=OFFER_HOURS_RANGE[0],
        high=OFFER_HOURS_RANGE[1],
        units=HOURS,
        description=_l("Hours of working days in mainland China. Then the next one is offered it."),
    )


class SessionForm(FlaskForm):  # type: ignore[misc]
    """A time by the clock of the reader, and where to meet.

    After it is valid, `starts_at` and `ends_at` are moments in UTC.
    """

    on = DayField(_l("Day"), [InputRequired(_l("Choose a day."))])
    clock = TimeOfDayField(
        _l("Begins at"),
        [InputRequired(_l("Choose a time."))],
        format=["%H:%M", "%H:%M:%S"],
        # Browsers then offer quarters of an hour.
        render_kw={"step": 900},
    )
    minutes = SelectField(
        _l("Length"),
        coerce=int,
        default=60,
        choices=lambda: [SelectChoice(value=m, label=word_length(m)) for m in SESSION_MINUTES],
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    link = WebAddressField(
        _l("Link to the meeting"),
        limit=LINK_LIMIT,
        description=_l(
            "Paste the address or the whole invitation. Leave it empty if you meet in person."
        ),
    )
    place = CanonicalTextField(_l("Place"), description=_l("Give a place or a link, or both."))

    starts_at: datetime
    ends_at: datetime

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = ZoneInfo(select_time_zone())
        # It always has a value: nothing to call optional.
        self.minutes.flags.required = True

    def set_words(self, words: KindWords) -> None:
        """Ask as the kind of provider meets: who is only come to has no address of the web."""
        if words.link is None:
            del self.link
            self.place.description = _("Where the sample or whoever brings it is expected.")
            self.place.flags.required = True
        else:
            self.link.label.text = words.link

    def get_link(self) -> str:
        """The address of the web that was given, "" where none was asked for."""
        return str(self.link.data) if self.link is not None else ""

    def fill_from(self, coaching_session: CoachingSession) -> None:
        """Show the session as it is planned now."""
        local = coaching_session.starts_at.astimezone(self.zone)
        length = coaching_session.ends_at - coaching_session.starts_at
        self.on.data = local.date()
        self.clock.data = local.time()
        self.minutes.data = length // timedelta(minutes=1)
        self.place.data = coaching_session.place
        if self.link is not None:
            self.link.data = coaching_session.link

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field alone, then the moment and the place together."""
        valid = bool(super().validate(extra_validators))
        if self.link is None:
            if not self.place.data:
                self.add_error(self.place, _("Say where, so that both know where to go."))
                valid = False
        elif not self.place.data and not self.link.data and not self.link.errors:
            self.add_error(
                self.place, _("Give a place or a link, so that both know where to meet.")
            )
            valid = False
        if self.on.data and self.clock.data and not self.on.errors and not self.clock.errors:
            valid = self._resolve() and valid
        return valid

    def add_error(self, field: Any, message: str) -> None:
        """Mark `field` with a message that was found after it was checked alone."""
        field.errors = [*field.errors, message]

    def mark(self, refused: DomainError) -> bool:
        """Say beside the day why the time was refused, where that is why."""
        if isinstance(refused, SessionAlreadyPlanned | TimeInThePast):
            self.add_error(self.on, word_error(refused))
            return True
        return False

    def _resolve(self) -> bool:
        try:
            self.starts_at = resolve_local(self.on.data, self.clock.data, self.zone)
        except LocalTimeSkipped:
            self.add_error(
                self.clock,
                _("The clocks are put forward then: this time does not exist on that day."),
            )
            return False
        except LocalTimeRepeated:
            self.add_error(
                self.clock,
                _("The clocks are put back then: this time comes twice. Choose another."),
            )
            return False
        except OverflowError:
            self.add_error(self.on, _("Choose a day within the next two years."))
            return False
        present = now()
        if self.starts_at <= present:
            self.add_error(self.on, _("That time has gone by. Choose a later one."))
        elif self.starts_at > present + FURTHEST:
            self.add_error(self.on, _("Choose a day within the next two years."))
        if self.on.errors:
            return False
        self.ends_at = self.starts_at + timedelta(minutes=self.minutes.data or 0)
        if not self.minutes.errors and not is_session_span(self.starts_at, self.ends_at):
            self.add_error(self.clock, _("A time begins on a quarter of an hour."))
        return not self.on.errors and not self.clock.errors


def _list_ratings() -> Iterable[SelectChoice]:
    return [SelectChoice(value=number, label=str(word)) for number, word in RATING_WORDS.items()]


class YesNoField(RadioField):  # type: ignore[misc]
    """Yes or no, and neither of them beforehand. `message` asks for one."""

    def __init__(self, label: object, message: object, **options: Any) -> None:
        super().__init__(
            label,
            [InputRequired(message)],
            choices=lambda: [
                SelectChoice(value="yes", label=_("Yes")),
                SelectChoice(value="no", label=_("No")),
            ],
            invalid_value_message=_NOT_IN_LIST,
            invalid_choice_message=_NOT_IN_LIST,
            **options,
        )


class FeedbackForm(FlaskForm):  # type: ignore[misc]
    """What one side says after a session."""

    rating = RadioField(
        _l("How useful was the session?"),
        [InputRequired(_l("Choose how useful it was."))],
        coerce=int,
        choices=_list_ratings,
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    preparation = RadioField(
        _l("How well was the other side prepared?"),
        [Optional()],
        coerce=int,
        choices=_list_ratings,
        invalid_value_message=_NOT_IN_LIST,
        invalid_choice_message=_NOT_IN_LIST,
    )
    wants_to_continue = YesNoField(
        _l("Would you like to work with them again?"), _l("Choose yes or no.")
    )
    comment = CanonicalAreaField(
        _l("Comment"),
        rows=4,
        description=_l("Read by the operators of the incubator alone, never by the other side."),
    )
    private_note = CanonicalAreaField(
        _l("Note for yourself"), rows=3, description=_l("Read by you alone, by no operator either.")
    )
