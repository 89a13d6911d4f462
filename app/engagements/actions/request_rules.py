"""An operator sets the rules for requests by the startups of an incubator, and for their times."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.engagements.errors import RuleOutOfRange
from app.engagements.queries.request_rules import Rules
from models.answers import (
    ANSWER_HOURS_RANGE,
    OPEN_REQUESTS_RANGE,
    SILENCES_RANGE,
    RequestRules,
)
from models.missed_times import APPEAL_DAYS_RANGE, LATE_HOURS_RANGE, TimeRules
from models.organisations import Incubator
from models.queues import OFFER_HOURS_RANGE, QueueRules


def set_rules(
    session: Session, *, incubator: Incubator, rules: Rules, actor: Actor, at: datetime
) -> None:
    """`rules` hold for what is asked, moved, cancelled and appealed from now on.

    Raises NotFound, NotPermitted, RuleOutOfRange.
    """
    require(actor, "incubator:edit", incubator)
    for value, (low, high) in (
        (rules.answer_hours, ANSWER_HOURS_RANGE),
        (rules.silences, SILENCES_RANGE),
        (rules.open_requests, OPEN_REQUESTS_RANGE),
        (rules.late_cancel_hours, LATE_HOURS_RANGE),
        (rules.late_move_hours, LATE_HOURS_RANGE),
        (rules.appeal_days, APPEAL_DAYS_RANGE),
        (rules.offer_hours, OFFER_HOURS_RANGE),
    ):
        if not low <= value <= high:
            raise RuleOutOfRange
    row = session.get(RequestRules, incubator.id)
    if row is None:
        row = RequestRules(incubator_id=incubator.id)
        session.add(row)
    row.answer_hours = rules.answer_hours
    row.silences = rules.silences
    row.open_requests = rules.open_requests
    row.updated_at = at
    times = session.get(TimeRules, incubator.id)
    if times is None:
        times = TimeRules(incubator_id=incubator.id)
        session.add(times)
    times.late_cancel_hours = rules.late_cancel_hours
    times.late_move_hours = rules.late_move_hours
    times.appeal_days = rules.appeal_days
    times.updated_at = at
    queues = session.get(QueueRules, incubator.id)
    if queues is None:
        queues = QueueRules(incubator_id=incubator.id)
        session.add(queues)
    queues.offer_hours = rules.offer_hours
    queues.updated_at = at
    session.flush()
    record(
        session,
        actor=actor,
        kind="request_rules_set",
        subject=incubator,
        at=at,
        incubator_id=incubator.id,
        detail={
            "answer_hours": str(rules.answer_hours),
            "silences": str(rules.silences),
            "open_requests": str(rules.open_requests),
            "late_cancel_hours": str(rules.late_cancel_hours),
            "late_move_hours": str(rules.late_move_hours),
            "appeal_days": str(rules.appeal_days),
            "offer_hours": str(rules.offer_hours),
        },
    )
