"""The sentences for notices and errors, and how they and the pages say times, in two languages.

Each sentence is whole: none is glued from parts. Notices have a subject and a body; errors have
one sentence that says what is wrong and, where there is one, the way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_name
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# Date and time with the weekday (Unicode TR 35), on pages and in mails alike.
TIME_FORMATS: Mapping[str, str] = MappingProxyType(
    {"en": "EEE d MMM y, HH:mm", "zh_Hans_CN": "y年M月d日 EEE HH:mm"}
)

_WITH_ZONE: Mapping[str, str] = MappingProxyType(
    {"en": "{time} ({zone})", "zh_Hans_CN": "{time}（{zone}）"}
)

# A fact whose name ends like this is a moment (ISO 8601), worded when it is read.
_MOMENT = "_at"


@dataclass(frozen=True, slots=True)
class NoticeWording:
    """The subject of a mail, which is also the line in the application, and the mail's body."""

    subject: LazyString
    body: LazyString


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
        # To the operators of the startup's incubator, when the provider cannot answer.
        "engagement_without_account": NoticeWording(
            _l("%(provider)s has no account and cannot answer"),
            _l(
                "%(startup)s asks %(provider)s about “%(need)s”. %(provider)s has no account "
                "and cannot answer: invite them before %(due)s."
            ),
        ),
        "engagement_accepted": NoticeWording(
            _l("%(provider)s accepted your request"),
            _l("%(provider)s accepted your request about “%(need)s”. You can now agree on a time."),
        ),
        "engagement_declined": NoticeWording(
            _l("%(provider)s declined your request"),
            _l("%(provider)s declined your request about “%(need)s”. The reason given: %(reason)s"),
        ),
        "engagement_withdrawn": NoticeWording(
            _l("A request was withdrawn: %(need)s"),
            _l("%(startup)s withdrew the request about “%(need)s”. There is nothing left to do."),
        ),
        "engagement_withdrawn_sealed": NoticeWording(
            _l("A request to you was withdrawn"),
            _l("A startup withdrew its request to you. There is nothing left to do."),
        ),
        "engagement_lapsed": NoticeWording(
            _l("A request to you has expired"),
            _l(
                "A request to you was not answered in time and has expired. "
                "If you have no time at present, pause your profile."
            ),
        ),
        "engagement_expired": NoticeWording(
            _l("A request has expired: %(need)s"),
            _l("Nobody answered the request to %(provider)s about “%(need)s” in time."),
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
            _l("A new time is proposed for “%(need)s”: %(time)s. Please confirm or move it."),
        ),
        "session_cancelled": NoticeWording(
            _l("Cancelled: the session on %(time)s"),
            _l("The session about “%(need)s” on %(time)s was cancelled. The reason: %(reason)s"),
        ),
        "feedback_wanted": NoticeWording(
            _l("How was the session? %(need)s"),
            _l("The session about “%(need)s” was held. Please say how useful it was."),
        ),
        "pool_invited": NoticeWording(
            _l("%(incubator)s invites you to its mentor pool"),
            _l("%(incubator)s invites you to its mentor pool. Please accept or decline."),
        ),
        "pool_applied": NoticeWording(
            _l("%(mentor)s applies to your mentor pool"),
            _l("%(mentor)s applies to the mentor pool of %(incubator)s. Please decide."),
        ),
        "pool_admitted": NoticeWording(
            _l("You are admitted to the mentor pool of %(incubator)s"),
            _l("%(incubator)s admitted you to its mentor pool. Its startups can now ask you."),
        ),
        "pool_joined": NoticeWording(
            _l("%(mentor)s joined your mentor pool"),
            _l("%(mentor)s accepted the invitation to the mentor pool of %(incubator)s."),
        ),
        "pool_declined": NoticeWording(
            _l("Mentor pool of %(incubator)s: declined"),
            _l("No admission to the mentor pool of %(incubator)s. The reason given: %(reason)s"),
        ),
        "pool_invitation_declined": NoticeWording(
            _l("%(mentor)s declined the invitation to your mentor pool"),
            _l("%(mentor)s declined the invitation of %(incubator)s. The reason given: %(reason)s"),
        ),
        "pool_paused": NoticeWording(
            _l("You are paused in the mentor pool of %(incubator)s"),
            _l("%(incubator)s paused you in its mentor pool. The reason given: %(reason)s"),
        ),
        "pool_resumed": NoticeWording(
            _l("You are back in the mentor pool of %(incubator)s"),
            _l("%(incubator)s resumed your place in its mentor pool."),
        ),
        "pool_retired": NoticeWording(
            _l("You have left the mentor pool of %(incubator)s"),
            _l("%(incubator)s retired you from its mentor pool. The reason given: %(reason)s"),
        ),
        "invitation_sent": NoticeWording(
            _l("%(inviter)s invites you to act for %(organisation)s"),
            _l(
                "%(inviter)s invites you to act for %(organisation)s. "
                "The link is good for %(days)s days."
            ),
        ),
        "invitation_accepted": NoticeWording(
            _l("%(person)s accepted your invitation"),
            _l("%(person)s accepted your invitation and now acts for %(organisation)s."),
        ),
        "password_reset": NoticeWording(
            _l("Choose a new password"),
            _l(
                "Somebody asked for a new password for this address. "
                "The link is good for one hour. If it was not you, do nothing."
            ),
        ),
        "password_changed": NoticeWording(
            _l("Your password was changed"),
            _l(
                "Your password was changed and other devices were logged out. "
                "If it was not you, choose a new one now."
            ),
        ),
        "registration_begun": NoticeWording(
            _l("Finish your registration"),
            _l(
                "Somebody registers with this address. "
                "The link is good for one day. If it was not you, do nothing."
            ),
        ),
        "already_registered": NoticeWording(
            _l("You already have an account"),
            _l(
                "Somebody tried to register with this address. "
                "You have an account: log in, or choose a new password."
            ),
        ),
    }
)


ERRORS: Mapping[str, LazyString] = MappingProxyType(
    {
        "not_possible": _l("That is not possible now."),
        "not_found": _l("There is no such page, or it is not for you to see."),
        "not_permitted": _l("You can see this, but you cannot do this with it."),
        "changed_meanwhile": _l(
            "Someone changed this after you opened the page. Look at it again, then decide."
        ),
        "profile_incomplete": _l(
            "The profile cannot be published yet. What is missing is marked below."
        ),
        "seed_fund_too_broad": _l("A seed fund covers at most %(limit)s technology fields."),
        "ticket_range_reversed": _l("The largest ticket is smaller than the smallest one."),
        "credit_code_taken": _l(
            "Your incubator hosts another startup with this credit code. Its operators can see "
            "both."
        ),
        "provider_fully_booked": _l(
            "There is no free place left. Choose someone else or ask again later."
        ),
        "own_places_taken": _l(
            "All your places are taken. Complete an engagement or raise your capacity, then accept."
        ),
        "provider_not_available": _l("This provider cannot be asked at present."),
        "conflict_of_interest": _l(
            "You and this provider are connected (%(because)s), so this cannot be asked."
        ),
        "already_requested": _l("You have already asked this provider about this need."),
        "reason_missing": _l("Please give a reason: the other side will read it."),
        "nothing_held": _l("An engagement can be completed once a session was held."),
        "sessions_still_open": _l(
            "A session is still planned. Record it or cancel it, then complete the engagement."
        ),
        "session_already_planned": _l("A session of this engagement is already planned then."),
        "session_time_invalid": _l(
            "A session begins on a quarter of an hour and lasts from 15 minutes to 8 hours."
        ),
        "place_or_link_missing": _l("Give a place or a link, so that both know where to meet."),
        "rating_invalid": _l("A rating is a whole number from 1 to 5."),
        "time_already_taken": _l(
            "One of you has another session at that time. Choose another time."
        ),
        "time_in_the_past": _l("That time has gone by. Choose a later one."),
        "session_not_over": _l("This can be recorded once the session has begun."),
        "other_side_must_confirm": _l("You proposed this time. The other side has to confirm it."),
        "feedback_already_given": _l("Your side has already given feedback on this session."),
        "email_already_registered": _l("There is already an account with this address."),
        "invitation_invalid": _l("This invitation is no longer good. Ask for a new one."),
        "invitation_for_someone_else": _l(
            "This invitation was sent to another address. Log in with that one."
        ),
        "registration_link_invalid": _l(
            "This link is no longer good. Log in if you have used it, or register again."
        ),
        "already_member": _l("This person already acts for the organisation."),
        "reset_link_invalid": _l("This link is no longer good. Ask for a new one."),
        "already_in_pool": _l("This mentor already stands in the pool."),
        "already_invited": _l("An invitation to this address is still open."),
        "file_unreadable": _l(
            "This file cannot be read as a table. Save it as .xlsx or as .csv and try again."
        ),
        "file_too_large": _l("This file is too large: at most %(rows)s rows and %(megabytes)s MB."),
        "quotes_unmatched": _l(
            "In row %(row)s a quotation mark does not end where it should. Correct it, or save "
            "the table as .xlsx."
        ),
        "column_missing": _l(
            "No row of this file names a column “%(column)s”. Begin with the template below."
        ),
        "column_repeated": _l("Two columns of this file mean “%(column)s”. Keep one of them."),
        "file_without_rows": _l("Below its header this file is empty."),
        "preview_unreadable": _l(
            "Send a JSON object with “text” of 1 to %(characters)d characters and, if you like, "
            "“kind” (mentor, investor or centre) and “limit” from 1 to %(results)d."
        ),
        "matching_not_ready": _l("Matches cannot be looked for at present. Try again later."),
        "log_in_needed": _l("Log in first."),
        "need_too_short": _l(
            "The need says too little to be matched: write at least %(least)s characters."
        ),
        "need_already_stated": _l("You have already stated this need. Here it is."),
        "need_not_open": _l("This need is not open, so nobody is looked for. Open it first."),
        "incubator_name_taken": _l("Another incubator has this name."),
        "out_of_order": _l(
            "That does not follow from the present state: somebody may have acted before you."
        ),
    }
)


def keep_moments(moments: Mapping[str, datetime]) -> dict[str, str]:
    """`moments` as facts of a notice: kept as they are, so that each reader has their own words."""
    return {name + _MOMENT: moment.isoformat() for name, moment in moments.items()}


def word_moment(moment: datetime, *, locale: str, zone: str) -> str:
    """`moment` in the language `locale` and the time zone `zone`, with the name of the zone.

    A mail is read far from the page that could say which zone it means.
    """
    place = ZoneInfo(zone)
    shown = format_datetime(moment, TIME_FORMATS[locale], tzinfo=place, locale=locale)
    return _WITH_ZONE[locale].format(time=shown, zone=get_timezone_name(place, locale=locale))


def word_notice(kind: str, facts: Mapping[str, str], *, locale: str, zone: str) -> tuple[str, str]:
    """Subject and body of a notice, its moments worded for a reader of `locale` in `zone`.

    The sentences come in the locale that is in force. Raises KeyError for a kind without wording
    or a fact that its wording lacks.
    """
    wording = NOTICES[kind]
    worded = dict(facts)
    for name, value in facts.items():
        if name.endswith(_MOMENT):
            moment = datetime.fromisoformat(value)
            worded[name.removesuffix(_MOMENT)] = word_moment(moment, locale=locale, zone=zone)
    return str(wording.subject) % worded, str(wording.body) % worded
