"""The words of this room: events, and what operators are told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.words.labels import Word
from app.words.wording import NoticeWording
from models.webhooks import WebhookEvent

_EVENTS: Mapping[WebhookEvent, LazyString] = {
    WebhookEvent.NEED_OPENED: _l("A need was opened"),
    WebhookEvent.NEED_EDITED: _l("A need was changed"),
    WebhookEvent.NEED_CLOSED: _l("A need was closed"),
    WebhookEvent.NEED_MATCHED: _l("Matches for a need were found"),
    WebhookEvent.NEED_FUNDS_OPENED: _l("Something was proven, and funds opened for a need"),
    WebhookEvent.NEED_FUNDS_CLOSED: _l("A proof fell, and funds closed for a need"),
    WebhookEvent.ENGAGEMENT_REQUESTED: _l("A provider was asked"),
    WebhookEvent.ENGAGEMENT_ACCEPTED: _l("A request was accepted"),
    WebhookEvent.ENGAGEMENT_DECLINED: _l("A request was declined"),
    WebhookEvent.ENGAGEMENT_ASKED_BACK: _l("A provider asked back"),
    WebhookEvent.ENGAGEMENT_REPLIED: _l("A startup replied to a question"),
    WebhookEvent.ENGAGEMENT_TIMES_OFFERED: _l("A provider offered times"),
    WebhookEvent.ENGAGEMENT_PASSED_ON: _l("A mentor passed a request on to a colleague"),
    WebhookEvent.ENGAGEMENT_RECEIVED: _l("A mentor was passed a request of a colleague"),
    WebhookEvent.ENGAGEMENT_WITHDRAWN: _l("A request was withdrawn"),
    WebhookEvent.ENGAGEMENT_EXPIRED: _l("A request ran out without an answer"),
    WebhookEvent.ENGAGEMENT_CANCELLED: _l("An engagement was cancelled"),
    WebhookEvent.ENGAGEMENT_COMPLETED: _l("An engagement was completed"),
    WebhookEvent.SESSION_PROPOSED: _l("A time was proposed"),
    WebhookEvent.SESSION_BOOKED: _l("A free time was booked, and so confirmed"),
    WebhookEvent.SESSION_CONFIRMED: _l("A time was confirmed"),
    WebhookEvent.SESSION_MOVED: _l("A time was moved"),
    WebhookEvent.SESSION_CANCELLED: _l("A time was cancelled"),
    WebhookEvent.SESSION_HELD: _l("A time was held"),
    WebhookEvent.SESSION_MISSED: _l("A time was not kept"),
    WebhookEvent.MISSED_TIME_COUNTED: _l("A side was counted as missing or late"),
    WebhookEvent.MISSED_TIME_APPEALED: _l("A side appealed to being counted"),
    WebhookEvent.MISSED_TIME_DECIDED: _l("An appeal was decided"),
    WebhookEvent.FEEDBACK_GIVEN: _l("Feedback was given"),
    WebhookEvent.FEEDBACK_REVEALED: _l("Both sides gave feedback and read each other's"),
    WebhookEvent.MESSAGE_SENT: _l("One side wrote to the other"),
    WebhookEvent.MINUTES_WRITTEN: _l("Minutes were written"),
    WebhookEvent.ACTION_ITEM_ADDED: _l("An action was agreed on"),
    WebhookEvent.ACTION_ITEM_FINISHED: _l("An action was done"),
    WebhookEvent.POOL_ENTRY_INVITED: _l("A mentor was invited to the pool"),
    WebhookEvent.POOL_ENTRY_APPLIED: _l("A mentor applied to the pool"),
    WebhookEvent.POOL_ENTRY_ADMITTED: _l("A mentor was admitted to the pool"),
    WebhookEvent.POOL_ENTRY_DECLINED: _l("A place in the pool was declined"),
    WebhookEvent.POOL_ENTRY_PAUSED: _l("A mentor of the pool was paused"),
    WebhookEvent.POOL_ENTRY_RESUMED: _l("A mentor of the pool was resumed"),
    WebhookEvent.POOL_ENTRY_RETIRED: _l("A mentor left the pool"),
    WebhookEvent.STARTUP_EDITED: _l("A startup's profile was changed"),
    WebhookEvent.STARTUP_PUBLISHED: _l("A startup's profile was published"),
    WebhookEvent.STARTUP_PAUSED: _l("A startup's profile was paused"),
    WebhookEvent.STARTUP_RESUMED: _l("A startup's profile was published again"),
    WebhookEvent.STARTUP_GATE_FELL: _l("A gate of a startup is verified no longer"),
    WebhookEvent.FACT_STATED: _l("A fact was stated"),
    WebhookEvent.FACT_CONFIRMED: _l("A fact was confirmed"),
    WebhookEvent.FACT_WITHDRAWN: _l("A fact was withdrawn"),
    WebhookEvent.DOCUMENT_REPORTED: _l("A document was reported"),
    WebhookEvent.OBJECTION_RAISED: _l("A mentor objected to an evaluation"),
    WebhookEvent.OBJECTION_ANSWERED: _l("An objection was answered"),
    WebhookEvent.OBJECTION_WITHDRAWN: _l("An objection was withdrawn"),
    WebhookEvent.IMPORT_APPLIED: _l("An import was applied"),
    WebhookEvent.IMPORT_DISCARDED: _l("An import was discarded"),
}

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {WebhookEvent: {event: Word(label) for event, label in _EVENTS.items()}}
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "webhook_paused": NoticeWording(
            _l("A webhook of %(incubator)s was paused"),
            _l(
                "Deliveries to %(url)s failed for three days, or the receiver said that it is"
                " gone. Nothing more is sent there until you resume it."
            ),
        ),
    }
)
