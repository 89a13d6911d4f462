"""The codes of how people get mail."""

from enum import StrEnum


class NoticeTopic(StrEnum):
    """What a notice is about, for choosing how its mail comes."""

    REQUESTS = "requests"
    TIMES = "times"
    WORKSPACE = "workspace"
    FEEDBACK = "feedback"
    POOL = "pool"
    INCUBATOR = "incubator"


class NoticeDelivery(StrEnum):
    """How the mail of a topic comes."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"
