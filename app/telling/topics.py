"""What a kind of notice is about, so that people choose by topic how they get mail of it."""

from typing import Final

from models.notice_codes import NoticeTopic

DIGEST_KIND: Final = "daily_digest"

# By how a kind begins or ends, the first that fits; what fits none concerns the account itself,
# and always comes at once.
_ENDINGS: Final = (("feedback_wanted", NoticeTopic.FEEDBACK),)
_BEGINNINGS: Final = (
    ("session_", NoticeTopic.TIMES),
    ("talk_", NoticeTopic.TIMES),
    ("appointment_", NoticeTopic.TIMES),
    ("missed_time_appealed", NoticeTopic.INCUBATOR),
    ("missed_time_", NoticeTopic.TIMES),
    ("workspace_", NoticeTopic.WORKSPACE),
    ("minutes_", NoticeTopic.WORKSPACE),
    ("action_items_", NoticeTopic.WORKSPACE),
    ("operators_", NoticeTopic.WORKSPACE),
    ("end_feedback_", NoticeTopic.FEEDBACK),
    ("fit_", NoticeTopic.FEEDBACK),
    ("evaluation_", NoticeTopic.FEEDBACK),
    ("objection_", NoticeTopic.FEEDBACK),
    ("engagement_", NoticeTopic.REQUESTS),
    ("dual_mentoring_", NoticeTopic.REQUESTS),
    ("queue_", NoticeTopic.REQUESTS),
    ("deal_", NoticeTopic.REQUESTS),
    ("mandate_", NoticeTopic.REQUESTS),
    ("funds_", NoticeTopic.REQUESTS),
    ("proof_", NoticeTopic.REQUESTS),
    ("financing_", NoticeTopic.REQUESTS),
    ("commitment_", NoticeTopic.REQUESTS),
    ("room_", NoticeTopic.REQUESTS),
    ("order_", NoticeTopic.REQUESTS),
    ("voucher_", NoticeTopic.REQUESTS),
    ("paused_for_silence", NoticeTopic.REQUESTS),
    ("pool_", NoticeTopic.POOL),
    ("enquiry_to_answer", NoticeTopic.INCUBATOR),
    ("document_", NoticeTopic.INCUBATOR),
    ("webhook_", NoticeTopic.INCUBATOR),
)


def find_topic(kind: str) -> NoticeTopic | None:
    """What notices of `kind` are about; None for what concerns the account itself."""
    for ending, topic in _ENDINGS:
        if kind.endswith(ending):
            return topic
    for beginning, topic in _BEGINNINGS:
        if kind.startswith(beginning):
            return topic
    return None
