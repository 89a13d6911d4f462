"""Where else a person is named: in what others were told, in files that were imported, in records.

Names are looked for as whole values: they are often short, and part of other words.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, false, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.imports.columns import PERSON_NAME_COLUMNS
from app.privacy.blanking import ERASED
from app.privacy.queries import Holdings, has_address, is_unread_row
from models.audit import AuditEntry
from models.imports import ImportBatch, ImportRow
from models.notices import Notice, OutboxMail
from models.organisations import Incubator
from models.people import Invitation, Person

# The columns of imported files that say who a row is about.
_NAME_COLUMNS = frozenset({"name", *PERSON_NAME_COLUMNS.values()})


def remove_told(session: Session, holdings: Holdings, paths: Collection[str]) -> int:
    """Notices and mails to the person, and those that lead to `paths`, are gone; how many."""
    person_id = holdings.person.id if holdings.person else None
    removed = 0
    for table, to_them in (
        (Notice, [Notice.person_id == person_id]),
        (OutboxMail, [OutboxMail.person_id == person_id, OutboxMail.address == holdings.email]),
    ):
        removed += _delete(session, table, or_(table.path.in_(paths), *to_them))
    return removed


def replace_told(session: Session, words: Collection[str], email: str) -> int:
    """What others were told, and the record of acts, name nobody by `words`; how many rows did."""
    changed = 0
    for table, column in (
        (Notice, Notice.facts),
        (OutboxMail, OutboxMail.facts),
        (AuditEntry, AuditEntry.detail),
    ):
        for row in session.scalars(select(table).where(_mentions(column, {*words, email}))):
            facts = getattr(row, column.key)
            replaced = _replace(facts, words, email)
            if replaced != facts:
                setattr(row, column.key, replaced)
                changed += 1
    # Sent mails keep no calendar; one that waits still names both sides.
    for mail in session.scalars(select(OutboxMail).where(OutboxMail.calendar.is_not(None))):
        if any(word in (mail.calendar or "") for word in {*words, email}):
            mail.calendar = mail.calendar_method = None
            changed += 1
    session.flush()
    return changed


def remove_records(session: Session, holdings: Holdings, subjects: Sequence[str]) -> None:
    """The record keeps which acts there were, without what was said in those of the person or
    about `subjects`, the public ids of what goes."""
    person_id = holdings.person.id if holdings.person else None
    session.execute(
        update(AuditEntry)
        .where(
            or_(
                AuditEntry.actor_id == person_id,
                AuditEntry.on_behalf_of_id == person_id,
                AuditEntry.subject_public_id.in_(subjects),
            )
        )
        .values(detail={})
    )


def remove_imported(session: Session, holdings: Holdings, words: Collection[str]) -> int:
    """No row of an imported file is about the person or a profile that goes; how many were.

    A row without an address and a profile, because its address could not be read, is about
    whoever it names.
    """
    about_them = or_(
        ImportRow.email == holdings.email,
        ImportRow.provider_id.in_([each.id for each in holdings.providers]),
        ImportRow.startup_id.in_([each.id for each in holdings.startups]),
    )
    unread = session.scalars(
        select(ImportRow).where(
            is_unread_row(),
            or_(has_address(holdings.email), _mentions(ImportRow.cells, words)),
        )
    )
    named = [
        row.id
        for row in unread
        if any(holdings.email in cell.lower() for cell in row.cells.values())
        or any(row.cells.get(column) in words for column in _NAME_COLUMNS)
    ]
    return _delete(session, ImportRow, or_(about_them, ImportRow.id.in_(named)))


def remove_headers(session: Session, words: Collection[str], email: str) -> None:
    """No batch keeps a header that names the person: in a file without headers, its first row
    stood in their place."""
    named = _mentions(ImportBatch.unknown_columns, {*words, email})
    for batch in session.scalars(select(ImportBatch).where(named)):
        batch.unknown_columns = [
            header
            for header in batch.unknown_columns
            if header not in words and email not in header.lower()
        ]
    session.flush()


def remove_invitations(session: Session, holdings: Holdings) -> int:
    """No invitation went to the person's address; how many did."""
    return _delete(session, Invitation, Invitation.email == holdings.email)


def replace_names(session: Session, person: Person) -> None:
    """No incubator names `person` as its service officer, and no file is called by the name."""
    session.execute(
        update(Incubator)
        .where(Incubator.service_officer == person.name)
        .values(service_officer="", version=Incubator.version + 1)
    )
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.filename.contains(person.name, autoescape=True))
        .values(filename=ERASED, version=ImportBatch.version + 1)
    )


def _delete(
    session: Session,
    table: type[Notice] | type[OutboxMail] | type[ImportRow] | type[Invitation],
    condition: ColumnElement[bool],
) -> int:
    return len(session.scalars(delete(table).where(condition).returning(table.id)).all())


def _mentions(
    column: InstrumentedAttribute[Mapping[str, Any]] | InstrumentedAttribute[list[str]],
    words: Collection[str],
) -> ColumnElement[bool]:
    """Whether the stored JSON has one of `words` in it, as it is or escaped (RFC 8259, 7)."""
    stored = cast(column, Text)
    forms = {form for word in words for form in (word, json.dumps(word)[1:-1])}
    return or_(false(), *(stored.contains(form, autoescape=True) for form in sorted(forms)))


def _replace(facts: Mapping[str, str], words: Collection[str], email: str) -> dict[str, str]:
    return {
        key: ERASED if value in words or email in value else value for key, value in facts.items()
    }
