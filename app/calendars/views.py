"""The calendar, and the pages on which people say when they can be met and which they have."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import make_actor
from app.calendars import actions, queries
from app.calendars.addresses import address_of_feed
from app.calendars.errors import (
    CalendarAddressRefused,
    CalendarKnown,
    HoursMissing,
    TooManyCalendars,
    TooManyExceptions,
)
from app.calendars.forms import AvailabilityForm, ExceptionForm, SourceForm
from app.calendars.words import PROBLEMS, WEEKDAYS
from app.clock import now
from app.errors import expect
from app.extensions import db, get_settings
from app.profiles.queries import find_provider
from app.telling.coming import CalendarPart, ComingTime, find_beside, list_coming
from app.telling.entries import write_feed
from app.transactions import writing
from app.web.guard import public, requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor, get_current_person
from app.web.reader import select_time_zone
from app.web.steps import carry_out, take_typed
from app.words.kind_words import WORDS_BY_KIND
from models.calendars import MOST_SOURCES, AvailabilityException, BusySource
from models.people import Person
from models.providers import Provider

blueprint = Blueprint("calendars", __name__)

# When somebody last came for a feed is kept to the hour: programs come often.
_NOTED_EVERY: Final = timedelta(hours=1)

_NEAR: Final = (_l("Today"), _l("Tomorrow"))


@dataclass(frozen=True, slots=True)
class Day:
    """The times that begin on one day in the reader's zone, or have begun before and go on.

    `away` says in words how far away the day is.
    """

    on: date
    away: str
    times: tuple[ComingTime, ...]


@blueprint.get("/providers/<public_id>/availability")
@requires("availability:view", subject=find_provider)
def show_availability(provider: Provider) -> ResponseReturnValue:
    """Weekly hours, limits, and the days that differ."""
    return _render(provider, None, None)


@blueprint.post("/providers/<public_id>/availability")
@requires("availability:edit", subject=find_provider)
def set_availability(provider: Provider) -> ResponseReturnValue:
    """Weekly hours and limits are as they were sent."""
    form = _make_form(provider)
    if not form.validate_on_submit():
        return _render(provider, form, None), 422
    availability = queries.find_availability(db.session, provider.id)
    host_id = availability.host_id if availability else None
    return take_typed(
        lambda: _render(provider, form, None),
        url_for("calendars.show_availability", public_id=provider.public_id),
        _("Saved. Founders you work with can book these times from now on."),
        actions.set_availability,
        provider=provider,
        values=form.read(host_id=host_id),
        version=form.version.data,
    )


@blueprint.post("/providers/<public_id>/availability/exceptions")
@requires("availability:edit", subject=find_provider)
def add_exception(provider: Provider) -> ResponseReturnValue:
    """Some days differ."""
    form = ExceptionForm()
    if not form.validate_on_submit():
        return _render(provider, None, form), 422
    try:
        carry_out(actions.add_exception, provider=provider, difference=form.difference)
    except (TooManyExceptions, HoursMissing) as error:
        flash(word_error(error), "danger")
        return _render(provider, None, form), error.status
    flash(_("Saved. What is booked for these days stays: move or cancel it by hand."), "success")
    return _go_to(provider)


@blueprint.post("/availability-exceptions/<public_id>/remove")
@requires("availability:remove_exception", subject=queries.find_exception)
def remove_exception(exception: AvailabilityException) -> ResponseReturnValue:
    """The weekly hours hold again."""
    provider = exception.availability.provider
    carry_out(actions.remove_exception, exception=exception)
    flash(_("Removed. The weekly hours hold again on those days."), "success")
    return _go_to(provider)


@blueprint.get("/calendar")
@requires("session:list")
def show_calendar() -> ResponseReturnValue:
    """What is coming, by day in the reader's zone, below the times that wait for the reader."""
    zone = ZoneInfo(select_time_zone())
    today = now().astimezone(zone).date()
    coming = list_coming(db.session, _get_parts(), get_current_actor(), now())
    return render_template(
        "calendars/show_calendar.html",
        waiting=[
            (each, _say_how_far(each.starts_at.astimezone(zone).date() - today))
            for each in coming
            if each.waits
        ],
        days=_group_by_day([each for each in coming if not each.waits], today, zone),
        beside=find_beside(coming),
    )


@blueprint.get("/calendar/feed/<token>.ics")
@public
def read_feed(token: str) -> ResponseReturnValue:
    """All that stands, for the calendar program of whoever has the address."""
    feed = expect(queries.find_feed(db.session, token))
    at = now()
    person_id = feed.person_id
    if feed.read_at is None or feed.read_at < at - _NOTED_EVERY:
        with writing(db.session):
            again = expect(queries.find_feed(db.session, token))
            again.read_at = at
    viewer = make_actor(db.session.get_one(Person, person_id))
    entries = [entry for part in _get_parts() for entry in part.feed(db.session, viewer, at)]
    return Response(
        write_feed(entries, at=at, root=get_settings().public_url),
        content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"},
    )


@blueprint.get("/calendar/connections")
@requires("account:edit")
def show_connections() -> ResponseReturnValue:
    """The address of the own feed, and the calendars elsewhere that are read."""
    return _render_connections()


@blueprint.post("/calendar/connections/feed")
@requires("account:edit")
def renew_feed() -> ResponseReturnValue:
    """A new address; it stands on this page and on none after it."""
    token = carry_out(actions.renew_feed, person=get_current_person())
    return _render_connections(address=get_settings().public_url + address_of_feed(token))


@blueprint.post("/calendar/connections/feed/revoke")
@requires("account:edit")
def revoke_feed() -> ResponseReturnValue:
    """Nobody fetches it any more."""
    carry_out(actions.revoke_feed, person=get_current_person())
    flash(_("The address is void. Calendar programs get nothing there any more."), "success")
    return redirect(url_for("calendars.show_connections"), code=303)


@blueprint.post("/calendar/connections/busy")
@requires("account:edit")
def add_source() -> ResponseReturnValue:
    """A calendar elsewhere is read from now on."""
    form = SourceForm()
    if not form.validate_on_submit():
        return _render_connections(form), 422
    try:
        carry_out(actions.add_source, person=get_current_person(), url=form.url.data)
    except (CalendarAddressRefused, CalendarKnown, TooManyCalendars) as error:
        form.url.errors = [word_error(error)]
        return _render_connections(form), error.status
    flash(_("Saved. It is read within a few minutes, and then every half hour."), "success")
    return redirect(url_for("calendars.show_connections"), code=303)


@blueprint.post("/calendar/connections/busy/<public_id>/remove")
@requires("calendar:remove_source", subject=queries.find_source)
def remove_source(source: BusySource) -> ResponseReturnValue:
    """It is read no more, and what was read is gone."""
    carry_out(actions.remove_source, source=source)
    flash(_("Removed, with all that was read of it."), "success")
    return redirect(url_for("calendars.show_connections"), code=303)


def _render_connections(form: SourceForm | None = None, *, address: str = "") -> str:
    person = get_current_person()
    return render_template(
        "calendars/connections.html",
        form=form or SourceForm(formdata=None),
        feed=queries.find_feed_of(db.session, person),
        address=address,
        sources=queries.list_sources(db.session, person),
        problems=PROBLEMS,
        most=MOST_SOURCES,
    )


def _get_parts() -> list[CalendarPart]:
    return [each for room in current_app.extensions["yinqiao_rooms"] for each in room.calendar]


def _make_form(provider: Provider, *, filled: bool = True) -> AvailabilityForm:
    form = AvailabilityForm() if filled else AvailabilityForm(formdata=None)
    form.set_words(WORDS_BY_KIND[provider.kind])
    form.set_members(queries.list_members(db.session, provider))
    return form


def _render(
    provider: Provider, form: AvailabilityForm | None, exception_form: ExceptionForm | None
) -> str:
    availability = queries.find_availability(db.session, provider.id)
    if form is None:
        form = _make_form(provider, filled=False)
        zone = select_time_zone()
        form.fill_from(queries.read_values(availability, time_zone=zone), availability)
    return render_template(
        "calendars/availability.html",
        provider=provider,
        words=WORDS_BY_KIND[provider.kind],
        form=form,
        exception_form=exception_form or ExceptionForm(formdata=None),
        exceptions=queries.list_exceptions(availability, now()) if availability else (),
        is_set=availability is not None,
        weekdays=WEEKDAYS,
    )


def _go_to(provider: Provider) -> ResponseReturnValue:
    return redirect(url_for("calendars.show_availability", public_id=provider.public_id), code=303)


def _group_by_day(coming: Iterable[ComingTime], today: date, zone: ZoneInfo) -> list[Day]:
    by_day: dict[date, list[ComingTime]] = {}
    for each in coming:
        on = max(each.starts_at.astimezone(zone).date(), today)
        by_day.setdefault(on, []).append(each)
    return [Day(on, _say_how_far(on - today), tuple(times)) for on, times in by_day.items()]


def _say_how_far(ahead: timedelta) -> str:
    if ahead.days < len(_NEAR):
        return str(_NEAR[ahead.days])
    return str(format_timedelta(ahead, granularity="day", threshold=1.0, add_direction=True))
