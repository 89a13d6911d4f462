"""The rules that hold for requests by the startups of an incubator."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.answers import ANSWER_HOURS, OPEN_REQUESTS, SILENCES, RequestRules


@dataclass(frozen=True, slots=True)
class Rules:
    """Working hours until a request expires, requests in a row without an answer until a provider
    is paused, and answers that a startup may wait for at the same time."""

    answer_hours: int = ANSWER_HOURS
    silences: int = SILENCES
    open_requests: int = OPEN_REQUESTS


def get_rules(session: Session, incubator_id: int | None) -> Rules:
    """The rules of this incubator; the defaults where it has set none, and for no incubator."""
    row = session.get(RequestRules, incubator_id) if incubator_id is not None else None
    return Rules(row.answer_hours, row.silences, row.open_requests) if row else Rules()
