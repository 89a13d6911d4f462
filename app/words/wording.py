"""What the wording of a notice is, and how notices and pages say times, in two languages.

Each sentence is whole: none is glued from parts. The wordings themselves stand in the rooms
whose actions tell them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_name
from flask_babel import LazyString, force_locale, get_locale, get_timezone
from flask_babel import gettext as _

from app.clock import CHINA
from app.words.formats import show_yuan
from app.words.localisation import LOCALE_NAMES

# Date and time with the weekday (Unicode TR 35), on pages and in mails alike.
TIME_FORMATS: Mapping[str, str] = MappingProxyType(
    {"en": "EEE d MMM y, HH:mm", "zh_Hans_CN": "y年M月d日 EEE HH:mm"}
)

# A day, and a day with its weekday, in the order in which times say it.
DAY_FORMATS: Mapping[str, str] = MappingProxyType({"en": "d MMM y", "zh_Hans_CN": "y年M月d日"})
FULL_DAY_FORMATS: Mapping[str, str] = MappingProxyType(
    {"en": "EEEE d MMMM y", "zh_Hans_CN": "y年M月d日EEEE"}
)

_SPAN_FORMATS: Mapping[str, str] = MappingProxyType(
    {"en": "EEEE d MMMM y, HH:mm", "zh_Hans_CN": "y年M月d日EEEE HH:mm"}
)

_WITH_ZONE: Mapping[str, str] = MappingProxyType(
    {"en": "{time} ({zone})", "zh_Hans_CN": "{time}（{zone}）"}
)

_BETWEEN: Mapping[str, str] = MappingProxyType({"en": "; ", "zh_Hans_CN": "；"})

# A fact whose name ends like this is a moment (ISO 8601), or several, or a day: worded when read.
_MOMENT = "_at"
_APART = " "
_DAY = "_on"

# An amount of money, in whole yuan; and words of ours, in one language each.
_MONEY = "_yuan"
_WORDS_IN = "_in_{locale}"

# Of several things that happened together, what each is, whose and by when: with its number.
_ITEM, _OWNER, _DUE = "item_", "owner_", "due_"
# So many are named, and no more of a name than this: the page has all of it.
MOST_NAMED: Final = 5
_NAME_CHARACTERS = 80

# The moments until which something is to be done.
_DEADLINES = frozenset({"due_at"})


@dataclass(frozen=True, slots=True)
class NoticeWording:
    """The subject of a mail, which is also the line in the application, and the mail's body."""

    subject: LazyString
    body: LazyString


def keep_moments(moments: Mapping[str, datetime]) -> dict[str, str]:
    """`moments` as facts of a notice: kept as they are, so that each reader has their own words."""
    return {name + _MOMENT: moment.isoformat() for name, moment in moments.items()}


def keep_several(name: str, moments: Iterable[datetime]) -> dict[str, str]:
    """The same of several moments under one name, which are worded one after the other."""
    return {name + _MOMENT: _APART.join(moment.isoformat() for moment in moments)}


def keep_days(days: Mapping[str, date]) -> dict[str, str]:
    """The same for whole days."""
    return {name + _DAY: day.isoformat() for name, day in days.items()}


def keep_money(amounts: Mapping[str, int]) -> dict[str, str]:
    """The same for amounts of money in whole yuan."""
    return {name + _MONEY: str(yuan) for name, yuan in amounts.items()}


def keep_words(words: Mapping[str, LazyString]) -> dict[str, str]:
    """The same for words of ours, such as what something is called."""
    kept: dict[str, str] = {}
    for locale in LOCALE_NAMES:
        with force_locale(locale):
            kept |= {n + _WORDS_IN.format(locale=locale): str(each) for n, each in words.items()}
    return kept


def keep_one_more(
    told: Mapping[str, str], what: str, *, owner: str = "", due_on: date | None = None
) -> dict[str, str]:
    """Those of the facts `told` that name something, and `what` besides, unless they are many.

    `owner` has to see to it by `due_on`. Each stands by itself and whole: what was written by
    somebody who leaves is found by that.
    """
    kept = {k: v for k, v in told.items() if k.startswith((_ITEM, _OWNER, _DUE))}
    number = sum(name.startswith(_ITEM) for name in kept) + 1
    if number > MOST_NAMED:
        return kept
    kept[f"{_ITEM}{number}"] = what
    if owner:
        kept[f"{_OWNER}{number}"] = owner
    return kept | (keep_days({f"{_DUE}{number}": due_on}) if due_on else {})


def _word_items(worded: Mapping[str, str], locale: str) -> str:
    """What the facts name, one after the other; "" where they name nothing."""
    named = []
    for number in range(1, MOST_NAMED + 1):
        what = worded.get(f"{_ITEM}{number}")
        if what is None:
            break
        if len(what) > _NAME_CHARACTERS:
            what = what[:_NAME_CHARACTERS].rstrip() + "…"
        facts = {
            "what": what,
            "who": worded.get(f"{_OWNER}{number}", ""),
            "day": worded.get(f"{_DUE}{number}", ""),
        }
        if facts["who"] and facts["day"]:
            named.append(_("“%(what)s” (%(who)s, by %(day)s)", **facts))
        elif facts["who"]:
            named.append(_("“%(what)s” (%(who)s)", **facts))
        else:
            named.append(_("“%(what)s”", **facts))
    if named and int(worded.get("count", "0")) > len(named):
        named.append("…")
    return _BETWEEN[locale].join(named)


def read_deadline(until: datetime, place: tzinfo) -> date | datetime:
    """The day that ends at `until` by the clock of `place`, or the moment where none ends then.

    A deadline at midnight is the end of a day, and nobody takes the first minute of the next for
    it. Days of the house end in China, where some say their last minute.
    """
    local = until.astimezone(CHINA)
    if (local.hour, local.minute) == (23, 59):
        local = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    local = local.astimezone(place)
    return local.date() - timedelta(days=1) if local.time() == time() else local


def word_deadline(until: datetime, *, locale: str, zone: str) -> str:
    """As `word_moment`, of the end of a time to do something: a day where it is the end of one."""
    place = ZoneInfo(zone)
    end = read_deadline(until, place)
    if isinstance(end, datetime):
        return word_moment(end, locale=locale, zone=zone)
    shown = format_date(end, FULL_DAY_FORMATS[locale], locale=locale)
    return _WITH_ZONE[locale].format(time=shown, zone=get_timezone_name(place, locale=locale))


def word_moment(moment: datetime, *, locale: str, zone: str) -> str:
    """`moment` in the language `locale` and the time zone `zone`, with the name of the zone.

    A mail is read far from the page that could say which zone it means.
    """
    return word_moments([moment], locale=locale, zone=zone)


def word_moments(moments: Iterable[datetime], *, locale: str, zone: str) -> str:
    """The same of several; the zone is said once."""
    place = ZoneInfo(zone)
    shown = _BETWEEN[locale].join(
        format_datetime(moment, TIME_FORMATS[locale], tzinfo=place, locale=locale)
        for moment in moments
    )
    return _WITH_ZONE[locale].format(time=shown, zone=get_timezone_name(place, locale=locale))


def word_span(starts_at: datetime, ends_at: datetime, *, locale: str, zone: str) -> str:
    """From when to when, in the language `locale` and the time zone `zone`, where a page names it.

    The day is said once, with its weekday, where it is the same.
    """
    place = ZoneInfo(zone)
    begins, ends = starts_at.astimezone(place), ends_at.astimezone(place)
    said = format_datetime(begins, _SPAN_FORMATS[locale], tzinfo=place, locale=locale)
    of_end = "HH:mm" if begins.date() == ends.date() else _SPAN_FORMATS[locale]
    return f"{said}–{format_datetime(ends, of_end, tzinfo=place, locale=locale)}"


def tell_time(moment: datetime) -> LazyString:
    """`moment` as pages say times, in the language and the time zone of whoever reads it."""
    return LazyString(_word_for_reader, moment)


def _word_for_reader(moment: datetime) -> str:
    locale = get_locale()
    if locale is None:
        # Nobody reads: outside of a request there is neither a language nor a zone.
        return moment.isoformat()
    pattern = TIME_FORMATS[str(locale)]
    return str(format_datetime(moment, pattern, tzinfo=get_timezone(), locale=locale))


def word_notice(
    wording: NoticeWording, facts: Mapping[str, str], *, locale: str, zone: str
) -> tuple[str, str]:
    """Subject and body of a notice, its moments worded for a reader of `locale` in `zone`.

    The sentences come in the locale that is in force. Raises KeyError for a fact that its wording
    lacks.
    """
    worded = dict(facts)
    for name, value in facts.items():
        if name.endswith(_MOMENT):
            moments = [datetime.fromisoformat(each) for each in value.split(_APART)]
            if name in _DEADLINES:
                said = word_deadline(moments[0], locale=locale, zone=zone)
            else:
                said = word_moments(moments, locale=locale, zone=zone)
            worded[name.removesuffix(_MOMENT)] = said
        elif name.endswith(_DAY):
            day = date.fromisoformat(value)
            worded[name.removesuffix(_DAY)] = format_date(day, DAY_FORMATS[locale], locale=locale)
        elif name.endswith(_MONEY):
            worded[name.removesuffix(_MONEY)] = show_yuan(int(value))
        elif name.endswith(ending := _WORDS_IN.format(locale=locale)):
            worded[name.removesuffix(ending)] = value
    worded["items"] = _word_items(worded, locale)
    # Where nothing is named, the sentence ends before.
    return str(wording.subject) % worded, (str(wording.body) % worded).rstrip()
