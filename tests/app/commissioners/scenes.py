"""Commissioners of an incubator, companies in their care, and cases."""

from typing import Any

from sqlalchemy.orm import Session

from app.commissioners.values import CaseValues, CommissionerValues
from models.commissioner_codes import CaseClosure, CommissionerKind
from models.commissioner_states import CASE_RUNS
from models.commissioners import CaseNote, Commissioner, CompanyCare, FinanceCase
from models.organisations import Incubator, Startup
from models.people import Person
from models.product_codes import ProductKind
from tests.factories import AT

VALUES = CommissionerValues(kind=CommissionerKind.BANK, institution="Bank (example)")
CASE = CaseValues(kind=ProductKind.BANK_LOAN, amount_yuan=2_000_000, words="Stock for a year")


def make_commissioner(
    session: Session, incubator: Incubator, person: Person, state: str = "active", **values: Any
) -> Commissioner:
    """As the database alone has it."""
    said = {
        "kind": CommissionerKind.BANK,
        "institution": "Bank (example)",
        "answered_at": None if state in ("offered", "applied") else AT,
    } | values
    commissioner = Commissioner(
        incubator=incubator,
        person=person,
        state=state,
        name=person.name,
        contact=person.email,
        created_at=AT,
        updated_at=AT,
        **said,
    )
    session.add(commissioner)
    session.flush()
    return commissioner


def make_care(
    session: Session, commissioner: Commissioner, startup: Startup, state: str = "active"
) -> CompanyCare:
    """As the database alone has it."""
    care = CompanyCare(
        commissioner=commissioner,
        startup=startup,
        state=state,
        words="Please look at our plan",
        created_at=AT,
        updated_at=AT,
        consented_at=None if state == "assigned" else AT,
        answered_at=AT if state == "active" else None,
    )
    session.add(care)
    session.flush()
    return care


def make_case(
    session: Session, care: CompanyCare, state: str = "in_progress", **values: Any
) -> FinanceCase:
    """As the database alone has it, with a note."""
    said: dict[str, Any] = {"kind": ProductKind.BANK_LOAN, "changed_at": AT}
    if state == "done":
        said |= {"obtained_kind": ProductKind.BANK_LOAN, "obtained_yuan": 1_000_000}
    elif state == "closed":
        said |= {"closure": CaseClosure.TOO_DEAR}
    case = FinanceCase(
        care=care,
        state=state,
        words="Stock for a year",
        created_at=AT,
        ended_at=None if state in CASE_RUNS else AT,
        notes=[CaseNote(words="Met the accountant", written_at=AT)],
        **(said | values),
    )
    session.add(case)
    session.flush()
    return case
