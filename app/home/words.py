"""The words of this room: what was done, as the record of acts shows it to operators."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.words.labels import Word
from app.words.wording import NoticeWording
from models.notice_codes import NoticeDelivery, NoticeTopic

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        NoticeTopic: {
            NoticeTopic.REQUESTS: Word(_l("Requests and answers")),
            NoticeTopic.TIMES: Word(_l("Times of meetings")),
            NoticeTopic.WORKSPACE: Word(_l("Workspaces")),
            NoticeTopic.FEEDBACK: Word(_l("Feedback and evaluation")),
            NoticeTopic.POOL: Word(_l("Mentor pools")),
            NoticeTopic.INCUBATOR: Word(_l("Work of the incubator")),
        },
        NoticeDelivery: {
            NoticeDelivery.AT_ONCE: Word(_l("At once")),
            NoticeDelivery.DAILY: Word(_l("Once a day")),
            NoticeDelivery.NONE: Word(_l("Not by mail")),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "daily_digest": NoticeWording(
            _l("Yinqiao today: %(count)s"),
            _l("What happened since yesterday and you have not read yet."),
        ),
    }
)

# By the kind of an entry. Tests stop where something is recorded of an incubator without words.
ACTS: Mapping[str, LazyString] = MappingProxyType(
    {
        "accepted_invitation": _l("Accepted an invitation"),
        "asked_for_second_factor": _l("Asked operators for a second factor"),
        "asked_for_no_second_factor": _l("Asked operators for a second factor no longer"),
        "began_acting": _l("Began to act for somebody"),
        "ended_acting": _l("Stopped acting for somebody"),
        "sent_invitation": _l("Sent an invitation"),
        "revoked_invitation": _l("Revoked an invitation"),
        "document_uploaded": _l("Uploaded a document"),
        "document_version_added": _l("Added a version of a document"),
        "document_edited": _l("Edited a document"),
        "document_deleted": _l("Deleted a document"),
        "document_downloaded": _l("Opened a document"),
        "document_shown": _l("Showed a document"),
        "document_share_withdrawn": _l("Showed a document no longer"),
        "document_reported": _l("Reported a document"),
        "document_report_set_aside": _l("Set a report aside"),
        "document_stopped": _l("Stopped a document"),
        "document_resumed": _l("Resumed a document"),
        "fact_stated": _l("Stated a fact"),
        "fact_confirmed": _l("Confirmed a fact"),
        "fact_withdrawn": _l("Withdrew a fact"),
        "import_previewed": _l("Previewed a table"),
        "import_row_corrected": _l("Corrected a row of a table"),
        "import_confirmed": _l("Confirmed an import"),
        "import_applied": _l("Imported a table"),
        "import_discarded": _l("Discarded a table"),
        "scheme_drafted": _l("Drafted a version of a voucher scheme"),
        "scheme_edited": _l("Edited a voucher scheme"),
        "scheme_discarded": _l("Discarded a draft of a voucher scheme"),
        "scheme_published": _l("Published a version of a voucher scheme"),
        "scheme_paused": _l("Let a voucher scheme wait for its next round"),
        "scheme_resumed": _l("Opened a voucher scheme again"),
        "scheme_closed": _l("Closed a voucher scheme"),
        "voucher_reserved": _l("Reserved a voucher"),
        "voucher_used": _l("Used a voucher"),
        "voucher_claimed": _l("Claimed a voucher"),
        "voucher_held": _l("Claimed a voucher that is held for a decision"),
        "voucher_allowed": _l("Let a held voucher go on"),
        "voucher_returned": _l("Returned a claim for a voucher"),
        "voucher_accepted": _l("Accepted a claim for a voucher"),
        "voucher_refused": _l("Refused a claim for a voucher"),
        "voucher_paid": _l("Paid a voucher"),
        "voucher_recovered": _l("Recovered the money of a voucher"),
        "voucher_released": _l("Gave a voucher back"),
        "voucher_lapsed": _l("A voucher lapsed"),
        "voucher_report_fell": _l("The report behind a voucher fell"),
        "incubator_founded": _l("Founded the incubator"),
        "incubator_edited": _l("Edited the incubator"),
        "request_rules_set": _l("Set the rules for requests"),
        "startup_invited": _l("Invited a startup"),
        "startup_created": _l("Created a startup"),
        "startup_edited": _l("Edited a startup"),
        "startup_published": _l("Published a startup"),
        "startup_paused": _l("Paused a startup"),
        "startup_resumed": _l("Resumed a startup"),
        "need_drafted": _l("Drafted a need"),
        "need_opened": _l("Opened a need"),
        "need_edited": _l("Edited a need"),
        "need_closed": _l("Closed a need"),
        "matches_found": _l("Looked for matches"),
        "matches_dismissed": _l("Dismissed matches"),
        "match_restored": _l("Restored a match"),
        "pool_invited": _l("Invited a mentor into the pool"),
        "pool_applied": _l("Applied to the pool"),
        "pool_admitted": _l("Admitted a mentor to the pool"),
        "pool_declined": _l("Declined a place in the pool"),
        "pool_paused": _l("Paused a mentor in the pool"),
        "pool_resumed": _l("Resumed a mentor in the pool"),
        "pool_retired": _l("Retired a mentor from the pool"),
        "engagement_requested": _l("Asked a provider"),
        "engagement_accepted": _l("Accepted a request"),
        "engagement_declined": _l("Declined a request"),
        "engagement_asked_back": _l("Asked back about a request"),
        "engagement_replied": _l("Replied to a question"),
        "engagement_withdrawn": _l("Withdrew a request"),
        "engagement_expired": _l("A request expired"),
        "engagement_cancelled": _l("Cancelled an engagement"),
        "engagement_completed": _l("Completed an engagement"),
        "session_proposed": _l("Proposed a time"),
        "session_confirmed": _l("Confirmed a time"),
        "session_moved": _l("Moved a session"),
        "session_booked": _l("Booked a free time"),
        "engagement_times_offered": _l("Offered times"),
        "engagement_offer_withdrawn": _l("Withdrew offered times"),
        "session_cancelled": _l("Cancelled a session"),
        "session_held": _l("Recorded a session as held"),
        "session_missed": _l("Recorded a session as missed"),
        "feedback_given": _l("Gave feedback"),
        "end_feedback_changed": _l("Changed feedback on an engagement"),
        "fit_told": _l("Said whether the two sides fit"),
        "evaluation_objected": _l("Objected to an evaluation"),
        "objection_answered": _l("Answered an objection"),
        "objection_withdrawn": _l("Withdrew an objection"),
        "message_sent": _l("Wrote to the other side"),
        "agenda_point_added": _l("Put a point on an agenda"),
        "agenda_point_removed": _l("Took a point off an agenda"),
        "minutes_written": _l("Wrote minutes"),
        "action_item_added": _l("Agreed on an action"),
        "action_item_finished": _l("Finished an action"),
        "action_item_dropped": _l("Dropped an action"),
        "action_item_reopened": _l("Took up an action again"),
        "pair_note_written": _l("Wrote a note for both sides"),
        "pair_note_removed": _l("Removed a note for both sides"),
        "workspace_opened_to_operators": _l("Let the operators read along"),
        "workspace_closed_to_operators": _l("Let the operators read along no longer"),
        "funding_asked": _l("Asked for funding"),
        "webhook_created": _l("Told another system"),
        "webhook_edited": _l("Changed what another system is told"),
        "webhook_paused": _l("Paused telling another system"),
        "webhook_resumed": _l("Resumed telling another system"),
        "webhook_removed": _l("Told another system no longer"),
        "webhook_tested": _l("Tried telling another system"),
        "webhook_replayed": _l("Told another system once more"),
        "webhook_secret_renewed": _l("Renewed the secret of another system"),
    }
)
