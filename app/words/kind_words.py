"""What an engagement and its times are called, by the kind of provider.

A mentor coaches in sessions, an investor talks, a centre carries out an order: each is worded for
what it is, on pages, in mails, in the trace, in hours and in the workspace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.vocabulary import ProviderKind


@dataclass(frozen=True, slots=True)
class KindWords:
    """The words of one kind. Those that name somebody hold `%(name)s`, filled by whoever shows."""

    ask_title: LazyString
    message: LazyString
    message_hint: LazyString
    asks_you: LazyString
    somebody_asks_you: LazyString
    # One of the times that are agreed on, and all of them.
    time: LazyString
    times: LazyString
    coming_first: LazyString
    cancel_time: LazyString
    cancel_effect: LazyString
    time_cancelled: LazyString
    # None: there is only a place to come to.
    link: LazyString | None
    record: LazyString
    did_it_happen: LazyString
    how_was_it: LazyString
    how_was_it_with: LazyString
    how_useful: LazyString
    completing: LazyString
    trace: Mapping[str, LazyString]
    # How a time that was held, or was not, stands in the story.
    story: Mapping[str, LazyString]
    # Of the hours of the provider and their limits.
    when_free: LazyString
    host: LazyString
    between: LazyString
    week_limit: LazyString
    month_limit: LazyString
    limits_hold: LazyString
    where: LazyString
    # Of the workspace.
    before_next: LazyString
    came_of_last: LazyString
    older: LazyString
    no_minutes: LazyString
    # Of looking back.
    do_you_fit: LazyString
    parting: LazyString


WORDS_BY_KIND: Mapping[ProviderKind, KindWords] = MappingProxyType(
    {
        ProviderKind.MENTOR: KindWords(
            ask_title=_l("Ask %(name)s for coaching"),
            message=_l("Your question"),
            message_hint=_l("What you would like to be told. The mentor reads this at once."),
            asks_you=_l("%(name)s asks you for coaching."),
            somebody_asks_you=_l("A startup asks you for coaching"),
            time=_l("Session"),
            times=_l("Sessions"),
            coming_first=_l("Accepted. Now propose a time."),
            cancel_time=_l("Cancel the session"),
            cancel_effect=_l(
                "The session is cancelled on both calendars, and the other side reads your "
                "reason. The engagement goes on: you can propose another time."
            ),
            time_cancelled=_l("The session is cancelled. The other side was told why."),
            link=_l("Link to the meeting"),
            record=_l("Record the session"),
            did_it_happen=_l("Did the session with %(name)s take place?"),
            how_was_it=_l("How was the session?"),
            how_was_it_with=_l("How was the session with %(name)s?"),
            how_useful=_l("How useful was the session?"),
            completing=_l(
                "Every planned session is recorded. Complete the engagement if nothing else is "
                "to be done: the place is then free again."
            ),
            trace=MappingProxyType(
                {
                    "session_cancelled": _l("Session cancelled"),
                    "session_held": _l("Session recorded as held"),
                    "session_missed": _l("Session recorded as missed"),
                }
            ),
            story=MappingProxyType(
                {
                    "held": _l("The two sides met."),
                    "missed": _l("The session did not take place."),
                    "contested": _l("The two sides differ about whether they met."),
                }
            ),
            when_free=_l("When you can be met"),
            host=_l("Who is met"),
            between=_l("Time between two sessions"),
            week_limit=_l("Sessions a week at most"),
            month_limit=_l("Sessions a month at most"),
            limits_hold=_l(
                "The limits hold for every session that is confirmed, also for those that you "
                "agree on one by one. What is booked already stays."
            ),
            where=_l("Where you meet"),
            before_next=_l("Before the next session"),
            came_of_last=_l("What came of the last session"),
            older=_l("Older sessions"),
            no_minutes=_l("Minutes are written once a session took place."),
            do_you_fit=_l("You have met %(name)s. Do you fit together?"),
            parting=_l(
                "Thank you for your time and openness. After our first session I think that "
                "somebody with another background fits this need better, and I do not want to "
                "take more of your time for it."
            ),
        ),
        ProviderKind.INVESTOR: KindWords(
            ask_title=_l("Talk to %(name)s about funding"),
            message=_l("A few words to the fund"),
            message_hint=_l("What makes this a case for this fund. It is read at once."),
            asks_you=_l("%(name)s seeks funding from you."),
            somebody_asks_you=_l("A startup seeks funding from you"),
            time=_l("Talk"),
            times=_l("Talks"),
            coming_first=_l("Accepted. Now propose a time for a first talk."),
            cancel_time=_l("Cancel the talk"),
            cancel_effect=_l(
                "The talk is cancelled on both calendars, and the other side reads your reason. "
                "The deal conversation goes on: you can propose another time."
            ),
            time_cancelled=_l("The talk is cancelled. The other side was told why."),
            link=_l("Address of the video call"),
            record=_l("Record the talk"),
            did_it_happen=_l("Did the talk with %(name)s take place?"),
            how_was_it=_l("How was the talk?"),
            how_was_it_with=_l("How was the talk with %(name)s?"),
            how_useful=_l("How useful was the talk?"),
            completing=_l(
                "Complete it once you have agreed, or agreed that nothing follows: the place is "
                "then free again."
            ),
            trace=MappingProxyType(
                {
                    "session_cancelled": _l("Talk cancelled"),
                    "session_held": _l("Talk recorded as held"),
                    "session_missed": _l("Talk recorded as missed"),
                }
            ),
            story=MappingProxyType(
                {
                    "held": _l("The two sides talked."),
                    "missed": _l("The talk did not take place."),
                    "contested": _l("The two sides differ about whether they talked."),
                }
            ),
            when_free=_l("When you can be met"),
            host=_l("Who is met"),
            between=_l("Time between two talks"),
            week_limit=_l("Talks a week at most"),
            month_limit=_l("Talks a month at most"),
            limits_hold=_l(
                "The limits hold for every talk that is confirmed, also for those that you agree "
                "on one by one. What is booked already stays."
            ),
            where=_l("Where you meet"),
            before_next=_l("Before the next talk"),
            came_of_last=_l("What came of the last talk"),
            older=_l("Older talks"),
            no_minutes=_l("Minutes are written once a talk took place."),
            do_you_fit=_l("You have talked to %(name)s. Do you fit together?"),
            parting=_l(
                "Thank you for your time and openness. After our first talk I think that this is "
                "no case for the two of us, and I do not want to take more of your time for it."
            ),
        ),
        ProviderKind.CENTRE: KindWords(
            ask_title=_l("Order from %(name)s"),
            message=_l("Notes on the order"),
            message_hint=_l("What else the centre should know. It is read at once."),
            asks_you=_l("%(name)s wants to order from you."),
            somebody_asks_you=_l("A startup wants to order from you"),
            time=_l("Appointment"),
            times=_l("Appointments"),
            coming_first=_l("Accepted. Now propose when the sample is to come in."),
            cancel_time=_l("Cancel the appointment"),
            cancel_effect=_l(
                "The appointment is cancelled on both calendars, and the other side reads your "
                "reason. The order stands: you can propose another time."
            ),
            time_cancelled=_l("The appointment is cancelled. The other side was told why."),
            link=None,
            record=_l("Record the appointment"),
            did_it_happen=_l("Was the appointment with %(name)s kept?"),
            how_was_it=_l("How was the work?"),
            how_was_it_with=_l("How was the work with %(name)s?"),
            how_useful=_l("How useful was the work?"),
            completing=_l(
                "Complete it once the order is done and delivered: the place is then free again."
            ),
            trace=MappingProxyType(
                {
                    "session_cancelled": _l("Appointment cancelled"),
                    "session_held": _l("Appointment recorded as kept"),
                    "session_missed": _l("Appointment recorded as missed"),
                }
            ),
            story=MappingProxyType(
                {
                    "held": _l("The appointment was kept."),
                    "missed": _l("The appointment was not kept."),
                    "contested": _l("The two sides differ about whether the appointment was kept."),
                }
            ),
            when_free=_l("When you receive"),
            host=_l("Who receives"),
            between=_l("Time between two appointments"),
            week_limit=_l("Appointments a week at most"),
            month_limit=_l("Appointments a month at most"),
            limits_hold=_l(
                "The limits hold for every appointment that is confirmed, also for those that you "
                "agree on one by one. What is booked already stays."
            ),
            where=_l("Where to come"),
            before_next=_l("Before the next appointment"),
            came_of_last=_l("What came of the last appointment"),
            older=_l("Older appointments"),
            no_minutes=_l("Minutes are written once an appointment was kept."),
            do_you_fit=_l("You have worked with %(name)s. Do you fit together?"),
            parting=_l(
                "Thank you for your work and openness. After the first appointment I think that "
                "another place can do this work better, and I do not want to take more of your "
                "time for it."
            ),
        ),
    }
)

# Notices of the same event, where a kind words it in its own way.
NOTICES_BY_KIND: Mapping[ProviderKind, Mapping[str, str]] = MappingProxyType(
    {
        ProviderKind.MENTOR: MappingProxyType({}),
        ProviderKind.INVESTOR: MappingProxyType(
            {
                "engagement_requested": "deal_requested",
                "engagement_requested_sealed": "deal_requested_sealed",
                "session_proposed": "talk_proposed",
                "session_confirmed": "talk_confirmed",
                "session_moved": "talk_moved",
                "session_cancelled": "talk_cancelled",
                "feedback_wanted": "talk_feedback_wanted",
            }
        ),
        ProviderKind.CENTRE: MappingProxyType(
            {
                "engagement_requested": "order_requested",
                "engagement_requested_sealed": "order_requested_sealed",
                "session_proposed": "appointment_proposed",
                "session_confirmed": "appointment_confirmed",
                "session_moved": "appointment_moved",
                "session_cancelled": "appointment_cancelled",
                "feedback_wanted": "appointment_feedback_wanted",
            }
        ),
    }
)


def fill_name(words: LazyString, name: str) -> LazyString:
    """`words` with the name in them, in the language of whoever reads."""
    return LazyString(_put_in, words, name)


def _put_in(words: LazyString, name: str) -> str:
    return str(words) % {"name": name}


def choose_notice(kind: str, provider_kind: ProviderKind) -> str:
    """The kind of notice by which a provider of `provider_kind` words the event `kind`."""
    return NOTICES_BY_KIND[provider_kind].get(kind, kind)
