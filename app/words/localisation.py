"""In which language and in which time zone a request is answered."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import get_timezone
from babel.lists import format_list
from flask import has_request_context, request, session
from flask_babel import get_locale

from app.web.identity import find_current_person
from models.people import LOCALES

DEFAULT_LOCALE = "zh_Hans_CN"
DEFAULT_TIME_ZONE = "Asia/Shanghai"

# What a browser may ask for, and what it gets.
_ACCEPTED = {"zh-Hans-CN": "zh_Hans_CN", "zh-CN": "zh_Hans_CN", "zh": "zh_Hans_CN", "en": "en"}

# What <html lang> says.
HTML_LANGUAGES = {"zh_Hans_CN": "zh-Hans-CN", "en": "en"}

# How each language calls itself.
LOCALE_NAMES = {"zh_Hans_CN": "中文", "en": "English"}


def select_locale() -> str:
    """What was chosen in this browser, else in the account, else what the browser asks for."""
    if not has_request_context():
        return DEFAULT_LOCALE
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    if person := find_current_person():
        return person.locale
    best = request.accept_languages.best_match(list(_ACCEPTED))
    return _ACCEPTED.get(best or "", DEFAULT_LOCALE)


def select_time_zone() -> str:
    """The zone of the account; for visitors that of the installation."""
    if has_request_context() and (person := find_current_person()):
        return person.time_zone
    return DEFAULT_TIME_ZONE


def enumerate_words(words: Sequence[str], *, is_choice: bool = False) -> str:
    """An enumeration in the reader's language: "A, B and C", or with "or" for a choice."""
    locale = get_locale() or "en"
    return format_list(list(words), style="or" if is_choice else "standard", locale=locale)


def is_time_zone(name: str) -> bool:
    """Whether `name` is a zone that times can be shown in.

    This machine has more files than there are such zones (`posix/…`, `Factory`): with one of
    them no page of that person could be shown.
    """
    try:
        ZoneInfo(name)
        get_timezone(name)
    except (ZoneInfoNotFoundError, LookupError, ValueError, OSError):
        return False
    return True
