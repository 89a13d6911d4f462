"""How values are shown: the filters and functions that every template may use."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import wraps
from types import MappingProxyType
from typing import Final, cast

from babel.dates import format_timedelta, get_timezone, get_timezone_name
from flask import Flask, current_app, request
from flask_babel import format_date, format_datetime, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from wtforms import Field

from app.clock import now
from app.declaration import MenuEntry
from app.extensions import db
from app.settings import Settings
from app.telling.notices import count_unread
from app.web.guard import may
from app.web.identity import find_acted_for, find_current_actor, find_current_person
from app.web.reader import select_time_zone
from app.web.worded import name_code, name_state, tell_tone
from app.words.formats import show_money, show_size
from app.words.links import is_web_address
from app.words.localisation import HTML_LANGUAGES, LOCALE_NAMES, list_words
from app.words.places import name_place
from app.words.wording import (
    DAY_FORMATS,
    FULL_DAY_FORMATS,
    TIME_FORMATS,
    read_deadline,
    word_span,
)


def _read_locale() -> str:
    """The code of the reader's language, worked out once for a page that asks dozens of times."""
    return str(get_locale())


def show_time(moment: datetime) -> str:
    """Date and time in the reader's zone, with the weekday."""
    return str(format_datetime(moment, TIME_FORMATS[_read_locale()]))


def show_deadline(until: datetime) -> str:
    """Until when something is to be done: a day with its weekday where that day is its end."""
    end = read_deadline(until, get_timezone(select_time_zone()))
    return show_time(end) if isinstance(end, datetime) else show_full_day(end)


def show_clock(moment: datetime) -> str:
    """The time of day in the reader's zone, where the date is said beside it."""
    return str(format_datetime(moment, "HH:mm"))


def show_date(moment: datetime) -> str:
    """The date in the reader's zone."""
    return str(format_date(moment, DAY_FORMATS[_read_locale()]))


def show_full_day(on: date) -> str:
    """A day with its weekday."""
    return str(format_date(on, FULL_DAY_FORMATS[_read_locale()]))


def show_span(span: tuple[datetime, datetime]) -> str:
    """From when to when in the reader's zone, with the whole day."""
    return word_span(*span, locale=_read_locale(), zone=select_time_zone())


def show_weekday(on: date) -> str:
    """The weekday, short."""
    return str(format_date(on, "EEE"))


def show_relative(moment: datetime) -> str:
    """How far away it is, in one unit: "in 2 days", "3 hours ago"."""
    return format_timedelta(moment - now(), add_direction=True, locale=get_locale())


def show_period(period: timedelta) -> str:
    """How long, in one unit: "7 days", "3 months"."""
    return format_timedelta(period, threshold=1.0, locale=get_locale())


def show_zone() -> str:
    """The name of the reader's time zone."""
    return get_timezone_name(get_timezone(select_time_zone()), locale=get_locale())


def show_paragraphs(text: str) -> Markup:
    """Plain text as escaped paragraphs: a line end begins a new one."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(escape(line)) for line in lines)


def _get_page_path() -> str:
    """The address of this page, for forms that come back to it."""
    return request.full_path.rstrip("?")


def _get_current_section() -> str:
    """The endpoint of the menu entry that this page belongs to; "" for a page outside the menu."""
    covering = {name: entry.endpoint for entry in _get_menu() for name in entry.covers}
    return covering.get(request.endpoint or "") or covering.get(request.blueprint or "", "")


def _get_menu() -> Sequence[MenuEntry]:
    """The entries of all rooms, from left to right."""
    return cast(Sequence[MenuEntry], current_app.extensions["yinqiao_menu"])


def _list_menu() -> list[MenuEntry]:
    """The entries for the present actor; none for a visitor."""
    actor = find_current_actor()
    return [entry for entry in _get_menu() if actor is not None and entry.is_for(actor)]


def _is_come_back(form: Iterable[Field]) -> bool:
    """Whether `form` shows what was sent in it: then it is not folded."""
    return any(field.raw_data for field in form if field.name != "csrf_token")


def _count_unread_notices() -> int:
    """How many notices the present person has not read; 0 when nobody is logged in."""
    person = find_current_person()
    return count_unread(db.session, person_id=person.id) if person else 0


_FILTERS: Final[Mapping[str, Callable[..., object]]] = MappingProxyType(
    {
        "time": show_time,
        "deadline": show_deadline,
        "listed": list_words,
        "clock": show_clock,
        "date": show_date,
        "full_day": show_full_day,
        "span": show_span,
        "weekday": show_weekday,
        "relative": show_relative,
        "period": show_period,
        "money": show_money,
        "paragraphs": show_paragraphs,
        "size": show_size,
        "label": name_code,
        "state": name_state,
        "tone": tell_tone,
        "place": name_place,
    }
)


def _ask_each_time(show: Callable[..., object]) -> Callable[..., object]:
    """`show` as a filter that is asked for each page.

    What a template says in so many words, such as `"open"|state("need")`, would else be worked out
    when it is compiled, in the language of whoever came first.
    """

    @pass_context
    @wraps(show)
    def ask(_context: Context, *values: object, **named: object) -> object:
        return show(*values, **named)

    return ask


def register(app: Flask) -> None:
    """Give the templates of `app` these filters and functions."""
    settings: Settings = app.extensions["yinqiao_settings"]
    app.jinja_env.filters.update({name: _ask_each_time(show) for name, show in _FILTERS.items()})
    # What is stored is asked once more before it becomes a link.
    app.jinja_env.tests["web_address"] = is_web_address
    app.jinja_env.tests["come_back"] = _is_come_back
    app.jinja_env.globals.update(
        may=may,
        current_person=find_current_person,
        current_actor=find_current_actor,
        acted_for=find_acted_for,
        current_section=_get_current_section,
        menu=_list_menu,
        unread_notices=_count_unread_notices,
        page_path=_get_page_path,
        zone_name=show_zone,
        locale_code=_read_locale,
        html_language=lambda: HTML_LANGUAGES[_read_locale()],
        locale_names=LOCALE_NAMES,
        language_tags=HTML_LANGUAGES,
        demonstration=settings.demonstration,
        now=now,
    )
