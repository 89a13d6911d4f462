"""Notices about other places, times with two mentors, talks and appointments at centres."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.wording import NoticeWording

TIME_NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        # The time stays, the place or the link is another: in the words of every kind of provider.
        "session_place_moved": NoticeWording(
            _l("Another place for %(time)s"),
            _l(
                "For %(time)s, about “%(need)s”, another place is proposed: %(where)s. Please "
                "confirm or change it."
            ),
        ),
        "session_place_sent": NoticeWording(
            _l("Another place is proposed for %(time)s"),
            _l(
                "Your side proposed another place for %(time)s, about “%(need)s”: %(where)s. The "
                "other side has to confirm it."
            ),
        ),
        # Where two mentors were to be met at one time.
        "session_left_by_other": NoticeWording(
            _l("Without the other mentor: %(time)s"),
            _l(
                "The other mentor does not come on %(time)s. Your time with %(startup)s about "
                "“%(need)s” stands."
            ),
        ),
        "session_parted": NoticeWording(
            _l("The entry for both mentors goes: %(need)s"),
            _l(
                "The two mentors no longer meet %(startup)s at one time, so the entry for both is "
                "taken from your calendar. The time about “%(need)s”, now %(time)s, has one of its "
                "own."
            ),
        ),
        "session_has_own_entry": NoticeWording(
            _l("An entry of its own: %(time)s"),
            _l(
                "The two mentors no longer meet %(startup)s at one time. The time about "
                "“%(need)s” with %(provider)s stands, on %(time)s, and has an entry of its own in "
                "your calendar."
            ),
        ),
        "talk_proposed": NoticeWording(
            _l("A time is proposed: %(time)s"),
            _l("A talk about “%(need)s” is proposed for %(time)s. Please confirm or move it."),
        ),
        "talk_confirmed": NoticeWording(
            _l("Confirmed: %(time)s"),
            _l("The talk about “%(need)s” is confirmed for %(time)s, %(where)s."),
        ),
        "talk_moved": NoticeWording(
            _l("A talk is to move to %(time)s"),
            _l(
                "A new time is proposed for “%(need)s”: %(time)s, no longer %(former)s. Please "
                "confirm or move it."
            ),
        ),
        "session_person_left": NoticeWording(
            _l("Somebody does not come on %(time)s"),
            _l(
                "Somebody who was to come on %(time)s, about “%(need)s”, has closed their account. "
                "The time stands, and the entry of the calendar comes anew. If it cannot take "
                "place so, move or cancel it on the page of the engagement."
            ),
        ),
        "talk_cancelled": NoticeWording(
            _l("Cancelled: the talk on %(time)s"),
            _l("The talk about “%(need)s” on %(time)s was cancelled. The reason: %(reason)s"),
        ),
        "talk_feedback_wanted": NoticeWording(
            _l("How was the talk on %(time)s? %(need)s"),
            _l("The talk about “%(need)s” on %(time)s was held. Please say how useful it was."),
        ),
        "appointment_proposed": NoticeWording(
            _l("A time is proposed: %(time)s"),
            _l(
                "An appointment for “%(need)s” is proposed for %(time)s. Please confirm or move it."
            ),
        ),
        "appointment_confirmed": NoticeWording(
            _l("Confirmed: %(time)s"),
            _l("The appointment for “%(need)s” is confirmed for %(time)s, %(where)s."),
        ),
        "appointment_moved": NoticeWording(
            _l("An appointment is to move to %(time)s"),
            _l(
                "A new time is proposed for “%(need)s”: %(time)s, no longer %(former)s. Please "
                "confirm or move it."
            ),
        ),
        "appointment_cancelled": NoticeWording(
            _l("Cancelled: the appointment on %(time)s"),
            _l("The appointment for “%(need)s” on %(time)s was cancelled. The reason: %(reason)s"),
        ),
        "appointment_feedback_wanted": NoticeWording(
            _l("How was the work on %(time)s? %(need)s"),
            _l(
                "The appointment for “%(need)s” on %(time)s was kept. Please say how useful the "
                "work was."
            ),
        ),
    }
)
