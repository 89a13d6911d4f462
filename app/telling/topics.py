"""What a kind of notice is about, so that people choose by topic how they get mail of it."""

from typing import Final

from models.notice_codes import NoticeTopic

DIGEST_KIND: Final = "daily_digest"

# What always comes at once: it concerns the account itself, who may act for whom and what is known
# of a person, or is the mail of the day.
AT_ONCE_KINDS: Final = frozenset(
    {
        "address_change_begun",
        "address_changed",
        "address_confirmation",
        "address_left",
        "already_registered",
        "consents_lapsed",
        DIGEST_KIND,
        "invitation_accepted",
        "invitation_sent",
        "passkey_added",
        "passkey_doubled",
        "passkey_removed",
        "password_changed",
        "password_reset",
        "privacy_notice_changed",
        "provider_linked",
        "provider_unlinked",
        "recovery_code_used",
        "recovery_codes_renewed",
        "registration_begun",
        "second_factor_added",
        "second_factor_asked",
        "second_factor_device_removed",
        "second_factor_removed",
        "second_factor_taken_back",
        "token_made",
    }
)

# By how a kind of the rest begins or ends, the first that fits.
_ENDINGS: Final = (("feedback_wanted", NoticeTopic.FEEDBACK),)
_BEGINNINGS: Final = (
    ("session_", NoticeTopic.TIMES),
    ("talk_", NoticeTopic.TIMES),
    ("appointment_", NoticeTopic.TIMES),
    ("missed_time_appealed", NoticeTopic.INCUBATOR),
    ("missed_time_", NoticeTopic.TIMES),
    ("record_to_decide", NoticeTopic.INCUBATOR),
    ("record_", NoticeTopic.TIMES),
    ("slot_", NoticeTopic.TIMES),
    ("times_", NoticeTopic.TIMES),
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
    ("arrangement_", NoticeTopic.REQUESTS),
    ("tranche_", NoticeTopic.REQUESTS),
    ("fact_", NoticeTopic.REQUESTS),
    ("gate_", NoticeTopic.REQUESTS),
    ("released_proof_", NoticeTopic.REQUESTS),
    ("quote_", NoticeTopic.REQUESTS),
    ("order_", NoticeTopic.REQUESTS),
    ("sample_", NoticeTopic.REQUESTS),
    ("work_begun", NoticeTopic.REQUESTS),
    ("result_", NoticeTopic.REQUESTS),
    ("report_", NoticeTopic.REQUESTS),
    ("retest_", NoticeTopic.REQUESTS),
    ("voucher_", NoticeTopic.REQUESTS),
    ("commissioner_", NoticeTopic.REQUESTS),
    ("care_", NoticeTopic.REQUESTS),
    ("case_", NoticeTopic.REQUESTS),
    ("paused_for_silence", NoticeTopic.REQUESTS),
    ("pool_", NoticeTopic.POOL),
    ("enquiry_to_", NoticeTopic.INCUBATOR),
    ("enquiry_", NoticeTopic.REQUESTS),
    ("product_", NoticeTopic.INCUBATOR),
    ("document_", NoticeTopic.INCUBATOR),
    ("webhook_", NoticeTopic.INCUBATOR),
)


def find_topic(kind: str) -> NoticeTopic | None:
    """What notices of `kind` are about; None for `AT_ONCE_KINDS`, which nobody can put off."""
    if kind in AT_ONCE_KINDS:
        return None
    for ending, topic in _ENDINGS:
        if kind.endswith(ending):
            return topic
    for beginning, topic in _BEGINNINGS:
        if kind.startswith(beginning):
            return topic
    return None
