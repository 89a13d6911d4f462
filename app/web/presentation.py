"""How values are shown: the filters and functions that every template may use."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from babel.dates import format_timedelta, get_timezone, get_timezone_name
from flask import Flask, request
from flask_babel import format_date, format_datetime, get_locale
from markupsafe import Markup, escape

from app.clock import now
from app.extensions import db
from app.settings import Settings
from app.telling.notices import count_unread
from app.web.guard import may
from app.web.identity import find_acted_for, find_current_actor, find_current_person
from app.web.reader import select_locale, select_time_zone
from app.words.formats import show_money
from app.words.labels import get_label, get_state_label
from app.words.localisation import HTML_LANGUAGES, LOCALE_NAMES
from app.words.places import name_place
from app.words.wording import TIME_FORMATS

# Which entry of the menu a page belongs to: by its endpoint, else by its room.
_SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "engagements": "engagements.list_engagements",
        "engagements.show_calendar": "engagements.show_calendar",
        "home.show_dashboard": "home.show_dashboard",
        "imports": "pools.show_own_pool",
        "matches": "needs.list_needs",
        "needs": "needs.list_needs",
        "pools": "pools.show_own_pool",
        "pools.invite_startup": "pools.list_own_startups",
        "pools.list_own_startups": "pools.list_own_startups",
        "profiles": "profiles.list_providers",
        "profiles.create_startup": "pools.list_own_startups",
        "profiles.edit_startup": "pools.list_own_startups",
        "profiles.list_startup_people": "pools.list_own_startups",
        "profiles.show_startup": "pools.list_own_startups",
    }
)


def show_time(moment: datetime) -> str:
    """Date and time in the reader's zone, with the weekday."""
    return str(format_datetime(moment, TIME_FORMATS[select_locale()]))


def show_clock(moment: datetime) -> str:
    """The time of day in the reader's zone, where the date is said beside it."""
    return str(format_datetime(moment, "HH:mm"))


def show_date(moment: datetime) -> str:
    """The date in the reader's zone."""
    return str(format_date(moment, "medium" if select_locale() == "en" else "long"))


def show_relative(moment: datetime) -> str:
    """How far away it is, in one unit: "in 2 days", "3 hours ago"."""
    return format_timedelta(moment - now(), add_direction=True, locale=get_locale())


def show_zone() -> str:
    """The name of the reader's time zone."""
    return get_timezone_name(get_timezone(select_time_zone()), locale=get_locale())


def show_paragraphs(text: str) -> Markup:
    """Plain text as escaped paragraphs: a line end begins a new one."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(escape(line)) for line in lines)


def show_label(code: StrEnum) -> str:
    """The words for a code."""
    return str(get_label(code))


def show_state(state: str, lifecycle: str) -> str:
    """The word for a state."""
    return str(get_state_label(lifecycle, state))


def _get_page_path() -> str:
    """The address of this page, for forms that come back to it."""
    return request.full_path.rstrip("?")


def _get_current_section() -> str:
    """The endpoint of the menu entry that this page belongs to; "" for a page outside the menu."""
    return _SECTIONS.get(request.endpoint or "") or _SECTIONS.get(request.blueprint or "", "")


def _count_unread_notices() -> int:
    """How many notices the present person has not read; 0 when nobody is logged in."""
    person = find_current_person()
    return count_unread(db.session, person_id=person.id) if person else 0


def register(app: Flask) -> None:
    """Give the templates of `app` these filters and functions."""
    settings: Settings = app.extensions["yinqiao_settings"]
    app.jinja_env.filters.update(
        time=show_time,
        clock=show_clock,
        date=show_date,
        relative=show_relative,
        money=show_money,
        paragraphs=show_paragraphs,
        label=show_label,
        state=show_state,
        place=name_place,
    )
    app.jinja_env.globals.update(
        may=may,
        current_person=find_current_person,
        current_actor=find_current_actor,
        acted_for=find_acted_for,
        current_section=_get_current_section,
        unread_notices=_count_unread_notices,
        page_path=_get_page_path,
        zone_name=show_zone,
        locale_code=select_locale,
        html_language=lambda: HTML_LANGUAGES[select_locale()],
        locale_names=LOCALE_NAMES,
        language_tags=HTML_LANGUAGES,
        demonstration=settings.demonstration,
        now=now,
    )
