"""Why a time cannot be had, and what hours cannot be."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class TimeAlreadyTaken(DomainError):
    """One of the people has another confirmed session at that time."""

    code = "time_already_taken"
    sentence = _l("One of you is taken at that time. Choose another time.")


class TimeInThePast(DomainError):
    """The time has gone by."""

    code = "time_in_the_past"
    status = 422
    sentence = _l("That time has gone by. Choose a later one.")


class TimeNotOpen(DomainError):
    """Nobody can be met then: outside of the hours, or none were given."""

    code = "time_not_open"
    sentence = _l("That time is not open for booking. Choose one of the times that are shown.")


class TimeTooSoon(DomainError):
    """The provider wants to know earlier."""

    code = "time_too_soon"
    sentence = _l("That is too soon: times are booked at least %(hours)s hours ahead.")


class TimeTooFar(DomainError):
    """The provider does not plan so far ahead."""

    code = "time_too_far"
    sentence = _l("That is too far away: times are booked at most %(days)s days ahead.")


class TimeTooClose(DomainError):
    """Too little time would be left before or after another session."""

    code = "time_too_close"
    sentence = _l(
        "There are less than %(minutes)s minutes to the next time that is taken. Choose another."
    )


class WeekFull(DomainError):
    """As many sessions as the provider holds in a week."""

    code = "week_full"
    sentence = _l("In that week all %(limit)s times are taken. Choose a time in another week.")


class MonthFull(DomainError):
    """As many sessions as the provider holds in a month."""

    code = "month_full"
    sentence = _l("In that month all %(limit)s times are taken. Choose a time in another month.")


class LengthNotOffered(DomainError):
    """A time is booked for one of a few lengths."""

    code = "length_not_offered"
    status = 422
    sentence = _l("A time is booked for 30, 45, 60 or 90 minutes.")


class HoursInvalid(DomainError):
    """Not a span of quarters of one day, or a limit that cannot be."""

    code = "hours_invalid"
    status = 422
    sentence = _l(
        "Hours begin and end on a quarter of an hour, the end after the beginning. Limits are "
        "whole numbers within what the page says."
    )


class MeetingPlaceInvalid(DomainError):
    """The link is no address of the web, or link or place are longer than is kept."""

    code = "meeting_place_invalid"
    status = 422
    sentence = _l("Give a whole address, beginning with https://")


class TooManyExceptions(DomainError):
    """There are as many as can be kept."""

    code = "too_many_exceptions"
    sentence = _l("At most %(limit)s exceptions can be kept. Remove one first.")


class HoursMissing(DomainError):
    """An exception needs hours from which it differs."""

    code = "hours_missing"
    sentence = _l("Save your weekly hours first, then say when it is different.")


class CalendarAddressRefused(DomainError):
    """No calendar is read from such an address."""

    code = "calendar_address_refused"
    status = 422
    sentence = _l(
        "Give the public address of a calendar, like https://example.org/my.ics or webcal://…"
    )


class CalendarKnown(DomainError):
    """This calendar is read already."""

    code = "calendar_known"
    sentence = _l("This calendar is read already.")


class TooManyCalendars(DomainError):
    """The person has as many as can be read."""

    code = "too_many_calendars"
    sentence = _l("At most %(limit)s calendars can be read. Remove one first.")
