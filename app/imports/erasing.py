"""What an erasure does with imported files: no row, header or name of a file is about the person.

Names are looked for as whole values: they are often short, and part of other words.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from app.imports.columns import PERSON_NAME_COLUMNS
from app.imports.queries import has_address, is_unread_row
from app.leaving import ERASED, Erasing, Leaving, Traces, mentions_one_of
from models.imports import ImportBatch, ImportRow

# The columns of imported files that say who a row is about.
_NAME_COLUMNS = frozenset({"name", *PERSON_NAME_COLUMNS.values()})


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """How many rows are about the person or a profile that goes."""
    rows = session.scalars(select(ImportRow.id).where(_is_about(session, leaving))).all()
    return Traces(counts={"import rows": len(rows)})


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """The rows are gone; headers and names of files that name the person are replaced."""
    session.execute(delete(ImportRow).where(_is_about(session, leaving)))
    _remove_quotes(session, leaving.names, leaving.email)
    if leaving.person is not None:
        named = ImportBatch.filename.contains(leaving.person.name, autoescape=True)
        session.execute(
            update(ImportBatch)
            .where(named)
            .values(filename=ERASED, version=ImportBatch.version + 1)
        )
    return ()


def _is_about(session: Session, leaving: Leaving) -> ColumnElement[bool]:
    """Whether a row is about the person or a profile that goes.

    A row without an address and a profile, because its address could not be read, is about whoever
    it names.
    """
    unread = session.scalars(
        select(ImportRow).where(
            is_unread_row(),
            or_(has_address(leaving.email), mentions_one_of(ImportRow.cells, leaving.names)),
        )
    )
    named = [
        row.id
        for row in unread
        if any(leaving.email in cell.lower() for cell in row.cells.values())
        or any(row.cells.get(column) in leaving.names for column in _NAME_COLUMNS)
    ]
    return or_(
        ImportRow.email == leaving.email,
        ImportRow.provider_id.in_(leaving.provider_ids),
        ImportRow.startup_id.in_(leaving.startup_ids),
        ImportRow.id.in_(named),
    )


def _remove_quotes(session: Session, names: Collection[str], email: str) -> None:
    """In a file without headers, its first row stood in their place; notes quote the file."""
    words = {*names, email}
    named = or_(
        mentions_one_of(ImportBatch.unknown_columns, words),
        mentions_one_of(ImportBatch.notes, words),
    )
    for batch in session.scalars(select(ImportBatch).where(named)):
        batch.unknown_columns = [
            header
            for header in batch.unknown_columns
            if header not in names and email not in header.lower()
        ]
        batch.notes = [
            note
            for note in batch.notes
            if not any(word in str(said) for said in note.values() for word in words)
        ]
    session.flush()


ERASING = Erasing(find_traces, erase_traces)
