"""Notices about what became of a time: who did not come, who says otherwise, what was decided."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.wording import NoticeWording

RECORD_NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "missed_time_no_show": NoticeWording(
            _l("You are said to have missed the time on %(time)s"),
            _l(
                "Your side is recorded as not having come on %(time)s (“%(need)s”, %(startup)s and "
                "%(provider)s). If that is not so, you can appeal within %(days)s days."
            ),
        ),
        "missed_time_late_cancel": NoticeWording(
            _l("Counted as cancelled late: %(time)s"),
            _l(
                "Your side cancelled the time on %(time)s less than %(hours)s hours before it "
                "(“%(need)s”, %(startup)s and %(provider)s). You can appeal within %(days)s days."
            ),
        ),
        "missed_time_late_move": NoticeWording(
            _l("Counted as moved late: %(time)s"),
            _l(
                "Your side moved the time on %(time)s less than %(hours)s hours before it "
                "(“%(need)s”, %(startup)s and %(provider)s). You can appeal within %(days)s days."
            ),
        ),
        # To the operators.
        "missed_time_appealed": NoticeWording(
            _l("%(who)s appeals: %(time)s"),
            _l(
                "%(who)s is counted as missing or late on %(time)s and says that it should not be. "
                "Please decide. Their words: %(words)s"
            ),
        ),
        "missed_time_taken_back": NoticeWording(
            _l("Your appeal was heard: %(time)s"),
            _l("What was counted against you on %(time)s is taken back. The reasons: %(words)s"),
        ),
        "missed_time_upheld": NoticeWording(
            _l("Your appeal was decided: %(time)s"),
            _l("What was counted against you on %(time)s stands. The reasons: %(words)s"),
        ),
        "session_declined_by_calendar": NoticeWording(
            _l("Declined in a calendar: %(time)s"),
            _l(
                "%(who)s declined the time on %(time)s in a calendar program. The time still "
                "stands: ask, move it or cancel it on the page of the engagement."
            ),
        ),
        "record_contradicted_missed": NoticeWording(
            _l("The other side says that it did not take place: %(time)s"),
            _l(
                "You recorded that it took place on %(time)s (%(startup)s and %(provider)s). The "
                "other side says that it did not. The operators decide; until then it does "
                "not count. Their words: %(words)s"
            ),
        ),
        "record_contradicted_held": NoticeWording(
            _l("The other side says that it took place: %(time)s"),
            _l(
                "You recorded that nothing took place on %(time)s (%(startup)s and %(provider)s). "
                "The other side says that it took place. The operators decide; until then it does "
                "not count. Their words: %(words)s"
            ),
        ),
        # To the operators.
        "record_to_decide": NoticeWording(
            _l("Two sides differ about %(time)s"),
            _l(
                "%(startup)s and %(provider)s do not agree on what took place on %(time)s. Please "
                "decide. The words against the record: %(words)s"
            ),
        ),
        # To the other side and the operators.
        "record_stands_held": NoticeWording(
            _l("The contradiction is taken back: %(time)s"),
            _l(
                "Whoever said that nothing took place on %(time)s (%(startup)s and %(provider)s) "
                "takes that back. It counts as held, and there is nothing left to decide."
            ),
        ),
        "record_stands_missed": NoticeWording(
            _l("The contradiction is taken back: %(time)s"),
            _l(
                "Whoever said that it took place on %(time)s (%(startup)s and %(provider)s) takes "
                "that back. It counts as missed, and there is nothing left to decide."
            ),
        ),
        "record_conceded_held": NoticeWording(
            _l("Both say now that it took place: %(time)s"),
            _l(
                "Whoever recorded that nothing took place on %(time)s (%(startup)s and "
                "%(provider)s) says now that it did. It counts as held, and nobody as missing."
            ),
        ),
        "record_conceded_missed": NoticeWording(
            _l("Both say now that it did not take place: %(time)s"),
            _l(
                "Whoever recorded that it took place on %(time)s (%(startup)s and %(provider)s) "
                "says now that it did not. It counts as missed, by whom the other side said."
            ),
        ),
        "record_decided_held": NoticeWording(
            _l("Decided: it took place, %(time)s"),
            _l(
                "The operators decided that it took place on %(time)s (%(startup)s and "
                "%(provider)s). The reasons: %(words)s"
            ),
        ),
        "record_decided_missed": NoticeWording(
            _l("Decided: it did not take place, %(time)s"),
            _l(
                "The operators decided that nothing took place on %(time)s (%(startup)s and "
                "%(provider)s). The reasons: %(words)s"
            ),
        ),
    }
)
