"""The rules that hold for requests by the startups of an incubator."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from models.answers import ANSWER_HOURS, OPEN_REQUESTS, SILENCES, RequestRules
from models.missed_times import APPEAL_DAYS, LATE_CANCEL_HOURS, LATE_MOVE_HOURS, TimeRules
from models.queues import OFFER_HOURS, QueueRules


@dataclass(frozen=True, slots=True)
class Rules:
    """Working hours until a request expires, requests in a row without an answer until a provider
    is paused, and answers that a startup may wait for at the same time.

    Of times: hours before one from which on cancelling it, and moving it, is late (0: never), and
    days in which whoever is counted can appeal. `offer_hours` are working hours in which a place is
    kept for the first in a queue.
    """

    answer_hours: int = ANSWER_HOURS
    silences: int = SILENCES
    open_requests: int = OPEN_REQUESTS
    late_cancel_hours: int = LATE_CANCEL_HOURS
    late_move_hours: int = LATE_MOVE_HOURS
    appeal_days: int = APPEAL_DAYS
    offer_hours: int = OFFER_HOURS


def get_rules(session: Session, incubator_id: int | None) -> Rules:
    """The rules of this incubator; the defaults where it has set none, and for no incubator."""
    if incubator_id is None:
        return Rules()
    rules = Rules()
    if (asking := session.get(RequestRules, incubator_id)) is not None:
        rules = replace(
            rules,
            answer_hours=asking.answer_hours,
            silences=asking.silences,
            open_requests=asking.open_requests,
        )
    if (times := session.get(TimeRules, incubator_id)) is not None:
        rules = replace(
            rules,
            late_cancel_hours=times.late_cancel_hours,
            late_move_hours=times.late_move_hours,
            appeal_days=times.appeal_days,
        )
    if (queues := session.get(QueueRules, incubator_id)) is not None:
        rules = replace(rules, offer_hours=queues.offer_hours)
    return rules
