"""What an action reads afresh before it decides, so that of two at once one finds it changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.commissioners.errors import AnswerTooLate, CareOver
from app.commissioners.values import is_too_late
from app.transactions import hold, lock
from models.commissioner_states import COMMISSIONER, COMPANY_CARE, FINANCE_CASE
from models.commissioners import Commissioner, CompanyCare, FinanceCase


def hold_commissioner(session: Session, commissioner: Commissioner) -> None:
    """Its incubator is held first, whose commissioners are counted. Raises NotFound."""
    hold(session, commissioner.incubator)
    lock(session, commissioner)


def hold_care(session: Session, care: CompanyCare) -> None:
    """Its commissioner is held first, whose companies are counted. Raises NotFound."""
    hold(session, care.commissioner)
    lock(session, care.commissioner)
    lock(session, care)


def hold_case(session: Session, case: FinanceCase) -> None:
    """Its care is held first, and active. Raises NotFound, CareOver."""
    hold_care(session, case.care)
    if case.care.state != "active":
        raise CareOver
    lock(session, case)


def require_in_time(row: Commissioner | CompanyCare, at: datetime) -> None:
    """Raises AnswerTooLate where the last day for an answer is over; the clock says so later."""
    if is_too_late(row, at):
        raise AnswerTooLate


def move_commissioner(commissioner: Commissioner, action: str, *, at: datetime) -> None:
    """It follows `action`. Raises ActionNotAllowed."""
    commissioner.state = COMMISSIONER.follow(action, commissioner.state)
    commissioner.updated_at = at
    if commissioner.state == "active":
        commissioner.answered_at = at
    elif COMMISSIONER.is_final(commissioner.state):
        commissioner.ended_at = at


def move_care(care: CompanyCare, action: str, *, at: datetime) -> None:
    """It follows `action`. Raises ActionNotAllowed."""
    care.state = COMPANY_CARE.follow(action, care.state)
    care.updated_at = at
    if care.state == "active":
        care.answered_at = at
    elif COMPANY_CARE.is_final(care.state):
        care.ended_at = at


def move_case(case: FinanceCase, action: str, *, at: datetime) -> None:
    """It follows `action`. Raises ActionNotAllowed."""
    case.state = FINANCE_CASE.follow(action, case.state)
    case.changed_at = at
    if FINANCE_CASE.is_final(case.state):
        case.ended_at = at


def count_active(session: Session, table: type[Any], **owner: Any) -> int:
    """How many rows of `table` are active with these values."""
    query = select(func.count()).select_from(table).where(table.state == "active")
    return session.scalar(query.filter_by(**owner)) or 0
