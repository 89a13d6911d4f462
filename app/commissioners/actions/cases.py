"""Cases: what a company needs, what came of it, and what was noted on the way."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.commissioners.errors import CareOver, CaseUnfit
from app.commissioners.holding import hold_care, hold_case, move_case
from app.commissioners.trace import leave_mark, tell_carer, tell_startup
from app.commissioners.values import CASES_A_DAY, NOTES_A_DAY, CaseValues, is_possible_amount
from app.transactions import limit_a_day
from models.commissioner_codes import CaseClosure
from models.commissioners import CaseNote, CompanyCare, FinanceCase
from models.product_codes import ProductKind


def open_case(
    session: Session, *, care: CompanyCare, values: CaseValues, actor: Actor, at: datetime
) -> FinanceCase:
    """One of the two sides says what the company needs.

    Raises NotPermitted, CareOver, CaseUnfit, TooOften.
    """
    require(actor, "case:open", care)
    hold_care(session, care)
    if care.state != "active":
        raise CareOver
    product = values.product
    if not is_possible_amount(values.amount_yuan) or (
        product is not None and product.incubator_id != care.commissioner.incubator_id
    ):
        raise CaseUnfit
    limit_a_day(
        session,
        FinanceCase.created_at,
        FinanceCase.care_id == care.id,
        most=CASES_A_DAY,
        at=at,
    )
    case = FinanceCase(
        care=care,
        state="open",
        kind=values.kind,
        amount_yuan=values.amount_yuan,
        product=product,
        words=values.words,
        begun_by_id=actor.person_id,
        created_at=at,
        changed_at=at,
    )
    session.add(case)
    leave_mark(session, case, "case_opened", actor=actor, at=at)
    _tell_other(session, case, "case_opened", actor=actor, at=at)
    return case


def begin_case(session: Session, *, case: FinanceCase, actor: Actor, at: datetime) -> None:
    """The commissioner has taken it up. Raises NotPermitted, CareOver, ActionNotAllowed."""
    require(actor, "case:work", case)
    hold_case(session, case)
    move_case(case, "begin", at=at)
    leave_mark(session, case, "case_begun", actor=actor, at=at)
    _tell_other(session, case, "case_begun", actor=actor, at=at)


def finish_case(
    session: Session,
    *,
    case: FinanceCase,
    kind: ProductKind,
    obtained_yuan: int,
    words: str,
    actor: Actor,
    at: datetime,
) -> None:
    """The company has got `obtained_yuan` in the form `kind`.

    Raises NotPermitted, CareOver, ActionNotAllowed, CaseUnfit.
    """
    require(actor, "case:work", case)
    if not is_possible_amount(obtained_yuan):
        raise CaseUnfit
    hold_case(session, case)
    move_case(case, "finish", at=at)
    case.obtained_kind = kind
    case.obtained_yuan = obtained_yuan
    case.end_words = words
    case.ended_by_id = actor.person_id
    leave_mark(session, case, "case_done", actor=actor, at=at)
    _tell_other(session, case, "case_done", actor=actor, at=at)


def close_case(
    session: Session,
    *,
    case: FinanceCase,
    closure: CaseClosure,
    words: str,
    actor: Actor,
    at: datetime,
) -> None:
    """It came to nothing, for the reason `closure`.

    Raises NotPermitted, CareOver, ActionNotAllowed.
    """
    require(actor, "case:close", case)
    hold_case(session, case)
    move_case(case, "close", at=at)
    case.closure = closure
    case.end_words = words
    case.ended_by_id = actor.person_id
    leave_mark(session, case, "case_closed", actor=actor, at=at)
    _tell_other(session, case, "case_closed", actor=actor, at=at)


def note_case(
    session: Session, *, case: FinanceCase, words: str, actor: Actor, at: datetime
) -> CaseNote:
    """One of the two sides writes something down. Raises NotPermitted, CareOver, CaseUnfit,
    TooOften.
    """
    require(actor, "case:note", case)
    if not words.strip():
        raise CaseUnfit
    hold_case(session, case)
    limit_a_day(session, CaseNote.written_at, CaseNote.case_id == case.id, most=NOTES_A_DAY, at=at)
    note = CaseNote(case_id=case.id, author_id=actor.person_id, words=words, written_at=at)
    case.notes.append(note)
    leave_mark(session, case, "case_noted", actor=actor, at=at)
    _tell_other(session, case, "case_noted", actor=actor, at=at)
    return note


def _tell_other(
    session: Session, case: FinanceCase, kind: str, *, actor: Actor, at: datetime
) -> None:
    is_theirs = case.care.commissioner.person_id == actor.person_id
    told = tell_startup if is_theirs else tell_carer
    told(session, case.care, kind, at=at, case=case, but=actor)
