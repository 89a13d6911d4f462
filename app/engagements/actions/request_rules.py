"""An operator sets the rules for requests by the startups of an incubator."""

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
from models.organisations import Incubator


def set_rules(
    session: Session, *, incubator: Incubator, rules: Rules, actor: Actor, at: datetime
) -> None:
    """`rules` hold for what is asked from now on. Raises NotFound, NotPermitted, RuleOutOfRange."""
    require(actor, "incubator:edit", incubator)
    for value, (low, high) in (
        (rules.answer_hours, ANSWER_HOURS_RANGE),
        (rules.silences, SILENCES_RANGE),
        (rules.open_requests, OPEN_REQUESTS_RANGE),
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
        },
    )
