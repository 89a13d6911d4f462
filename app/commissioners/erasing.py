"""What an erasure does with commissioners: counts and amounts stay, nobody's name or words."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from app.commissioners.addresses import (
    COMMISSIONERS,
    address_of_care,
    address_of_case,
    address_of_commissioner,
    address_of_desk,
)
from app.commissioners.ending import close_open
from app.commissioners.holding import move_care, move_commissioner
from app.leaving import ERASED, Erasing, Leaving, Traces
from app.telling.notices import list_people_of, tell
from models.commissioner_states import CARE_STANDS, COMMISSIONER_STANDS
from models.commissioners import CaseNote, Commissioner, CompanyCare, FinanceCase


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The person's appointments, and the companies and cases of both sides."""
    commissioners = session.scalars(select(Commissioner).where(_is_theirs(leaving))).all()
    cares = session.scalars(select(CompanyCare).where(_is_of(leaving))).all()
    cases = session.scalars(
        select(FinanceCase).where(FinanceCase.care_id.in_([care.id for care in cares]))
    ).all()
    rows: list[Commissioner | CompanyCare | FinanceCase] = [*commissioners, *cares, *cases]
    return Traces(
        counts={"appointments as commissioner": len(commissioners), "finance cases": len(cases)},
        public_ids=[row.public_id for row in rows],
        paths=[
            *(address_of_commissioner(row) for row in commissioners),
            *(address_of_care(row) for row in cares),
            *(address_of_case(row) for row in cases),
        ],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """A startup that goes takes its cases along; of a commissioner who goes counts and amounts
    stay. Whatever else the person wrote is emptied. Gives what went."""
    words: list[str] = []
    # Known before the appointment loses whose it was.
    own = session.scalars(select(CompanyCare.id).where(_is_of(leaving))).all()
    session.execute(delete(CompanyCare).where(CompanyCare.startup_id.in_(leaving.startup_ids)))
    for row in session.scalars(select(Commissioner).where(_is_theirs(leaving))):
        words += _empty(row, "words", "end_words")
        if row.state in COMMISSIONER_STANDS:
            is_active = row.state == "active"
            move_commissioner(row, "end" if is_active else "withdraw", at=leaving.at)
            if is_active:
                _tell_who_stays(session, row, leaving)
        row.person_id, row.contact, row.institution, row.name = None, "", "", ERASED
    # What both sides said to each other goes with one of them, as between sides of engagements.
    for care in session.scalars(select(CompanyCare).where(CompanyCare.id.in_(own))):
        words += _empty(care, "words", "end_words")
        if care.state in CARE_STANDS:
            move_care(care, "end" if care.state == "active" else "withdraw", at=leaving.at)
            close_open(session, care, at=leaving.at)
    for case in session.scalars(select(FinanceCase).where(FinanceCase.care_id.in_(own))):
        words += _empty(case, "words", "end_words")
    for table in (Commissioner, CompanyCare, FinanceCase):
        for column, by in ((table.words, table.begun_by_id), (table.end_words, table.ended_by_id)):
            rows: Any = select(table).where(leaving.is_person(by), column != "")
            for row in session.scalars(rows):
                words += _empty(row, column.key)
    cases = select(FinanceCase.id).where(FinanceCase.care_id.in_(own))
    for note in session.scalars(
        select(CaseNote).where(
            or_(leaving.is_person(CaseNote.author_id), CaseNote.case_id.in_(cases))
        )
    ):
        words.append(note.words)
        session.delete(note)
    session.flush()
    return words


def _tell_who_stays(session: Session, commissioner: Commissioner, leaving: Leaving) -> None:
    """Operators, and the startups in that care; without a name."""
    told = {
        person: address_of_desk(commissioner.incubator)
        for person in list_people_of(session, incubator_id=commissioner.incubator_id)
    }
    for care in session.scalars(
        select(CompanyCare).where(
            CompanyCare.commissioner_id == commissioner.id, CompanyCare.state == "active"
        )
    ):
        for person in list_people_of(session, startup_id=care.startup_id):
            told.setdefault(person, COMMISSIONERS)
    for person, path in told.items():
        if leaving.person is None or person.id != leaving.person.id:
            tell(
                session, person=person, kind="commissioner_gone", facts={}, path=path, at=leaving.at
            )


def _empty(row: Any, *names: str) -> list[str]:
    found = [getattr(row, name) for name in names if getattr(row, name)]
    for name in names:
        setattr(row, name, "")
    return found


def _is_theirs(leaving: Leaving) -> ColumnElement[bool]:
    return or_(leaving.is_person(Commissioner.person_id), Commissioner.contact == leaving.email)


def _is_of(leaving: Leaving) -> ColumnElement[bool]:
    theirs = select(Commissioner.id).where(_is_theirs(leaving))
    return or_(
        CompanyCare.startup_id.in_(leaving.startup_ids), CompanyCare.commissioner_id.in_(theirs)
    )


ERASING = Erasing(find_traces, erase_traces)
