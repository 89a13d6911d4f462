"""The words of this room: states, steps of the trace, ratings, and what the sides are told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.engagements.record_words import RECORD_NOTICES
from app.engagements.time_words import TIME_NOTICES
from app.words.kind_words import WORDS_BY_KIND
from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.missed_times import MissedBy, MissedTimeKind
from models.session_replies import ReplyAnswer
from models.vocabulary import DeclineReason, MeetingForm, ProviderKind

# The steps of the trace (`models.engagements.EngagementEvent.kind`); those that a kind of provider
# words in its own way stand in `kind_words`.
TRACE_WORDS: Mapping[str, LazyString] = MappingProxyType(
    {
        "requested": _l("Request sent"),
        "asked_back": _l("Asked back"),
        "replied": _l("Replied"),
        "accepted": _l("Request accepted"),
        "declined": _l("Request declined"),
        "passed_on": _l("Passed on to a colleague"),
        "received": _l("Passed on by a colleague"),
        "withdrawn": _l("Request withdrawn"),
        "expired": _l("Request expired without an answer"),
        "cancelled": _l("Engagement cancelled"),
        "completed": _l("Engagement completed"),
        "session_proposed": _l("Time proposed"),
        "session_confirmed": _l("Time confirmed"),
        "session_moved": _l("New time proposed"),
        "session_booked": _l("Free time booked"),
        "session_attendees_named": _l("Said who comes"),
        "times_offered": _l("Times offered"),
        "offer_withdrawn": _l("Offered times withdrawn"),
        "feedback_given": _l("Feedback given"),
        "session_contradicted": _l("Record of a time contradicted"),
    }
)


def get_trace_words(kind: ProviderKind) -> Mapping[str, LazyString]:
    """The steps of the trace of an engagement with a provider of `kind`."""
    return {**TRACE_WORDS, **WORDS_BY_KIND[kind].trace}


CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        DeclineReason: {
            DeclineReason.NO_TIME: Word(_l("No time at present")),
            DeclineReason.OTHER_FIELD: Word(_l("Another field")),
            DeclineReason.NOT_THE_STAGE: Word(_l("Too early or too late for us")),
            DeclineReason.NOT_INDEPENDENT: Word(_l("Not independent of you or of a competitor")),
            DeclineReason.UNCLEAR: Word(_l("What is asked for is not clear")),
            DeclineReason.OTHER: Word(_l("Another reason")),
        },
        MissedBy: {
            MissedBy.STARTUP: Word(_l("The startup")),
            MissedBy.PROVIDER: Word(_l("The provider")),
            MissedBy.BOTH: Word(_l("Both sides")),
        },
        MissedTimeKind: {
            MissedTimeKind.NO_SHOW: Word(_l("Did not come")),
            MissedTimeKind.LATE_CANCEL: Word(_l("Cancelled late")),
            MissedTimeKind.LATE_MOVE: Word(_l("Moved late")),
        },
        ReplyAnswer: {
            ReplyAnswer.ACCEPTED: Word(_l("accepted")),
            ReplyAnswer.DECLINED: Word(_l("declined")),
            ReplyAnswer.TENTATIVE: Word(_l("tentative")),
        },
        MeetingForm: {
            MeetingForm.ONLINE: Word(_l("Online")),
            MeetingForm.IN_PERSON: Word(_l("In person")),
        },
    }
)

# What a rating means, beside its number.
RATING_WORDS: Mapping[int, LazyString] = MappingProxyType(
    {
        1: _l("1 – poor"),
        2: _l("2 – weak"),
        3: _l("3 – fair"),
        4: _l("4 – good"),
        5: _l("5 – excellent"),
    }
)

# By lifecycle, because the same word of the code may be worded differently.
STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "engagement": {
            "requested": Word(_l("Requested"), Tone.WAITS),
            "accepted": Word(_l("Accepted"), Tone.FITS),
            "declined": Word(_l("Declined"), Tone.FAILS),
            "passed_on": Word(_l("Passed on"), Tone.OVER),
            "withdrawn": Word(_l("Withdrawn"), Tone.OVER),
            "expired": Word(_l("Expired"), Tone.FAILS),
            "active": Word(_l("Active"), Tone.FITS),
            "completed": Word(_l("Completed"), Tone.FITS),
            "cancelled": Word(_l("Cancelled"), Tone.OVER),
        },
        "queue place": {
            "waiting": Word(_l("In the queue"), Tone.WAITS),
            "offered": Word(_l("A place is yours"), Tone.FITS),
            "lapsed": Word(_l("Not asked in time"), Tone.OVER),
            "taken": Word(_l("Request made"), Tone.FITS),
            "left": Word(_l("Left"), Tone.OVER),
            "closed": Word(_l("Closed"), Tone.OVER),
        },
        "dual mentoring": {
            "asked": Word(_l("Waits for both mentors"), Tone.WAITS),
            "agreed": Word(_l("Working together"), Tone.FITS),
            "declined": Word(_l("Declined"), Tone.OVER),
            "ended": Word(_l("Ended"), Tone.OVER),
        },
        "question": {
            "asked": Word(_l("Waits for a reply"), Tone.WAITS),
            "replied": Word(_l("Replied"), Tone.FITS),
            "lapsed": Word(_l("Not replied"), Tone.OVER),
        },
        "missed time": {
            "counted": Word(_l("Counted"), Tone.FAILS),
            "appealed": Word(_l("Under appeal"), Tone.WAITS),
            "upheld": Word(_l("Stands after an appeal"), Tone.FAILS),
            "taken_back": Word(_l("Taken back"), Tone.OVER),
        },
        "contradiction": {
            "open": Word(_l("To be decided"), Tone.WAITS),
            "upheld": Word(_l("The record stands"), Tone.OVER),
            "overturned": Word(_l("The record was wrong"), Tone.FAILS),
            "taken_back": Word(_l("Contradiction taken back"), Tone.OVER),
            "conceded": Word(_l("Conceded: the record was wrong"), Tone.OVER),
        },
        "session": {
            "proposed": Word(_l("Proposed"), Tone.WAITS),
            "confirmed": Word(_l("Confirmed"), Tone.FITS),
            "held": Word(_l("Held"), Tone.FITS),
            "contested": Word(_l("The two sides differ"), Tone.WAITS),
            "missed": Word(_l("Missed"), Tone.FAILS),
            "cancelled": Word(_l("Cancelled"), Tone.OVER),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "engagement_requested": NoticeWording(
            _l("A startup asks you: %(need)s"),
            _l("%(startup)s asks for an engagement about “%(need)s”. Please answer by %(due)s."),
        ),
        # To a provider before it has accepted: nothing that the founder has not released.
        "engagement_requested_sealed": NoticeWording(
            _l("A startup asks you for an engagement"),
            _l(
                "A startup asks you for an engagement. Please answer by %(due)s. "
                "What it lets you see is on the page of the request."
            ),
        ),
        "deal_requested": NoticeWording(
            _l("A startup seeks funding: %(need)s"),
            _l("%(startup)s seeks funding from you: “%(need)s”. Please answer by %(due)s."),
        ),
        "deal_requested_sealed": NoticeWording(
            _l("A startup seeks funding from you"),
            _l(
                "A startup seeks funding from you. Please answer by %(due)s. "
                "What it lets you see is on the page of the request."
            ),
        ),
        "order_requested": NoticeWording(
            _l("A startup wants to order: %(need)s"),
            _l("%(startup)s wants to order from you for “%(need)s”. Please answer by %(due)s."),
        ),
        "order_requested_sealed": NoticeWording(
            _l("A startup wants to order from you"),
            _l(
                "A startup wants to order from you. Please answer by %(due)s. "
                "What it lets you see is on the page of the request."
            ),
        ),
        # To the operators of the startup's incubator, when the provider cannot answer.
        "engagement_without_account": NoticeWording(
            _l("%(provider)s has no account and cannot answer"),
            _l(
                "%(startup)s asks %(provider)s about “%(need)s”. %(provider)s has no account "
                "and cannot answer: invite them before %(due)s."
            ),
        ),
        "dual_mentoring_asked": NoticeWording(
            _l("%(startup)s would like you to work with %(other)s"),
            _l(
                "%(startup)s is coached by you and by %(other)s, and would like the two of you to "
                "work together. Nothing changes unless both of you agree. Times with both are then "
                "one entry in the calendars of all three, with everybody's address."
            ),
        ),
        "dual_mentoring_agreed": NoticeWording(
            _l("You work together with %(other)s now"),
            _l(
                "Both mentors of %(startup)s have agreed. Times can be booked with both at once; "
                "feedback is given to each."
            ),
        ),
        "dual_mentoring_declined": NoticeWording(
            _l("%(other)s goes on without a second mentor"),
            _l(
                "The mentors that you, %(startup)s, asked to work together do not both want to. "
                "With %(other)s everything stays as it was."
            ),
        ),
        "dual_mentoring_ended": NoticeWording(
            _l("You no longer work together with %(other)s"),
            _l(
                "The two mentors of %(startup)s no longer work together. What is booked stays, "
                "with each of them."
            ),
        ),
        "queue_place_offered": NoticeWording(
            _l("A place with %(provider)s is yours"),
            _l(
                "You waited for a place with %(provider)s for “%(need)s”. One is free and kept for "
                "you until %(due)s. Ask before then, or it goes to the next."
            ),
        ),
        "queue_offer_lapsed": NoticeWording(
            _l("A place with %(provider)s went to the next"),
            _l(
                "The place with %(provider)s that was kept for “%(need)s” was not asked for in "
                "time. You can join the queue again."
            ),
        ),
        "queue_place_put_back": NoticeWording(
            _l("The place with %(provider)s is not free after all"),
            _l(
                "%(provider)s took somebody else or is paused, so nothing is kept for “%(need)s” "
                "now. You keep your place in the queue."
            ),
        ),
        "queue_closed": NoticeWording(
            _l("The queue for %(provider)s is closed"),
            _l("%(provider)s cannot be asked any more about “%(need)s”, so the wait is over."),
        ),
        "queue_left_by_provider": NoticeWording(
            _l("Whom you waited for is no longer here: %(need)s"),
            _l(
                "You waited for a place for “%(need)s”. That provider has left Yinqiao, so the "
                "wait is over. The page of the need says who else fits."
            ),
        ),
        "engagement_accepted": NoticeWording(
            _l("%(provider)s accepted your request"),
            _l("%(provider)s accepted your request about “%(need)s”. You can now agree on a time."),
        ),
        "engagement_accepted_saying": NoticeWording(
            _l("%(provider)s accepted your request"),
            _l(
                "%(provider)s accepted your request about “%(need)s”. You can now agree on a time. "
                "They say: %(words)s"
            ),
        ),
        "engagement_declined": NoticeWording(
            _l("%(provider)s declined your request"),
            _l(
                "%(provider)s declined your request about “%(need)s”. The page of the request says "
                "who else fits. The reason given: %(reason)s"
            ),
        ),
        "engagement_passed_on": NoticeWording(
            _l("%(former)s passed your request on to %(provider)s"),
            _l(
                "%(former)s passed your request about “%(need)s” on to %(provider)s, who sees what "
                "you let %(former)s see and has until %(due)s to answer. You can withdraw it on "
                "its page. The reason given: %(reason)s"
            ),
        ),
        "engagement_received": NoticeWording(
            _l("%(former)s passes a request on to you: %(need)s"),
            _l(
                "%(startup)s asked %(former)s about “%(need)s”, and %(former)s passes it on to "
                "you: %(reason)s Please answer by %(due)s."
            ),
        ),
        "engagement_received_sealed": NoticeWording(
            _l("%(former)s passes a request on to you"),
            _l(
                "A startup asked %(former)s for an engagement, and %(former)s passes it on to "
                "you: %(reason)s Please answer by %(due)s. What the startup lets you see is on "
                "the page of the request."
            ),
        ),
        "engagement_withdrawn": NoticeWording(
            _l("A request was withdrawn: %(need)s"),
            _l("%(startup)s withdrew the request about “%(need)s”. There is nothing left to do."),
        ),
        "engagement_withdrawn_sealed": NoticeWording(
            _l("A request to you was withdrawn"),
            _l("A startup withdrew its request to you. There is nothing left to do."),
        ),
        "engagement_asked_back": NoticeWording(
            _l("%(provider)s asks you back"),
            _l(
                "Before answering your request about “%(need)s”, %(provider)s asks you something. "
                "Please reply by %(due)s. The question: %(question)s"
            ),
        ),
        "engagement_replied": NoticeWording(
            _l("%(startup)s replied: %(need)s"),
            _l(
                "%(startup)s replied to your question about “%(need)s”. Please answer the request "
                "by %(due)s. The reply: %(reply)s"
            ),
        ),
        "engagement_replied_sealed": NoticeWording(
            _l("A startup replied to your question"),
            _l(
                "A startup replied to your question. Please answer the request by %(due)s. "
                "The reply: %(reply)s"
            ),
        ),
        "engagement_unreplied": NoticeWording(
            _l("A request has expired: %(need)s"),
            _l(
                "%(provider)s had asked you back about “%(need)s”, and there was no reply in time. "
                "You can ask again."
            ),
        ),
        "engagement_reply_missing": NoticeWording(
            _l("A request to you has expired"),
            _l("A startup did not reply to your question in time. There is nothing left to do."),
        ),
        "engagement_lapsed": NoticeWording(
            _l("A request to you has expired"),
            _l(
                "A request to you was not answered in time and has expired. "
                "If you have no time at present, pause your profile."
            ),
        ),
        "paused_for_silence": NoticeWording(
            _l("%(provider)s is paused"),
            _l(
                "%(silences)s requests in a row to %(provider)s were not answered, so nobody is "
                "asked to wait for it any more. “Resume” on the page of the profile brings it "
                "back at once."
            ),
        ),
        "engagement_waits": NoticeWording(
            _l("Your answer is waited for: %(need)s"),
            _l(
                "%(startup)s waits for your answer about “%(need)s”. After %(due)s the request "
                "expires. A no with a reason helps, too, and so does a question back."
            ),
        ),
        "engagement_waits_sealed": NoticeWording(
            _l("A startup waits for your answer"),
            _l(
                "A startup waits for your answer. After %(due)s the request expires. A no with a "
                "reason helps, too, and so does a question back."
            ),
        ),
        "engagement_reply_waits": NoticeWording(
            _l("Your reply is waited for: %(need)s"),
            _l(
                "%(provider)s asked back about “%(need)s” and waits for your reply. After %(due)s "
                "the request expires."
            ),
        ),
        "engagement_expired": NoticeWording(
            _l("A request has expired: %(need)s"),
            _l(
                "Nobody answered the request to %(provider)s about “%(need)s” in time. "
                "The page of the request says who else fits."
            ),
        ),
        "engagement_cancelled": NoticeWording(
            _l("An engagement was cancelled: %(need)s"),
            _l("The engagement about “%(need)s” was cancelled. The reason given: %(reason)s"),
        ),
        "engagement_completed": NoticeWording(
            _l("An engagement is complete: %(need)s"),
            _l("The engagement of %(startup)s with %(provider)s about “%(need)s” is complete."),
        ),
        "session_proposed": NoticeWording(
            _l("A time is proposed: %(time)s"),
            _l("A session about “%(need)s” is proposed for %(time)s. Please confirm or move it."),
        ),
        "session_confirmed": NoticeWording(
            _l("Confirmed: %(time)s"),
            _l("The session about “%(need)s” is confirmed for %(time)s, %(where)s."),
        ),
        "session_moved": NoticeWording(
            _l("A session is to move to %(time)s"),
            _l(
                "A new time is proposed for “%(need)s”: %(time)s, no longer %(former)s. Please "
                "confirm or move it."
            ),
        ),
        # To those who propose the new time: their calendars have the old one.
        "session_move_sent": NoticeWording(
            _l("A new time is proposed: %(time)s"),
            _l(
                "Your side proposed a new time for “%(need)s”: %(time)s. The other side has to "
                "confirm it. The old time, %(former)s, is given up."
            ),
        ),
        "session_attendees_named": NoticeWording(
            _l("Who comes on %(time)s"),
            _l(
                "%(startup)s said who comes on %(time)s, about “%(need)s”. The page of the "
                "engagement and the entry of the calendar name them."
            ),
        ),
        "times_offered": NoticeWording(
            _l("%(provider)s offers times: %(need)s"),
            _l(
                "For “%(need)s” %(provider)s offers these times, each of %(minutes)s minutes: "
                "%(times)s. Pick one on the page of the engagement."
            ),
        ),
        "session_cancelled": NoticeWording(
            _l("Cancelled: the session on %(time)s"),
            _l("The session about “%(need)s” on %(time)s was cancelled. The reason: %(reason)s"),
        ),
        **RECORD_NOTICES,
        "feedback_wanted": NoticeWording(
            _l("How was the session on %(time)s? %(need)s"),
            _l("The session about “%(need)s” on %(time)s was held. Please say how useful it was."),
        ),
        **TIME_NOTICES,
    }
)
