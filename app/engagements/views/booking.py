"""Booking a free time: which are free, and where to meet at one of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.calendars.queries import find_availability
from app.clock import now
from app.engagements import queries
from app.engagements.actions import booking as actions
from app.engagements.announcements import list_people
from app.engagements.booking_forms import BookingForm, read_moment
from app.engagements.queries.booking import FreeDay, list_free_days
from app.engagements.together import find_partner
from app.engagements.views.room import blueprint, find_way_back
from app.errors import DomainError, NotFound, expect
from app.extensions import db
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from app.web.reader import select_time_zone
from app.web.steps import take_typed
from app.words.kind_words import WORDS_BY_KIND
from app.words.localisation import name_place_of_zone
from models.calendars import LENGTHS, Availability
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.people import Person
from models.vocabulary import Side

_DAY = timedelta(days=1)
_LIST_DAYS = 14
_VIEWS = ("list", "week", "month")
# Nobody books further ahead, and beyond the calendar's end there is no day.
_FURTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which stretch of free times is looked at, and how."""

    view: str
    on: date
    minutes: int
    today: date
    zone: ZoneInfo
    # Who of the startup comes.
    attendees: tuple[Person, ...]
    # Whether the second mentor is to be free as well.
    together: bool

    @property
    def first_on(self) -> date:
        """The first day that is shown."""
        if self.view == "list":
            return self.on
        if self.view == "week":
            return self.on - self.on.weekday() * _DAY
        first = self.on.replace(day=1)
        return first - first.weekday() * _DAY

    @property
    def days(self) -> int:
        """How many days are shown: whole weeks, but in the list."""
        if self.view == "list":
            return _LIST_DAYS
        if self.view == "week":
            return 7
        return -(-((self.following - self.first_on).days) // 7) * 7

    @property
    def following(self) -> date:
        """The day from which the next stretch is shown."""
        if self.view == "month":
            return (self.on.replace(day=1) + 32 * _DAY).replace(day=1)
        return self.first_on + self.days * _DAY

    @property
    def former(self) -> date | None:
        """The day from which the stretch before is shown; None where it is over."""
        if self.view == "month":
            before = self.on.replace(day=1) - _DAY
            return max(before.replace(day=1), self.today) if before >= self.today else None
        if self.first_on <= self.today:
            return None
        return max(self.first_on - self.days * _DAY, self.today)


@blueprint.get("/engagements/<public_id>/free-times")
@requires("session:book", subject=queries.find_engagement)
def list_free_times(engagement: Engagement) -> ResponseReturnValue:
    """The free times, as a list, by week or by month."""
    return _show_free(engagement, _read_asked(_read_who(engagement)))


@blueprint.route("/engagements/<public_id>/book", methods=["GET", "POST"])
@requires("session:book", subject=queries.find_engagement)
def book_time(engagement: Engagement) -> ResponseReturnValue:
    """Where to meet at the chosen time, then it is booked."""
    starts_at, minutes = read_chosen()
    form = BookingForm()
    form.set_words(WORDS_BY_KIND[engagement.provider.kind])
    form.offer_people(list_people(db.session, engagement, Side.STARTUP))
    if not form.is_submitted():
        availability = expect(find_availability(db.session, engagement.provider_id))
        form.tick(_read_who(engagement))
        form.place.data = availability.place
        if form.link is not None:
            form.link.data = availability.link
        return _show_booking(engagement, form, starts_at, minutes)
    chosen_at = form.choose_instead(starts_at)
    if not form.validate() or not form.require_place():
        return _show_booking(engagement, form, starts_at, minutes), 422
    problem = ""

    def mark(refused: DomainError) -> bool:
        nonlocal problem
        problem = word_error(refused)
        return True

    return take_typed(
        # Somebody was quicker, or the hours changed: what is free now, and why it was not this.
        lambda: _show_booking(engagement, form, chosen_at, minutes, problem=problem),
        find_way_back(engagement),
        _("Booked. Both sides get a calendar entry by mail."),
        actions.book,
        mark=mark,
        engagement=engagement,
        starts_at=chosen_at,
        minutes=minutes,
        place=form.place.data,
        link=form.get_link(),
        attendees=form.get_people(),
        together="together" in request.args,
    )


def _show_booking(
    engagement: Engagement,
    form: BookingForm,
    starts_at: datetime,
    minutes: int,
    *,
    problem: str = "",
) -> str:
    """The form for a time; where it was refused or another was asked for, with what is free now."""
    availability = find_availability(db.session, engagement.provider_id)
    partner = find_partner(db.session, engagement) if "together" in request.args else None
    if problem or form.asks_instead:
        zone = ZoneInfo(select_time_zone())
        present = now()
        days = list_free_days(
            db.session,
            engagement,
            get_current_actor(),
            first_on=max(starts_at, present).astimezone(zone).date(),
            days=_LIST_DAYS,
            minutes=minutes,
            zone=zone,
            at=present,
            attendees=form.get_people() or _read_who(engagement),
            partner=partner,
        )
        form.offer_instead(days if engagement.state in ENGAGEMENT_TAKES_PLACE else ())
    return render_template(
        "engagements/book_time.html",
        form=form,
        engagement=engagement,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        minutes=minutes,
        who=[each.public_id for each in _read_who(engagement)],
        together=partner is not None,
        partner=partner,
        problem=problem,
        there="" if availability is None else _word_there(availability, starts_at, minutes),
    )


def _show_free(engagement: Engagement, asked: Asked) -> str:
    partner = find_partner(db.session, engagement)
    days = list_free_days(
        db.session,
        engagement,
        get_current_actor(),
        first_on=asked.first_on,
        days=asked.days,
        minutes=asked.minutes,
        zone=asked.zone,
        at=now(),
        attendees=asked.attendees,
        partner=partner if asked.together else None,
    )
    availability = find_availability(db.session, engagement.provider_id)
    return render_template(
        "engagements/free_times.html",
        engagement=engagement,
        asked=asked,
        days=days,
        weeks=_cut_into_weeks(days) if asked.view == "month" else (),
        lengths=LENGTHS,
        views=_VIEWS,
        has_hours=availability is not None,
        elsewhere="" if availability is None else _name_other_clock(availability, asked.first_on),
        partner=partner,
        people=list_people(db.session, engagement, Side.STARTUP),
        who=[each.public_id for each in asked.attendees],
    )


def _cut_into_weeks(days: list[FreeDay]) -> list[list[FreeDay]]:
    return [days[number : number + 7] for number in range(0, len(days), 7)]


def _read_who(engagement: Engagement) -> tuple[Person, ...]:
    """Whom the address names of the startup's people, else those who come otherwise."""
    people = list_people(db.session, engagement, Side.STARTUP)
    named = request.args.getlist("who")
    if chosen := tuple(each for each in people if each.public_id in named):
        return chosen
    otherwise = (get_current_actor().acts_as_id, engagement.requested_by_id)
    return tuple(each for each in people if each.id in otherwise)


def _read_asked(attendees: tuple[Person, ...]) -> Asked:
    """What the address asks for; whatever makes no sense counts as not said."""
    zone = ZoneInfo(select_time_zone())
    today = now().astimezone(zone).date()
    view = request.args.get("view", "list")
    length = request.args.get("minutes", "60")
    minutes = int(length) if length in {str(each) for each in LENGTHS} else 60
    try:
        on = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        on = today
    on = min(max(on, today), today + _FURTHEST)
    return Asked(
        view if view in _VIEWS else "list",
        on,
        minutes,
        today,
        zone,
        attendees,
        "together" in request.args,
    )


def read_chosen() -> tuple[datetime, int]:
    """The time that was chosen, with its length. Raises NotFound for what is none."""
    length = request.values.get("minutes", "60")
    starts_at = read_moment(request.values.get("at", ""))
    if starts_at is None or length not in {str(each) for each in LENGTHS}:
        raise NotFound
    return starts_at, int(length)


def _name_other_clock(availability: Availability, on: date) -> str:
    """The city by whose clock the provider goes, where on that day it is another one; else ""."""
    noon = datetime.combine(on, time(12), UTC)
    there, here = ZoneInfo(availability.time_zone), ZoneInfo(select_time_zone())
    if noon.astimezone(there).utcoffset() == noon.astimezone(here).utcoffset():
        return ""
    return name_place_of_zone(availability.time_zone)


def _word_there(availability: Availability, starts_at: datetime, minutes: int) -> str:
    """The same time by the provider's clock, where it is another one: "" where it is not."""
    there = ZoneInfo(availability.time_zone)
    here = ZoneInfo(select_time_zone())
    if starts_at.astimezone(there).utcoffset() == starts_at.astimezone(here).utcoffset():
        return ""
    begins, ends = (
        (starts_at + timedelta(minutes=each)).astimezone(there).strftime("%H:%M")
        for each in (0, minutes)
    )
    return f"{begins}–{ends} ({name_place_of_zone(availability.time_zone)})"
