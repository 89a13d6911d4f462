"""Which languages and time zones there are, and enumerations in the reader's language."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import get_timezone, get_timezone_location, get_timezone_name
from babel.lists import format_list
from flask_babel import get_locale

DEFAULT_LOCALE = "zh_Hans_CN"
DEFAULT_TIME_ZONE = "Asia/Shanghai"

# What <html lang> says.
HTML_LANGUAGES = {"zh_Hans_CN": "zh-Hans-CN", "en": "en"}

# The words of some languages stand under another name of a zone.
_OTHER_NAMES = {"Asia/Kolkata": "Asia/Calcutta", "UTC": "Etc/UTC"}

# How each language calls itself.
LOCALE_NAMES = {"zh_Hans_CN": "中文", "en": "English"}


def enumerate_words(words: Sequence[str], *, is_choice: bool = False) -> str:
    """An enumeration in the reader's language: "A, B and C", or with "or" for a choice."""
    locale = get_locale() or "en"
    return format_list(list(words), style="or" if is_choice else "standard", locale=locale)


def list_words(words: Iterable[str]) -> str:
    """A list as it is typed in the reader's language: "A, B" or "A、B"; forms read both in both."""
    return (", " if str(get_locale() or "en") == "en" else "、").join(words)


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


def name_place_of_zone(name: str) -> str:
    """The city of a zone in the reader's language: "上海"; of a zone without one its name."""
    locale = get_locale() or "en"
    zone = get_timezone(name)
    known = Locale.parse(locale).time_zones.get(_OTHER_NAMES.get(name, ""), {})
    if "city" in known:
        return str(known["city"])
    if "long" in known:
        return str(known["long"]["standard"])
    if "/" not in name:
        return get_timezone_name(zone, locale=locale)
    return get_timezone_location(zone, locale=locale, return_city=True)
