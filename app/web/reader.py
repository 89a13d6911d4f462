"""In which language and in which time zone a request is answered."""

from flask import g, has_request_context, request, session

from app.web.identity import find_current_person
from app.web.problem_details import is_versioned
from app.words.localisation import DEFAULT_LOCALE, DEFAULT_TIME_ZONE
from models.people import LOCALES

# What a browser may ask for, and what it gets.
_ACCEPTED = {"zh-Hans-CN": "zh_Hans_CN", "zh-CN": "zh_Hans_CN", "zh": "zh_Hans_CN", "en": "en"}


def select_locale() -> str:
    """What was chosen in this browser, else in the account, else what the browser asks for.

    Of a program counts what it asks for, and only then the account.
    """
    if not has_request_context():
        return DEFAULT_LOCALE
    if is_versioned():
        own = None if request.accept_languages else g.get("api_locale")
        return str(own or _read_accepted())
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    if person := find_current_person():
        return person.locale
    return _read_accepted()


def _read_accepted() -> str:
    best = request.accept_languages.best_match(list(_ACCEPTED))
    return _ACCEPTED.get(best or "", DEFAULT_LOCALE)


def select_time_zone() -> str:
    """The zone of the account; for visitors that of the installation."""
    if has_request_context() and (person := find_current_person()):
        return person.time_zone
    return DEFAULT_TIME_ZONE
